#include "kustomize/built_resources.h"
#include "base/error.h"
#include "base/str.h"
#include "kustomize/value_patch.h"

#include <stdlib.h>

#define MOST_BUILDS 100000 /* a build may be in others again and again */

/* The resources from number `first` on, those of one build, and a patch. */
struct patching {
    struct irw_built_resources *built;
    const struct irw_kustomization_path *path;
    size_t file; /* that the patch is in, where it is no file */
    size_t first;
    struct imgrw_error *error;
};

/* What selectors look at. */
static struct irw_patched_head
head_of(const struct irw_built *resource)
{
    return (struct irw_patched_head){
        .api_version = resource->from->api_version,
        .kind = resource->from->kind,
        .ids = resource->ids,
        .value = resource->before,
        .is_renamed = resource->is_renamed,
        .is_labelled = resource->is_labelled,
    };
}

/* Gives a resource a name, in place of the one before. */
static void
add_id(struct irw_value_work *work, struct irw_built *resource, imgrw_str name,
       imgrw_str name_space)
{
    struct irw_built_id *made = irw_arena_alloc(work->arena, sizeof(*made));

    work->failed |= !made;
    if (!made)
        return;
    *made = (struct irw_built_id){name, name_space, resource->ids};
    resource->ids = made;
}

/* Keeps a scalar of a resource as it is. */
static void
keep(struct irw_value_work *work, struct irw_value *value, const char *key,
     imgrw_str text)
{
    struct irw_value *found = irw_value_find(work, value, irw_str(key));

    if (found)
        found->text = text;
}

/* Keeps of the head of a resource what a patch that is merged must not change.
 */
static void
keep_head(const struct patching *patching, const struct irw_built *resource,
          struct irw_value *value)
{
    struct irw_value_work *work = &patching->built->work;
    struct irw_value *metadata =
        irw_value_find(work, value, IRW_STR("metadata"));

    if (!patching->path->changes_kind) {
        keep(work, value, "kind", resource->from->kind);
        keep(work, value, "apiVersion", resource->from->api_version);
    }
    if (!patching->path->changes_name && metadata)
        keep(work, metadata, "name", resource->ids->name);
}

/* Applies a patch to what a resource is, or will be: to copies by then. */
static enum irw_patching
apply_to(const struct patching *patching, const struct irw_built *resource,
         const struct irw_value *patch, struct irw_value *value)
{
    enum irw_patching done;

    if (!value || !patch)
        return IRW_PATCHING_UNKNOWN;
    done = irw_value_patch(&patching->built->work, value, patch);
    if (patch->type != IRW_VALUE_MAPPING)
        return done;
    keep_head(patching, resource, value);
    return patching->built->has_schema ? IRW_PATCHING_UNKNOWN : done;
}

/* Copies a resource before the first patch changes it. */
static void
make_own(struct irw_value_work *work, struct irw_built *resource)
{
    if (resource->is_patched)
        return;
    resource->is_patched = true;
    resource->before = irw_value_copy(work, resource->before, false);
    if (resource->after)
        resource->after = irw_value_copy(work, resource->after, false);
}

/* Takes the name that a resource has now, if that is another one. */
static void
take_name(struct irw_value_work *work, struct irw_built *resource)
{
    const struct irw_value *metadata =
        irw_value_find(work, resource->before, IRW_STR("metadata"));
    const struct irw_value *name =
        metadata ? irw_value_find(work, metadata, IRW_STR("name")) : NULL;

    if (name && !irw_equal(name->text, resource->ids->name))
        add_id(work, resource, name->text, resource->ids->name_space);
}

/* Whether a patch may have parts of images, by the words in its keys, and in
 * the pointers of its operations. */
static bool
may_have_parts(const struct irw_value *value)
{
    static const char *const words[] = {
        "image", "Image", "registry", "Registry", "repository", "Repository",
        "tag",   "Tag",   "digest",   "Digest",   "hub",        NULL};

    for (size_t i = 0; words[i]; i++)
        if (irw_contains(value->key, words[i]) ||
            (value->text.size > 0 && value->text.data[0] == '/' &&
             irw_contains(value->text, words[i])))
            return true;
    for (const struct irw_value *child = value->first; child;
         child = child->next)
        if (may_have_parts(child))
            return true;
    return false;
}

