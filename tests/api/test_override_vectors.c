/*
 * The rows of vectors/kustomize-images.tsv: what kustomize 5.8.1 makes of an
 * image with the entries of `images:`. Rows that cannot be compared are listed
 * with the reason (see entries.h), and counted. Needs IMGREWRITE_TEST_DATA.
 */
#include "entries.h"

#include <stdio.h>
#include <string.h>

#define ENTRIES_MAX 4
#define ROWS 333
#define COMPARED 178
#define ONCE 5 /* of these, tagSuffix is applied twice by kustomize */

enum column { IMAGE, ENTRIES, RESULT };

static struct entries_reason reasons[] = {
    {"the image is not a reference", 56, 0},
    {"a key is written in another case", 3, 0},
    {"an entry has no name", 5, 0},
    {"a name is a pattern", 13, 0},
    {"a name is not a reference", 4, 0},
    {"a dot in a name is any character", 1, 0},
    {"newName is not a reference", 28, 0},
    {"newName holds a tag or a digest", 12, 0},
    {"newTag is not a tag", 11, 0},
    {"digest is not a digest", 9, 0},
    {"names are normalised", 7, 0},
    {"kustomize matches no digest but sha256", 2, 0},
    {"the result is not a reference", 4, 0},
};

/* How the rows that are compared were compared. */
struct counts {
    size_t compared;
    size_t once;    /* of these, tagSuffix was applied twice by kustomize */
    size_t nothing; /* entries that set nothing, which are refused */
};

/* One row, decoded. */
struct vector {
    imgrw_str image, result;
    struct imgrw_reference reference; /* of the image */
    struct support_object entries[ENTRIES_MAX];
    size_t count;
};

static void
decode(struct vector *vector, char **columns)
{
    vector->image = support_json_column(columns[IMAGE]);
    vector->result = support_json_column(columns[RESULT]);
    vector->count = support_json_list(columns[ENTRIES], vector->entries,
                                      ENTRIES_MAX);
}

/* Whether `pattern` is `text` when a dot stands for any character. */
static bool
matches_with_dots(imgrw_str pattern, imgrw_str text)
{
    if (pattern.size != text.size)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (pattern.data[i] != text.data[i] && pattern.data[i] != '.')
            return false;
    return true;
}

/* The registry and the repository of `text` as one slice. */
static imgrw_str
name_of(imgrw_str text, struct imgrw_reference *parsed)
{
    if (imgrw_reference_parse(text, parsed, NULL) != IMGRW_OK)
        return (imgrw_str){0};
    parsed->tag = parsed->digest = (imgrw_str){0};
    return (imgrw_str){text.data,
                       (size_t)(parsed->repository.data +
                                parsed->repository.size - text.data)};
}

/* Why the entry's name and an image that it may meet mean one thing here and
 * another in kustomize; NULL if they do not. */
static const char *
compare_names(imgrw_str name, imgrw_str image)
{
    struct imgrw_reference one, other;
    imgrw_str a = name_of(name, &one), b = name_of(image, &other);

    if (support_equal(a, b))
        return NULL;
    if (matches_with_dots(a, b))
        return "a dot in a name is any character";
    if (imgrw_reference_equal(&one, &other)) {
        print_message("  %.*s is %.*s\n", (int)a.size, a.data, (int)b.size,
                      b.data);
        return "names are normalised";
    }
    return NULL;
}

/* Looks at each name and all that it may meet: the image, and what the entries
 * rename it to. */
static const char *
compare_all_names(const struct vector *vector)
{
    const char *reason = NULL;

    for (size_t i = 0; i < vector->count && !reason; i++) {
        const char *name = support_json_get(&vector->entries[i], "name");

        reason = compare_names(support_str(name), vector->image);
        for (size_t j = 0; j < vector->count && !reason; j++) {
            const char *renamed =
                support_json_get(&vector->entries[j], "newName");

            if (renamed && renamed[0] != '\0')
                reason = compare_names(support_str(name), support_str(renamed));
        }
    }
    return reason;
}

/* The first entry at fault decides; if it is none for this library at all, it
 * has to be refused. */
static const char *
find_fault(struct support_tally *tally, const struct vector *vector)
{
    for (size_t i = 0; i < vector->count; i++) {
        struct imgrw_override override = entries_override(&vector->entries[i]);
        struct imgrw_rules *rules;
        bool refused;
        const char *fault = entries_fault(&vector->entries[i], &refused);

        if (!fault)
            continue;
        assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
        support_check(tally,
                      !refused || imgrw_rules_add_override(rules, &override,
                                                           NULL) ==
                                      IMGRW_ERR_RULE,
                      "%s, and yet it is not refused", fault);
        imgrw_rules_free(rules);
        return fault;
    }
    return NULL;
}

