/*
 * The lists of companions in the .def files.
 */
#include "catalog/companion.h"
#include "base/str.h"
#include "support.h"

#include <stdio.h>
#include <string.h>

static const struct row {
    const char *name, *list;
    const char *parts; /* mark, how far up, path; NULL: malformed */
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
    {"blank before", " :version", NULL},
    {"blank after", ":version ", "tag 0 version"},
    {"two blanks", ":tag  :version", NULL},
    {"no mark after", ":tag version", NULL},
};

static const char *const mark_names[] = {
    [IRW_COMPANION_TAG] = "tag",       [IRW_COMPANION_DIGEST] = "digest",
    [IRW_COMPANION_EITHER] = "either", [IRW_COMPANION_REGISTRY] = "registry",
    [IRW_COMPANION_STOP] = "stop",
};

/* Writes what is read as the rows have it; returns whether all were read. */
static bool
describe(const char *list, char *text, size_t size)
{
    imgrw_str rest = irw_str(list);
    struct irw_companion companion;
    size_t at = 0;

    text[0] = '\0';
    while (irw_companion_next(&rest, &companion) && at < size)
        at += (size_t)snprintf(text + at, size - at, "%s%s %u %.*s",
                               at > 0 ? ", " : "", mark_names[companion.mark],
                               companion.up, (int)companion.path.size,
                               companion.path.data);
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
        bool all = describe(row->list, text, sizeof(text));

        support_row(&tally, "%s", row->name);
        support_check(&tally, all == (row->parts != NULL), "%s: %s",
                      all ? "read" : "refused", text);
        if (row->parts)
            support_check_str(&tally, "words", support_str(text),
                              support_str(row->parts));
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
