/*
 * imgrewrite rewrite: change manifests, or show what would change.
 */
#include "diff_paths.h"
#include "report_file.h"
#include "troubles.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct rewrite {
    const struct settings *settings;
    struct imgrw_run *run;
    bool held_back; /* a file failed, so that nothing is written */
    struct report_file report_file;
    struct imgrw_report *report; /* NULL: none is wanted */
    struct troubles troubles;
    struct diff_paths diff_paths;
    size_t unmatched;  /* references that no rule matches */
    size_t unknown;    /* left alone by a preset for private images, because
                          nothing is known of them */
    size_t obstructed; /* a rule matches, but they cannot be changed */
    size_t misses;     /* of a pull secret */
    size_t offs[IMGRW_CLASS_COUNT];
    bool failed; /* something was said that is no file's failure */
};

/* Notes an error that is not a file's. */
static void
note_error(struct rewrite *rewrite, enum imgrw_status status,
           const struct imgrw_error *error)
{
    rewrite->failed |= !went_well(status, error);
}

/* Writes a diff with its lines in colours; an imgrw_write_fn. */
static int
write_colored(const char *data, size_t size, void *user)
{
    const char *end = data + size;

    while (data < end) {
        const char *feed = memchr(data, '\n', (size_t)(end - data));
        size_t length = (size_t)((feed ? feed : end) - data);
        const char *start = *data == '-'   ? "\033[31m"
                            : *data == '+' ? "\033[32m"
                            : *data == '@' ? "\033[36m"
                                           : "";

        fprintf(user, "%s%.*s%s\n", start, (int)length, data,
                *start ? "\033[0m" : "");
        data += length + 1;
    }
    return has_failed(user);
}

/* Says what became of an image, which is a reference, and why. */
static void
tell_decision(const struct rewrite *rewrite, const struct imgrw_image *image,
              const struct imgrw_decision *decision)
{
    const struct imgrw_outcome *outcome = &decision->outcome;
    static const char *const results[] = {
        [IMGRW_UNMATCHED] = "no rule matches",
        [IMGRW_EXCLUDED] = "excluded by",
        [IMGRW_UNCHANGED] = "is so already, by",
        [IMGRW_REWRITTEN] = "->",
        [IMGRW_UNDECIDED] = "left alone until its end is filled in, by",
    };
    const struct imgrw_rules *rules = rewrite->settings->rules;

    print_plain(stderr, as_str(image->at.path));
    fprintf(stderr, ":%u:%u: ", (unsigned)image->at.line,
            (unsigned)image->at.column);
    print_plain(stderr, image->text);
    fputc(' ', stderr);
    if (image->ignored)
        fputs("left alone, its line says imgrewrite:ignore", stderr);
    else if (decision->kept.size > 0)
        fprintf(stderr, "left alone, %.*s", PRINT(decision->kept));
    else if (outcome->access_unknown && outcome->rule_count == 0)
        fputs("left alone, it is not known whether it is private", stderr);
    else
        fputs(results[outcome->result], stderr);
    if (outcome->result == IMGRW_REWRITTEN)
        fprintf(stderr, " %.*s by", PRINT(outcome->text));
    for (size_t i = 0; i < outcome->rule_count; i++)
        fprintf(stderr, "%s %s", i > 0 ? "," : "",
                imgrw_rules_name(rules, outcome->rules[i]));
    fputc('\n', stderr);
}

static void
count_decisions(struct rewrite *rewrite, const struct imgrw_plan *plan)
{
    const struct imgrw_manifest *manifest = imgrw_plan_manifest(plan);
    size_t count = imgrw_manifest_count(manifest);

    rewrite->misses += imgrw_plan_pull_secrets_skipped(plan);
    for (int i = 0; i < IMGRW_CLASS_COUNT; i++)
        rewrite->offs[i] +=
            imgrw_plan_unselected_count(plan, (enum imgrw_class)i);
    for (size_t i = 0; i < count; i++) {
        const struct imgrw_image *image = imgrw_manifest_image(manifest, i);
        const struct imgrw_decision *decision = imgrw_plan_decision(plan, i);
        const struct imgrw_outcome *outcome = &decision->outcome;

        rewrite->obstructed += decision->obstacle.size > 0;
        tell_obstacle(&rewrite->troubles, image, decision->obstacle);
        rewrite->unknown += outcome->access_unknown && outcome->rule_count == 0;
        if (imgrw_reason_names_image(image->reason) &&
            outcome->result == IMGRW_UNMATCHED) {
            rewrite->unmatched++;
            if (rewrite->settings->fail_on_unmatched)
                print_message(&image->at, "unmatched", image->text);
        }
        if (rewrite->settings->verbose &&
            imgrw_reason_names_image(image->reason))
            tell_decision(rewrite, image, decision);
    }
    if (rewrite->settings->verbose && imgrw_plan_unwitnessed_count(plan) > 0)
        fprintf(stderr, "imgrewrite: note: %zu documents were proved by "
                        "libyaml alone\n",
                imgrw_plan_unwitnessed_count(plan));
}

