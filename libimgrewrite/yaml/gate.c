/*
 * Bytes, and where libyaml has seen scalars: what merely looks dangerous is
 * held back, too. That costs the second witness for a few documents, and
 * nothing else.
 *
 * Each rule is here because of what some release of libfyaml does with text
 * that libyaml takes. Rules for 0.7.12, which Debian 12 has, stay even where a
 * later release is right: which one is loaded is known only at run time.
 *
 * "?"       0.7.12 uses freed memory, up to a crash; later ones put an empty
 *           value elsewhere
 * "%"       up to 0.8 a directive can loop without end; later ones take time by
 *           the square of such lines
 * CR, NEL,  line breaks to one library and blanks or letters to the other
 * LS, PS,
 * BOM
 * NUL       all releases until 0.9.5 stop there, and report success
 * tab       indentation to libfyaml where libyaml sees a blank
 * & * ! #   names, tags and comments whose ends the two see differently
 * "-", "|"  see is_empty_item and allows_block
 * lengths   memory of 100 bytes for each byte of a line, and time by the square
 *           of a run of blanks, in all releases
 */
#include "yaml/gate.h"
#include "base/str.h"

#define LONGEST_LINE 1000000
#define LONGEST_BLANK 256 /* libfyaml takes time by the square of these */

/* A character on the way through the text. */
struct view {
    imgrw_str text;
    size_t at;
    size_t line_start;
    size_t deepest; /* the widest item_column of the lines before */
    const struct irw_tree *tree;
    size_t start;       /* of the text in that of the tree */
    uint32_t node;      /* the first that does not end before `at` */
    size_t comment_end; /* of the comment at `at`; 0: it is in none */
};

/* The byte that is `ahead` of the current one; a line feed after the end. */
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

/* Whether a token could start here: after a blank or an indicator. */
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

/* An anchor or an alias: a name, and after it a blank or a closing bracket. */
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

/* The column of what comes after `at`, blanks, comments and line breaks;
 * SIZE_MAX at the end of the text. */
static size_t
next_column(imgrw_str text, size_t at)
{
    size_t start = at, line = SIZE_MAX;

    for (; at < text.size; at++) {
        char c = text.data[at];

        if (c == '\n') {
            line = at + 1;
        } else if (c == '#' && at > start && is_blank(text.data[at - 1])) {
            while (at + 1 < text.size && text.data[at + 1] != '\n')
                at++;
        } else if (!is_blank(c)) {
            return line == SIZE_MAX ? SIZE_MAX - 1 : at - line;
        }
    }
    return SIZE_MAX;
}

/* Whether only spaces come before on the line. */
static bool
is_first(const struct view *view)
{
    for (size_t i = view->line_start; i < view->at; i++)
        if (view->text.data[i] != ' ')
            return false;
    return true;
}

/* A list item that is empty: libfyaml 0.7.12 does not read one in a list whose
 * dashes are no deeper than its key. */
static bool
is_empty_item(const struct view *view)
{
    size_t column = view->at - view->line_start, next;

    if (at_token_start(view) && strchr(",[]{}", look(view, 1)))
        return true;
    if (!is_first(view) || !is_blank(look(view, 1)))
        return false;
    next = next_column(view->text, view->at + 1);
    return next == SIZE_MAX || next <= column;
}

/* A comment without a blank before it: libyaml takes it after quotes,
 * brackets, commas and block headers. */
static bool
allows_hash(const struct view *view)
{
    size_t at = view->at;

    if (at == 0 || is_blank(view->text.data[at - 1]))
        return true;
    if (strchr("'\"[]{},", view->text.data[at - 1]))
        return false;
    while (at > 0 && strchr("+-0123456789", view->text.data[at - 1]))
        at--;
    return at == 0 || !strchr("|>", view->text.data[at - 1]);
}

/* The column of the last "- " or of what follows those on the line at hand. */
static size_t
item_column(const struct view *view)
{
    const char *line = view->text.data + view->line_start;
    size_t size = view->at - view->line_start, at = 0, column = 0;

    for (;;) {
        while (at < size && line[at] == ' ')
            at++;
        if (at == size)
            return column;
        column = at;
        if (line[at] != '-' || !is_blank(line[at + 1]))
            return column;
        at++;
    }
}

/* A block scalar must not be empty: libfyaml 0.7.12 takes what follows at the
 * same depth for its content. Nor may its header be where that depth cannot be
 * told from the line alone: first on its line, after a property or a marker, or
 * with a digit that sets it. */
static bool
allows_block(const struct view *view)
{
    imgrw_str text = view->text;
    size_t at = view->at + 1, first = view->line_start, start, content;

    if (!at_token_start(view))
        return true;
    while (text.data[first] == ' ')
        first++;
    /* here the depth of the content depends on lines before this one */
    if (is_first(view) || strchr("&!", text.data[first]) ||
        strncmp(text.data + view->line_start, "---", 3) == 0)
        return false;
    for (; at < text.size && strchr("+-0123456789", text.data[at]); at++)
        if (irw_is_digit(text.data[at]))
            return false;
    while (at < text.size && strchr(" \t\r", text.data[at]))
        at++;
    if (at < text.size && text.data[at] == '#')
        while (at < text.size && text.data[at] != '\n')
            at++;
    /* more text on the line: this was no header but a part of a scalar */
    if (at < text.size && text.data[at] != '\n')
        return true;
    /* to the first line that is not blank, and its depth */
    content = start = at + 1;
    for (; at < text.size && is_blank(text.data[at]); at++)
        if (text.data[at] == '\n')
            start = at + 1;
    /* after blank lines this may be content to one library, and a comment to
     * the other */
    if (at < text.size && text.data[at] == '#' && start != content)
        return false;
    return at == text.size || at == start || at - start > item_column(view);
}

