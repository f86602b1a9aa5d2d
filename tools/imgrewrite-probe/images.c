#include "images.h"
#include "targets.h"
#include "troubles.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Adds an image, or has it moved first; false, after a message, where it is
 * none. */
static bool
add_reference(struct probe *probe, imgrw_str text, const char *path,
              unsigned line)
{
    const struct imgrw_location at = {
        .path = path,
        .line = line,
        .column = line > 0 ? 1 : 0,
    };
    struct imgrw_error error;

    if (has_rules(probe))
        return gather_reference(&probe->copies, text, &at);
    if (imgrw_registry_add(probe->client, text, &error) == IMGRW_OK)
        return true;
    error.at = at;
    print_error(&error);
    return false;
}

/* Whether an argument names what a walk can begin with. */
static bool
is_path(const char *argument)
{
    struct stat info;

    return strcmp(argument, "-") == 0 || stat(argument, &info) == 0;
}

/* Whether an argument can only be meant as one. */
static bool
looks_like_path(const char *argument)
{
    const char *point = strrchr(argument, '.');

    return *argument == '/' || *argument == '.' ||
           (point && (strcmp(point, ".yaml") == 0 ||
                      strcmp(point, ".yml") == 0 ||
                      strcmp(point, ".json") == 0));
}

static imgrw_str
trim(char *line, size_t size)
{
    while (size > 0 && strchr(" \t\r\n", line[size - 1]))
        size--;
    while (size > 0 && (*line == ' ' || *line == '\t')) {
        line++;
        size--;
    }
    return (imgrw_str){line, size};
}

/* Adds the lines of a file that are not empty and no comments. */
static bool
add_lines(struct probe *probe, FILE *file, const char *path)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;
    bool good = true;

    for (unsigned number = 1; (size = getline(&line, &capacity, file)) >= 0;
         number++) {
        imgrw_str text = trim(line, (size_t)size);

        if (text.size > 0 && *text.data != '#')
            good &= add_reference(probe, text, path, number);
    }
    free(line);
    if (ferror(file)) {
        complain("%s cannot be read: %s", path, strerror(errno));
        return false;
    }
    return good;
}

static bool
add_list(struct probe *probe)
{
    bool is_input = strcmp(probe->list, "-") == 0;
    FILE *file = is_input ? stdin : fopen(probe->list, "re");
    bool good;

    if (!file) {
        complain("%s cannot be read: %s", probe->list, strerror(errno));
        return false;
    }
    good = add_lines(probe, file, probe->list);
    if (!is_input)
        fclose(file);
    return good;
}

/* What manifests have that cannot be asked for, and what they have had. */
struct left_out {
    void *seen; /* a tree of search.h: the texts of images, the manifests' */
    size_t filled_in; /* images that are filled in later, or their end is */
    size_t others;    /* whose name no registry can have */
    size_t no_images; /* places that hold no reference */
};

/* Orders texts, for a tree of them. */
static int
compare(const void *a, const void *b)
{
    const imgrw_str *one = a, *other = b;
    size_t size = one->size < other->size ? one->size : other->size;
    int order = memcmp(one->data, other->data, size);

    if (order != 0)
        return order;
    return (one->size > other->size) - (one->size < other->size);
}

/* Whether no image before had this text: an answer about it would be the same.
 * Without memory it is asked for again. */
static bool
is_new(const struct imgrw_image *image, struct left_out *left_out)
{
    imgrw_str *const *found = tsearch(&image->text, &left_out->seen, compare);

    return !found || *found == &image->text;
}

static void
keep(void *text)
{
    (void)text; /* it is the manifest's */
}

/* Adds an image of a manifest. One that cannot be asked for is no failure: it
 * is the manifest's, not the user's. */
static void
add_image(struct probe *probe, const struct imgrw_image *image,
          struct left_out *left_out)
{
    struct imgrw_error error;

