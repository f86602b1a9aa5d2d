/*
 * A reader of JSON by RFC 8259. Each call gives one event, so that the reader
 * itself, and not a stack of calls, has to know what is open and what may come
 * next.
 */
#include "base/error.h"
#include "base/str.h"
#include "yaml/event.h"
#include "yaml/scalar.h"

#include <stdlib.h>

#define DEPTH_MAX 64

struct json_reader {
    imgrw_str text; /* up to the end of what is read */
    size_t at;
    char closers[DEPTH_MAX]; /* of what is open: "}" or "]" */
    size_t depth;
    enum {
        BEFORE, /* the document */
        VALUE,  /* that of the document or of a key */
        FIRST,  /* an item or a key, or the end of what was just opened */
        NEXT,   /* after a value: a comma, or the end of what is open */
        AFTER,  /* the document */
    } state;
    char value[]; /* of a string; as large as the text, which no string exceeds,
                     so that it never moves; wiped */
};

static enum imgrw_status
open_reader(struct irw_extract extract, void **result,
            struct imgrw_error *error)
{
    struct json_reader *reader = calloc(1, sizeof(*reader) + extract.end + 1);

    if (!reader)
        return irw_fail_memory(error);
    reader->text = irw_slice(extract.text, 0, extract.end);
    reader->at = extract.start;
    *result = reader;
    return IMGRW_OK;
}

static void
close_reader(void *opened)
{
    struct json_reader *reader = opened;

    explicit_bzero(reader->value, reader->text.size + 1);
    free(reader);
}

static char
peek(const struct json_reader *reader)
{
    return reader->at < reader->text.size ? reader->text.data[reader->at]
                                          : '\0';
}

/* Whether `c` comes next; it is passed over. */
static bool
take(struct json_reader *reader, char c)
{
    bool found = reader->at < reader->text.size && peek(reader) == c;

    reader->at += found;
    return found;
}

static void
skip_blanks(struct json_reader *reader)
{
    while (take(reader, ' ') || take(reader, '\t') || take(reader, '\n') ||
           take(reader, '\r'))
        continue;
}

/* Four hexadecimal digits. */
static bool
take_unit(struct json_reader *reader, uint32_t *unit)
{
    static const char digits[] = "0123456789abcdef";

    *unit = 0;
    for (int i = 0; i < 4; i++) {
        char c = irw_lower(peek(reader));
        const char *digit = c != '\0' ? strchr(digits, c) : NULL;

        if (!digit)
            return false;
        *unit = *unit << 4 | (uint32_t)(digit - digits);
        reader->at++;
    }
    return true;
}

static void
add_utf8(char **end, uint32_t character)
{
    static const struct {
        uint32_t limit;
        unsigned char mark;
    } sizes[] = {{0x80, 0}, {0x800, 0xC0}, {0x10000, 0xE0}, {0x110000, 0xF0}};
    size_t more = 0;

    while (character >= sizes[more].limit)
        more++;
    *(*end)++ = (char)(sizes[more].mark | character >> (6 * more));
    while (more-- > 0)
        *(*end)++ = (char)(0x80 | (character >> (6 * more) & 0x3F));
}

/* What follows "\u". A character beyond U+FFFF is two such escapes, a high and
 * a low surrogate; half a pair is not a character. */
static bool
take_unicode(struct json_reader *reader, char **end)
{
    uint32_t high, low;

    if (!take_unit(reader, &high) || (high >= 0xDC00 && high <= 0xDFFF))
        return false;
    if (high >= 0xD800 && high <= 0xDBFF) {
        if (!take(reader, '\\') || !take(reader, 'u') ||
            !take_unit(reader, &low) || low < 0xDC00 || low > 0xDFFF)
            return false;
        high = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    }
    add_utf8(end, high);
    return true;
}

static bool
take_escape(struct json_reader *reader, char **end)
{
    static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    const char *found;

    if (take(reader, 'u'))
        return take_unicode(reader, end);
    found = peek(reader) ? strchr(letters, peek(reader)) : NULL;
    if (!found)
        return false;
    *(*end)++ = values[found - letters];
    reader->at++;
    return true;
}

