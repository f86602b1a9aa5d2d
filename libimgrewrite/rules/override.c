/*
 * Overrides: the entries of a kustomization's `images:`, with the results of
 * kustomize 5.8.1 and names that are literal and normalised.
 */
#include "rules/set.h"
#include "base/error.h"
#include "base/sizes.h"
#include "base/str.h"
#include "reference/name.h"

#include <stdio.h>

static enum imgrw_status
fail_override(struct imgrw_error *error, const char *field, imgrw_str value,
              const char *why)
{
    return irw_fail(error, IMGRW_ERR_RULE, IRW_NOWHERE, "%s \"%.*s\": %s",
                    field, IRW_PRINT(value), why);
}

/* Copies a string of the caller's into the rules. */
static bool
keep(struct imgrw_rules *rules, const char *text, imgrw_str *kept)
{
    imgrw_str str = irw_str(text);

    *kept = (imgrw_str){irw_arena_copy(&rules->arena, str), str.size};
    return kept->data != NULL;
}

/* Checks a tag or a digest by putting it behind a name; `mark` is what stands
 * between the two. */
static enum imgrw_status
check_part(const char *field, const char *mark, imgrw_str value,
           struct imgrw_error *error)
{
    char text[IMGRW_REFERENCE_MAX];
    bool is_tag = mark[0] == ':';
    struct imgrw_reference parsed;
    struct imgrw_error why;
    int size;

    if (value.size == 0)
        return IMGRW_OK;
    size = snprintf(text, sizeof(text), "x%s%.*s", mark, (int)value.size,
                    value.data);
    if (size < 0 || (size_t)size >= sizeof(text))
        return fail_override(error, field, value, "too long");
    if (imgrw_reference_parse((imgrw_str){text, (size_t)size}, &parsed, &why) !=
        IMGRW_OK)
        return fail_override(error, field, value, why.message);
    if (is_tag && parsed.digest.size > 0)
        return fail_override(error, field, value, "a tag has no digest in it");
    return IMGRW_OK;
}

static enum imgrw_status
check_new_name(imgrw_str value, struct imgrw_error *error)
{
    struct imgrw_reference parsed;
    struct imgrw_error why;

    if (value.size == 0)
        return IMGRW_OK;
    if (memmem(value.data, value.size, "://", 3))
        return fail_override(error, "newName", value,
                             "a registry has no scheme");
    if (imgrw_reference_parse(value, &parsed, &why) != IMGRW_OK)
        return fail_override(error, "newName", value, why.message);
    if (parsed.tag.size > 0 || parsed.digest.size > 0)
        return fail_override(error, "newName", value,
                             "a name has no tag and no digest");
    return IMGRW_OK;
}

/* The name to match, parsed and brought into canonical form. */
static enum imgrw_status
parse_name(struct imgrw_rules *rules, struct irw_override *found,
           struct imgrw_error *error)
{
    struct imgrw_reference parsed;
    struct imgrw_error why;
    struct imgrw_reference_buffer *buffer;

    if (found->written.size == 0)
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NOWHERE,
                        "an override needs the name of an image");
    if (imgrw_reference_parse(found->written, &parsed, &why) != IMGRW_OK)
        return fail_override(error, "image", found->written, why.message);
    buffer = irw_arena_alloc(&rules->arena, sizeof(*buffer));
    if (!buffer)
        return irw_fail_memory(error);
    irw_reference_canonical(&parsed, buffer, &found->name);
    return IMGRW_OK;
}

static enum imgrw_status
check_override(const struct irw_override *found, struct imgrw_error *error)
{
    enum imgrw_status status = check_new_name(found->new_name, error);

    if (status == IMGRW_OK)
        status = check_part("newTag", ":", found->new_tag, error);
    if (status == IMGRW_OK)
        status = check_part("tagSuffix", ":x", found->tag_suffix, error);
    if (status == IMGRW_OK)
        status = check_part("digest", "@", found->digest, error);
    if (status == IMGRW_OK && found->new_name.size == 0 &&
        found->new_tag.size == 0 && found->tag_suffix.size == 0 &&
        found->digest.size == 0)
        return fail_override(error, "image", found->written,
                             "the override sets no new name, tag or digest");
    return status;
}

enum imgrw_status
imgrw_rules_add_override(struct imgrw_rules *rules,
                         const struct imgrw_override *override,
                         struct imgrw_error *error)
{
    struct irw_rule rule = {.kind = IRW_RULE_OVERRIDE};
    struct irw_override *found = &rule.override;
    struct imgrw_override given;
    enum imgrw_status status =
        irw_sized_copy(&given, sizeof(given), override, "override", error);

