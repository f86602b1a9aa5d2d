/*
 * A run, as the parts of it see it.
 */
#pragma once

#include "files/counts.h"
#include "files/markers.h"
#include "files/progress.h"
#include "files/tree_items.h"
#include "files/walk.h"

#include <stdatomic.h>

/* What a run is ready for. */
enum irw_run_state { IRW_RUN_TO_ADD, IRW_RUN_TO_WRITE, IRW_RUN_DONE };

struct imgrw_run {
    const struct imgrw_rules *rules; /* NULL: only find images */
    struct imgrw_run_options options;
    struct imgrw_parse_options parse; /* with what the rules ask for */
    struct imgrw_plan_options plan;
    bool finds_charts; /* as in struct irw_item_source */
    struct irw_progress progress;
    enum irw_run_state state;
    struct irw_walk walk;
    struct irw_item *items;
    size_t count;
    atomic_size_t next; /* the first item that no thread has taken */
    atomic_size_t done; /* items planned */
    atomic_bool stopped;
    struct irw_counts counts;
    struct irw_markers markers;
    struct irw_trees trees;
};

/* Adds a text that is there already, which is borrowed until the run is freed,
 * to a run that only plans. It takes the place of standard input.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_run_add_text(struct imgrw_run *run, imgrw_str text,
                                   struct imgrw_error *error);
