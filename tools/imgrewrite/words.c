#include "words.h"

#include <string.h>

/* Says that `argument` is none of the words, and which they are. */
static void
complain_of_word(const char *option, const char *argument,
                 const char *const *words)
{
    struct imgrw_suggestion suggestion = {.word = as_str(argument)};
    char known[160] = "";
    size_t size = 0;

    for (size_t i = 0; words[i] && size < sizeof(known); i++) {
        imgrw_suggest(&suggestion, words[i]);
        size += (size_t)snprintf(known + size, sizeof(known) - size, "%s%s",
                                 i == 0         ? ""
                                 : words[i + 1] ? ", "
                                                : " or ",
                                 words[i]);
    }
    complain("--%s %s%s: expected %s", option, argument, meant(&suggestion, ""),
             known);
}

bool
read_word(const char *option, const char *argument, const char *const *words,
          int *index)
{
    for (*index = 0; words[*index]; ++*index)
        if (strcmp(argument, words[*index]) == 0)
            return true;
    complain_of_word(option, argument, words);
    return false;
}

bool
read_when(const char *option, const char *argument, enum when *when)
{
    static const char *const words[] = {"auto", "always", "never", NULL};
    int index;

    if (!read_word(option, argument, words, &index))
        return false;
    *when = (enum when)index;
    return true;
}
