#include "plan/aliases.h"
#include "base/error.h"
#include "base/list.h"
#include "base/str.h"

/* The edit of a node's own bytes; NULL: there is none. */
static const struct irw_document_edit *
find_edit(const struct irw_document_edits *edits, const struct irw_tree *tree,
          uint32_t document, uint32_t node)
{
    const struct irw_node *wanted = &tree->nodes[node];
    size_t i = 0;

    IRW_LOWER_BOUND(i, edits->count,
                    edits->items[i].document < document ||
                        (edits->items[i].document == document &&
                         edits->items[i].edit.start < wanted->start));
    for (; i < edits->count && edits->items[i].document == document &&
           edits->items[i].edit.start <= wanted->end;
         i++)
        if (!edits->items[i].edit.insertion &&
            edits->items[i].edit.of.node == node &&
            edits->items[i].edit.end <= wanted->end)
            return &edits->items[i];
    return NULL;
}

/* Checks one part. Where the registry of several images is one scalar, they
 * have agreed about it. */
static enum imgrw_status
check_part(const struct irw_document_edits *edits, const struct irw_tree *tree,
           const struct irw_site *site, const struct irw_part *part,
           struct imgrw_error *error)
{
    uint32_t target = irw_tree_follow(tree, part->node);
    size_t number = (size_t)(site - edits->manifest->findings.sites);
    const struct irw_document_edit *edit;
    const struct irw_site *other;

    if (target == part->node || part->fixed ||
        (part->common && edits->leaders[number] != UINT32_MAX) ||
        find_edit(edits, tree, site->document, part->node))
        return IMGRW_OK;
    edit = find_edit(edits, tree, site->document, target);
    if (!edit)
        return IMGRW_OK;
    other = &edits->manifest->findings.sites[edit->image];
    return irw_fail(error, IMGRW_ERR_EDIT, other->image.at,
                    "the image \"%.*s\" cannot be changed: through an alias, "
                    "\"%.*s\" on line %u, which stays, has a part of it; give "
                    "each its own value",
                    IRW_PRINT(other->image.text), IRW_PRINT(site->image.text),
                    (unsigned)site->image.at.line);
}

static enum imgrw_status
check_piece(const struct irw_document_edits *edits,
            const struct irw_piece *piece, struct imgrw_error *error)
{
    const struct irw_findings *findings = &edits->manifest->findings;
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < piece->site_count; i++) {
        const struct irw_site *site = &findings->sites[piece->first_site + i];
        const struct irw_tree *tree =
            irw_findings_tree(findings, &piece->tree, site->document);

        if (site->anchor != UINT32_MAX || !tree->indirect)
            continue; /* it follows its anchor */
        for (size_t k = 0; k < site->part_count && status == IMGRW_OK; k++)
            status = check_part(edits, tree, site, &site->parts[k], error);
    }
    return status;
}

enum imgrw_status
irw_aliases_check(const struct irw_document_edits *edits,
                  struct imgrw_error *error)
{
    const struct imgrw_manifest *manifest = edits->manifest;
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < manifest->piece_count && edits->count > 0 &&
                       status == IMGRW_OK;
         i++)
        status = check_piece(edits, &manifest->pieces[i], error);
    return status;
}
