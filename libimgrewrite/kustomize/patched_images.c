#include "kustomize/patched_images.h"
#include "base/error.h"
#include "base/str.h"
#include "kustomize/sources.h"
#include "manifest/classify.h"
#include "manifest/manifest.h"

/* Patched images that are being checked. */
struct patched_check {
    const struct irw_flows *flows;
    const struct irw_build *build;
    struct irw_answers *answers;
    irw_refusal_list *refusals;
    struct irw_sources sources;
    struct imgrw_error *error;
};

/* The parts of an image, as they are and as they will be. */
struct both_parts {
    struct irw_parts before, after;
};

/* The tree that has the parts of a site; NULL: the manifest does not have it.
 */
static const struct irw_tree *
find_tree(const struct imgrw_manifest *manifest, const struct irw_site *site)
{
    const struct irw_findings *findings = &manifest->findings;

    for (size_t i = 0; i < manifest->piece_count; i++) {
        const struct irw_piece *piece = &manifest->pieces[i];
        const struct irw_site *first = &findings->sites[piece->first_site];

        if (site >= first && site < first + piece->site_count)
            return irw_findings_tree(findings, &piece->tree, site->document);
    }
    return NULL;
}

/* Sets what the parts of an image become, in one of the ways in which an image
 * is written. */
static enum imgrw_status
split(const struct patched_check *check, const struct irw_build_image *image,
      const struct irw_tree *tree, bool into_registry, struct irw_parts *parts)
{
    const struct irw_site *site = image->site;
    struct irw_split made = {
        .tree = tree,
        .site = site,
        .arena = &check->answers->arena,
        .into_registry = into_registry,
    };
    enum imgrw_status status = irw_split(&made, image->after, check->error);

    for (size_t i = 0; i < made.count && status == IMGRW_OK; i++)
        for (size_t k = 0; k < site->part_count; k++)
            if (site->parts[k].node == made.wishes[i].node &&
                site->parts[k].from == made.wishes[i].from)
                parts->at[site->parts[k].role] = made.wishes[i].with;
    return status == IMGRW_ERR_MEMORY ? status : IMGRW_OK;
}

/* Sets the image that the parts say; empty where they say none. */
static enum imgrw_status
join(const struct patched_check *check, const struct irw_parts *parts,
     imgrw_str *text)
{
    char buffer[IRW_JOINED_MAX];

    *text = irw_join(parts, buffer);
    return irw_arena_keep(&check->answers->arena, text)
               ? IMGRW_OK
               : irw_fail_memory(check->error);
}

/* Whether parts are an image where they are found: a repository that says where
 * it is, or has a tag or a digest beside it. */
static bool
is_image(const struct irw_parts *parts)
{
    imgrw_str repository = parts->at[IRW_ROLE_REPOSITORY];
    struct imgrw_reference reference;

    return repository.size > 0 &&
           (parts->at[IRW_ROLE_REGISTRY].size +
                    parts->at[IRW_ROLE_TAG].size +
                    parts->at[IRW_ROLE_DIGEST].size >
                0 ||
            (irw_is_reference(repository, &reference) &&
             reference.registry.size > 0));
}

/* The name of an image, without its tag and digest. */
static imgrw_str
name_of(imgrw_str image)
{
    struct imgrw_reference reference;
    const char *end;

    if (!irw_is_reference(image, &reference))
        return image;
    end = reference.repository.data + reference.repository.size;
    return irw_slice(image, 0, (size_t)(end - image.data));
}

/* Sets what the parts that the patch sets become in it: what is an image there
 * is rewritten as one. */
static enum imgrw_status
rewrite_patch(const struct patched_check *check,
              const struct irw_patched_parts *patch, struct irw_parts *after)
{
    struct irw_parts found = {{{0}}};
    imgrw_str text, wanted;
    enum imgrw_status status;

    *after = patch->parts;
    found.at[IRW_ROLE_REPOSITORY] = patch->parts.at[IRW_ROLE_REPOSITORY];
    if (patch->together)
        found = patch->parts;
    if (!is_image(&found))
        return IMGRW_OK;
    status = join(check, &found, &text);
    if (status == IMGRW_OK)
        status = irw_answers_get(check->answers, text, &wanted, check->error);
    if (status == IMGRW_OK && !irw_equal(text, wanted))
        after->at[IRW_ROLE_REPOSITORY] = name_of(wanted);
    return status;
}

/* Puts what a patch sets among the parts. */
static void
put(const struct irw_parts *patch, struct irw_parts *parts)
{
    for (size_t i = 0; i < IRW_ROLE_COUNT; i++)
        if (patch->at[i].data)
            parts->at[i] = patch->at[i];
}

/* Sets whether the image that a patch makes of the parts is what it should be.
 */
static enum imgrw_status
judge(const struct patched_check *check, const struct irw_patched_parts *patch,
      struct both_parts parts, bool *fits)
{
    struct irw_parts rewritten;
    imgrw_str before, after, wanted;
    enum imgrw_status status = rewrite_patch(check, patch, &rewritten);

    put(&patch->parts, &parts.before);
    if (status == IMGRW_OK)
        put(&rewritten, &parts.after);
    if (status == IMGRW_OK)
        status = join(check, &parts.before, &before);
    if (status == IMGRW_OK)
        status = join(check, &parts.after, &after);
    if (status == IMGRW_OK && !is_image(&parts.before))
        wanted = before;
    else if (status == IMGRW_OK)
        status = irw_answers_get(check->answers, before, &wanted, check->error);
    *fits = status == IMGRW_OK && irw_equal(after, wanted);
    return status;
}

