/*
 * Rules as lines of a table; see rules_text.h.
 */
#include "rules_text.h"

#include <stdlib.h>
#include <string.h>

/* The value of `word` if it is "field=value", else NULL. */
static const char *
value_of(const char *word, const char *field)
{
    size_t size = strlen(field);

    return strncmp(word, field, size) == 0 && word[size] == '='
               ? word + size + 1
               : NULL;
}

static enum imgrw_status
add_override(struct imgrw_rules *rules, char **place, struct imgrw_error *error)
{
    struct imgrw_override override = {.size = sizeof(override)};
    const struct {
        const char *field;
        imgrw_str *value;
    } fields[] = {
        {"name", &override.name},
        {"newName", &override.new_name},
        {"newTag", &override.new_tag},
        {"tagSuffix", &override.tag_suffix},
        {"digest", &override.digest},
    };

    for (char *word; (word = strtok_r(NULL, " ", place));) {
        size_t known = 0;

        for (size_t i = 0; i < SUPPORT_COUNT(fields); i++)
            if (value_of(word, fields[i].field)) {
                *fields[i].value =
                    support_str(value_of(word, fields[i].field));
                known++;
            }
        if (known == 0)
            fail_msg("no field of an override: %s", word);
    }
    return imgrw_rules_add_override(rules, &override, error);
}

/* The prefix `*` with what only that may say. */
static enum imgrw_status
add_any(struct imgrw_rules *rules, const char *location, const char *how,
        struct imgrw_error *error)
{
    const struct imgrw_registry registry = {
        .size = sizeof(registry),
        .prefix = "*",
        .location = location,
        .drop_library = strcmp(how, "drop") == 0,
        .as_written = strcmp(how, "written") == 0,
    };

    return imgrw_rules_add_registry(rules, &registry, error);
}

/* A rule of another kind, from its words. */
static enum imgrw_status
add_rule(struct imgrw_rules *rules, const char *kind, char **place,
         struct imgrw_error *error)
{
    const char *one = strtok_r(NULL, " ", place);
    const char *two = strtok_r(NULL, " ", place);
    const char *three = strtok_r(NULL, " ", place);

    if (strcmp(kind, "prefix") == 0)
        return imgrw_rules_add_prefix(rules, one, two, error);
    if (strcmp(kind, "mirror") == 0)
        return imgrw_rules_add_mirror(rules, one, two,
                                      strcmp(three, "tag") == 0
                                          ? IMGRW_PULL_BY_TAG
                                          : IMGRW_PULL_BY_DIGEST,
                                      error);
    if (strcmp(kind, "any") == 0)
        return add_any(rules, one, two, error);
    if (strcmp(kind, "exclude") == 0)
        return imgrw_rules_add_exclude(rules, one, error);
    if (strcmp(kind, "image") == 0)
        return imgrw_rules_add_image(rules, one, error);
    if (strcmp(kind, "preset") == 0)
        return imgrw_rules_add_preset(rules, one, error);
    if (strcmp(kind, "write") == 0)
        return imgrw_rules_set_write(rules,
                                     strcmp(one, "registry") == 0
                                         ? IMGRW_WRITE_REGISTRY
                                         : IMGRW_WRITE_BOTH,
                                     error);
    if (strcmp(kind, "exact") == 0)
        imgrw_rules_begin_map(rules);
    if (strcmp(kind, "exact") == 0 || strcmp(kind, "also") == 0)
        return imgrw_rules_add_exact(rules, support_str(one), support_str(two),
                                     error);
    if (strcmp(kind, "known") == 0)
        return imgrw_rules_set_access(rules, support_str(one),
                                      strcmp(two, "private") == 0
                                          ? IMGRW_ACCESS_PRIVATE
                                          : IMGRW_ACCESS_PUBLIC,
                                      error);
    fail_msg("no kind of rule: %s", kind);
    return IMGRW_ERR_ARGUMENT;
}

