/*
 * The paths of fields, in kustomize's grammar and a little more.
 */
#include "catalog/field_path.h"
#include "support.h"

#include <stdio.h>
#include <string.h>

static const struct row {
    const char *name, *path;
    const char *steps; /* each in <>, with * and [] as marks; NULL: refused */
} rows[] = {
    {"one key", "spec", "<spec>"},
    {"several keys", "spec/a/image", "<spec><a><image>"},
    {"slash in front", "/spec/a", "<spec><a>"},
    {"list", "spec/a[]/image", "<spec><a>[]<image>"},
    {"list at the end", "spec/images[]", "<spec><images>[]"},
    {"any key", "spec/*/image", "<spec>*<image>"},
    {"any key's list", "spec/*[]/image", "<spec>*[]<image>"},
    {"star in a key", "spec/a*", "<spec><a*>"},
    {"escaped slash", "a\\/b/c", "<a/b><c>"},
    {"escaped slash at the end", "a/b\\/", "<a><b/>"},
    {"backslash alone", "a\\b", "<a\\b>"},
    {"dots", "a.b/c.d", "<a.b><c.d>"},
    {"number", "a/0/b", "<a><0><b>"},
    {"empty", "", NULL},
    {"slash alone", "/", NULL},
    {"two slashes", "a//b", NULL},
    {"slash at the end", "a/", NULL},
    {"two slashes in front", "//a", NULL},
    {"list of nothing", "a/[]/b", NULL},
    {"two stars", "a/**/b", NULL},
    {"position", "a/b[0]/c", NULL},
    {"selector", "a/b[name=c]/d", NULL},
};

/* The steps as the rows have them. */
static void
describe(const struct irw_path_steps *steps, char *text, size_t size)
{
    size_t at = 0;

    text[0] = '\0';
    for (size_t i = 0; i < steps->count && at < size; i++) {
        const struct irw_path_step *step = &steps->at[i];

        if (step->any)
            at += (size_t)snprintf(text + at, size - at, "*");
        else
            at += (size_t)snprintf(text + at, size - at, "<%.*s>",
                                   (int)step->key.size, step->key.data);
        if (step->list && at < size)
            at += (size_t)snprintf(text + at, size - at, "[]");
    }
}

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct irw_arena arena = {0};
        struct irw_path_steps steps;
        struct imgrw_error error = {.message = "success"};
        char text[256] = "";
        enum imgrw_status status =
            irw_path_parse(support_str(rows[i].path), &arena, &steps, &error);

        support_row(&tally, "%s", rows[i].name);
        if (status == IMGRW_OK)
            describe(&steps, text, sizeof(text));
        if (!rows[i].steps)
            support_check(&tally, status == IMGRW_ERR_ARGUMENT, "status %d, %s",
                          (int)status, text);
        else if (support_check(&tally, status == IMGRW_OK, "%s", error.message))
            support_check_str(&tally, "steps", support_str(text),
                              support_str(rows[i].steps));
        irw_arena_clear(&arena);
    }
    support_finish(&tally);
}

/* As many keys as there is room for, and one more. */
static void
test_length(void **state)
{
    char path[2 * IRW_PATH_MAX + 4];
    struct irw_arena arena = {0};
    struct irw_path_steps steps;

    (void)state;
    for (size_t i = 0; i < sizeof(path); i++)
        path[i] = i % 2 == 0 ? 'a' : '/';
    assert_int_equal(irw_path_parse((imgrw_str){path, 2 * IRW_PATH_MAX - 1},
                                    &arena, &steps, NULL),
                     IMGRW_OK);
    assert_int_equal(steps.count, IRW_PATH_MAX);
    assert_int_equal(irw_path_parse((imgrw_str){path, 2 * IRW_PATH_MAX + 1},
                                    &arena, &steps, NULL),
                     IMGRW_ERR_ARGUMENT);
    irw_arena_clear(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
