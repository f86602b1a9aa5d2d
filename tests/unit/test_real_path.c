/*
 * Paths without links. What they are is said by realpath, which resolves each
 * by itself.
 */
#include "files/real_path.h"
#include "support.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Files of a folder that is the working one, in an order that matters: a folder
 * is remembered. */
static const struct {
    const char *name, *path;
    bool is_link;
} rows[] = {
    {"a file", "a/one.yaml", false},
    {"one beside it", "a/two.yaml", false},
    {"a link beside it", "a/link.yaml", true},
    {"one beside the link", "a/one.yaml", false},
    {"in a folder whose name begins like that", "ab/one.yaml", false},
    {"in a folder below", "a/b/one.yaml", false},
    {"in a link to a folder", "to-a/one.yaml", false},
    {"behind a link to a folder and back", "to-b/../two.yaml", false},
    {"in no folder", "top.yaml", false},
    {"a link in no folder", "link.yaml", true},
    {"in the folder .", "./top.yaml", false},
    {"with slashes to spare", "a//b///one.yaml", false},
    {"with dots", "a/./b/../one.yaml", false},
    {"below the root", "/etc", false},
    {"in a folder that is not there", "none/one.yaml", false},
    {"after one that is not there", "a/one.yaml", false},
    {"a link that leads nowhere", "a/nowhere.yaml", true},
};

static int
set_up(void **state)
{
    static const char *const files[] = {"a/one.yaml", "a/two.yaml",
                                        "ab/one.yaml", "a/b/one.yaml",
                                        "top.yaml"};
    char *folder = support_temp_new();

    *state = folder;
    if (chdir(folder) != 0 || mkdir("a", 0700) != 0 ||
        mkdir("ab", 0700) != 0 || mkdir("a/b", 0700) != 0)
        return -1;
    for (size_t i = 0; i < SUPPORT_COUNT(files); i++)
        support_write_file(files[i], support_str("x"));
    return symlink("../top.yaml", "a/link.yaml") != 0 ||
           symlink("a/one.yaml", "link.yaml") != 0 ||
           symlink("a", "to-a") != 0 || symlink("a/b", "to-b") != 0 ||
           symlink("none.yaml", "a/nowhere.yaml") != 0;
}

static int
tear_down(void **state)
{
    if (chdir("/") != 0)
        return -1;
    support_temp_remove(*state);
    return 0;
}

static void
test_paths(void **state)
{
    struct support_tally tally = {0};
    struct irw_real_folder last = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        char *expected = realpath(rows[i].path, NULL);
        int failed = expected ? 0 : errno;
        char *got = irw_real_path(&last, rows[i].path, rows[i].is_link);

        support_row(&tally, "%s", rows[i].name);
        support_check(&tally, got || errno == failed, "errno %d", errno);
        support_check_str(&tally, "path", support_str(got),
                          support_str(expected));
        free(expected);
        free(got);
    }
    irw_real_folder_clear(&last);
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_paths, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
