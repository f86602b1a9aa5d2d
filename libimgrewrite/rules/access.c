#include "rules/access.h"
#include "base/error.h"
#include "base/str.h"
#include "reference/name.h"
#include "reference/placeholder.h"
#include "rules/set.h"

/* An image whose access is set. */
struct known_image {
    struct imgrw_reference name; /* canonical */
    enum imgrw_access access;
};

/* What was said of the very image or, if `of_name`, else of its name. */
static enum imgrw_access
find_image(const struct irw_access_settings *settings,
           const struct imgrw_reference *canonical, bool of_name)
{
    enum imgrw_access found = IMGRW_ACCESS_UNKNOWN;
    const struct imgrw_reference name = irw_reference_name(canonical);
    const struct irw_named *named = irw_named_find(&settings->images, &name);

    for (; named; named = named->next) {
        const struct known_image *known = named->item;

        if (irw_reference_same(&known->name, canonical))
            return known->access;
        if (of_name && known->name.tag.size + known->name.digest.size == 0)
            found = known->access;
    }
    return found;
}

enum imgrw_access
irw_access_of(const struct irw_access_settings *settings,
              const struct imgrw_reference *canonical)
{
    enum imgrw_access access = find_image(settings, canonical, true);

    if (access == IMGRW_ACCESS_UNKNOWN &&
        irw_pattern_index_matches(&settings->private, canonical))
        return IMGRW_ACCESS_PRIVATE;
    return access;
}

bool
irw_access_may_differ(const struct irw_access_settings *settings,
                      const struct imgrw_reference *canonical,
                      enum imgrw_access access)
{
    const struct imgrw_reference name = irw_reference_name(canonical);
    const struct irw_named *named = irw_named_find(&settings->images, &name);

    for (; named; named = named->next) {
        const struct known_image *known = named->item;

        if (known->access != access &&
            known->name.tag.size + known->name.digest.size > 0 &&
            irw_placeholder_may_be(canonical->tag, known->name.tag) &&
            irw_placeholder_may_be(canonical->digest, known->name.digest))
            return true;
    }
    return false;
}

static enum imgrw_status
check_access(const struct imgrw_rules *rules, enum imgrw_access access,
             struct imgrw_error *error)
{
    if (!rules)
        return irw_fail_null(error, "rules");
    if ((unsigned)access > IMGRW_ACCESS_PRIVATE)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "%d is no access of an image", (int)access);
    return IMGRW_OK;
}

enum imgrw_status
imgrw_rules_set_access(struct imgrw_rules *rules, imgrw_str image,
                       enum imgrw_access access, struct imgrw_error *error)
{
    struct known_image found = {.access = access}, *known;
    struct imgrw_reference name;
    enum imgrw_access before;
    imgrw_str written;
    enum imgrw_status status = check_access(rules, access, error);

    if (status == IMGRW_OK)
        status = irw_rules_keep(rules, image, &written, &found.name, error);
    if (status != IMGRW_OK || access == IMGRW_ACCESS_UNKNOWN)
        return status;
    before = find_image(&rules->access, &found.name, false);
    if (before != IMGRW_ACCESS_UNKNOWN && before != access)
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                        "%.*s is said to be private and to be public",
                        IRW_PRINT(image));
    if (before == access)
        return IMGRW_OK;
    known = irw_arena_alloc(&rules->arena, sizeof(*known));
    if (!known)
        return irw_fail_memory(error);
    *known = found;
    name = irw_reference_name(&found.name);
    return irw_named_add(&rules->access.images, &name, known, &rules->arena)
               ? IMGRW_OK
               : irw_fail_memory(error);
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
    return irw_pattern_index_add(&rules->access.private, &found, NULL,
                                 &rules->arena)
               ? IMGRW_OK
               : irw_fail_memory(error);
}

enum imgrw_status
imgrw_rules_set_default_access(struct imgrw_rules *rules,
                               enum imgrw_access access,
                               struct imgrw_error *error)
{
    enum imgrw_status status = check_access(rules, access, error);

    if (status == IMGRW_OK)
        rules->access.default_access = access;
    return status;
}
