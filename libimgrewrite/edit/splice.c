#include "edit/splice.h"
#include "base/error.h"
#include "base/str.h"

#include <assert.h>

/* Sums up how far the edits move the text after them. */
static int64_t
sum_moves(struct irw_text_edit *edits, size_t count)
{
    int64_t moved = 0;

    for (size_t i = 0; i < count; i++) {
        assert(i == 0 || edits[i].start >= edits[i - 1].end);
        moved += (int64_t)edits[i].replacement.size;
        moved -= (int64_t)(edits[i].end - edits[i].start);
        edits[i].moved = moved;
    }
    return moved;
}

static char *
copy(char *to, imgrw_str bytes)
{
    if (bytes.size > 0)
        memcpy(to, bytes.data, bytes.size);
    return to + bytes.size;
}

enum imgrw_status
irw_splice(imgrw_str text, struct irw_text_edit *edits, size_t count,
           struct irw_arena *arena, imgrw_str *spliced,
           struct imgrw_error *error)
{
    size_t size = (size_t)((int64_t)text.size + sum_moves(edits, count));
    char *bytes = irw_arena_alloc(arena, size), *at = bytes;
    size_t done = 0;

    if (!bytes)
        return irw_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        at = copy(at, irw_slice(text, done, edits[i].start));
        at = copy(at, edits[i].replacement);
        done = edits[i].end;
    }
    copy(at, irw_slice(text, done, text.size));
    *spliced = (imgrw_str){bytes, size};
    return IMGRW_OK;
}
