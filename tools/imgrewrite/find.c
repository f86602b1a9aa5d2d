/*
 * Which places count: the options that say it, and the hints about those that
 * do not count.
 */
#include "command.h"

#include <stdlib.h>
#include <string.h>

static void
complain_of_class(const char *name, size_t size)
{
    struct imgrw_suggestion suggestion = {
        .word = {name, size}
    };
    char known[160];
    int at = 0;

    for (int i = 0; i < IMGRW_CLASS_COUNT; i++) {
        const char *class_name = imgrw_class_name((enum imgrw_class)i);

        imgrw_suggest(&suggestion, class_name);
        at += snprintf(known + at, sizeof(known) - (size_t)at, "%s, ",
                       class_name);
    }
    imgrw_suggest(&suggestion, "default");
    complain("--find %.*s%s: expected %sdefault or all", (int)size, name,
             meant(&suggestion, ""), known);
}

bool
read_find(struct settings *settings, char *argument)
{
    for (;;) {
        size_t size = strcspn(argument, ",");
        unsigned bits = imgrw_find_bits((imgrw_str){argument, size});

        if (bits == 0) {
            complain_of_class(argument, size);
            return false;
        }
        settings->parse.find |= bits;
        if (argument[size] == '\0')
            return true;
        argument += size + 1;
    }
}

/* Splits GROUP/KIND:PATH or :PATH, in place. */
static bool
split_field(char *argument, struct imgrw_fieldspec *field)
{
    char *colon = strchr(argument, ':');
    char *slash = colon ? memchr(argument, '/', (size_t)(colon - argument))
                        : NULL;

    if (!colon || colon[1] == '\0')
        return false;
    if (colon == argument) {
        *field = (struct imgrw_fieldspec){.path = colon + 1};
        return true;
    }
    if (!slash || colon == slash + 1)
        return false;
    *colon = *slash = '\0';
    *field = (struct imgrw_fieldspec){
        .group = argument,
        .kind = slash + 1,
        .path = colon + 1,
    };
    return true;
}

bool
read_field(struct settings *settings, char *argument)
{
    size_t count = settings->parse.field_count;
    struct imgrw_fieldspec *fields;

    fields = realloc(settings->fields, (count + 1) * sizeof(*fields));
    if (!fields) {
        complain("out of memory");
        return false;
    }
    settings->fields = fields;
    settings->parse.fields = fields;
    if (!split_field(argument, &fields[count])) {
        complain("--field %s: expected GROUP/KIND:PATH, such as "
                 "example.com/Widget:spec/sidecar/image, or :PATH for any "
                 "document", argument);
        return false;
    }
    settings->parse.field_count++;
    return true;
}

void
print_hint(const struct settings *settings, const size_t *offs)
{
    unsigned find = settings->parse.find | imgrw_rules_find(settings->rules);
    size_t sum = 0;
    const char *comma = "";

    if (find == 0)
        find = IMGRW_FIND_DEFAULT;
    for (int i = 0; i < IMGRW_CLASS_COUNT; i++)
        sum += offs[i];
    if (sum == 0 || settings->quiet)
        return;
    fprintf(stderr,
            "imgrewrite: %zu image%s of classes that are off %s not looked at; "
            "add --find ", sum, sum == 1 ? "" : "s", sum == 1 ? "is" : "are");
    for (int i = 0; i < IMGRW_CLASS_COUNT; i++) {
        if (offs[i] == 0 && !(find & IMGRW_FIND(i)))
            continue;
        fprintf(stderr, "%s%s", comma, imgrw_class_name((enum imgrw_class)i));
        comma = ",";
    }
    fputc('\n', stderr);
}

void
print_misses(const struct settings *settings, size_t count)
{
    if (count > 0 && !settings->quiet)
        fprintf(stderr,
                "imgrewrite: %zu image%s of pods inside of texts, such as "
                "those of a ConfigMap or a patch, or of templates; these pods "
                "get no pull secret\n",
                count, count == 1 ? " is" : "s are");
}

void
print_unknown(const struct settings *settings, size_t count)
{
    if (count > 0 && !settings->quiet)
        fprintf(stderr,
                "imgrewrite: %zu image%s not known to be private or public, "
                "and so left alone; add knownImages, or leave out "
                "only=private\n",
                count, count == 1 ? " is" : "s are");
}

/* The field that names the place of the first possible image which one can
 * name; empty where there is none. */
static imgrw_str
first_fieldspec(const struct imgrw_run *run)
{
    const struct imgrw_image *image;
    const struct imgrw_file *file;

    for (size_t i = 0; (file = imgrw_run_file(run, i)); i++)
        for (size_t k = 0; (image = imgrw_manifest_possible(file->manifest, k));
             k++)
            if (image->fieldspec.size > 0)
                return image->fieldspec;
    return as_str("");
}

static void
print_each_possible(const struct imgrw_run *run)
{
    const struct imgrw_image *image;
    const struct imgrw_file *file;

    for (size_t i = 0; (file = imgrw_run_file(run, i)); i++)
        for (size_t k = 0; (image = imgrw_manifest_possible(file->manifest, k));
             k++)
            print_message(&image->at, "possible", image->text);
}

void
print_possible(const struct settings *settings, const struct imgrw_run *run)
{
    size_t count = imgrw_run_summary(run)->possible;
    imgrw_str fieldspec = first_fieldspec(run);

    if (settings->fail_on_possible)
        print_each_possible(run);
    if (count == 0 || settings->quiet)
        return;
    fprintf(stderr,
            "imgrewrite: %zu possible image%s at no known place, and left "
            "alone; ", count, count == 1 ? " is" : "s are");
    if (!settings->possible)
        fprintf(stderr, "`imgrewrite list --possible` shows %s; ",
                count == 1 ? "it" : "them");
    if (fieldspec.size == 0) {
        fputs("no field reaches into a text, so change what is one by hand\n",
              stderr);
        return;
    }
    fputs("--field '", stderr);
    print_plain(stderr, fieldspec);
    fprintf(stderr, "' makes %s known\n", count == 1 ? "it" : "the first");
}

void
print_unread(const struct settings *settings, const struct imgrw_run *run)
{
    const struct imgrw_run_summary *summary = imgrw_run_summary(run);
    size_t parsed = summary->bytes - summary->unread;

    if (settings->verbose && summary->unread > 0)
        fprintf(stderr,
                "imgrewrite: note: %zu of %zu bytes (%.1f %%) were parsed; no "
                "image can be in the others\n",
                parsed, summary->bytes,
                100.0 * (double)parsed / (double)summary->bytes);
}

int
judge_possible(const struct settings *settings, const struct imgrw_run *run)
{
    return settings->fail_on_possible && imgrw_run_summary(run)->possible > 0
               ? EXIT_FOUND
               : EXIT_DONE;
}
