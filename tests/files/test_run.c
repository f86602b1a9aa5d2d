/*
 * Runs: which files are found, in which order, and what becomes of them; how a
 * run is stopped; what it leaves on disk and in the summary.
 */
#include "trial.h"

#include <imgrewrite/rewrite.h>
#include <imgrewrite/rules_file.h>

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BAD "a: [\n"
#define NONE "# no image\n"

/* Three files to edit and one without an image. */
static void
write_good_files(const struct trial *trial)
{
    trial_write(trial, "b.yaml", TRIAL_POD("nginx"));
    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    trial_write(trial, "c.json", TRIAL_POD("quay.io/x"));
    trial_write(trial, "d.yml", NONE);
}

static void
files_come_in_order(void **state)
{
    static const struct trial_expected expected[] = {
        {"a.yaml", IMGRW_FILE_PLANNED},
        {"b.yaml", IMGRW_FILE_PLANNED},
        {"c.json", IMGRW_FILE_UNCHANGED},
        {"d.yml", IMGRW_FILE_UNCHANGED},
    };
    static const unsigned jobs[] = {0, 1, 2, 8, 100000};
    struct trial *trial = *state;

    write_good_files(trial);
    for (size_t i = 0; i < SUPPORT_COUNT(jobs); i++) {
        trial->options.jobs = jobs[i];
        assert_int_equal(trial_run(trial), IMGRW_OK);
        trial_check_files(trial, expected, SUPPORT_COUNT(expected));
    }
}

static void
paths_come_in_the_order_given(void **state)
{
    struct trial *trial = *state;
    char *paths[3];

    write_good_files(trial);
    paths[0] = support_path(trial->folder, "c.json");
    paths[1] = support_path(trial->folder, "a.yaml");
    paths[2] = trial->folder;
    for (size_t i = 0; i < 2; i++) {
        const char *const turned[] = {paths[1 - i], paths[i], paths[2]};
        struct imgrw_run *run;

        assert_int_equal(imgrw_run_new(trial->rules, NULL, &run, NULL),
                         IMGRW_OK);
        for (size_t k = 0; k < SUPPORT_COUNT(turned); k++)
            assert_int_equal(imgrw_run_add(run, turned[k], NULL), IMGRW_OK);
        assert_int_equal(imgrw_run_plan(run, NULL), IMGRW_OK);
        assert_int_equal(imgrw_run_summary(run)->files, 4);
        assert_string_equal(imgrw_run_file(run, 0)->path, turned[0]);
        assert_string_equal(imgrw_run_file(run, 1)->path, turned[1]);
        assert_null(imgrw_run_file(run, 4));
        imgrw_run_free(run);
    }
    free(paths[0]);
    free(paths[1]);
}

/* Between the phases everything is planned and nothing is written. */
static void
plans_are_seen_before_writing(void **state)
{
    static const struct trial_expected planned[] = {
        {"a.yaml", IMGRW_FILE_PLANNED},
        {"b.yaml", IMGRW_FILE_PLANNED},
        {"c.json", IMGRW_FILE_UNCHANGED},
        {"d.yml", IMGRW_FILE_UNCHANGED},
    };
    struct trial *trial = *state;

    write_good_files(trial);
    trial->options.mode = IMGRW_RUN_IN_PLACE;
    assert_int_equal(trial_plan(trial), IMGRW_OK);
    trial_check_files(trial, planned, SUPPORT_COUNT(planned));
    assert_true(trial->files[0].has_plan && !trial->files[0].is_new);
    assert_int_equal(trial->summary.edited, 2);
    assert_int_equal(trial->summary.written, 0);
    assert_int_equal(imgrw_run_write(trial->run, NULL), IMGRW_OK);
    trial_note(trial);
    assert_true(trial->files[0].is_new && trial->files[1].is_new);
    assert_false(trial->files[2].is_new);
    assert_int_equal(trial->files[0].status, IMGRW_FILE_REWRITTEN);
    assert_int_equal(trial->summary.written, 2);
}

