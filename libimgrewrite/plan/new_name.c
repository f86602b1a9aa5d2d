#include "plan/new_name.h"
#include "base/error.h"
#include "base/json_write.h"
#include "base/map.h"
#include "base/str.h"
#include "base/text.h"
#include "edit/fragment.h"
#include "edit/insertion.h"
#include "yaml/merge.h"

uint32_t
irw_find_around(const struct irw_tree *tree, uint32_t node,
                enum irw_node_type type)
{
    uint32_t around = node;

    while (around > 0 && (tree->nodes[around].type != type ||
                          tree->nodes[around].next <= node))
        around--;
    return around;
}

/* Reads `{newName: NAME}`. */
static enum imgrw_status
make_fragment(imgrw_str name, struct irw_arena *arena,
              struct irw_tree *fragment, struct imgrw_error *error)
{
    struct irw_text text = {0};
    char *kept = NULL;

    irw_text_add(&text, IRW_STR("{newName: "));
    irw_json_string(&text, name);
    irw_text_add(&text, IRW_STR("}"));
    if (!text.failed)
        kept = irw_arena_copy(arena, (imgrw_str){text.data, text.size});
    irw_text_clear(&text);
    return kept ? irw_fragment_read(irw_str(kept), arena, fragment, error)
                : irw_fail_memory(error);
}

/* Why a newName cannot be added to the entry, or NULL. */
static const char *
find_obstacle(const struct irw_tree *tree, uint32_t entry)
{
    struct irw_budget budget = irw_budget_again();
    struct irw_origin there =
        irw_mapping_locate(tree, entry, IRW_STR("newName"), &budget);

    if (there.entry.key != IRW_NO_NODE)
        return there.owner == entry
                   ? "its entry has a newName without a value; take that out"
                   : "its entry gets a newName from a merge key; write it out";
    if (tree->nodes[entry].merged)
        return "its entry is merged into another mapping, which would get its "
               "newName as well; write out what is merged";
    return NULL;
}

enum imgrw_status
irw_new_name_make(const struct irw_tree *tree, uint32_t name, imgrw_str text,
                  struct irw_arena *arena, struct irw_text_edit *edit,
                  struct imgrw_error *error)
{
    struct irw_tree *fragment = irw_arena_calloc(arena, 1, sizeof(*fragment));
    uint32_t entry = irw_find_around(tree, name, IRW_NODE_MAPPING);
    uint32_t next = tree->nodes[name].next;
    bool last = next >= tree->nodes[entry].next;
    const struct irw_insert insert = {
        .tree = tree,
        .where = last ? IRW_INSERT_LAST : IRW_INSERT_BEFORE,
        .into = entry,
        .mapping = entry,
        .key = last ? name - 1 : next,
        .model = IRW_NO_NODE,
        .fragment = fragment,
        .claim = {entry, {0}, IRW_STR("newName"), text},
    };
    const char *obstacle = find_obstacle(tree, entry);
    enum imgrw_status status;

    if (obstacle)
        return irw_fail(error, IMGRW_ERR_EDIT, IRW_NO_LOCATION, "%s", obstacle);
    if (!fragment)
        return irw_fail_memory(error);
    status = make_fragment(text, arena, fragment, error);
    return status == IMGRW_OK ? irw_insert(&insert, arena, edit, error)
                              : status;
}

/* Has an entry stay if the map has its name for its list, from further down;
 * then the map has it. False when memory is out. */
static bool
settle_entry(const struct irw_tree *tree, const struct irw_site *site,
             struct irw_map *lists, struct imgrw_decision *decision)
{
    uint32_t node = site->parts[0].node;
    uint32_t entry = irw_find_around(tree, node, IRW_NODE_MAPPING);
    uint32_t list = irw_find_around(tree, entry, IRW_NODE_SEQUENCE);
    uint32_t name = irw_own_scalar(tree, entry, IRW_STR("name"));
    imgrw_str text = name == IRW_NO_NODE ? (imgrw_str){0}
                                         : irw_tree_text(tree, name);

    if (text.size == 0)
        return true;
    if (irw_map_get(lists, text) == (uintptr_t)list + 1 &&
        site->parts[0].keeps_name &&
        decision->outcome.result == IMGRW_REWRITTEN) {
        decision->outcome = (struct imgrw_outcome){
            .result = IMGRW_EXCLUDED,
            .text = site->image.text,
        };
        decision->kept = IRW_STR("the last entry of its name has a new name");
    }
    return irw_map_set(lists, text, (uintptr_t)list + 1);
}

enum imgrw_status
irw_new_names_settle(const struct imgrw_manifest *manifest,
                     const struct irw_piece *piece,
                     struct imgrw_decision *decisions,
                     struct imgrw_error *error)
{
    const struct irw_site *sites = manifest->findings.sites;
    struct irw_map lists = {0};
    bool done = true;

    for (size_t i = piece->first_site + piece->site_count;
         i-- > piece->first_site && done;)
        if (sites[i].document == IRW_ROOT_DOCUMENT &&
            sites[i].image.image_class == IMGRW_CLASS_KUSTOMIZATION &&
            sites[i].parts[0].role == IRW_ROLE_REPOSITORY)
            done = settle_entry(&piece->tree, &sites[i], &lists,
                                &decisions[i]);
    irw_map_clear(&lists);
    return done ? IMGRW_OK : irw_fail_memory(error);
}
