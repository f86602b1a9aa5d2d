/*
 * A text of settings that is being read: its tree, and ways to take values out
 * of it that say where the text is wrong.
 */
#pragma once

#include "rules/set.h"
#include "yaml/cursor.h"

/* The largest text of rules. */
#define IRW_RULES_BYTES ((size_t)64 << 20)

struct irw_reader {
    struct irw_source source; /* its path lives as long as the rules */
    struct irw_line_cursor cursor;
    struct irw_tree tree;
    struct irw_arena *arena;  /* where the strings that are taken live */
    enum imgrw_status status; /* of what is wrong with the text */
    bool secret;  /* the text holds secrets: no message may quote it */
    bool on_disk; /* files that the text names may be read */
    struct imgrw_rules *rules; /* that are read, or NULL */
    size_t placed;    /* how many of the rules have their place */
    size_t documents; /* that were read and are not empty */
    struct imgrw_credentials *credentials; /* that are read, or NULL */
    imgrw_warn_fn *warn; /* may be NULL */
    void *user;
    struct imgrw_error *error;
};

/* Reads a document from its root, or an item of a list; aliases are
 * followed. */
typedef enum imgrw_status irw_reader_fn(struct irw_reader *reader,
                                        uint32_t node);

/* Reads the bytes of a text of rules from `start` to `end`, and calls `read`
 * for the root of each document that is not empty. IMGRW_ERR_SYNTAX, and what
 * else parsing and `read` return. */
enum imgrw_status irw_reader_documents(struct irw_reader *reader, size_t start,
                                       size_t end, irw_reader_fn *read);

/* Gives the rule that was just added, or the error that came of it, the place
 * of a node; returns `status`. */
enum imgrw_status irw_reader_place(struct irw_reader *reader, uint32_t node,
                                   enum imgrw_status status);

/* The place of a node; without a tree there are no places. */
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

/* A key that a mapping may have, and what is there. */
struct irw_member {
    const char *name;
    bool is_string; /* see irw_reader_string */
    bool required;  /* it must be there, and as a string not be null */
    uint32_t key, value; /* nodes, aliases of the value followed; IRW_NO_NODE:
                            it is absent */
    const char *string;  /* NULL: null, absent, or not read as a string */
};

#define IRW_ANY(key) {.name = (key)}
#define IRW_STRING(key) {.name = (key), .is_string = true}
#define IRW_REQUIRED(key) {.name = (key), .is_string = true, .required = true}

/* The keys that a mapping may have. */
struct irw_members {
    const char *what; /* the mapping: "an entry of images" */
    struct irw_member *items;
    size_t count;
    const char *listed; /* the keys as messages about secrets list them; NULL:
                           all of them */
    bool any_case;
    bool open; /* other keys do not matter, nor does what is no mapping */
};

/* The keys of an array, called `mapping` in messages. */
#define IRW_MEMBERS(mapping, array) \
    (struct irw_members) \
    { \
        .what = (mapping), .items = (array), \
        .count = sizeof(array) / sizeof((array)[0]) \
    }

/* Finds the members of a mapping. What is no mapping, an unknown key, one that
 * is there twice, `<<`, and the absence of a required key are errors. */
enum imgrw_status irw_reader_members(struct irw_reader *reader, uint32_t node,
                                     const struct irw_members *members);

/* The value of a key of a mapping, aliases followed; IRW_NO_NODE where it is
 * absent. Of several the last counts. */
uint32_t irw_reader_find(const struct irw_reader *reader, uint32_t mapping,
                         const char *key);

/* Whether the node is null, or nothing at all. */
bool irw_reader_is_null(const struct irw_reader *reader, uint32_t node);

/* A NUL-terminated string in the reader's arena; NULL for null and for
 * IRW_NO_NODE. What YAML reads as a number or a boolean is an error; a date is
 * taken as it is written. */
enum imgrw_status irw_reader_string(struct irw_reader *reader, uint32_t node,
                                    const char *what, const char **string);

/* Calls `read` for each item of a list. Null, and IRW_NO_NODE, are an empty
 * list. */
enum imgrw_status irw_reader_list(struct irw_reader *reader, uint32_t node,
                                  const char *what, irw_reader_fn *read);

/* The same for the value of a key of a mapping, which may be there once; the
 * other keys do not matter. */
enum imgrw_status irw_reader_member_list(struct irw_reader *reader,
                                         uint32_t mapping, const char *key,
                                         irw_reader_fn *read);
