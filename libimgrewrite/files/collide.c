#include "files/collide.h"
#include "base/error.h"
#include "base/str.h"
#include "rules/set.h"

/* Whether a prefix rule or a preset alone made the reference, and no digest
 * vouches for it. */
static bool
may_collide(const struct imgrw_rules *rules, const struct imgrw_image *image,
            const struct imgrw_outcome *outcome)
{
    enum irw_rule_kind kind;

    if (outcome->result != IMGRW_REWRITTEN || outcome->rule_count != 1 ||
        image->reference.digest.size > 0)
        return false;
    kind = rules->list.items[outcome->rules[0]]->kind;
    return kind == IRW_RULE_PREFIX || kind == IRW_RULE_PRESET;
}

static enum imgrw_status
add_image(struct irw_map *images, const struct imgrw_image *image,
          imgrw_str text, struct imgrw_error *error)
{
    const struct imgrw_image *first =
        (const struct imgrw_image *)irw_map_get(images, text);

    if (!first)
        return irw_map_set(images, text, (uintptr_t)image)
                   ? IMGRW_OK
                   : irw_fail_memory(error);
    if (imgrw_reference_equal(&first->reference, &image->reference))
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

        if (may_collide(imgrw_plan_rules(plan), image, outcome))
            status = add_image(images, image, outcome->text, error);
    }
    return status;
}
