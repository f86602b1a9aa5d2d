/*
 * The helpers that every room of the library uses.
 */
#include "base/error.h"
#include "base/list.h"
#include "base/str.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

struct pair {
    int one, other;
};

static void
test_append(void **state)
{
    IRW_LIST(struct pair) list = {0};

    (void)state;
    for (int i = 0; i < 1000; i++) {
        assert_true(IRW_APPEND(&list, (struct pair){i, -i}));
        assert_int_equal(list.count, i + 1);
        assert_true(list.capacity >= list.count);
    }
    for (int i = 0; i < 1000; i++)
        assert_true(list.items[i].one == i && list.items[i].other == -i);
    free(list.items);
}

/* What is asked for does not fit in any memory. */
static void
test_grow_too_far(void **state)
{
    char *items = NULL;
    size_t capacity = 0;

    (void)state;
    assert_false(irw_grow(&items, &capacity, SIZE_MAX / 2, 8));
    assert_false(irw_grow(&items, &capacity, SIZE_MAX, 1));
    assert_null(items);
    assert_int_equal(capacity, 0);
}

/* Against a search from the front, in every list of up to four of the numbers
 * from 1 to 4. */
static void
test_lower_bound(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 16; bits++) {
        unsigned items[4];
        size_t count = 0, found;

        for (unsigned i = 0; i < 4; i++)
            if (bits >> i & 1)
                items[count++] = i + 1;
        for (unsigned key = 0; key < 6; key++) {
            size_t expected = 0;

            while (expected < count && items[expected] < key)
                expected++;
            IRW_LOWER_BOUND(found, count, items[found] < key);
            assert_int_equal(found, expected);
        }
    }
}

/* A message is cut between characters, and cannot write to a terminal. */
static void
test_messages(void **state)
{
    struct imgrw_error error;
    char text[400];

    (void)state;
    memset(text, 'a', sizeof(text));
    memcpy(text + sizeof(error.message) - 2, "\xE2\x82\xAC", 4);
    assert_int_equal(
        irw_fail(&error, IMGRW_ERR_RULE, IRW_NO_LOCATION, "%s", text),
        IMGRW_ERR_RULE);
    assert_int_equal(error.status, IMGRW_ERR_RULE);
    assert_int_equal(strlen(error.message), sizeof(error.message) - 2);
    assert_int_equal(irw_fail(&error, IMGRW_ERR_IO, IRW_NO_LOCATION,
                              "\x1B[%dm%s", 31, "\x7F\n"),
                     IMGRW_ERR_IO);
    assert_string_equal(error.message, "?[31m??");
    assert_int_equal(irw_fail(NULL, IMGRW_ERR_IO, IRW_NO_LOCATION, "%d", 1),
                     IMGRW_ERR_IO);
}

static const struct {
    const char *one, *other;
    bool equal, nocase, end;
} pairs[] = {
    {"", "", true, true, true},
    {"a", "", false, false, true},
    {"", "a", false, false, false},
    {"Bearer", "bearer", false, true, false},
    {"Bearer", "Bearer", true, true, true},
    {"Bearer", "Bearex", false, false, false},
    {"MANIFEST_UNKNOWN", "_UNKNOWN", false, false, true},
    {"@", "`", false, false, false},
    {"[", "{", false, false, false},
};

static void
test_comparing(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(pairs); i++) {
        imgrw_str one = support_str(pairs[i].one);
        imgrw_str other = support_str(pairs[i].other);

        support_row(&tally, "%s, %s", pairs[i].one, pairs[i].other);
        support_check(&tally, irw_equal(one, other) == pairs[i].equal,
                      "equal");
        support_check(&tally,
                      irw_equal_nocase(one, other) == pairs[i].nocase,
                      "equal but for case");
        support_check(&tally, irw_ends_with(one, other) == pairs[i].end,
                      "its end");
    }
    support_finish(&tally);
}

static const struct {
    const char *text;
    bool control, visible;
} kinds[] = {
    {"", false, true},
    {"!~", false, true},
    {"a b", false, false},
    {"a\nb", true, false},
    {"\x1F", true, false},
    {"\x7F", true, false},
    {"\xC3\xA9", false, false},
};

static void
test_kinds(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(kinds); i++) {
        imgrw_str text = support_str(kinds[i].text);

        support_row(&tally, "row %zu", i);
        support_check(&tally, irw_has_control(text) == kinds[i].control,
                      "a control character");
        support_check(&tally, irw_is_visible_ascii(text) == kinds[i].visible,
                      "visible ASCII");
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_append),
        cmocka_unit_test(test_grow_too_far),
        cmocka_unit_test(test_lower_bound),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_comparing),
        cmocka_unit_test(test_kinds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
