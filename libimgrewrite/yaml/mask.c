/*
 * How to mask an action is guessed, and libyaml is asked. Where it refuses the
 * text, an action near before that place is masked otherwise, as long as that
 * has it read further.
 */
#include "yaml/mask.h"
#include "base/error.h"
#include "base/str.h"
#include "yaml/actions.h"
#include "yaml/event.h"

#include <stdlib.h>

#define MOST_TRIES 60 /* readings of the text */
#define REACH 8       /* actions before an error that are tried */

/* How an action is masked. */
enum mask_way {
    BLANK,   /* spaces */
    WORD,    /* $(xxx) */
    COMMENT, /* #xxx, where it begins its line */
    TEXT,    /* xxx, where it is alone on its lines, below the text of the line
                after it: the first text of a block scalar */
    WAYS,
};

struct masking {
    imgrw_str text;
    size_t start; /* of what is read */
    char *mask;
    irw_action_list actions;
    unsigned tries;
    struct imgrw_error *error;
};

/* What there is before anything was tried. */
static enum mask_way
first_way(const struct irw_template_action *action)
{
    return action->kind != IRW_ACTION_VALUE || action->is_alone ? BLANK : WORD;
}

/* Restores the text at an action, and the blanks around it. */
static void
unmask(struct masking *masking, size_t number)
{
    const struct irw_template_action *action = &masking->actions.items[number];
    size_t from = number > 0 ? action[-1].end : masking->start;
    size_t to = number + 1 < masking->actions.count ? action[1].start
                                                    : masking->text.size;
    size_t start = action->start, end = action->end;

    while (start > from && irw_is_white(masking->text.data[start - 1]))
        start--;
    while (end < to && irw_is_white(masking->text.data[end]))
        end++;
    memcpy(masking->mask + start, masking->text.data + start, end - start);
}

/* Writes spaces, and over blanks as well that lie beside them: a tab is taken
 * for no space. */
static void
write_blank(struct masking *masking, const struct irw_template_action *action)
{
    char *mask = masking->mask;
    size_t at = action->start;

    while (at > masking->start && irw_is_white(mask[at - 1]))
        mask[--at] = ' ';
    for (at = action->start; at < action->end; at++)
        if (mask[at] != '\n' && mask[at] != '\r')
            mask[at] = ' ';
    for (; at < masking->text.size && irw_is_white(mask[at]); at++)
        mask[at] = ' ';
}

/* Writes a letter for each byte but line breaks, and the blanks after these. */
static void
write_letters(char *mask, const struct irw_template_action *action)
{
    bool begins = false;

    for (size_t at = action->start; at < action->end; at++) {
        bool breaks = mask[at] == '\n' || mask[at] == '\r';

        begins = breaks || (begins && irw_is_white(mask[at]));
        if (!begins)
            mask[at] = 'x';
    }
}

/* Writes what can be no other than a word. */
static void
write_word(char *mask, const struct irw_template_action *action)
{
    write_letters(mask, action);
    mask[action->start] = '$';
    mask[action->start + 1] = '(';
    mask[action->end - 1] = ')';
}

/* Writes a comment on each line. */
static void
write_comment(char *mask, const struct irw_template_action *action)
{
    bool begins = true;

    write_letters(mask, action);
    for (size_t at = action->start; at < action->end; at++) {
        if (begins && mask[at] == 'x') {
            mask[at] = '#';
            begins = false;
        }
        begins |= mask[at] == '\n';
    }
}

/* The column of the first line that is not blank from byte `at` on. */
static size_t
column_after(const struct masking *masking, size_t at)
{
    size_t line = at;

    for (; at < masking->text.size; at++) {
        if (masking->mask[at] == '\n')
            line = at + 1;
        else if (masking->mask[at] != ' ' && masking->mask[at] != '\r')
            break;
    }
    return at - line;
}

/* Writes text on the lines of an action, each as far to the right as the line
 * after them. */
static void
write_text(struct masking *masking, const struct irw_template_action *action)
{
    size_t end = irw_line_end(masking->text, action->end);
    size_t wanted = column_after(masking, end), column = 0, at = action->start;

    while (at > masking->start && irw_is_white(masking->mask[at - 1]))
        at--;
    for (; at < action->end; at++, column++) {
        if (masking->mask[at] == '\n')
            column = SIZE_MAX;
        else if (masking->mask[at] != '\r')
            masking->mask[at] = column < wanted ? ' ' : 'x';
    }
}

static void
write(struct masking *masking, size_t number, enum mask_way way)
{
    const struct irw_template_action *action = &masking->actions.items[number];

    unmask(masking, number);
    switch (way) {
    case BLANK:
        write_blank(masking, action);
        break;
    case WORD:
        write_word(masking->mask, action);
        break;
    case COMMENT:
        write_comment(masking->mask, action);
        break;
    default:
        write_text(masking, action);
    }
}

/* Whether an action can be masked in a way. */
static bool
is_possible(const struct irw_template_action *action, enum mask_way way)
{
    return way == COMMENT ? action->begins_line
                          : way != TEXT || action->is_alone;
}

/* Has libyaml read the mask. Sets where it stops; SIZE_MAX: it reads all of it.
 * IMGRW_ERR_MEMORY. */
