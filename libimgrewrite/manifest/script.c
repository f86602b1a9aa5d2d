#include "manifest/script.h"

#include "manifest/likely.h"
#include "manifest/pushed.h"
#include "reference/placeholder.h"

static bool
is_word(char c)
{
    return irw_is_alnum(c) || (c != '\0' && strchr("._-/:@", c));
}

/* Goes to the next line that may have a reference and is no comment; false
 * when there is none. Most lines have none: their words are not read. */
static bool
next_line(struct irw_script *script)
{
    while (script->line_end < script->text.size) {
        imgrw_str line;

        script->at = script->line_end;
        script->line_end = irw_line_end(script->text, script->at);
        script->before = (imgrw_str){0};
        script->line = line =
            irw_slice(script->text, script->at, script->line_end);
        script->is_judged = false;
        while (line.size > 0 && irw_is_white(line.data[0]))
            line = irw_slice(line, 1, line.size);
        if (irw_resembles_reference(line) && line.data[0] != '#' &&
            !irw_starts_with(line, IRW_STR("//")))
            return true;
    }
    return false;
}

bool
irw_script_line_counts(struct irw_script *script)
{
    static const char mark[] = "imgrewrite:ignore";
    imgrw_str line = script->line;

    if (!script->is_judged)
        script->counts = !irw_has_push(line) && !irw_contains(line, mark);
    script->is_judged = true;
    return script->counts;
}

/* Whether what stands around a word makes it a part of something that is filled
 * in later: the end of a placeholder, or the start of one. */
static bool
is_part(imgrw_str text, const struct irw_script_word *word, size_t end)
{
    imgrw_str before = irw_slice(text, 0, word->from);

    return irw_ends_with(before, IRW_STR("]]")) ||
           irw_ends_with(before, IRW_STR("))")) ||
           (word->from > 0 && strchr("}%>$*#", text.data[word->from - 1])) ||
           irw_placeholder_size(text, end) > 0 ||
           (end < text.size && strchr("{%<$*", text.data[end]));
}

/* The word before, if it is the name of what begins at byte `from`. */
static imgrw_str
name_of(const struct irw_script *script, size_t from)
{
    imgrw_str name = script->before, gap;
    size_t end;

    if (name.size == 0)
        return name;
    end = (size_t)(name.data - script->text.data) + name.size;
    gap = irw_slice(script->text, end, from);
    if (name.data[0] != '-' && irw_find(gap, '=') == SIZE_MAX &&
        irw_find(gap, ':') == SIZE_MAX)
        return (imgrw_str){0};
    while (name.size > 0 && name.data[0] == '-')
        name = irw_slice(name, 1, name.size);
    return name;
}

/* Reads the word at `script->at`; false when it is none after all. */
static bool
read_word(struct irw_script *script, struct irw_script_word *word)
{
    imgrw_str text = script->text;
    size_t end = script->at;

    word->from = end;
    while (end < script->line_end && is_word(text.data[end]))
        end++;
    script->at = word->to = end;
    while (word->to > word->from && strchr(".:-/@", text.data[word->to - 1]))
        word->to--;
    if (word->to == word->from)
        return false; /* a mark between two words */
    word->name = name_of(script, word->from);
    script->before = irw_slice(text, word->from, word->to);
    return !is_part(text, word, end);
}

bool
irw_script_next(struct irw_script *script, struct irw_script_word *word)
{
    for (;;) {
        while (script->at < script->line_end &&
               !is_word(script->text.data[script->at]))
            script->at++;
        if (script->at < script->line_end) {
            if (read_word(script, word))
                return true;
        } else if (!next_line(script)) {
            return false;
        }
    }
}
