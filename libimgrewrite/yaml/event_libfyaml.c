/*
 * libfyaml, the witness: another grammar and another code base. Its marks count
 * bytes. Its decoded values are never used: up to 0.9.4 some are wrong (a
 * quoted string with doubled quotes), and asking for one may leak or take
 * quadratic time.
 */
#include "yaml/event.h"
#include "base/error.h"
#include "base/str.h"

#include <errno.h>
#include <libfyaml.h>
#include <limits.h>
#include <stdlib.h>

struct libfyaml_reader {
    struct fy_diag *diag;
    struct fy_parser *parser;
    struct fy_event *event;
    imgrw_str text;
    size_t start;    /* of the bytes that are read */
    size_t previous; /* end of the last token, in the whole text */
};

static void
close_reader(void *opened)
{
    struct libfyaml_reader *reader = opened;

    if (reader->event)
        fy_parser_event_free(reader->parser, reader->event);
    if (reader->parser)
        fy_parser_destroy(reader->parser);
    if (reader->diag)
        fy_diag_destroy(reader->diag);
    free(reader);
}

/* A diagnostics object that collects errors: with the parser's "quiet" flag
 * alone some would still be printed. What libfyaml has for defaults asks each
 * time whether standard error is a terminal. */
static struct fy_diag *
create_diag(void)
{
    const struct fy_diag_cfg cfg = {
        .level = FYET_ERROR,
        .module_mask = UINT_MAX,
    };
    struct fy_diag *diag = fy_diag_create(&cfg);

    if (diag)
        fy_diag_set_collect_errors(diag, true);
    return diag;
}

static enum imgrw_status
open_reader(struct irw_extract extract, void **result,
            struct imgrw_error *error)
{
    struct libfyaml_reader *reader = calloc(1, sizeof(*reader));
    struct fy_parse_cfg cfg = {
        .search_path = "",
        /* these make libfyaml accept what libyaml accepts */
        .flags = FYPCF_QUIET | FYPCF_SLOPPY_FLOW_INDENTATION |
                 FYPCF_ALLOW_DUPLICATE_KEYS | FYPCF_DEFAULT_VERSION_1_1 |
                 FYPCF_DISABLE_DEPTH_LIMIT | FYPCF_JSON_NONE,
    };

    if (!reader)
        return irw_fail_memory(error);
    reader->text = extract.text;
    reader->start = reader->previous = extract.start;
    cfg.diag = reader->diag = create_diag();
    if (reader->diag)
        reader->parser = fy_parser_create(&cfg);
    if (!reader->parser ||
        fy_parser_set_string(reader->parser, extract.text.data + extract.start,
                             extract.end - extract.start)) {
        close_reader(reader);
        return irw_fail_memory(error);
    }
    *result = reader;
    return IMGRW_OK;
}

static enum imgrw_status
fail_as_parser(struct libfyaml_reader *reader, struct imgrw_error *error)
{
    struct imgrw_location at = {.offset = reader->previous};
    void *iterator = NULL;
    const struct fy_diag_error *first =
        fy_diag_errors_iterate(reader->diag, &iterator);

    if (!first && errno == ENOMEM)
        return irw_fail_memory(error);
    return irw_fail(error, IMGRW_ERR_SYNTAX, at, "%s",
                    first && first->msg ? first->msg
                                        : "the text ends before it should");
}

/* The bytes between the marks of a token: no quotes, no indicators. */
static imgrw_str
token_text(const struct libfyaml_reader *reader, struct fy_token *token)
{
    const struct fy_mark *start = token ? fy_token_start_mark(token) : NULL;
    const struct fy_mark *end = token ? fy_token_end_mark(token) : NULL;

    if (!start || !end)
        return (imgrw_str){0};
    return irw_slice(reader->text, reader->start + start->input_pos,
                     reader->start + end->input_pos);
}

/* Whether all of `line` from `at` on is the header of a block scalar. */
static bool
is_header(imgrw_str line, size_t at, char indicator)
{
    size_t blanks;

    if (line.data[at++] != indicator)
        return false;
    while (at < line.size && strchr("+-0123456789", line.data[at]))
        at++;
    for (blanks = at; at < line.size && strchr(" \t\r", line.data[at]); at++)
        continue;
    return at == line.size || (line.data[at] == '#' && at > blanks);
}

/* The header of the block scalar whose content starts at `content`. The token
 * does not include it: it is on the line before, after the last token. */
static size_t
find_header(const struct libfyaml_reader *reader, size_t content,
            char indicator)
{
    size_t end = content, start;
    imgrw_str line;

    if (end > reader->start && reader->text.data[end - 1] == '\n')
        end--;
    start = end;
    while (start > reader->previous && reader->text.data[start - 1] != '\n')
        start--;
    line = irw_slice(reader->text, start, end);
    for (size_t i = 0; i < line.size; i++)
        if (is_header(line, i, indicator))
            return start + i;
    return content;
}

/* Turns the marks of a scalar or an alias into the range that event.h
 * defines. */
static void
set_range(const struct libfyaml_reader *reader, struct fy_token *token,
          struct irw_event *event)
{
    imgrw_str bytes = token_text(reader, token);

