#include "troubles.h"

/* Counts one more; what it points to outlives the crowd. */
static void
join(struct crowd *crowd, const struct imgrw_location *at, const char *message)
{
    if (crowd->count++ == 0) {
        crowd->first = at;
        crowd->message = message;
    }
}

/* Whether each of the crowd is told by itself. */
static bool
is_told(const struct troubles *troubles, const struct crowd *crowd)
{
    return crowd->count <= MANY || troubles->settings->verbose;
}

/* The crowd of files that the file, which has a failure, is of. */
static struct crowd *
crowd_of(struct troubles *troubles, const struct imgrw_file *file)
{
    struct crowd *crowds = file->status == IMGRW_FILE_ERROR
                               ? troubles->errors
                               : troubles->skipped;

    return &crowds[(unsigned)file->failure->status < STATUSES
                       ? file->failure->status
                       : IMGRW_ERR_ARGUMENT];
}

/* Whether there is no image, and nothing was done about that. Where `name` of a
 * kustomization's entry stands, there need be none. */
static bool
is_odd(const struct imgrw_image *image, const struct imgrw_decision *decision)
{
    return !imgrw_reason_names_image(image->reason) &&
           !image->is_override_name &&
           !(decision &&
             (decision->edit != SIZE_MAX || decision->obstacle.size > 0 ||
              decision->kept.size > 0));
}

void
count_troubles(struct troubles *troubles, const struct settings *settings,
               const struct imgrw_run *run)
{
    const struct imgrw_warning *warning;
    const struct imgrw_file *file;
    const struct imgrw_image *image;

    *troubles = (struct troubles){.settings = settings, .run = run};
    for (size_t i = 0; (file = imgrw_run_file(run, i)); i++) {
        if (file->failure)
            join(crowd_of(troubles, file), &file->failure->at,
                 file->failure->message);
        for (size_t k = 0; file->manifest &&
                           (image = imgrw_manifest_image(file->manifest, k));
             k++)
            if (is_odd(image, imgrw_plan_decision(file->plan, k)))
                join(&troubles->odd[image->reason], &image->at, NULL);
    }
    for (size_t i = 0; (warning = imgrw_run_warning(run, i)); i++)
        join(&troubles->warnings, &warning->at, warning->message.data);
}

static void
tell_failure(const struct troubles *troubles, const struct imgrw_file *file)
{
    bool failed = file->status == IMGRW_FILE_ERROR;
    struct troubles *counts = (struct troubles *)troubles;

    if (is_told(troubles, crowd_of(counts, file)) &&
        (failed || !troubles->settings->quiet))
        print_message(&file->failure->at, failed ? "error" : "warning",
                      as_str(file->failure->message));
}

/* What was surely meant to be an image deserves a warning. */
static const char *
kind_of(enum imgrw_reason reason)
{
    return reason == IMGRW_REASON_MALFORMED ||
                   reason == IMGRW_REASON_NOT_STRING ||
                   reason == IMGRW_REASON_PLACEHOLDER
               ? "warning"
               : "note";
}

/* What to do about a text that is no reference: nothing about a pattern. */
static const char *
advice_on(const struct imgrw_image *image)
{
    return image->reason == IMGRW_REASON_PLACEHOLDER &&
                   !memchr(image->text.data, '*', image->text.size)
               ? "; change the value that is filled in"
               : "";
}

/* What stands where an image should, with the reason that `resolve` gives. */
static void
tell_odd(const struct imgrw_image *image)
{
    struct imgrw_reference reference;
    struct imgrw_error error = {.message = ""};
    const char *advice = "";
    char message[512];

    if (image->text.size > 0 &&
        imgrw_reference_parse(image->text, &reference, &error) == IMGRW_OK)
        snprintf(error.message, sizeof(error.message), "\"%.*s\"",
                 PRINT(image->text));
    else if (image->text.size > 0)
        advice = advice_on(image);
    snprintf(message, sizeof(message), "left alone: this is %s%s%s%s",
             imgrw_reason_text(image->reason), *error.message ? ": " : "",
             error.message, advice);
    print_message(&image->at, kind_of(image->reason), as_str(message));
}

void
tell_troubles(const struct troubles *troubles, const struct imgrw_file *file)
{
    const struct imgrw_manifest *manifest = file->manifest;
    const struct imgrw_warning *warning;
    const struct imgrw_image *image;

    if (file->failure)
        tell_failure(troubles, file);
    if (troubles->settings->quiet || !manifest)
        return;
    for (size_t i = 0; (warning = imgrw_manifest_warning(manifest, i)); i++)
        print_message(&warning->at, "warning", warning->message);
    for (size_t i = 0; (image = imgrw_manifest_image(manifest, i)); i++)
        if (is_odd(image, imgrw_plan_decision(file->plan, i)) &&
            is_told(troubles, &troubles->odd[image->reason]))
            tell_odd(image);
}

