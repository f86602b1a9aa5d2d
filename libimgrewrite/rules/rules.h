/*
 * The set of rules, for the files of this folder and for layers that ask what
 * kind a rule is of.
 */
#pragma once

#include "base/arena.h"
#include "rules/pattern.h"

#include <imgrewrite/rules.h>

#include <stdbool.h>

enum irw_rule_kind { IRW_RULE_PREFIX, IRW_RULE_OVERRIDE, IRW_RULE_EXCLUDE };

struct irw_override {
    struct imgrw_reference name; /* canonical */
    imgrw_str written;           /* the same as the user wrote it */
    imgrw_str new_name, new_tag, tag_suffix, digest; /* empty: not given */
};

struct irw_prefix {
    struct irw_pattern from;
    struct irw_pattern under; /* the location, as a pattern */
    imgrw_str to;             /* the location, as written, no "/" behind */
};

struct irw_rule {
    enum irw_rule_kind kind;
    const char *name; /* "prefix docker.io" */
    union {
        struct irw_override override;
        struct irw_prefix prefix;
        struct irw_pattern exclude;
    };
};

struct imgrw_rules {
    struct irw_arena arena;
    struct irw_rule *items;
    size_t count, capacity;
};

/* Appends `rule`, named `word` and `text`. */
enum imgrw_status irw_rules_append(struct imgrw_rules *rules,
                                   const struct irw_rule *rule,
                                   const char *word, imgrw_str text,
                                   struct imgrw_error *error);

/* Whether the override speaks of the reference, which is in canonical form. */
bool irw_override_match(const struct irw_override *override,
                        const struct imgrw_reference *canonical);

/* What the override makes of `image`, whose text is `text`; written into
 * `buffer` of IMGRW_REFERENCE_MAX bytes. IMGRW_ERR_RULE: it is too long. */
enum imgrw_status irw_override_build(const struct irw_override *override,
                                     imgrw_str text,
                                     const struct imgrw_reference *image,
                                     char *buffer, imgrw_str *result,
                                     struct imgrw_error *error);

/* The prefix rule that wins for the reference, which is in canonical form, and
 * how it matched; SIZE_MAX where none does. */
size_t irw_prefix_find(const struct imgrw_rules *rules,
                       const struct imgrw_reference *canonical,
                       struct irw_match *match);
