#include "catalog/sibling_tag.h"
#include "base/str.h"

/* Takes the mark off the word, and returns it; false: there is none. */
static bool
take_mark(imgrw_str *word, enum irw_sibling_tag_mark *mark)
{
    static const struct {
        imgrw_str text;
        enum irw_sibling_tag_mark mark;
    } marks[] = {
        {{":@", 2}, IRW_SIBLING_EITHER}, {{":", 1}, IRW_SIBLING_TAG},
        {{"@", 1}, IRW_SIBLING_DIGEST},  {{"/", 1}, IRW_SIBLING_REGISTRY},
        {{"!", 1}, IRW_SIBLING_STOP},
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
irw_sibling_tag_next(imgrw_str *words, struct irw_sibling_tag_word *word)
{
    size_t end = irw_find(*words, ' ');
    imgrw_str text = irw_slice(*words, 0, end == SIZE_MAX ? words->size : end);

    word->up = 0;
    if (!take_mark(&text, &word->mark))
        return false;
    while (irw_starts_with(text, IRW_STR("../"))) {
        text = irw_slice(text, 3, text.size);
        word->up++;
    }
    if (text.size == 0)
        return false;
    word->path = text;
    *words = end == SIZE_MAX ? (imgrw_str){0}
                             : irw_slice(*words, end + 1, words->size);
    return true;
}