    if (status != IMGRW_OK)
        return status;
    if (!keep(rules, given.name, &found->written) ||
        !keep(rules, given.new_name, &found->new_name) ||
        !keep(rules, given.new_tag, &found->new_tag) ||
        !keep(rules, given.tag_suffix, &found->tag_suffix) ||
        !keep(rules, given.digest, &found->digest))
        return irw_fail_memory(error);
    status = parse_name(rules, found, error);
    if (status == IMGRW_OK)
        status = check_override(found, error);
    if (status != IMGRW_OK)
        return status;
    return irw_rules_append(rules, &rule, "image", found->written, error);
}

/* Splits NAME[:TAG][@DIGEST] as kustomize does: the marks count only behind the
 * first "/", where there is one; `*` means "not given". */
static void
split_image(char *text, const char **name, const char **tag,
            const char **digest)
{
    char *slash = strchr(text, '/');
    char *tail = slash && slash > text ? slash : text;
    char *at = strchr(tail, '@'), *colon = strchr(tail, ':');

    *name = text;
    if (at) {
        *at = '\0';
        *digest = at + 1;
    }
    if (colon && (!at || colon < at)) {
        *colon = '\0';
        *tag = colon + 1;
    }
    if (strcmp(*name, "*") == 0)
        *name = NULL;
    if (*tag && strcmp(*tag, "*") == 0)
        *tag = NULL;
    if (*digest && strcmp(*digest, "*") == 0)
        *digest = NULL;
}

enum imgrw_status
imgrw_rules_add_image(struct imgrw_rules *rules, const char *text,
                      struct imgrw_error *error)
{
    struct imgrw_override override = {.size = sizeof(override)};
    char *copy = irw_arena_copy(&rules->arena, irw_str(text));
    char *equals = copy ? strchr(copy, '=') : NULL;

    if (!copy)
        return irw_fail_memory(error);
    if (equals) {
        *equals = '\0';
        override.name = copy;
        split_image(equals + 1, &override.new_name, &override.new_tag,
                    &override.digest);
    } else {
        split_image(copy, &override.name, &override.new_tag, &override.digest);
    }
    if (!override.name || override.name[0] == '\0' ||
        (equals && equals[1] == '\0') ||
        (!equals && !override.new_tag && !override.digest))
        return fail_override(error, "image", irw_str(text),
                             "expected NAME=NEW[:TAG][@DIGEST], NAME:TAG or "
                             "NAME@DIGEST");
    return imgrw_rules_add_override(rules, &override, error);
}

bool
irw_override_match(const struct irw_override *override,
                   const struct imgrw_reference *canonical)
{
    const struct imgrw_reference *name = &override->name;

    if (!irw_equal(name->repository, canonical->repository) ||
        !irw_equal(name->registry, canonical->registry))
        return false;
    if (name->digest.size > 0)
        return irw_equal(name->digest, canonical->digest) &&
               irw_equal(name->tag, canonical->tag);
    return name->tag.size == 0 || irw_equal(name->tag, canonical->tag);
}

enum imgrw_status
irw_override_build(const struct irw_override *override, imgrw_str text,
                   const struct imgrw_reference *image, char *buffer,
                   imgrw_str *result, struct imgrw_error *error)
{
    imgrw_str name = override->new_name, tag = image->tag,
              digest = image->digest, suffix = {0};
    const char *end = image->repository.data + image->repository.size;
    int size;

    if (name.size == 0)
        name = (imgrw_str){text.data, (size_t)(end - text.data)};
    if (override->new_tag.size > 0 || override->digest.size > 0) {
        tag = override->new_tag;
        digest = override->digest;
    } else if (override->tag_suffix.size > 0) {
        suffix = override->tag_suffix;
        digest = (imgrw_str){0};
    }
    size = snprintf(buffer, IMGRW_REFERENCE_MAX, "%.*s%s%.*s%.*s%s%.*s",
                    (int)name.size, name.data,
                    tag.size + suffix.size > 0 ? ":" : "", (int)tag.size,
                    tag.size > 0 ? tag.data : "", (int)suffix.size,
                    suffix.size > 0 ? suffix.data : "",
                    digest.size > 0 ? "@" : "", (int)digest.size,
                    digest.size > 0 ? digest.data : "");
    if (size < 0 || size >= IMGRW_REFERENCE_MAX)
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NOWHERE,
                        "image %.*s gives a name longer than any reference",
                        IRW_PRINT(override->written));
    *result = (imgrw_str){buffer, (size_t)size};
    return IMGRW_OK;
}
