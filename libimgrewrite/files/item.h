/*
 * A file on its way through a run.
 */
#pragma once

#include "base/file.h"
#include "files/walk.h"

#include <imgrewrite/files.h>

struct irw_item {
    const struct irw_walk_file *found;
    struct irw_file_text text;
    struct imgrw_error failure;
    size_t bytes, unread;   /* of a text that was read, and of it */
    struct imgrw_file file; /* as the caller sees it; what this points to is
                               the item's own */
};

/* What its files are read and planned with. */
struct irw_item_source {
    const struct imgrw_rules *rules; /* NULL: only find images */
    const struct imgrw_parse_options *parse;
    const struct imgrw_plan_options *plan;
    bool finds_charts; /* nobody has said which classes count: in the files of a
                          chart, those that charts have do as well */
};

/* Reads, parses and plans a file. */
enum imgrw_status irw_item_plan(struct irw_item *item,
                                const struct irw_item_source *source);

/* Parses and plans the text that the item has. */
enum imgrw_status irw_item_plan_text(struct irw_item *item,
                                     const struct irw_item_source *source);

/* Reads the text of an item that has dropped it, which the caller releases.
 * IMGRW_ERR_IO: it cannot be read, or has changed since. */
enum imgrw_status irw_item_read_again(const struct irw_item *item,
                                      size_t max_bytes,
                                      struct irw_file_text *text,
                                      struct imgrw_error *error);

/* Notes what kept an item from being planned, or written; the failure itself is
 * in there already. */
void irw_item_fail(struct irw_item *item,
                   const struct imgrw_run_options *options,
                   enum imgrw_status status);

/* Releases what it held. */
void irw_item_drop(struct irw_item *item);
