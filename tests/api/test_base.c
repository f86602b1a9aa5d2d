/*
 * Statuses in words, the version, and slices that cannot be read.
 */
#include "support.h"

#include <imgrewrite/imgrewrite.h>

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

/* The word that was meant is the one with the fewest mistakes, the first of
 * several, and no other: whoever types something else means something else. */
static void
test_suggestions(void **state)
{
    static const char *const known[] = {"rewrite", "list", "resolve", "overlay",
                                        "presets", "prefix", "preset", NULL};
    static const struct {
        const char *word, *meant;
        size_t mistakes;
    } rows[] = {
        {"rewrit", "rewrite", 1},   {"rewritee", "rewrite", 1},
        {"rewrote", "rewrite", 1},  {"rewriet", "rewrite", 1},
        {"erwriet", "rewrite", 2},  {"lits", "list", 1},
        {"ls", NULL, 0},            {"lis", "list", 1},
        {"presett", "presets", 1},  {"preset", "preset", 0},
        {"perfix", "prefix", 1},    {"reslove", "resolve", 1},
        {"Resolve", "resolve", 1},  {"over", NULL, 0},
        {"overl", "overlay", 2},    {"tsil", NULL, 0},
        {"", NULL, 0},              {"x", NULL, 0},
        {"rewriterewriterewriterewriterewrite", NULL, 0},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct imgrw_suggestion suggestion = {
            .word = support_str(rows[i].word),
        };

        support_row(&tally, "%s", rows[i].word);
        for (size_t k = 0; known[k]; k++)
            imgrw_suggest(&suggestion, known[k]);
        support_check(&tally,
                      rows[i].meant ? suggestion.known &&
                                          strcmp(suggestion.known,
                                                 rows[i].meant) == 0 &&
                                          suggestion.mistakes ==
                                              rows[i].mistakes
                                    : !suggestion.known,
                      "%s, %zu mistakes",
                      suggestion.known ? suggestion.known : "nothing",
                      suggestion.mistakes);
        imgrw_suggest(&suggestion, NULL);
    }
    imgrw_suggest(NULL, "list");
    support_finish(&tally);
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

/* A NULL that claims to have bytes is answered, and never read. */
static void
test_no_bytes(void **state)
{
    const imgrw_str none = {NULL, 5};
    const struct imgrw_override override = {
        .size = sizeof(override), .name = IMGRW_STR("a"), .new_tag = none};
    const struct imgrw_overlay_options options = {
        .size = sizeof(options), .midstream = none};
    struct imgrw_reference reference;
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome;
    struct imgrw_rules *rules = NULL;
    struct imgrw_credentials *credentials = NULL;
    struct imgrw_manifest *manifest = NULL;
    struct imgrw_overlay *overlay = NULL;
    struct imgrw_plan *plan = NULL;

    (void)state;
    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(imgrw_credentials_new(&credentials, NULL), IMGRW_OK);
    const struct {
        const char *name;
        enum imgrw_status status;
    } rows[] = {
        {"reference", imgrw_reference_parse(none, &reference, NULL)},
        {"exact", imgrw_rules_add_exact(rules, none, none, NULL)},
        {"exact to", imgrw_rules_add_exact(rules, IMGRW_STR("a"), none, NULL)},
        {"override", imgrw_rules_add_override(rules, &override, NULL)},
        {"access", imgrw_rules_set_access(rules, none, IMGRW_ACCESS_PUBLIC,
                                          NULL)},
        {"apply", imgrw_rules_apply(rules, none, &buffer, &outcome, NULL)},
        {"rules", imgrw_rules_read(rules, none, NULL, NULL, NULL, NULL)},
        {"manifest", imgrw_manifest_parse(none, NULL, NULL, &manifest, NULL)},
        {"rewrite", imgrw_rewrite(none, rules, NULL, &plan, NULL)},
        {"overlay", imgrw_overlay_new(&options, &overlay, NULL)},
        {"credentials", imgrw_credentials_read(credentials, none, NULL, NULL,
                                               NULL, NULL)},
        {"password", imgrw_credentials_set_password(credentials, NULL, none,
                                                    NULL)},
    };
    struct support_tally tally = {0};

    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        support_row(&tally, "%s", rows[i].name);
        support_check(&tally, rows[i].status == IMGRW_ERR_ARGUMENT,
                      "status %d", (int)rows[i].status);
    }
    support_finish(&tally);
    imgrw_credentials_free(credentials);
    imgrw_rules_free(rules);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status_texts),
        cmocka_unit_test(test_suggestions),
        cmocka_unit_test(test_status_numbers),
        cmocka_unit_test(test_version),
        cmocka_unit_test(test_no_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
