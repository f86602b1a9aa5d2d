/*
 * Aliases and merge keys are followed, so that an image counts where it lands.
 */
#include "manifest/walk.h"
#include "base/str.h"
#include "catalog/pods.h"
#include "kubernetes/json_patch.h"
#include "manifest/duplicates.h"
#include "manifest/file_kind.h"
#include "manifest/locate.h"

#define DEEPEST_LIST 8 /* lists of lists of resources */

/* A mapping being walked. */
struct visit {
    struct irw_image_walk *walk;
    struct irw_places places;
    const struct irw_node_path *path;
    uint32_t node;
};

void
irw_remember_use(struct irw_image_walk *walk, uint32_t node)
{
    if (walk->tree->indirect)
        walk->failed |= !IRW_APPEND(
            &walk->uses, (struct irw_use){irw_node_id(walk->document, node),
                                          walk->way.id});
}

size_t
irw_number_resource(struct irw_image_walk *walk)
{
    struct irw_findings *findings = walk->findings;
    const struct irw_resource *head = &walk->resource.head;

    if (walk->resource.number != SIZE_MAX)
        return walk->resource.number;
    if (!IRW_APPEND(&findings->resources,
                    (struct imgrw_resource){
                        .outer = walk->outer_resource,
                        .at.offset = irw_text_offset(walk,
                                                     walk->resource.root),
                        .api_version = head->api_version,
                        .kind = head->kind,
                        .name = head->name,
                        .namespace_ = head->name_space,
                    })) {
        walk->failed = true;
        return SIZE_MAX;
    }
    return walk->resource.number = findings->resources.count - 1;
}

/* What is at a place is the business of its shape. */
static void
visit_shapes(struct irw_image_walk *walk, uint32_t node,
             const struct irw_places *places, const struct irw_node_path *path)
{
    irw_shape_fn *const *shapes = walk->search->shapes;

    for (unsigned i = 0; i < places->count; i++)
        if (shapes[places->at[i]->shape])
            shapes[places->at[i]->shape](walk, node, places->at[i], path);
}

/* Whether the key may lead to images: it is a step of the catalog's, or names a
 * part of a reference, which the shape of its mapping reads. */
static bool
may_lead(const struct irw_places *places, imgrw_str key)
{
    static const imgrw_str parts[] = {
        {"registry", 8}, {"repository", 10}, {"tag", 3}, {"digest", 6},
    };

    if (places->count > 0)
        return true;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (irw_equal(key, parts[i]))
            return true;
    return false;
}

static void
visit_entry(uint32_t key, uint32_t value, uint32_t via, void *user)
{
    struct visit *visit = user;
    struct irw_image_walk *walk = visit->walk;
    struct irw_alias_path outer = walk->way;
    struct irw_node_path step = {
        .outer = visit->path,
        .key = {"?", 1},
        .map = visit->node,
    };
    struct irw_places places;

    places.count = 0; /* the rest is not worth clearing for every node */
    if (irw_is_scalar(walk->tree, key)) {
        step.key = irw_tree_text(walk->tree, key);
        irw_places_step(&visit->places, step.key, &places);
        if (may_lead(&places, step.key))
            irw_keys_note(walk, key);
    }
    if (!step.key.data)
        step.key.data = "";
    if (via != 0)
        walk->way = irw_way_through(outer, via);
    if (walk->visits_keys)
        irw_visit(walk, key, &visit->places, &step);
    irw_visit(walk, value, &places, &step);
    walk->way = outer;
}

/* What a look at a mapping's entries shows of it. */
struct traits {
    const struct irw_tree *tree;
    bool lists_containers;
    imgrw_str api_version, kind; /* as a resource has them; empty: none */
};

static void
look_at_entry(uint32_t key, uint32_t value, uint32_t via, void *user)
{
    struct traits *traits = user;
    const struct irw_tree *tree = traits->tree;
    imgrw_str name = irw_tree_text(tree, key);
    uint32_t held = irw_tree_follow(tree, value);

    (void)via;
    if (tree->nodes[held].type == IRW_NODE_SEQUENCE &&
        irw_is_container_key(name))
        traits->lists_containers = true;
    if (irw_equal(name, IRW_STR("kind")))
        traits->kind = irw_tree_value(tree, held);
    else if (irw_equal(name, IRW_STR("apiVersion")))
        traits->api_version = irw_tree_value(tree, held);
}

/* Adds the places of a resource that is found in another one, such as one that
 * a trigger or a template creates. */
static void
add_resource(struct irw_image_walk *walk, const struct traits *traits,
             struct irw_places *places)
{
    struct irw_places inner;

    if (traits->kind.size == 0 || traits->api_version.size == 0)
        return;
    inner = irw_catalog_places(walk->search->fields, traits->api_version,
                               traits->kind);
    for (unsigned i = 0; i < inner.count && places->count < IRW_PLACES_MAX; i++)
        irw_places_add(places, inner.at[i]);
}

