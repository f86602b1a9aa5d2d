/*
 * A text of settings that is being read: its tree, and ways to take values out
 * of it that say where the text is wrong.
 */
#pragma once

#include "yaml/cursor.h"

#include <imgrewrite/rules.h>

struct irw_reader {
    struct irw_source source;
    struct irw_line_cursor cursor;
    struct irw_tree tree;
    struct irw_arena *arena;  /* where the strings that are taken live */
    enum imgrw_status status; /* of what is wrong with the text */
    bool secret; /* the text holds secrets: no message may quote it */
    imgrw_warn_fn *warn; /* may be NULL */
    void *user;
    struct imgrw_error *error;
};

/* The place of a node. */
struct imgrw_location irw_reader_locate(struct irw_reader *reader,
                                        uint32_t node);

/* Fails at a node, as irw_fail does, with the reader's status. Callers that
 * read secrets put no text of the node into the message. */
__attribute__((format(printf, 3, 4))) enum imgrw_status
irw_reader_fail(struct irw_reader *reader, uint32_t node, const char *format,
                ...);

/* Warns about a node. */
__attribute__((format(printf, 3, 4))) void
irw_reader_warn(struct irw_reader *reader, uint32_t node, const char *format,
                ...);

/* The keys that a mapping may have. */
struct irw_key_set {
    const char *what; /* the mapping: "an entry of images" */
    const char *const *keys;
    size_t count;
    unsigned required;  /* a bit for each key that must be there: 1 << index */
    const char *listed; /* the keys as messages list them; NULL: all of them */
    bool any_case;
};

/* The keys of an array. */
#define IRW_KEY_SET(mapping, array, required_bits) \
    {.what = (mapping), \
     .keys = (array), \
     .count = sizeof(array) / sizeof((array)[0]), \
     .required = (required_bits)}

/* The most keys that a set may have. */
#define IRW_KEYS_MAX 32

/* Finds the values of a mapping, aliases followed, in the order of the set's
 * keys; IRW_NO_NODE where a key is absent. What is not a mapping, an unknown
 * key, one that is there twice, `<<`, and the absence of a required key are
 * errors. */
enum imgrw_status irw_reader_members(struct irw_reader *reader, uint32_t node,
                                     const struct irw_key_set *set,
                                     uint32_t *nodes);

/* The same, and the values of the first `count` keys as strings, of which the
 * required ones must not be null; see irw_reader_string. */
enum imgrw_status irw_reader_strings(struct irw_reader *reader, uint32_t node,
                                     const struct irw_key_set *set,
                                     uint32_t *nodes, const char **strings,
                                     size_t count);

/* The value of a key of a mapping, aliases followed; IRW_NO_NODE where it is
 * absent. */
uint32_t irw_reader_find(const struct irw_reader *reader, uint32_t mapping,
                         const char *key);

/* The same for a key that must not be there twice. */
enum imgrw_status irw_reader_find_one(struct irw_reader *reader,
                                      uint32_t mapping, const char *key,
                                      uint32_t *value);

/* Whether the node is null, or nothing at all. */
bool irw_reader_is_null(const struct irw_reader *reader, uint32_t node);

/* A NUL-terminated string in the reader's arena; NULL for null and for
 * IRW_NO_NODE. What YAML reads as a number or a boolean is an error; a date is
 * taken as it is written. */
enum imgrw_status irw_reader_string(struct irw_reader *reader, uint32_t node,
                                    const char *what, const char **string);

enum imgrw_status irw_reader_bool(struct irw_reader *reader, uint32_t node,
                                  const char *what, bool *value);
