/*
 * imgrewrite fn: a function that kustomize and kpt run, over a list of
 * resources.
 */
#include "troubles.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STEP ((size_t)64 << 10) /* bytes that are asked for at once */
#define LARGEST ((size_t)64 << 20)

/* A function that has run. */
struct function {
    const struct settings *settings;
    const struct imgrw_function *list;
    const struct imgrw_run *run;
    const struct imgrw_file *file;
    struct troubles troubles;
    size_t changes;   /* images that change, or would */
    size_t kept;      /* that should, and something is in the way */
    size_t unmatched; /* that no rule matches */
};

/* The list, while it comes in; malloc'ed. */
struct input {
    char *data;
    size_t size, capacity;
};

/* Reads some more of it; the number of bytes, or -1 with errno, which is 0
 * where a signal has asked for an end. */
static ssize_t
read_more(struct input *input)
{
    ssize_t got;

    if (input->capacity - input->size < STEP) {
        size_t capacity = 2 * input->capacity + STEP;
        char *data = realloc(input->data, capacity);

        if (!data)
            return -1;
        input->data = data;
        input->capacity = capacity;
    }
    do {
        errno = 0;
        if (!wait_for_input(STDIN_FILENO)) {
            errno = 0;
            return -1;
        }
        got = read(STDIN_FILENO, input->data + input->size, STEP);
    } while (got < 0 && errno == EINTR);
    return got;
}

/* Reads standard input to its end; more than may be parsed is left unread. On
 * failure says why. */
static bool
read_input(const struct settings *settings, struct input *input)
{
    size_t most = settings->parse.max_bytes ? settings->parse.max_bytes
                                            : LARGEST;
    ssize_t got;

    do {
        got = read_more(input);
        if (got > 0)
            input->size += (size_t)got;
    } while (got > 0 && input->size <= most);
    if (got < 0 && errno != 0)
        complain("standard input cannot be read: %s", strerror(errno));
    return got >= 0;
}

/* Says something of a result: whose it is, the image, and what it becomes. */
static void
print_result(const struct imgrw_list_result *result, const char *kind,
             const char *becomes)
{
    const char *space = result->path.size > 0 ? " " : "";
    bool named = result->kind.size > 0;
    char message[1024], document[32] = "", change[512] = "";

    if (result->path.size > 0 && result->index != SIZE_MAX)
        snprintf(document, sizeof(document), "[%zu]", result->index);
    if (*becomes)
        snprintf(change, sizeof(change), "%s%.*s, by %.*s", becomes,
                 PRINT(result->proposed), PRINT(result->rule));
    snprintf(message, sizeof(message), "%.*s%s%s%.*s%s%.*s%s%.*s: %.*s%s",
             PRINT(result->path), document, space, PRINT(result->kind),
             named ? "/" : "", PRINT(result->name), named ? " " : "",
             PRINT(result->field), PRINT(result->current), change);
    print_message(&result->at, kind, as_str(message));
}

/* Counts a result, and says what is not said elsewhere. */
static void
take_result(struct function *function,
            const struct imgrw_list_result *result)
{
    const struct settings *settings = function->settings;
    const struct imgrw_decision *decision =
        imgrw_plan_decision(function->file->plan, result->image);
    bool changes = result->severity == IMGRW_SEVERITY_INFO;
    bool blocked = decision && decision->obstacle.size > 0;
    bool unmatched = decision && !changes && !blocked &&
                     decision->outcome.result == IMGRW_UNMATCHED &&
                     imgrw_reason_names_image(
                         imgrw_manifest_image(function->file->manifest,
                                              result->image)->reason);

    function->changes += changes;
    function->kept += blocked;
    function->unmatched += unmatched;
    if (settings->validate && (changes || blocked))
        print_result(result, "error", " has to be ");
    else if (changes && settings->verbose)
        print_result(result, "note", " -> ");
    if (unmatched && (settings->verbose || settings->fail_on_unmatched))
        print_result(result, "unmatched", "");
}