static void
files_show_what_there_is(void **state)
{
    struct trial *trial = *state;

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    trial_write(trial, "b.yaml", BAD);
    trial_write(trial, "c.yaml", TRIAL_POD("!image nginx"));
    assert_int_equal(trial_run(trial), IMGRW_ERR_SYNTAX);
    assert_int_equal(trial->file_count, 3);
    assert_true(trial->files[0].has_plan && trial->files[0].has_manifest);
    assert_int_equal(trial->files[0].edits, 1);
    assert_int_equal(trial->files[0].failure, IMGRW_OK);
    assert_false(trial->files[1].has_plan || trial->files[1].has_manifest);
    assert_int_equal(trial->files[1].failure, IMGRW_ERR_SYNTAX);
    assert_false(trial->files[2].has_plan);
    assert_int_equal(trial->files[2].failure, IMGRW_ERR_EDIT);
}

static void
failing_run_says_planned(void **state)
{
    static const struct trial_expected stopped[] = {
        {"a.yaml", IMGRW_FILE_PLANNED},
        {"b.yaml", IMGRW_FILE_ERROR},
        {"c.yaml", IMGRW_FILE_UNCHANGED},
    };
    static const struct trial_expected going[] = {
        {"a.yaml", IMGRW_FILE_REWRITTEN},
        {"b.yaml", IMGRW_FILE_ERROR},
        {"c.yaml", IMGRW_FILE_UNCHANGED},
    };
    struct trial *trial = *state;
    struct stat before;

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    trial_write(trial, "b.yaml", BAD);
    trial_write(trial, "c.yaml", TRIAL_POD("quay.io/x"));
    before = trial_stat(trial, "a.yaml");
    trial->options.mode = IMGRW_RUN_IN_PLACE;
    assert_int_equal(trial_run(trial), IMGRW_ERR_SYNTAX);
    trial_check_files(trial, stopped, SUPPORT_COUNT(stopped));
    assert_true(trial_is_untouched(trial, "a.yaml", &before));
    assert_int_equal(trial->summary.written, 0);
    assert_int_equal(imgrw_run_write(trial->run, &trial->error),
                     IMGRW_ERR_SYNTAX);
    assert_true(trial_is_untouched(trial, "a.yaml", &before));

    trial->options.keep_going = 1;
    assert_int_equal(trial_run(trial), IMGRW_OK);
    assert_int_equal(trial->summary.errors, 1);
    trial_check_files(trial, going, SUPPORT_COUNT(going));
    assert_true(trial_holds(trial, "a.yaml", TRIAL_POD(TRIAL_NEW)));
    assert_int_equal(trial->summary.written, 1);
}

static void
first_error_is_that_of_the_run(void **state)
{
    struct trial *trial = *state;

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    trial_write(trial, "b.yaml", TRIAL_POD("!image nginx"));
    trial_write(trial, "c.yaml", BAD);
    trial->options.jobs = 4;
    for (int i = 0; i < 20; i++) {
        assert_int_equal(trial_run(trial), IMGRW_ERR_EDIT);
        assert_int_equal(trial->error.status, IMGRW_ERR_EDIT);
        assert_string_equal(strrchr(trial->error.at.path, '/'), "/b.yaml");
        assert_int_equal(trial->error.at.line, 4);
        assert_non_null(strstr(trial->error.message, "cannot be changed"));
        assert_int_equal(trial->summary.errors, 2);
    }
}

static void
skipping_is_no_failure(void **state)
{
    static const struct trial_expected expected[] = {
        {"a.yaml", IMGRW_FILE_PLANNED},
        {"b.yaml", IMGRW_FILE_SKIPPED},
    };
    struct trial *trial = *state;

    trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
    trial_write(trial, "b.yaml", BAD);
    trial->options.skip_unparsable = 1;
    assert_int_equal(trial_run(trial), IMGRW_OK);
    trial_check_files(trial, expected, SUPPORT_COUNT(expected));
    assert_int_equal(trial->files[1].failure, IMGRW_ERR_SYNTAX);
    assert_int_equal(trial->summary.skipped, 1);
    assert_int_equal(trial->summary.errors, 0);
}

/* What hidden files the folder holds; a temporary one is hidden. */
static size_t
count_hidden(const struct trial *trial)
{
    DIR *folder = opendir(trial->folder);
    size_t count = 0;

    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder));)
        count += entry->d_name[0] == '.' && strcmp(entry->d_name, ".") != 0 &&
                 strcmp(entry->d_name, "..") != 0;
    closedir(folder);
    return count;
}

