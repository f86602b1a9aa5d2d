/*
 * The set of rules, for the files of this folder and for layers that ask what
 * kind a rule is of.
 */
#pragma once

#include "rules/kustomize.h"
#include "rules/name_index.h"
#include "rules/preset.h"

#include <stdbool.h>

enum irw_rule_kind {
    IRW_RULE_PREFIX,
    IRW_RULE_OVERRIDE,
    IRW_RULE_EXACT,
    IRW_RULE_EXCLUDE,
    IRW_RULE_PRESET,
};

#define IRW_RULE_KINDS 5

struct irw_override {
    struct imgrw_reference name; /* canonical */
    struct irw_kustomize_entry entry; /* as the user wrote it */
};

/* One reference, tag and digest included, and what stands for it. */
struct irw_exact {
    struct imgrw_reference name; /* canonical */
    imgrw_str written, to;
    size_t map; /* the map that it is of: of each, one entry at most speaks */
};

struct irw_prefix {
    struct irw_pattern from;
    struct irw_pattern under; /* the location, as a pattern */
    imgrw_str to;             /* the location, as written, no "/" behind */
    enum imgrw_pull pull;     /* the pulls that it is for */
};

struct irw_rule {
    enum irw_rule_kind kind;
    const char *name; /* "prefix docker.io" */
    struct imgrw_location at; /* in a file; line 0: it is of none */
    struct irw_same_name same; /* of overrides and exact references */
    size_t next; /* the next rule of the kind, as its number + 1; 0: none */
    union {
        struct irw_override override;
        struct irw_exact exact;
        struct irw_prefix prefix;
        struct irw_pattern exclude;
        struct irw_preset *preset;
    };
};

/* What is known of an image. */
struct irw_known {
    struct imgrw_reference name; /* canonical */
    struct irw_same_name same;
    bool is_private;
};

struct imgrw_rules {
    struct irw_arena arena;
    struct irw_rule *items;
    size_t count, capacity;
    size_t first[IRW_RULE_KINDS], last[IRW_RULE_KINDS]; /* of each kind, + 1 */
    struct irw_map names; /* of overrides and exact references */
    struct irw_known *known;
    struct irw_map known_names;
    struct irw_pattern *private_items; /* all images under these are */
    size_t private_count, private_capacity;
    enum imgrw_access assumed;
    size_t known_count, known_capacity;
    struct imgrw_fieldspec *fields;
    size_t field_count, field_capacity;
    unsigned find; /* classes that rules files ask for */
    size_t map_count; /* of exact references; the number of the last one */
};

/* Appends `rule`, named `word` and `text`. */
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

/* What was said of the image, in canonical form; nothing is assumed. */
enum imgrw_access irw_rules_told(const struct imgrw_rules *rules,
                                 const struct imgrw_reference *canonical);

/* Whether the override speaks of the reference, which is in canonical form. */
bool irw_override_match(const struct irw_override *override,
                        const struct imgrw_reference *canonical);

/* What the override makes of the image `text`, a reference; written into
 * `buffer` of IMGRW_REFERENCE_MAX bytes. IMGRW_ERR_RULE: it is too long. */
enum imgrw_status irw_override_build(const struct irw_override *override,
                                     imgrw_str text, char *buffer,
                                     imgrw_str *result,
                                     struct imgrw_error *error);

/* The first rule of a kind, and the next one of the same kind; SIZE_MAX where
 * there is none. */
static inline size_t
irw_rules_first(const struct imgrw_rules *rules, enum irw_rule_kind kind)
{
    return rules->first[kind] - 1;
}

static inline size_t
irw_rules_after(const struct imgrw_rules *rules, size_t index)
{
    return rules->items[index].next - 1;
}

/* Goes through the rules of a kind, in the order in which they were added. */
#define IRW_EACH_RULE(index, rules, kind) \
    for (size_t index = irw_rules_first(rules, kind); index != SIZE_MAX; \
         index = irw_rules_after(rules, index))

/* The first override or exact rule from number `from` on that is for the name,
 * which is canonical, whatever its tag; SIZE_MAX where there is none. */
size_t irw_rules_next(const struct imgrw_rules *rules, size_t from,
                      const struct imgrw_reference *canonical);

/* Whether some rule of the set puts images where the reference, which is in
 * canonical form, lies, so that presets have nothing to do. */
bool irw_rules_rest(const struct imgrw_rules *rules,
                    const struct imgrw_reference *canonical);

/* Whether the exact rule speaks of the reference, which is in canonical
 * form. */
bool irw_exact_match(const struct irw_exact *exact,
                     const struct imgrw_reference *canonical);

/* The prefix rule that wins for the reference, which is in canonical form, and
 * how it matched; SIZE_MAX where none does. */
size_t irw_prefix_find(const struct imgrw_rules *rules,
                       const struct imgrw_reference *canonical,
                       struct irw_match *match);
