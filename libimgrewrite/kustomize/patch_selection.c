#include "kustomize/patch_selection.h"
#include "base/str.h"
#include "kubernetes/names.h"
#include "kubernetes/resource.h"
#include "kustomize/name_pattern.h"

enum imgrw_status
irw_target_word_match(imgrw_str word, imgrw_str name,
                      enum irw_selection *selection, struct imgrw_error *error)
{
    struct irw_name_pattern pattern;
    bool matches = false;
    enum imgrw_status status;

    *selection = IRW_SELECTION_YES;
    if (word.size == 0 || irw_equal(word, name))
        return IMGRW_OK;
    *selection = IRW_SELECTION_NO;
    if (!irw_is_selector_pattern(word))
        return IMGRW_OK;
    status = irw_name_pattern_read(word, &pattern, error);
    if (status != IMGRW_OK)
        return status;
    if (pattern.kind != IRW_NAME_STRANGE)
        status = irw_name_pattern_match(&pattern, name, &matches, error);
    *selection = pattern.kind == IRW_NAME_STRANGE ? IRW_SELECTION_MAYBE
                 : matches                        ? IRW_SELECTION_YES
                                                  : IRW_SELECTION_NO;
    irw_name_pattern_clear(&pattern);
    return status;
}

static enum irw_selection
least(enum irw_selection one, enum irw_selection other)
{
    return one < other ? one : other;
}

static enum irw_selection
most(enum irw_selection one, enum irw_selection other)
{
    return one > other ? one : other;
}

/* The namespace that kustomize takes a resource to be in. */
static imgrw_str
effective(imgrw_str name_space)
{
    return name_space.size > 0 ? name_space : IRW_STR("default");
}

/* Sets whether any of the names of a resource is meant. */
static enum imgrw_status
match_ids(const struct irw_kustomization_path *patch,
          const struct irw_patched_head *resource,
          enum irw_selection *selection, struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    *selection = resource->is_renamed ? IRW_SELECTION_MAYBE : IRW_SELECTION_NO;
    for (const struct irw_built_id *id = resource->ids;
         id && status == IMGRW_OK; id = id->before) {
        enum irw_selection name, name_space = IRW_SELECTION_NO;

        status = irw_target_word_match(patch->name, id->name, &name, error);
        if (status == IMGRW_OK)
            status = irw_target_word_match(patch->name_space,
                                           effective(id->name_space),
                                           &name_space, error);
        if (status == IMGRW_OK)
            *selection = most(*selection, least(name, name_space));
    }
    return status;
}

/* Whether a selector selects what has these labels, or annotations. */
static enum irw_selection
match_labels(struct irw_value_work *work, imgrw_str selector, const char *key,
             const struct irw_patched_head *resource)
{
    const struct irw_value *labels =
        irw_value_find(work, resource->value, IRW_STR("metadata"));
    enum irw_selection found;

    if (selector.size == 0)
        return IRW_SELECTION_YES;
    if (labels)
        labels = irw_value_find(work, labels, irw_str(key));
    found = irw_labels_match(work, selector, labels);
    return resource->is_labelled && found == IRW_SELECTION_NO
               ? IRW_SELECTION_MAYBE
               : found;
}

enum imgrw_status
irw_patch_selection_find(struct irw_value_work *work,
                         const struct irw_kustomization_path *patch,
                         const struct irw_patched_head *resource,
                         enum irw_selection *selection,
                         struct imgrw_error *error)
{
    const struct {
        imgrw_str word, name;
    } words[] = {
        {patch->target.kind, resource->kind},
        {patch->kind_pattern, resource->kind},
        {patch->target.group, irw_resource_group(resource->api_version)},
        {patch->target.version, irw_path_name(resource->api_version)},
    };
    enum imgrw_status status = match_ids(patch, resource, selection, error);

    for (size_t i = 0;
         i < sizeof(words) / sizeof(*words) && status == IMGRW_OK; i++) {
        enum irw_selection one;

        status =
            irw_target_word_match(words[i].word, words[i].name, &one, error);
        if (status == IMGRW_OK)
            *selection = least(*selection, one);
    }
    if (status == IMGRW_OK)
        *selection =
            least(*selection,
                  least(match_labels(work, patch->labels, "labels", resource),
                        match_labels(work, patch->annotations, "annotations",
                                     resource)));
    return status;
}

enum irw_selection
irw_patch_selection_by_head(const struct irw_patched_head *patch,
                            const struct irw_patched_head *resource)
{
    if (!irw_equal(patch->kind, resource->kind) ||
        !irw_equal(irw_resource_group(patch->api_version),
                   irw_resource_group(resource->api_version)))
        return IRW_SELECTION_NO;
    for (const struct irw_built_id *id = resource->ids; id; id = id->before)
        if (irw_equal(id->name, patch->ids->name) &&
            irw_equal(effective(id->name_space),
                      effective(patch->ids->name_space)))
            return IRW_SELECTION_YES;
    return resource->is_renamed ? IRW_SELECTION_MAYBE : IRW_SELECTION_NO;
}
