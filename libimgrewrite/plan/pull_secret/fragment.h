/*
 * Insets: a text to insert, and the nodes that it will be, as it is written.
 */
#pragma once

#include "base/text.h"
#include "edit/text_edit.h"

#define IRW_SPROUTS_MAX 5 /* a key, a list, its entry, and a pair in that */

/* How a hand writes. The gaps are blanks and line breaks. */
struct irw_fragment_style {
    char key_quote, name_quote; /* 0: none */
    imgrw_str colon;            /* with the blanks around it */
    imgrw_str behind_bracket, behind_brace, before_brace, before_bracket;
    imgrw_str dash;  /* with the blanks behind it */
    imgrw_str feed;  /* the line break */
    bool flow;       /* entries of block lists are written in braces */
};

struct irw_fragment {
    struct irw_fragment_style hand;
    imgrw_str name; /* of the secret */
    struct irw_text text;
    struct irw_sprout sprouts[IRW_SPROUTS_MAX];
    uint32_t count;
};

void irw_fragment_blanks(struct irw_fragment *inset, size_t count);

/* The key `imagePullSecrets`, without its colon. */
void irw_fragment_key(struct irw_fragment *inset);

/* `name: NAME`, or that in braces. */
void irw_fragment_entry(struct irw_fragment *inset, bool flow);

/* The list with one entry, in brackets; or behind so many blanks and a dash. */
void irw_fragment_flow_list(struct irw_fragment *inset);
void irw_fragment_block_list(struct irw_fragment *inset, size_t indentation);

/* Turns what is written into a change of the bytes from `start` to `end`, which
 * adds the nodes to `graft`, and clears the inset in any case.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status
irw_fragment_finish(struct irw_fragment *inset, size_t start, size_t end,
                    struct irw_graft graft, struct irw_arena *arena,
                    struct irw_text_edit *change, struct imgrw_error *error);
