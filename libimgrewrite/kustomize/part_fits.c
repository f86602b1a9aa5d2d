#include "kustomize/part_fits.h"
#include "base/error.h"
#include "base/str.h"
#include "manifest/manifest.h"
#include "manifest/reference_parts.h"

/* An image, as its parts say it. */
struct fitting {
    struct irw_answers *answers;
    const struct irw_build_image *image;
    const struct irw_patched_part *part;
    const struct irw_tree *tree; /* NULL: it is not known any more */
    struct irw_parts before;
    struct imgrw_error *error;
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

/* Sets the parts of the rewritten image. */
static enum imgrw_status
split(const struct fitting *fitting, bool into_registry,
      struct irw_parts *after)
{
    const struct irw_site *site = fitting->image->site;
    struct irw_split made = {
        .tree = fitting->tree,
        .site = site,
        .arena = &fitting->answers->arena,
        .into_registry = into_registry,
    };
    enum imgrw_status status =
        irw_split(&made, fitting->image->after, fitting->error);

    *after = fitting->before;
    for (size_t i = 0; i < made.count && status == IMGRW_OK; i++)
        for (size_t k = 0; k < site->part_count; k++)
            if (site->parts[k].node == made.wishes[i].node &&
                site->parts[k].from == made.wishes[i].from)
                after->at[site->parts[k].role] = made.wishes[i].with;
    return status;
}

/* Sets the image that the parts are with that of the patch; empty where they
 * are none. */
static enum imgrw_status
patch(const struct fitting *fitting, const struct irw_parts *parts,
      imgrw_str *text)
{
    struct irw_parts patched = *parts;
    char buffer[IRW_JOINED_MAX];

    patched.at[fitting->part->role] = fitting->part->value;
    *text = irw_join(&patched, buffer);
    return irw_arena_keep(&fitting->answers->arena, text)
               ? IMGRW_OK
               : irw_fail_memory(fitting->error);
}

/* Whether an image has the part. */
static bool
has_part(const struct irw_site *site, enum irw_role role)
{
    for (size_t i = 0; site->part_count > 1 && i < site->part_count; i++)
        if (site->parts[i].role == role)
            return true;
    return false;
}

/* Sets whether the patched image is right when the parts were rewritten in this
 * way. */
static enum imgrw_status
fits_in(const struct fitting *fitting, bool into_registry, imgrw_str wanted,
        bool *fits)
{
    struct irw_parts after;
    imgrw_str text;
    enum imgrw_status status = split(fitting, into_registry, &after);

    if (status == IMGRW_OK)
        status = patch(fitting, &after, &text);
    *fits = status == IMGRW_OK && irw_equal(text, wanted);
    return status == IMGRW_ERR_MEMORY ? status : IMGRW_OK;
}

enum imgrw_status
irw_part_fits(const struct irw_flows *flows, struct irw_answers *answers,
              const struct irw_build_image *image,
              const struct irw_patched_part *part, bool *fits,
              struct imgrw_error *error)
{
    struct fitting fitting = {
        .answers = answers, .image = image, .part = part, .error = error};
    imgrw_str before, wanted;
    enum imgrw_status status;

    *fits = !image->site || !has_part(image->site, part->role) ||
            !irw_build_image_is_at(image, &part->map);
    if (*fits)
        return IMGRW_OK;
    fitting.tree =
        find_tree(flows->builds->files[image->file].manifest, image->site);
    *fits = irw_equal(image->before, image->after);
    if (!fitting.tree || !part->value.data)
        return IMGRW_OK;
    fitting.before = irw_parts_read(fitting.tree, image->site->parts,
                                    image->site->part_count);
    status = patch(&fitting, &fitting.before, &before);
    if (status == IMGRW_OK)
        status = irw_answers_get(answers, before, &wanted, error);
    if (status == IMGRW_OK && *fits)
        *fits = irw_equal(before, wanted);
    else if (status == IMGRW_OK)
        status = fits_in(&fitting, false, wanted, fits);
    if (status == IMGRW_OK && *fits &&
        !irw_equal(image->before, image->after))
        status = fits_in(&fitting, true, wanted, fits);
    return status;
}