/* Sets whether an image fits of which a patch sets parts: in both ways in which
 * it may be written. */
static enum imgrw_status
judge_image(const struct patched_check *check,
            const struct irw_build_image *image,
            const struct irw_patched_parts *patch, bool *fits)
{
    const struct irw_tree *tree = find_tree(
        check->flows->builds->files[image->file].manifest, image->site);
    enum imgrw_status status = IMGRW_OK;

    *fits = irw_equal(image->before, image->after);
    if (!tree)
        return IMGRW_OK;
    for (int i = 0; i < 2 && status == IMGRW_OK && (i == 0 || *fits); i++) {
        struct both_parts parts = {
            .before = irw_parts_read(tree, image->site->parts,
                                     image->site->part_count)};

        parts.after = parts.before;
        if (!irw_equal(image->before, image->after))
            status = split(check, image, tree, i > 0, &parts.after);
        if (status == IMGRW_OK)
            status = judge(check, patch, parts, fits);
    }
    return status;
}

static enum imgrw_status
refuse(const struct patched_check *check, size_t file,
       struct imgrw_location image, const struct imgrw_location *patch)
{
    return irw_refuse(check->refusals, file, image,
                      "with the part that the patch (%.80s:%u:%u) sets, this "
                      "is not the image that the rules ask for: have it set "
                      "all parts in one mapping, or leave this tree out",
                      patch->path, (unsigned)patch->line,
                      (unsigned)patch->column)
               ? IMGRW_OK
               : irw_fail_memory(check->error);
}

/* Whether an image is the patch's own, which nothing is added to. */
static bool
is_own(const struct irw_build_image *image,
       const struct irw_patched_parts *patch)
{
    char buffer[IRW_JOINED_MAX];

    return image->in_patch &&
           irw_equal(irw_join(&patch->parts, buffer), image->before);
}

/* Judges the images of which a patch sets parts. Sets whether there are any. */
static enum imgrw_status
check_images(const struct patched_check *check,
             const struct irw_build_images *images,
             const struct irw_patched_parts *patch, bool *met, bool *fits)
{
    enum imgrw_status status = IMGRW_OK;

    *met = false;
    for (size_t i = 0; i < images->list.count && *fits && status == IMGRW_OK;
         i++) {
        const struct irw_build_image *image = &images->list.items[i];

        if (!irw_build_image_is_in(image, &patch->map) || is_own(image, patch))
            continue;
        *met = true;
        status = judge_image(check, image, patch, fits);
        if (status == IMGRW_OK && !*fits)
            status = refuse(check, image->file, image->at, &patch->at);
    }
    return status;
}

/* Whether images are looked for where a path leads to in a resource. */
static bool
is_searched(const struct irw_source_resource *resource, imgrw_str path)
{
    static const struct irw_fields none = {NULL, 0};
    struct irw_places places =
        irw_catalog_places(&none, resource->api_version, resource->kind);
    bool searched = false;

    while (path.size > 0) {
        struct irw_places from = places;

        irw_places_step(&from, irw_copy_step(&path), &places);
    }
    for (unsigned i = 0; i < places.count; i++)
        searched |= places.at[i]->shape != IRW_SHAPE_NONE;
    return searched;
}

/* Judges the resources in which a patch may make an image of what is none yet.
 */
static enum imgrw_status
check_resources(const struct patched_check *check,
                const struct irw_patched_parts *patch, bool *fits)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0;
         i < check->sources.resources.count && *fits && status == IMGRW_OK;
         i++) {
        const struct irw_source_resource *resource =
            &check->sources.resources.items[i];
        uint32_t node =
            irw_end_may_select(&patch->map, resource->kind, resource->name) &&
                    is_searched(resource, patch->map.path)
                ? irw_source_node(resource, patch->map.path)
                : IRW_NO_NODE;
        struct both_parts parts;

        if (node == IRW_NO_NODE ||
            resource->tree->nodes[node].type != IRW_NODE_MAPPING)
            continue;
        parts.before = parts.after = irw_mapping_parts(resource->tree, node);
        status = judge(check, patch, parts, fits);
        if (status == IMGRW_OK && !*fits)
            status = refuse(check, resource->file,
                            irw_source_place(resource, check->flows->builds,
                                             node),
                            &patch->at);
    }
    return status;
}

enum imgrw_status
irw_patched_images_check(const struct irw_flows *flows,
                         const struct irw_build *build,
                         const struct irw_build_images *images,
                         struct irw_answers *answers,
                         irw_refusal_list *refusals, struct imgrw_error *error)
{
    const irw_patched_parts_list *parts = &build->before.parts;
    struct patched_check check = {
        .flows = flows,
        .build = build,
        .answers = answers,
        .refusals = refusals,
        .sources = {.as_written = true},
        .error = error,
    };
    enum imgrw_status status = IMGRW_OK;
    bool fits = true, met;

    for (size_t i = 0; i < parts->count && fits && status == IMGRW_OK; i++) {
        status = check_images(&check, images, &parts->items[i], &met, &fits);
        if (met || status != IMGRW_OK)
            continue;
        if (check.sources.builds == 0)
            status = irw_sources_read(&check.sources, flows->builds,
                                      flows->root ? flows->root : build, error);
        if (status == IMGRW_OK)
            status = check_resources(&check, &parts->items[i], &fits);
    }
    irw_sources_clear(&check.sources);
    return status;
}
