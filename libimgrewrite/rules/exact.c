/*
 * Exact references: one image, as a whole, becomes another, as the maps of
 * tools that move images have it.
 */
#include "base/error.h"
#include "base/str.h"
#include "reference/name.h"
#include "rules/set.h"

/* Makes the canonical form, of which the arena has what the text has not. */
static bool
keep_canonical(struct irw_arena *arena, const struct imgrw_reference *parsed,
               struct imgrw_reference *canonical)
{
    struct imgrw_reference_buffer buffer;

    irw_reference_canonical(parsed, &buffer, canonical);
    canonical->registry.data = irw_arena_copy(arena, canonical->registry);
    canonical->repository.data = irw_arena_copy(arena, canonical->repository);
    return canonical->registry.data && canonical->repository.data;
}

enum imgrw_status
irw_rules_keep(struct imgrw_rules *rules, imgrw_str text, imgrw_str *written,
               struct imgrw_reference *canonical, struct imgrw_error *error)
{
    struct imgrw_reference parsed;
    struct imgrw_error why;
    char *copy = irw_arena_copy(&rules->arena, text);

    if (!copy)
        return irw_fail_memory(error);
    *written = (imgrw_str){copy, text.size};
    if (imgrw_reference_parse(*written, &parsed, &why) != IMGRW_OK)
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NOWHERE,
                        "image \"%.*s\": %s", IRW_PRINT(*written),
                        why.message);
    return !canonical || keep_canonical(&rules->arena, &parsed, canonical)
               ? IMGRW_OK
               : irw_fail_memory(error);
}

bool
irw_exact_match(const struct irw_exact *exact,
                const struct imgrw_reference *canonical)
{
    return irw_equal(exact->name.repository, canonical->repository) &&
           irw_equal(exact->name.registry, canonical->registry) &&
           irw_equal(exact->name.tag, canonical->tag) &&
           irw_equal(exact->name.digest, canonical->digest);
}

/* Refuses an entry that has its image become something else than an entry
 * before it in the same map does. */
static enum imgrw_status
check_map(const struct imgrw_rules *rules, const struct irw_exact *exact,
          struct imgrw_error *error)
{
    for (size_t i = irw_rules_next(rules, 0, &exact->name); i != SIZE_MAX;
         i = rules->items[i].same.next - 1) {
        const struct irw_rule *rule = &rules->items[i];

        if (rule->kind == IRW_RULE_EXACT && rule->exact.map == exact->map &&
            irw_exact_match(&rule->exact, &exact->name) &&
            !irw_equal(rule->exact.to, exact->to))
            return irw_fail(error, IMGRW_ERR_RULE, IRW_NOWHERE,
                            "image \"%.*s\" is there twice, to become %.*s and "
                            "%.*s", IRW_PRINT(exact->written),
                            IRW_PRINT(rule->exact.to), IRW_PRINT(exact->to));
    }
    return IMGRW_OK;
}

void
imgrw_rules_begin_map(struct imgrw_rules *rules)
{
    if (rules)
        rules->map_count++;
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
    exact->map = rules->map_count;
    status = check_map(rules, exact, error);
    if (status != IMGRW_OK)
        return status;
    return irw_rules_append(rules, &rule, "image", exact->written, error);
}
