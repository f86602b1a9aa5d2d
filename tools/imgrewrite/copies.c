/*
 * imgrewrite list -o mapping, skopeo-copy, crane-copy or regsync: what to copy
 * where, so that the images are there when the rewritten manifests ask for
 * them. All or nothing: half a list would be carried out as if it were whole.
 */
#include "troubles.h"

#include <stdlib.h>

#define RESULTS (IMGRW_COPY_BASE + 1)

struct copies {
    const struct settings *settings;
    struct imgrw_run *run;
    struct imgrw_copy_list *list;
    struct troubles troubles;
    size_t results[RESULTS]; /* images by what became of them */
    size_t offs[IMGRW_CLASS_COUNT];
    size_t unknown; /* private or public; see print_unknown */
    bool failed;
};

/* What to say of an image that moves and is not in the list. */
static const char *const reasons[RESULTS] = {
    [IMGRW_COPY_FILLED_IN] = "not in the list: its end is filled in later, so "
                             "copy what it will be",
    [IMGRW_COPY_BASE] = "not in the list: which images lie below it is not "
                        "known here, so copy those",
};

/* Says that an image is missing in the list, unless it is one of many. */
static void
tell_missing(const struct copies *copies, const struct imgrw_image *image,
             imgrw_str target, enum imgrw_copy_result result)
{
    char message[600];

    if (copies->settings->quiet || !reasons[result] ||
        (copies->results[result] > MANY && !copies->settings->verbose))
        return;
    snprintf(message, sizeof(message), "%.*s becomes %.*s and is %s",
             PRINT(image->text), PRINT(target), reasons[result]);
    print_message(&image->at, "warning", as_str(message));
}

static void
take_image(struct copies *copies, const struct imgrw_plan *plan, size_t index)
{
    const struct imgrw_decision *decision = imgrw_plan_decision(plan, index);
    const struct imgrw_image *image =
        imgrw_manifest_image(imgrw_plan_manifest(plan), index);
    enum imgrw_copy_result result;
    struct imgrw_error error;

    tell_obstacle(&copies->troubles, image, decision->obstacle);
    if (!went_well(
            imgrw_copy_list_add(copies->list, plan, index, &result, &error),
            &error)) {
        copies->failed = true;
        return;
    }
    if (image->is_override_name || (result == IMGRW_COPY_UNMOVED &&
                                    !imgrw_reason_names_image(image->reason)))
        return;
    copies->results[result]++;
    copies->unknown += decision->outcome.access_unknown &&
                       decision->outcome.rule_count == 0;
    tell_missing(copies, image, decision->outcome.text, result);
}

static void
take_file(struct copies *copies, const struct imgrw_file *file)
{
    size_t count = file->plan && file->status != IMGRW_FILE_ERROR
                       ? imgrw_manifest_count(file->manifest)
                       : 0;

    tell_troubles(&copies->troubles, file);
    for (int i = 0; i < IMGRW_CLASS_COUNT; i++)
        copies->offs[i] += imgrw_plan_unselected_count(file->plan,
                                                       (enum imgrw_class)i);
    for (size_t i = 0; i < count; i++)
        take_image(copies, file->plan, i);
}

/* Says how many of those are missing of which there are too many to say each.
 */
static void
tell_many_missing(const struct copies *copies)
{
    for (int i = 0; i < RESULTS && !copies->settings->quiet; i++) {
        if (!reasons[i] || copies->results[i] <= MANY ||
            copies->settings->verbose)
            continue;
        print_head("warning");
        fprintf(stderr, "%zu places in all: each is %s; -v lists them\n",
                copies->results[i], reasons[i]);
    }
}

/* How many images move, and are not in the list. */
static size_t
count_missing(const struct copies *copies)
{
    return copies->results[IMGRW_COPY_FILLED_IN] +
           copies->results[IMGRW_COPY_BASE];
}

