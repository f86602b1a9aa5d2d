#include "reference/placeholder.h"
#include "base/str.h"

/* Where a run of characters that a variable's name may have ends. */
static size_t
name_end(imgrw_str text, size_t at, const char *others)
{
    while (at < text.size &&
           (irw_is_alnum(text.data[at]) || strchr(others, text.data[at])) &&
           text.data[at] != '\0')
        at++;
    return at;
}

/* Up to and with the bracket that closes the one at `from`; 0: none does, or
 * there is nothing between them. */
static size_t
pass_nested(imgrw_str text, size_t from, char open, char close)
{
    size_t depth = 0;

    if (irw_find(text, close) == SIZE_MAX)
        return 0; /* most that do not end are found out so, and fast */
    for (size_t i = from; i < text.size; i++) {
        depth += text.data[i] == open;
        depth -= text.data[i] == close;
        if (depth == 0)
            return i > from + 1 ? i + 1 : 0;
    }
    return 0;
}

/* The end of the string of a template that begins at `at`, if one does; a
 * string may hold braces. */
static size_t
pass_string(imgrw_str text, size_t at)
{
    const char quote = text.data[at];

    if (quote != '"' && quote != '`')
        return at;
    for (size_t i = at + 1; i < text.size; i++)
        if (text.data[i] == quote)
            return i;
        else if (text.data[i] == '\\' && quote == '"')
            i++;
    return at;
}

/* An action of a template: two braces or more, and as many after it. */
static size_t
pass_action(imgrw_str text)
{
    size_t braces = 0, closed = 0;

    if (irw_find(text, '}') == SIZE_MAX)
        return 0;
    while (braces < text.size && text.data[braces] == '{')
        braces++;
    if (braces < 2)
        return 0;
    for (size_t i = braces; i < text.size; i++) {
        i = pass_string(text, i);
        closed = text.data[i] == '}' ? closed + 1 : 0;
        if (closed == braces)
            return i + 1 > 2 * braces ? i + 1 : 0;
    }
    return 0;
}

/* The same between two brackets of a kind: [[ x ]], (( x )). */
static size_t
pass_doubled(imgrw_str text, char open, char close)
{
    size_t end = text.size > 1 && text.data[1] == open
                     ? pass_nested(text, 0, open, close)
                     : 0;

    return end > 4 && text.data[end - 2] == close ? end : 0;
}

/* Between two marks that are not nested: {% x %}. */
static size_t
pass_statement(imgrw_str text, char mark)
{
    for (size_t i = 3; i + 1 < text.size; i++)
        if (text.data[i] == mark && text.data[i + 1] == '}')
            return i + 2;
    return 0;
}

/* A name between two marks: {NAME}, %NAME%, @@NAME@@. */
static size_t
pass_marked(imgrw_str text, const char *open, const char *close)
{
    size_t size = strlen(open), end = name_end(text, size, "_.-");

    return end > size && irw_starts_with(text, irw_str(open)) &&
                   irw_starts_with(irw_slice(text, end, text.size),
                                   irw_str(close))
               ? end + strlen(close)
               : 0;
}

static size_t
pass_brace(imgrw_str text)
{
    char next = text.size > 1 ? text.data[1] : '\0';

    if (next == '{')
        return pass_action(text);
    if (next == '%' || next == '#')
        return pass_statement(text, next);
    return pass_marked(text, "{", "}");
}

static size_t
pass_dollar(imgrw_str text)
{
    char next = text.size > 1 ? text.data[1] : '\0';

    if (next == '{')
        return pass_nested(text, 1, '{', '}');
    if (next == '(')
        return pass_nested(text, 1, '(', ')');
    if (next == '[')
        return pass_nested(text, 1, '[', ']');
    return irw_is_alnum(next) && !irw_is_digit(next) ? name_end(text, 1, "_")
           : next == '_'                             ? name_end(text, 1, "_")
                                                     : 0;
}

static size_t
pass_per_cent(imgrw_str text)
{
    char next = text.size > 1 ? text.data[1] : '\0';

    if (next == '{')
        return pass_nested(text, 1, '{', '}');
    if (next == '(')
        return pass_marked(text, "%(", ")s");
    return next == '%' ? pass_marked(text, "%%", "%%")
                       : pass_marked(text, "%", "%");
}

/* #{NAME} or #{NAME}#. */
static size_t
pass_hash(imgrw_str text)
{
    size_t end = text.size > 1 && text.data[1] == '{'
                     ? pass_nested(text, 1, '{', '}')
                     : 0;

    return end + (end > 0 && end < text.size && text.data[end] == '#');
}

