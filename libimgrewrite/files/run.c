/*
 * A run: every file is read, planned and proved, by several threads where there
 * are several files; then, when the caller says so, all is written or nothing.
 */
#include "files/run.h"
#include "base/error.h"
#include "base/sizes.h"
#include "base/threads.h"
#include "files/collide.h"
#include "files/targets.h"
#include "files/transaction.h"
#include "manifest/manifest.h"
#include "plan/plan.h"
#include "plan/rewrite.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define MOST_JOBS 256

/* Whether the manifest has a field that was asked for. */
static bool
meets_field(const struct imgrw_run *run, const struct imgrw_manifest *manifest)
{
    for (size_t i = 0; i < run->parse.field_count; i++)
        if (imgrw_manifest_field_met(manifest, i))
            return true;
    return false;
}

/* Whether nothing was found in the item, so that its text can go: a run over
 * many files holds only those with something to say. What is written as it is
 * is read again then. */
static bool
is_empty(const struct imgrw_run *run, const struct irw_item *item)
{
    bool callers = run->options.out_dir &&
                   run->options.mode != IMGRW_RUN_OUT_DIR;

    if (callers || run->count == 1 ||
        irw_is_kustomization_path(item->file.path))
        return false;
    return !item->file.manifest ||
           (imgrw_manifest_count(item->file.manifest) == 0 &&
            imgrw_manifest_warning_count(item->file.manifest) == 0 &&
            imgrw_manifest_possible_count(item->file.manifest) == 0 &&
            item->file.manifest->findings.unselected.count == 0 &&
            !meets_field(run, item->file.manifest));
}

static void
work_on(const struct imgrw_run *run, struct irw_item *item)
{
    const struct irw_item_source source = {run->rules, &run->parse, &run->plan,
                                           run->finds_charts};
    enum imgrw_status status = irw_item_plan(item, &source);

    if (status != IMGRW_OK)
        irw_item_fail(item, &run->options, status);
    else if (item->file.plan && imgrw_plan_count(item->file.plan) > 0)
        item->file.status = IMGRW_FILE_PLANNED;
    if (is_empty(run, item))
        irw_item_drop(item);
}

/* Tells the caller how far planning is; `path` comes next. */
static void
tell_planning(struct imgrw_run *run, const char *path)
{
    const struct imgrw_progress state = {
        .phase = IMGRW_PHASE_PLAN,
        .done = atomic_load(&run->done),
        .total = run->count,
        .path = path,
    };

    if (!irw_progress_tell(&run->progress, &state))
        atomic_store(&run->stopped, true);
}

/* Takes items until there are none. Only the caller's own thread, which has
 * `tells` set, speaks to the caller. */
static void
work(struct imgrw_run *run, bool tells)
{
    size_t index;

    while (!atomic_load(&run->stopped) &&
           (index = atomic_fetch_add(&run->next, 1)) < run->count) {
        struct irw_item *item = &run->items[index];

        if (tells)
            tell_planning(run, item->file.path);
        if (atomic_load(&run->stopped))
            break;
        work_on(run, item);
        atomic_fetch_add(&run->done, 1);
    }
}

/* The pieces of irw_in_threads. */
static void
work_in_thread(size_t number, void *user)
{
    work(user, number == 0);
}

/* How many threads the run may have. */
static size_t
count_jobs(const struct imgrw_run *run)
{
    size_t jobs = run->options.jobs;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (jobs == 0)
        jobs = processors > 0 ? (size_t)processors : 1;
    return jobs < MOST_JOBS ? jobs : MOST_JOBS;
}

/* Has each text that is parsed and planned get so many threads. */
static void
set_jobs(struct imgrw_run *run, size_t jobs)
{
    run->parse.jobs = run->plan.jobs = (unsigned)jobs;
}

/* Plans all items. Where there are fewer than threads, the others help with
 * those that are large; afterwards all do. */
static void
plan_items(struct imgrw_run *run)
{
    size_t jobs = count_jobs(run);
    size_t workers = jobs < run->count ? jobs : run->count;

    set_jobs(run, workers > 0 ? jobs / workers : jobs);
    irw_in_threads(workers > 0 ? workers : 1, work_in_thread, run);
    set_jobs(run, jobs);
    if (!atomic_load(&run->stopped))
        tell_planning(run, NULL);
}

