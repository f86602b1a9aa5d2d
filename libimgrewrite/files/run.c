/*
 * A run: every file is read, planned and proved, by several threads where there
 * are several files; then all is written, or nothing.
 */
#include "base/error.h"
#include "base/file.h"
#include "base/sizes.h"
#include "files/collide.h"
#include "files/targets.h"
#include "files/transaction.h"
#include "files/walk.h"
#include "manifest/manifest.h"
#include "manifest/options.h"
#include "plan/options.h"

#include <imgrewrite/files.h>

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#define MOST_JOBS 256

/* A file on its way through the run. */
struct item {
    const struct irw_walk_file *file;
    struct irw_file_text text;
    struct imgrw_manifest *manifest;
    struct imgrw_plan *plan;
    enum imgrw_file_status status;
    struct imgrw_error failure; /* status IMGRW_OK: none */
};

struct run {
    const struct imgrw_rules *rules; /* NULL: only find images */
    struct imgrw_files_options options;
    size_t max_bytes;
    struct irw_walk walk;
    struct item *items;
    size_t count;
    atomic_size_t next; /* the first item that no thread has taken */
    struct irw_transaction transaction;
    struct imgrw_files_summary summary;
};

static void
drop_text(struct item *item)
{
    imgrw_plan_free(item->plan);
    imgrw_manifest_free(item->manifest);
    free(item->text.data);
    item->plan = NULL;
    item->manifest = NULL;
    item->text.data = NULL;
}

static bool
is_unparsable(enum imgrw_status status)
{
    return status == IMGRW_ERR_SYNTAX || status == IMGRW_ERR_ENCODING;
}

/* Notes what kept an item from being planned. */
static void
settle_failure(const struct run *run, struct item *item)
{
    bool skip = run->options.skip_unparsable &&
                is_unparsable(item->failure.status);

    item->status = skip ? IMGRW_FILE_SKIPPED : IMGRW_FILE_ERROR;
}

/* Reads, parses and plans one file. */
static enum imgrw_status
plan_item(const struct run *run, struct item *item)
{
    const char *path = item->file->path;
    struct imgrw_location at = {.path = path};
    struct imgrw_error *error = &item->failure;
    imgrw_str text;
    enum imgrw_status status;

    if (item->file->failed)
        return irw_fail(error, IMGRW_ERR_IO, at, "cannot be read: %s",
                        strerror(item->file->failed));
    status = irw_read_file(path, run->max_bytes, &item->text, error);
    if (status != IMGRW_OK)
        return status;
    text = (imgrw_str){item->text.data, item->text.size};
    status = imgrw_manifest_parse(text, path, run->options.parse,
                                  &item->manifest, error);
    if (status == IMGRW_OK && run->rules)
        status = imgrw_plan_new(item->manifest, run->rules, run->options.plan,
                                &item->plan, error);
    return status;
}

/* Whether nobody will ask for the text of the item any more; a run over many
 * files holds only those with something to say. */
static bool
is_done(const struct run *run, const struct item *item)
{
    if (run->options.mode == IMGRW_FILES_OUT_DIR)
        return item->status == IMGRW_FILE_ERROR;
    if (run->count == 1 || run->options.keep_texts)
        return false;
    if (!item->manifest)
        return true;
    return imgrw_manifest_count(item->manifest) == 0 &&
           imgrw_manifest_warning_count(item->manifest) == 0 &&
           irw_manifest_off_total(item->manifest) == 0;
}

static void
work_on(const struct run *run, struct item *item)
{
    enum imgrw_status status = plan_item(run, item);

    item->failure.status = status;
    if (status != IMGRW_OK) {
        if (!item->failure.at.path)
            item->failure.at.path = item->file->path;
        settle_failure(run, item);
    } else if (item->plan && imgrw_plan_count(item->plan) > 0) {
        item->status = IMGRW_FILE_REWRITTEN;
    }
    if (is_done(run, item))
        drop_text(item);
}

/* Whether the caller wants the run to end. */
static bool
is_stopped(const struct run *run)
{
    return run->options.stop && *run->options.stop != 0;
}

/* A thread: takes items until there are none. */
static void *
work(void *user)
{
    struct run *run = user;
    size_t index;

    while (!is_stopped(run) &&
           (index = atomic_fetch_add(&run->next, 1)) < run->count)
        work_on(run, &run->items[index]);
    return NULL;
}

/* How many threads the run deserves. */
static size_t
count_jobs(const struct run *run)
{
    size_t jobs = run->options.jobs;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (jobs == 0)
        jobs = processors > 0 ? (size_t)processors : 1;
    if (jobs > MOST_JOBS)
        jobs = MOST_JOBS;
    return jobs < run->count ? jobs : run->count;
}