/* __NAME__, where no component of a name can have it: after what divides them,
 * or with a capital letter. */
static size_t
pass_underscores(imgrw_str text, char before)
{
    bool fits = strchr("/:@", before); /* also where nothing is before */

    for (size_t i = 2; irw_starts_with(text, IRW_STR("__")) && i < text.size &&
                       (irw_is_alnum(text.data[i]) || text.data[i] == '_' ||
                        text.data[i] == '-');
         i++) {
        if (i > 2 && irw_starts_with(irw_slice(text, i, text.size),
                                     IRW_STR("__")))
            return fits ? i + 2 : 0;
        fits |= irw_is_upper(text.data[i]);
    }
    return 0;
}

/* The placeholder at the start of a text, whatever is in it, and whatever byte
 * is before it. */
static size_t
pass_any(imgrw_str text, char before)
{
    size_t end;

    switch (text.data[0]) {
    case '$':
        return pass_dollar(text);
    case '{':
        return pass_brace(text);
    case '[':
        return pass_doubled(text, '[', ']');
    case '(':
        return pass_doubled(text, '(', ')');
    case '#':
        return pass_hash(text);
    case '<':
        return pass_nested(text, 0, '<', '>');
    case '%':
        return pass_per_cent(text);
    case '@':
        end = pass_marked(text, "@@", "@@");
        return end > 0 ? end : pass_marked(text, "@", "@");
    case '_':
        return pass_underscores(text, before);
    default:
        return 0;
    }
}

/* Whether a placeholder may begin with the byte, which most do not. */
static bool
may_begin(char c)
{
    static const bool marks[256] = {
        ['$'] = true, ['{'] = true, ['['] = true, ['('] = true, ['#'] = true,
        ['<'] = true, ['%'] = true, ['@'] = true, ['_'] = true,
    };

    return marks[(unsigned char)c];
}

/* No placeholder is longer than a reference: an opening bracket is not looked
 * for its partner through the whole of a long text. */
size_t
irw_placeholder_size(imgrw_str text, size_t at)
{
    char before;
    size_t end;

    if (at >= text.size || !may_begin(text.data[at]))
        return 0;
    before = at > 0 ? text.data[at - 1] : '\0';
    end = text.size - at < IMGRW_REFERENCE_MAX ? text.size
                                               : at + IMGRW_REFERENCE_MAX;
    text = irw_slice(text, at, end);
    end = pass_any(text, before);
    return irw_has_control(irw_slice(text, 0, end)) ? 0 : end;
}

size_t
irw_placeholder_find(imgrw_str text)
{
    for (size_t i = 0; i < text.size; i++)
        if (may_begin(text.data[i]) && irw_placeholder_size(text, i) > 0)
            return i;
    return SIZE_MAX;
}

size_t
irw_placeholder_pass(imgrw_str text, size_t from, const char *chars)
{
    while (from < text.size) {
        size_t size = irw_placeholder_size(text, from);

        if (size == 0 && text.data[from] != '\0' &&
            strchr(chars, text.data[from]))
            return from;
        from += size > 0 ? size : 1;
    }
    return text.size;
}

imgrw_str
irw_placeholder_fill(imgrw_str text, struct imgrw_reference_buffer *buffer)
{
    imgrw_str filled = {buffer->bytes, 0};
    bool found = false;

    for (size_t i = 0, size; text.size < IMGRW_REFERENCE_MAX && i < text.size;
         i += size > 0 ? size : 1) {
        size = irw_placeholder_size(text, i);
        buffer->bytes[filled.size++] = size > 0 ? 'x' : text.data[i];
        found |= size > 0;
    }
    return found ? filled : (imgrw_str){0};
}

/* Looks at what stands before the first placeholder and after the last one. No
 * tag and no digest is empty. */
bool
irw_placeholder_may_be(imgrw_str text, imgrw_str word)
{
    size_t first = irw_placeholder_find(text), after, size;

    if (first == SIZE_MAX)
        return irw_equal(text, word);
    after = first;
    for (size_t i = first; i < text.size; i += size > 0 ? size : 1) {
        size = irw_placeholder_size(text, i);
        if (size > 0)
            after = i + size;
    }
    return word.size > 0 && word.size >= first + text.size - after &&
           irw_starts_with(word, irw_slice(text, 0, first)) &&
           irw_ends_with(word, irw_slice(text, after, text.size));
}
