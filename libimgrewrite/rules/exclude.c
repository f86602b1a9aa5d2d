/*
 * Excludes: images that no rule may change.
 */
#include "base/error.h"
#include "base/str.h"
#include "rules/set.h"

enum imgrw_status
imgrw_rules_add_exclude(struct imgrw_rules *rules, const char *pattern,
                        struct imgrw_error *error)
{
    struct irw_rule rule = {.kind = IRW_RULE_EXCLUDE};
    enum imgrw_status status;

    if (!rules || !pattern)
        return irw_fail_null(error, rules ? "pattern" : "rules");
    status = irw_pattern_parse_glob(irw_str(pattern), "exclude", &rules->arena,
                                    &rule.exclude, error);
    if (status != IMGRW_OK)
        return status;
    return irw_rules_append(rules, &rule, "exclude", irw_str(pattern), error);
}
