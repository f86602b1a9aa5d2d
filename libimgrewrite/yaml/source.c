#include "yaml/source.h"
#include "base/error.h"
#include "base/str.h"
#include "base/utf8.h"
#include "yaml/json_value.h"

#define ASCII_STEP 32 /* bytes checked together, in vector registers */

/* How many bytes from `offset` on are ASCII and not NUL, in whole steps. */
static size_t
skip_ascii(imgrw_str text, size_t offset)
{
    size_t start = offset;

    while (text.size - offset >= ASCII_STEP) {
        unsigned char high = 0, zero = 0;

        for (size_t i = 0; i < ASCII_STEP; i++) {
            unsigned char c = (unsigned char)text.data[offset + i];

            high |= c;
            zero |= c == 0;
        }
        if (high >= 0x80 || zero)
            break;
        offset += ASCII_STEP;
    }
    return offset - start;
}

static bool
is_bom(imgrw_str text, size_t offset)
{
    return text.size - offset >= 3 &&
           memcmp(text.data + offset, "\xEF\xBB\xBF", 3) == 0;
}

static bool
is_utf16(imgrw_str text)
{
    return text.size >= 2 && (memcmp(text.data, "\xFF\xFE", 2) == 0 ||
                              memcmp(text.data, "\xFE\xFF", 2) == 0);
}

/* Fails at byte `offset`. */
static enum imgrw_status
refuse(const struct irw_source *source, size_t offset, const char *why,
       struct imgrw_error *error)
{
    struct imgrw_location at = {.offset = offset};
    enum imgrw_status status =
        irw_fail(error, IMGRW_ERR_ENCODING, at, "%s", why);

    return irw_source_explain(source, status, error);
}

/* Checks every character. What is refused here is read differently by different
 * parsers: libfyaml, for one, ends its text at a NUL and reports success. */
static enum imgrw_status
check_characters(struct irw_source *source, struct imgrw_error *error)
{
    imgrw_str text = source->text;
    size_t offset = source->start;

    source->ascii = true;
    for (;;) {
        unsigned char c;
        size_t size;

        offset += skip_ascii(text, offset);
        if (offset == text.size)
            return IMGRW_OK;
        c = (unsigned char)text.data[offset];
        size = irw_utf8_size(text.data + offset, text.size - offset);
        if (c == 0)
            return refuse(source, offset, "a NUL byte; this is no text", error);
        if (size == 0)
            return refuse(source, offset,
                          "invalid UTF-8; convert the file to UTF-8 first",
                          error);
        if (c >= 0x80)
            source->ascii = false;
        if (is_bom(text, offset))
            return refuse(source, offset,
                          "a byte order mark inside the text; remove it",
                          error);
        offset += size;
    }
}

/* Whether a line begins at `offset`, by any line break of YAML 1.1: libyaml is
 * a parser of that version, and takes NEL, LS and PS for breaks. */
static bool
is_line_start(imgrw_str text, size_t start, size_t offset)
{
    static const char *const breaks[] = {
        "\n", "\r", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9",
    };
    imgrw_str before = irw_slice(text, start, offset);

    if (offset == start)
        return true;
    for (size_t i = 0; i < sizeof(breaks) / sizeof(breaks[0]); i++)
        if (irw_ends_with(before, irw_str(breaks[i])))
            return true;
    return false;
}

static bool
has_directives(imgrw_str text, size_t start)
{
    const char *at = text.data + start, *end = text.data + text.size;

    while (at < end && (at = memchr(at, '%', (size_t)(end - at)))) {
        if (is_line_start(text, start, (size_t)(at - text.data)))
            return true;
        at++;
    }
    return false;
}

enum imgrw_status
irw_source_open(imgrw_str text, const char *path, size_t max_bytes,
                struct irw_source *source, struct imgrw_error *error)
{
    struct imgrw_location whole = {.path = path};
    enum imgrw_status status;

    if (!irw_has_bytes(text))
        return irw_fail_null(error, "text");
    *source = (struct irw_source){.text = text, .path = path};
    if (text.size == 0) {
        source->text.data = "";
        source->ascii = true;
        return IMGRW_OK;
    }
    if (text.size > max_bytes)
        return irw_fail(error, IMGRW_ERR_LIMIT, whole,
                        "%zu bytes are over the limit of %zu", text.size,
                        max_bytes);
    if (is_utf16(text))
        return refuse(source, 0, "UTF-16; convert the file to UTF-8 first",
                      error);
    if (is_bom(text, 0))
        source->start = 3;
    status = check_characters(source, error);
    source->directives = has_directives(text, source->start);
    return status;
}

