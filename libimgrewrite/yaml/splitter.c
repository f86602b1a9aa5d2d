/*
 * Lines are looked for with memchr, and only those of JSON byte by byte. A
 * value that seems to be JSON, by its brackets, is looked at as a whole once it
 * has ended, so that nothing is cut that is not surely a stream of JSON.
 */
#include "yaml/splitter.h"
#include "base/str.h"
#include "yaml/json_value.h"

#define MARK 4 /* bytes that show what a line begins with */

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Whether the line at `line` is a mark, such as "---", alone or before a blank.
 */
static bool
is_mark(imgrw_str text, size_t line, const char *mark)
{
    return text.size - line >= 3 && memcmp(text.data + line, mark, 3) == 0 &&
           (text.size - line == 3 || is_blank(text.data[line + 3]));
}

/* Looks at the beginning of a line; true where a piece begins with it. */
static bool
begin_line(struct irw_splitter *splitter, imgrw_str text, size_t line)
{
    if (splitter->joined) {
        splitter->joined = !is_mark(text, line, "...");
        return false;
    }
    splitter->joined = line < text.size && text.data[line] == '%';
    if (!is_mark(text, line, "---"))
        return false;
    splitter->state = IRW_SPLIT_YAML;
    return line > 0;
}

/* Takes a byte of a string. */
static void
take_string(struct irw_splitter *splitter, char c)
{
    splitter->in_string = c != '"' || splitter->escaped;
    splitter->escaped = c == '\\' && !splitter->escaped;
}

/* Takes a byte of a JSON value, at `at`. */
static void
take_json(struct irw_splitter *splitter, imgrw_str text, size_t at)
{
    char c = text.data[at];
    size_t end;

    if (splitter->in_string) {
        take_string(splitter, c);
        return;
    }
    splitter->in_string = c == '"';
    splitter->depth += c == '{' || c == '[';
    splitter->depth -= c == '}' || c == ']';
    if (splitter->depth > 0)
        return;
    end = irw_json_value_end(irw_slice(text, 0, at + 1), splitter->value);
    splitter->state = end == at + 1 ? IRW_SPLIT_ENDED : IRW_SPLIT_YAML;
}

/* Takes a byte; true where another JSON value begins with it. */
static bool
take_byte(struct irw_splitter *splitter, imgrw_str text, size_t at)
{
    char c = text.data[at];
    bool opens = c == '{' || c == '[';

    if (splitter->state == IRW_SPLIT_JSON) {
        take_json(splitter, text, at);
    } else if (!is_blank(c)) {
        if (opens && splitter->state == IRW_SPLIT_ENDED)
            return !splitter->joined;
        splitter->state = opens ? IRW_SPLIT_JSON : IRW_SPLIT_YAML;
        splitter->value = at;
        splitter->depth = 1;
    }
    return false;
}

/* Takes the bytes up to `end`; returns where another JSON value begins, or 0.
 */
static size_t
take_bytes(struct irw_splitter *splitter, imgrw_str text, size_t end)
{
    for (size_t at = splitter->at;
         at < end && splitter->state != IRW_SPLIT_YAML; at++)
        if (take_byte(splitter, text, at))
            return at;
    return 0;
}

/* Has the text begin with the piece at `start`. */
static size_t
cut(struct irw_splitter *splitter, size_t start)
{
    if (splitter->state != IRW_SPLIT_YAML)
        splitter->state = IRW_SPLIT_START;
    splitter->at = 0;
    return start;
}

/* Looks at the first line of the text, which may have a byte order mark; false
 * where it is not there yet. */
static bool
start(struct irw_splitter *splitter, imgrw_str text, bool ended)
{
    static const imgrw_str bom = {"\xEF\xBB\xBF", 3};

    if (splitter->started)
        return true;
    if (text.size < MARK + bom.size && !ended)
        return false;
    splitter->started = true;
    splitter->at = irw_starts_with(text, bom) ? bom.size : 0;
    begin_line(splitter, text, splitter->at);
    return true;
}

size_t
irw_splitter_next(struct irw_splitter *splitter, imgrw_str text, bool ended)
{
    if (!start(splitter, text, ended))
        return 0;
    while (splitter->at < text.size) {
        const char *feed = memchr(text.data + splitter->at, '\n',
                                  text.size - splitter->at);
        size_t end = feed ? (size_t)(feed - text.data) : text.size;
        size_t value = take_bytes(splitter, text, end);

        if (value > 0)
            return cut(splitter, value);
        splitter->at = end;
        if (!feed || (text.size - end <= MARK && !ended))
            return 0;
        splitter->at = end + 1;
        if (begin_line(splitter, text, end + 1))
            return cut(splitter, end + 1);
    }
    return 0;
}
