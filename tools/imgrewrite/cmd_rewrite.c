/*
 * imgrewrite rewrite: change manifests, or show what would change.
 */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct rewrite {
    const struct settings *settings;
    struct imgrw_report *report; /* NULL: none is wanted */
    FILE *report_file;
    char *report_name; /* what it is called until it is whole */
    size_t *matched;  /* images, one count a rule */
    size_t unmatched; /* references that no rule speaks of */
    size_t unknown; /* that no preset touches, for nothing is known of them */
    size_t obstructed; /* that a rule speaks of, and that cannot be changed */
    size_t misses; /* of a pull secret */
    size_t offs[IMGRW_CLASS_COUNT];
    bool failed;      /* output could not be written */
};

/* Notes an error that is not a file's. */
static void
note_error(struct rewrite *rewrite, enum imgrw_status status,
           const struct imgrw_error *error)
{
    if (status == IMGRW_OK)
        return;
    print_error(error);
    rewrite->failed = true;
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
    return ferror((FILE *)user);
}

/* Says what became of an image, and why. */
static void
tell_decision(const struct rewrite *rewrite, const struct imgrw_image *image,
              const struct imgrw_outcome *outcome)
{
    static const char *const results[] = {
        [IMGRW_UNMATCHED] = "no rule matches",
        [IMGRW_EXCLUDED] = "excluded by",
        [IMGRW_UNCHANGED] = "is so already, by",
        [IMGRW_REWRITTEN] = "->",
    };
    const char *reason = imgrw_reason_text(image->reason);
    const struct imgrw_rules *rules = rewrite->settings->rules;

    print_plain(stderr, as_str(image->at.path));
    fprintf(stderr, ":%u:%u: ", (unsigned)image->at.line,
            (unsigned)image->at.column);
    print_plain(stderr, image->text);
    fputc(' ', stderr);
    if (image->reason != IMGRW_REASON_NONE)
        fprintf(stderr, "left alone, it is %s", reason);
    else if (image->ignored)
        fputs("left alone, its line says imgrewrite:ignore", stderr);
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

/* An image that should change and does not. */
static void
tell_obstacle(struct rewrite *rewrite, const struct imgrw_image *image,
              imgrw_str why)
{
    char message[512];

    rewrite->obstructed++;
    snprintf(message, sizeof(message), "%.*s is left alone: %.*s",
             PRINT(image->text), PRINT(why));
    if (!rewrite->settings->quiet)
        print_message(&image->at, "warning", as_str(message));
}

static void
count_decisions(struct rewrite *rewrite, const struct imgrw_plan *plan)
{
    const struct imgrw_manifest *manifest = imgrw_plan_manifest(plan);
    size_t count = imgrw_manifest_count(manifest);

    rewrite->misses += imgrw_plan_pull_secret_misses(plan);
    for (int i = 0; i < IMGRW_CLASS_COUNT; i++)
        rewrite->offs[i] += imgrw_plan_off_count(plan, (enum imgrw_class)i);
    for (size_t i = 0; i < count; i++) {
        const struct imgrw_image *image = imgrw_manifest_image(manifest, i);
        const struct imgrw_decision *decision = imgrw_plan_decision(plan, i);
        const struct imgrw_outcome *outcome = &decision->outcome;

        if (decision->obstacle.size > 0)
            tell_obstacle(rewrite, image, decision->obstacle);

        for (size_t k = 0; k < outcome->rule_count; k++)
            rewrite->matched[outcome->rules[k]]++;
        rewrite->unknown += outcome->access_unknown && outcome->rule_count == 0;
        if (image->reason == IMGRW_REASON_NONE &&
            outcome->result == IMGRW_UNMATCHED) {
            rewrite->unmatched++;
            if (rewrite->settings->fail_on_unmatched)
                print_message(&image->at, "unmatched", image->text);
        }
        if (rewrite->settings->verbose)
            tell_decision(rewrite, image, outcome);
    }
    if (rewrite->settings->verbose && imgrw_plan_single_proofs(plan) > 0)
        fprintf(stderr, "imgrewrite: note: %zu documents were proved by "
                        "libyaml alone\n",
                imgrw_plan_single_proofs(plan));
}

/* Prints what the run was asked for of one file, if all went well. */
static void
print_file(struct rewrite *rewrite, const struct imgrw_file *file)
{
    const struct settings *settings = rewrite->settings;
    bool shows_text = !settings->diff && !settings->check &&
                      !settings->in_place && !settings->files.out_dir;
    imgrw_str text = file->plan ? imgrw_plan_text(file->plan) : file->text;
    struct imgrw_error error;

    if (file->status == IMGRW_FILE_PLANNED || file->status == IMGRW_FILE_ERROR)
        return;
    if (settings->diff && file->plan) {
        note_error(rewrite,
                   imgrw_diff_write(file->plan, file->path,
                                    use_color(stdout) ? write_colored
                                                      : write_to_file,
                                    stdout, &error),
                   &error);
    } else if (shows_text) {
        write_to_file(text.data, text.size, stdout);
    }
}

/* Called for every file in order; an imgrw_file_fn. */
static int
take_file(const struct imgrw_file *file, void *user)
{
    struct rewrite *rewrite = user;
    struct imgrw_error error;

    print_troubles(file, rewrite->settings->quiet);
    if (file->plan)
        count_decisions(rewrite, file->plan);
    print_file(rewrite, file);
    if (rewrite->report)
        note_error(rewrite,
                   imgrw_report_add(rewrite->report, file->path, file->status,
                                    file->plan, file->failure, &error),
                   &error);
    return 0;
}

/* Whether the path is a directory; what cannot be looked at is told later. */
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
    int outputs = settings->in_place + (settings->files.out_dir != NULL) +
                  (settings->diff || settings->check);
    bool to_stdout = outputs == 0 || settings->diff;
    bool many = settings->argument_count > 1 ||
                (settings->argument_count == 1 &&
                 is_directory(settings->arguments[0]));

    if (settings->rule_count == 0)
        complain("rewrite needs %s", no_rule(settings));
    else if (settings->argument_count == 0)
        complain("rewrite needs a PATH, or - for standard input");
    else if (settings->files.out_dir && *settings->files.out_dir == '\0')
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

/* Opens a hidden file beside the report, which takes its name at the end: the
 * report may be an old one, and it is never half a one. */
static FILE *
open_beside(struct rewrite *rewrite, const char *path)
{
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0, file;
    mode_t mask = umask(0);

    umask(mask);
    if (asprintf(&rewrite->report_name, "%.*s.%s.imgrewrite-XXXXXX", folder,
                 path, path + folder) < 0) {
        rewrite->report_name = NULL;
        return NULL;
    }
    file = mkostemp(rewrite->report_name, O_CLOEXEC);
    if (file < 0) {
        free(rewrite->report_name);
        rewrite->report_name = NULL;
        return NULL;
    }
    fchmod(file, 0666 & ~mask);
    return fdopen(file, "w");
}

/* Opens the report before anything is done, for it may be impossible. */
static bool
open_report(struct rewrite *rewrite)
{
    const char *path = rewrite->settings->report;
    struct imgrw_error error;
    struct stat info;

    if (!path)
        return true;
    if (strcmp(path, "-") == 0)
        rewrite->report_file = stdout;
    else if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
        rewrite->report_file = fopen(path, "w");
    else
        rewrite->report_file = open_beside(rewrite, path);
    if (!rewrite->report_file) {
        complain("%s cannot be written: %s", path, strerror(errno));
        return false;
    }
    if (imgrw_report_new(rewrite->settings->rules, write_to_file,
                         rewrite->report_file, &rewrite->report,
                         &error) == IMGRW_OK)
        return true;
    print_error(&error);
    return false;
}

/* Finishes the report, unless the run never came to it. */
static void
close_report(struct rewrite *rewrite, bool wanted)
{
    const char *path = rewrite->settings->report;
    struct imgrw_error error;

    if (rewrite->report && wanted)
        note_error(rewrite, imgrw_report_finish(rewrite->report, &error),
                   &error);
    imgrw_report_free(rewrite->report);
    if (!rewrite->report_file || rewrite->report_file == stdout)
        return;
    rewrite->failed |= !finish_output(rewrite->report_file, path);
    fclose(rewrite->report_file);
    if (rewrite->report_name && wanted && !rewrite->failed &&
        rename(rewrite->report_name, path) != 0) {
        complain("%s cannot be written: %s", path, strerror(errno));
        rewrite->failed = true;
    }
    if (rewrite->report_name)
        unlink(rewrite->report_name);
    free(rewrite->report_name);
}

/* A preset for private images can do nothing where it is not told of them. */
static void
print_unknown(const struct rewrite *rewrite)
{
    if (rewrite->unknown > 0 && !rewrite->settings->quiet)
        fprintf(stderr,
                "imgrewrite: %zu image%s not known to be private or public, "
                "and so left alone; add knownImages, or leave out "
                "only=private\n",
                rewrite->unknown, rewrite->unknown == 1 ? " is" : "s are");
}

/* A pod inside of a text gets no pull secret, and may need one. */
static void
print_misses(const struct rewrite *rewrite)
{
    if (rewrite->misses > 0 && !rewrite->settings->quiet)
        fprintf(stderr,
                "imgrewrite: %zu image%s of pods inside of texts, such as "
                "those of a ConfigMap; these pods get no pull secret\n",
                rewrite->misses, rewrite->misses == 1 ? " is" : "s are");
}

/* The last line on standard error. */
static void
print_summary(const struct rewrite *rewrite,
              const struct imgrw_files_summary *summary)
{
    const struct settings *settings = rewrite->settings;
    bool shown = settings->diff || settings->check || !summary->written;

    fflush(stdout);
    if (settings->quiet)
        return;
    fputs("imgrewrite: ", stderr);
    if (!summary->written)
        fputs("nothing is written; ", stderr);
    fprintf(stderr, "%zu image%s in %zu of %zu file%s %srewritten, "
                    "%zu left alone",
            summary->edits, summary->edits == 1 ? "" : "s", summary->rewritten,
            summary->files, summary->files == 1 ? "" : "s",
            shown ? "would be " : "", summary->images - summary->edits);
    if (summary->skipped > 0)
        fprintf(stderr, ", %zu skipped", summary->skipped);
    if (summary->errors > 0)
        fprintf(stderr, ", %zu failed", summary->errors);
    fputc('\n', stderr);
}

/* Tells of rules that no image met; returns whether there are any. */
static bool
tell_unused_rules(const struct rewrite *rewrite)
{
    const struct imgrw_rules *rules = rewrite->settings->rules;
    struct imgrw_location at;
    bool unused = false;

    for (size_t i = 0; i < imgrw_rules_count(rules); i++) {
        if (rewrite->matched[i] > 0)
            continue;
        unused = true;
        fprintf(stderr, "imgrewrite: unused rule: %s",
                imgrw_rules_name(rules, i));
        at = imgrw_rules_location(rules, i);
        if (at.line > 0)
            fprintf(stderr, " (%s:%u)", at.path ? at.path : "-",
                    (unsigned)at.line);
        fputc('\n', stderr);
    }
    return unused;
}

/* The signal that asked the run to stop. */
static volatile int stop_signal;

static void
note_signal(int signal)
{
    stop_signal = signal;
}

/* Lets the run end on its own when somebody wants to end it, so that no
 * temporary file stays. */
static void
catch_signals(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = note_signal,
                               .sa_flags = (int)SA_RESETHAND};
    struct sigaction before;

    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
        if (sigaction(signals[i], NULL, &before) == 0 &&
            before.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
}

static int
run_checked(struct rewrite *rewrite, struct settings *settings)
{
    struct imgrw_files_summary summary = {0};
    struct imgrw_error error;
    bool unused, told;
    enum imgrw_status status =
        imgrw_rules_check(settings->rules, print_warning, settings, &error);

    if (status == IMGRW_OK)
        status = imgrw_files_run((const char *const *)settings->arguments,
                                 (size_t)settings->argument_count,
                                 settings->rules, &settings->files, take_file,
                                 rewrite, &summary, &error);
    told = status == IMGRW_OK || (summary.errors > 0 && !stop_signal);
    if (!told)
        print_error(&error);
    close_report(rewrite, told);
    unused = told &&
             (settings->fail_on_unused_rule || settings->verbose) &&
             tell_unused_rules(rewrite) && settings->fail_on_unused_rule;
    if (told) {
        print_hint(settings, rewrite->offs);
        print_unknown(rewrite);
        print_misses(rewrite);
        print_summary(rewrite, &summary);
    }
    if (status != IMGRW_OK || rewrite->failed)
        return EXIT_TROUBLE;
    return (settings->check && summary.edits > 0) || unused ||
                   (settings->fail_on_unmatched &&
                    rewrite->unmatched + rewrite->obstructed > 0)
               ? EXIT_CHANGED
               : EXIT_DONE;
}

int
run_rewrite(struct settings *settings)
{
    struct rewrite rewrite = {.settings = settings};
    int result = EXIT_TROUBLE;

    if (!check_settings(settings))
        return EXIT_TROUBLE;
    if (settings->report && strcmp(settings->report, "-") != 0)
        settings->files.reserved = settings->report;
    settings->files.stop = &stop_signal;
    catch_signals();
    settings->plan.pull_secret = settings->pull_secret;
    if (settings->in_place)
        settings->files.mode = IMGRW_FILES_IN_PLACE;
    if (settings->files.out_dir)
        settings->files.mode = IMGRW_FILES_OUT_DIR;
    rewrite.matched = calloc(imgrw_rules_count(settings->rules) + 1,
                             sizeof(*rewrite.matched));
    if (!rewrite.matched)
        complain("out of memory");
    else if (open_report(&rewrite))
        result = run_checked(&rewrite, settings);
    free(rewrite.matched);
    if (stop_signal)
        raise(stop_signal); /* its own action is in place again */
    return result;
}
