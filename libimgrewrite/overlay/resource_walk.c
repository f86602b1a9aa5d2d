/*
 * kustomize sees a resource with its aliases and merge keys written out, and
 * applies `images:` to every list of containers, whatever the resource is and
 * whatever was searched for images. So the trees that the plan was made for are
 * walked as kustomize sees them; what each scalar becomes, and what is added to
 * a mapping, the plan says.
 */
#include "overlay/resource_walk.h"
#include "base/error.h"
#include "base/str.h"
#include "catalog/pods.h"
#include "kubernetes/pod_spec.h"
#include "yaml/node_path.h"
#include "yaml/scalar.h"

/* A mapping that is being walked. */
struct mapping_walk {
    struct irw_manifest_reading *reading;
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
    bool is_hidden; /* a mapping that is merged merges it itself: `images:` does
                       not see it, unless something else is patched */
};

struct imgrw_location
irw_reading_locate(struct irw_manifest_reading *reading, uint32_t node)
{
    struct imgrw_location at =
        irw_source_locate(reading->source, &reading->cursor,
                          reading->tree->nodes[node].start);

    at.path = reading->name;
    return at;
}

static void
fail_memory(struct irw_manifest_reading *reading)
{
    reading->status = irw_fail_memory(reading->error);
}

imgrw_str
irw_reading_copy(struct irw_manifest_reading *reading, imgrw_str str)
{
    return (imgrw_str){irw_arena_copy(&reading->overlay->arena, str), str.size};
}

static imgrw_str
pointer_to(struct irw_manifest_reading *reading, const struct step *step)
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
is_looked_into(const struct irw_manifest_reading *reading,
               const struct step *list)
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
is_reached(const struct irw_manifest_reading *reading, const struct step *step,
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
note_misfit(struct irw_manifest_reading *reading, uint32_t node,
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
        *misfit = irw_reading_locate(reading, node);
}

/* What a pod spec, or a service account, says of its secrets and its service
 * account. */
static void
read_pod(struct irw_manifest_reading *reading, uint32_t node,
         struct irw_pod *pod)
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
        pod->account = irw_reading_copy(reading, irw_tree_value(tree, account));
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
add_pod(struct irw_manifest_reading *reading, const struct step *list)
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

/* Has `images:` make the change of a text that it matches. Where that is hidden
 * from it, a patch makes the change. */
static bool
match_image(struct irw_images *images, const struct step *step,
            imgrw_str before, struct irw_image_value *value)
{
    if (!irw_images_add(images, before, value->after, &value->change))
        return false;
    images->changes.items[value->change].patched |= step->is_hidden;
    return true;
}

static void
walk_scalar(struct irw_manifest_reading *reading, uint32_t node,
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
    before = irw_reading_copy(reading, irw_tree_text(reading->tree, node));
    value.after = after ? irw_reading_copy(reading, *after) : before;
    value.pointer = pointer_to(reading, step);
    if (!before.data || !value.after.data || !value.pointer.data ||
        (reached && before.size > 0 &&
         !match_image(&overlay->images, step, before, &value)) ||
        (after && !IRW_APPEND(&overlay->values, value)))
        fail_memory(reading);
    else if (after && list)
        add_pod(reading, list);
}

/* Adds the pairs of a fragment to the mapping to which the step leads. */
static void
add_pairs(struct irw_manifest_reading *reading, const struct irw_tree *fragment,
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
            .after = irw_reading_copy(reading,
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
walk_additions(struct irw_manifest_reading *reading, uint32_t mapping,
               const struct step *step)
{
    size_t count;
    const struct irw_addition *added =
        irw_additions_to(&reading->new_values, reading->tree, mapping, &count);

    for (size_t i = 0; i < count; i++)
        add_pairs(reading, added[i].fragment, step);
}

static void walk_node(struct irw_manifest_reading *reading, uint32_t node,
                      const struct step *step);

/* Whether the mapping itself, and none that it merges, merges what is at
 * `via`. */
static bool
merges_itself(const struct irw_tree *tree, uint32_t mapping, uint32_t via)
{
    struct irw_merges merges = irw_merges(tree, mapping);
    uint32_t at, source;

    while (irw_merges_next(&merges, &at, &source))
        if (at == via)
            return true;
    return false;
}

static void
walk_entry(uint32_t key, uint32_t value, uint32_t via, void *user)
{
    struct mapping_walk *walk = user;
    const struct irw_tree *tree = walk->reading->tree;
    struct step step = {
        .path = {
            .outer = walk->step ? &walk->step->path : NULL,
            .key = irw_tree_text(tree, key),
        },
        .outer = walk->step,
        .walk = walk,
        .is_hidden = walk->step && walk->step->is_hidden,
    };

    if (!step.path.key.data)
        step.path.key.data = "";
    /* An own key before `<<` overrides what is merged, to kustomize. */
    if (via != 0 &&
        irw_own_entry(tree, walk->mapping, step.path.key).key != IRW_NO_NODE)
        return;
    step.is_hidden |= via != 0 && !merges_itself(tree, walk->mapping, via);
    walk_node(walk->reading, value, &step);
}

static void
walk_items(struct irw_manifest_reading *reading, uint32_t list,
           const struct step *outer)
{
    struct step step = {
        .path.outer = outer ? &outer->path : NULL,
        .outer = outer,
        .is_hidden = outer && outer->is_hidden,
    };
    struct irw_items items = irw_items(reading->tree, list);
    uint32_t item;

    while (irw_items_next(&items, &item, &step.path.index))
        walk_node(reading, item, &step);
}

static void
walk_node(struct irw_manifest_reading *reading, uint32_t node,
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

void
irw_resource_walk(struct irw_manifest_reading *reading, uint32_t root)
{
    walk_node(reading, root, NULL);
}

void
irw_resource_account(struct irw_manifest_reading *reading, uint32_t root,
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