static const char *
why_left_out(struct support_tally *tally, struct vector *vector)
{
    static const imgrw_str known = {"sha256:", 7};
    const char *reason;
    imgrw_str digest;

    if (imgrw_reference_parse(vector->image, &vector->reference, NULL) !=
        IMGRW_OK)
        return "the image is not a reference";
    reason = find_fault(tally, vector);
    if (!reason)
        reason = compare_all_names(vector);
    digest = vector->reference.digest;
    if (!reason && digest.size > 0 &&
        memcmp(digest.data, known.data, known.size) != 0)
        reason = "kustomize matches no digest but sha256";
    return reason;
}

/* kustomize applies a tagSuffix on each of its two passes; takes one away
 * again. Whether there were two is seen in the result. */
static bool
apply_suffix_once(const struct vector *vector, char *result)
{
    bool twice = false;

    for (size_t i = 0; i < vector->count; i++) {
        const char *suffix = support_json_get(&vector->entries[i], "tagSuffix");
        char doubled[128], *found;
        size_t size = suffix ? strlen(suffix) : 0;

        if (size == 0)
            continue;
        snprintf(doubled, sizeof(doubled), "%s%s", suffix, suffix);
        found = strstr(result, doubled);
        if (!found)
            continue;
        memmove(found, found + size, strlen(found + size) + 1);
        twice = true;
    }
    return twice;
}

/* The set of the row's entries. kustomize passes over those that set nothing;
 * here they are refused. */
static struct imgrw_rules *
make_rules(struct support_tally *tally, const struct vector *vector,
           struct counts *counts)
{
    struct imgrw_rules *rules;
    struct imgrw_error error = {.message = "success"};

    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    for (size_t i = 0; i < vector->count; i++) {
        struct imgrw_override override = entries_override(&vector->entries[i]);
        bool sets = entries_sets(&override);
        enum imgrw_status status =
            imgrw_rules_add_override(rules, &override, &error);

        counts->nothing += !sets;
        support_check(tally, status == (sets ? IMGRW_OK : IMGRW_ERR_RULE),
                      "entry %zu: status %d: %s", i, status, error.message);
    }
    return rules;
}

/* Applies the row's entries. A result that is no reference is refused; whether
 * it was one is the result of this function. */
static bool
compare(struct support_tally *tally, const struct vector *vector,
        struct counts *counts)
{
    struct imgrw_reference_buffer buffer;
    char expected[IMGRW_REFERENCE_MAX];
    struct imgrw_rules *rules = make_rules(tally, vector, counts);
    struct imgrw_error error = {.message = "success"};
    struct imgrw_outcome outcome;
    struct imgrw_reference parsed;
    enum imgrw_status status;
    bool twice, valid;

    snprintf(expected, sizeof(expected), "%s", vector->result.data);
    twice = apply_suffix_once(vector, expected);
    valid = imgrw_reference_parse(support_str(expected), &parsed, NULL) ==
            IMGRW_OK;
    status = imgrw_rules_apply(rules, vector->image, &buffer, &outcome, &error);
    if (support_check(tally, status == (valid ? IMGRW_OK : IMGRW_ERR_RULE),
                      "status %d: %s", status, error.message) &&
        valid)
        support_check_str(tally, "result", outcome.text, support_str(expected));
    counts->once += valid && twice;
    counts->compared += valid;
    imgrw_rules_free(rules);
    return valid;
}

static void
run_row(struct support_tally *tally, struct support_line *line,
        struct counts *counts)
{
    char row[256];
    struct vector vector;
    const char *reason;

    snprintf(row, sizeof(row), "line %zu: %.80s %.160s", line->number,
             line->columns[IMAGE], line->columns[ENTRIES]);
    support_row(tally, "%s", row);
    decode(&vector, line->columns);
    if (!support_check(tally, vector.count <= ENTRIES_MAX, "not decoded"))
        return;
    reason = why_left_out(tally, &vector);
    if (!reason && !compare(tally, &vector, counts))
        reason = "the result is not a reference";
    if (reason)
        entries_leave_out(tally, reasons, SUPPORT_COUNT(reasons), reason, row);
}

static void
test_vectors(void **state)
{
    struct support_table table =
        support_table_read(support_data(), "vectors/kustomize-images.tsv");
    struct support_tally tally = {0};
    struct counts counts = {0};

    (void)state;
    for (size_t i = 0; i < table.count; i++)
        run_row(&tally, &table.lines[i], &counts);
    print_message("%zu of %zu rows compared, %zu of these with tagSuffix once "
                  "for twice; %zu entries that set nothing\n",
                  counts.compared, table.count, counts.once, counts.nothing);
    entries_check_reasons(&tally, reasons, SUPPORT_COUNT(reasons));
    support_row(&tally, "counts");
    support_check(&tally, table.count == ROWS, "%zu rows", table.count);
    support_check(&tally, counts.compared == COMPARED, "%zu rows compared",
                  counts.compared);
    support_check(&tally, counts.once == ONCE, "%zu rows with tagSuffix once",
                  counts.once);
    support_table_free(&table);
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
    };

    support_data_or_skip();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
