/*
 * Reading a manifest for an overlay: beside each other, its tree before and
 * after the rules. Both have the same nodes; where two scalars differ,
 * something has changed, whatever place that is.
 *
 * Aliases and merge keys are followed, for kustomize writes them out.
 */
#include "base/error.h"
#include "base/str.h"
#include "catalog/pods.h"
#include "kubernetes/resource.h"
#include "yaml/node_path.h"
#include "overlay/overlay.h"
#include "overlay/pointer.h"

#define BUDGET 1000000 /* nodes that aliases may show */
#define DEEPEST 1000
#define DEEPEST_LIST 8

/* A manifest in work. */
struct reading {
    struct imgrw_overlay *overlay;
    struct irw_source source;
    struct irw_line_cursor cursor;
    struct irw_tree before, after;
    struct irw_budget budget;
    size_t target;            /* the resource in work */
    size_t first_pod;         /* of that resource */
    size_t resources, others; /* how many there are, and how much else */
    unsigned depth;
    struct imgrw_error *error;
    enum imgrw_status status; /* the first failure */
};

static struct imgrw_location
locate(struct reading *reading, uint32_t node)
{
    return irw_source_locate(&reading->source, &reading->cursor,
                             reading->before.nodes[node].start);
}

static void
fail_memory(struct reading *reading)
{
    reading->status = irw_fail_memory(reading->error);
}

/* The value of a scalar, in words of both trees. */
static imgrw_str
value_in(const struct irw_tree *tree, uint32_t node)
{
    return irw_tree_value(tree, irw_tree_follow(tree, node));
}

/* The trail from the resource to the pod spec whose container or volume ends
 * at `step`, which is the key of an image; NULL: it is none. */
static const struct irw_node_path *
trail_of_pod(const struct irw_node_path *step)
{
    const struct irw_node_path *item, *list;

    if (!irw_equal(step->key, IRW_STR("image")) &&
        !irw_equal(step->key, IRW_STR("reference")))
        return NULL;
    if (irw_equal(step->key, IRW_STR("reference"))) {
        step = step->outer;
        if (!step || !irw_equal(step->key, IRW_STR("image")))
            return NULL;
    }
    item = step->outer;
    list = item && !item->key.data ? item->outer : NULL;
    if (!list || !list->key.data)
        return NULL;
    return irw_is_container_key(list->key) ||
                   irw_equal(list->key, IRW_STR("volumes"))
               ? list
               : NULL;
}

/* Whether kustomize's `images:` reaches the scalar at `trail`: an image of an
 * item of `containers` or `initContainers`, wherever these are, or an image
 * volume of a pod or a template. */
static bool
is_reached(const struct irw_node_path *trail)
{
    const struct irw_node_path *list = trail_of_pod(trail), *pod;

    if (!list)
        return false;
    if (irw_equal(trail->key, IRW_STR("image")))
        return irw_equal(list->key, IRW_STR("containers")) ||
               irw_equal(list->key, IRW_STR("initContainers"));
    pod = list->outer;
    if (!irw_equal(list->key, IRW_STR("volumes")) || !pod ||
        !irw_equal(pod->key, IRW_STR("spec")))
        return false;
    pod = pod->outer;
    return !pod || (irw_equal(pod->key, IRW_STR("template")) && pod->outer &&
                    irw_equal(pod->outer->key, IRW_STR("spec")) &&
                    !pod->outer->outer);
}

static void
add_leaf(struct reading *reading, uint32_t node,
         const struct irw_node_path *trail, bool reached)
{
    struct imgrw_overlay *overlay = reading->overlay;
    struct irw_image_value leaf = {
        .target = reading->target,
        .pointer = irw_pointer_format(trail, &overlay->arena),
        .before = irw_overlay_copy(overlay, value_in(&reading->before, node)),
        .after = irw_overlay_copy(overlay, value_in(&reading->after, node)),
        .matched_by_images = reached,
    };

    if (!leaf.pointer.data || !leaf.before.data || !leaf.after.data ||
        !IRW_APPEND(&overlay->values, leaf))
        fail_memory(reading);
}

/* A pod spec on the way, by the trail to its list of containers or volumes. */
static void
add_pod(struct reading *reading, const struct irw_node_path *list)
{
    struct imgrw_overlay *overlay = reading->overlay;
    imgrw_str pointer = irw_pointer_format(list->outer, &overlay->arena);

    for (size_t i = reading->first_pod; i < overlay->pods.count; i++)
        if (irw_equal(overlay->pods.items[i].pointer, pointer))
            return;
    if (!pointer.data ||
        !IRW_APPEND(&overlay->pods, (struct irw_pod){
                                        .target = reading->target,
                                        .pointer = pointer,
                                    }))
        fail_memory(reading);
}

