#include "files/collide.h"
#include "base/error.h"
#include "base/str.h"
#include "reference/name.h"
#include "reference/parse.h"
#include "rules/preset_name.h"
#include "rules/set.h"

/* The prefix rule or preset that made the reference alone, unless a digest
 * vouches for it; else NULL. */
static const struct irw_rule *
find_mover(const struct imgrw_rules *rules, const struct imgrw_image *image,
           const struct imgrw_outcome *outcome)
{
    const struct irw_rule *rule;

    if (outcome->result != IMGRW_REWRITTEN || outcome->rule_count != 1 ||
        image->reference.digest.size > 0)
        return NULL;
    rule = rules->list.items[outcome->rules[0]];
    return rule->kind == IRW_RULE_PREFIX || rule->kind == IRW_RULE_PRESET ||
                   rule->kind == IRW_RULE_ANY
               ? rule
               : NULL;
}

/* The reference of the image or, where the rule takes it out of a location of
 * the same layout, of what it is called elsewhere. */
static struct imgrw_reference
origin(const struct irw_rule *rule, const struct imgrw_image *image)
{
    struct irw_preset_image written = {
        .text = image->text,
        .reference = image->reference,
    };
    struct imgrw_reference found = image->reference;
    struct imgrw_reference_buffer buffer;
    imgrw_str inner;
    bool filled_in;

    if (rule->kind != IRW_RULE_PRESET)
        return found;
    irw_reference_canonical(&image->reference, &buffer, &written.canonical);
    inner = irw_preset_unwrap(rule->preset, &written);
    return inner.size > 0 &&
                   irw_reference_read(inner, &found, &filled_in, NULL) ==
                       IMGRW_OK
               ? found
               : image->reference;
}

/* An image that is being added. */
struct added {
    struct irw_collisions *images;
    const struct irw_rule *rule;
    const struct imgrw_image *image;
    imgrw_str text, name; /* what it becomes; the name of that */
};

/* The image that the map has, or NULL. */
static const struct imgrw_image *
find_image(const struct irw_map *map, imgrw_str key)
{
    return (const struct imgrw_image *)irw_map_get(map, key);
}

/* Whether both come from one reference or, for names alone, from one name. */
static bool
have_one_origin(const struct added *added, const struct imgrw_image *image,
                bool names)
{
    struct imgrw_reference one = origin(added->rule, added->image);
    struct imgrw_reference other = origin(added->rule, image);

    if (names) {
        one = irw_reference_name(&one);
        other = irw_reference_name(&other);
    }
    return imgrw_reference_equal(&one, &other);
}

static enum imgrw_status
fail_collision(const struct added *added, const struct imgrw_image *first,
               const char *what, struct imgrw_error *error)
{
    return irw_fail(error, IMGRW_ERR_RULE, added->image->at,
                    "%.*s would become %.*s, and so does %.*s (%.60s:%u:%u), "
                    "which is another image%s",
                    IRW_PRINT(added->image->text), IRW_PRINT(added->text),
                    IRW_PRINT(first->text), first->at.path,
                    (unsigned)first->at.line, (unsigned)first->at.column, what);
}

/* The image of the map that has the new name and another origin; NULL: there is
 * none. */
static const struct imgrw_image *
find_stranger(const struct added *added, const struct irw_map *map)
{
    const struct imgrw_image *first = find_image(map, added->name);

    return first && !have_one_origin(added, first, true) ? first : NULL;
}

/* An image that was added with the same name, of another origin, of which the
 * tag may be the same as well once it is filled in. */
static const struct imgrw_image *
find_possible(const struct added *added)
{
    struct irw_collisions *images = added->images;
    const struct imgrw_image *found;

    if (added->image->reason != IMGRW_REASON_FILLED_IN)
        return find_stranger(added, &images->filled_in);
    found = find_stranger(added, &images->names);
    return found ? found : find_stranger(added, &images->others);
}

/* Notes the first image of a name, and the first of another origin. */
static bool
note_name(const struct added *added)
{
    struct irw_collisions *images = added->images;
    uintptr_t image = (uintptr_t)added->image;
    struct irw_map *map = &images->names;

    if (find_stranger(added, map))
        map = &images->others;
    return (find_image(map, added->name) ||
            irw_map_set(map, added->name, image)) &&
           (added->image->reason != IMGRW_REASON_FILLED_IN ||
            find_image(&images->filled_in, added->name) ||
            irw_map_set(&images->filled_in, added->name, image));
}

/* Copies the image, where its plan does not outlive the set. */
static bool
keep_image(struct added *added)
{
    struct irw_arena *arena = added->images->arena;
    struct imgrw_image *kept;
    bool filled_in;

    if (!arena)
        return true;
    kept = irw_arena_calloc(arena, 1, sizeof(*kept));
    if (!kept)
        return false;
    *kept = (struct imgrw_image){
        .text = added->image->text,
        .reason = added->image->reason,
        .at = added->image->at,
    };
    added->image = kept;
    if (!irw_arena_keep(arena, &kept->text) ||
        !irw_arena_keep(arena, &added->text))
        return false;
    added->name.data = added->text.data;
    return irw_reference_read(kept->text, &kept->reference, &filled_in, NULL) ==
           IMGRW_OK;
}

static enum imgrw_status
add_image(struct added *added, struct imgrw_error *error)
{
    struct irw_collisions *images = added->images;
    const struct imgrw_image *first = find_image(&images->texts, added->text);
    struct imgrw_reference reference = {{0}, {0}, {0}, {0}};
    imgrw_str path;
    bool filled_in;

    if (first)
        return have_one_origin(added, first, false)
                   ? IMGRW_OK
                   : fail_collision(added, first, "", error);
    if (irw_reference_read(added->text, &reference, &filled_in, NULL) !=
        IMGRW_OK)
        return IMGRW_OK;
    path = reference.repository;
    added->name = irw_slice(added->text, 0,
                            (size_t)(path.data + path.size -
                                     added->text.data));
    first = find_possible(added);
    if (first)
        return fail_collision(added, first, ", once its tag is filled in",
                              error);
    return keep_image(added) &&
                   irw_map_set(&images->texts, added->text,
                               (uintptr_t)added->image) &&
                   note_name(added)
               ? IMGRW_OK
               : irw_fail_memory(error);
}

enum imgrw_status
irw_collisions_add(struct irw_collisions *images, const struct imgrw_plan *plan,
                   struct imgrw_error *error)
{
    const struct imgrw_manifest *manifest = imgrw_plan_manifest(plan);
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0;
         i < imgrw_manifest_count(manifest) && status == IMGRW_OK; i++) {
        const struct imgrw_image *image = imgrw_manifest_image(manifest, i);
        const struct imgrw_outcome *outcome =
            &imgrw_plan_decision(plan, i)->outcome;
        struct added added = {
            .images = images,
            .rule = find_mover(imgrw_plan_rules(plan), image, outcome),
            .image = image,
            .text = outcome->text,
        };

        if (added.rule)
            status = add_image(&added, error);
    }
    return status;
}

void
irw_collisions_clear(struct irw_collisions *images)
{
    irw_map_clear(&images->texts);
    irw_map_clear(&images->names);
    irw_map_clear(&images->others);
    irw_map_clear(&images->filled_in);
}
