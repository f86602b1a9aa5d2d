/*
 * What the rules make of texts, each of which is asked about once.
 */
#pragma once

#include "base/arena.h"
#include "base/map.h"

#include <imgrewrite/rules.h>

/* Zero-initialised but for `rules`, it knows nothing yet. */
struct irw_answers {
    const struct imgrw_rules *rules;
    struct irw_arena arena;
    struct irw_map known; /* from a text to its imgrw_str */
};

/* Sets `*answer` to what the rules make of `text`, which is the text itself for
 * what is no reference. `text` outlives the answers. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_answers_get(struct irw_answers *answers, imgrw_str text,
                                  imgrw_str *answer, struct imgrw_error *error);

void irw_answers_clear(struct irw_answers *answers);
