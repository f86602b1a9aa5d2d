/*
 * Statuses in words, and the version.
 */
#include "support.h"

#include <imgrewrite/version.h>

#include <stdio.h>
#include <string.h>

/* Each status has words of its own; a number that is none has some, too. */
static void
test_status_texts(void **state)
{
    const char *unknown = imgrw_status_text((enum imgrw_status)999);

    (void)state;
    assert_non_null(unknown);
    for (int i = IMGRW_OK; i <= IMGRW_ERR_INPUT; i++) {
        const char *text = imgrw_status_text((enum imgrw_status)i);

        assert_non_null(text);
        assert_string_not_equal(text, "");
        assert_string_not_equal(text, unknown);
        assert_null(strpbrk(text, "\n."));
        for (int j = IMGRW_OK; j < i; j++)
            assert_string_not_equal(text,
                                    imgrw_status_text((enum imgrw_status)j));
    }
    assert_string_equal(imgrw_status_text((enum imgrw_status)(
                            IMGRW_ERR_INPUT + 1)),
                        unknown);
}

/* The numbers are part of the binary interface. */
static void
test_status_numbers(void **state)
{
    (void)state;
    assert_int_equal(IMGRW_OK, 0);
    assert_int_equal(IMGRW_ERR_MEMORY, 1);
    assert_int_equal(IMGRW_ERR_ARGUMENT, 2);
    assert_int_equal(IMGRW_ERR_ENCODING, 3);
    assert_int_equal(IMGRW_ERR_SYNTAX, 4);
    assert_int_equal(IMGRW_ERR_LIMIT, 5);
    assert_int_equal(IMGRW_ERR_REFERENCE, 6);
    assert_int_equal(IMGRW_ERR_RULE, 7);
    assert_int_equal(IMGRW_ERR_EDIT, 8);
    assert_int_equal(IMGRW_ERR_PROOF, 9);
    assert_int_equal(IMGRW_ERR_IO, 10);
    assert_int_equal(IMGRW_ERR_STOPPED, 11);
    assert_int_equal(IMGRW_ERR_INPUT, 12);
}

/* The header, the library and the build, which sets MESON_VERSION, say one. */
static void
test_version(void **state)
{
    char text[32];

    (void)state;
    snprintf(text, sizeof(text), "%d.%d.%d", IMGRW_VERSION_MAJOR,
             IMGRW_VERSION_MINOR, IMGRW_VERSION_PATCH);
    assert_string_equal(text, MESON_VERSION);
    assert_string_equal(imgrw_version(), MESON_VERSION);
    assert_int_equal(imgrw_version_number(), IMGRW_VERSION_NUMBER);
    assert_true(IMGRW_VERSION_MINOR < 100 && IMGRW_VERSION_PATCH < 100);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status_texts),
        cmocka_unit_test(test_status_numbers),
        cmocka_unit_test(test_version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