static void
visit_scalar(struct reading *reading, uint32_t node,
             const struct irw_node_path *trail)
{
    bool changed = !irw_equal(value_in(&reading->before, node),
                              value_in(&reading->after, node));
    const struct irw_target *target =
        &reading->overlay->targets.items[reading->target];
    bool reached =
        is_reached(trail) &&
        !irw_equal(target->kind, IRW_STR("CustomResourceDefinition"));

    if (!changed && !reached)
        return;
    add_leaf(reading, node, trail, reached);
    if (changed && trail_of_pod(trail))
        add_pod(reading, trail_of_pod(trail));
}

/* A mapping in work. */
struct visit {
    struct reading *reading;
    const struct irw_node_path *trail;
};

static void visit_node(struct reading *reading, uint32_t node,
                       const struct irw_node_path *trail);

static void
visit_entry(uint32_t key, uint32_t value, uint32_t via, void *user)
{
    struct visit *visit = user;
    struct irw_node_path step = {
        .outer = visit->trail,
        .key = value_in(&visit->reading->before, key),
    };

    (void)via;
    if (!step.key.data)
        step.key.data = "";
    visit_node(visit->reading, value, &step);
}

static void
visit_node(struct reading *reading, uint32_t node,
           const struct irw_node_path *trail)
{
    const struct irw_tree *tree = &reading->before;
    uint32_t held = irw_tree_follow(tree, node);
    struct visit visit = {reading, trail};
    struct irw_node_path step = {.outer = trail};
    bool alias = held != node;

    if (reading->status != IMGRW_OK || reading->budget.spent)
        return;
    if (tree->nodes[held].type == IRW_NODE_SCALAR) {
        if (trail)
            visit_scalar(reading, node, trail);
        return;
    }
    if (reading->depth == DEEPEST ||
        (alias && !irw_budget_enter(&reading->budget,
                                    tree->nodes[held].next - held))) {
        reading->budget.spent = true;
        return;
    }
    reading->depth++;
    if (tree->nodes[held].type == IRW_NODE_MAPPING)
        irw_mapping_each(tree, held, &reading->budget, visit_entry, &visit);
    else
        for (uint32_t item = held + 1; item < tree->nodes[held].next;
             item = tree->nodes[item].next, step.index++)
            visit_node(reading, item, &step);
    reading->depth--;
    if (alias)
        irw_budget_leave(&reading->budget);
}

/* What the pod spec says of its secrets and its service account. */
static void
read_pod(struct reading *reading, uint32_t root, struct irw_pod *pod)
{
    const struct irw_tree *tree = &reading->before;
    uint32_t spec, list, account;

    if (!irw_pointer_follow(tree, root, pod->pointer, &reading->budget,
                            &reading->overlay->arena, &spec)) {
        fail_memory(reading);
        return;
    }
    list = irw_mapping_find(tree, spec, IRW_STR("imagePullSecrets"),
                            &reading->budget);
    account = irw_mapping_find(tree, spec, IRW_STR("serviceAccountName"),
                               &reading->budget);
    if (account == IRW_NO_NODE) /* the name that it had before */
        account = irw_mapping_find(tree, spec, IRW_STR("serviceAccount"),
                                   &reading->budget);
    if (account != IRW_NO_NODE) {
        pod->account =
            irw_overlay_copy(reading->overlay, value_in(tree, account));
        if (!pod->account.data)
            fail_memory(reading);
    }
    if (list == IRW_NO_NODE || tree->nodes[list].type != IRW_NODE_SEQUENCE)
        return;
    pod->has_list = true;
    for (uint32_t item = list + 1; item < tree->nodes[list].next;
         item = tree->nodes[item].next) {
        uint32_t name =
            irw_mapping_find(tree, irw_tree_follow(tree, item), IRW_STR("name"),
                             &reading->budget);

        pod->has_secret |=
            name != IRW_NO_NODE && reading->overlay->options.pull_secret &&
            irw_equal(value_in(tree, name),
                      irw_str(reading->overlay->options.pull_secret));
    }
}

/* Takes note of a service account, which may have to name the secret. */
static void
add_account(struct reading *reading, uint32_t root)
{
    struct imgrw_overlay *overlay = reading->overlay;
    const struct irw_target *target = &overlay->targets.items[reading->target];
    struct irw_pod account = {
        .target = reading->target,
        .pointer = IRW_STR(""),
        .account = target->name,
    };

    if (!irw_equal(target->kind, IRW_STR("ServiceAccount")))
        return;
    read_pod(reading, root, &account);
    account.account = target->name;
    if (!IRW_APPEND(&overlay->accounts, account))
        fail_memory(reading);
}

/* What resources may have in common. */
enum likeness {
    LIKE_KIND,  /* version, kind and name */
    LIKE_GROUP, /* and the group */
    LIKE_SPACE  /* and the namespace: to kustomize it is the same one */
};

