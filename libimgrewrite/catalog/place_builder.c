#include "catalog/place_builder.h"
#include "base/error.h"
#include "base/str.h"

/* How many places all the paths of a draft may make: stars double them. */
#define PLACES_MAX 100000

struct drafting {
    const struct irw_path_steps *steps;
    bool enters_lists;
    struct irw_place_end leaf;
    struct irw_arena *arena;
    size_t made;
};

static struct irw_place_builder *
new_draft(struct drafting *drafting, imgrw_str key)
{
    struct irw_place_builder *draft;

    if (drafting->made++ == PLACES_MAX)
        return NULL;
    draft = irw_arena_calloc(drafting->arena, 1, sizeof(*draft));
    if (draft)
        draft->key = key;
    return draft;
}

/* Copies what lies below `from` to `to`, which is new. */
static bool
copy_below(struct drafting *drafting, const struct irw_place_builder *from,
           struct irw_place_builder *to)
{
    struct irw_place_builder **end = &to->children;

    to->leaf = from->leaf;
    to->enters_lists = from->enters_lists;
    for (const struct irw_place_builder *child = from->children; child;
         child = child->next) {
        *end = new_draft(drafting, child->key);
        if (!*end || !copy_below(drafting, child, *end))
            return false;
        end = &(*end)->next;
    }
    if (!from->any)
        return true;
    to->any = new_draft(drafting, (imgrw_str){0});
    return to->any && copy_below(drafting, from->any, to->any);
}

/* The draft below `draft` for a named key, made where it is missing. */
static struct irw_place_builder *
named_child(struct drafting *drafting, struct irw_place_builder *draft,
            imgrw_str key)
{
    struct irw_place_builder **at = &draft->children;

    while (*at && !irw_equal((*at)->key, key))
        at = &(*at)->next;
    if (*at)
        return *at;
    *at = new_draft(drafting, key);
    if (*at && draft->any && !copy_below(drafting, draft->any, *at))
        return NULL;
    return *at;
}

static size_t
count_joints(const struct irw_sibling_tag *joints)
{
    size_t count = 0;

    while (joints && joints[count].key.data)
        count++;
    return count;
}

/* Adds to the leaf the joints that are new; it may share its own with copies of
 * itself. */
static bool
add_joints(struct drafting *drafting, struct irw_place_end *leaf)
{
    const struct irw_sibling_tag *new = drafting->leaf.joints;
    size_t count = count_joints(leaf->joints);
    struct irw_sibling_tag *joints = irw_arena_calloc(
        drafting->arena, count + count_joints(new) + 1, sizeof(*joints));

    if (!joints)
        return false;
    if (count > 0)
        memcpy(joints, leaf->joints, count * sizeof(*joints));
    for (; new->key.data; new++) {
        size_t i = 0;

        while (i < count && !irw_equal(joints[i].key, new->key))
            i++;
        if (i == count)
            joints[count++] = *new;
    }
    leaf->joints = joints;
    return true;
}

/* Goes on from `draft` with the step number `index`; false when there is no
 * room. */
static bool
add_steps(struct drafting *drafting, struct irw_place_builder *draft,
          size_t index)
{
    const struct irw_path_step *step = &drafting->steps->at[index];
    struct irw_place_builder *next;

    draft->enters_lists |= drafting->enters_lists;
    if (index > 0)
        draft->enters_lists |= step[-1].list;
    if (index == drafting->steps->count) {
        if (draft->leaf.shape == IRW_SHAPE_NONE && !draft->leaf.place)
            draft->leaf = drafting->leaf;
        return !drafting->leaf.joints || add_joints(drafting, &draft->leaf);
    }
    if (!step->any) {
        next = named_child(drafting, draft, step->key);
        return next && add_steps(drafting, next, index + 1);
    }
    for (next = draft->children; next; next = next->next)
        if (!add_steps(drafting, next, index + 1))
            return false;
    if (!draft->any)
        draft->any = new_draft(drafting, (imgrw_str){0});
    return draft->any && add_steps(drafting, draft->any, index + 1);
}

enum imgrw_status
irw_place_builder_add(struct irw_place_builder *root,
                      const struct irw_path_steps *steps, bool enters_lists,
                      struct irw_place_end leaf, struct irw_arena *arena,
                      struct imgrw_error *error)
{
    struct drafting drafting = {steps, enters_lists, leaf, arena, 0};

    if (add_steps(&drafting, root, 0))
        return IMGRW_OK;
    if (drafting.made > PLACES_MAX)
        return irw_fail(error, IMGRW_ERR_LIMIT, IRW_NOWHERE,
                        "the fields with \"*\" make more than %d places",
                        PLACES_MAX);
    return irw_fail_memory(error);
}

/* Gives the place its steps: one for each named child. */
static bool
finish_steps(const struct irw_place_builder *draft, struct irw_place *place,
             struct irw_arena *arena)
{
    struct irw_step *step;

    for (const struct irw_place_builder *child = draft->children; child;
         child = child->next)
        place->step_count++;
    step = irw_arena_alloc(arena, place->step_count * sizeof(*step));
    place->steps = step;
    if (!step)
        return false;
    for (const struct irw_place_builder *child = draft->children; child;
         child = child->next, step++) {
        *step = (struct irw_step){child->key,
                                  irw_place_builder_finish(child, arena)};
        if (!step->to)
            return false;
    }
    return true;
}

const struct irw_place *
irw_place_builder_finish(const struct irw_place_builder *draft,
                         struct irw_arena *arena)
{
    struct irw_place *place;

    if (draft->leaf.place)
        return draft->leaf.place;
    place = irw_arena_calloc(arena, 1, sizeof(*place));
    if (!place || !finish_steps(draft, place, arena))
        return NULL;
    place->shape = draft->leaf.shape;
    place->image_class = draft->leaf.image_class;
    place->joints = draft->leaf.joints;
    if (draft->enters_lists)
        place->item = place;
    if (draft->any)
        place->other = irw_place_builder_finish(draft->any, arena);
    return draft->any && !place->other ? NULL : place;
}
