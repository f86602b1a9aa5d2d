/*
 * Exact references, as the maps of tools that move images have them.
 */
#include "base/error.h"
#include "base/str.h"
#include "reference/name.h"
#include "rules/set.h"

/* Refuses an entry that has its image become something else than an earlier
 * entry of the same map does. */
static enum imgrw_status
check_map(const struct imgrw_rules *rules, const struct irw_exact *exact,
          struct imgrw_error *error)
{
    const struct imgrw_reference name = irw_reference_name(&exact->name);
    const struct irw_named *named = irw_named_find(&rules->names, &name);

    for (; named; named = named->next) {
        const struct irw_rule *rule = named->item;

        if (rule->kind == IRW_RULE_EXACT && rule->exact.map == exact->map &&
            irw_reference_same(&rule->exact.name, &exact->name) &&
            !irw_equal(rule->exact.to, exact->to))
            return irw_fail(error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                            "image \"%.*s\" is there twice, to become %.*s and "
                            "%.*s",
                            IRW_PRINT(exact->written),
                            IRW_PRINT(rule->exact.to), IRW_PRINT(exact->to));
    }
    return IMGRW_OK;
}

void
imgrw_rules_begin_map(struct imgrw_rules *rules)
{
    if (rules)
        rules->map++;
}

enum imgrw_status
imgrw_rules_add_exact(struct imgrw_rules *rules, imgrw_str image, imgrw_str to,
                      struct imgrw_error *error)
{
    struct irw_rule rule = {.kind = IRW_RULE_EXACT};
    struct irw_exact *exact = &rule.exact;
    enum imgrw_status status;

    if (!rules)
        return irw_fail_null(error, "rules");
    status = irw_rules_keep(rules, image, &exact->written, &exact->name, error);
    if (status == IMGRW_OK)
        status = irw_rules_keep(rules, to, &exact->to, NULL, error);
    if (status != IMGRW_OK)
        return status;
    exact->map = rules->map;
    status = check_map(rules, exact, error);
    if (status != IMGRW_OK)
        return status;
    return irw_rules_append(rules, &rule, "image", exact->written, error);
}
