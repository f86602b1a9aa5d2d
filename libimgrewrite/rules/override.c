/*
 * Overrides: the entries of a kustomization's `images:`, with the results of
 * kustomize 5.8.1 and names that are literal and normalised.
 */
#include "base/error.h"
#include "base/sizes.h"
#include "base/str.h"
#include "rules/set.h"

#include <stdio.h>

static enum imgrw_status
fail_override(struct imgrw_error *error, const char *field, imgrw_str value,
              const char *why)
{
    return irw_fail(error, IMGRW_ERR_RULE, IRW_NO_LOCATION, "%s \"%.*s\": %s",
                    field, IRW_PRINT(value), why);
}

/* Checks a tag or a digest by putting it after a name and `mark`. */
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

static enum imgrw_status
check_entry(const struct irw_kustomize_entry *found, struct imgrw_error *error)
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
        return fail_override(error, "image", found->name,
                             "the override sets no new name, tag or digest");
    return status;
}

/* Adds the override whose entry is kept already, but for its name. A new tag of
 * "*" is the old one. */
static enum imgrw_status
add(struct imgrw_rules *rules, struct irw_kustomize_entry *entry,
    struct imgrw_error *error)
{
    struct irw_rule rule = {.kind = IRW_RULE_OVERRIDE};
    imgrw_str *name = &rule.override.entry.name;
    enum imgrw_status status;

    if (irw_equal(entry->new_tag, IRW_STR("*"))) {
        rule.override.keeps_tag = entry->digest.size > 0;
        entry->new_tag = (imgrw_str){0};
    }
    rule.override.entry = *entry;

    if (name->size == 0)
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                        "an override needs the name of an image");
    status = irw_rules_keep(rules, *name, name, &rule.override.name, error);
    if (status == IMGRW_OK)
        status = check_entry(entry, error);
    if (status != IMGRW_OK)
        return status;
    return irw_rules_append(rules, &rule, "image", entry->name, error);
}

enum imgrw_status
imgrw_rules_add_override(struct imgrw_rules *rules,
                         const struct imgrw_override *override,
                         struct imgrw_error *error)
{
    struct irw_kustomize_entry entry;
    struct imgrw_override given;
    enum imgrw_status status;

    if (!rules || !override)
        return irw_fail_null(error, rules ? "override" : "rules");
    status = irw_sized_copy(&given, sizeof(given), override, "override", error);
    if (status != IMGRW_OK)
        return status;
    if (!irw_has_bytes(given.name) || !irw_has_bytes(given.new_name) ||
        !irw_has_bytes(given.new_tag) || !irw_has_bytes(given.tag_suffix) ||
        !irw_has_bytes(given.digest))
        return irw_fail_null(error, "a text of the override");
    entry = (struct irw_kustomize_entry){
        given.name, given.new_name, given.new_tag, given.tag_suffix,
        given.digest,
    };
    if (!irw_arena_keep(&rules->arena, &entry.new_name) ||
        !irw_arena_keep(&rules->arena, &entry.new_tag) ||
        !irw_arena_keep(&rules->arena, &entry.tag_suffix) ||
        !irw_arena_keep(&rules->arena, &entry.digest))
        return irw_fail_memory(error);
    return add(rules, &entry, error);
}

/* The part; "*" is "not given" to `kustomize edit set image`, and so here. */
static imgrw_str
given(imgrw_str part)
{
    return irw_equal(part, IRW_STR("*")) ? (imgrw_str){0} : part;
}

enum imgrw_status
imgrw_rules_add_image(struct imgrw_rules *rules, const char *text,
                      struct imgrw_error *error)
{
    struct irw_kustomize_entry entry = {0};
    struct irw_kustomize_image parts;
    imgrw_str kept = irw_str(text);
    size_t equals;

    if (!rules || !text)
        return irw_fail_null(error, rules ? "text" : "rules");
    if (!irw_arena_keep(&rules->arena, &kept))
        return irw_fail_memory(error);
    equals = irw_find(kept, '=');
    parts = irw_kustomize_split(
        equals == SIZE_MAX ? kept : irw_slice(kept, equals + 1, kept.size));
    entry.name = given(parts.name);
    entry.digest = given(parts.digest);
    entry.new_tag = entry.digest.data ? parts.tag : given(parts.tag);
    if (equals != SIZE_MAX) {
        entry.new_name = entry.name;
        entry.name = irw_slice(kept, 0, equals);
    }
    if (entry.name.size == 0 ||
        (equals == SIZE_MAX ? !entry.new_tag.data && !entry.digest.data
                            : equals + 1 == kept.size))
        return fail_override(error, "image", kept,
                             "expected NAME=NEW[:TAG][@DIGEST], NAME:TAG or "
                             "NAME@DIGEST");
    return add(rules, &entry, error);
}
