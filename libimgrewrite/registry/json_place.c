#include "registry/json_place.h"

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

/* A text, and the byte that is looked at. */
struct irw_json_cursor {
    imgrw_str text;
    size_t at;
};

/* The byte that is looked at; NUL at the end. */
static char
look(const struct irw_json_cursor *cursor)
{
    return cursor->at < cursor->text.size ? cursor->text.data[cursor->at]
                                          : '\0';
}

static void
skip_blanks(struct irw_json_cursor *cursor)
{
    while (look(cursor) != '\0' && strchr(" \t\r\n", look(cursor)))
        cursor->at++;
}

/* Skips a string; the result is the string with its quotes. */
static imgrw_str
skip_string(struct irw_json_cursor *cursor)
{
    size_t start = cursor->at++;

    while (look(cursor) != '\0' && look(cursor) != '"')
        cursor->at += look(cursor) == '\\' ? 2 : 1;
    if (cursor->at < cursor->text.size)
        cursor->at++;
    else
        cursor->at = cursor->text.size;
    return (imgrw_str){cursor->text.data + start, cursor->at - start};
}

/* Skips a value, which is there. */
static void
skip_value(struct irw_json_cursor *cursor)
{
    size_t depth = 0;

    do {
        char c = look(cursor);

        if (c == '"') {
            skip_string(cursor);
            continue;
        }
        depth += c == '{' || c == '[';
        depth -= depth > 0 && (c == '}' || c == ']');
        cursor->at++;
        /* a number or a word ends where something else begins */
        while (depth == 0 && c != '}' && c != ']' && look(cursor) != '\0' &&
               !strchr(",]} \t\r\n", look(cursor)))
            cursor->at++;
    } while (depth > 0 && look(cursor) != '\0');
}

/* Whether a string with its quotes spells a name. */
static bool
spells(imgrw_str string, const char *name)
{
    size_t size = strlen(name);
    json_t *value;
    bool same;

    if (!memchr(string.data, '\\', string.size))
        return string.size == size + 2 &&
               memcmp(string.data + 1, name, size) == 0;
    value = json_loadb(string.data, string.size, JSON_DECODE_ANY, NULL);
    same = value && strcmp(json_string_value(value), name) == 0;
    json_decref(value);
    return same;
}

/* Moves from an object to the value of its last member of a name; false where
 * there is none, and nothing is moved then. */
static bool
enter(struct irw_json_cursor *cursor, const char *name)
{
    struct irw_json_cursor next = *cursor;
    bool found = false;

    if (look(&next) != '{')
        return false;
    next.at++;
    skip_blanks(&next);
    while (look(&next) == '"') {
        bool is_wanted = spells(skip_string(&next), name);

        skip_blanks(&next);
        next.at++; /* the colon */
        skip_blanks(&next);
        if (is_wanted)
            cursor->at = next.at;
        found |= is_wanted;
        skip_value(&next);
        skip_blanks(&next);
        if (look(&next) == ',')
            next.at++;
        skip_blanks(&next);
    }
    return found;
}

void
irw_json_place(imgrw_str text, const char *const names[],
               struct imgrw_location *at)
{
    struct irw_json_cursor cursor = {text, 0};

    skip_blanks(&cursor);
    for (size_t i = 0; names[i] && enter(&cursor, names[i]); i++)
        ;
    *at = (struct imgrw_location){
        .offset = cursor.at, .line = 1, .column = 1};
    for (size_t i = 0; i < cursor.at; i++) {
        unsigned char c = (unsigned char)text.data[i];

        at->line += c == '\n';
        at->column = c == '\n' ? 1 : at->column + ((c & 0xC0) != 0x80);
    }
}