static enum imgrw_status
read(struct masking *masking, size_t *stop)
{
    const struct irw_extract extract = {
        {masking->mask, masking->text.size},
        masking->start,
        masking->text.size,
    };
    struct irw_event event = {.type = IRW_EVENT_DOCUMENT};
    struct imgrw_error error = {.at = {.line = 0}};
    void *reader;
    enum imgrw_status status =
        irw_libyaml.open(extract, &reader, masking->error);

    if (status != IMGRW_OK)
        return status;
    masking->tries++;
    while (status == IMGRW_OK && event.type != IRW_EVENT_END)
        status = irw_libyaml.next(reader, &event, &error);
    irw_libyaml.close(reader);
    *stop = status == IMGRW_OK ? SIZE_MAX : error.at.offset;
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(masking->error);
    if (status != IMGRW_OK && masking->error)
        *masking->error = error;
    return IMGRW_OK;
}

/* Masks an action in the other ways. Keeps the first one with which the text is
 * read further than to `*stop`. */
static enum imgrw_status
try_ways(struct masking *masking, size_t number, enum mask_way *ways,
         size_t *stop, bool *better)
{
    const struct irw_template_action *action = &masking->actions.items[number];
    enum mask_way now = ways[number];
    enum imgrw_status status = IMGRW_OK;

    for (enum mask_way way = BLANK; way < WAYS && status == IMGRW_OK; way++) {
        size_t reached;

        if (way == now || !is_possible(action, way) ||
            masking->tries >= MOST_TRIES)
            continue;
        write(masking, number, way);
        status = read(masking, &reached);
        if (status != IMGRW_OK || reached <= *stop)
            continue;
        ways[number] = way;
        *stop = reached;
        *better = true;
        return IMGRW_OK;
    }
    write(masking, number, now);
    return status;
}

/* How many actions begin before a byte, or right there. */
static size_t
count_before(const struct masking *masking, size_t offset)
{
    size_t count;

    IRW_LOWER_BOUND(count, masking->actions.count,
                    masking->actions.items[count].start <= offset);
    return count;
}

/* Masks actions otherwise until libyaml reads the text, or no way helps. */
static enum imgrw_status
improve(struct masking *masking, enum mask_way *ways, size_t *stop)
{
    bool better = true;
    enum imgrw_status status = IMGRW_OK;

    while (status == IMGRW_OK && *stop != SIZE_MAX && better) {
        size_t before = count_before(masking, *stop);
        size_t least = before > REACH ? before - REACH : 0;

        better = false;
        for (size_t i = before;
             i-- > least && status == IMGRW_OK && !better;)
            status = try_ways(masking, i, ways, stop, &better);
    }
    return status;
}

static enum imgrw_status
fit(struct masking *masking, size_t *stop)
{
    enum mask_way *ways = malloc(masking->actions.count * sizeof(*ways));
    enum imgrw_status status;

    if (!ways)
        return irw_fail_memory(masking->error);
    for (size_t i = 0; i < masking->actions.count; i++) {
        ways[i] = first_way(&masking->actions.items[i]);
        write(masking, i, ways[i]);
    }
    status = read(masking, stop);
    if (status == IMGRW_OK)
        status = improve(masking, ways, stop);
    /* what was tried last may have failed elsewhere */
    if (status == IMGRW_OK && *stop != SIZE_MAX)
        status = read(masking, stop);
    free(ways);
    return status;
}

/* Keeps what was made; NULL when memory is out. */
static const struct irw_mask *
keep(const struct masking *masking, struct irw_arena *arena)
{
    size_t size = masking->actions.count * sizeof(*masking->actions.items);
    struct irw_template_action *actions = irw_arena_alloc(arena, size);
    struct irw_mask *mask = irw_arena_alloc(arena, sizeof(*mask));

    if (!actions || !mask)
        return NULL;
    memcpy(actions, masking->actions.items, size);
    *mask = (struct irw_mask){
        .text = {masking->mask, masking->text.size},
        .actions = actions,
        .count = masking->actions.count,
    };
    return mask;
}

enum imgrw_status
irw_mask_make(imgrw_str text, size_t start, struct irw_arena *arena,
              const struct irw_mask **mask, struct imgrw_error *error)
{
    struct masking masking = {.text = text, .start = start, .error = error};
    size_t stop = SIZE_MAX;
    enum imgrw_status status =
        irw_actions_read(text, &masking.actions, error);

    *mask = NULL;
    if (status == IMGRW_OK && masking.actions.count > 0) {
        masking.mask = irw_arena_copy(arena, text);
        status = masking.mask ? fit(&masking, &stop) : irw_fail_memory(error);
    }
    if (status == IMGRW_OK && stop != SIZE_MAX)
        status = IMGRW_ERR_SYNTAX;
    else if (status == IMGRW_OK && masking.mask &&
             !(*mask = keep(&masking, arena)))
        status = irw_fail_memory(error);
    free(masking.actions.items);
    return status;
}

void
irw_mask_lift(const struct irw_mask *mask, imgrw_str text, size_t from,
              size_t to, char *value)
{
    size_t i;

    IRW_LOWER_BOUND(i, mask->count, mask->actions[i].end <= from);
    for (; i < mask->count && mask->actions[i].start < to; i++) {
        const struct irw_template_action *action = &mask->actions[i];
        size_t start = action->start > from ? action->start : from;
        size_t end = action->end < to ? action->end : to;

        if (action->start < from &&
            irw_find(irw_slice(text, action->start, from), '\n') == SIZE_MAX)
            memset(value + (start - from), ' ', end - start);
        else
            memcpy(value + (start - from), text.data + start, end - start);
    }
}
