/*
 * Bytes that grow. Expected escapes are those of RFC 3986.
 */
#include "registry/bytes.h"
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_growing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
