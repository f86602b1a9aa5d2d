/*
 * The custom resources of fixtures/custom-resources: NAME.tsv lists the images
 * of NAME.yaml as the fields' own documentation has them. All of them must be
 * found, nothing else, and each must go where a rule sends its registry.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column { LINE, CLASS, KIND, FIELD, REFERENCE };

#define KINDS_MAX 1024
#define KINDS_MIN 120 /* so many have to be there */
#define HOSTS_MAX 64

/* The kinds that were met, each once. */
struct kinds {
    char names[KINDS_MAX][160];
    size_t count;
};

static void
note_kind(struct kinds *kinds, const char *name)
{
    for (size_t i = 0; i < kinds->count; i++)
        if (strcmp(kinds->names[i], name) == 0)
            return;
    assert_true(kinds->count < KINDS_MAX);
    snprintf(kinds->names[kinds->count++], sizeof(kinds->names[0]), "%s", name);
}

/* "argoproj.io/Workflow" of an image's apiVersion and kind, in `text`. */
static imgrw_str
write_kind(const struct imgrw_image *image, char *text, size_t size)
{
    const char *slash = image->api_version.size > 0
                            ? memchr(image->api_version.data, '/',
                                     image->api_version.size)
                            : NULL;
    int group = slash ? (int)(slash - image->api_version.data) : 0;

    snprintf(text, size, "%.*s/%.*s", group, group ? image->api_version.data
                                                   : "",
             (int)image->kind.size, image->kind.size ? image->kind.data : "");
    return support_str(text);
}

static void
check_image(struct support_tally *tally, const struct support_line *row,
            const struct imgrw_image *image)
{
    char kind[256];
    const struct {
        enum column column;
        const char *name;
        imgrw_str value;
    } texts[] = {
        {CLASS, "class", support_str(imgrw_class_name(image->image_class))},
        {KIND, "kind", write_kind(image, kind, sizeof(kind))},
        {FIELD, "field", image->field},
        {REFERENCE, "reference", image->text},
    };

    for (size_t i = 0; i < SUPPORT_COUNT(texts); i++)
        support_check_str(tally, texts[i].name, texts[i].value,
                          support_str(row->columns[texts[i].column]));
    support_check(tally, image->at.line == fixture_number(row, LINE),
                  "on line %u, expected %s", image->at.line,
                  row->columns[LINE]);
}

/* What is found against the table. */
static void
check_list(struct fixture_run *run, const struct support_table *table)
{
    const struct imgrw_image *image;
    size_t row = 0, index = 0;

    while ((image = fixture_next_reference(run->manifest, &index))) {
        support_row(run->tally, "%s, image %zu", run->name, row);
        if (support_check(run->tally, row < table->count,
                          "not expected: \"%.*s\", line %u",
                          (int)image->text.size, image->text.data,
                          image->at.line))
            check_image(run->tally, &table->lines[row], image);
        row++;
    }
    for (; row < table->count; row++) {
        support_row(run->tally, "%s, image %zu", run->name, row);
        support_check(run->tally, false, "not found: \"%s\", line %s",
                      table->lines[row].columns[REFERENCE],
                      table->lines[row].columns[LINE]);
    }
}

/* The registries of a file, in the order of its table. A registry becomes the
 * path with its number below the mirror. */
struct hosts {
    char names[HOSTS_MAX][256];
    size_t count;
};

static size_t
number_of_host(struct hosts *hosts, imgrw_str host)
{
    for (size_t i = 0; i < hosts->count; i++)
        if (support_equal(support_str(hosts->names[i]), host))
            return i;
    assert_true(hosts->count < HOSTS_MAX);
    snprintf(hosts->names[hosts->count], sizeof(hosts->names[0]), "%.*s",
             (int)host.size, host.data);
    return hosts->count++;
}

/* What the row's image becomes. */
static void
expect_new(struct hosts *hosts, const struct support_line *row,
           struct imgrw_reference_buffer *expected)
{
    struct imgrw_reference_buffer buffer;
    char path[IMGRW_REFERENCE_MAX];
    struct imgrw_reference full;
    struct imgrw_error error = {.message = "success"};
    imgrw_str result;