/* Before each file and after the last one, in both phases: five calls each. */
static void
stopping_leaves_nothing_behind(void **state)
{
    static const enum imgrw_run_mode modes[] = {IMGRW_RUN_IN_PLACE,
                                                IMGRW_RUN_OUT_DIR};
    struct trial *trial = *state;

    write_good_files(trial);
    trial->options.jobs = 1;
    trial->options.out_dir = trial->out;
    for (size_t i = 0; i < 2 * 10; i++) {
        trial->options.mode = modes[i / 10];
        trial->stop_at = i % 10 + 1;
        assert_int_equal(trial_run(trial), IMGRW_ERR_STOPPED);
        assert_int_equal(trial->error.status, IMGRW_ERR_STOPPED);
        assert_null(trial->error.at.path);
        assert_int_equal(trial->progress_count, trial->stop_at);
        assert_int_equal(trial->summary.files, 4);
        assert_int_equal(trial->summary.written, 0);
        assert_true(trial_holds(trial, "a.yaml", TRIAL_POD("nginx")));
        assert_int_equal(count_hidden(trial), 0);
        assert_int_equal(imgrw_run_write(trial->run, NULL),
                         IMGRW_ERR_ARGUMENT);
    }
    trial->stop_at = 11;
    assert_int_equal(trial_run(trial), IMGRW_OK);
    assert_int_equal(trial->progress_count, 10);
}

static void
stopping_works_with_threads(void **state)
{
    struct trial *trial = *state;

    write_good_files(trial);
    trial->options.jobs = 8;
    trial->options.mode = IMGRW_RUN_IN_PLACE;
    trial->stop_at = 1;
    for (int i = 0; i < 20; i++)
        assert_int_equal(trial_run(trial), IMGRW_ERR_STOPPED);
    assert_false(trial->from_other_thread);
    assert_true(trial_holds(trial, "a.yaml", TRIAL_POD("nginx")));
}

/* What is kept of files in which nothing was found. */
static void
texts_stay_where_the_header_says(void **state)
{
    struct trial *trial = *state;

    write_good_files(trial);
    assert_int_equal(trial_run(trial), IMGRW_OK);
    assert_true(trial->files[2].has_text && trial->files[2].has_plan);
    assert_false(trial->files[3].has_text || trial->files[3].has_manifest);
    trial->options.out_dir = trial->out;
    assert_int_equal(trial_run(trial), IMGRW_OK);
    assert_true(trial->files[3].has_text && trial->files[3].has_plan);
    trial->options.mode = IMGRW_RUN_OUT_DIR;
    assert_int_equal(trial_run(trial), IMGRW_OK);
    assert_false(trial->files[3].has_text || trial->files[3].has_manifest);
}

/* A folder that is to hold the output is no input. */
static void
output_is_not_walked(void **state)
{
    struct trial *trial = *state;
    char *out = support_path(trial->folder, "out");

    write_good_files(trial);
    trial->options.out_dir = out;
    trial->options.mode = IMGRW_RUN_OUT_DIR;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(trial_run(trial), IMGRW_OK);
        assert_int_equal(trial->summary.files, 4);
        assert_int_equal(trial->summary.written, 4);
    }
    free(out);
}

/* What rules files ask for is looked at in runs, and in single texts. */
static void
rules_say_where_to_look(void **state)
{
    static const char text[] =
        "apiVersion: imgrewrite/v1\nkind: RewriteRules\nfind: [crd]\n"
        "fieldSpecs: [{kind: Widget, path: spec/image}]\n";
    static const char widget[] =
        "kind: Widget\nspec:\n  image: nginx\n  other: redis\n";
    static const struct imgrw_fieldspec fields[] = {{.path = "spec/other"}};
    const struct imgrw_parse_options parse = {
        .size = sizeof(parse),
        .find = IMGRW_FIND(IMGRW_CLASS_CRD),
        .fields = fields,
        .field_count = SUPPORT_COUNT(fields),
    };
    struct imgrw_rewrite_options options = {.size = sizeof(options)};
    struct trial *trial = *state;

    assert_int_equal(imgrw_rules_read(trial->rules, support_str(text), NULL,
                                      NULL, NULL, NULL),
                     IMGRW_OK);
    trial_write(trial, "a.yaml", widget);
    for (size_t want = 1; want <= 2; want++) {
        struct imgrw_plan *plan;

        trial->options.parse = options.parse = want == 1 ? NULL : &parse;
        assert_int_equal(trial_run(trial), IMGRW_OK);
        assert_int_equal(trial->summary.edits, want);
        assert_int_equal(imgrw_rewrite(support_str(widget), trial->rules,
                                       &options, &plan, NULL),
                         IMGRW_OK);
        assert_int_equal(imgrw_plan_count(plan), want);
        imgrw_plan_free(plan);
    }
}