/* Prints the diff of a file, unless nothing can be printed any more. */
static void
print_diff(struct rewrite *rewrite, const struct imgrw_file *file)
{
    struct imgrw_error error;
    char *name;

    if (ferror(stdout))
        return;
    name = diff_path(&rewrite->diff_paths, file);
    if (name)
        note_error(
            rewrite,
            imgrw_diff_write(file->plan, name,
                             use_color(stdout) ? write_colored : write_to_file,
                             stdout, &error),
            &error);
    else
        complain("out of memory");
    rewrite->failed |= !name;
    free(name);
}

/* Prints what the run was asked for of one file, if all went well. */
static void
print_file(struct rewrite *rewrite, const struct imgrw_file *file)
{
    const struct settings *settings = rewrite->settings;
    bool shows_text = !settings->diff && !settings->check &&
                      !settings->in_place && !settings->run.out_dir;
    imgrw_str text = file->plan ? imgrw_plan_text(file->plan) : file->text;

    if (file->status == IMGRW_FILE_ERROR)
        return;
    if (settings->diff && file->plan)
        print_diff(rewrite, file);
    else if (shows_text)
        write_to_file(text.data, text.size, stdout);
}

/* Names a file that changes, where its text is not shown: --check wants to know
 * which these are, and with -v so may whoever has them replaced. */
static void
name_file(const struct rewrite *rewrite, const struct imgrw_file *file)
{
    const struct settings *settings = rewrite->settings;
    bool replaces = settings->in_place || settings->run.out_dir;
    size_t images, edited = 0;

    if (settings->quiet ||
        !(settings->check || (replaces && settings->verbose)) ||
        imgrw_plan_count(file->plan) == 0)
        return;
    images = imgrw_manifest_count(file->manifest);
    for (size_t i = 0; i < images; i++)
        edited += imgrw_plan_decision(file->plan, i)->edit != SIZE_MAX;
    print_plain(stderr, as_str(file->path));
    fprintf(stderr, ": %zu image%s %s\n", edited, edited == 1 ? "" : "s",
            settings->check || rewrite->held_back ? "would be rewritten"
                                                  : "rewritten");
}

/* Says, prints and reports what became of one file. */
static void
take_file(struct rewrite *rewrite, const struct imgrw_file *file)
{
    bool is_planned = file->status == IMGRW_FILE_PLANNED;
    struct imgrw_error error;

    tell_troubles(&rewrite->troubles, file);
    if (file->plan)
        count_decisions(rewrite, file->plan);
    if (file->status != IMGRW_FILE_ERROR)
        name_file(rewrite, file);
    if (!is_planned || !rewrite->held_back)
        print_file(rewrite, file);
    if (!rewrite->report || has_failed(rewrite->report_file.file))
        return;
    /* What is only shown counts as done. */
    note_error(rewrite,
               imgrw_report_add(rewrite->report, file->path,
                                is_planned && !rewrite->held_back
                                    ? IMGRW_FILE_REWRITTEN
                                    : file->status,
                                file->plan, file->failure, &error),
               &error);
}

/* Whether the path is a directory; one that cannot be looked at is reported
 * later. */
