/*
 * kustomize sees a manifest with its aliases and merge keys written out, and
 * applies `images:` to every list of containers, whatever the resource is and
 * whatever was searched for images. So the trees that the plan was made for are
 * walked as kustomize sees them; what each scalar becomes, and what is added to
 * a mapping, the plan says.
 */
#include "overlay/changes.h"
#include "base/error.h"
#include "base/str.h"
#include "catalog/pods.h"
#include "kubernetes/pod_spec.h"
#include "kubernetes/resource.h"
#include "manifest/manifest.h"
#include "overlay/new_values.h"
#include "yaml/node_path.h"
#include "yaml/scalar.h"

#define DEEPEST_LIST 8 /* lists of lists of resources */

/* A manifest that is being read. */
struct manifest_reading {
    struct imgrw_overlay *overlay;
    const char *name;
    const struct irw_source *source;
    struct irw_line_cursor cursor;
    const struct irw_tree *tree; /* of a piece of it */
    struct irw_new_values new_values;
    struct irw_budget budget;
    size_t target;            /* the resource that is being walked */
    size_t resources, others; /* how many there are, and how much else */
    unsigned depth;
    struct imgrw_error *error;
    enum imgrw_status status; /* the first failure */
};

/* A mapping that is being walked. */
struct mapping_walk {
    struct manifest_reading *reading;
    const struct step *step; /* that leads to it; NULL: it is the root */
    uint32_t mapping;
    bool has_pod; /* it is among the pods */
};

/* A step of the path to a node. */
struct step {
    struct irw_node_path path;
    const struct step *outer;
    struct mapping_walk *walk; /* of the mapping that has the key; NULL: it is
                                  an item of a list */
};

static struct imgrw_location
locate(struct manifest_reading *reading, uint32_t node)
{
    struct imgrw_location at =
        irw_source_locate(reading->source, &reading->cursor,
                          reading->tree->nodes[node].start);

    at.path = reading->name;
    return at;
}

static void
fail_memory(struct manifest_reading *reading)
{
    reading->status = irw_fail_memory(reading->error);
}

/* A copy for the overlay; data NULL when memory is out. */
static imgrw_str
copy(struct manifest_reading *reading, imgrw_str str)
{
    return (imgrw_str){irw_arena_copy(&reading->overlay->arena, str), str.size};
}

static imgrw_str
pointer_to(struct manifest_reading *reading, const struct step *step)
{
    return irw_node_path_pointer(step ? &step->path : NULL,
                                 &reading->overlay->arena);
}

static bool
is_key(const struct step *step, imgrw_str key)
{
    return step && step->walk && irw_equal(step->path.key, key);
}

/* The step to the list of containers or volumes that has the image to which
 * `step` leads; NULL: it is no image of a pod. */
static const struct step *
find_list(const struct step *step)
{
    if (is_key(step, IRW_STR("reference")))
        step = step->outer;
    if (!is_key(step, IRW_STR("image")))
        return NULL;
    step = step->outer;
    if (!step || step->walk)
        return NULL;
    step = step->outer;
    return step && step->walk &&
                   (irw_is_container_key(step->path.key) ||
                    irw_equal(step->path.key, IRW_STR("volumes")))
               ? step
               : NULL;
}

/* Whether `images:` looks for images in the items of the list to which `list`
 * leads: `containers` and `initContainers`, wherever these are, and the volumes
 * of a pod or of a template at the top of its resource. */
static bool
is_looked_into(const struct manifest_reading *reading, const struct step *list)
{
    const struct irw_target *target =
        &reading->overlay->targets.list.items[reading->target];
    const struct step *pod = list->outer;

    if (irw_equal(target->kind, IRW_STR("CustomResourceDefinition")))
        return false;
    if (is_key(list, IRW_STR("containers")) ||
        is_key(list, IRW_STR("initContainers")))
        return true;
    if (!is_key(list, IRW_STR("volumes")) || !is_key(pod, IRW_STR("spec")))
        return false;
    pod = pod->outer;
    return !pod || (is_key(pod, IRW_STR("template")) &&
                    is_key(pod->outer, IRW_STR("spec")) && !pod->outer->outer);
}

