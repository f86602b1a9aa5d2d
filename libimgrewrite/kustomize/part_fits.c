#include "kustomize/part_fits.h"
#include "base/error.h"
#include "base/str.h"
#include "manifest/classify.h"
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

/* Sets the image that the parts are with a value of the patch; empty where they
 * are none. */
static enum imgrw_status
patch(const struct fitting *fitting, const struct irw_parts *parts,
      imgrw_str value, imgrw_str *text)
{
    struct irw_parts patched = *parts;
    char buffer[IRW_JOINED_MAX];

    patched.at[fitting->part->role] = value;
    *text = irw_join(&patched, buffer);
    return irw_arena_keep(&fitting->answers->arena, text)
               ? IMGRW_OK
               : irw_fail_memory(fitting->error);
}

/* Sets whether the patched image is right when the parts were rewritten in this
 * way, and the value of the patch to `value`. */
static enum imgrw_status
fits_in(const struct fitting *fitting, bool into_registry, imgrw_str value,
        imgrw_str wanted, bool *fits)
{
    struct irw_parts after = fitting->before;
    imgrw_str text;
    enum imgrw_status status = IMGRW_OK;

    if (!irw_equal(fitting->image->before, fitting->image->after))
        status = split(fitting, into_registry, &after);
    if (status == IMGRW_OK)
        status = patch(fitting, &after, value, &text);
    *fits = status == IMGRW_OK && irw_equal(text, wanted);
    return status == IMGRW_ERR_MEMORY ? status : IMGRW_OK;
}

/* Whether a part is a repository with its host, which is an image wherever it
 * stands. */
static bool
has_host(const struct irw_patched_part *part)
{
    struct imgrw_reference reference;

    return part->role == IRW_ROLE_REPOSITORY &&
           irw_is_reference(part->value, &reference) &&
           reference.registry.size > 0;
}

/* Sets what becomes of the value of the patch itself. */
static enum imgrw_status
rewrite_value(const struct fitting *fitting, imgrw_str *value)
{
    *value = fitting->part->value;
    return has_host(fitting->part)
               ? irw_answers_get(fitting->answers, fitting->part->value, value,
                                 fitting->error)
               : IMGRW_OK;
}

/* Whether an image is in the mapping of which the patch sets a part. Where it
 * is in a patch, that may be another mapping, or the image itself. */
static bool
is_patched(const struct irw_build_image *image,
           const struct irw_patched_part *part)
{
    return image->site && image->site->parts[0].role != IRW_ROLE_WHOLE &&
           !(image->in_patch && has_host(part)) &&
           irw_build_image_is_at(image, &part->map) &&
           irw_build_image_is_map(image, part->map.path);
}

enum imgrw_status
irw_part_fits(const struct irw_flows *flows, struct irw_answers *answers,
              const struct irw_build_image *image,
              const struct irw_patched_part *part, bool *fits,
              struct imgrw_error *error)
{
    struct fitting fitting = {
        .answers = answers, .image = image, .part = part, .error = error};
    imgrw_str before, wanted, value;
    enum imgrw_status status;

    *fits = true;
    if (!is_patched(image, part))
        return IMGRW_OK;
    fitting.tree =
        find_tree(flows->builds->files[image->file].manifest, image->site);
    *fits = irw_equal(image->before, image->after);
    if (!fitting.tree)
        return IMGRW_OK;
    fitting.before = irw_parts_read(fitting.tree, image->site->parts,
                                    image->site->part_count);
    status = patch(&fitting, &fitting.before, part->value, &before);
    if (status == IMGRW_OK)
        status = irw_answers_get(answers, before, &wanted, error);
    if (status == IMGRW_OK)
        status = rewrite_value(&fitting, &value);
    if (status == IMGRW_OK)
        status = fits_in(&fitting, false, value, wanted, fits);
    if (status == IMGRW_OK && *fits)
        status = fits_in(&fitting, true, value, wanted, fits);
    return status;
}
