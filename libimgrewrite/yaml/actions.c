/*
 * An action ends as Go's lexer has it: a comment at the end of the comment,
 * any other at the first "}}" outside of quotes. Quotes end on their line, raw
 * strings in backquotes anywhere.
 */
#include "yaml/actions.h"
#include "base/error.h"
#include "base/str.h"

#include <string.h>

/* Where a scan is. */
struct action_scan {
    imgrw_str text;
    /* whether there may still be statements of Jinja, and comments, which have
     * none of their own without these */
    bool has_statements, has_comments;
    irw_action_list *actions;
};

#define NONE SIZE_MAX

bool
irw_may_have_actions(imgrw_str text)
{
    return irw_has_bytes(text) &&
           (memmem(text.data, text.size, "{{", 2) ||
            memmem(text.data, text.size, "{%", 2));
}

static bool
is_blank(char c)
{
    return irw_is_white(c) || c == '\n' || c == '\r';
}

static imgrw_str
skip_blanks(imgrw_str text)
{
    while (text.size > 0 && is_blank(text.data[0]))
        text = irw_slice(text, 1, text.size);
    return text;
}

/* Where a word first is from byte `at` on; NONE: nowhere. */
static size_t
find_word(imgrw_str text, size_t at, const char *word)
{
    const char *found =
        at < text.size
            ? memmem(text.data + at, text.size - at, word, strlen(word))
            : NULL;

    return found ? (size_t)(found - text.data) : NONE;
}

/* The byte after a quoted string that begins at `at`; `at` itself where it has
 * no end on its line, and so is none; NONE where a raw string has no end. */
static size_t
pass_string(imgrw_str text, size_t at)
{
    char quote = text.data[at];
    size_t end = at + 1;

    if (quote == '`') {
        end = find_word(text, end, "`");
        return end == NONE ? NONE : end + 1;
    }
    for (; end < text.size && text.data[end] != '\n'; end++) {
        if (text.data[end] == quote)
            return end + 1;
        if (text.data[end] == '\\')
            end++;
    }
    return at;
}

/* Where the comment of Go's ends that follows the braces at `at`; `at` where
 * there is none. */
static size_t
pass_comment(imgrw_str text, size_t at)
{
    size_t begin = at;

    if (begin < text.size && text.data[begin] == '-')
        begin++;
    while (begin < text.size && is_blank(text.data[begin]))
        begin++;
    if (!irw_starts_with(irw_slice(text, begin, text.size), IRW_STR("/*")))
        return at;
    begin = find_word(text, begin + 2, "*/");
    return begin == NONE ? NONE : begin + 2;
}

/* Whether a byte begins a string in an action. An apostrophe in a word is none.
 */
static bool
begins_string(imgrw_str text, size_t at)
{
    char c = text.data[at];

    return c == '"' || c == '`' ||
           (c == '\'' && (at == 0 || !irw_is_alnum(text.data[at - 1])));
}

/* The byte after the action that begins with the two braces at `at`; NONE: it
 * has no end. */
static size_t
pass_action(imgrw_str text, size_t at, const char *closing)
{
    size_t end = pass_comment(text, at + 2);

    while (end < text.size) {
        size_t next = end;

        if (memcmp(text.data + end, closing, 1) == 0 &&
            end + 1 < text.size && text.data[end + 1] == closing[1])
            return end + 2;
        if (begins_string(text, end))
            next = pass_string(text, end);
        end = next == end ? end + 1 : next;
    }
    return NONE;
}

static imgrw_str
first_word(imgrw_str text)
{
    size_t size = 0;

    while (size < text.size &&
           (irw_is_alnum(text.data[size]) || text.data[size] == '_'))
        size++;
    return irw_slice(text, 0, size);
}

/* What is between the braces, without dashes and blanks, and the word of KOTS.
 */
static imgrw_str
content_of(imgrw_str action)
{
    imgrw_str content = irw_slice(action, 2, action.size - 2);

    while (content.size > 0 &&
           (is_blank(content.data[0]) || content.data[0] == '-'))
        content = irw_slice(content, 1, content.size);
    while (content.size > 0 && (is_blank(content.data[content.size - 1]) ||
                                content.data[content.size - 1] == '-'))
        content.size--;
    if (irw_equal(first_word(content), IRW_STR("repl")))
        content = skip_blanks(irw_slice(content, 4, content.size));
    return content;
}

/* The last command of a pipeline. */
static imgrw_str
last_command(imgrw_str content)
{
    size_t begin = 0, at = 0;

    while (at < content.size) {
        size_t next = begins_string(content, at) ? pass_string(content, at)
                                                 : at;

        if (content.data[at] == '|')
            begin = at + 1;
        at = next == NONE ? content.size : next == at ? at + 1 : next;
    }
    return skip_blanks(irw_slice(content, begin, content.size));
}

/* Whether it gives a variable a value. */
static bool
is_assignment(imgrw_str content)
{
    size_t at = 1;

    if (content.size == 0 || content.data[0] != '$')
        return false;
    at += first_word(irw_slice(content, 1, content.size)).size;
    content = skip_blanks(irw_slice(content, at, content.size));
    return irw_starts_with(content, IRW_STR(":=")) ||
           (irw_starts_with(content, IRW_STR("=")) &&
            !irw_starts_with(content, IRW_STR("==")));
}

