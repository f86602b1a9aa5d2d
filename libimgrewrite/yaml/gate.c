/*
 * Bytes only, no grammar: what merely looks dangerous is held back too. That
 * costs a second witness for a few documents, and nothing else.
 */
#include "yaml/gate.h"
#include "base/str.h"

#define LONGEST_LINE 1000000

/* A character on the way through the text. */
struct view {
    imgrw_str text;
    size_t at;
    size_t line_start;
};

/* The byte `ahead` behind the current one; a line feed beyond the end. */
static char
look(const struct view *view, size_t ahead)
{
    size_t at = view->at + ahead;

    return at < view->text.size ? view->text.data[at] : '\n';
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Whether a token could start here: behind a blank or an indicator. */
static bool
at_token_start(const struct view *view)
{
    char before = view->at > 0 ? view->text.data[view->at - 1] : '\n';

    return is_blank(before) || strchr("[{,:-?", before);
}

static bool
is_name_char(char c)
{
    return irw_is_alnum(c) || c == '_' || c == '-';
}

static bool
ends_name(char c)
{
    return is_blank(c) || c == ',' || c == ']' || c == '}';
}

/* An anchor or an alias: a name, and behind it a blank or a closing bracket. */
static bool
allows_name(const struct view *view)
{
    size_t size = 1;

    while (is_name_char(look(view, size)))
        size++;
    return size > 1 && ends_name(look(view, size));
}

/* A tag: !word or !!word. */
static bool
allows_tag(const struct view *view)
{
    size_t start = look(view, 1) == '!' ? 2 : 1, size = start;

    while (is_name_char(look(view, size)))
        size++;
    return size > start && is_blank(look(view, size));
}

static bool
allows_control(const struct view *view)
{
    switch (look(view, 0)) {
    case '\r':
        return look(view, 1) == '\n' && view->at + 1 < view->text.size;
    case '\t':
        return view->at != view->line_start;
    default:
        return true;
    }
}

/* NEL, LS, PS and the byte order mark; other characters are welcome. */
static bool
allows_wide(const struct view *view)
{
    const char *at = view->text.data + view->at;
    size_t left = view->text.size - view->at;

    return !(left >= 2 && memcmp(at, "\xC2\x85", 2) == 0) &&
           !(left >= 3 && (memcmp(at, "\xE2\x80\xA8", 3) == 0 ||
                           memcmp(at, "\xE2\x80\xA9", 3) == 0 ||
                           memcmp(at, "\xEF\xBB\xBF", 3) == 0));
}

static bool
allows_character(const struct view *view)
{
    switch (look(view, 0)) {
    case '\0':
        return false;
    case '\r':
    case '\t':
        return allows_control(view);
    case '%':
        return view->at != view->line_start;
    case '?':
        return !at_token_start(view);
    case '&':
    case '*':
        return !at_token_start(view) || allows_name(view);
    case '!':
        return !at_token_start(view) || allows_tag(view);
    case '\xC2':
    case '\xE2':
    case '\xEF':
        return allows_wide(view);
    default:
        return true;
    }
}

bool
irw_gate_passes(imgrw_str text)
{
    struct view view = {.text = text};

    for (; view.at < text.size; view.at++) {
        if (!allows_character(&view))
            return false;
        if (text.data[view.at] != '\n')
            continue;
        if (view.at - view.line_start > LONGEST_LINE)
            return false;
        view.line_start = view.at + 1;
    }
    return view.at - view.line_start <= LONGEST_LINE;
}
