/*
 * libyaml, the reader of record: the parsers of kubectl and kustomize are ports
 * of it. Its marks count characters; a cursor turns them into bytes.
 */
#include "yaml/event.h"
#include "base/error.h"
#include "base/str.h"

#include <stdlib.h>
#include <yaml.h>

struct libyaml_reader {
    yaml_parser_t parser;
    yaml_event_t event;
    bool has_event;
    imgrw_str text;      /* whole */
    size_t start, end;   /* the bytes that are read */
    bool ascii;          /* a character is a byte */
    size_t index, bytes; /* the cursor: `index` characters are `bytes` bytes */
    size_t plain;        /* the bytes from the cursor to this one are ASCII */
};

static bool
is_ascii(const char *text, size_t size)
{
    unsigned char high = 0;

    for (size_t i = 0; i < size; i++)
        high |= (unsigned char)text[i];
    return high < 0x80;
}

static bool
is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* Where the ASCII from byte `at` on ends. */
static size_t
ascii_end(const char *text, size_t at, size_t size)
{
    static const uint64_t high = 0x8080808080808080;
    uint64_t eight;

    for (; size - at >= sizeof(eight); at += sizeof(eight)) {
        memcpy(&eight, text + at, sizeof(eight));
        if (eight & high)
            break;
    }
    while (at < size && (unsigned char)text[at] < 0x80)
        at++;
    return at;
}

/* Moves the cursor on to character `index`, over all of the ASCII at once. */
static void
move_on(struct libyaml_reader *reader, const char *text, size_t size,
        size_t index)
{
    while (reader->index < index && reader->bytes < size) {
        size_t ascii = reader->plain > reader->bytes
                           ? reader->plain - reader->bytes
                           : 0;

        if (ascii > index - reader->index)
            ascii = index - reader->index;
        reader->bytes += ascii;
        reader->index += ascii;
        if (reader->index == index || reader->bytes == size)
            return;
        do
            reader->bytes++;
        while (reader->bytes < size && is_continuation(text[reader->bytes]));
        reader->index++;
        reader->plain = ascii_end(text, reader->bytes, size);
    }
}

/* The byte in the whole text at which character `index` of the part starts. */
static size_t
to_offset(struct libyaml_reader *reader, size_t index)
{
    const char *text = reader->text.data + reader->start;
    size_t size = reader->end - reader->start;

    if (reader->ascii)
        return reader->start + (index < size ? index : size);
    while (reader->index > index) {
        do
            reader->bytes--;
        while (is_continuation(text[reader->bytes]));
        reader->index--;
        if ((unsigned char)text[reader->bytes] >= 0x80)
            reader->plain = 0;
    }
    move_on(reader, text, size, index);
    return reader->start + reader->bytes;
}

static enum imgrw_status
open_reader(struct irw_extract extract, void **result,
            struct imgrw_error *error)
{
    const char *bytes = extract.text.data + extract.start;
    size_t size = extract.end - extract.start;
    struct libyaml_reader *reader = calloc(1, sizeof(*reader));

    if (!reader)
        return irw_fail_memory(error);
    if (!yaml_parser_initialize(&reader->parser)) {
        yaml_parser_delete(&reader->parser);
        free(reader);
        return irw_fail_memory(error);
    }
    reader->text = extract.text;
    reader->start = extract.start;
    reader->end = extract.end;
    reader->ascii = is_ascii(bytes, size);
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader->parser, (const unsigned char *)bytes,
                                 size);
    *result = reader;
    return IMGRW_OK;
}

/* Fails with what libyaml says. Only errors of its reader are in bytes. */
static enum imgrw_status
fail_as_parser(struct libyaml_reader *reader, struct imgrw_error *error)
{
    const yaml_parser_t *parser = &reader->parser;
    struct imgrw_location at = {0};

    if (parser->error == YAML_MEMORY_ERROR)
        return irw_fail_memory(error);
    if (parser->error == YAML_READER_ERROR)
        at.offset = reader->start + parser->problem_offset;
    else
        at.offset = to_offset(reader, parser->problem_mark.index);
    return irw_fail(error, IMGRW_ERR_SYNTAX, at, "%s%s%s",
                    parser->problem ? parser->problem : "not YAML",
                    parser->context ? " " : "",
                    parser->context ? parser->context : "");
}

/* The size of the blank or line break at `at`, by YAML 1.1; 0: neither. */
static size_t
blank_size(imgrw_str text, size_t at, size_t end)
{
    const char *c = text.data + at;

    if (at < end && memchr(" \t\r\n", *c, 4))
        return 1;
    if (end - at >= 2 && memcmp(c, "\xC2\x85", 2) == 0)
        return 2;
    if (end - at >= 3 && (memcmp(c, "\xE2\x80\xA8", 3) == 0 ||
                          memcmp(c, "\xE2\x80\xA9", 3) == 0))
        return 3;
    return 0;
}