/* Makes the second of two images that would become one an error of its file. */
static void
find_collisions(struct imgrw_run *run)
{
    struct irw_collisions images = {.texts = {0}};

    for (size_t i = 0; i < run->count && !run->options.allow_collisions; i++) {
        struct irw_item *item = &run->items[i];
        enum imgrw_status status =
            item->file.plan
                ? irw_collisions_add(&images, item->file.plan, &item->failure)
                : IMGRW_OK;

        if (status != IMGRW_OK)
            irw_item_fail(item, &run->options, status);
    }
    irw_collisions_clear(&images);
}

/* Looks for images that something would move back. */
static enum imgrw_status
check_markers(struct imgrw_run *run, struct imgrw_error *error)
{
    const struct imgrw_plan **plans = calloc(run->count + 1, sizeof(*plans));
    enum imgrw_status status;

    if (!plans)
        return irw_fail_memory(error);
    for (size_t i = 0; i < run->count; i++)
        plans[i] = run->items[i].file.plan;
    status = irw_markers_check(&run->markers, plans, run->count, error);
    free(plans);
    return status;
}

static void
count_items(struct imgrw_run *run)
{
    for (size_t i = 0; i < run->count; i++)
        irw_counts_add(&run->counts, &run->items[i]);
}

/* The error of a run in which files failed: the first of theirs, or the first
 * lack of memory, for the sake of which others may have been refused. */
static enum imgrw_status
first_failure(const struct imgrw_run *run, struct imgrw_error *error)
{
    const struct irw_item *first = NULL;

    for (size_t i = 0; i < run->count; i++) {
        const struct irw_item *item = &run->items[i];
        bool memory = item->failure.status == IMGRW_ERR_MEMORY;

        if (item->file.status != IMGRW_FILE_ERROR || (first && !memory))
            continue;
        first = item;
        if (memory)
            break;
    }
    if (first && error)
        *error = first->failure;
    return first ? first->failure.status : IMGRW_OK;
}

/* Turns what the walk found into items. */
static enum imgrw_status
make_items(struct imgrw_run *run, struct imgrw_error *error)
{
    bool out_dir = run->options.mode == IMGRW_RUN_OUT_DIR;
    enum imgrw_status status = irw_walk_unique(&run->walk, out_dir, error);

    if (status == IMGRW_OK && out_dir)
        status = irw_check_targets(&run->walk, run->options.out_dir, error);
    if (status != IMGRW_OK)
        return status;
    run->items = calloc(run->walk.files.count + 1, sizeof(*run->items));
    if (!run->items)
        return irw_fail_memory(error);
    run->count = run->walk.files.count;
    for (size_t i = 0; i < run->count; i++)
        run->items[i] = (struct irw_item){
            .found = &run->walk.files.items[i],
            .file.path = run->walk.files.items[i].path,
            .file.name = run->walk.files.items[i].name,
        };
    return IMGRW_OK;
}

enum imgrw_status
imgrw_run_plan(struct imgrw_run *run, struct imgrw_error *error)
{
    enum imgrw_status status;

    if (!run)
        return irw_fail_null(error, "run");
    if (run->state != IRW_RUN_TO_ADD)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "the run is planned already");
    run->state = IRW_RUN_DONE;
    status = make_items(run, error);
    if (status == IMGRW_OK)
        status = irw_counts_open(&run->counts, run->rules,
                                 run->parse.field_count, error);
    if (status != IMGRW_OK)
        return status;
    plan_items(run);
    find_collisions(run);
    if (!atomic_load(&run->stopped))
        status = irw_tree_items_plan(
            &run->trees, run->items, run->count,
            &(struct irw_item_source){run->rules, &run->parse, &run->plan,
                                      run->finds_charts},
            &run->options, error);
    count_items(run);
    if (atomic_load(&run->stopped))
        return irw_fail_stopped(error);
    if (status == IMGRW_OK)
        status = check_markers(run, error);
    if (status != IMGRW_OK)
        return status;
    run->state = IRW_RUN_TO_WRITE;
    return run->options.keep_going ? IMGRW_OK : first_failure(run, error);
}

/* Whether the run is to write the item. */
static bool
is_written(const struct imgrw_run *run, const struct irw_item *item)
{
    return run->options.mode == IMGRW_RUN_OUT_DIR
               ? item->file.status != IMGRW_FILE_ERROR
               : item->file.status == IMGRW_FILE_PLANNED;
}