static bool
take_string(struct json_reader *reader, struct irw_event *event)
{
    char *end = reader->value;

    event->style = IRW_STYLE_DOUBLE;
    if (!take(reader, '"'))
        return false;
    while (!take(reader, '"')) {
        if ((unsigned char)peek(reader) < 0x20)
            return false;
        if (!take(reader, '\\'))
            *end++ = reader->text.data[reader->at++];
        else if (!take_escape(reader, &end))
            return false;
    }
    event->value = (imgrw_str){reader->value, (size_t)(end - reader->value)};
    return true;
}

/* A number or a word. */
static bool
take_plain(struct json_reader *reader, struct irw_event *event)
{
    size_t start = reader->at;

    while (irw_is_alnum(peek(reader)) ||
           (peek(reader) != '\0' && strchr("+-.", peek(reader))))
        reader->at++;
    event->style = IRW_STYLE_PLAIN;
    event->value = irw_slice(reader->text, start, reader->at);
    return event->value.size > 0 &&
           irw_plain_kind(event->value) != IRW_PLAIN_STRING;
}

static bool
take_scalar(struct json_reader *reader, struct irw_event *event)
{
    event->type = IRW_EVENT_SCALAR;
    return peek(reader) == '"' ? take_string(reader, event)
                               : take_plain(reader, event);
}

/* A key, and the colon after it. */
static bool
take_key(struct json_reader *reader, struct irw_event *event)
{
    if (peek(reader) != '"' || !take_scalar(reader, event))
        return false;
    event->end = reader->at;
    skip_blanks(reader);
    reader->state = VALUE;
    return take(reader, ':');
}

static bool
take_value(struct json_reader *reader, struct irw_event *event)
{
    bool map = take(reader, '{');

    if (!map && !take(reader, '[')) {
        reader->state = NEXT;
        return take_scalar(reader, event);
    }
    if (reader->depth == DEPTH_MAX)
        return false;
    reader->closers[reader->depth++] = map ? '}' : ']';
    reader->state = FIRST;
    event->type = map ? IRW_EVENT_MAPPING : IRW_EVENT_SEQUENCE;
    event->style = IRW_STYLE_FLOW;
    return true;
}

/* What comes next in a collection: its end, an item, or a key. */
static bool
take_inner(struct json_reader *reader, struct irw_event *event)
{
    bool map = reader->closers[reader->depth - 1] == '}';

    if (take(reader, map ? '}' : ']')) {
        reader->depth--;
        reader->state = NEXT;
        event->type = map ? IRW_EVENT_MAPPING_END : IRW_EVENT_SEQUENCE_END;
        return true;
    }
    if (reader->state == NEXT && !take(reader, ','))
        return false;
    skip_blanks(reader);
    event->start = reader->at;
    return map ? take_key(reader, event) : take_value(reader, event);
}

static bool
take_event(struct json_reader *reader, struct irw_event *event)
{
    if (reader->state == VALUE)
        return take_value(reader, event);
    if (reader->depth > 0)
        return take_inner(reader, event);
    if (reader->state == BEFORE) {
        event->type = IRW_EVENT_DOCUMENT;
        reader->state = VALUE;
        return true;
    }
    event->type = reader->state == NEXT ? IRW_EVENT_DOCUMENT_END
                                        : IRW_EVENT_END;
    reader->state = AFTER;
    return reader->at == reader->text.size;
}

static enum imgrw_status
next_event(void *opened, struct irw_event *event, struct imgrw_error *error)
{
    struct json_reader *reader = opened;

    skip_blanks(reader);
    *event = (struct irw_event){.start = reader->at};
    if (!take_event(reader, event))
        return irw_fail(error, IMGRW_ERR_SYNTAX,
                        (struct imgrw_location){.offset = reader->at},
                        "not JSON");
    if (event->end == 0) /* not a key, which ends before its colon */
        event->end = reader->at;
    return IMGRW_OK;
}

const struct irw_backend irw_json = {
    .name = "JSON",
    .has_values = true,
    .open = open_reader,
    .next = next_event,
    .close = close_reader,
};