/* Turns the places that find pods into what they are in this mapping: that of a
 * pod spec where it lists containers, those of a resource where it is one, and
 * none in a schema, whose property names are no images. */
static void
choose_pods(struct irw_image_walk *walk, uint32_t node,
            struct irw_places *places)
{
    struct traits traits = {.tree = walk->tree};
    struct irw_places chosen = {.count = 0};
    bool finds = false, is_schema;

    for (unsigned i = 0; i < places->count; i++)
        finds |= places->at[i]->finds_pods;
    if (!finds)
        return;
    irw_mapping_each(walk->tree, node, &walk->budget, look_at_entry, &traits);
    is_schema = irw_equal(traits.kind, IRW_STR("CustomResourceDefinition"));
    for (unsigned i = 0; i < places->count; i++) {
        const struct irw_place *place = places->at[i];

        if (!place->finds_pods || !(is_schema || traits.lists_containers))
            chosen.at[chosen.count++] = place;
        else if (!is_schema)
            chosen.at[chosen.count++] = irw_place_of_pod(place);
    }
    if (node != walk->resource.root)
        add_resource(walk, &traits, &chosen);
    *places = chosen;
}

static void
visit_mapping(struct irw_image_walk *walk, uint32_t node,
              const struct irw_places *places, const struct irw_node_path *path)
{
    struct visit visit = {
        .walk = walk,
        .places = *places,
        .path = path,
        .node = node,
    };
    size_t first_key = walk->seen.count;

    choose_pods(walk, node, &visit.places);
    if (visit.places.count > 0)
        irw_mapping_each(walk->tree, node, &walk->budget, visit_entry, &visit);
    irw_keys_end(walk, first_key);
}

static void
visit_list(struct irw_image_walk *walk, uint32_t node,
           const struct irw_places *places, const struct irw_node_path *path)
{
    struct irw_items items = irw_items(walk->tree, node);
    struct irw_node_path step = {.outer = path};
    struct irw_places inner;
    uint32_t item;

    irw_places_item(places, &inner);
    while (!walk->budget.spent && irw_items_next(&items, &item, &step.index))
        irw_visit(walk, item, &inner, &step);
}

/* The place of a patch that is no string, or of a list that shows itself to be
 * a JSON patch; NULL: it is none. */
static const struct irw_place *
find_patch(const struct irw_image_walk *walk, uint32_t node,
           const struct irw_places *places)
{
    const struct irw_place *place;

    for (unsigned i = 0; i < places->count; i++) {
        place = places->at[i];
        if (place->shape == IRW_SHAPE_PATCH ||
            ((place->finds_pods || place->shape == IRW_SHAPE_VALUES) &&
             irw_is_json_patch(walk->tree, node)))
            return place;
    }
    return NULL;
}

static void
visit_collection(struct irw_image_walk *walk, uint32_t node,
                 const struct irw_places *places,
                 const struct irw_node_path *path)
{
    const struct irw_place *patch = find_patch(walk, node, places);

    if (walk->depth == IRW_EXPANSION_LEVELS) {
        walk->budget.spent = true;
        return;
    }
    walk->depth++;
    if (patch) {
        walk->search->shapes[IRW_SHAPE_PATCH](walk, node, patch, path);
    } else {
        visit_shapes(walk, node, places, path);
        if (walk->tree->nodes[node].type == IRW_NODE_MAPPING)
            visit_mapping(walk, node, places, path);
        else
            visit_list(walk, node, places, path);
    }
    walk->depth--;
}

/* Goes through an alias to the collection at `target`, which must be followed
 * by leave_alias; false where the budget does not allow it. What is no alias
 * costs nothing. */
static bool
enter_alias(struct irw_image_walk *walk, uint32_t node, uint32_t target)
{
    if (node == target)
        return true;
    if (!irw_budget_enter(&walk->budget,
                          walk->tree->nodes[target].next - target))
        return false;
    walk->way = irw_way_through(walk->way, node);
    return true;
}

static void
leave_alias(struct irw_image_walk *walk, uint32_t node, uint32_t target,
            struct irw_alias_path outer)
{
    if (node == target)
        return;
    irw_budget_leave(&walk->budget);
    walk->way = outer;
}

void
irw_visit(struct irw_image_walk *walk, uint32_t node,
          const struct irw_places *places, const struct irw_node_path *path)
{
    uint32_t target = irw_tree_follow(walk->tree, node);
    struct irw_alias_path outer = walk->way;

    if (places->count == 0 || walk->failed)
        return;
    if (walk->tree->nodes[target].type == IRW_NODE_SCALAR) {
        visit_shapes(walk, node, places, path);
    } else if (enter_alias(walk, node, target)) {
        visit_collection(walk, target, places, path);
        leave_alias(walk, node, target, outer);
    }
}

