#include "catalog/companion.h"
#include "base/str.h"

/* Moves the mark from the start of `*word` to `*mark`; false where there is
 * none. */
static bool
take_mark(imgrw_str *word, enum irw_companion_mark *mark)
{
    static const struct {
        imgrw_str text;
        enum irw_companion_mark mark;
    } marks[] = {
        /* ":@" before ":", which it begins with */
        {{":@", 2}, IRW_COMPANION_EITHER}, {{":", 1}, IRW_COMPANION_TAG},
        {{"@", 1}, IRW_COMPANION_DIGEST},  {{"/", 1}, IRW_COMPANION_REGISTRY},
        {{"+", 1}, IRW_COMPANION_NAME},    {{"!", 1}, IRW_COMPANION_STOP},
    };

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (irw_starts_with(*word, marks[i].text)) {
            *mark = marks[i].mark;
            *word = irw_slice(*word, marks[i].text.size, word->size);
            return true;
        }
    return false;
}

bool
irw_companion_next(imgrw_str *list, struct irw_companion *companion)
{
    size_t blank = irw_find(*list, ' ');
    size_t end = blank == SIZE_MAX ? list->size : blank;
    imgrw_str word = irw_slice(*list, 0, end);

    companion->up = 0;
    if (!take_mark(&word, &companion->mark))
        return false;
    while (irw_starts_with(word, IRW_STR("../"))) {
        word = irw_slice(word, 3, word.size);
        companion->up++;
    }
    if (word.size == 0)
        return false;
    companion->path = word;
    *list = end == list->size ? (imgrw_str){0}
                              : irw_slice(*list, end + 1, list->size);
    return true;
}