/* Stages a file that has no plan: it becomes what it was when it was read. */
static enum imgrw_status
stage_again(const struct imgrw_run *run, const struct irw_item *item,
            struct irw_new_file *file, struct irw_transaction *transaction,
            struct imgrw_error *error)
{
    struct irw_file_text text;
    enum imgrw_status status =
        irw_item_read_again(item, run->parse.max_bytes, &text, error);

    if (status != IMGRW_OK)
        return status;
    file->text = (imgrw_str){text.data, text.size};
    status = irw_stage_file(transaction, run->options.out_dir, file, error);
    free(text.data);
    return status;
}

/* Stages the text of one item. */
static enum imgrw_status
stage_item(const struct imgrw_run *run, const struct irw_item *item,
           struct irw_transaction *transaction, struct imgrw_error *error)
{
    struct irw_new_file file = {
        .path = item->file.path,
        .text = item->file.plan ? imgrw_plan_text(item->file.plan)
                                : item->file.text,
        .like = &item->text.info,
    };

    if (run->options.mode == IMGRW_RUN_IN_PLACE)
        return irw_stage_replacement(transaction, &file, error);
    file.path = item->file.name;
    if (!file.text.data)
        return stage_again(run, item, &file, transaction, error);
    return irw_stage_file(transaction, run->options.out_dir, &file, error);
}

/* Stages all items. One that cannot be staged is one more that failed, and then
 * nothing is written at all: a full disk would not spare the others. */
static enum imgrw_status
stage_items(struct imgrw_run *run, struct irw_transaction *transaction,
            struct imgrw_error *error)
{
    struct imgrw_progress state = {
        .phase = IMGRW_PHASE_WRITE,
        .total = run->count,
    };

    for (; state.done < state.total; state.done++) {
        struct irw_item *item = &run->items[state.done];
        enum imgrw_status status = IMGRW_OK;

        state.path = item->file.path;
        if (!irw_progress_tell(&run->progress, &state))
            return irw_fail_stopped(error);
        if (is_written(run, item))
            status = stage_item(run, item, transaction, &item->failure);
        if (status == IMGRW_OK)
            continue;
        irw_item_fail(item, &run->options, status);
        run->counts.summary.errors++;
        if (error)
            *error = item->failure;
        return status;
    }
    state.path = NULL;
    return irw_progress_tell(&run->progress, &state) ? IMGRW_OK
                                                     : irw_fail_stopped(error);
}

/* Notes which items are written; the transaction has those that were to be, up
 * to one that could not be staged. */
static void
note_written(struct imgrw_run *run, const struct irw_transaction *transaction)
{
    size_t next = 0;

    for (size_t i = 0; i < run->count && next < transaction->writes.count;
         i++) {
        struct irw_item *item = &run->items[i];

        if (!is_written(run, item) ||
            transaction->writes.items[next++].state == IRW_WRITE_STAGED)
            continue;
        run->counts.summary.written++;
        if (item->file.status == IMGRW_FILE_PLANNED)
            item->file.status = IMGRW_FILE_REWRITTEN;
    }
}

enum imgrw_status
imgrw_run_write(struct imgrw_run *run, struct imgrw_error *error)
{
    struct irw_transaction transaction = {0};
    enum imgrw_status status;

    if (!run)
        return irw_fail_null(error, "run");
    if (run->state != IRW_RUN_TO_WRITE || run->options.mode == IMGRW_RUN_PLAN)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "the run has nothing planned that it may write");
    if (run->counts.summary.errors > 0 && !run->options.keep_going)
        return first_failure(run, error);
    run->state = IRW_RUN_DONE;
    status = stage_items(run, &transaction, error);
    if (status == IMGRW_OK)
        status = irw_commit(&transaction, error);
    note_written(run, &transaction);
    irw_transaction_clear(&transaction);
    return status;
}

const struct imgrw_file *
imgrw_run_file(const struct imgrw_run *run, size_t index)
{
    return run && index < run->count ? &run->items[index].file : NULL;
}

const struct imgrw_folder *
imgrw_run_folder(const struct imgrw_run *run, size_t index)
{
    return run && index < run->walk.folders.count
               ? &run->walk.folders.items[index]
               : NULL;
}

const struct imgrw_warning *
imgrw_run_warning(const struct imgrw_run *run, size_t index)
{
    size_t trees = run ? run->trees.warnings.count : 0;

    if (index < trees)
        return &run->trees.warnings.items[index];
    return run && index - trees < run->markers.warnings.count
               ? &run->markers.warnings.items[index - trees]
               : NULL;
}

