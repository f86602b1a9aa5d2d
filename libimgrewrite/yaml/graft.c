#include "yaml/graft.h"

/* How many grafts come before the node `index`. */
static size_t
count_before(const struct irw_grafts *grafts, uint32_t index)
{
    size_t low = 0, high = grafts->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (grafts->items[middle].at < index)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* How many come before what is behind all of `index`. Those that grow in it
 * come first of those at `next`: the text has them in that order. */
static size_t
count_within(const struct irw_grafts *grafts, uint32_t index, uint32_t next)
{
    size_t count = count_before(grafts, next);

    while (count < grafts->count && grafts->items[count].at == next &&
           grafts->items[count].parent >= index &&
           grafts->items[count].parent < next)
        count++;
    return count;
}

static uint32_t
move(const struct irw_grafts *grafts, uint32_t index, size_t count)
{
    return count == 0 ? index
                      : (uint32_t)(index + grafts->items[count - 1].grown);
}

uint32_t
irw_grafts_move(const struct irw_grafts *grafts, uint32_t index)
{
    return move(grafts, index, count_before(grafts, index + 1));
}

uint32_t
irw_grafts_move_next(const struct irw_grafts *grafts, uint32_t index,
                     uint32_t next)
{
    return move(grafts, next, count_within(grafts, index, next));
}

const struct irw_graft *
irw_grafts_first_child(const struct irw_grafts *grafts, uint32_t index)
{
    size_t at = count_before(grafts, index + 1);

    return at < grafts->count && grafts->items[at].at == index + 1 &&
                   grafts->items[at].parent == index
               ? &grafts->items[at]
               : NULL;
}

const struct irw_graft *
irw_grafts_behind(const struct irw_grafts *grafts, uint32_t index,
                  uint32_t next)
{
    size_t at = count_within(grafts, index, next);

    return at < grafts->count && grafts->items[at].at == next
               ? &grafts->items[at]
               : NULL;
}
