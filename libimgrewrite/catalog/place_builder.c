#include "catalog/place_builder.h"
#include "base/error.h"
#include "base/str.h"

/* How many places the paths of one builder may make: each "*" may double
 * them. */
#define PLACES_MAX 100000

struct addition {
    const struct irw_path_steps *steps;
    bool enters_lists;
    struct irw_place_end end;
    struct irw_arena *arena;
    size_t made;
};

static struct irw_place_builder *
new_builder(struct addition *addition, imgrw_str key)
{
    struct irw_place_builder *builder;

    if (addition->made++ == PLACES_MAX)
        return NULL;
    builder = irw_arena_calloc(addition->arena, 1, sizeof(*builder));
    if (builder)
        builder->key = key;
    return builder;
}

/* Copies everything below `from` to `to`, which is new. */
static bool
copy_below(struct addition *addition, const struct irw_place_builder *from,
           struct irw_place_builder *to)
{
    struct irw_place_builder **end = &to->children;

    to->end = from->end;
    to->enters_lists = from->enters_lists;
    for (const struct irw_place_builder *child = from->children; child;
         child = child->next) {
        *end = new_builder(addition, child->key);
        if (!*end || !copy_below(addition, child, *end))
            return false;
        end = &(*end)->next;
    }
    if (!from->any)
        return true;
    to->any = new_builder(addition, (imgrw_str){0});
    return to->any && copy_below(addition, from->any, to->any);
}

/* The child of `builder` for a named key. A new child starts as a copy of what
 * "*" leads to, because that applies to its key as well. */
static struct irw_place_builder *
named_child(struct addition *addition, struct irw_place_builder *builder,
            imgrw_str key)
{
    struct irw_place_builder **at = &builder->children;

    while (*at && !irw_equal((*at)->key, key))
        at = &(*at)->next;
    if (*at)
        return *at;
    *at = new_builder(addition, key);
    if (*at && builder->any && !copy_below(addition, builder->any, *at))
        return NULL;
    return *at;
}

static size_t
count_companions(const struct irw_companions *companions)
{
    size_t count = 0;

    while (companions && companions[count].key.data)
        count++;
    return count;
}

/* Adds the companions that are new to `end`, in an array of its own: copies of
 * `end` may share the old one. */
static bool
add_companions(struct addition *addition, struct irw_place_end *end)
{
    const struct irw_companions *new = addition->end.companions;
    size_t count = count_companions(end->companions);
    struct irw_companions *companions =
        irw_arena_calloc(addition->arena, count + count_companions(new) + 1,
                         sizeof(*companions));

    if (!companions)
        return false;
    if (count > 0)
        memcpy(companions, end->companions, count * sizeof(*companions));
    for (; new->key.data; new++) {
        size_t i = 0;

        while (i < count && !irw_equal(companions[i].key, new->key))
            i++;
        if (i == count)
            companions[count++] = *new;
    }
    end->companions = companions;
    return true;
}

/* Adds the field of the addition to `end`, whose others copies may share. */
static bool
add_asked(struct addition *addition, struct irw_place_end *end)
{
    struct irw_asked_field *field =
        irw_arena_alloc(addition->arena, sizeof(*field));

    if (field)
        *field = (struct irw_asked_field){addition->end.asked->number,
                                          end->asked};
    end->asked = field;
    return field;
}

static bool
add_end(struct addition *addition, struct irw_place_end *end)
{
    if (end->shape == IRW_SHAPE_NONE && !end->place)
        *end = addition->end;
    else if (addition->end.asked && !add_asked(addition, end))
        return false;
    return !addition->end.companions || add_companions(addition, end);
}

/* Adds the steps from number `index` on below `builder`; false when there are
 * too many places or memory is out. */
static bool
add_steps(struct addition *addition, struct irw_place_builder *builder,
          size_t index)
{
    const struct irw_path_step *step = &addition->steps->at[index];
    struct irw_place_builder *next;

    builder->enters_lists |= addition->enters_lists;
    if (index > 0)
        builder->enters_lists |= step[-1].list;
    if (index == addition->steps->count)
        return add_end(addition, &builder->end);
    if (!step->any) {
        next = named_child(addition, builder, step->key);
        return next && add_steps(addition, next, index + 1);
    }
    /* "*" is any key, so the keys that have a way of their own go it as well */
    for (next = builder->children; next; next = next->next)
        if (!add_steps(addition, next, index + 1))
            return false;
    if (!builder->any)
        builder->any = new_builder(addition, (imgrw_str){0});
    return builder->any && add_steps(addition, builder->any, index + 1);
}

enum imgrw_status
irw_place_builder_add(struct irw_place_builder *root,
                      const struct irw_path_steps *steps, bool enters_lists,
                      struct irw_place_end end, struct irw_arena *arena,
                      struct imgrw_error *error)
{
    struct addition addition = {steps, enters_lists, end, arena, 0};

    if (add_steps(&addition, root, 0))
        return IMGRW_OK;
    if (addition.made > PLACES_MAX)
        return irw_fail(error, IMGRW_ERR_LIMIT, IRW_NO_LOCATION,
                        "the fields with \"*\" make more than %d places",
                        PLACES_MAX);
    return irw_fail_memory(error);
}

/* Gives the place its steps: one for each named child. */
static bool
finish_steps(const struct irw_place_builder *builder, struct irw_place *place,
             struct irw_arena *arena)
{
    struct irw_step *step;

    for (const struct irw_place_builder *child = builder->children; child;
         child = child->next)
        place->step_count++;
    step = irw_arena_alloc(arena, place->step_count * sizeof(*step));
    place->steps = step;
    if (!step)
        return false;
    for (const struct irw_place_builder *child = builder->children; child;
         child = child->next, step++) {
        *step = (struct irw_step){child->key,
                                  irw_place_builder_finish(child, arena)};
        if (!step->to)
            return false;
    }
    return true;
}

const struct irw_place *
irw_place_builder_finish(const struct irw_place_builder *builder,
                         struct irw_arena *arena)
{
    struct irw_place *place;

    if (builder->end.place)
        return builder->end.place;
    place = irw_arena_calloc(arena, 1, sizeof(*place));
    if (!place || !finish_steps(builder, place, arena))
        return NULL;
    place->shape = builder->end.shape;
    place->image_class = builder->end.image_class;
    place->companions = builder->end.companions;
    place->target = builder->end.target;
    place->asked = builder->end.asked;
    if (builder->enters_lists)
        place->item = place;
    if (builder->any)
        place->other = irw_place_builder_finish(builder->any, arena);
    return builder->any && !place->other ? NULL : place;
}