/* Applies a patch to a resource. */
static void
apply(const struct patching *patching, const struct irw_value_pair *patch,
      struct irw_built *resource, bool sure)
{
    struct irw_value_work *work = &patching->built->work;
    enum irw_patching before, after;

    make_own(work, resource);
    if (!resource->before)
        return;
    before = apply_to(patching, resource, patch->before, resource->before);
    after = apply_to(patching, resource, patch->after, resource->after);
    take_name(work, resource);
    resource->patch = patching->path->at;
    resource->patch_file = patching->file;
    resource->is_gone |= before == IRW_PATCHING_GONE ||
                         (before == IRW_PATCHING_FAILED && !sure);
    if (before == IRW_PATCHING_DONE && after == IRW_PATCHING_DONE)
        return;
    resource->fails |=
        before == IRW_PATCHING_DONE && after == IRW_PATCHING_FAILED;
    resource->is_unknown = true;
    resource->may_have_parts |= patch->before && may_have_parts(patch->before);
}

/* Sets whether a patch is for a resource. */
static enum imgrw_status
find_selection(const struct patching *patching,
               const struct irw_value_pair *patch,
               const struct irw_built *resource, enum irw_selection *selection)
{
    const struct irw_patched_head head = head_of(resource);
    const struct irw_built_id id = {patch->name, patch->name_space, NULL};
    const struct irw_patched_head own = {
        .api_version = patch->api_version, .kind = patch->kind, .ids = &id};

    if (patching->path->has_target)
        return irw_patch_selection_find(&patching->built->work, patching->path,
                                        &head, selection, patching->error);
    *selection = irw_patch_selection_by_head(&own, &head);
    return IMGRW_OK;
}

/* Whether a patch that may be for a resource is applied, as the caller has
 * chosen. */
static bool
is_chosen(struct irw_built_resources *built, struct irw_built *resource)
{
    unsigned number = resource->unsure++;

    if (resource->unsure > built->unsure)
        built->unsure = resource->unsure;
    if (number < IRW_MOST_UNSURE)
        return built->choices >> number & 1;
    resource->is_unknown = resource->may_have_parts = true;
    return false;
}

/* Applies a patch to the resources that it is for. */
static enum imgrw_status
apply_all(const struct patching *patching, const struct irw_value_pair *patch)
{
    struct irw_built_resources *built = patching->built;
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = patching->first;
         i < built->list.count && status == IMGRW_OK; i++) {
        struct irw_built *resource = &built->list.items[i];
        enum irw_selection selection;

        if (!resource->before || resource->is_gone)
            continue;
        status = find_selection(patching, patch, resource, &selection);
        if (status == IMGRW_OK &&
            (selection == IRW_SELECTION_YES ||
             (selection == IRW_SELECTION_MAYBE &&
              is_chosen(built, resource))))
            apply(patching, patch, resource, selection == IRW_SELECTION_YES);
    }
    return status == IMGRW_OK
               ? irw_value_work_end(&built->work, patching->error)
               : status;
}

/* Applies the patches of a build that have a role. */
static enum imgrw_status
apply_patches(struct irw_built_resources *built, const struct irw_build *build,
              size_t first, enum irw_path_role role)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < build->steps.count && status == IMGRW_OK; i++) {
        const struct irw_build_step *step = &build->steps.items[i];
        const struct patching patching = {
            .built = built,
            .path = &build->before.paths.items[step->path],
            .file = role == IRW_PATH_PATCH ? build->file : step->index,
            .first = first,
            .error = built->texts->error,
        };
        const irw_value_pair_list *patches;

        if (step->role != role)
            continue;
        status = irw_value_texts_patch(built->texts, build, i, &patches);
        for (size_t k = 0; status == IMGRW_OK && k < patches->count; k++)
            status = apply_all(&patching, &patches->items[k]);
    }
    return status;
}

