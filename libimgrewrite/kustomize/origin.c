#include "kustomize/origin.h"
#include "base/str.h"

/* Takes the last key, or position, off a field. */
static imgrw_str
take_last(imgrw_str *field)
{
    size_t start = field->size;
    imgrw_str last;

    while (start > 0 && field->data[start - 1] != '/')
        start--;
    last = irw_slice(*field, start, field->size);
    *field = irw_slice(*field, 0, start > 0 ? start - 1 : 0);
    return last;
}

/* Whether the field ends with a list of pods, an item of it, and then `end`;
 * what comes before the list is left of it. */
static bool
is_of_item(imgrw_str *field, const char *const lists[], imgrw_str end)
{
    imgrw_str list;

    if (!irw_ends_with(*field, end))
        return false;
    *field = irw_slice(*field, 0, field->size - end.size);
    take_last(field);
    list = take_last(field);
    return irw_is_one_of(list, lists);
}

/* Whether a pod spec in a resource is one of those that kustomize knows. */
static bool
is_known_pod(imgrw_str field)
{
    imgrw_str last = take_last(&field);

    if (!irw_equal(last, IRW_STR("spec")))
        return false;
    last = take_last(&field);
    if (irw_equal(last, IRW_STR("template"))) {
        last = take_last(&field);
        return irw_equal(last, IRW_STR("spec")) &&
               !irw_ends_with(field, IRW_STR("jobTemplate"));
    }
    return !irw_equal(last, IRW_STR("spec"));
}

/* The passes of kustomize that reach the field. */
static unsigned
find_passes(imgrw_str field)
{
    static const char *const containers[] = {"containers", "initContainers",
                                             NULL};
    static const char *const volumes[] = {"volumes", NULL};
    imgrw_str pod = field;

    if (is_of_item(&pod, containers, IRW_STR("/image")))
        return is_known_pod(pod) ? IRW_PASS_LISTS | IRW_PASS_FIELDS
                                 : IRW_PASS_LISTS;
    pod = field;
    return is_of_item(&pod, volumes, IRW_STR("/image/reference")) &&
                   is_known_pod(pod)
               ? IRW_PASS_FIELDS
               : 0;
}

/* The passes for what a patch sets: where its field does not say in full where
 * it goes, the class of the image shows it. */
static unsigned
find_patched_passes(const struct imgrw_image *image)
{
    unsigned passes = find_passes(image->field);

    if (passes > 0 || image->image_class != IMGRW_CLASS_POD ||
        (image->field.size > 0 && memmem(image->field.data, image->field.size,
                                         "ephemeralContainers", 19)))
        return passes;
    return IRW_PASS_LISTS | IRW_PASS_FIELDS;
}

/* Whether an image of a file is of this use, by its field. */
static bool
is_of_use(imgrw_str field, enum irw_origin_use use, bool embedded)
{
    if (use == IRW_ORIGIN_INLINE)
        return irw_starts_with(field, IRW_STR("patches/")) ||
               irw_starts_with(field, IRW_STR("patchesStrategicMerge/")) ||
               irw_starts_with(field, IRW_STR("patchesJson6902/"));
    if (use == IRW_ORIGIN_TRANSFORMER)
        return irw_starts_with(field, IRW_STR("transformers/"));
    return use == IRW_ORIGIN_PATCH || !embedded;
}

/* Whether the text is a name without a path, with or without a tag. */
static bool
is_word(imgrw_str text)
{
    return irw_find(text, '/') == SIZE_MAX;
}

imgrw_str
irw_origin_after(const struct imgrw_manifest *manifest,
                 const struct imgrw_plan *plan, size_t index)
{
    const struct imgrw_decision *decision = imgrw_plan_decision(plan, index);

    return decision && decision->outcome.result == IMGRW_REWRITTEN &&
                   decision->obstacle.size == 0
               ? decision->outcome.text
               : manifest->findings.sites[index].image.text;
}

bool
irw_origin_read_below(const struct imgrw_manifest *manifest,
                      const struct imgrw_plan *plan, size_t index,
                      size_t document, imgrw_str field,
                      struct irw_image_origin *origin)
{
    const struct irw_site *site = &manifest->findings.sites[index];

    if (site->image.document != document || field.size == 0 ||
        !irw_starts_with(site->image.field, field) ||
        !imgrw_reason_names_image(site->image.reason))
        return false;
    *origin = (struct irw_image_origin){
        .site = site,
        .at = site->image.at,
        .before = site->image.text,
        .after = irw_origin_after(manifest, plan, index),
        .passes = IRW_PASS_LISTS,
    };
    origin->is_ignored = irw_equal(origin->before, origin->after);
    return true;
}

bool
irw_origin_read(const struct imgrw_manifest *manifest,
                const struct imgrw_plan *plan, size_t index,
                enum irw_origin_use use, struct irw_image_origin *origin)
{
    const struct irw_site *site = &manifest->findings.sites[index];
    const struct imgrw_image *image = &site->image;
    bool embedded = site->document != IRW_ROOT_DOCUMENT;

    /* a container in values is a map of one part, which is its name */
    if (site->part_count != 1 ||
        (site->parts[0].role != IRW_ROLE_WHOLE &&
         site->parts[0].role != IRW_ROLE_NAME) ||
        irw_equal(image->kind, IRW_STR("CustomResourceDefinition")) ||
        !is_of_use(image->field, use, embedded))
        return false;
    *origin = (struct irw_image_origin){
        .use = use,
        .site = site,
        .at = image->at,
        .before = image->text,
        .after = irw_origin_after(manifest, plan, index),
        .passes = use == IRW_ORIGIN_RESOURCE ? find_passes(image->field)
                                             : find_patched_passes(image),
        .is_alias = is_word(image->text) && image->reason == IMGRW_REASON_NONE,
        .is_ignored = image->ignored,
    };
    return origin->passes > 0;
}
