#include "plan/pull_secret/write.h"
#include "base/error.h"
#include "base/str.h"
#include "edit/fragment.h"
#include "edit/insertion.h"
#include "yaml/cursor.h"
#include "yaml/scalar.h"

/* Reads the entry between `before` and `after`; false when memory is out. */
static bool
read_fragment(imgrw_str name, const char *before, const char *after,
              struct irw_arena *arena, struct irw_tree *fragment)
{
    struct irw_text text = {0};
    char *kept = NULL;

    irw_text_printf(&text, "%s{name: \"%.*s\"}%s", before, (int)name.size,
                    name.data, after);
    if (!text.failed)
        kept = irw_arena_copy(arena, (imgrw_str){text.data, text.size});
    irw_text_clear(&text);
    return kept && irw_fragment_read(irw_str(kept), arena, fragment, NULL) ==
                       IMGRW_OK;
}

const struct irw_pull_secret *
irw_pull_secret_make(imgrw_str name, struct irw_arena *arena)
{
    struct irw_pull_secret *secret =
        irw_arena_calloc(arena, 1, sizeof(*secret));

    if (!secret ||
        !read_fragment(name, "{imagePullSecrets: [", "]}", arena,
                       &secret->pair) ||
        !read_fragment(name, "[[", "]]", arena, &secret->list) ||
        !read_fragment(name, "[", "]", arena, &secret->entry))
        return NULL;
    secret->name = irw_tree_value(&secret->entry, 3);
    return secret;
}

static bool
has_items(const struct irw_tree *tree, uint32_t node)
{
    return irw_items(tree, node).at < irw_items(tree, node).end;
}

/* The key before which the list belongs. */
static uint32_t
find_key(const struct irw_tree *tree, uint32_t pod)
{
    static const char *const keys[] = {"containers", "initContainers",
                                       "ephemeralContainers", "volumes"};

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        uint32_t key = irw_own_entry(tree, pod, irw_str(keys[i])).key;

        if (key != IRW_NO_NODE)
            return key;
    }
    return pod + 1;
}

/* A list after which a new one is modelled: that of the key before which the
 * new one belongs, or another of the pod spec; IRW_NO_NODE where all are empty.
 */
static uint32_t
find_model(const struct irw_tree *tree, uint32_t pod)
{
    struct irw_entries entries = irw_entries(tree, pod);
    uint32_t key = find_key(tree, pod);
    uint32_t list = irw_tree_follow(tree, tree->nodes[key].next);

    if (has_items(tree, list))
        return list;
    while (irw_entries_next(&entries, &key, &list))
        if (has_items(tree, list))
            return list;
    return IRW_NO_NODE;
}

/* Why an entry cannot be added to what is said to be the list; NULL: it can. */
static const char *
find_obstacle(const struct irw_tree *tree, uint32_t list)
{
    imgrw_str tag = irw_tree_properties(tree, list).tag;
    struct irw_items items = irw_items(tree, list);
    uint32_t item, index;

    if (tree->nodes[list].type != IRW_NODE_SEQUENCE ||
        (tag.size > 0 && !irw_equal(tag, IRW_STR("!")) &&
         !irw_equal(tag, IRW_STR("tag:yaml.org,2002:seq"))))
        return "it is no list, or has a tag or an anchor";
    while (irw_items_next(&items, &item, &index))
        if (tree->nodes[irw_tree_follow(tree, item)].type != IRW_NODE_MAPPING)
            return "an entry of it is no mapping";
    return NULL;
}

enum imgrw_status
irw_pull_secret_write(const struct irw_pull_secret *secret,
                      const struct irw_pod_list *list, struct irw_arena *arena,
                      struct irw_text_edit *edit, struct imgrw_error *error)
{
    const struct irw_tree *tree = list->tree;
    uint32_t value = tree->nodes[list->key].next;
    const char *obstacle;
    struct irw_insert insert = {
        .tree = tree,
        .where = IRW_INSERT_LAST,
        .mapping = list->pod,
        .into = list->pod,
        .key = list->key,
        .model = find_model(tree, list->pod),
        .claim = {list->pod, IRW_STR("imagePullSecrets"), IRW_STR("name"),
                  secret->name},
    };

    if (list->key == 0) {
        insert.where = IRW_INSERT_BEFORE;
        insert.key = find_key(tree, list->pod);
        insert.fragment = &secret->pair;
        return irw_insert(&insert, arena, edit, error);
    }
    /* A null with an anchor may be needed elsewhere, and a tag would stay. */
    if (irw_scalar_is_null(tree, value) && tree->nodes[value].link == 0) {
        insert.where = IRW_INSERT_VALUE;
        insert.fragment = &secret->list;
        return irw_insert(&insert, arena, edit, error);
    }
    insert.into = irw_tree_follow(tree, value);
    insert.fragment = &secret->entry;
    obstacle = find_obstacle(tree, insert.into);
    if (obstacle)
        return irw_fail(error, IMGRW_ERR_EDIT, IRW_NO_LOCATION, "%s", obstacle);
    return irw_insert(&insert, arena, edit, error);
}
