/*
 * A unified diff made from the edits, which say where the texts differ; nothing
 * needs to be searched for.
 */
#include "base/error.h"
#include "base/str.h"
#include "base/text.h"

#include <imgrewrite/report.h>

#define CONTEXT 3 /* lines */

/* A run of whole lines that differ: bytes of the old and of the new text. */
struct region {
    size_t old_start, old_end, new_start, new_end;
};

/* The making of a diff. `done`, `old_line` and `new_line` are where the last
 * hunk ended. */
struct differ {
    const struct imgrw_plan *plan;
    imgrw_str before, after;
    size_t next_edit;
    int64_t moved; /* by the edits before `next_edit` */
    size_t done, old_line, new_line;
    struct irw_text text;
};

static size_t
line_start(imgrw_str text, size_t offset)
{
    while (offset > 0 && text.data[offset - 1] != '\n')
        offset--;
    return offset;
}

static size_t
count_lines(imgrw_str text, size_t start, size_t end)
{
    size_t lines = 0;

    while (start < end) {
        start = irw_line_end(text, start);
        lines++;
    }
    return lines;
}

/* Leaves out lines that both texts have at the ends of the region. An insertion
 * may begin in the middle of a line, say with its end and its indentation, so
 * that whole lines around it are the same. */
static void
trim_region(const struct differ *differ, struct region *region)
{
    while (region->old_start < region->old_end &&
           region->new_start < region->new_end) {
        size_t old_end = irw_line_end(differ->before, region->old_start);
        size_t new_end = irw_line_end(differ->after, region->new_start);

        if (!irw_equal(irw_slice(differ->before, region->old_start, old_end),
                       irw_slice(differ->after, region->new_start, new_end)))
            break;
        region->old_start = old_end;
        region->new_start = new_end;
    }
    while (region->old_start < region->old_end &&
           region->new_start < region->new_end) {
        size_t old_start = line_start(differ->before, region->old_end - 1);
        size_t new_start = line_start(differ->after, region->new_end - 1);

        if (!irw_equal(irw_slice(differ->before, old_start, region->old_end),
                       irw_slice(differ->after, new_start, region->new_end)))
            break;
        region->old_end = old_start;
        region->new_end = new_start;
    }
}

/* The next region; false when there is none. Edits that share a line share a
 * region, because a diff replaces whole lines. */
static bool
next_region(struct differ *differ, struct region *region)
{
    const struct imgrw_edit *edit =
        imgrw_plan_edit(differ->plan, differ->next_edit);

    if (!edit)
        return false;
    region->old_start = line_start(differ->before, edit->at.offset);
    region->new_start = (size_t)((int64_t)region->old_start + differ->moved);
    region->old_end = 0;
    do {
        /* The last byte that is replaced: the one after it may be in the next
         * line, which then stays. */
        size_t last = edit->at.offset + edit->length - (edit->length > 0);

        /* a long line with many edits is searched for its end only once */
        if (last >= region->old_end)
            region->old_end = irw_line_end(differ->before, last);
        differ->moved += (int64_t)edit->replacement.size;
        differ->moved -= (int64_t)edit->length;
        edit = imgrw_plan_edit(differ->plan, ++differ->next_edit);
    } while (edit && edit->at.offset < region->old_end);
    region->new_end = (size_t)((int64_t)region->old_end + differ->moved);
    trim_region(differ, region);
    return true;
}

/* `lines` lines before `offset`, but not before `floor`. */
static size_t
back_up(imgrw_str text, size_t offset, size_t floor, int lines)
{
    for (; lines > 0 && offset > floor; lines--)
        offset = line_start(text, offset - 1);
    return offset;
}

/* `lines` lines after `offset`. */
static size_t
go_on(imgrw_str text, size_t offset, int lines)
{
    for (; lines > 0 && offset < text.size; lines--)
        offset = irw_line_end(text, offset);
    return offset;
}

/* Adds the lines from `start` to `end`, each after `mark`. */
static void
add_lines(struct irw_text *out, char mark, imgrw_str text, size_t start,
          size_t end)
{
    while (start < end) {
        size_t stop = irw_line_end(text, start);

        irw_text_add(out, (imgrw_str){&mark, 1});
        irw_text_add(out, irw_slice(text, start, stop));
        if (text.data[stop - 1] != '\n')
            irw_text_add(out, IRW_STR("\n\\ No newline at end of file\n"));
        start = stop;
    }
}

/* Adds a hunk that begins with `region` and takes in what follows closely;
 * afterwards `region` is the first one after it. False at the end. */
