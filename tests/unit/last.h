/*
 * A text that is read for the sake of its last node.
 */
#pragma once

#include "yaml/tree.h"

struct last {
    struct irw_arena arena;
    struct irw_tree tree;
    uint32_t node;
};

/* Reads a text that libyaml accepts; last_clear releases the result. */
struct last last_read(const char *text);

void last_clear(struct last *last);