/* A tab that libfyaml may take for indentation, also in the lines of a quoted
 * scalar: only blanks and dashes come before it, or it is no deeper than a map
 * that may be open. */
static bool
is_indentation(const struct view *view)
{
    if (view->at - view->line_start <= view->deepest)
        return true;
    for (size_t i = view->line_start; i < view->at; i++)
        if (!strchr(" \t-", view->text.data[i]))
            return false;
    return true;
}

static bool
allows_control(const struct view *view)
{
    if (look(view, 0) == '\r')
        return look(view, 1) == '\n' && view->at + 1 < view->text.size;
    return !is_indentation(view);
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

/* The scalar that the character is in, behind its first byte; NULL: it is in
 * none. */
static const struct irw_node *
scalar_around(struct view *view)
{
    size_t at = view->start + view->at;
    const struct irw_tree *tree = view->tree;

    for (; view->node < tree->count; view->node++) {
        const struct irw_node *node = &tree->nodes[view->node];

        if (node->start >= at)
            return NULL;
        if (node->type == IRW_NODE_SCALAR && node->end > at)
            return node;
    }
    return NULL;
}

/* Whether a comment begins here, outside of all scalars. */
static bool
begins_comment(const struct view *view)
{
    return look(view, 0) == '#' &&
           (view->at == 0 || is_blank(view->text.data[view->at - 1]));
}

/* Whether marks mean nothing here: in a comment, in quotes, in the lines of a
 * block, and behind the start of a line of plain text. */
static bool
is_inside(struct view *view)
{
    const struct irw_node *scalar = scalar_around(view);

    if (view->comment_end > view->at)
        return true;
    if (!scalar && begins_comment(view))
        view->comment_end = irw_line_end(view->text, view->at);
    if (!scalar)
        return false;
    switch (scalar->style) {
    case IRW_STYLE_PLAIN:
        return !is_first(view) && !strchr("?-:", look(view, 0));
    case IRW_STYLE_LITERAL:
    case IRW_STYLE_FOLDED: /* not in the header */
        return view->start + view->line_start > scalar->start;
    default:
        return true;
    }
}

/* What no text may have, whatever it means there. */
static bool
allows_byte(const struct view *view)
{
    switch (look(view, 0)) {
    case '\0':
        return false;
    case '\r':
    case '\t':
        return allows_control(view);
    case '%':
        return view->at != view->line_start;
    case '\xC2': /* these begin NEL, LS, PS and the byte order mark */
    case '\xE2':
    case '\xEF':
        return allows_wide(view);
    default:
        return true;
    }
}

static bool
allows_mark(const struct view *view)
{
    switch (look(view, 0)) {
    case '#':
        return allows_hash(view);
    case '|':
    case '>':
        return allows_block(view);
    case ':': /* an empty key */
        return !is_first(view);
    case '-':
        return !is_empty_item(view);
    case '?':
        return !at_token_start(view);
    case '&':
    case '*':
        return !at_token_start(view) || allows_name(view);
    case '!':
        return !at_token_start(view) || allows_tag(view);
    default:
        return true;
    }
}

/* What a byte may be, for the few that are looked at. */
enum byte_kind {
    ORDINARY = 0,
    BLANK,
    LINE_END,
    BYTE, /* allows_byte says more */
    MARK, /* allows_mark does */
};

static const uint8_t byte_kinds[UINT8_MAX + 1] = {
    [' '] = BLANK,  ['\n'] = LINE_END, ['\0'] = BYTE, ['\r'] = BYTE,
    ['\t'] = BYTE,  ['%'] = BYTE,      [0xC2] = BYTE, [0xE2] = BYTE,
    [0xEF] = BYTE,  ['#'] = MARK,      ['|'] = MARK,  ['>'] = MARK,
    [':'] = MARK,   ['-'] = MARK,      ['?'] = MARK,  ['&'] = MARK,
    ['*'] = MARK,   ['!'] = MARK,
};

/* Ends a line; false where it is too long. */
static bool
end_line(struct view *view)
{
    size_t column = item_column(view);

    if (view->at - view->line_start > LONGEST_LINE)
        return false;
    if (column > view->deepest)
        view->deepest = column;
    view->line_start = view->at + 1;
    return true;
}

/* Whether the character at hand, which is not ordinary, may be there. */
static bool
passes(struct view *view, enum byte_kind kind)
{
    switch (kind) {
    case LINE_END:
        return end_line(view);
    case BYTE:
        return allows_byte(view);
    case MARK:
        return is_inside(view) || allows_mark(view);
    default:
        return true;
    }
}

bool
irw_gate_passes(struct irw_extract extract, const struct irw_tree *tree)
{
    imgrw_str text = irw_slice(extract.text, extract.start, extract.end);
    struct view view = {.text = text, .tree = tree, .start = extract.start};
    size_t blanks = 0;

    for (; view.at < text.size; view.at++) {
        enum byte_kind kind = byte_kinds[(unsigned char)text.data[view.at]];

        if (kind == ORDINARY) {
            blanks = 0;
            continue;
        }
        blanks = is_blank(text.data[view.at]) ? blanks + 1 : 0;
        if (blanks > LONGEST_BLANK || !passes(&view, kind))
            return false;
    }
    return view.at - view.line_start <= LONGEST_LINE;
}
