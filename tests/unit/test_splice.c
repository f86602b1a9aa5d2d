/*
 * Splicing: bytes out, bytes in, and how far the rest moves.
 */
#include "edit/splice.h"
#include "support.h"

#include <string.h>

#define CHANGES_MAX 4

static const struct row {
    const char *name, *text;
    struct {
        uint32_t start, end;
        const char *replacement; /* NULL: no more changes */
        int64_t moved;
    } changes[CHANGES_MAX];
    const char *result;
} rows[] = {
    {"nothing", "abc", {{0}}, "abc"},
    {"nothing of nothing", "", {{0}}, ""},
    {"same size", "abc", {{1, 2, "X", 0}}, "aXc"},
    {"longer", "abc", {{1, 2, "XYZ", 2}}, "aXYZc"},
    {"shorter", "abcd", {{1, 3, "X", -1}}, "aXd"},
    {"gone", "abcd", {{1, 3, "", -2}}, "ad"},
    {"inserted", "abc", {{1, 1, "XY", 2}}, "aXYbc"},
    {"at the start", "abc", {{0, 1, "XY", 1}}, "XYbc"},
    {"at the end", "abc", {{2, 3, "XY", 1}}, "abXY"},
    {"after the end", "abc", {{3, 3, "XY", 2}}, "abcXY"},
    {"all of it", "abc", {{0, 3, "X", -2}}, "X"},
    {"of nothing", "", {{0, 0, "X", 1}}, "X"},
    {"two", "abcdef", {{1, 2, "XYZ", 2}, {4, 5, "", 1}}, "aXYZcdf"},
    {"touching", "abcd", {{1, 2, "XY", 1}, {2, 3, "ZZZ", 3}}, "aXYZZZd"},
    {"up and down",
     "abcdefgh",
     {{0, 1, "", -1}, {2, 4, "XYZ", 0}, {5, 8, "V", -2}},
     "bXYZeV"},
    {"four",
     "a b c d",
     {{0, 1, "AA", 1}, {2, 3, "BB", 2}, {4, 5, "CC", 3}, {6, 7, "DD", 4}},
     "AA BB CC DD"},
    {"wide characters", "\xC3\xA4" "b\xE2\x82\xAC", {{2, 3, "\xC3\xB6", 1}},
     "\xC3\xA4\xC3\xB6\xE2\x82\xAC"},
    {"line breaks", "a\r\nb\r\n", {{3, 4, "X\n", 1}}, "a\r\nX\n\r\n"},
};

static size_t
fill_changes(const struct row *row, struct irw_text_edit *changes)
{
    size_t count = 0;

    for (; count < CHANGES_MAX && row->changes[count].replacement; count++)
        changes[count] = (struct irw_text_edit){
            .start = row->changes[count].start,
            .end = row->changes[count].end,
            .replacement = support_str(row->changes[count].replacement),
        };
    return count;
}

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct irw_text_edit changes[CHANGES_MAX];
        struct irw_arena arena = {0};
        size_t count = fill_changes(&rows[i], changes);
        imgrw_str result = {0};

        support_row(&tally, "%s", rows[i].name);
        support_check(&tally,
                      irw_splice(support_str(rows[i].text), changes, count,
                                 &arena, &result, NULL) == IMGRW_OK,
                      "it fails");
        support_check_str(&tally, "text", result, support_str(rows[i].result));
        for (size_t k = 0; k < count; k++)
            support_check(&tally, changes[k].moved == rows[i].changes[k].moved,
                          "after change %zu the text moves by %d", k,
                          (int)changes[k].moved);
        irw_arena_clear(&arena);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