/* Whether `images:` matches the image at `step`, which is in `list`, if it is
 * one of a pod. */
static bool
is_reached(const struct manifest_reading *reading, const struct step *step,
           const struct step *list)
{
    return list && is_looked_into(reading, list) &&
           is_key(step, IRW_STR("reference")) ==
               is_key(list, IRW_STR("volumes"));
}

/* Notes the first node at which kustomize fails once `images:` has an entry: no
 * mapping where it looks for a container or a volume, or no scalar where it
 * looks for an image. It passes over a null. */
static void
note_misfit(struct manifest_reading *reading, uint32_t node,
            const struct step *step)
{
    const struct irw_node *held = &reading->tree->nodes[node];
    struct imgrw_location *misfit = &reading->overlay->misfit;
    bool misfits = false;

    if (step && step->walk)
        misfits = held->type != IRW_NODE_SCALAR &&
                  is_reached(reading, step, find_list(step));
    else if (step && step->outer && held->type != IRW_NODE_MAPPING)
        misfits = is_looked_into(reading, step->outer) &&
                  !(held->type == IRW_NODE_SCALAR &&
                    irw_scalar_is_null(reading->tree, node));
    if (misfits && !misfit->path)
        *misfit = locate(reading, node);
}

/* What a pod spec, or a service account, says of its secrets and its service
 * account. */
static void
read_pod(struct manifest_reading *reading, uint32_t node, struct irw_pod *pod)
{
    const struct irw_tree *tree = reading->tree;
    const char *secret = reading->overlay->options.pull_secret;
    uint32_t list = irw_mapping_find(tree, node, IRW_STR("imagePullSecrets"),
                                     &reading->budget);
    uint32_t account = irw_mapping_find(
        tree, node, IRW_STR("serviceAccountName"), &reading->budget);

    if (account == IRW_NO_NODE) /* the name that the key had before */
        account = irw_mapping_find(tree, node, IRW_STR("serviceAccount"),
                                   &reading->budget);
    if (account != IRW_NO_NODE) {
        pod->account = copy(reading, irw_tree_value(tree, account));
        if (!pod->account.data)
            fail_memory(reading);
    }
    pod->has_list = list != IRW_NO_NODE &&
                    tree->nodes[list].type == IRW_NODE_SEQUENCE;
    pod->has_secret = secret && irw_has_pull_secret(tree, list, irw_str(secret),
                                                    &reading->budget);
}

/* Adds the pod spec that has the list to which the step leads. */
static void
add_pod(struct manifest_reading *reading, const struct step *list)
{
    struct irw_pod pod = {
        .target = reading->target,
        .pointer = pointer_to(reading, list->outer),
    };

    if (list->walk->has_pod)
        return;
    list->walk->has_pod = true;
    read_pod(reading, list->walk->mapping, &pod);
    if (!pod.pointer.data || !IRW_APPEND(&reading->overlay->pods, pod))
        fail_memory(reading);
}

/* Adds a service account, which may have to name the secret. */
static void
add_account(struct manifest_reading *reading, uint32_t root,
            const struct irw_target *target)
{
    struct irw_pod account = {
        .target = reading->target,
        .pointer = IRW_STR(""),
    };

    read_pod(reading, root, &account);
    account.account = target->name;
    if (!IRW_APPEND(&reading->overlay->accounts, account))
        fail_memory(reading);
}

static void
walk_scalar(struct manifest_reading *reading, uint32_t node,
            const struct step *step)
{
    struct imgrw_overlay *overlay = reading->overlay;
    const struct step *list = find_list(step);
    const imgrw_str *after =
        irw_new_value(&reading->new_values, reading->tree, node);
    bool reached = is_reached(reading, step, list);
    struct irw_image_value value = {
        .target = reading->target,
        .change = IRW_NONE,
    };
    imgrw_str before;

    if (!after && !reached)
        return;
    before = copy(reading, irw_tree_text(reading->tree, node));
    value.after = after ? copy(reading, *after) : before;
    value.pointer = pointer_to(reading, step);
    if (!before.data || !value.after.data || !value.pointer.data ||
        (reached && before.size > 0 &&
         !irw_images_add(&overlay->images, before, value.after,
                         &value.change)) ||
        (after && !IRW_APPEND(&overlay->values, value)))
        fail_memory(reading);
    else if (after && list)
        add_pod(reading, list);
}

