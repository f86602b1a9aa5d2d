#include "kustomize/build_images.h"
#include "base/error.h"
#include "base/str.h"
#include "kubernetes/names.h"

/* A build may be in others again and again. */
#define MOST_BUILDS 1000

/* Images that are being listed. */
struct image_listing {
    const struct irw_flows *flows;
    struct irw_build_images *images;
    size_t builds; /* that were looked through */
    struct imgrw_error *error;
};

static enum imgrw_status
add_flows(struct image_listing *listing, const irw_flow_list *flows)
{
    for (size_t i = 0; i < flows->count; i++) {
        const struct irw_flow *flow = &flows->items[i];
        const struct irw_image_origin *origin =
            &listing->flows->origins.items[flow->origin];
        const struct irw_build_image image = {
            .site = origin->site,
            .file = origin->file,
            .at = origin->at,
            .before = flow->before,
            .after = flow->after,
            .in_patch = origin->use != IRW_ORIGIN_RESOURCE,
        };

        /* a value is none until it is copied */
        if (!origin->data && !IRW_APPEND(&listing->images->list, image))
            return irw_fail_memory(listing->error);
    }
    return IMGRW_OK;
}

/* Adds the images of a file that `images:` does not reach. */
static enum imgrw_status
add_file(struct image_listing *listing, size_t file, enum irw_origin_use use)
{
    const struct irw_build_file *from = &listing->flows->builds->files[file];
    size_t count = from->manifest ? imgrw_manifest_count(from->manifest) : 0;

    for (size_t i = 0; i < count; i++) {
        struct irw_image_origin origin;
        struct irw_build_image image = {
            .site = &from->manifest->findings.sites[i],
            .file = file,
            .in_patch = use != IRW_ORIGIN_RESOURCE,
        };
        const struct imgrw_decision *decision =
            imgrw_plan_decision(from->plan, i);

        image.at = image.site->image.at;
        image.before = image.after = image.site->image.text;
        if (decision && decision->outcome.result == IMGRW_REWRITTEN &&
            decision->obstacle.size == 0)
            image.after = decision->outcome.text;
        if (!irw_origin_read(from->manifest, from->plan, i, use, &origin) &&
            !IRW_APPEND(&listing->images->list, image))
            return irw_fail_memory(listing->error);
    }
    return IMGRW_OK;
}

/* Adds the images in the files of a build, and of those that it is built from.
 */
static enum imgrw_status
add_build(struct image_listing *listing, const struct irw_build *build)
{
    const struct irw_build *builds = listing->flows->builds->items.items;
    enum imgrw_status status = IMGRW_OK;

    if (++listing->builds > MOST_BUILDS) {
        listing->images->cut = true;
        return IMGRW_OK;
    }
    for (size_t i = 0; i < build->steps.count && status == IMGRW_OK; i++) {
        const struct irw_build_step *step = &build->steps.items[i];

        if (step->target == IRW_TARGET_BUILD)
            status = add_build(listing, &builds[step->index]);
        else if (step->target == IRW_TARGET_FILE)
            status = add_file(listing, step->index,
                              step->role == IRW_PATH_RESOURCE
                                  ? IRW_ORIGIN_RESOURCE
                                  : IRW_ORIGIN_PATCH);
    }
    return status == IMGRW_OK
               ? add_file(listing, build->file, IRW_ORIGIN_INLINE)
               : status;
}

enum imgrw_status
irw_build_images_list(const struct irw_flows *all,
                      const struct irw_build *build, const irw_flow_list *flows,
                      struct irw_build_images *images,
                      struct imgrw_error *error)
{
    struct image_listing listing = {
        .flows = all, .images = images, .error = error};
    enum imgrw_status status = add_flows(&listing, flows);

    /* a component works on all that its user has */
    return status == IMGRW_OK
               ? add_build(&listing, all->root ? all->root : build)
               : status;
}

/* Whether a word of a selector may mean the name of a kind or a resource.
 * kustomize takes it for a regular expression in targets; prefixes and suffixes
 * of names may have been added before. */
static bool
may_mean(imgrw_str word, imgrw_str name)
{
    return word.size == 0 || name.size == 0 || irw_is_selector_pattern(word) ||
           memmem(word.data, word.size, name.data, name.size);
}

