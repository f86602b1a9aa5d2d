/*
 * Bytes that grow, and errors. Expected escapes are those of RFC 3986.
 */
#include "registry/bytes.h"
#include "registry/fail.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *text, *escaped;
} escapes[] = {
    {"nothing", "", ""},
    {"unreserved", "azAZ09-._~", "azAZ09-._~"},
    {"scope", "repository:a/b:pull", "repository%3Aa%2Fb%3Apull"},
    {"separators", "&=+#? %", "%26%3D%2B%23%3F%20%25"},
    {"line break", "a\r\nb", "a%0D%0Ab"},
    {"UTF-8", "\xC3\xA9", "%C3%A9"},
};

static void
test_escapes(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(escapes); i++) {
        struct irw_bytes bytes = {0};

        support_row(&tally, "%s", escapes[i].name);
        irw_bytes_add_text(&bytes, "?");
        irw_bytes_add_percent(&bytes, support_str(escapes[i].text));
        support_check(&tally, !bytes.failed && bytes.data[0] == '?' &&
                                  strcmp(bytes.data + 1,
                                         escapes[i].escaped) == 0,
                      "got %s", bytes.data);
        irw_bytes_wipe(&bytes);
        support_check(&tally, bytes.size == 0 && !bytes.data, "not empty");
    }
    support_finish(&tally);
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
        support_check(&tally, irw_bytes_equal(one, other) == pairs[i].equal,
                      "equal");
        support_check(&tally,
                      irw_bytes_equal_nocase(one, other) == pairs[i].nocase,
                      "equal but for case");
        support_check(&tally, irw_bytes_end_with(one, other) == pairs[i].end,
                      "its end");
    }
    support_finish(&tally);
}

static void
test_growing(void **state)
{
    struct irw_bytes bytes = {0};
    char *copy;

    (void)state;
    for (int i = 0; i < 1000; i++)
        irw_bytes_add(&bytes, IMGRW_STR("abc"));
    assert_false(bytes.failed);
    assert_int_equal(bytes.size, 3000);
    assert_int_equal(strlen(bytes.data), 3000);
    assert_memory_equal(bytes.data + 2997, "abc", 4);
    copy = irw_bytes_copy((imgrw_str){bytes.data, 4});
    assert_string_equal(copy, "abca");
    free(copy);
    copy = irw_bytes_copy((imgrw_str){0});
    assert_string_equal(copy, "");
    free(copy);
    irw_bytes_clear(&bytes);
    irw_bytes_add(&bytes, (imgrw_str){"x", SIZE_MAX - 1});
    assert_true(bytes.failed);
    irw_bytes_clear(&bytes);
}

static void
test_errors(void **state)
{
    struct imgrw_error error;
    char text[300];

    (void)state;
    assert_int_equal(irw_registry_fail(NULL, IMGRW_ERR_IO, "x"), IMGRW_ERR_IO);
    assert_int_equal(irw_registry_fail(&error, IMGRW_ERR_IO, "a\n%s", "\x1B["),
                     IMGRW_ERR_IO);
    assert_int_equal(error.status, IMGRW_ERR_IO);
    assert_string_equal(error.message, "a??[");
    assert_null(error.at.path);
    /* two bytes each, the last of them cut in half */
    for (size_t i = 0; i < sizeof(text) - 2; i += 2)
        memcpy(text + i, "\xC3\xA9", 3);
    irw_registry_fail(&error, IMGRW_ERR_IO, "%s", text);
    assert_int_equal(strlen(error.message), 254);
    assert_int_equal((unsigned char)error.message[253], 0xA9);
    assert_int_equal(irw_registry_fail_null(&error, "registry"),
                     IMGRW_ERR_ARGUMENT);
    assert_string_equal(error.message, "registry must not be NULL");
    assert_int_equal(irw_registry_fail_memory(&error), IMGRW_ERR_MEMORY);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_comparing),
        cmocka_unit_test(test_growing),
        cmocka_unit_test(test_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
