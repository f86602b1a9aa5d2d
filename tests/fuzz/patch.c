#include "patch.h"
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text being read line by line. */
struct lines {
    imgrw_str rest;
    size_t number; /* of the next line, from 1 */
};

/* A diff being applied; the hunk at hand has so many lines left. */
struct patch {
    struct lines diff, before, after;
    size_t old_left, new_left;
};

/* The next line, with its line feed if it has one; empty at the end. */
static imgrw_str
next_line(struct lines *lines)
{
    imgrw_str line = lines->rest;
    const char *feed =
        line.size > 0 ? memchr(line.data, '\n', line.size) : NULL;

    if (feed)
        line.size = (size_t)(feed - line.data) + 1;
    lines->rest.data += line.size;
    lines->rest.size -= line.size;
    lines->number++;
    return line;
}

static bool
begins(imgrw_str line, const char *start)
{
    size_t size = strlen(start);

    return line.size >= size && memcmp(line.data, start, size) == 0;
}

/* The next line of the diff without its mark, which goes to `*mark`, and
 * without the line feed that "no newline at end of file" takes away. */
static imgrw_str
next_marked(struct patch *patch, char *mark)
{
    imgrw_str line = next_line(&patch->diff);

    fuzz_claim(line.size > 0, "the diff ends inside a hunk");
    *mark = line.data[0];
    line.data++;
    line.size--;
    if (begins(patch->diff.rest, "\\ ")) {
        next_line(&patch->diff);
        line.size--;
    }
    return line;
}

static void
claim_line(struct lines *lines, imgrw_str line, size_t *left)
{
    fuzz_claim(*left > 0, "a hunk has more lines than it says");
    fuzz_claim(fuzz_equal(next_line(lines), line), "the diff is wrong: %.*s",
               (int)line.size, line.data);
    --*left;
}

/* Reads "@@ -L,N +L,N @@" and what stands unchanged before it. */
static void
begin_hunk(struct patch *patch)
{
    imgrw_str header = next_line(&patch->diff);
    char copy[128];
    size_t old_line, new_line;

    fuzz_claim(header.size < sizeof(copy), "a long hunk header");
    memcpy(copy, header.data, header.size);
    copy[header.size] = '\0';
    fuzz_claim(sscanf(copy, "@@ -%zu,%zu +%zu,%zu @@\n", &old_line,
                      &patch->old_left, &new_line, &patch->new_left) == 4,
               "no hunk header: %s", copy);
    fuzz_claim(patch->before.number <= old_line, "hunks overlap");
    while (patch->before.number < old_line)
        fuzz_claim(fuzz_equal(next_line(&patch->before),
                              next_line(&patch->after)),
                   "the texts differ between hunks");
    fuzz_claim(patch->after.number == new_line, "the new line is %zu, not %zu",
               patch->after.number, new_line);
}

static void
apply_hunk(struct patch *patch)
{
    begin_hunk(patch);
    while (patch->old_left + patch->new_left > 0) {
        char mark;
        imgrw_str line = next_marked(patch, &mark);

        fuzz_claim(mark == ' ' || mark == '-' || mark == '+', "the mark '%c'",
                   mark);
        if (mark != '+')
            claim_line(&patch->before, line, &patch->old_left);
        if (mark != '-')
            claim_line(&patch->after, line, &patch->new_left);
    }
}

void
fuzz_claim_patch(imgrw_str diff, imgrw_str before, imgrw_str after)
{
    struct patch patch = {{diff, 1}, {before, 1}, {after, 1}, 0, 0};

    if (diff.size > 0) {
        fuzz_claim(begins(next_line(&patch.diff), "--- "), "no old name");
        fuzz_claim(begins(next_line(&patch.diff), "+++ "), "no new name");
    }
    while (patch.diff.rest.size > 0)
        apply_hunk(&patch);
    fuzz_claim(fuzz_equal(patch.before.rest, patch.after.rest),
               "the texts differ after the last hunk");
}