/* The last line on standard error. */
static void
print_summary(const struct copies *copies)
{
    size_t missing = count_missing(copies);
    size_t count = imgrw_copy_list_count(copies->list), images = 0;

    fflush(stdout);
    if (copies->settings->quiet)
        return;
    for (int i = 0; i < RESULTS; i++)
        images += copies->results[i];
    fputs("imgrewrite: ", stderr);
    if (copies->failed)
        fputs("nothing is listed; ", stderr);
    fprintf(stderr, "%zu cop%s for %zu of %zu image%s", count,
            count == 1 ? "y" : "ies", copies->results[IMGRW_COPY_LISTED],
            images, images == 1 ? "" : "s");
    fprintf(stderr, ", %zu left alone", copies->results[IMGRW_COPY_UNMOVED]);
    if (copies->results[IMGRW_COPY_IN_PLACE] > 0)
        fprintf(stderr, ", %zu to stay in place with another tag or digest",
                copies->results[IMGRW_COPY_IN_PLACE]);
    if (missing > 0)
        fprintf(stderr, ", %zu missing", missing);
    if (imgrw_run_summary(copies->run)->errors > 0)
        fprintf(stderr, ", %zu failed", imgrw_run_summary(copies->run)->errors);
    fputc('\n', stderr);
}

static void
print_list(struct copies *copies)
{
    const enum format format = copies->settings->format;
    struct imgrw_error error;

    if (!copies->failed &&
        !went_well(imgrw_copy_list_write(
                       copies->list,
                       (enum imgrw_copy_format)(format - FORMAT_MAPPING),
                       write_to_file, stdout, &error),
                   &error))
        copies->failed = true;
}

/* Says what there is to say after all files. */
static void
tell_results(const struct copies *copies)
{
    tell_crowds(&copies->troubles);
    tell_many_missing(copies);
    tell_unused_rules(&copies->troubles);
    tell_unused_fields(&copies->troubles);
    print_hint(copies->settings, copies->offs);
    print_possible(copies->settings, copies->run);
    print_unknown(copies->settings, copies->unknown);
    print_unread(copies->settings, copies->run);
    print_summary(copies);
}

static int
list_copies(struct copies *copies)
{
    const struct settings *settings = copies->settings;
    const struct imgrw_file *file;
    struct imgrw_error error;
    enum imgrw_status status =
        plan_run(settings, settings->rules, &copies->run, &error);
    /* An error that is of a file is said with that file. */
    bool told = copies->run && (status == IMGRW_OK || error.at.path);

    copies->failed = status != IMGRW_OK;
    if (!told) {
        print_error(&error);
        return EXIT_TROUBLE;
    }
    count_troubles(&copies->troubles, settings, copies->run);
    for (size_t i = 0; (file = imgrw_run_file(copies->run, i)); i++)
        take_file(copies, file);
    print_list(copies);
    tell_results(copies);
    if (copies->failed)
        return EXIT_TROUBLE;
    return count_missing(copies) > 0 ? EXIT_FOUND
                                     : judge_possible(settings, copies->run);
}

/* Checks that the options make sense together. */
static bool
check_settings(const struct settings *settings)
{
    if (settings->rule_count == 0)
        complain("to say what to copy where, list needs %s", no_rule(settings));
    else if (settings->possible)
        complain("--possible does not go with what to copy where: what stands "
                 "at no known place is not rewritten; --field adds a place");
    else
        return true;
    return false;
}

int
run_copies(struct settings *settings)
{
    struct copies copies = {.settings = settings};
    struct imgrw_error error;
    int result = EXIT_TROUBLE;

    if (!check_settings(settings))
        return EXIT_TROUBLE;
    watch_runs(settings);
    if (went_well(imgrw_rules_check(settings->rules, print_warning, settings,
                                    &error),
                  &error) &&
        went_well(imgrw_copy_list_new(&copies.list, &error), &error))
        result = list_copies(&copies);
    imgrw_copy_list_free(copies.list);
    imgrw_run_free(copies.run);
    return result;
}