/* Adds the pairs of a fragment to the mapping to which the step leads. */
static void
add_pairs(struct manifest_reading *reading, const struct irw_tree *fragment,
          const struct step *step)
{
    struct imgrw_overlay *overlay = reading->overlay;
    struct irw_entries entries = irw_entries(fragment, 0);
    uint32_t key, value;

    while (irw_entries_next(&entries, &key, &value)) {
        const struct irw_node *held = &fragment->nodes[value];
        const struct irw_node_path path = {
            .outer = step ? &step->path : NULL,
            .key = irw_tree_text(fragment, key),
        };
        const struct irw_image_value added = {
            .target = reading->target,
            .pointer = irw_node_path_pointer(&path, &overlay->arena),
            .after = copy(reading,
                          irw_slice(fragment->text, held->start, held->end)),
            .change = IRW_NONE,
            .is_added = true,
        };

        if (!added.pointer.data || !added.after.data ||
            !IRW_APPEND(&overlay->values, added))
            fail_memory(reading);
    }
}

static void
walk_additions(struct manifest_reading *reading, uint32_t mapping,
               const struct step *step)
{
    size_t count;
    const struct irw_addition *added =
        irw_additions_to(&reading->new_values, reading->tree, mapping, &count);

    for (size_t i = 0; i < count; i++)
        add_pairs(reading, added[i].fragment, step);
}

static void walk_node(struct manifest_reading *reading, uint32_t node,
                      const struct step *step);

static void
walk_entry(uint32_t key, uint32_t value, uint32_t via, void *user)
{
    struct mapping_walk *walk = user;
    struct step step = {
        .path = {
            .outer = walk->step ? &walk->step->path : NULL,
            .key = irw_tree_text(walk->reading->tree, key),
        },
        .outer = walk->step,
        .walk = walk,
    };

    if (!step.path.key.data)
        step.path.key.data = "";
    /* An own key before `<<` overrides what is merged, to kustomize. */
    if (via != 0 &&
        irw_own_entry(walk->reading->tree, walk->mapping, step.path.key).key !=
            IRW_NO_NODE)
        return;
    walk_node(walk->reading, value, &step);
}

static void
walk_items(struct manifest_reading *reading, uint32_t list,
           const struct step *outer)
{
    struct step step = {
        .path.outer = outer ? &outer->path : NULL,
        .outer = outer,
    };
    struct irw_items items = irw_items(reading->tree, list);
    uint32_t item;

    while (irw_items_next(&items, &item, &step.path.index))
        walk_node(reading, item, &step);
}

static void
walk_node(struct manifest_reading *reading, uint32_t node,
          const struct step *step)
{
    const struct irw_tree *tree = reading->tree;
    uint32_t held = irw_tree_follow(tree, node);
    struct mapping_walk walk = {reading, step, held, false};
    bool alias = held != node;

    if (reading->status != IMGRW_OK || reading->budget.spent)
        return;
    note_misfit(reading, held, step);
    if (tree->nodes[held].type == IRW_NODE_SCALAR) {
        if (step)
            walk_scalar(reading, node, step);
        return;
    }
    if (reading->depth == IRW_EXPANSION_LEVELS ||
        (alias && !irw_budget_enter(&reading->budget,
                                    tree->nodes[held].next - held))) {
        reading->budget.spent = true;
        return;
    }
    reading->depth++;
    if (tree->nodes[held].type == IRW_NODE_MAPPING) {
        irw_mapping_each(tree, held, &reading->budget, walk_entry, &walk);
        walk_additions(reading, held, step);
    } else
        walk_items(reading, held, step);
    reading->depth--;
    if (alias)
        irw_budget_leave(&reading->budget);
}

