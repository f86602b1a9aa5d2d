#include "kustomize/data_values.h"
#include "base/error.h"
#include "base/str.h"
#include "manifest/classify.h"

#include <stdio.h>
#include <stdlib.h>

/* No ConfigMap has more. */
#define MOST_BYTES ((size_t)1 << 20)

/* Values that are being read. */
struct value_reading {
    struct irw_builds *builds;
    const struct irw_build *build;
    irw_data_value_list *values;
    struct imgrw_error *error;
};

enum imgrw_status
irw_data_step_text(struct irw_builds *builds, const struct irw_data_step *step,
                   imgrw_str *text, struct imgrw_error *error)
{
    return step->file > 0
               ? irw_builds_text(builds, step->file - 1, text, error)
               : irw_builds_read_file(builds, step->real, MOST_BYTES, text,
                                      error);
}

/* The path of a file as people know it; NULL when memory is out. */
static const char *
name_file(const struct value_reading *reading, const struct irw_data_step *step)
{
    struct irw_builds *builds = reading->builds;
    const char *from = builds->files[reading->build->file].path;
    const char *slash = strrchr(from, '/'), *kept;
    imgrw_str text = step->source->text;
    bool absolute = irw_starts_with(text, IRW_STR("/"));
    char *joined;

    if (asprintf(&joined, "%.*s%.*s",
                 absolute || !slash ? 0 : (int)(slash + 1 - from), from,
                 (int)text.size, text.data) < 0)
        return NULL;
    kept = irw_arena_copy(&builds->arena, irw_str(joined));
    free(joined);
    return kept;
}

static enum imgrw_status
add_value(const struct value_reading *reading,
          const struct irw_data_source *source, imgrw_str key, imgrw_str text,
          struct imgrw_location at)
{
    const struct irw_data_value value = {
        .form = source->form,
        .map = source->name,
        .key = key,
        .text = text,
        .at = at,
        .made_at = source->at,
    };

    return IRW_APPEND(reading->values, value) ? IMGRW_OK
                                              : irw_fail_memory(reading->error);
}

/* Adds the values of a file of lines, as kustomize reads them. */
static enum imgrw_status
add_lines(const struct value_reading *reading,
          const struct irw_data_source *source, imgrw_str text,
          const char *path)
{
    struct imgrw_location at = {.path = path, .column = 1};
    enum imgrw_status status = IMGRW_OK;
    imgrw_str line, key, value;
    bool more = true;

    if (irw_starts_with(text, IRW_STR("\xEF\xBB\xBF")))
        text = irw_slice(text, 3, text.size);
    while (more && status == IMGRW_OK) {
        more = irw_cut(text, '\n', &line, &text);
        at.line++;
        while (line.size > 0 && strchr(" \t\r", line.data[0]))
            line = irw_slice(line, 1, line.size);
        if (irw_ends_with(line, IRW_STR("\r")))
            line.size--;
        if (line.size > 0 && line.data[0] != '#' &&
            irw_cut(line, '=', &key, &value))
            status = add_value(reading, source, key, value, at);
    }
    return status;
}

static enum imgrw_status
add_step(const struct value_reading *reading, const struct irw_data_step *step)
{
    const struct irw_data_source *source = step->source;
    const char *path = name_file(reading, step);
    struct imgrw_location at = {.path = path, .line = 1, .column = 1};
    imgrw_str text;
    enum imgrw_status status = irw_data_step_text(reading->builds, step, &text,
                                                  reading->error);

    if (!path)
        return irw_fail_memory(reading->error);
    if (status != IMGRW_OK || text.size == 0)
        return status;
    return source->form == IRW_DATA_LINES
               ? add_lines(reading, source, text, path)
               : add_value(reading, source, source->key, text, at);
}

enum imgrw_status
irw_data_values_read(struct irw_builds *builds, const struct irw_build *build,
                     bool literals, irw_data_value_list *values,
                     struct imgrw_error *error)
{
    const struct value_reading reading = {builds, build, values, error};
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < build->before.data.count && status == IMGRW_OK;
         i++) {
        const struct irw_data_source *source = &build->before.data.items[i];
        imgrw_str image;

        if (source->is_secret || source->form != IRW_DATA_LITERAL)
            continue;
        status =
            add_value(&reading, source, source->key, source->text, source->at);
        if (status == IMGRW_OK)
            values->items[values->count - 1].moves =
                literals &&
                irw_data_value_image(&values->items[values->count - 1], &image);
    }
    for (size_t i = 0; i < build->data.count && status == IMGRW_OK; i++)
        if (!build->data.items[i].source->is_secret)
            status = add_step(&reading, &build->data.items[i]);
    return status;
}

bool
irw_data_value_image(const struct irw_data_value *value, imgrw_str *image)
{
    static const char blanks[] = " \t\r\n";

    *image = value->text;
    while (image->size > 0 && strchr(blanks, image->data[image->size - 1]))
        image->size--;
    while (image->size > 0 && strchr(blanks, image->data[0]))
        *image = irw_slice(*image, 1, image->size);
    return image->size > 0 && irw_find(*image, '\n') == SIZE_MAX &&
           irw_is_image_variable(value->key, *image);
}
