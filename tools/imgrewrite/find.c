/*
 * Which places count: the options that say it, and the hint about those that
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

/* Splits GROUP/KIND:PATH, in place. */
static bool
split_field(char *argument, struct imgrw_fieldspec *field)
{
    char *colon = strchr(argument, ':');
    char *slash = colon ? memchr(argument, '/', (size_t)(colon - argument))
                        : NULL;

    if (!colon || !slash || colon == slash + 1 || colon[1] == '\0')
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
                 "example.com/Widget:spec/sidecar/image", argument);
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
