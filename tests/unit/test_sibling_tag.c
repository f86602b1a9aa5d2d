/*
 * Joints: what is joined to an image, as the .def files say it.
 */
#include "catalog/sibling_tag.h"
#include "base/str.h"
#include "support.h"

#include <stdio.h>
#include <string.h>

static const struct row {
    const char *name, *joint;
    const char *words; /* mark, how far up, path; NULL: malformed */
} rows[] = {
    {"tag", ":version", "tag 0 version"},
    {"digest", "@sha", "digest 0 sha"},
    {"either", ":@version", "either 0 version"},
    {"registry", "/registry", "registry 0 registry"},
    {"stop", "!semver", "stop 0 semver"},
    {"path", ":ref/tag", "tag 0 ref/tag"},
    {"around", ":../version", "tag 1 version"},
    {"far around", "/../../../global/registry", "registry 3 global/registry"},
    {"several", "@sha :tag :../version",
     "digest 0 sha, tag 0 tag, tag 1 version"},
    {"a mark in the key", ":a:b", "tag 0 a:b"},
    {"nothing", "", ""},
    {"no mark", "version", NULL},
    {"no key", ":", NULL},
    {"no key around", ":../", NULL},
    {"blank in front", " :version", NULL},
    {"blank behind", ":version ", "tag 0 version"},
    {"two blanks", ":tag  :version", NULL},
    {"no mark behind", ":tag version", NULL},
};

static const char *const mark_names[] = {
    [IRW_SIBLING_TAG] = "tag",       [IRW_SIBLING_DIGEST] = "digest",
    [IRW_SIBLING_EITHER] = "either", [IRW_SIBLING_REGISTRY] = "registry",
    [IRW_SIBLING_STOP] = "stop",
};

/* The words as the rows have them; returns whether all were read. */
static bool
describe(const char *joint, char *text, size_t size)
{
    imgrw_str rest = irw_str(joint);
    struct irw_sibling_tag_word word;
    size_t at = 0;

    text[0] = '\0';
    while (irw_sibling_tag_next(&rest, &word) && at < size)
        at += (size_t)snprintf(text + at, size - at, "%s%s %u %.*s",
                               at > 0 ? ", " : "", mark_names[word.mark],
                               word.up, (int)word.path.size, word.path.data);
    return rest.size == 0;
}

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        const struct row *row = &rows[i];
        char text[256];
        bool all = describe(row->joint, text, sizeof(text));

        support_row(&tally, "%s", row->name);
        support_check(&tally, all == (row->words != NULL), "%s: %s",
                      all ? "read" : "refused", text);
        if (row->words)
            support_check_str(&tally, "words", support_str(text),
                              support_str(row->words));
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
