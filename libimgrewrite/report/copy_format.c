/*
 * A list of copies in the formats of the tools that copy.
 */
#include "base/error.h"
#include "base/json_write.h"
#include "base/str.h"
#include "base/text.h"
#include "reference/print.h"
#include "report/copy_list.h"

#include <stdlib.h>

/* A copy as it is written. */
struct copy_line {
    imgrw_str source, target;
};

/* Adds a word that a shell reads as it is. Of what references are made of, it
 * would only take the brackets around an IPv6 address for a pattern. */
static void
add_word(struct irw_text *text, const char *start, imgrw_str reference)
{
    const char *quote = irw_find(reference, '[') != SIZE_MAX ? "'" : "";

    irw_text_printf(text, "%s%s%.*s%s", quote, start, (int)reference.size,
                    reference.data, quote);
}

static void
add_command(struct irw_text *text, const char *command, const char *start,
            const struct copy_line *line)
{
    irw_text_printf(text, "%s ", command);
    add_word(text, start, line->source);
    irw_text_add(text, IRW_STR(" "));
    add_word(text, start, line->target);
    irw_text_add(text, IRW_STR("\n"));
}

static void
add_skopeo(struct irw_text *text, const struct copy_line *line)
{
    bool pinned = irw_find(line->source, '@') != SIZE_MAX;

    add_command(text,
                pinned ? "skopeo copy --all --preserve-digests"
                       : "skopeo copy --all",
                "docker://", line);
}

static void
add_crane(struct irw_text *text, const struct copy_line *line)
{
    add_command(text, "crane copy", "", line);
}

static void
add_mapping(struct irw_text *text, const struct copy_line *line)
{
    irw_text_printf(text, "%.*s=%.*s\n", (int)line->source.size,
                    line->source.data, (int)line->target.size,
                    line->target.data);
}

/* A reference has no "{{", and so is no template, which these values are. */
static void
add_regsync(struct irw_text *text, const struct copy_line *line)
{
    irw_text_add(text, IRW_STR("- source: "));
    irw_json_string(text, line->source);
    irw_text_add(text, IRW_STR("\n  target: "));
    irw_json_string(text, line->target);
    irw_text_add(text, IRW_STR("\n  type: image\n"));
}

static const struct copy_style {
    const char *start, *start_empty; /* before the copies; where none comes */
    void (*add)(struct irw_text *text, const struct copy_line *line);
    bool tags_only; /* a target has to have a tag */
} formats[] = {
    [IMGRW_COPY_MAPPING] = {"", "", add_mapping, true},
    [IMGRW_COPY_SKOPEO] = {"", "", add_skopeo, false},
    [IMGRW_COPY_CRANE] = {"", "", add_crane, false},
    [IMGRW_COPY_REGSYNC] = {"version: 1\nsync:\n", "version: 1\nsync: []\n",
                            add_regsync, false},
};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

/* The name under which the target is made. The tag that stands for a digest is
 * the digits of it. */
static struct imgrw_reference
made_target(const struct irw_image_copy *copy, bool tags_only)
{
    struct imgrw_reference target = copy->target;
    imgrw_str algorithm;

    if (copy->by_digest && tags_only)
        irw_cut(copy->target.digest, ':', &algorithm, &target.tag);
    else if (copy->by_digest)
        target.tag = (imgrw_str){0};
    if (!copy->by_digest || tags_only)
        target.digest = (imgrw_str){0};
    return target;
}

/* Adds one copy. Its target fits, for it did with more in it than now. */
static void
add_copy(struct irw_text *text, const struct copy_style *format,
         const struct irw_image_copy *copy)
{
    const struct imgrw_reference target = made_target(copy, format->tags_only);
    struct imgrw_reference_buffer buffer;
    struct copy_line line = {.source = copy->item.source};

    if (irw_reference_print(&target, &buffer, &line.target))
        format->add(text, &line);
}

/* Compares two copies: by source, then by target. */
static int
by_source(const void *one, const void *other)
{
    const struct irw_image_copy *const *a = one, *const *b = other;
    const imgrw_str pairs[][2] = {
        {(*a)->item.source, (*b)->item.source},
        {(*a)->target.registry, (*b)->target.registry},
        {(*a)->target.repository, (*b)->target.repository},
        {(*a)->target.tag, (*b)->target.tag},
        {(*a)->target.digest, (*b)->target.digest},
    };
    int order = 0;

    for (size_t i = 0; order == 0 && i < sizeof(pairs) / sizeof(pairs[0]); i++)
        order = irw_compare(pairs[i][0], pairs[i][1]);
    return order;
}

static bool
is_written(const struct irw_image_copy *copy)
{
    return !copy->redundant && !copy->left_out;
}

/* Makes the whole text; false when memory is out. */
static bool
make_text(const struct imgrw_copy_list *list, const struct copy_style *format,
          struct irw_text *text)
{
    size_t count = 0;
    const struct irw_image_copy **sorted = calloc(list->copies.count + 1,
                                                  sizeof(void *));

    if (!sorted)
        return false;
    for (size_t i = 0; i < list->copies.count; i++)
        if (is_written(list->copies.items[i]))
            sorted[count++] = list->copies.items[i];
    qsort(sorted, count, sizeof(void *), by_source);
    irw_text_printf(text, "%s",
                    count > 0 ? format->start : format->start_empty);
    for (size_t i = 0; i < count; i++)
        add_copy(text, format, sorted[i]);
    free(sorted);
    return !text->failed;
}

enum imgrw_status
imgrw_copy_list_write(const struct imgrw_copy_list *list,
                      enum imgrw_copy_format format, imgrw_write_fn *write,
                      void *user, struct imgrw_error *error)
{
    struct irw_text text = {0};
    enum imgrw_status status = IMGRW_OK;

    if (!list || !write)
        return irw_fail_null(error, "list or write");
    if ((unsigned)format >= FORMATS)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "there is no format %u for copies", (unsigned)format);
    if (!make_text(list, &formats[format], &text))
        status = irw_fail_memory(error);
    else if (text.size > 0 && write(text.data, text.size, user) != 0)
        status = irw_fail(error, IMGRW_ERR_STOPPED, IRW_NO_LOCATION,
                          "the list was not taken");
    irw_text_clear(&text);
    return status;
}
