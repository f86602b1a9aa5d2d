/*
 * Entries of a kustomization's `images:`; see entries.h.
 */
#include "entries.h"

#include <stdio.h>
#include <string.h>

void
entries_leave_out(struct support_tally *tally, struct entries_reason *reasons,
                  size_t count, const char *reason, const char *row)
{
    print_message("  left out, %s: %s\n", reason, row);
    for (size_t i = 0; i < count; i++)
        if (strcmp(reasons[i].reason, reason) == 0) {
            reasons[i].found++;
            return;
        }
    support_check(tally, false, "left out for a new reason: %s", reason);
}

void
entries_check_reasons(struct support_tally *tally,
                      const struct entries_reason *reasons, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        support_row(tally, "left out, %s", reasons[i].reason);
        support_check(tally, reasons[i].found == reasons[i].expected,
                      "expected %zu rows, got %zu", reasons[i].expected,
                      reasons[i].found);
    }
}

struct imgrw_override
entries_override(const struct support_object *entry)
{
    return (struct imgrw_override){
        .size = sizeof(struct imgrw_override),
        .name = support_str(support_json_get(entry, "name")),
        .new_name = support_str(support_json_get(entry, "newName")),
        .new_tag = support_str(support_json_get(entry, "newTag")),
        .tag_suffix = support_str(support_json_get(entry, "tagSuffix")),
        .digest = support_str(support_json_get(entry, "digest")),
    };
}

bool
entries_sets(const struct imgrw_override *override)
{
    return override->new_name.size + override->new_tag.size +
               override->tag_suffix.size + override->digest.size >
           0;
}

static bool
has_unknown_key(const struct support_object *entry)
{
    static const char *const known[] = {"name", "newName", "newTag",
                                        "tagSuffix", "digest"};
    size_t found = 0;

    for (size_t i = 0; i < entry->count; i++)
        for (size_t j = 0; j < SUPPORT_COUNT(known); j++)
            found += strcmp(entry->members[i].name, known[j]) == 0;
    return found < entry->count;
}

static bool
parses(imgrw_str text, struct imgrw_reference *parsed)
{
    return imgrw_reference_parse(text, parsed, NULL) == IMGRW_OK;
}

/* Whether `value` is a tag, with ":" for `mark`, or a digest, with "@". */
static bool
is_part(const char *mark, imgrw_str value)
{
    char text[IMGRW_REFERENCE_MAX];
    struct imgrw_reference parsed;

    snprintf(text, sizeof(text), "x%s%.*s", mark, (int)value.size, value.data);
    return parses(support_str(text), &parsed) &&
           support_equal(mark[0] == ':' ? parsed.tag : parsed.digest, value);
}

static const char *
name_fault(imgrw_str name, bool *refused)
{
    struct imgrw_reference parsed;

    *refused = true;
    if (name.size == 0)
        return "an entry has no name";
    *refused = !parses(name, &parsed);
    if (strpbrk(name.data, "*+?()[]|^$\\"))
        return "a name is a pattern";
    return *refused ? "a name is not a reference" : NULL;
}

const char *
entries_fault(const struct support_object *entry, bool *refused)
{
    struct imgrw_override given = entries_override(entry);
    struct imgrw_reference parsed;
    const char *fault;

    *refused = false;
    if (has_unknown_key(entry))
        return "a key is written in another case";
    fault = name_fault(given.name, refused);
    if (fault)
        return fault;
    *refused = true;
    if (given.new_name.size > 0 && !parses(given.new_name, &parsed))
        return "newName is not a reference";
    if (given.new_name.size > 0 && parsed.tag.size + parsed.digest.size > 0)
        return "newName holds a tag or a digest";
    if (given.new_tag.size > 0 && !is_part(":", given.new_tag))
        return "newTag is not a tag";
    if (given.digest.size > 0 && !is_part("@", given.digest))
        return "digest is not a digest";
    *refused = false;
    return NULL;
}