    if (imgrw_reference_parse(support_str(row->columns[REFERENCE]), &full,
                              &error) != IMGRW_OK)
        fail_msg("%s: %s", row->columns[REFERENCE], error.message);
    assert_int_equal(imgrw_reference_normalize(&full, &buffer, &full, NULL),
                     IMGRW_OK);
    snprintf(path, sizeof(path), "%zu/%.*s",
             number_of_host(hosts, full.registry), (int)full.repository.size,
             full.repository.data);
    full.registry = support_str("mirror.example.com");
    full.repository = support_str(path);
    assert_int_equal(imgrw_reference_format(&full, expected, &result, NULL),
                     IMGRW_OK);
}

static void
add_rules(struct fixture_run *run, const struct hosts *hosts)
{
    char to[64];

    assert_int_equal(imgrw_rules_new(&run->rules, NULL), IMGRW_OK);
    for (size_t i = 0; i < hosts->count; i++) {
        snprintf(to, sizeof(to), "mirror.example.com/%zu", i);
        assert_int_equal(imgrw_rules_add_prefix(run->rules, hosts->names[i],
                                                to, NULL), IMGRW_OK);
    }
}

/* Reads the rewritten text: each image is where its rule says. */
static void
check_new_text(struct fixture_run *run, const struct support_table *table,
               struct hosts *hosts)
{
    const struct imgrw_image *image;
    size_t row = 0, index = 0;

    while ((image = fixture_next_reference(run->manifest, &index)) &&
           row < table->count) {
        struct imgrw_reference_buffer expected;
        struct imgrw_reference parsed;

        support_row(run->tally, "%s, image %zu rewritten", run->name, row);
        expect_new(hosts, &table->lines[row++], &expected);
        assert_int_equal(imgrw_reference_parse(support_str(expected.bytes),
                                               &parsed, NULL), IMGRW_OK);
        support_check(run->tally,
                      imgrw_reference_equal(&parsed, &image->reference),
                      "%.*s, expected %s", (int)image->text.size,
                      image->text.data, expected.bytes);
    }
    support_check(run->tally, row == table->count, "%zu images", row);
}

static void
check_rewrite(struct fixture_run *run, const struct support_table *table)
{
    struct hosts hosts = {.count = 0};
    struct imgrw_reference_buffer text;
    imgrw_str rewritten;
    char *copy;

    for (size_t i = 0; i < table->count; i++)
        expect_new(&hosts, &table->lines[i], &text);
    add_rules(run, &hosts);
    support_row(run->tally, "%s, planned", run->name);
    if (fixture_run_plan(run)) {
        rewritten = imgrw_plan_text(run->plan);
        copy = strndup(rewritten.data, rewritten.size);
        rewritten.data = copy;
        fixture_run_reset(run);
        if (fixture_run_parse(run, rewritten))
            check_new_text(run, table, &hosts);
        fixture_run_reset(run);
        free(copy);
    }
    imgrw_rules_free(run->rules);
}

static void
check_file(struct support_tally *tally, const char *folder, const char *name,
           struct kinds *kinds)
{
    struct fixture_run run = {.tally = tally, .folder = folder, .name = name};
    imgrw_str source = fixture_read(folder, name, ".yaml");
    char table_name[128];
    struct support_table table;

    snprintf(table_name, sizeof(table_name), "%s.tsv", name);
    table = support_table_read(folder, table_name);
    for (size_t i = 0; i < table.count; i++)
        note_kind(kinds, table.lines[i].columns[KIND]);
    run.find.options.size = sizeof(run.find.options);
    support_row(tally, "%s", name);
    if (fixture_run_parse(&run, source)) {
        check_list(&run, &table);
        check_rewrite(&run, &table);
    }
    fixture_run_reset(&run);
    support_table_free(&table);
    free((char *)source.data);
}

static void
test_custom_resources(void **state)
{
    static struct kinds kinds;
    char *folder = fixture_folder("custom-resources");
    char **names = fixture_names(folder, ".yaml");
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; names[i]; i++)
        check_file(&tally, folder, names[i], &kinds);
    assert_int_equal(fixture_count(folder, ".tsv"),
                     fixture_count(folder, ".yaml"));
    fixture_names_free(names);
    free(folder);
    support_finish(&tally);
    printf("%zu kinds\n", kinds.count);
    assert_true(kinds.count >= KINDS_MIN);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_custom_resources),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
