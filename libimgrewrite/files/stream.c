/*
 * A filter: its text is cut while it comes in, and each part is planned like a
 * file of its own, with its locations moved to where it is. Several documents
 * that are there at once are one part, unless one of them fails: then each is.
 */
#include "base/error.h"
#include "base/sizes.h"
#include "files/collide.h"
#include "files/run.h"
#include "kustomize/entry_lists.h"
#include "manifest/manifest.h"
#include "manifest/warnings.h"
#include "yaml/splitter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define STEP ((size_t)256 << 10) /* bytes that are asked for at once */

struct filter {
    struct imgrw_run *run;
    struct imgrw_stream from;
    struct irw_splitter splitter;
    char *data; /* what is held of the text; malloc'ed */
    size_t size, capacity;
    struct irw_text_place place; /* of that in the text */
    struct irw_collisions images;
    struct irw_arena arena; /* for these */
    bool ended;
    struct imgrw_error *error;
};

/* A part on its way. */
struct part {
    struct irw_item item;
    struct irw_trees trees;
};

static struct irw_item_source
source_of(const struct filter *filter)
{
    return (struct irw_item_source){filter->run->rules, &filter->run->parse,
                                    &filter->run->plan, false};
}

/* Plans the lists of entries in the part, and has it warn of what these leave.
 */
static enum imgrw_status
plan_lists(const struct filter *filter, struct part *part)
{
    struct irw_item *item = &part->item;
    const struct irw_item_source source = source_of(filter);
    const struct irw_walk_file nowhere = {.real = NULL};
    enum imgrw_status status;

    if (!irw_may_have_entry_lists(item->file.text))
        return IMGRW_OK;
    item->found = &nowhere;
    status = irw_tree_items_plan(&part->trees, item, 1, &source,
                                 &filter->run->options, &item->failure);
    item->found = NULL;
    if (status == IMGRW_OK && item->file.failure)
        status = item->failure.status;
    for (size_t i = 0; i < part->trees.warnings.count && status == IMGRW_OK;
         i++) {
        const struct imgrw_warning *warning = &part->trees.warnings.items[i];
        struct imgrw_manifest *manifest =
            (struct imgrw_manifest *)item->file.manifest;

        if (!irw_warn(&manifest->findings, warning->at.offset, "%.*s",
                      (int)warning->message.size, warning->message.data))
            status = irw_fail_memory(&item->failure);
    }
    return status;
}

/* Has the part say where things are in the whole text. What it has is its own.
 */
static void
move_part(const struct filter *filter, struct part *part)
{
    const struct imgrw_file *file = &part->item.file;

    irw_manifest_move((struct imgrw_manifest *)file->manifest, &filter->place);
    for (size_t i = 0; i < imgrw_plan_count(file->plan); i++) {
        const struct imgrw_edit *edit = imgrw_plan_edit(file->plan, i);

        irw_location_move(&((struct imgrw_edit *)edit)->at, &filter->place);
    }
}

/* Parses and plans the part; where this fails, the failure is in its item. */
static enum imgrw_status
plan_part(struct filter *filter, struct part *part)
{
    const struct irw_item_source source = source_of(filter);
    struct irw_item *item = &part->item;
    enum imgrw_status status = irw_item_plan_text(item, &source);

    if (status == IMGRW_OK)
        status = plan_lists(filter, part);
    if (status != IMGRW_OK) {
        irw_location_move(&item->failure.at, &filter->place);
        return status;
    }
    move_part(filter, part);
    return item->file.plan && !filter->run->options.allow_collisions
               ? irw_collisions_add(&filter->images, item->file.plan,
                                    &item->failure)
               : IMGRW_OK;
}

/* Goes on behind the part. */
static void
pass(struct filter *filter, const struct part *part)
{
    imgrw_str text = part->item.file.text;
    const char *at = text.data, *end = text.data + text.size;

    filter->place.offset += text.size;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
        filter->place.line++;
        at++;
    }
    /* what is no YAML may be any number */
    filter->place.document += part->item.file.manifest
                                  ? part->item.file.manifest->document_count
                                  : 1;
}

/* Hands the part on, and counts it. */
static enum imgrw_status
hand_on(struct filter *filter, struct part *part)
{
    struct imgrw_file *file = &part->item.file;

    if (file->plan && imgrw_plan_count(file->plan) > 0)
        file->status = IMGRW_FILE_PLANNED;
    irw_counts_add(&filter->run->counts, &part->item);
    if (filter->from.take(file, filter->from.user) != 0)
        return irw_fail(filter->error, IMGRW_ERR_STOPPED, IRW_NO_LOCATION,
                        "the stream was stopped");
    pass(filter, part);
    return IMGRW_OK;
}

static void
drop(struct part *part)
{
    irw_item_drop(&part->item);
    irw_trees_clear(&part->trees);
}

/* Fails for the sake of a part that cannot be divided, or has it skipped. */
static enum imgrw_status
fail_part(struct filter *filter, struct part *part, enum imgrw_status status)
{
    irw_item_fail(&part->item, &filter->run->options, status);
    if (part->item.file.status == IMGRW_FILE_SKIPPED)
        return hand_on(filter, part);
    if (filter->error)
        *filter->error = part->item.failure;
    filter->run->counts.summary.errors = 1;
    return status;
}

/* Takes some bytes as one part; `divided` is set where they do not go together,
 * and may be several. */