enum imgrw_status
rules_text_add(struct imgrw_rules *rules, const char *line,
               struct imgrw_error *error)
{
    char *copy = strdup(line), *place = copy;
    const char *kind = strtok_r(copy, " ", &place);
    enum imgrw_status status = IMGRW_ERR_ARGUMENT;

    if (strcmp(kind, "override") == 0) {
        status = add_override(rules, &place, error);
    } else {
        status = add_rule(rules, kind, &place, error);
    }
    free(copy);
    return status;
}

struct imgrw_rules *
rules_text_new(struct support_tally *tally, const char *const *lines)
{
    struct imgrw_rules *rules;
    struct imgrw_error error = {.message = "success"};

    if (imgrw_rules_new(&rules, NULL) != IMGRW_OK)
        fail_msg("no set of rules");
    for (size_t i = 0; lines[i]; i++) {
        enum imgrw_status status = rules_text_add(rules, lines[i], &error);

        if (!support_check(tally, status == IMGRW_OK, "\"%s\" is refused: %s",
                           lines[i], error.message)) {
            imgrw_rules_free(rules);
            return NULL;
        }
    }
    return rules;
}

static enum imgrw_result
expected_result(const char *becomes)
{
    if (strcmp(becomes, UNMATCHED) == 0)
        return IMGRW_UNMATCHED;
    if (strcmp(becomes, EXCLUDED) == 0)
        return IMGRW_EXCLUDED;
    if (strcmp(becomes, UNDECIDED) == 0)
        return IMGRW_UNDECIDED;
    return strcmp(becomes, UNCHANGED) == 0 ? IMGRW_UNCHANGED : IMGRW_REWRITTEN;
}

/* Where the new text lives: in the buffer if it was rewritten, else it is the
 * caller's own. */
static void
check_outcome(struct support_tally *tally, const struct imgrw_outcome *outcome,
              imgrw_str image, const char *buffer, const char *becomes)
{
    enum imgrw_result expected = expected_result(becomes);
    bool rewritten = expected == IMGRW_REWRITTEN;

    support_check_str(tally, "image", outcome->text,
                      rewritten ? support_str(becomes) : image);
    if (!support_check(tally, outcome->result == expected,
                       "result: expected %d, got %d (%.*s)", expected,
                       outcome->result, (int)outcome->text.size,
                       outcome->text.data))
        return;
    support_check(tally,
                  outcome->text.data == (rewritten ? buffer : image.data),
                  "the text does not borrow as promised");
    support_check(tally,
                  (outcome->rule_count > 0) == (expected != IMGRW_UNMATCHED),
                  "%zu rules took part", outcome->rule_count);
}

void
rules_text_check(struct support_tally *tally, const struct imgrw_rules *rules,
                 const char *image, const char *becomes)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome = {.rule_count = 99};
    struct imgrw_error error = {.message = "as it was"};
    imgrw_str text = support_str(image);
    enum imgrw_status status =
        imgrw_rules_apply(rules, text, &buffer, &outcome, &error);

    if (status != IMGRW_OK) {
        support_check(tally, false, "expected \"%s\", got status %d: %s",
                      becomes, status, error.message);
        support_check(tally, outcome.rule_count == 99, "the outcome changed");
        return;
    }
    support_check(tally, strcmp(error.message, "as it was") == 0,
                  "an error without a failure: %s", error.message);
    check_outcome(tally, &outcome, text, buffer.bytes, becomes);
}

void
rules_text_test(void **state)
{
    const struct rules_table *table = *state;
    struct support_tally tally = {0};

    for (size_t i = 0; i < table->count; i++) {
        const struct rules_row *row = &table->rows[i];
        struct imgrw_rules *rules;

        support_row(&tally, "%s", row->name);
        rules = rules_text_new(&tally, row->rules);
        if (rules)
            rules_text_check(&tally, rules, row->image, row->becomes);
        imgrw_rules_free(rules);
    }
    support_finish(&tally);
}