static enum irw_template_action_kind
kind_of(imgrw_str action)
{
    static const char *const flow[] = {"if",    "else",   "end",
                                       "range", "with",   "define",
                                       "block", "break",  "continue",
                                       NULL};
    static const char *const lines[] = {"indent", "nindent", NULL};
    imgrw_str content = content_of(action);

    if (action.data[1] != '{' || content.size == 0 ||
        irw_starts_with(content, IRW_STR("/*")) ||
        irw_is_one_of(first_word(content), flow) || is_assignment(content))
        return IRW_ACTION_FLOW;
    return irw_is_one_of(first_word(last_command(content)), lines)
               ? IRW_ACTION_LINES
               : IRW_ACTION_VALUE;
}

/* Where an action begins for which there are braces at `at`: KOTS has a word
 * before them. */
static size_t
begin_of(imgrw_str text, size_t at)
{
    return at >= 4 && memcmp(text.data + at - 4, "repl", 4) == 0 &&
                   (at == 4 || !irw_is_alnum(text.data[at - 5]))
               ? at - 4
               : at;
}

/* The braces that end what begins with the two bytes at `at`; NULL: nothing
 * begins there. */
static const char *
closing_of(struct action_scan *scan, size_t at)
{
    switch (scan->text.data[at + 1]) {
    case '{':
        return "}}";
    case '%':
        scan->has_statements &= find_word(scan->text, at + 2, "%}") != NONE;
        return scan->has_statements ? "%}" : NULL;
    case '#':
        scan->has_comments = scan->has_comments &&
                             find_word(scan->text, at + 2, "#}") != NONE;
        return scan->has_comments ? "#}" : NULL;
    default:
        return NULL;
    }
}

static bool
add(const struct action_scan *scan, size_t at, size_t end)
{
    struct irw_template_action action = {
        .start = (uint32_t)begin_of(scan->text, at),
        .end = (uint32_t)end,
        .kind = kind_of(irw_slice(scan->text, at, end)),
    };

    return IRW_APPEND(scan->actions, action);
}

/* Whether there is no line break in a text, and nothing but blanks. */
static bool
is_gap(imgrw_str text)
{
    size_t at = 0;

    while (at < text.size && irw_is_white(text.data[at]))
        at++;
    return at == text.size;
}

/* Whether nothing but blanks comes before the first line break of a text. */
static bool
ends_line(imgrw_str text)
{
    size_t end = irw_find(text, '\n');

    if (end == NONE)
        return is_gap(text);
    if (end > 0 && text.data[end - 1] == '\r')
        end--;
    return is_gap(irw_slice(text, 0, end));
}

/* Whether nothing but blanks comes after the last line break of a text. */
static bool
begins_line(imgrw_str text)
{
    const char *feed =
        text.size > 0 ? memrchr(text.data, '\n', text.size) : NULL;

    return is_gap(irw_slice(text, feed ? (size_t)(feed + 1 - text.data) : 0,
                            text.size));
}

/* Notes which actions are alone on their lines: first by what is before each,
 * from left to right, and then by what is behind it. */
static void
note_alone(imgrw_str text, irw_action_list *actions)
{
    size_t end = 0, start = text.size;

    for (size_t i = 0; i < actions->count; i++) {
        struct irw_template_action *action = &actions->items[i];
        imgrw_str before = irw_slice(text, end, action->start);
        bool same_line = end > 0 && irw_find(before, '\n') == NONE;

        action->begins_line = !same_line && begins_line(before);
        action->is_alone = same_line ? action[-1].is_alone && is_gap(before)
                                     : action->begins_line;
        end = action->end;
    }
    for (size_t i = actions->count; i-- > 0;) {
        struct irw_template_action *action = &actions->items[i];
        imgrw_str after = irw_slice(text, action->end, start);
        bool same_line =
            start < text.size && irw_find(after, '\n') == NONE;

        action->is_alone &= same_line ? action[1].is_alone && is_gap(after)
                                      : ends_line(after);
        start = action->start;
    }
}

enum imgrw_status
irw_actions_read(imgrw_str text, irw_action_list *actions,
                 struct imgrw_error *error)
{
    bool is_jinja = find_word(text, 0, "{%") != NONE;
    struct action_scan scan = {text, is_jinja, is_jinja, actions};
    size_t at = 0;

    while (at + 1 < text.size) {
        const char *brace =
            memchr(text.data + at, '{', text.size - 1 - at);
        const char *closing;
        size_t end;

        if (!brace)
            break;
        at = (size_t)(brace - text.data);
        closing = closing_of(&scan, at);
        if (!closing) {
            at++;
            continue;
        }
        end = pass_action(text, at, closing);
        if (end == NONE)
            break; /* no template */
        if (!add(&scan, at, end))
            return irw_fail_memory(error);
        at = end;
    }
    note_alone(text, actions);
    return IMGRW_OK;
}