static void visit_resource(struct irw_image_walk *walk, uint32_t node,
                           imgrw_str default_kind,
                           const struct irw_node_path *path, int depth);

/* The items of a list, each a resource of its own. */
static void
visit_resources(struct irw_image_walk *walk, uint32_t list, imgrw_str kind,
                const struct irw_node_path *path, int depth)
{
    struct irw_items items = irw_items(walk->tree, list);
    struct irw_node_path step = {.outer = path};
    uint32_t item;

    while (!walk->budget.spent && irw_items_next(&items, &item, &step.index))
        visit_resource(walk, item, kind, &step, depth + 1);
}

/* The items of the list resource at `root`; false when it is none. */
static bool
visit_list_resource(struct irw_image_walk *walk, uint32_t root,
                    const struct irw_resource *resource,
                    const struct irw_node_path *path, int depth)
{
    struct irw_node_path step = {
        .outer = path,
        .key = IRW_STR("items"),
        .map = root,
    };
    struct irw_alias_path outer = walk->way;
    struct irw_origin origin;
    imgrw_str kind;
    uint32_t list = irw_resource_items(walk->tree, root, resource, &kind,
                                       &walk->budget);

    if (list == IRW_NO_NODE || depth == DEEPEST_LIST)
        return false;
    origin = irw_mapping_locate(walk->tree, root, step.key, &walk->budget);
    if (origin.via != 0)
        walk->way = irw_way_through(walk->way, origin.via);
    if (enter_alias(walk, origin.entry.value, list)) {
        visit_resources(walk, list, kind, &step, depth);
        leave_alias(walk, origin.entry.value, list, outer);
    }
    walk->way = outer;
    return true;
}

/* A mapping that may be a resource; what has no kind may still be one of the
 * files that tools read, and have fields that a user named. */
static void
visit_mapping_root(struct irw_image_walk *walk, uint32_t root,
                   imgrw_str default_kind, const struct irw_node_path *path,
                   int depth)
{
    const struct irw_walked_resource outer = walk->resource;
    struct irw_resource head =
        irw_resource_read(walk->tree, root, &walk->budget);
    struct irw_places places;

    if (head.kind.size == 0)
        head.kind = default_kind;
    if (visit_list_resource(walk, root, &head, path, depth))
        return;
    if (head.kind.size > 0) {
        places = irw_catalog_places(walk->search->fields, head.api_version,
                                    head.kind);
    } else if (walk->nesting == 0) {
        places = depth == 0 ? irw_file_places(walk, root)
                            : irw_catalog_kindless(walk->search->fields);
        head = (struct irw_resource){0};
    } else {
        return;
    }
    /* Images that are found belong to this resource, and afterwards again to
     * the one around it. */
    walk->resource = (struct irw_walked_resource){head, root, SIZE_MAX};
    irw_visit(walk, root, &places, path);
    walk->resource = outer;
}

/* A list as a document: of resources, of operations of a JSON patch, or of
 * whatever else. */
static void
visit_root_list(struct irw_image_walk *walk, uint32_t root, imgrw_str kind,
                const struct irw_node_path *path)
{
    static const struct irw_places patches = {{&irw_patch}, 1};

    if (irw_is_json_patch(walk->tree, root))
        irw_visit(walk, root, &patches, path);
    visit_resources(walk, root, kind, path, 0);
}

/* A list in a list, which only fields of the user's reach. */
static void
visit_kindless(struct irw_image_walk *walk, uint32_t list,
               const struct irw_node_path *path)
{
    struct irw_places places = irw_catalog_kindless(walk->search->fields);

    irw_visit(walk, list, &places, path);
}

static void
visit_resource(struct irw_image_walk *walk, uint32_t node,
               imgrw_str default_kind, const struct irw_node_path *path,
               int depth)
{
    uint32_t root = irw_tree_follow(walk->tree, node);
    struct irw_alias_path outer = walk->way;
    bool list = walk->tree->nodes[root].type == IRW_NODE_SEQUENCE;

    if (walk->tree->nodes[root].type == IRW_NODE_SCALAR ||
        !enter_alias(walk, node, root))
        return;
    if (!list)
        visit_mapping_root(walk, root, default_kind, path, depth);
    else if (depth == 0)
        visit_root_list(walk, root, default_kind, path);
    else if (walk->nesting == 0)
        visit_kindless(walk, root, path);
    leave_alias(walk, node, root, outer);
}

void
irw_visit_resource(struct irw_image_walk *walk, uint32_t node,
                   const struct irw_node_path *path)
{
    visit_resource(walk, node, (imgrw_str){0}, path, 0);
}