/* Where a scalar itself starts: libyaml's range of it begins with its anchor
 * and tag, and whatever blanks and comments come between. */
static size_t
skip_properties(imgrw_str text, size_t start, size_t end)
{
    while (start < end) {
        size_t blank = blank_size(text, start, end);
        char c = text.data[start];

        if (blank > 0) {
            start += blank;
        } else if (c == '&' || c == '!') {
            while (start < end && blank_size(text, start, end) == 0)
                start++;
        } else if (c == '#') {
            while (start < end && (text.data[start] == ' ' ||
                                   text.data[start] == '\t' ||
                                   blank_size(text, start, end) == 0))
                start++;
        } else {
            break;
        }
    }
    return start;
}

static enum irw_style
scalar_style(yaml_scalar_style_t style)
{
    switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
        return IRW_STYLE_SINGLE;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
        return IRW_STYLE_DOUBLE;
    case YAML_LITERAL_SCALAR_STYLE:
        return IRW_STYLE_LITERAL;
    case YAML_FOLDED_SCALAR_STYLE:
        return IRW_STYLE_FOLDED;
    default:
        return IRW_STYLE_PLAIN;
    }
}

static void
fill_scalar(const struct libyaml_reader *reader, struct irw_event *event)
{
    const yaml_event_t *from = &reader->event;

    event->type = IRW_EVENT_SCALAR;
    event->style = scalar_style(from->data.scalar.style);
    event->value = (imgrw_str){(const char *)from->data.scalar.value,
                               from->data.scalar.length};
    event->anchor = irw_str((const char *)from->data.scalar.anchor);
    event->tag = irw_str((const char *)from->data.scalar.tag);
    if (event->anchor.size + event->tag.size > 0)
        event->start = skip_properties(reader->text, event->start, event->end);
    if (event->style == IRW_STYLE_LITERAL || event->style == IRW_STYLE_FOLDED)
        event->end = irw_block_end(reader->text, event->start, event->end);
}

static void
fill_event(const struct libyaml_reader *reader, struct irw_event *event)
{
    const yaml_event_t *from = &reader->event;

    switch (from->type) {
    case YAML_MAPPING_START_EVENT:
        event->type = IRW_EVENT_MAPPING;
        event->style = from->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                           ? IRW_STYLE_FLOW
                           : IRW_STYLE_BLOCK;
        event->anchor = irw_str((const char *)from->data.mapping_start.anchor);
        event->tag = irw_str((const char *)from->data.mapping_start.tag);
        break;
    case YAML_SEQUENCE_START_EVENT:
        event->type = IRW_EVENT_SEQUENCE;
        event->style =
            from->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
                ? IRW_STYLE_FLOW
                : IRW_STYLE_BLOCK;
        event->anchor = irw_str((const char *)from->data.sequence_start.anchor);
        event->tag = irw_str((const char *)from->data.sequence_start.tag);
        break;
    case YAML_ALIAS_EVENT:
        event->type = IRW_EVENT_ALIAS;
        event->anchor = irw_str((const char *)from->data.alias.anchor);
        break;
    case YAML_SCALAR_EVENT:
        fill_scalar(reader, event);
        break;
    case YAML_MAPPING_END_EVENT:
        event->type = IRW_EVENT_MAPPING_END;
        break;
    case YAML_SEQUENCE_END_EVENT:
        event->type = IRW_EVENT_SEQUENCE_END;
        break;
    case YAML_DOCUMENT_START_EVENT:
        event->type = IRW_EVENT_DOCUMENT;
        break;
    case YAML_DOCUMENT_END_EVENT:
        event->type = IRW_EVENT_DOCUMENT_END;
        break;
    default: /* next_event has passed over the start of the stream */
        event->type = IRW_EVENT_END;
        break;
    }
}

static enum imgrw_status
next_event(void *opened, struct irw_event *event, struct imgrw_error *error)
{
    struct libyaml_reader *reader = opened;

    do {
        if (reader->has_event)
            yaml_event_delete(&reader->event);
        reader->has_event = false;
        if (!yaml_parser_parse(&reader->parser, &reader->event))
            return fail_as_parser(reader, error);
        reader->has_event = true;
    } while (reader->event.type == YAML_STREAM_START_EVENT);

    *event = (struct irw_event){0};
    event->start = to_offset(reader, reader->event.start_mark.index);
    event->end = to_offset(reader, reader->event.end_mark.index);
    fill_event(reader, event);
    return IMGRW_OK;
}

static void
close_reader(void *opened)
{
    struct libyaml_reader *reader = opened;

    if (reader->has_event)
        yaml_event_delete(&reader->event);
    yaml_parser_delete(&reader->parser);
    free(reader);
}

const struct irw_backend irw_libyaml = {
    .name = "libyaml",
    .has_values = true,
    .open = open_reader,
    .next = next_event,
    .close = close_reader,
};