/* What kustomize tells resources apart by. */
static struct irw_target
describe(struct manifest_reading *reading, uint32_t root,
         const struct irw_resource *resource)
{
    imgrw_str version = resource->api_version;
    imgrw_str group = irw_resource_group(version);

    if (group.size > 0)
        version = irw_slice(version, group.size + 1, version.size);
    return (struct irw_target){
        .group = copy(reading, group),
        .version = copy(reading, version),
        .kind = copy(reading, resource->kind),
        .name = copy(reading, resource->name),
        .name_space = copy(reading, resource->name_space),
        .at = locate(reading, root),
    };
}

static void
take_resource(struct manifest_reading *reading, uint32_t root,
              const struct irw_resource *resource)
{
    struct irw_targets *targets = &reading->overlay->targets;

    reading->target = targets->list.count;
    reading->status =
        irw_targets_add(targets, &reading->overlay->arena,
                        describe(reading, root, resource), reading->error);
    walk_node(reading, root, NULL);
    if (reading->status == IMGRW_OK &&
        irw_equal(resource->kind, IRW_STR("ServiceAccount")) &&
        irw_resource_group(resource->api_version).size == 0)
        add_account(reading, root, &targets->list.items[reading->target]);
}

/* Whether anything at or below the node changes. */
static bool
has_changed(const struct manifest_reading *reading, uint32_t node)
{
    const struct irw_tree *tree = reading->tree;
    size_t count = 0;

    for (uint32_t i = node; i < tree->nodes[node].next; i++) {
        irw_additions_to(&reading->new_values, tree, i, &count);
        if (count > 0 || irw_new_value(&reading->new_values, tree, i))
            return true;
    }
    return false;
}

/* Whether the resource has a name; kustomize does not take one that the server
 * has to make (generateName). */
static bool
has_name(struct manifest_reading *reading, uint32_t root)
{
    const struct irw_tree *tree = reading->tree;
    uint32_t metadata = irw_mapping_find(tree, root, IRW_STR("metadata"),
                                         &reading->budget);
    uint32_t name = irw_mapping_find(tree, metadata, IRW_STR("name"),
                                     &reading->budget);

    return name != IRW_NO_NODE && irw_tree_value(tree, name).size > 0;
}

/* Whether it is kustomize's own, which may go without an apiVersion. */
static bool
is_kustomization(const struct irw_resource *resource)
{
    return resource->api_version.size > 0
               ? irw_equal(irw_resource_group(resource->api_version),
                           IRW_STR("kustomize.config.k8s.io"))
               : irw_equal(resource->kind, IRW_STR("Kustomization")) ||
                     irw_equal(resource->kind, IRW_STR("Component"));
}

/* Counts a document that is a resource or is not, and refuses what kustomize
 * cannot have. */
static void
count_document(struct manifest_reading *reading, uint32_t root,
               const struct irw_resource *resource, bool is_resource)
{
    const char *why = NULL;

    reading->resources += is_resource;
    reading->others += !is_resource;
    if (!is_resource && has_changed(reading, root))
        why = is_kustomization(resource)    ? "is a kustomization"
              : resource->kind.size > 0 ? "has no name"
                                        : "is no resource";
    else if (reading->resources > 0 && reading->others > 0)
        why = "is in one file with what is no resource";
    if (why)
        reading->status =
            irw_fail(reading->error, IMGRW_ERR_EDIT, locate(reading, root),
                     "kustomize cannot change this document, because it %s; "
                     "use `rewrite`", why);
}