static enum imgrw_status
add_file(struct irw_built_resources *built, size_t file)
{
    const irw_value_pair_list *pairs;
    enum imgrw_status status = irw_value_texts_file(built->texts, file, &pairs);

    for (size_t i = 0; status == IMGRW_OK && i < pairs->count; i++) {
        const struct irw_value_pair *pair = &pairs->items[i];
        struct irw_built made = {
            .from = pair,
            .before = pair->before,
            .after = pair->after,
        };

        if (!pair->before)
            continue;
        add_id(&built->work, &made, pair->name, pair->name_space);
        if (!irw_value_take(&built->work, 1) || built->work.failed)
            return irw_value_work_end(&built->work, built->texts->error);
        if (!IRW_APPEND(&built->list, made))
            status = irw_fail_memory(built->texts->error);
    }
    return status;
}

static enum imgrw_status make(struct irw_built_resources *built,
                              const struct irw_build *build, size_t first);

/* Adds what the steps of a build with this role lead to; components get what
 * there is from number `first` on. */
static enum imgrw_status
add_all(struct irw_built_resources *built, const struct irw_build *build,
        enum irw_path_role role, size_t first)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < build->steps.count && status == IMGRW_OK; i++) {
        const struct irw_build_step *step = &build->steps.items[i];

        if (step->role != role)
            continue;
        if (step->target == IRW_TARGET_FILE && role == IRW_PATH_RESOURCE)
            status = add_file(built, step->index);
        else if (step->target == IRW_TARGET_BUILD)
            status = make(
                built, &built->texts->trees->builds.items.items[step->index],
                role == IRW_PATH_COMPONENT ? first : built->list.count);
    }
    return status;
}

/* A name with what a build puts before and after it. */
static imgrw_str
decorate(struct irw_value_work *work, const struct irw_kustomization *made,
         imgrw_str name)
{
    struct irw_text text = {0};
    imgrw_str kept = name;

    irw_text_add(&text, made->prefix);
    irw_text_add(&text, name);
    irw_text_add(&text, made->suffix);
    work->failed |= !irw_text_keep(&text, work->arena, &kept);
    return kept;
}

/* Does what a build does to the head of a resource. */
static void
change_head(struct irw_value_work *work, const struct irw_build *build,
            struct irw_built *resource)
{
    const struct irw_kustomization *made = &build->before;
    imgrw_str name = resource->ids->name;

    for (size_t i = 0; i < build->steps.count; i++)
        if (build->steps.items[i].role == IRW_PATH_TRANSFORMER)
            resource->is_renamed = resource->is_labelled = true;
    resource->is_labelled |= made->labels;
    if (made->name_space.size > 0)
        add_id(work, resource, name, made->name_space);
    if (made->prefix.size + made->suffix.size > 0)
        add_id(work, resource, decorate(work, made, name),
               resource->ids->name_space);
}

/* Builds: resources, then components, which work on all of them, and then what
 * the build does itself. */
static enum imgrw_status
make(struct irw_built_resources *built, const struct irw_build *build,
     size_t first)
{
    enum imgrw_status status = IMGRW_OK;

    if (++built->builds > MOST_BUILDS) {
        built->work.spent = true;
        return irw_value_work_end(&built->work, built->texts->error);
    }
    built->has_schema |= build->before.has_schema;
    status = add_all(built, build, IRW_PATH_RESOURCE, first);
    if (status == IMGRW_OK)
        status = add_all(built, build, IRW_PATH_COMPONENT, first);
    if (status == IMGRW_OK)
        status = apply_patches(built, build, first, IRW_PATH_PATCH);
    if (status == IMGRW_OK)
        status = apply_patches(built, build, first, IRW_PATH_LATE_PATCH);
    for (size_t i = first; i < built->list.count; i++)
        change_head(&built->work, build, &built->list.items[i]);
    return status == IMGRW_OK
               ? irw_value_work_end(&built->work, built->texts->error)
               : status;
}

enum imgrw_status
irw_built_resources_make(struct irw_built_resources *built,
                         const struct irw_build *build)
{
    built->list.count = 0;
    built->builds = 0;
    built->has_schema = false;
    irw_arena_clear(built->work.arena);
    built->work = IRW_VALUE_WORK(built->work.arena);
    return make(built, build, 0);
}

void
irw_built_resources_clear(struct irw_built_resources *built)
{
    free(built->list.items);
    irw_arena_clear(built->work.arena);
}