bool
irw_end_may_select(const struct irw_copy_end *end, imgrw_str kind,
                   imgrw_str name)
{
    bool rejects = end->not_kind.size + end->not_name.size > 0;

    if (kind.size == 0)
        return true;
    if (rejects &&
        (end->not_kind.size == 0 || irw_equal(end->not_kind, kind)) &&
        (end->not_name.size == 0 || irw_equal(end->not_name, name)))
        return false;
    return may_mean(end->kind, kind) && may_mean(end->name, name);
}

/* Whether the end may select the resource that has the image. */
static bool
may_select(const struct irw_copy_end *end, const struct imgrw_image *image)
{
    return irw_end_may_select(end, image->kind, image->name);
}

/* Takes the next key off a field such as `spec/containers/0/image`, in which
 * positions are passed over. */
static imgrw_str
take_key(imgrw_str *field)
{
    imgrw_str key = {0};

    do {
        if (!field->data)
            return (imgrw_str){0};
        irw_cut(*field, '/', &key, field);
    } while (key.size > 0 && irw_is_digit(key.data[0]));
    return key;
}

/* Whether a step of a path is a position in a list. */
static bool
is_position(imgrw_str step)
{
    return step.size == 0 || strchr("[*-0123456789", step.data[0]);
}

/* Whether a path such as `spec.containers.[name=a]` leads to the field, or to
 * something that it is in. */
static bool
may_reach(imgrw_str path, imgrw_str field)
{
    while (path.size > 0) {
        imgrw_str step = irw_copy_step(&path), key;

        if (is_position(step))
            continue;
        key = take_key(&field);
        /* what is escaped in either is not told apart */
        if (!irw_equal(step, key) && irw_find(step, '\\') == SIZE_MAX &&
            irw_find(key, '~') == SIZE_MAX)
            return false;
    }
    return true;
}

/* The field of an image in its resource, which may be an item of a list. */
static imgrw_str
field_of(const struct irw_site *site)
{
    imgrw_str field = site->image.field;

    if (irw_starts_with(field, IRW_STR("items/")))
        take_key(&field);
    return field;
}

/* Whether the image is in a patch that is a part of a kustomization, which does
 * not say what it is for. */
static bool
is_inline(const struct irw_build_image *image)
{
    imgrw_str kind = image->site->image.kind;

    return image->in_patch && (irw_equal(kind, IRW_STR("Kustomization")) ||
                               irw_equal(kind, IRW_STR("Component")));
}

bool
irw_build_image_is_at(const struct irw_build_image *image,
                      const struct irw_copy_end *end)
{
    bool of_pod = !image->site ||
                  image->site->image.image_class == IMGRW_CLASS_POD;

    if (image->site && !is_inline(image) &&
        !may_select(end, &image->site->image))
        return false;
    if (image->site && !image->in_patch)
        return may_reach(end->path, field_of(image->site));
    return of_pod ? end->field == IRW_COPIED_IMAGE
                  : end->field != IRW_COPIED_OTHER;
}

bool
irw_build_image_is_in(const struct irw_build_image *image,
                      const struct irw_copy_end *map)
{
    imgrw_str path = map->path, field;
    size_t steps = 0, keys = 0;

    if (!image->site || image->site->parts[0].role == IRW_ROLE_WHOLE ||
        !may_select(map, &image->site->image))
        return false;
    field = field_of(image->site);
    if (!may_reach(path, field))
        return false;
    while (path.size > 0)
        steps += !is_position(irw_copy_step(&path));
    while (take_key(&field).size > 0)
        keys++;
    return steps == keys;
}

bool
irw_build_image_has_part(const struct irw_build_image *image,
                         const struct irw_copy_end *end)
{
    static const char *const others[] = {"digest", "imageTag", "tag", NULL};
    const char *dot = end->path.size > 0
                          ? memrchr(end->path.data, '.', end->path.size)
                          : NULL;
    struct irw_copy_end map = *end;

    if (!dot || image->in_patch)
        return false;
    map.path = irw_slice(end->path, 0, (size_t)(dot - end->path.data));
    return !irw_is_one_of(
               irw_slice(end->path, map.path.size + 1, end->path.size),
               others) &&
           irw_build_image_is_in(image, &map);
}