static enum imgrw_status
take_part(struct filter *filter, imgrw_str text, bool *divided)
{
    struct part part = {
        .item.file = {.path = filter->from.path,
                      .name = filter->from.path,
                      .text = text},
    };
    enum imgrw_status status = plan_part(filter, &part);
    bool memory = status == IMGRW_ERR_MEMORY;

    if (status == IMGRW_OK)
        status = hand_on(filter, &part);
    else if (divided && !memory)
        *divided = true;
    else
        status = fail_part(filter, &part, status);
    drop(&part);
    return status;
}

/* Takes bytes that are whole pieces: all of them, or piece by piece. */
static enum imgrw_status
take_pieces(struct filter *filter, imgrw_str text)
{
    struct irw_splitter splitter = {0};
    bool divided = false;
    enum imgrw_status status = take_part(filter, text, &divided);

    if (!divided)
        return status;
    status = IMGRW_OK;
    splitter.started = filter->place.offset > 0;
    while (text.size > 0 && status == IMGRW_OK) {
        size_t next = irw_splitter_next(&splitter, text, true);
        size_t size = next > 0 ? next : text.size;

        status = take_part(filter, (imgrw_str){text.data, size}, NULL);
        text = (imgrw_str){text.data + size, text.size - size};
    }
    return status;
}

/* Reads some more bytes. */
static enum imgrw_status
read_more(struct filter *filter)
{
    struct imgrw_location at = {.path = filter->from.path};
    long got;

    if (filter->capacity - filter->size < STEP) {
        size_t capacity = 2 * filter->capacity + STEP;
        char *data = realloc(filter->data, capacity);

        if (!data)
            return irw_fail_memory(filter->error);
        filter->data = data;
        filter->capacity = capacity;
    }
    got = filter->from.read(filter->data + filter->size, STEP,
                            filter->from.user);
    if (got < 0 || (size_t)got > STEP)
        return irw_fail(filter->error, IMGRW_ERR_IO, at, "cannot be read: %s",
                        strerror(got < 0 ? errno : EIO));
    filter->size += (size_t)got;
    filter->ended = got == 0;
    return IMGRW_OK;
}

/* The bytes that are whole pieces. */
static size_t
find_whole(struct filter *filter)
{
    size_t whole = 0, next;

    do {
        imgrw_str rest = {filter->data + whole, filter->size - whole};

        next = irw_splitter_next(&filter->splitter, rest, filter->ended);
        whole += next;
    } while (next > 0);
    return filter->ended ? filter->size : whole;
}

/* Refuses a document that is longer than a text may be. */
static enum imgrw_status
check_size(const struct filter *filter)
{
    size_t most = filter->run->parse.max_bytes;
    struct imgrw_location at = {filter->from.path, filter->place.offset,
                                filter->place.line + 1, 1};

    return filter->size > most
               ? irw_fail(filter->error, IMGRW_ERR_LIMIT, at,
                          "this document has more than the limit of %zu bytes",
                          most)
               : IMGRW_OK;
}

/* Takes what is whole, and keeps the rest. */
static enum imgrw_status
take_whole(struct filter *filter)
{
    size_t whole = find_whole(filter);
    enum imgrw_status status = IMGRW_OK;

    if (whole > 0)
        status = take_pieces(filter, (imgrw_str){filter->data, whole});
    if (status != IMGRW_OK)
        return status;
    filter->size -= whole;
    memmove(filter->data, filter->data + whole, filter->size);
    return check_size(filter);
}

static enum imgrw_status
run_filter(struct filter *filter)
{
    struct imgrw_run *run = filter->run;
    enum imgrw_status status = irw_counts_open(
        &run->counts, run->rules, run->parse.field_count, filter->error);

    while (status == IMGRW_OK && !filter->ended) {
        status = read_more(filter);
        if (status == IMGRW_OK)
            status = take_whole(filter);
    }
    run->counts.summary.files = 1;
    run->counts.summary.edited = run->counts.summary.edited > 0;
    return status;
}

/* Why the run cannot filter, or NULL. */
static const char *
find_obstacle(const struct imgrw_run *run)
{
    if (run->state != IRW_RUN_TO_ADD || run->walk.files.count > 0)
        return "a run with files, or one that is planned already, takes no "
               "stream";
    if (run->options.mode != IMGRW_RUN_PLAN || run->options.keep_going)
        return "a stream is not written, and ends with what fails";
    return NULL;
}

enum imgrw_status
imgrw_run_stream(struct imgrw_run *run, const struct imgrw_stream *stream,
                 struct imgrw_error *error)
{
    struct filter filter = {.run = run, .error = error};
    enum imgrw_status status;
    const char *obstacle;

    if (!run || !stream)
        return irw_fail_null(error, "run or stream");
    status = irw_sized_copy(&filter.from, sizeof(filter.from), stream, "stream",
                            error);
    if (status != IMGRW_OK)
        return status;
    if (!filter.from.read || !filter.from.take)
        return irw_fail_null(error, "read or take");
    obstacle = find_obstacle(run);
    if (obstacle)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION, "%s",
                        obstacle);
    if (!filter.from.path)
        filter.from.path = "-";
    filter.images.arena = &filter.arena;
    run->state = IRW_RUN_DONE;
    status = run_filter(&filter);
    irw_collisions_clear(&filter.images);
    irw_arena_clear(&filter.arena);
    free(filter.data);
    return status;
}
