/*
 * The set of rules, for the files of this folder and for rooms that ask what
 * kind a rule is of.
 */
#pragma once

#include "base/list.h"
#include "rules/access.h"
#include "rules/kustomize.h"
#include "rules/prefix.h"
#include "rules/preset.h"

#include <stdatomic.h>

enum irw_rule_kind {
    IRW_RULE_PREFIX,
    IRW_RULE_OVERRIDE,
    IRW_RULE_EXACT,
    IRW_RULE_EXCLUDE,
    IRW_RULE_PRESET,
    IRW_RULE_ANY, /* the prefix `*` */
};

#define IRW_RULE_KINDS 6

/* An entry of a kustomization's `images:`. */
struct irw_override {
    struct imgrw_reference name;      /* canonical */
    struct irw_kustomize_entry entry; /* as the user wrote it */
    bool keeps_tag; /* beside a new digest; kustomize has no way to say it */
};

/* One image, as a whole, becomes another. */
struct irw_exact {
    struct imgrw_reference name; /* canonical, tag and digest included */
    imgrw_str written, to;
    size_t map; /* the map that it is an entry of */
};

struct irw_rule {
    enum irw_rule_kind kind;
    size_t number;            /* in the order added */
    const char *name;         /* "prefix docker.io" */
    struct imgrw_location at; /* in a rules file; line 0: it is of none */
    const struct irw_rule *next; /* the next one of its kind */
    union {
        struct irw_override override;
        struct irw_exact exact;
        struct irw_prefix prefix; /* of IRW_RULE_ANY as well */
        struct irw_pattern exclude;
        struct irw_preset *preset;
    };
};

/* Where rules files ask to look for images. */
struct irw_search_settings {
    unsigned find; /* classes */
    IRW_LIST(struct imgrw_fieldspec) fields;
    IRW_LIST(struct imgrw_location) locations; /* of the fields, in turn */
};

struct imgrw_rules {
    struct irw_arena arena;
    IRW_LIST(struct irw_rule *) list;
    struct irw_rule *first[IRW_RULE_KINDS], *last[IRW_RULE_KINDS];
    struct irw_map names;   /* lists of overrides and exact references */
    struct irw_map results; /* the same, by the names that they give */
    struct irw_pattern_index prefixes, excludes;
    struct irw_pattern_index targets; /* where prefix rules and presets put
                                         images, and what presets leave alone */
    size_t map; /* of exact references: the number of the last one */
    struct irw_access_settings access;
    struct irw_search_settings search;
    enum imgrw_write write;
    atomic_bool passed; /* imgrw_rules_check, since the last rule was added */
};

/* Appends a copy of `rule`, named `word` and `text`. */
enum imgrw_status irw_rules_append(struct imgrw_rules *rules,
                                   const struct irw_rule *rule,
                                   const char *word, imgrw_str text,
                                   struct imgrw_error *error);

/* Parses a reference of a rule and keeps it: as written, and in canonical form
 * where `canonical` is not NULL. IMGRW_ERR_RULE, IMGRW_ERR_MEMORY. */
enum imgrw_status irw_rules_keep(struct imgrw_rules *rules, imgrw_str text,
                                 imgrw_str *written,
                                 struct imgrw_reference *canonical,
                                 struct imgrw_error *error);

/* Goes through the rules of a kind, in the order in which they were added. */
#define IRW_EACH_RULE(rule, rules, kind) \
    for (const struct irw_rule *rule = (rules)->first[kind]; rule; \
         rule = rule->next)