static void
planning_touches_nothing(void **state)
{
    static const char *const names[] = {"a.yaml", "b.yaml", "c.json", "d.yml"};
    struct trial *trial = *state;
    struct stat before[SUPPORT_COUNT(names)];

    write_good_files(trial);
    for (size_t i = 0; i < SUPPORT_COUNT(names); i++)
        before[i] = trial_stat(trial, names[i]);
    trial->options.out_dir = trial->out;
    assert_int_equal(trial_run(trial), IMGRW_OK);
    assert_int_equal(trial->summary.edits, 2);
    for (size_t i = 0; i < SUPPORT_COUNT(names); i++)
        assert_true(trial_is_untouched(trial, names[i], &before[i]));
    assert_int_not_equal(access(trial->out, F_OK), 0);
}

static void
files_without_an_edit_stay(void **state)
{
    struct trial *trial = *state;
    struct stat other, none;

    write_good_files(trial);
    other = trial_stat(trial, "c.json");
    none = trial_stat(trial, "d.yml");
    trial->options.mode = IMGRW_RUN_IN_PLACE;
    assert_int_equal(trial_run(trial), IMGRW_OK);
    assert_true(trial_is_untouched(trial, "c.json", &other));
    assert_true(trial_is_untouched(trial, "d.yml", &none));
    assert_true(trial_holds(trial, "a.yaml", TRIAL_POD(TRIAL_NEW)));
}

static void
out_dir_gets_every_file(void **state)
{
    struct trial *trial = *state;
    struct stat before;

    write_good_files(trial);
    before = trial_stat(trial, "a.yaml");
    trial->options.mode = IMGRW_RUN_OUT_DIR;
    trial->options.out_dir = trial->out;
    assert_int_equal(trial_run(trial), IMGRW_OK);
    assert_true(trial_holds(trial, ".out/a.yaml", TRIAL_POD(TRIAL_NEW)));
    assert_true(trial_holds(trial, ".out/c.json", TRIAL_POD("quay.io/x")));
    assert_true(trial_holds(trial, ".out/d.yml", NONE));
    assert_true(trial_is_untouched(trial, "a.yaml", &before));
}

/* A file whose text was let go is read again, and must be the same. */
static void
out_dir_gets_what_was_read(void **state)
{
    struct trial *trial = *state;

    write_good_files(trial);
    trial->options.mode = IMGRW_RUN_OUT_DIR;
    trial->options.out_dir = trial->out;
    assert_int_equal(trial_plan(trial), IMGRW_OK);
    trial_write(trial, "d.yml", TRIAL_POD("nginx"));
    assert_int_equal(imgrw_run_write(trial->run, &trial->error), IMGRW_ERR_IO);
    assert_non_null(strstr(trial->error.message, "has changed since"));
    assert_non_null(strstr(trial->error.at.path, "d.yml"));
    assert_int_equal(imgrw_run_summary(trial->run)->written, 0);
    assert_int_not_equal(access(trial->out, F_OK), 0);
}