/* The text that resources so much alike share, and no others. */
static imgrw_str
write_id(struct imgrw_overlay *overlay, const struct irw_target *target,
         enum likeness likeness)
{
    imgrw_str group = likeness == LIKE_KIND ? IRW_STR("*") : target->group;
    imgrw_str space = irw_target_space(target);
    struct irw_text text = {0};
    imgrw_str id;

    irw_text_printf(&text, "%.*s|%.*s|%.*s|%.*s", (int)group.size,
                    group.size ? group.data : "", (int)target->version.size,
                    target->version.size ? target->version.data : "",
                    (int)target->kind.size, target->kind.data,
                    (int)target->name.size, target->name.data);
    if (likeness == LIKE_SPACE)
        irw_text_printf(&text, "|%.*s", (int)space.size, space.data);
    id = text.failed ? (imgrw_str){0}
                     : irw_overlay_copy(overlay,
                                        (imgrw_str){text.data, text.size});
    irw_text_clear(&text);
    return id;
}

/* Finds the first resource of the same version, kind and name, which may be
 * this one; false when memory is out. */
static bool
find_leader(struct imgrw_overlay *overlay, struct irw_target *target)
{
    imgrw_str id = write_id(overlay, target, LIKE_KIND);
    uintptr_t first = id.data ? irw_map_get(&overlay->ids, id) : 0;
    struct irw_target *leader;

    target->leader = overlay->targets.count;
    if (first == 0)
        return id.data &&
               irw_map_set(&overlay->ids, id, overlay->targets.count + 1);
    target->leader = first - 1;
    leader = &overlay->targets.items[target->leader];
    leader->leads_groups |= !irw_equal(leader->group, target->group);
    return true;
}

/* Enters the resource; a second one of its name is an error, to kustomize as
 * well. */
static void
enter_target(struct reading *reading, struct irw_target *target)
{
    struct imgrw_overlay *overlay = reading->overlay;
    imgrw_str whole = write_id(overlay, target, LIKE_SPACE);
    imgrw_str part = write_id(overlay, target, LIKE_GROUP);
    uintptr_t same, like;

    if (!whole.data || !part.data || !find_leader(overlay, target)) {
        fail_memory(reading);
        return;
    }
    same = irw_map_get(&overlay->ids, whole);
    like = irw_map_get(&overlay->ids, part);
    if (same != 0) {
        const struct irw_target *first = &overlay->targets.items[same - 1];

        reading->status = irw_fail(
            reading->error, IMGRW_ERR_EDIT, target->at,
            "%.*s %.*s is there twice, first at %s:%u; kustomize refuses that",
            IRW_PRINT(target->kind), IRW_PRINT(target->name), first->at.path,
            (unsigned)first->at.line);
        return;
    }
    if (like != 0)
        target->ambiguous = overlay->targets.items[like - 1].ambiguous = true;
    reading->target = overlay->targets.count;
    reading->first_pod = overlay->pods.count;
    if (!IRW_APPEND(&overlay->targets, *target) ||
        !irw_map_set(&overlay->ids, whole, overlay->targets.count) ||
        (like == 0 &&
         !irw_map_set(&overlay->ids, part, overlay->targets.count)))
        fail_memory(reading);
}

/* Fills what kustomize tells resources apart by. */
static struct irw_target
describe(struct reading *reading, uint32_t root,
         const struct irw_resource *resource)
{
    struct imgrw_overlay *overlay = reading->overlay;
    imgrw_str version = resource->api_version;
    imgrw_str group = irw_resource_group(version);
    struct irw_target target = {.at = locate(reading, root)};

    if (group.size > 0)
        version = irw_slice(version, group.size + 1, version.size);
    target.group = irw_overlay_copy(overlay, group);
    target.version = irw_overlay_copy(overlay, version);
    target.kind = irw_overlay_copy(overlay, resource->kind);
    target.name = irw_overlay_copy(overlay, resource->name);
    target.name_space = irw_overlay_copy(overlay, resource->name_space);
    target.at.path = reading->source.path;
    if (!target.group.data || !target.version.data || !target.kind.data ||
        !target.name.data || !target.name_space.data)
        fail_memory(reading);
    return target;
}

/* Whether anything at or below the node has changed. */
static bool
has_changed(const struct reading *reading, uint32_t node)
{
    const struct irw_tree *before = &reading->before, *after = &reading->after;

    for (uint32_t i = node; i < before->nodes[node].next; i++)
        if (!irw_equal(value_in(before, i), value_in(after, i)))
            return true;
    return false;
}

static enum imgrw_status
fail_resource(struct reading *reading, uint32_t root, const char *why)
{
    struct imgrw_location at = locate(reading, root);

    at.path = reading->source.path;
    reading->status =
        irw_fail(reading->error, IMGRW_ERR_EDIT, at,
                 "kustomize cannot change this document, for it %s; use "
                 "`rewrite`", why);
    return reading->status;
}

