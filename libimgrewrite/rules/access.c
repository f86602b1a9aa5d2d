/*
 * What is known of images: whether they can be pulled anonymously.
 */
#include "base/error.h"
#include "base/str.h"
#include "rules/set.h"

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

static enum imgrw_status
check_access(const struct imgrw_rules *rules, enum imgrw_access access,
             struct imgrw_error *error)
{
    if (!rules)
        return irw_fail_null(error, "rules");
    if ((unsigned)access > IMGRW_ACCESS_PRIVATE)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                        "%d is no access of an image", (int)access);
    return IMGRW_OK;
}

enum imgrw_status
imgrw_rules_set_access(struct imgrw_rules *rules, imgrw_str image,
                       enum imgrw_access access, struct imgrw_error *error)
{
    struct irw_known known = {.is_private = access == IMGRW_ACCESS_PRIVATE};
    const struct irw_known *before;
    imgrw_str written;
    enum imgrw_status status = check_access(rules, access, error);

    if (status == IMGRW_OK)
        status = irw_rules_keep(rules, image, &written, &known.name, error);
    if (status != IMGRW_OK || access == IMGRW_ACCESS_UNKNOWN)
        return status;
    before = find_known(rules, &known.name, false);
    if (before && before->is_private != known.is_private)
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NOWHERE,
                        "%.*s is said to be private and to be public",
                        IRW_PRINT(image));
    if (before)
        return IMGRW_OK;
    if (!irw_grow(&rules->known, &rules->known_capacity, rules->known_count + 1,
                  sizeof(*rules->known)))
        return irw_fail_memory(error);
    rules->known[rules->known_count] = known;
    if (!irw_names_add(&rules->known_names, &known.name, rules->known_count,
                       known_item, rules, &rules->arena))
        return irw_fail_memory(error);
    rules->known_count++;
    return IMGRW_OK;
}

enum imgrw_status
imgrw_rules_add_private(struct imgrw_rules *rules, const char *pattern,
                        struct imgrw_error *error)
{
    struct irw_pattern found;
    enum imgrw_status status;

    if (!rules || !pattern)
        return irw_fail_null(error, rules ? "pattern" : "rules");
    status = irw_pattern_parse_glob(irw_str(pattern), "private", &rules->arena,
                                    &found, error);
    if (status != IMGRW_OK)
        return status;
    if (!irw_grow(&rules->private_items, &rules->private_capacity,
                  rules->private_count + 1, sizeof(*rules->private_items)))
        return irw_fail_memory(error);
    rules->private_items[rules->private_count++] = found;
    return IMGRW_OK;
}

enum imgrw_status
imgrw_rules_set_default_access(struct imgrw_rules *rules,
                               enum imgrw_access access,
                               struct imgrw_error *error)
{
    enum imgrw_status status = check_access(rules, access, error);

    if (status == IMGRW_OK)
        rules->assumed = access;
    return status;
}

enum imgrw_access
irw_rules_told(const struct imgrw_rules *rules,
               const struct imgrw_reference *canonical)
{
    const struct irw_known *known = find_known(rules, canonical, true);
    struct irw_match match;

    if (known)
        return known->is_private ? IMGRW_ACCESS_PRIVATE : IMGRW_ACCESS_PUBLIC;
    for (size_t i = 0; i < rules->private_count; i++)
        if (irw_pattern_match(&rules->private_items[i], canonical, &match))
            return IMGRW_ACCESS_PRIVATE;
    return IMGRW_ACCESS_UNKNOWN;
}