/* Takes a document or an item of a list; kustomize makes resources of these. */
static void
take_document(struct manifest_reading *reading, uint32_t node,
              imgrw_str default_kind, unsigned depth)
{
    const struct irw_tree *tree = reading->tree;
    uint32_t root = irw_tree_follow(tree, node), list, item, index;
    struct irw_resource resource =
        irw_resource_read(tree, root, &reading->budget);
    imgrw_str item_kind;
    bool is_resource;

    if (resource.kind.size == 0)
        resource.kind = default_kind;
    list = irw_resource_items(tree, root, &resource, &item_kind,
                              &reading->budget);
    if (list != IRW_NO_NODE && depth < DEEPEST_LIST) {
        struct irw_items items = irw_items(tree, list);

        while (reading->status == IMGRW_OK &&
               irw_items_next(&items, &item, &index))
            take_document(reading, item, item_kind, depth + 1);
        return;
    }
    is_resource = resource.kind.size > 0 && has_name(reading, root) &&
                  !is_kustomization(&resource);
    count_document(reading, root, &resource, is_resource);
    if (is_resource && reading->status == IMGRW_OK)
        take_resource(reading, root, &resource);
}

static void
take_tree(struct manifest_reading *reading, const struct irw_tree *tree)
{
    reading->tree = tree;
    for (size_t i = 0;
         i < tree->document_count && reading->status == IMGRW_OK; i++) {
        uint32_t root = tree->documents[i].root;

        reading->budget = irw_budget_again();
        if (tree->nodes[root].type != IRW_NODE_SCALAR ||
            irw_tree_value(tree, root).size > 0)
            take_document(reading, root, (imgrw_str){0}, 0);
        if (reading->budget.spent && reading->status == IMGRW_OK)
            reading->status =
                irw_fail(reading->error, IMGRW_ERR_LIMIT,
                         (struct imgrw_location){.path = reading->name},
                         "aliases and merge keys expand too far");
    }
}

/* Takes the bytes from `start` to `end`, which have no image that was searched
 * for, so that the manifest has not kept their trees. */
static void
take_text(struct manifest_reading *reading,
          const struct imgrw_manifest *manifest, size_t start, size_t end)
{
    struct irw_arena arena = {0};
    struct irw_tree tree = {0};

    reading->status = irw_tree_read(
        &irw_libyaml, (struct irw_extract){manifest->source.text, start, end},
        manifest->search.max_depth, &arena, &tree, reading->error);
    if (reading->status == IMGRW_OK)
        take_tree(reading, &tree);
    irw_tree_clear(&tree);
    irw_arena_clear(&arena);
}

static void
take_pieces(struct manifest_reading *reading,
            const struct imgrw_manifest *manifest)
{
    const struct irw_piece *pieces = manifest->pieces;
    size_t at = manifest->source.start, end = manifest->source.text.size;
    size_t i = 0;

    while (at < end && reading->status == IMGRW_OK)
        if (i < manifest->piece_count && pieces[i].start == at) {
            take_tree(reading, &pieces[i].tree);
            at = pieces[i++].end;
        } else {
            size_t next = i < manifest->piece_count ? pieces[i].start : end;

            take_text(reading, manifest, at, next);
            at = next;
        }
}

/* Refuses a stream of JSON, of which kustomize reads the first value, and says
 * nothing of the others. */
static enum imgrw_status
check_stream(struct manifest_reading *reading)
{
    const struct irw_source *source = reading->source;
    size_t end = irw_source_piece_end(source, source->start);
    struct imgrw_location at;

    if (!irw_source_is_within_stream(source, end))
        return IMGRW_OK;
    at = irw_source_locate(source, &reading->cursor, end);
    at.path = reading->name;
    return irw_fail(reading->error, IMGRW_ERR_EDIT, at,
                    "kustomize reads only the first of several JSON values; "
                    "put a line \"---\" before this one, or use `rewrite`");
}

enum imgrw_status
irw_overlay_take(struct imgrw_overlay *overlay, const char *name,
                 const struct imgrw_plan *plan, bool *resources,
                 struct imgrw_error *error)
{
    const struct imgrw_manifest *manifest = imgrw_plan_manifest(plan);
    struct manifest_reading reading = {
        .overlay = overlay,
        .name = name,
        .source = &manifest->source,
        .error = error,
    };

    reading.status = irw_new_values_take(&reading.new_values, plan, error);
    if (reading.status == IMGRW_OK)
        reading.status = check_stream(&reading);
    take_pieces(&reading, manifest);
    irw_new_values_clear(&reading.new_values);
    *resources = reading.resources > 0;
    return reading.status;
}