static void
summary_counts(void **state)
{
    struct trial *trial = *state;

    trial_write(trial, "a.yaml",
                TRIAL_POD("nginx") "  - image: redis\n  - image: ${X}\n");
    trial_write(trial, "b.yaml", TRIAL_POD("quay.io/x"));
    trial_write(trial, "c.yaml", BAD);
    trial_write(trial, "d.yaml", TRIAL_POD("nginx"));
    trial_write(trial, "e.txt", TRIAL_POD("nginx"));
    assert_int_equal(trial_run(trial), IMGRW_ERR_SYNTAX);
    assert_int_equal(trial->summary.files, 4);
    assert_int_equal(trial->summary.edited, 2);
    assert_int_equal(trial->summary.images, 5);
    assert_int_equal(trial->summary.edits, 3);
    assert_int_equal(trial->summary.errors, 1);
    assert_int_equal(trial->summary.skipped, 0);
    assert_int_equal(trial->summary.written, 0);
}

/* Rules are counted with the images that they leave where they put them. */
static void
rules_count_their_images(void **state)
{
    struct trial *trial = *state;
    size_t count;

    assert_int_equal(
        imgrw_rules_add_prefix(trial->rules, "quay.io", "r.io/q", NULL),
        IMGRW_OK);
    assert_int_equal(imgrw_rules_add_image(trial->rules, "redis:2", NULL),
                     IMGRW_OK);
    count = imgrw_rules_count(trial->rules);
    trial_write(trial, "a.yaml", TRIAL_POD("nginx") "  - image: httpd\n"
                                 "  - image: " TRIAL_NEW "\n");
    trial_write(trial, "b.yaml", TRIAL_POD("r.io/q/a") "  - image: Bad\n"
                                 "  - image: x.io/a\n");
    trial_write(trial, "c.yaml", BAD);
    assert_int_equal(imgrw_run_rule_images(NULL, 0), 0);
    assert_int_equal(trial_plan(trial), IMGRW_ERR_SYNTAX);
    assert_int_equal(imgrw_run_rule_images(trial->run, 0), 3);
    assert_int_equal(imgrw_run_rule_images(trial->run, count - 2), 1);
    assert_int_equal(imgrw_run_rule_images(trial->run, count - 1), 0);
    assert_int_equal(imgrw_run_rule_images(trial->run, count), 0);
    assert_int_equal(trial->summary.images, 6);
    assert_int_equal(trial->summary.edits, 2);
    assert_int_equal(trial->summary.no_references, 1);
}

/* Of hidden folders the manifests are counted, and walked where asked for. */
static void
folders_say_what_they_hold(void **state)
{
    static const char *const folders[] = {".h", ".h/c", ".i", ".git"};
    struct trial *trial = *state;
    const struct imgrw_folder *folder;

    for (size_t i = 0; i < SUPPORT_COUNT(folders); i++) {
        char *path = support_path(trial->folder, folders[i]);

        assert_int_equal(mkdir(path, 0700), 0);
        free(path);
    }
    for (int hidden = 0; hidden < 2; hidden++) {
        trial_write(trial, "a.yaml", TRIAL_POD("nginx"));
        trial_write(trial, "notes.txt", TRIAL_POD("nginx"));
        trial_write(trial, ".h/b.yaml", "apiVersion: v1\n");
        trial_write(trial, ".h/c/d.json", "{\"apiVersion\": \"v1\"}");
        trial_write(trial, ".h/e.yaml", "a: b\n");
        trial_write(trial, ".h/f.yaml", "");
        trial_write(trial, ".i/g.yaml", "a: b\n");
        trial_write(trial, ".git/h.yaml", "apiVersion: v1\n");
        trial->options.hidden = hidden;
        assert_int_equal(trial_plan(trial), IMGRW_OK);
        folder = imgrw_run_folder(trial->run, 0);
        assert_string_equal(folder->path, trial->folder);
        assert_int_equal(folder->files, hidden ? 6 : 1);
        assert_int_equal(trial->summary.files, hidden ? 6 : 1);
        assert_int_equal(folder->hidden_folders, hidden ? 0 : 1);
        assert_int_equal(folder->hidden_files, hidden ? 0 : 2);
        assert_null(imgrw_run_folder(trial->run, 1));
    }
    assert_null(imgrw_run_folder(NULL, 0));
}

#define POLICY " # {\"$imagepolicy\": \"flux:web"
#define REPOSITORY(image) \
    "apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\n" \
    "metadata: {name: web}\nspec:\n  image: " image "\n"