    if (!bytes.data) { /* an empty value has no token in 0.7.12 */
        event->start = event->end = reader->previous;
        return;
    }
    event->start = (size_t)(bytes.data - reader->text.data);
    event->end = event->start + bytes.size;
    switch (event->style) {
    case IRW_STYLE_SINGLE:
    case IRW_STYLE_DOUBLE:
        event->start--;
        event->end++;
        break;
    case IRW_STYLE_NONE: /* an alias */
        event->start--;
        break;
    case IRW_STYLE_LITERAL:
    case IRW_STYLE_FOLDED:
        event->start =
            find_header(reader, event->start,
                        event->style == IRW_STYLE_LITERAL ? '|' : '>');
        event->end = irw_block_end(reader->text, event->start, event->end);
        break;
    default:
        break;
    }
}

static enum irw_style
node_style(struct fy_event *event)
{
    switch (fy_event_get_node_style(event)) {
    case FYNS_FLOW:
        return IRW_STYLE_FLOW;
    case FYNS_BLOCK:
        return IRW_STYLE_BLOCK;
    case FYNS_SINGLE_QUOTED:
        return IRW_STYLE_SINGLE;
    case FYNS_DOUBLE_QUOTED:
        return IRW_STYLE_DOUBLE;
    case FYNS_LITERAL:
        return IRW_STYLE_LITERAL;
    case FYNS_FOLDED:
        return IRW_STYLE_FOLDED;
    case FYNS_ALIAS:
        return IRW_STYLE_NONE;
    default:
        return IRW_STYLE_PLAIN;
    }
}

/* Sets what nodes have: style, properties, range. */
static void
fill_node(struct libfyaml_reader *reader, struct irw_event *event)
{
    struct fy_token *anchor = fy_event_get_anchor_token(reader->event);
    struct fy_token *tag = fy_event_get_tag_token(reader->event);
    struct fy_token *token = fy_event_get_token(reader->event);

    event->anchor = token_text(reader, anchor);
    event->tag = token_text(reader, tag);
    for (int i = 0; i < 2; i++) {
        imgrw_str property = i == 0 ? event->anchor : event->tag;
        size_t end =
            property.data
                ? (size_t)(property.data + property.size - reader->text.data)
                : 0;

        if (end > reader->previous)
            reader->previous = end;
    }
    event->style = node_style(reader->event);
    if (event->type == IRW_EVENT_ALIAS) {
        event->style = IRW_STYLE_NONE;
        event->anchor = token_text(reader, token);
    }
    if (event->type == IRW_EVENT_SCALAR || event->type == IRW_EVENT_ALIAS) {
        set_range(reader, token, event);
        reader->previous = event->end;
    } else {
        event->start = event->end = reader->previous;
    }
}

static void
fill_event(struct libfyaml_reader *reader, struct irw_event *event)
{
    static const enum irw_event_type types[] = {
        [FYET_STREAM_END] = IRW_EVENT_END,
        [FYET_DOCUMENT_START] = IRW_EVENT_DOCUMENT,
        [FYET_DOCUMENT_END] = IRW_EVENT_DOCUMENT_END,
        [FYET_MAPPING_START] = IRW_EVENT_MAPPING,
        [FYET_MAPPING_END] = IRW_EVENT_MAPPING_END,
        [FYET_SEQUENCE_START] = IRW_EVENT_SEQUENCE,
        [FYET_SEQUENCE_END] = IRW_EVENT_SEQUENCE_END,
        [FYET_SCALAR] = IRW_EVENT_SCALAR,
        [FYET_ALIAS] = IRW_EVENT_ALIAS,
    };
    imgrw_str marker;

    /* collections have no range here: where they end is not compared, and
     * where they begin libfyaml does not always say */
    *event = (struct irw_event){.type = types[reader->event->type]};
    event->start = event->end = reader->previous;
    switch (event->type) {
    case IRW_EVENT_DOCUMENT:
        marker = token_text(reader,
                            reader->event->document_start.document_start);
        if (marker.data)
            event->start = (size_t)(marker.data - reader->text.data);
        break;
    case IRW_EVENT_MAPPING:
    case IRW_EVENT_SEQUENCE:
    case IRW_EVENT_SCALAR:
    case IRW_EVENT_ALIAS:
        fill_node(reader, event);
        break;
    default:
        break;
    }
}

static enum imgrw_status
next_event(void *opened, struct irw_event *event, struct imgrw_error *error)
{
    struct libfyaml_reader *reader = opened;

    do {
        if (reader->event)
            fy_parser_event_free(reader->parser, reader->event);
        errno = 0; /* libfyaml has no error of its own for lack of memory */
        reader->event = fy_parser_parse(reader->parser);
        if (!reader->event || fy_parser_get_stream_error(reader->parser))
            return fail_as_parser(reader, error);
    } while (reader->event->type == FYET_STREAM_START ||
             reader->event->type == FYET_NONE);

    fill_event(reader, event);
    return IMGRW_OK;
}

const struct irw_backend irw_libfyaml = {
    .name = "libfyaml",
    .has_values = false,
    .open = open_reader,
    .next = next_event,
    .close = close_reader,
};
