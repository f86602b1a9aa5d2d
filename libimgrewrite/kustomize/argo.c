#include "kustomize/argo.h"
#include "base/error.h"
#include "base/str.h"
#include "kustomize/tell.h"
#include "plan/new_name.h"

/* The mapping that the node is in. */
static uint32_t
mapping_around(const struct irw_tree *tree, uint32_t node)
{
    uint32_t around = node;

    while (around-- > 0)
        if (tree->nodes[around].type == IRW_NODE_MAPPING &&
            tree->nodes[around].next > node)
            return around;
    return 0;
}

/* Sets the folder that an entry is for, the `path` beside the `kustomize` that
 * it is in, and the name that it applies to, as in `q.io/a=m.io/a:1`. */
static void
read_entry(const struct imgrw_manifest *manifest, const struct irw_site *site,
           imgrw_str *folder, imgrw_str *name)
{
    size_t index = (size_t)(site - manifest->findings.sites), piece;
    const struct irw_tree *tree;
    uint32_t node, value;
    imgrw_str old, rest;

    IRW_LOWER_BOUND(piece, manifest->piece_count,
                    manifest->pieces[piece].first_site +
                            manifest->pieces[piece].site_count <=
                        index);
    tree = &manifest->pieces[piece].tree;
    irw_cut(irw_tree_text(tree, site->parts[0].node), '=', &old, &rest);
    *name = irw_kustomize_split(old).name;
    node = irw_find_around(tree, site->parts[0].node, IRW_NODE_SEQUENCE);
    node = mapping_around(tree, mapping_around(tree, node));
    value = irw_own_scalar(tree, node, IRW_STR("path"));
    *folder = value == IRW_NO_NODE
                  ? (imgrw_str){0}
                  : irw_folder_name(irw_tree_text(tree, value));
}

/* The image of this name that moves, in what is built of the folder by a
 * kustomization, or in its files; NULL: none does. */
static const struct imgrw_location *
find_move(struct irw_trees *trees, imgrw_str folder, imgrw_str name)
{
    const struct irw_builds *builds = &trees->builds;

    for (size_t i = 0; i < builds->items.count; i++) {
        const irw_flow_list *made = &trees->flows.made[i];

        if (!irw_build_is_in(builds, &builds->items.items[i], folder))
            continue;
        for (size_t k = 0; k < made->count; k++)
            if (!irw_equal(made->items[k].before, made->items[k].after) &&
                irw_equal(irw_kustomize_split(made->items[k].before).name,
                          name))
                return &trees->flows.origins.items[made->items[k].origin].at;
    }
    for (size_t i = 0; i < builds->file_count; i++) {
        const struct irw_build_file *file = &builds->files[i];
        const struct imgrw_decision *decision;

        if (!file->plan || !file->real ||
            !irw_is_in_folder(file->real, folder, true))
            continue;
        for (size_t k = 0; (decision = imgrw_plan_decision(file->plan, k)); k++)
            if (decision->outcome.result == IMGRW_REWRITTEN &&
                irw_equal(irw_kustomize_split(
                              file->manifest->findings.sites[k].image.text)
                              .name,
                          name))
                return &file->manifest->findings.sites[k].image.at;
    }
    return NULL;
}

enum imgrw_status
irw_argo_warn(struct irw_trees *trees, const struct imgrw_manifest *manifest,
              struct imgrw_error *error)
{
    for (size_t i = 0; i < manifest->findings.site_count; i++) {
        const struct irw_site *site = &manifest->findings.sites[i];
        const struct imgrw_location *move;
        imgrw_str folder, name;

        if (site->document != IRW_ROOT_DOCUMENT ||
            !irw_contains(site->image.api_version, "argoproj.io/") ||
            !irw_contains(site->image.field, "kustomize/images/"))
            continue;
        read_entry(manifest, site, &folder, &name);
        move = folder.size > 0 ? find_move(trees, folder, name) : NULL;
        if (move &&
            !irw_trees_warn(trees, site->image.at,
                            "the image that this entry is for moves at "
                            "%.200s:%u:%u, and the entry no longer applies to "
                            "it: add one for its new name",
                            move->path, (unsigned)move->line,
                            (unsigned)move->column))
            return irw_fail_memory(error);
    }
    return IMGRW_OK;
}
