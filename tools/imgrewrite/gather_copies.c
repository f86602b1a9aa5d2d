#include "gather_copies.h"

/* What to say of an image that moves and is missing. */
static const char *const reasons[COPY_RESULTS] = {
    [IMGRW_COPY_FILLED_IN] = "its end is filled in later, so copy what it will "
                             "be",
    [IMGRW_COPY_BASE] = "which images lie below it is not known here, so copy "
                        "those",
};

/* Says that an image is missing, unless it is one of many. */
static void
tell_missing(const struct copies *copies, const struct imgrw_location *at,
             imgrw_str image, imgrw_str target, enum imgrw_copy_result result)
{
    char message[600];

    if (copies->settings->quiet || !reasons[result] ||
        (copies->results[result] > MANY && !copies->settings->verbose))
        return;
    snprintf(message, sizeof(message), "%.*s becomes %.*s and is %s: %s",
             PRINT(image), PRINT(target), copies->missing, reasons[result]);
    print_message(at, "warning", as_str(message));
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
    tell_missing(copies, &image->at, image->text, decision->outcome.text,
                 result);
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
    for (int i = 0; i < COPY_RESULTS && !copies->settings->quiet; i++) {
        if (!reasons[i] || copies->results[i] <= MANY ||
            copies->settings->verbose)
            continue;
        print_head("warning");
        fprintf(stderr, "%zu places in all: each is %s: %s; -v lists them\n",
                copies->results[i], copies->missing, reasons[i]);
    }
}

/* Checks that the options make sense together. */
static bool
check_settings(const struct settings *settings, const char *command)
{
    if (settings->rule_count == 0)
        complain("to say what to copy where, %s needs %s", command,
                 no_rule(settings));
    else if (settings->possible)
        complain("--possible does not go with what to copy where: what stands "
                 "at no known place is not rewritten; --field adds a place");
    else
        return true;
    return false;
}

bool
begin_copies(struct copies *copies, const char *command)
{
    const struct settings *settings = copies->settings;
    struct imgrw_error error;

    return check_settings(settings, command) &&
           went_well(imgrw_rules_check(settings->rules, print_warning,
                                       (void *)settings, &error),
                     &error) &&
           went_well(imgrw_copy_list_new(&copies->list, &error), &error);
}

bool
gather_copies(struct copies *copies)
{
    const struct settings *settings = copies->settings;
    const struct imgrw_file *file;
    struct imgrw_error error;
    enum imgrw_status status =
        plan_run(settings, settings->rules, &copies->run, &error);
    /* An error that is of a file is said with that file. */
    bool told = copies->run && (status == IMGRW_OK || error.at.path);

    copies->failed |= status != IMGRW_OK;
    if (!told) {
        print_error(&error);
        imgrw_run_free(copies->run);
        copies->run = NULL;
        return false;
    }
    count_troubles(&copies->troubles, settings, copies->run);
    for (size_t i = 0; (file = imgrw_run_file(copies->run, i)); i++)
        take_file(copies, file);
    return true;
}

bool
gather_reference(struct copies *copies, imgrw_str reference,
                 const struct imgrw_location *at)
{
    const struct imgrw_rules *rules = copies->settings->rules;
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome;
    enum imgrw_copy_result result;
    struct imgrw_error error;

    copies->references++;
    if (!went_well(imgrw_copy_list_add_reference(copies->list, rules, reference,
                                                 at, &result, &error),
                   &error)) {
        copies->failed = true;
        return false;
    }
    copies->results[result]++;
    if (imgrw_rules_apply(rules, reference, &buffer, &outcome, NULL) ==
        IMGRW_OK) {
        copies->unknown += outcome.access_unknown && outcome.rule_count == 0;
        tell_missing(copies, at, reference, outcome.text, result);
    }
    return true;
}

bool
write_copies(const struct copies *copies)
{
    const enum format format = copies->settings->format;
    struct imgrw_error error;

    return went_well(
        imgrw_copy_list_write(copies->list,
                              (enum imgrw_copy_format)(format - FORMAT_MAPPING),
                              write_to_file, stdout, &error),
        &error);
}

/* A rule that no image met may have met a reference. */
void
tell_gathered(const struct copies *copies)
{
    tell_many_missing(copies);
    if (copies->run) {
        tell_crowds(&copies->troubles);
        if (copies->references == 0)
            tell_unused_rules(&copies->troubles);
        tell_unused_fields(&copies->troubles);
        print_hint(copies->settings, copies->offs);
        print_possible(copies->settings, copies->run);
    }
    print_unknown(copies->settings, copies->unknown);
    if (copies->run)
        print_unread(copies->settings, copies->run);
}

size_t
count_gathered(const struct copies *copies)
{
    size_t images = 0;

    for (int i = 0; i < COPY_RESULTS; i++)
        images += copies->results[i];
    return images;
}

size_t
count_missing(const struct copies *copies)
{
    return copies->results[IMGRW_COPY_FILLED_IN] +
           copies->results[IMGRW_COPY_BASE];
}

void
print_ungathered(const struct copies *copies)
{
    const struct imgrw_run_summary *summary = imgrw_run_summary(copies->run);

    fprintf(stderr, ", %zu left alone", copies->results[IMGRW_COPY_UNMOVED]);
    if (copies->results[IMGRW_COPY_IN_PLACE] > 0)
        fprintf(stderr, ", %zu to stay in place with another tag or digest",
                copies->results[IMGRW_COPY_IN_PLACE]);
    if (count_missing(copies) > 0)
        fprintf(stderr, ", %zu %s", count_missing(copies), copies->missing);
    if (summary && summary->errors > 0)
        fprintf(stderr, ", %zu failed", summary->errors);
}

void
end_copies(struct copies *copies)
{
    imgrw_copy_list_free(copies->list);
    imgrw_run_free(copies->run);
    copies->list = NULL;
    copies->run = NULL;
}