size_t
imgrw_run_rule_images(const struct imgrw_run *run, size_t rule)
{
    return run && run->counts.rule_images &&
                   rule < imgrw_rules_count(run->rules)
               ? run->counts.rule_images[rule]
               : 0;
}

const struct imgrw_fieldspec *
imgrw_run_field(const struct imgrw_run *run, size_t index, size_t *files)
{
    if (!run || index >= run->parse.field_count)
        return NULL;
    if (files)
        *files = run->counts.field_files ? run->counts.field_files[index] : 0;
    return &run->parse.fields[index];
}

const struct imgrw_run_summary *
imgrw_run_summary(const struct imgrw_run *run)
{
    return run ? &run->counts.summary : NULL;
}

enum imgrw_status
imgrw_run_add(struct imgrw_run *run, const char *path,
              struct imgrw_error *error)
{
    if (!run || !path)
        return irw_fail_null(error, "run or path");
    if (run->state != IRW_RUN_TO_ADD)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "the run is planned already");
    if (strcmp(path, "-") == 0 && run->options.mode != IMGRW_RUN_PLAN)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "standard input cannot be written back");
    return irw_walk_add(&run->walk, path, error);
}

enum imgrw_status
irw_run_add_text(struct imgrw_run *run, imgrw_str text,
                 struct imgrw_error *error)
{
    enum imgrw_status status = irw_walk_add(&run->walk, "-", error);

    if (status == IMGRW_OK)
        run->walk.files.items[run->walk.files.count - 1].text = text;
    return status;
}

/* Takes the options and checks them and the rules. */
static enum imgrw_status
open_run(struct imgrw_run *run, const struct imgrw_run_options *given,
         struct imgrw_error *error)
{
    struct imgrw_run_options *options = &run->options;
    enum imgrw_status status = irw_sized_copy(options, sizeof(*options), given,
                                              "run options", error);

    if (status == IMGRW_OK)
        status = irw_rewrite_parse_options(options->parse, run->rules,
                                           &run->parse, error);
    run->finds_charts =
        (!options->parse || options->parse->find == 0) &&
        (!run->rules || imgrw_rules_find(run->rules) == 0);
    if (status == IMGRW_OK)
        status = irw_plan_options(options->plan, &run->plan, error);
    if (status != IMGRW_OK)
        return status;
    run->plan.size = sizeof(run->plan);
    set_jobs(run, 1);
    if ((unsigned)options->mode > IMGRW_RUN_OUT_DIR ||
        (options->out_dir ? *options->out_dir == '\0'
                          : options->mode == IMGRW_RUN_OUT_DIR))
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "no such mode, or no output directory");
    return run->rules ? imgrw_rules_check(run->rules, NULL, NULL, error)
                      : IMGRW_OK;
}

enum imgrw_status
imgrw_run_new(const struct imgrw_rules *rules,
              const struct imgrw_run_options *options, struct imgrw_run **run,
              struct imgrw_error *error)
{
    struct imgrw_run *made;
    enum imgrw_status status;
    struct stat out_dir;

    if (!run)
        return irw_fail_null(error, "run");
    made = calloc(1, sizeof(*made));
    if (!made)
        return irw_fail_memory(error);
    made->rules = rules;
    status = open_run(made, options, error);
    if (status != IMGRW_OK) {
        imgrw_run_free(made);
        return status;
    }
    made->progress.function = made->options.progress;
    made->progress.user = made->options.user;
    made->walk.hidden = made->options.hidden;
    if (made->options.out_dir && stat(made->options.out_dir, &out_dir) == 0) {
        made->walk.skip_device = out_dir.st_dev;
        made->walk.skip_inode = out_dir.st_ino;
    }
    *run = made;
    return IMGRW_OK;
}

void
imgrw_run_free(struct imgrw_run *run)
{
    if (!run)
        return;
    for (size_t i = 0; i < run->count; i++)
        irw_item_drop(&run->items[i]);
    irw_trees_clear(&run->trees);
    free(run->items);
    irw_counts_clear(&run->counts);
    irw_markers_clear(&run->markers);
    free((struct imgrw_fieldspec *)run->parse.fields);
    irw_walk_clear(&run->walk);
    free(run);
}
