/*
 * Sets of random rules, and what they make of random images.
 */
#pragma once

#include "generate.h"

#define RULES 6 /* in a set, at most */

/* A set of rules and their texts, by number. */
struct set {
    uint64_t seed;
    struct generator generator;
    struct imgrw_rules *rules;
    char lines[RULES][GENERATE_LINE];
    size_t count;
    bool may_change_tags; /* it holds overrides or exact references */
    bool accepted;        /* by imgrw_rules_check */
};

/* What became of one image. */
struct applied {
    char image[IMGRW_REFERENCE_MAX];
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome;
    struct imgrw_error error;
    enum imgrw_status status;
};

bool line_is(const char *line, const char *kind);

/* Begins a set without rules. */
void begin_set(struct set *set, uint64_t seed);

/* Adds a rule, if it is one; one of what is known has no number. */
bool add_line(struct set *set, const char *line);

/* Begins a set and fills it. Every other one holds nothing that may change
 * tags. */
void make_set(struct set *set, uint64_t seed);

/* Ends the work on a set, whose rules are shown if a row of it failed. */
void end_set(struct set *set, struct support_tally *tally,
             size_t failed_before);

/* Writes a reference that may well lie under something a rule speaks of. */
void make_image(struct set *set, char *image);

/* Applies the set to `image`, which may be none. On failure the outcome has to
 * be as it was, with a rule_count of UNTOUCHED. */
#define UNTOUCHED 99
void apply_set(const struct set *set, const char *image,
               struct applied *applied);

bool same_outcome(const struct imgrw_outcome *one,
                  const struct imgrw_outcome *other);

/* Begins a row that is named by the seed of the set. */
void begin_row(struct support_tally *tally, const struct set *set,
               const char *image);