/* Says what there is to say of images that are not changed. */
static void
tell_all(struct function *function)
{
    const struct imgrw_file *file = function->file;
    const struct imgrw_image *image;
    size_t offs[IMGRW_CLASS_COUNT] = {0}, unknown = 0;

    count_troubles(&function->troubles, function->settings, function->run);
    tell_troubles(&function->troubles, file);
    for (size_t i = 0; (image = imgrw_manifest_image(file->manifest, i)); i++) {
        const struct imgrw_decision *decision =
            imgrw_plan_decision(file->plan, i);

        tell_obstacle(&function->troubles, image, decision->obstacle);
        unknown += decision->outcome.access_unknown &&
                   decision->outcome.rule_count == 0;
    }
    for (int i = 0; i < IMGRW_CLASS_COUNT; i++)
        offs[i] = imgrw_plan_unselected_count(file->plan, (enum imgrw_class)i);
    tell_crowds(&function->troubles);
    tell_unused_rules(&function->troubles);
    tell_unused_fields(&function->troubles);
    print_hint(function->settings, offs);
    print_possible(function->settings, function->run);
    print_unknown(function->settings, unknown);
    print_misses(function->settings,
                 imgrw_plan_pull_secrets_skipped(file->plan));
    print_unread(function->settings, function->run);
}

/* The last line on standard error. */
static void
print_summary(const struct function *function)
{
    const struct imgrw_run_summary *summary = imgrw_run_summary(function->run);

    if (function->settings->quiet)
        return;
    fprintf(stderr, "imgrewrite: %zu image%s %srewritten, %zu left alone",
            summary->edits, summary->edits == 1 ? "" : "s",
            function->settings->validate ? "would be " : "",
            summary->images - summary->edits);
    if (summary->possible > 0)
        fprintf(stderr, ", %zu possible", summary->possible);
    fputc('\n', stderr);
}

/* The status of a function that went well. */
static int
judge(const struct function *function)
{
    const struct settings *settings = function->settings;

    return (settings->validate && function->changes + function->kept > 0) ||
                   (settings->fail_on_unused_rule &&
                    has_unused_rule(&function->troubles)) ||
                   (settings->fail_on_unmatched &&
                    function->unmatched + function->kept > 0)
               ? EXIT_FOUND
               : judge_possible(settings, function->run);
}

/* Prints the list and says what became of it. A validator prints nothing: to
 * kustomize, one that repeats its input has changed it. */
static int
finish(const struct settings *settings, const struct imgrw_function *list)
{
    const struct imgrw_run *run = imgrw_function_run(list);
    struct function function = {
        .settings = settings,
        .list = list,
        .run = run,
        .file = imgrw_run_file(run, 0),
    };
    const struct imgrw_list_result *result;
    imgrw_str text = imgrw_function_text(list);

    tell_all(&function);
    for (size_t i = 0; (result = imgrw_function_result(list, i)); i++)
        take_result(&function, result);
    if (!settings->validate) {
        write_to_file(text.data, text.size, stdout);
        fflush(stdout);
    }
    print_summary(&function);
    return judge(&function);
}

/* Runs the function over the list. */
static int
run_function(struct settings *settings, const struct input *input)
{
    const struct imgrw_function_options options = {
        .size = sizeof(options),
        .run = &settings->run,
        .warn = print_warning,
        .user = settings,
    };
    struct imgrw_function *function = NULL;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_function_new(
        settings->rules, (imgrw_str){input->data, input->size}, &options,
        &function, &error);
    int result;

    clear_bar();
    if (!went_well(status, &error))
        return EXIT_TROUBLE;
    result = finish(settings, function);
    imgrw_function_free(function);
    return result;
}

int
run_fn(struct settings *settings)
{
    struct input input = {0};
    int result = EXIT_TROUBLE;

    if (settings->argument_count > 1 ||
        (settings->argument_count == 1 &&
         strcmp(settings->arguments[0], "-") != 0)) {
        complain("fn reads a ResourceList from standard input, and takes no "
                 "PATH; rules come from its functionConfig or from options");
        return EXIT_TROUBLE;
    }
    watch_runs(settings);
    catch_signals();
    settings->plan.pull_secret = settings->pull_secret;
    if (read_input(settings, &input))
        result = run_function(settings, &input);
    free(input.data);
    return result;
}