/* The automation of Flux takes names from image repositories. */
static void
markers_need_their_repositories(void **state)
{
    static const struct {
        const char *name, *pod, *repository;
        int warnings;
    } rows[] = {
        {"no repository", TRIAL_POD("nginx:1" POLICY "\"}"), NONE, 1},
        {"it moves too", TRIAL_POD("nginx:1" POLICY "\"}"),
         REPOSITORY("docker.io/library/nginx"), 0},
        {"it has moved", TRIAL_POD("nginx:1" POLICY "\"}"),
         REPOSITORY(TRIAL_NEW), 0},
        {"another moves", TRIAL_POD("nginx:1" POLICY "\"}"),
         REPOSITORY("redis"), 1},
        {"it is left alone", TRIAL_POD("nginx:1" POLICY "\"}"),
         REPOSITORY("nginx # imgrewrite:ignore"), 1},
        {"another kind has the name", TRIAL_POD("nginx:1" POLICY "\"}"),
         TRIAL_POD("nginx"), 1},
        {"a name alone", TRIAL_POD("nginx:1" POLICY ":name\"}"), NONE, 1},
        {"a tag alone", TRIAL_POD("nginx:1" POLICY ":tag\"}"), NONE, 0},
        {"a digest alone", TRIAL_POD("nginx:1" POLICY ":digest\"}"), NONE, 0},
        {"nothing is edited", TRIAL_POD("quay.io/a:1" POLICY "\"}"), NONE, 0},
        {"no comment", TRIAL_POD("{x: '\"$imagepolicy\": \"a:b\"'}"), NONE, 0},
        {"another line", TRIAL_POD("nginx:1") POLICY "\"}\n", NONE, 0},
        {"a marker cut short", TRIAL_POD("nginx:1" POLICY), NONE, 0},
        {"two lines",
         TRIAL_POD("nginx:1" POLICY "\"}") "  - image: redis" POLICY "\"}\n",
         REPOSITORY("nginx"), 1},
    };
    struct support_tally tally = {0};
    struct trial *trial = *state;
    const struct imgrw_warning *warning;

    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        int count = 0;

        support_row(&tally, "%s", rows[i].name);
        trial_write(trial, "a.yaml", rows[i].pod);
        trial_write(trial, "b.yaml", rows[i].repository);
        assert_int_equal(trial_plan(trial), IMGRW_OK);
        while ((warning = imgrw_run_warning(trial->run, (size_t)count))) {
            count++;
            support_check(&tally, warning->at.line >= 4 &&
                          strstr(warning->at.path, "/a.yaml") &&
                          strstr(warning->message.data, "flux:web"),
                          "line %u: %s", (unsigned)warning->at.line,
                          warning->message.data);
        }
        support_check(&tally, count == rows[i].warnings, "%d warnings", count);
    }
    assert_null(imgrw_run_warning(NULL, 0));
    support_finish(&tally);
}

static void
aliases_count_as_images(void **state)
{
    struct trial *trial = *state;

    trial_write(trial, "a.yaml", TRIAL_POD("&a nginx") "  - image: *a\n");
    assert_int_equal(trial_run(trial), IMGRW_OK);
    assert_int_equal(trial->summary.images, 2);
    assert_int_equal(trial->summary.edits, 2);
    assert_int_equal(trial->files[0].edits, 1);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, trial_set_up, trial_tear_down)

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(files_come_in_order),
        TEST(paths_come_in_the_order_given),
        TEST(plans_are_seen_before_writing),
        TEST(files_show_what_there_is),
        TEST(failing_run_says_planned),
        TEST(first_error_is_that_of_the_run),
        TEST(skipping_is_no_failure),
        TEST(stopping_leaves_nothing_behind),
        TEST(stopping_works_with_threads),
        TEST(texts_stay_where_the_header_says),
        TEST(output_is_not_walked),
        TEST(rules_say_where_to_look),
        TEST(planning_touches_nothing),
        TEST(files_without_an_edit_stay),
        TEST(out_dir_gets_every_file),
        TEST(out_dir_gets_what_was_read),
        TEST(summary_counts),
        TEST(rules_count_their_images),
        TEST(folders_say_what_they_hold),
        TEST(markers_need_their_repositories),
        TEST(aliases_count_as_images),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