static bool
add_hunk(struct differ *differ, struct region *region)
{
    struct irw_text body = {0};
    size_t start =
        back_up(differ->before, region->old_start, differ->done, CONTEXT);
    size_t skipped = count_lines(differ->before, differ->done, start);
    size_t old_line = differ->old_line + skipped;
    size_t new_line = differ->new_line + skipped;
    size_t at = start, old_count, new_count;
    size_t new_start = region->new_start - (region->old_start - start);
    int64_t moved;
    bool more;

    do {
        add_lines(&body, ' ', differ->before, at, region->old_start);
        add_lines(&body, '-', differ->before, region->old_start,
                  region->old_end);
        add_lines(&body, '+', differ->after, region->new_start,
                  region->new_end);
        at = region->old_end;
        moved = (int64_t)region->new_end - (int64_t)region->old_end;
        more = next_region(differ, region);
        /* Regions whose contexts would touch or overlap are of one hunk: patch
         * takes no line twice. */
    } while (more && go_on(differ->before, at, 2 * CONTEXT) >=
                         region->old_start);
    differ->done = go_on(differ->before, at, CONTEXT);
    add_lines(&body, ' ', differ->before, at, differ->done);

    old_count = count_lines(differ->before, start, differ->done);
    new_count = count_lines(differ->after, new_start,
                            (size_t)((int64_t)differ->done + moved));
    irw_text_printf(&differ->text, "@@ -%zu,%zu +%zu,%zu @@\n", old_line,
                    old_count, new_line, new_count);
    irw_text_add(&differ->text, (imgrw_str){body.data, body.size});
    differ->text.failed |= body.failed;
    irw_text_clear(&body);
    differ->old_line = old_line + old_count;
    differ->new_line = new_line + new_count;
    return more;
}

/* The path without a slash in front, empty components and "."; git takes no
 * other. */
static void
simplify_path(struct irw_text *name, imgrw_str path)
{
    while (path.size > 0) {
        size_t slash = irw_find(path, '/');
        size_t end = slash == SIZE_MAX ? path.size : slash;
        imgrw_str part = irw_slice(path, 0, end);

        if (part.size > 0 && !irw_equal(part, IRW_STR("."))) {
            if (name->size > 0)
                irw_text_add(name, IRW_STR("/"));
            irw_text_add(name, part);
        }
        path = irw_slice(path, slash == SIZE_MAX ? end : end + 1, path.size);
    }
}

/* Adds "--- a/PATH", quoted as git and GNU diff do where a name needs it. */
static void
add_name(struct irw_text *text, const char *mark, const char *side,
         imgrw_str path)
{
    bool quote = false;

    for (size_t i = 0; i < path.size; i++)
        quote |= (unsigned char)path.data[i] < 0x20 || path.data[i] == '"' ||
                 path.data[i] == '\\' || path.data[i] == 0x7F;
    irw_text_printf(text, "%s %s%s/", mark, quote ? "\"" : "", side);
    for (size_t i = 0; i < path.size; i++) {
        unsigned char c = (unsigned char)path.data[i];

        if (c == '"' || c == '\\')
            irw_text_printf(text, "\\%c", c);
        else if (c < 0x20 || c == 0x7F)
            irw_text_printf(text, "\\%03o", c);
        else
            irw_text_add(text, irw_slice(path, i, i + 1));
    }
    /* A tab ends a name with blanks in it. */
    irw_text_printf(text, "%s%s\n", quote ? "\"" : "",
                    irw_find(path, ' ') != SIZE_MAX ? "\t" : "");
}

enum imgrw_status
imgrw_diff_write(const struct imgrw_plan *plan, const char *path,
                 imgrw_write_fn *write, void *user, struct imgrw_error *error)
{
    struct differ differ = {.plan = plan, .old_line = 1, .new_line = 1};
    struct region region;
    struct irw_text name = {0};
    enum imgrw_status status = IMGRW_OK;

    if (!plan || !path || !write)
        return irw_fail_null(error, "plan, path or write");
    differ.before = imgrw_plan_source(plan);
    differ.after = imgrw_plan_text(plan);
    if (!next_region(&differ, &region))
        return IMGRW_OK;
    simplify_path(&name, irw_str(path));
    add_name(&differ.text, "---", "a", (imgrw_str){name.data, name.size});
    add_name(&differ.text, "+++", "b", (imgrw_str){name.data, name.size});
    differ.text.failed |= name.failed;
    irw_text_clear(&name);
    while (add_hunk(&differ, &region))
        continue;
    if (differ.text.failed)
        status = irw_fail_memory(error);
    else if (write(differ.text.data, differ.text.size, user) != 0)
        status = irw_fail(error, IMGRW_ERR_STOPPED, IRW_NO_LOCATION,
                          "the diff was not taken");
    irw_text_clear(&differ.text);
    return status;
}
