/*
 * Exact references: one image, as a whole, becomes another, as the maps of
 * tools that move images have it. And what is known of single images.
 */
#include "base/error.h"
#include "base/str.h"
#include "reference/reference.h"
#include "rules/rules.h"

/* Parses a reference of a rule and keeps it: as written, and in canonical form
 * where `canonical` is not NULL. */
static enum imgrw_status
keep_reference(struct imgrw_rules *rules, const char *text, imgrw_str *written,
               struct imgrw_reference *canonical, struct imgrw_error *error)
{
    struct imgrw_reference parsed;
    struct imgrw_error why;
    char *copy = irw_arena_copy(&rules->arena, irw_str(text));
    char *buffer = irw_arena_alloc(&rules->arena, IMGRW_REFERENCE_MAX);

    if (!copy || !buffer)
        return irw_fail_memory(error);
    *written = (imgrw_str){copy, strlen(copy)};
    if (imgrw_reference_parse(*written, &parsed, &why) != IMGRW_OK)
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NOWHERE,
                        "image \"%.*s\": %s", IRW_PRINT(*written),
                        why.message);
    if (canonical)
        irw_reference_canonical(&parsed, buffer, canonical);
    return IMGRW_OK;
}

enum imgrw_status
imgrw_rules_add_exact(struct imgrw_rules *rules, const char *image,
                      const char *to, int first, struct imgrw_error *error)
{
    struct irw_rule rule = {.kind = IRW_RULE_EXACT};
    struct irw_exact *exact = &rule.exact;
    enum imgrw_status status = keep_reference(rules, image, &exact->written,
                                              &exact->name, error);

    if (status == IMGRW_OK)
        status = keep_reference(rules, to, &exact->to, NULL, error);
    if (status != IMGRW_OK)
        return status;
    rules->map_count += first || rules->map_count == 0;
    exact->map = rules->map_count;
    return irw_rules_append(rules, &rule, "image", exact->written, error);
}

static bool
is_same_name(const struct imgrw_reference *one,
             const struct imgrw_reference *other)
{
    return irw_equal(one->repository, other->repository) &&
           irw_equal(one->registry, other->registry);
}

bool
irw_exact_match(const struct irw_exact *exact,
                const struct imgrw_reference *canonical)
{
    return is_same_name(&exact->name, canonical) &&
           irw_equal(exact->name.tag, canonical->tag) &&
           irw_equal(exact->name.digest, canonical->digest);
}

/* What was said of the very image, or of its name; NULL: nothing. */
static const struct irw_known *
find_known(const struct imgrw_rules *rules,
           const struct imgrw_reference *canonical, bool any)
{
    const struct irw_known *of_name = NULL;

    for (size_t i = irw_names_find(&rules->known_names, canonical);
         i != SIZE_MAX; i = rules->known[i].same.next - 1) {
        const struct imgrw_reference *name = &rules->known[i].name;

        if (irw_equal(name->tag, canonical->tag) &&
            irw_equal(name->digest, canonical->digest))
            return &rules->known[i];
        if (name->tag.size + name->digest.size == 0)
            of_name = &rules->known[i];
    }
    return any ? of_name : NULL;
}

/* An irw_same_name_fn. */
static struct irw_same_name *
known_item(void *user, size_t index)
{
    struct imgrw_rules *rules = user;

    return &rules->known[index].same;
}

enum imgrw_status
imgrw_rules_add_known(struct imgrw_rules *rules, const char *image,
                      enum imgrw_access access, struct imgrw_error *error)
{
    struct irw_known known = {.is_private = access == IMGRW_ACCESS_PRIVATE};
    const struct irw_known *before;
    void *items = rules->known;
    imgrw_str written;
    enum imgrw_status status =
        keep_reference(rules, image, &written, &known.name, error);

    if (status != IMGRW_OK || access == IMGRW_ACCESS_UNKNOWN)
        return status;
    before = find_known(rules, &known.name, false);
    if (before && before->is_private != known.is_private)
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NOWHERE,
                        "%s is said to be private and to be public", image);
    if (before)
        return IMGRW_OK;
    if (!irw_grow(&items, &rules->known_capacity, rules->known_count + 1,
                  sizeof(*rules->known)))
        return irw_fail_memory(error);
    rules->known = items;
    rules->known[rules->known_count] = known;
    if (!irw_names_add(&rules->known_names, &known.name, rules->known_count,
                       known_item, rules, &rules->arena))
        return irw_fail_memory(error);
    rules->known_count++;
    return IMGRW_OK;
}

enum imgrw_access
imgrw_rules_known(const struct imgrw_rules *rules,
                  const struct imgrw_reference *image)
{
    char buffer[IMGRW_REFERENCE_MAX];
    struct imgrw_reference canonical;
    const struct irw_known *known;

    if (rules->known_count == 0)
        return IMGRW_ACCESS_UNKNOWN;
    irw_reference_canonical(image, buffer, &canonical);
    known = find_known(rules, &canonical, true);
    if (!known)
        return IMGRW_ACCESS_UNKNOWN;
    return known->is_private ? IMGRW_ACCESS_PRIVATE : IMGRW_ACCESS_PUBLIC;
}