/* Says where the first of a crowd is, and how to see all. */
static void
print_first(const struct crowd *crowd)
{
    fputs("; the first is ", stderr);
    print_plain(stderr, as_str(crowd->first->path));
    if (crowd->first->line > 0)
        fprintf(stderr, ":%u:%u", (unsigned)crowd->first->line,
                (unsigned)crowd->first->column);
    if (crowd->message) {
        fputs(": ", stderr);
        print_plain(stderr, as_str(crowd->message));
    }
    fputs("; -v lists them", stderr);
}

/* Says what lets the run be of use all the same. */
static void
print_ways_out(const struct settings *settings, enum imgrw_status status)
{
    bool unparsable = status == IMGRW_ERR_SYNTAX ||
                      status == IMGRW_ERR_ENCODING;

    if (unparsable && !settings->run.skip_unparsable)
        fputs(", --skip-unparsable passes over them", stderr);
    if (settings->command == COMMAND_REWRITE && !settings->run.keep_going)
        fputs(", --keep-going writes the others", stderr);
}

/* Says it of files that fail for one reason, or are skipped for it. */
static void
tell_files(const struct troubles *troubles, const struct crowd *crowds,
           bool failed)
{
    for (int i = 0; i < STATUSES; i++) {
        if (is_told(troubles, &crowds[i]))
            continue;
        print_head(failed ? "error" : "warning");
        fprintf(stderr, "%zu files %s: %s", crowds[i].count,
                failed ? "fail" : "are skipped",
                imgrw_status_text((enum imgrw_status)i));
        print_first(&crowds[i]);
        if (failed)
            print_ways_out(troubles->settings, (enum imgrw_status)i);
        fputc('\n', stderr);
    }
}

/* Tells of folders in which there is nothing to do, and of manifests that were
 * passed over. */
static void
tell_folders(const struct imgrw_run *run)
{
    const struct imgrw_folder *folder;
    size_t folders = 0, files = 0;

    for (size_t i = 0; (folder = imgrw_run_folder(run, i)); i++) {
        folders += folder->hidden_folders;
        files += folder->hidden_files;
        if (folder->files == 0)
            print_message(&(struct imgrw_location){.path = folder->path},
                          "warning",
                          as_str("no manifest is in this folder: no *.yaml, "
                                 "*.yml or *.json"));
    }
    if (folders > 0)
        fprintf(stderr,
                "imgrewrite: %zu hidden folder%s with %zu manifest%s %s not "
                "looked at; add --hidden\n",
                folders, folders == 1 ? "" : "s", files, files == 1 ? "" : "s",
                folders == 1 ? "is" : "are");
}

/* Tells of what takes several files to see. */
static void
tell_warnings(const struct troubles *troubles)
{
    const struct crowd *crowd = &troubles->warnings;
    const struct imgrw_warning *warning;

    for (size_t i = 0; is_told(troubles, crowd) &&
                       (warning = imgrw_run_warning(troubles->run, i));
         i++)
        print_message(&warning->at, "warning", warning->message);
    if (is_told(troubles, crowd))
        return;
    print_head("warning");
    fprintf(stderr, "%zu images would be moved back", crowd->count);
    print_first(crowd);
    fputc('\n', stderr);
}

void
tell_crowds(const struct troubles *troubles)
{
    tell_files(troubles, troubles->errors, true);
    if (troubles->settings->quiet)
        return;
    tell_folders(troubles->run);
    tell_warnings(troubles);
    tell_files(troubles, troubles->skipped, false);
    for (int i = 0; i < REASONS; i++) {
        if (is_told(troubles, &troubles->odd[i]))
            continue;
        print_head(kind_of((enum imgrw_reason)i));
        fprintf(stderr, "%zu places of images are left alone: each is %s",
                troubles->odd[i].count,
                imgrw_reason_text((enum imgrw_reason)i));
        print_first(&troubles->odd[i]);
        fputc('\n', stderr);
    }
}

/* How many rules no image met; `*first` is the first of them. */
static size_t
count_unused(const struct troubles *troubles, size_t *first)
{
    const struct imgrw_rules *rules = troubles->settings->rules;
    size_t count = 0;

    for (size_t i = imgrw_rules_count(rules); i-- > 0;) {
        if (imgrw_run_rule_images(troubles->run, i) > 0)
            continue;
        *first = i;
        count++;
    }
    return count;
}