static bool
is_directory(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* Checks that the options make sense together. */
static bool
check_settings(struct settings *settings)
{
    int outputs = settings->in_place + (settings->run.out_dir != NULL) +
                  (settings->diff || settings->check);
    bool to_stdout = outputs == 0 || settings->diff;
    bool many = settings->argument_count > 1 ||
                (settings->argument_count == 1 &&
                 is_directory(settings->arguments[0]));

    if (settings->rule_count == 0)
        complain("rewrite needs %s", no_rule(settings));
    else if (settings->argument_count == 0)
        complain("rewrite needs a PATH, or - for standard input");
    else if (settings->stream &&
             (outputs > 0 || settings->report || settings->run.keep_going ||
              many))
        complain("--stream prints the new text of one file alone: it does not "
                 "go with several, a folder, --in-place, --out-dir, --diff, "
                 "--check, --report or --keep-going");
    else if (settings->run.out_dir && *settings->run.out_dir == '\0')
        complain("--out-dir needs the name of a folder");
    else if (settings->report && *settings->report == '\0')
        complain("--report needs the name of a file");
    else if (outputs > 1)
        complain("choose one of --in-place, --out-dir and --diff or --check");
    else if (outputs == 0 && many)
        complain("several files need --in-place, --out-dir, --diff or "
                 "--check; one file alone goes to standard output");
    else if (to_stdout && settings->report &&
             strcmp(settings->report, "-") == 0)
        complain("--report - and the result would both go to standard output");
    else
        return true;
    return false;
}

/* Opens the report, if one is wanted. */
static bool
open_report(struct rewrite *rewrite)
{
    const char *path = rewrite->settings->report;
    struct imgrw_error error;

    if (!path)
        return true;
    if (!open_report_file(&rewrite->report_file, path))
        return false;
    return went_well(imgrw_report_new(rewrite->settings->rules, write_to_file,
                                      rewrite->report_file.file,
                                      &rewrite->report, &error),
                     &error);
}

/* Finishes the report, unless the run never came to it. */
static void
close_report(struct rewrite *rewrite, bool wanted)
{
    struct imgrw_error error;

    if (rewrite->report && wanted && !has_failed(rewrite->report_file.file))
        note_error(rewrite, imgrw_report_finish(rewrite->report, &error),
                   &error);
    imgrw_report_free(rewrite->report);
    if (!close_report_file(&rewrite->report_file, wanted && !rewrite->failed))
        rewrite->failed = true;
}

/* A diff of files that are elsewhere does not apply here. */
static void
print_base(const struct rewrite *rewrite)
{
    const char *base = rewrite->diff_paths.base;

    if (rewrite->diff_paths.outside && !rewrite->settings->quiet &&
        !rewrite->held_back)
        fprintf(stderr,
                "imgrewrite: the names in the diff are below %s: apply it with "
                "`patch -p1 -d %s` or `git -C %s apply`\n",
                base, base, base);
}

/* The last line on standard error. */
static void
print_summary(const struct rewrite *rewrite)
{
    const struct settings *settings = rewrite->settings;
    const struct imgrw_run_summary *summary = imgrw_run_summary(rewrite->run);
    bool shown = settings->diff || settings->check || rewrite->held_back;

    fflush(stdout);
    if (settings->quiet)
        return;
    fputs("imgrewrite: ", stderr);
    if (rewrite->held_back)
        fputs("nothing is written; ", stderr);
    fprintf(stderr, "%zu image%s in %zu of %zu file%s %srewritten, "
                    "%zu left alone",
            summary->edits, summary->edits == 1 ? "" : "s", summary->edited,
            summary->files, summary->files == 1 ? "" : "s",
            shown ? "would be " : "", summary->images - summary->edits);
    if (summary->no_references > 0)
        fprintf(stderr, ", %zu of them without a reference",
                summary->no_references);
    if (summary->possible > 0)
        fprintf(stderr, ", %zu possible", summary->possible);
    if (summary->skipped > 0)
        fprintf(stderr, ", %zu skipped", summary->skipped);
    if (summary->errors > 0)
        fprintf(stderr, ", %zu failed", summary->errors);
    fputc('\n', stderr);
}

/* Plans all files and, where they are to be written, writes them. */
static enum imgrw_status
run_files(struct rewrite *rewrite, struct imgrw_error *error)
{
    const struct settings *settings = rewrite->settings;
    enum imgrw_status status =
        plan_run(settings, settings->rules, &rewrite->run, error);

    if (!check_report_file(&rewrite->report_file, rewrite->run,
                           settings->run.out_dir)) {
        rewrite->failed = true;
        return status;
    }
    if (status == IMGRW_OK && settings->run.mode != IMGRW_RUN_PLAN)
        status = imgrw_run_write(rewrite->run, error);
    clear_bar();
    rewrite->held_back = status != IMGRW_OK;
    return status;
}

/* Says what there is to say after all files. */
static void
print_results(const struct rewrite *rewrite)
{
    tell_crowds(&rewrite->troubles);
    tell_unused_rules(&rewrite->troubles);
    tell_unused_fields(&rewrite->troubles);
    print_hint(rewrite->settings, rewrite->offs);
    print_possible(rewrite->settings, rewrite->run);
    print_unknown(rewrite->settings, rewrite->unknown);
    print_misses(rewrite->settings, rewrite->misses);
    print_base(rewrite);
    print_unread(rewrite->settings, rewrite->run);
    print_summary(rewrite);
}

/* The exit status of a run over all files, which went well. */
static int
judge(const struct rewrite *rewrite)
{
    const struct settings *settings = rewrite->settings;
    bool changes = imgrw_run_summary(rewrite->run)->edits > 0;
    bool unmatched = rewrite->unmatched + rewrite->obstructed > 0;

    return (settings->check && changes) ||
                   (settings->fail_on_unused_rule &&
                    has_unused_rule(&rewrite->troubles)) ||
                   (settings->fail_on_unmatched && unmatched)
               ? EXIT_FOUND
               : judge_possible(settings, rewrite->run);
}

static int
run_checked(struct rewrite *rewrite, const struct settings *settings)
{
    struct imgrw_error error;
    const struct imgrw_file *file;
    enum imgrw_status status = run_files(rewrite, &error);
    /* An error that is of a file is said with that file. */
    bool told = !rewrite->failed && rewrite->run &&
                (status == IMGRW_OK || error.at.path);

    if (!told && !rewrite->failed)
        print_error(&error);
    if (told)
        count_troubles(&rewrite->troubles, settings, rewrite->run);
    if (told && settings->diff)
        find_diff_paths(&rewrite->diff_paths, rewrite->run);
    for (size_t i = 0; told && (file = imgrw_run_file(rewrite->run, i)); i++)
        take_file(rewrite, file);
    close_report(rewrite, told);
    if (told)
        print_results(rewrite);
    return status != IMGRW_OK || rewrite->failed ||
                   imgrw_run_summary(rewrite->run)->errors > 0
               ? EXIT_TROUBLE
               : judge(rewrite);
}

/* A file that is filtered. */
struct filter {
    struct rewrite *rewrite;
    int input;
    size_t done; /* bytes of it whose result is printed */
};

/* An imgrw_read_fn. It takes what is there, for the rest may come late. */
static long
read_input(char *data, size_t size, void *user)
{
    const struct filter *filter = user;
    ssize_t got;

    do {
        if (!wait_for_input(filter->input))
            return -1;
        got = read(filter->input, data, size);
    } while (got < 0 && errno == EINTR);
    return got;
}

/* An imgrw_part_fn. What is done is printed at once: somebody may wait for it.
 */
static int
take_part(const struct imgrw_file *part, void *user)
{
    struct filter *filter = user;

    take_file(filter->rewrite, part);
    fflush(stdout);
    if (has_failed(stdout))
        return 1;
    filter->done += part->text.size;
    return was_stopped();
}

/* Says how far the result of a stream goes that has failed. */
static void
tell_end(const struct filter *filter)
{
    fprintf(stderr, "imgrewrite: the result ends before byte %zu of the "
                    "input\n",
            filter->done);
}

/* Filters a file that is open. What is printed before a failure is whole
 * documents. */
static int
filter_input(struct filter *filter, const struct settings *settings)
{
    struct rewrite *rewrite = filter->rewrite;
    const struct imgrw_stream stream = {
        .size = sizeof(stream),
        .path = settings->arguments[0],
        .read = read_input,
        .take = take_part,
        .user = filter,
    };
    struct imgrw_error error;
    enum imgrw_status status =
        imgrw_run_new(settings->rules, &settings->run, &rewrite->run, &error);

    if (!went_well(status, &error))
        return EXIT_TROUBLE;
    count_troubles(&rewrite->troubles, settings, rewrite->run);
    status = imgrw_run_stream(rewrite->run, &stream, &error);
    if (status != IMGRW_OK && status != IMGRW_ERR_STOPPED && !was_stopped())
        print_error(&error);
    print_results(rewrite);
    if (status == IMGRW_OK)
        return judge(rewrite);
    tell_end(filter);
    return EXIT_TROUBLE;
}

static int
run_filter(struct rewrite *rewrite, const struct settings *settings)
{
    const char *path = settings->arguments[0];
    bool is_input = strcmp(path, "-") == 0;
    struct filter filter = {
        .rewrite = rewrite,
        .input = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC),
    };
    int result;

    if (filter.input < 0) {
        print_message(&(struct imgrw_location){.path = path}, "error",
                      as_str(strerror(errno)));
        return EXIT_TROUBLE;
    }
    result = filter_input(&filter, settings);
    if (!is_input)
        close(filter.input);
    return result;
}

int
run_rewrite(struct settings *settings)
{
    struct rewrite rewrite = {.settings = settings};
    struct imgrw_error error;
    int result = EXIT_TROUBLE;

    if (!check_settings(settings))
        return EXIT_TROUBLE;
    watch_runs(settings);
    catch_signals();
    settings->plan.pull_secret = settings->pull_secret;
    if (settings->in_place)
        settings->run.mode = IMGRW_RUN_IN_PLACE;
    if (settings->run.out_dir)
        settings->run.mode = IMGRW_RUN_OUT_DIR;
    if (open_report(&rewrite) &&
             went_well(imgrw_rules_check(settings->rules, print_warning,
                                         settings, &error),
                       &error))
        result = settings->stream ? run_filter(&rewrite, settings)
                                  : run_checked(&rewrite, settings);
    else
        close_report(&rewrite, false);
    imgrw_run_free(rewrite.run);
    free_diff_paths(&rewrite.diff_paths);
    return result;
}