static uint32_t
count_characters(imgrw_str text, size_t start, size_t end)
{
    uint32_t count = 0;

    for (size_t i = start; i < end; i++)
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return count;
}

/* Moves the cursor back, to `offset` or to the start of a line before it. */
static void
go_back(const struct irw_source *source, struct irw_line_cursor *cursor,
        size_t offset)
{
    imgrw_str before = irw_slice(source->text, source->start, offset);
    imgrw_str way = irw_slice(source->text, offset, cursor->offset);
    const char *line = memrchr(before.data, '\n', before.size);
    uint32_t first = cursor->line;

    for (size_t feed; (feed = irw_find(way, '\n')) != SIZE_MAX; cursor->line--)
        way = irw_slice(way, feed + 1, way.size);
    if (cursor->line == first) {
        cursor->column -=
            count_characters(source->text, offset, cursor->offset);
        cursor->offset = offset;
    } else {
        cursor->column = 0;
        cursor->offset = line ? (size_t)(line + 1 - source->text.data)
                              : source->start;
    }
}

struct imgrw_location
irw_source_locate(const struct irw_source *source,
                  struct irw_line_cursor *cursor, size_t offset)
{
    const char *text = source->text.data;

    if (offset > source->text.size)
        offset = source->text.size;
    if (cursor->offset == 0 || offset < source->start)
        *cursor = (struct irw_line_cursor){.offset = source->start};
    else if (offset < cursor->offset)
        go_back(source, cursor, offset);
    while (cursor->offset < offset) {
        const char *feed =
            memchr(text + cursor->offset, '\n', offset - cursor->offset);
        size_t next = feed ? (size_t)(feed - text) + 1 : offset;

        cursor->line += feed != NULL;
        cursor->column =
            feed ? 0
                 : cursor->column +
                       count_characters(source->text, cursor->offset, next);
        cursor->offset = next;
    }
    return (struct imgrw_location){
        .path = source->path,
        .offset = offset,
        .line = cursor->line + 1,
        .column = cursor->column + 1,
    };
}

enum imgrw_status
irw_source_explain(const struct irw_source *source, enum imgrw_status status,
                   struct imgrw_error *error)
{
    struct irw_line_cursor cursor = {0};

    if (error && status != IMGRW_OK && status != IMGRW_ERR_MEMORY)
        error->at = irw_source_locate(source, &cursor, error->at.offset);
    return status;
}

static bool
is_separator(imgrw_str text, size_t offset)
{
    if (text.size - offset < 3 || memcmp(text.data + offset, "---", 3) != 0)
        return false;
    return text.size - offset == 3 || strchr(" \t\r\n", text.data[offset + 3]);
}

static size_t
pass_blanks(imgrw_str text, size_t offset)
{
    while (offset < text.size && strchr(" \t\r\n", text.data[offset]))
        offset++;
    return offset;
}

/* Where the next value of a stream of JSON begins, if `start` is in front of
 * one that is followed by another; else SIZE_MAX. */
static size_t
next_value(imgrw_str text, size_t start)
{
    size_t end = irw_json_value_end(text, pass_blanks(text, start));

    if (end == SIZE_MAX)
        return SIZE_MAX;
    end = pass_blanks(text, end);
    return end < text.size && strchr("{[", text.data[end]) ? end : SIZE_MAX;
}

void
irw_source_read_through(struct irw_source *source, const struct irw_mask *mask)
{
    source->mask = mask;
    source->directives = has_directives(mask->text, source->start);
}

bool
irw_source_is_within_stream(const struct irw_source *source, size_t offset)
{
    return offset > source->start && offset < source->text.size &&
           !is_separator(irw_source_readable(source), offset);
}

size_t
irw_source_piece_end(const struct irw_source *source, size_t start)
{
    imgrw_str text = irw_source_readable(source);
    size_t offset = start;
    size_t next = source->directives ? SIZE_MAX : next_value(text, start);

    if (next != SIZE_MAX)
        return next;
    /* line by line: memmem looks at each byte, memchr at many at once */
    while (!source->directives) {
        const char *found =
            memchr(text.data + offset, '\n', text.size - offset);

        if (!found)
            break;
        offset = (size_t)(found - text.data) + 1;
        if (offset < text.size && text.data[offset] == '-' &&
            is_separator(text, offset))
            return offset;
    }
    return text.size;
}