/* Plans all items. A thread that cannot be had is done without. */
static void
plan_items(struct run *run)
{
    pthread_t threads[MOST_JOBS];
    size_t jobs = count_jobs(run), started = 0;

    while (started + 1 < jobs &&
           pthread_create(&threads[started], NULL, work, run) == 0)
        started++;
    work(run);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}

/* Makes the second of two images that would become one an error of its file. */
static void
find_collisions(struct run *run)
{
    struct irw_map images = {0};

    for (size_t i = 0; i < run->count && !run->options.allow_collisions; i++) {
        struct item *item = &run->items[i];

        if (item->plan && irw_collisions_add(&images, run->rules, item->plan,
                                             &item->failure) != IMGRW_OK)
            item->status = IMGRW_FILE_ERROR;
    }
    irw_map_clear(&images);
}

static void
count_items(struct run *run)
{
    struct imgrw_files_summary *summary = &run->summary;

    summary->files = run->count;
    for (size_t i = 0; i < run->count; i++) {
        const struct item *item = &run->items[i];

        summary->errors += item->status == IMGRW_FILE_ERROR;
        summary->skipped += item->status == IMGRW_FILE_SKIPPED;
        summary->rewritten += item->status == IMGRW_FILE_REWRITTEN;
        if (item->manifest)
            summary->images += imgrw_manifest_count(item->manifest);
        for (size_t k = 0; item->status == IMGRW_FILE_REWRITTEN &&
                           k < imgrw_manifest_count(item->manifest);
             k++)
            summary->edits +=
                imgrw_plan_decision(item->plan, k)->edit != SIZE_MAX;
    }
    summary->written = summary->errors == 0 || run->options.keep_going;
}

/* Stages the text of one item where the mode wants it. */
static enum imgrw_status
stage_item(struct run *run, struct item *item, struct imgrw_error *error)
{
    imgrw_str text = {item->text.data, item->text.size};

    if (item->plan)
        text = imgrw_plan_text(item->plan);
    if (run->options.mode == IMGRW_FILES_IN_PLACE)
        return item->status == IMGRW_FILE_REWRITTEN
                   ? irw_stage_replacement(&run->transaction, item->file->path,
                                           text, &item->text.info, error)
                   : IMGRW_OK;
    return item->status != IMGRW_FILE_ERROR
               ? irw_stage_file(&run->transaction, run->options.out_dir,
                                item->file->name, text, &item->text.info, error)
               : IMGRW_OK;
}

static enum imgrw_status
fail_stopped(struct run *run, struct imgrw_error *error)
{
    run->summary.written = 0;
    return irw_fail(error, IMGRW_ERR_STOPPED, IRW_NOWHERE,
                    "stopped; nothing is written");
}

/* Writes what was planned. A file that cannot be staged is one more error, and
 * then nothing is written at all: a full disk would not spare the others. */
static enum imgrw_status
write_items(struct run *run, struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < run->count && status == IMGRW_OK; i++) {
        struct item *item = &run->items[i];

        if (is_stopped(run))
            return fail_stopped(run, error);
        status = stage_item(run, item, &item->failure);
        if (status == IMGRW_OK)
            continue;
        item->status = IMGRW_FILE_ERROR;
        item->failure.at.path = item->file->path;
        run->summary.errors++;
        run->summary.written = 0;
    }
    if (status == IMGRW_OK) {
        status = irw_commit(&run->transaction, error);
        run->summary.written = status == IMGRW_OK;
        return status;
    }
    return IMGRW_OK;
}

/* Tells the caller of every file, in the order of the walk. */
static enum imgrw_status
report_items(struct run *run, imgrw_file_fn *each, void *user,
             struct imgrw_error *error)
{
    for (size_t i = 0; i < run->count && each; i++) {
        struct item *item = &run->items[i];
        struct imgrw_file file = {
            .path = item->file->path,
            .name = item->file->name,
            .text = {item->text.data, item->text.size},
            .mode = S_ISREG(item->text.info.st_mode)
                        ? item->text.info.st_mode & 07777
                        : 0,
            .status = item->status,
            .manifest = item->manifest,
            .plan = item->plan,
            .failure = item->failure.status ? &item->failure : NULL,
        };

        if (file.status == IMGRW_FILE_REWRITTEN && !run->summary.written)
            file.status = IMGRW_FILE_PLANNED;
        if (each(&file, user) != 0)
            return irw_fail(error, IMGRW_ERR_STOPPED, IRW_NOWHERE,
                            "stopped at %.200s", file.path);
    }
    return IMGRW_OK;
}