    if (image->is_override_name)
        return;
    if (image->reason == IMGRW_REASON_FILLED_IN ||
        image->reason == IMGRW_REASON_PLACEHOLDER) {
        left_out->filled_in++;
        return;
    }
    if (!imgrw_reason_names_image(image->reason)) {
        left_out->no_images++;
        return;
    }
    if (!is_new(image, left_out))
        return;
    if (imgrw_registry_add(probe->client, image->text, &error) != IMGRW_OK) {
        left_out->others++;
        if (!probe->settings.quiet)
            print_message(&image->at, "warning", as_str(error.message));
    }
}

static void
add_file(struct probe *probe, const struct imgrw_file *file,
         struct left_out *left_out)
{
    const struct imgrw_image *image;

    for (size_t i = 0; (image = imgrw_manifest_image(file->manifest, i)); i++)
        add_image(probe, image, left_out);
    for (size_t i = 0; probe->settings.possible &&
                       (image = imgrw_manifest_possible(file->manifest, i));
         i++)
        add_image(probe, image, left_out);
}

static void
tell_left_out(const struct probe *probe, const struct left_out *left_out)
{
    if (probe->settings.quiet)
        return;
    if (left_out->no_images > 0)
        fprintf(stderr,
                "imgrewrite: %zu place%s no reference to ask for; "
                "`imgrewrite list` says where\n", left_out->no_images,
                left_out->no_images == 1 ? " holds" : "s hold");
    if (left_out->filled_in > 0)
        fprintf(stderr,
                "imgrewrite: %zu image%s filled in later and cannot be asked "
                "for; ask when %s\n", left_out->filled_in,
                left_out->filled_in == 1 ? " is" : "s are",
                left_out->filled_in == 1 ? "it is" : "they are");
}

/* Adds the images of a planned run. */
static void
add_run(struct probe *probe, const struct imgrw_run *run)
{
    struct troubles troubles;
    struct left_out left_out = {0};
    const struct imgrw_file *file;
    size_t offs[IMGRW_CLASS_COUNT] = {0};

    count_troubles(&troubles, &probe->settings, run);
    for (size_t i = 0; (file = imgrw_run_file(run, i)); i++) {
        tell_troubles(&troubles, file);
        if (!file->manifest)
            continue;
        add_file(probe, file, &left_out);
        for (int k = 0; k < IMGRW_CLASS_COUNT; k++)
            offs[k] += imgrw_manifest_unselected_count(file->manifest,
                                                       (enum imgrw_class)k);
    }
    tell_crowds(&troubles);
    tell_unused_fields(&troubles);
    print_hint(&probe->settings, offs);
    if (!probe->settings.possible)
        print_possible(&probe->settings, run);
    tell_left_out(probe, &left_out);
    tdestroy(left_out.seen, keep);
    probe->left_out += left_out.filled_in + left_out.others;
}

/* Adds the images of manifests, which the settings name. */
static bool
add_manifests(struct probe *probe)
{
    struct imgrw_run *run = NULL;
    struct imgrw_error error;
    enum imgrw_status status = plan_run(&probe->settings, NULL, &run, &error);
    bool is_told = status == IMGRW_OK || error.at.path;

    if (is_told)
        add_run(probe, run);
    else
        print_error(&error);
    imgrw_run_free(run);
    return status == IMGRW_OK;
}

/* Adds the arguments that are references, and moves the others to the front. */
static bool
add_arguments(struct probe *probe, int *paths)
{
    struct settings *settings = &probe->settings;
    bool good = true;

    for (int i = 0; i < settings->argument_count; i++) {
        char *argument = settings->arguments[i];

        if (is_path(argument) || looks_like_path(argument))
            settings->arguments[(*paths)++] = argument;
        else
            good &= add_reference(probe, as_str(argument), argument, 0);
    }
    return good;
}

bool
add_images(struct probe *probe)
{
    int paths = 0;
    bool good = add_arguments(probe, &paths);

    if (probe->list)
        good &= add_list(probe);
    probe->settings.argument_count = paths;
    if (paths > 0)
        good &= has_rules(probe) ? gather_copies(&probe->copies)
                                 : add_manifests(probe);
    if (has_rules(probe) && !was_stopped())
        good &= add_targets(probe);
    return good;
}
