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

static enum imgrw_status
add_image(struct irw_map *images, const struct irw_rule *rule,
          const struct imgrw_image *image, imgrw_str text,
          struct imgrw_error *error)
{
    const struct imgrw_image *first =
        (const struct imgrw_image *)irw_map_get(images, text);
    struct imgrw_reference one, other = origin(rule, image);

    if (!first)
        return irw_map_set(images, text, (uintptr_t)image)
                   ? IMGRW_OK
                   : irw_fail_memory(error);
    one = origin(rule, first);
    if (imgrw_reference_equal(&one, &other))
        return IMGRW_OK;
    return irw_fail(error, IMGRW_ERR_RULE, image->at,
                    "%.*s would become %.*s, and so does %.*s (%.60s:%u:%u), "
                    "which is another image",
                    IRW_PRINT(image->text), IRW_PRINT(text),
                    IRW_PRINT(first->text), first->at.path,
                    (unsigned)first->at.line, (unsigned)first->at.column);
}

enum imgrw_status
irw_collisions_add(struct irw_map *images, const struct imgrw_plan *plan,
                   struct imgrw_error *error)
{
    const struct imgrw_manifest *manifest = imgrw_plan_manifest(plan);
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0;
         i < imgrw_manifest_count(manifest) && status == IMGRW_OK; i++) {
        const struct imgrw_image *image = imgrw_manifest_image(manifest, i);
        const struct imgrw_outcome *outcome =
            &imgrw_plan_decision(plan, i)->outcome;
        const struct irw_rule *rule =
            find_mover(imgrw_plan_rules(plan), image, outcome);

        if (rule)
            status = add_image(images, rule, image, outcome->text, error);
    }
    return status;
}