bool
has_unused_rule(const struct troubles *troubles)
{
    size_t first;

    return count_unused(troubles, &first) > 0;
}

static void
print_rule(const struct imgrw_rules *rules, size_t rule)
{
    struct imgrw_location at = imgrw_rules_location(rules, rule);

    print_plain(stderr, as_str(imgrw_rules_name(rules, rule)));
    if (at.line > 0)
        fprintf(stderr, " (%s:%u)", at.path ? at.path : "-",
                (unsigned)at.line);
}

void
tell_unused_rules(const struct troubles *troubles)
{
    const struct settings *settings = troubles->settings;
    const struct imgrw_rules *rules = settings->rules;
    size_t first = 0, count = count_unused(troubles, &first);

    if (count == 0 || (settings->quiet && !settings->fail_on_unused_rule) ||
        imgrw_run_summary(troubles->run)->errors > 0)
        return;
    if (count > MANY && !settings->verbose) {
        fprintf(stderr, "imgrewrite: %zu unused rules, which no image met; the "
                        "first is ", count);
        print_rule(rules, first);
        fputs("; -v lists them\n", stderr);
        return;
    }
    for (size_t i = first; i < imgrw_rules_count(rules); i++) {
        if (imgrw_run_rule_images(troubles->run, i) > 0)
            continue;
        fputs("imgrewrite: unused rule: ", stderr);
        print_rule(rules, i);
        fputc('\n', stderr);
    }
}

/* The first field from number `*at` on that no file has, with its number in
 * `*at`; NULL where there is none. */
static const struct imgrw_fieldspec *
unused_field(const struct imgrw_run *run, size_t *at)
{
    const struct imgrw_fieldspec *field;
    size_t files;

    for (; (field = imgrw_run_field(run, *at, &files)); (*at)++)
        if (files == 0)
            return field;
    return NULL;
}

static bool
says(const char *part)
{
    return part && *part != '\0';
}

/* Says where the field numbered `index` is in a rules file; those of --field,
 * which are in none, come first. */
static void
print_place(const struct settings *settings, size_t index)
{
    size_t given = settings->parse.field_count;
    struct imgrw_location at = {.line = 0};

    if (index >= given)
        at = imgrw_rules_field_location(settings->rules, index - given);
    if (at.line == 0)
        return;
    fputs(" (", stderr);
    print_plain(stderr, as_str(at.path ? at.path : "-"));
    fprintf(stderr, ":%u:%u)", (unsigned)at.line, (unsigned)at.column);
}

/* Prints the field as --field takes it; a rules file may add a version. */
static void
print_field(const struct imgrw_fieldspec *field)
{
    bool versioned = says(field->version);

    if (says(field->group) || says(field->kind) || versioned) {
        print_plain(stderr, as_str(field->group ? field->group : ""));
        fputc('/', stderr);
        print_plain(stderr, as_str(says(field->kind) ? field->kind : "*"));
    }
    fputc(':', stderr);
    print_plain(stderr, as_str(field->path));
    if (versioned) {
        fputs(" of version ", stderr);
        print_plain(stderr, as_str(field->version));
    }
}

void
tell_unused_fields(const struct troubles *troubles)
{
    const struct imgrw_run *run = troubles->run;
    const struct imgrw_fieldspec *field;
    size_t count = 0, first = 0;
    bool each;

    for (size_t at = 0; unused_field(run, &at); at++)
        count++;
    if (count == 0 || troubles->settings->quiet ||
        imgrw_run_summary(run)->errors > 0)
        return;
    each = count <= MANY || troubles->settings->verbose;
    if (!each)
        fprintf(stderr, "imgrewrite: %zu unused fields, which no file has; the "
                        "first is ", count);
    for (; (field = unused_field(run, &first)); first++) {
        if (each)
            fputs("imgrewrite: unused field: ", stderr);
        print_field(field);
        print_place(troubles->settings, first);
        fputs(each ? "\n" : "; -v lists them\n", stderr);
        if (!each)
            return;
    }
}

void
tell_obstacle(const struct troubles *troubles, const struct imgrw_image *image,
              imgrw_str why)
{
    char message[512];

    if (why.size == 0 || troubles->settings->quiet)
        return;
    snprintf(message, sizeof(message), "%.*s is left alone: %.*s",
             PRINT(image->text), PRINT(why));
    print_message(&image->at, "warning", as_str(message));
}
