/*
 * kustomize's `images:` as the library has it, against what kustomize 5.8.1
 * gives: the rows of vectors/kustomize-images.tsv whose names are no patterns
 * but for their dots, that have no tagSuffix, and whose new names are names: an
 * entry that speaks of its own result is applied twice by kustomize, which
 * shows only where that result is no name or has a suffix. Needs
 * IMGREWRITE_TEST_DATA.
 */
#include "rules/kustomize.h"
#include "base/str.h"
#include "support.h"

#include <imgrewrite/reference.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES_MAX 4
#define LEAST 263 /* rows that are compared */

enum { IMAGE, ENTRIES, RESULT };

/* Whether the entry is one that the overlay could write: its name is text, and
 * its keys are those that are known, as they are written. */
static bool
is_ours(const struct support_object *object)
{
    static const char *const keys[] = {"name", "newName", "newTag", "digest"};
    const char *name = support_json_get(object, "name");
    const char *new_name = support_json_get(object, "newName");
    const char *last = new_name ? strrchr(new_name, '/') : NULL;

    if (strpbrk(last ? last : new_name ? new_name : "", ":@"))
        return false;
    if (!name || name[0] == '\0' ||
        strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                     "0123456789._-/:@") != strlen(name))
        return false;
    for (size_t i = 0; i < object->count; i++) {
        bool known = false;

        for (size_t k = 0; k < SUPPORT_COUNT(keys); k++)
            known |= strcmp(object->members[i].name, keys[k]) == 0;
        if (!known && object->members[i].value &&
            object->members[i].value[0] != '\0')
            return false;
    }
    return true;
}

static struct irw_kustomize_entry
entry_of(const struct support_object *object)
{
    return (struct irw_kustomize_entry){
        .name = support_str(support_json_get(object, "name")),
        .new_name = support_str(support_json_get(object, "newName")),
        .new_tag = support_str(support_json_get(object, "newTag")),
        .digest = support_str(support_json_get(object, "digest")),
    };
}

static void
compare(struct support_tally *tally, const struct support_object *objects,
        size_t count, imgrw_str image, imgrw_str expected)
{
    struct imgrw_reference_buffer buffers[2];

    for (size_t i = 0; i < count; i++) {
        struct irw_kustomize_entry entry = entry_of(&objects[i]);

        if (irw_kustomize_match(entry.name, image))
            irw_kustomize_apply(&entry, image, &buffers[i % 2], &image);
    }
    support_check_str(tally, "image", image, expected);
}

static void
test_vectors(void **state)
{
    char *folder = support_path(support_data_or_skip(), "vectors");
    struct support_table table =
        support_table_read(folder, "kustomize-images.tsv");
    struct support_tally tally = {0};
    size_t compared = 0;

    (void)state;
    for (size_t i = 0; i < table.count; i++) {
        char **columns = table.lines[i].columns;
        struct support_object objects[ENTRIES_MAX];
        imgrw_str image, expected;
        size_t count;
        bool ours = true;

        support_row(&tally, "line %zu", table.lines[i].number);
        image = support_json_column(columns[IMAGE]);
        expected = support_json_column(columns[RESULT]);
        count = support_json_list(columns[ENTRIES], objects, ENTRIES_MAX);
        assert_true(count <= ENTRIES_MAX);
        for (size_t k = 0; k < count; k++)
            ours = ours && is_ours(&objects[k]);
        if (!ours)
            continue;
        compare(&tally, objects, count, image, expected);
        compared++;
    }
    support_table_free(&table);
    free(folder);
    support_finish(&tally);
    printf("%zu rows\n", compared);
    assert_true(compared >= LEAST);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
