/*
 * How texts with actions of templates are parsed, by what the options ask for.
 */
#include "support.h"

#include <imgrewrite/manifest.h>

#define AS_IT_STANDS "kind: Pod\nspec: {containers: [{image: 'a:{{ b }}'}]}\n"
#define MAPPING "kind: Pod\nspec: {containers: [{image: {{ a }}}]}\n"
#define NO_YAML "{{ if a }}\nkind: Pod\nspec: {containers: [{image: a}]}\n"
#define MAPPING_AFTER_ALL "kind: Pod\na: {{b: c}: [d, {}]}\ne: {{ }: f}\n"

/* What becomes of a text. */
enum result { FAILS, PLAIN, MASKED };

static const struct {
    const char *name, *text;
    enum result automatic, off, always;
} rows[] = {
    {"no action", "a: b\n", PLAIN, PLAIN, PLAIN},
    {"YAML as it stands", AS_IT_STANDS, PLAIN, PLAIN, MASKED},
    {"a mapping where an action begins", MAPPING, MASKED, PLAIN, MASKED},
    {"no YAML", NO_YAML, MASKED, FAILS, MASKED},
    {"no YAML, and no action", "a: [\n", FAILS, FAILS, FAILS},
    {"no YAML, whatever its actions are", NO_YAML "a: [\n", FAILS, FAILS,
     FAILS},
    {"a mapping after all", MAPPING_AFTER_ALL, PLAIN, PLAIN, PLAIN},
    {"one in a second document", "a: b\n---\n" NO_YAML, MASKED, FAILS, MASKED},
};

static enum result
parse(const char *text, enum imgrw_templates templates)
{
    const struct imgrw_parse_options options = {
        .size = sizeof(options),
        .strict = 1,
        .templates = templates,
    };
    struct imgrw_manifest *manifest = NULL;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_manifest_parse(
        support_str(text), "a.yaml", &options, &manifest, &error);
    enum result result = status != IMGRW_OK ? FAILS
                         : imgrw_manifest_is_template(manifest) ? MASKED
                                                                : PLAIN;

    assert_true(status == IMGRW_OK || status == IMGRW_ERR_SYNTAX);
    assert_true(status == IMGRW_OK || error.at.line > 0);
    imgrw_manifest_free(manifest);
    return result;
}

static void
test_templates(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        enum result got;

        support_row(&tally, "%s", rows[i].name);
        got = parse(rows[i].text, IMGRW_TEMPLATES_AUTO);
        support_check(&tally, got == rows[i].automatic, "by itself: %d", got);
        got = parse(rows[i].text, IMGRW_TEMPLATES_OFF);
        support_check(&tally, got == rows[i].off, "off: %d", got);
        got = parse(rows[i].text, IMGRW_TEMPLATES_ALWAYS);
        support_check(&tally, got == rows[i].always, "always: %d", got);
    }
    support_finish(&tally);
}

static void
test_arguments(void **state)
{
    const struct imgrw_parse_options options = {
        .size = sizeof(options),
        .templates = (enum imgrw_templates)3,
    };
    struct imgrw_manifest *manifest;
    struct imgrw_error error;

    (void)state;
    assert_int_equal(imgrw_manifest_parse(support_str("a"), NULL, &options,
                                          &manifest, &error),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_manifest_is_template(NULL), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_templates),
        cmocka_unit_test(test_arguments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
