/*
 * A text that rules are read from, and the set that they go to.
 */
#pragma once

#include "config/reader.h"
#include "rules/set.h"

/* The largest rules file. */
#define IRW_CONFIG_BYTES ((size_t)64 << 20)

struct irw_config {
    struct irw_reader *reader; /* its path lives as long as the rules */
    struct imgrw_rules *rules;
    bool on_disk;  /* files that the text names may be read */
    size_t placed; /* how many of the rules have their place */
    size_t documents; /* that were read and are not empty */
};

/* Reads a document from its root, or an item of a list; aliases are
 * followed. */
typedef enum imgrw_status irw_config_fn(struct irw_config *config,
                                        uint32_t node);

/* Reads the bytes of the reader's text from `start` to `end`, and calls `read`
 * for the root of each document that is not empty. IMGRW_ERR_SYNTAX, and what
 * else parsing and `read` return. */
enum imgrw_status irw_config_documents(struct irw_config *config, size_t start,
                                       size_t end, irw_config_fn *read);

/* Gives the rule that was just added, or the error that came of it, the place
 * of a node; returns `status`. */
enum imgrw_status irw_config_place(struct irw_config *config, uint32_t node,
                                   enum imgrw_status status);

/* Calls `read` for each item of a list. Null, and IRW_NO_NODE, are an empty
 * list. */
enum imgrw_status irw_config_list(struct irw_config *config, uint32_t node,
                                  const char *what, irw_config_fn *read);

/* The same for the value of a key of a mapping, which may be there once; the
 * other keys are not looked at. */
enum imgrw_status irw_config_member_list(struct irw_config *config,
                                         uint32_t mapping, const char *key,
                                         irw_config_fn *read);
