#include "base/suggest.h"
#include "base/str.h"

#include <stdio.h>

#define LONGEST 32 /* words that are compared */

static size_t
least(size_t one, size_t other)
{
    return one < other ? one : other;
}

/* How many letters have to be added, left out or changed, or exchanged with
 * their neighbour, to make `other` of `one`; neither is longer than LONGEST. */
static size_t
count_mistakes(imgrw_str one, imgrw_str other)
{
    size_t rows[3][LONGEST + 1]; /* of the prefixes of `one`, in turn */

    for (size_t k = 0; k <= other.size; k++)
        rows[0][k] = k;
    for (size_t i = 1; i <= one.size; i++) {
        size_t *row = rows[i % 3], *last = rows[(i - 1) % 3];
        const size_t *before = rows[(i + 1) % 3];

        row[0] = i;
        for (size_t k = 1; k <= other.size; k++) {
            bool same = one.data[i - 1] == other.data[k - 1];

            row[k] = least(least(last[k], row[k - 1]) + 1, last[k - 1] + !same);
            if (i > 1 && k > 1 && one.data[i - 1] == other.data[k - 2] &&
                one.data[i - 2] == other.data[k - 1])
                row[k] = least(row[k], before[k - 2] + 1);
        }
    }
    return rows[one.size % 3][other.size];
}

void
imgrw_suggest(struct imgrw_suggestion *suggestion, const char *known)
{
    imgrw_str word, other = irw_str(known);
    size_t mistakes;

    if (!suggestion || !known)
        return;
    word = suggestion->word;
    if (!irw_has_bytes(word) || word.size > LONGEST || other.size > LONGEST)
        return;
    mistakes = count_mistakes(word, other);
    if (mistakes * 3 > (word.size > other.size ? word.size : other.size) ||
        (suggestion->known && mistakes >= suggestion->mistakes))
        return;
    suggestion->known = known;
    suggestion->mistakes = mistakes;
}

const char *
irw_meant(const struct imgrw_suggestion *suggestion, char buffer[IRW_MEANT_MAX])
{
    if (!suggestion->known)
        return "there are";
    snprintf(buffer, IRW_MEANT_MAX, "did you mean %s? There are",
             suggestion->known);
    return buffer;
}
