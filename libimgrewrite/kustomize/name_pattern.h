/*
 * The name of an entry of `images:`, which is a regular expression to
 * kustomize, though hardly anybody means one.
 */
#pragma once

#include "base/arena.h"

#include <imgrewrite/base.h>

#include <regex.h>
#include <stdbool.h>

enum irw_name_kind {
    IRW_NAME_PLAIN = 0, /* of its characters, only the dot matches others */
    IRW_NAME_PATTERN,   /* an expression */
    IRW_NAME_STRANGE,   /* one that is not understood here */
};

/* Zero-initialised is the empty name. */
struct irw_name_pattern {
    enum irw_name_kind kind;
    imgrw_str text;
    regex_t *expression; /* malloc'ed, of a PATTERN */
};

/* Reads the name, which is borrowed. What is strange is no error.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_name_pattern_read(imgrw_str text,
                                        struct irw_name_pattern *pattern,
                                        struct imgrw_error *error);

void irw_name_pattern_clear(struct irw_name_pattern *pattern);

/* What all names begin with that the pattern is for, in `arena`; data NULL when
 * memory is out. `*whole`, which may not be NULL, says whether it is all of the
 * name. A dot is one. */
imgrw_str irw_name_pattern_start(const struct irw_name_pattern *pattern,
                                 struct irw_arena *arena, bool *whole);

/* Whether it is for images of several names, or may be. */
bool irw_name_is_many(const struct irw_name_pattern *pattern);

/* Sets whether kustomize applies an entry of this name to an image; a strange
 * one matches none. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_name_pattern_match(const struct irw_name_pattern *pattern,
                                         imgrw_str image, bool *matches,
                                         struct imgrw_error *error);