/* The error of a run in which files failed: the first of theirs. */
static enum imgrw_status
first_failure(const struct run *run, struct imgrw_error *error)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct imgrw_error *failure = &run->items[i].failure;

        if (run->items[i].status == IMGRW_FILE_ERROR)
            return irw_fail(error, failure->status, IRW_NOWHERE,
                            "%.100s:%u:%u: %.140s", failure->at.path,
                            (unsigned)failure->at.line,
                            (unsigned)failure->at.column, failure->message);
    }
    return IMGRW_OK;
}

/* Refuses an input that the caller is going to write to. */
static enum imgrw_status
check_reserved(const struct run *run, struct imgrw_error *error)
{
    const char *reserved = run->options.reserved;
    struct stat info;

    if (!reserved || stat(reserved, &info) != 0 ||
        !irw_walk_contains(&run->walk, &info))
        return IMGRW_OK;
    return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                    "%.150s is an input and would be overwritten", reserved);
}

/* Keeps the walk out of the folder that the output goes to. */
static void
skip_output(struct run *run)
{
    const char *folder = run->options.mode == IMGRW_FILES_OUT_DIR
                             ? run->options.out_dir
                             : run->options.not_below;
    struct stat info;

    if (!folder || stat(folder, &info) != 0)
        return;
    run->walk.skip_device = info.st_dev;
    run->walk.skip_inode = info.st_ino;
}

static enum imgrw_status
find_files(struct run *run, const char *const *paths, size_t count,
           struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    skip_output(run);
    for (size_t i = 0; i < count && status == IMGRW_OK; i++) {
        if (strcmp(paths[i], "-") == 0 &&
            run->options.mode != IMGRW_FILES_PLAN)
            return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                            "standard input cannot be written back");
        status = irw_walk_add(&run->walk, paths[i], error);
    }
    if (status == IMGRW_OK)
        status = irw_walk_unique(
            &run->walk, run->options.mode == IMGRW_FILES_OUT_DIR, error);
    if (status == IMGRW_OK)
        status = check_reserved(run, error);
    if (status == IMGRW_OK && run->options.mode == IMGRW_FILES_OUT_DIR)
        status = irw_check_targets(&run->walk, run->options.out_dir,
                                   run->options.reserved, error);
    if (status != IMGRW_OK)
        return status;
    run->items = calloc(run->walk.count + 1, sizeof(*run->items));
    if (!run->items)
        return irw_fail_memory(error);
    run->count = run->walk.count;
    for (size_t i = 0; i < run->count; i++)
        run->items[i].file = &run->walk.files[i];
    return IMGRW_OK;
}

/* Takes the options and checks them and the rules. */
static enum imgrw_status
open_run(struct run *run, const struct imgrw_rules *rules,
         const struct imgrw_files_options *given, struct imgrw_error *error)
{
    struct imgrw_files_options *options = &run->options;
    struct imgrw_parse_options parse;
    struct imgrw_plan_options plan;
    enum imgrw_status status = irw_sized_copy(options, sizeof(*options), given,
                                              "files options", error);

    if (status == IMGRW_OK)
        status = irw_parse_options(options->parse, &parse, error);
    if (status == IMGRW_OK)
        status = irw_plan_options(options->plan, &plan, error);
    if (status != IMGRW_OK)
        return status;
    run->rules = rules;
    run->max_bytes = parse.max_bytes;
    if ((unsigned)options->mode > IMGRW_FILES_OUT_DIR ||
        (options->mode == IMGRW_FILES_OUT_DIR &&
         (!options->out_dir || *options->out_dir == '\0')))
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                        "no such mode, or no output directory");
    return rules ? imgrw_rules_check(rules, NULL, NULL, error) : IMGRW_OK;
}

static void
close_run(struct run *run)
{
    for (size_t i = 0; i < run->count; i++)
        drop_text(&run->items[i]);
    free(run->items);
    irw_transaction_clear(&run->transaction);
    irw_walk_clear(&run->walk);
}

enum imgrw_status
imgrw_files_run(const char *const *paths, size_t count,
                const struct imgrw_rules *rules,
                const struct imgrw_files_options *options, imgrw_file_fn *each,
                void *user, struct imgrw_files_summary *summary,
                struct imgrw_error *error)
{
    struct run run = {0};
    enum imgrw_status status = open_run(&run, rules, options, error);

    if (status == IMGRW_OK)
        status = find_files(&run, paths, count, error);
    if (status == IMGRW_OK) {
        plan_items(&run);
        find_collisions(&run);
        count_items(&run);
        if (is_stopped(&run))
            status = fail_stopped(&run, error);
        else if (run.options.mode != IMGRW_FILES_PLAN && run.summary.written)
            status = write_items(&run, error);
    }
    if (status == IMGRW_OK)
        status = report_items(&run, each, user, error);
    if (status == IMGRW_OK)
        status = first_failure(&run, error);
    if (summary)
        *summary = run.summary;
    close_run(&run);
    return status;
}