/* Whether the resource has a name; kustomize does not take one that the server
 * has to make. */
static bool
has_name(struct reading *reading, uint32_t root)
{
    const struct irw_tree *tree = &reading->before;
    uint32_t metadata = irw_mapping_find(tree, root, IRW_STR("metadata"),
                                         &reading->budget);
    uint32_t name = irw_mapping_find(tree, metadata, IRW_STR("name"),
                                     &reading->budget);

    return name != IRW_NO_NODE && irw_tree_value(tree, name).size > 0;
}

/* Counts a resource, or something else, which may not stand in one file. */
static enum imgrw_status
count(struct reading *reading, uint32_t root, bool is_resource)
{
    reading->resources += is_resource;
    reading->others += !is_resource;
    return reading->resources > 0 && reading->others > 0
               ? fail_resource(reading, root,
                               "stands in one file with what is no resource")
               : IMGRW_OK;
}

static void
read_resource(struct reading *reading, uint32_t node, imgrw_str default_kind,
              unsigned depth)
{
    const struct irw_tree *tree = &reading->before;
    uint32_t root = irw_tree_follow(tree, node), items;
    struct irw_resource resource =
        irw_resource_read(tree, root, &reading->budget);
    struct irw_target target;
    imgrw_str item_kind;
    bool is_resource;

    if (resource.kind.size == 0)
        resource.kind = default_kind;
    items = irw_resource_items(tree, root, &resource, &item_kind,
                               &reading->budget);
    if (items != IRW_NO_NODE && depth < DEEPEST_LIST) {
        for (uint32_t item = items + 1;
             item < tree->nodes[items].next && reading->status == IMGRW_OK;
             item = tree->nodes[item].next)
            read_resource(reading, item, item_kind, depth + 1);
        return;
    }
    is_resource = resource.kind.size > 0 && has_name(reading, root);
    if (!is_resource && has_changed(reading, root))
        fail_resource(reading, root,
                      resource.kind.size > 0 ? "has no name"
                                             : "is no resource");
    else
        count(reading, root, is_resource);
    if (reading->status != IMGRW_OK || !is_resource)
        return;
    target = describe(reading, root, &resource);
    if (reading->status == IMGRW_OK)
        enter_target(reading, &target);
    if (reading->status != IMGRW_OK)
        return;
    visit_node(reading, root, NULL);
    for (size_t i = reading->first_pod; i < reading->overlay->pods.count; i++)
        read_pod(reading, root, &reading->overlay->pods.items[i]);
    add_account(reading, root);
}

static void
read_documents(struct reading *reading)
{
    const struct irw_tree *tree = &reading->before;

    for (size_t i = 0;
         i < tree->document_count && reading->status == IMGRW_OK; i++) {
        uint32_t root = tree->documents[i].root;

        if (tree->nodes[root].type != IRW_NODE_SCALAR ||
            irw_tree_value(tree, root).size > 0)
            read_resource(reading, root, (imgrw_str){0}, 0);
    }
    if (reading->budget.spent && reading->status == IMGRW_OK)
        reading->status =
            irw_fail(reading->error, IMGRW_ERR_LIMIT,
                     (struct imgrw_location){.path = reading->source.path},
                     "aliases and merge keys expand too far");
}

static enum imgrw_status
read_tree(struct reading *reading, imgrw_str text, struct irw_tree *tree)
{
    return irw_tree_read(&irw_libyaml, text, reading->source.start, text.size,
                         DEEPEST, &reading->overlay->arena, tree,
                         reading->error);
}

enum imgrw_status
irw_overlay_read(struct imgrw_overlay *overlay, const char *name,
                 imgrw_str before, imgrw_str after, bool *resources,
                 struct imgrw_error *error)
{
    struct reading reading = {
        .overlay = overlay,
        .budget = {.left = BUDGET},
        .error = error,
    };
    enum imgrw_status status =
        irw_source_open(before, name, SIZE_MAX, &reading.source, error);

    if (status == IMGRW_OK)
        status = irw_source_explain(&reading.source,
                                    read_tree(&reading, before,
                                              &reading.before), error);
    if (status == IMGRW_OK)
        status = read_tree(&reading, after, &reading.after);
    if (status == IMGRW_OK &&
        reading.before.count != reading.after.count)
        status = irw_fail(error, IMGRW_ERR_ARGUMENT,
                          (struct imgrw_location){.path = name},
                          "the texts before and after are not of one plan");
    if (status == IMGRW_OK) {
        read_documents(&reading);
        *resources = reading.resources > 0;
        status = reading.status;
    }
    irw_tree_clear(&reading.before);
    irw_tree_clear(&reading.after);
    return status;
}
