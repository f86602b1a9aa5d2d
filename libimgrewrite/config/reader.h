/*
 * Reading a text of rules or of credentials: its tree, where what is read goes,
 * and functions that take values from the tree and say where the text is wrong.
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
    enum imgrw_status status; /* that irw_reader_fail returns */
    bool secret;  /* the text holds secrets: no message may quote it */
    bool on_disk; /* files that the text names may be read */
    struct imgrw_rules *rules; /* that the text adds to, or NULL */
    size_t located;   /* how many of the rules have a location */
    size_t documents; /* that were not empty */
    struct imgrw_credentials *credentials; /* the same */
    imgrw_warn_fn *warn; /* may be NULL */
    void *user;
    struct imgrw_error *error;
};

/* Reads a document, given its root, or an item of a list. The node is never an
 * alias. */
typedef enum imgrw_status irw_reader_fn(struct irw_reader *reader,
                                        uint32_t node);

/* Reads the bytes of a text of rules from `start` to `end`, and calls `read`
 * for the root of each document that is not empty. IMGRW_ERR_SYNTAX, and what
 * else parsing and `read` return. */
enum imgrw_status irw_reader_documents(struct irw_reader *reader, size_t start,
                                       size_t end, irw_reader_fn *read);

/* Sets the place of the rule that was just added to that of a node, or, if
 * `status` is a failure, the place of the error. Returns `status`. */
enum imgrw_status irw_reader_place(struct irw_reader *reader, uint32_t node,
                                   enum imgrw_status status);

/* The place of a node; IRW_NO_LOCATION if the reader has no text. */
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
    bool required;  /* it must be there; if it is a string, it is not null */
    uint32_t key, value; /* nodes, the value's alias followed; IRW_NO_NODE if
                            the key is absent */
    const char *string;  /* NULL if it is absent, null, or not `is_string` */
};

#define IRW_ANY(key) {.name = (key)}
#define IRW_STRING(key) {.name = (key), .is_string = true}
#define IRW_REQUIRED(key) {.name = (key), .is_string = true, .required = true}

/* The keys that a mapping may have. */
struct irw_members {
    const char *what; /* the mapping: "an entry of images" */
    struct irw_member *items;
    size_t count;
    const char *listed; /* what messages about secrets say instead of listing
                           all keys; may be NULL */
    bool any_case;
    bool open; /* ignore other keys, and a node that is not a mapping */
};

/* An array of keys for what messages call `mapping`. */
#define IRW_MEMBERS(mapping, array) \
    (struct irw_members) \
    { \
        .what = (mapping), .items = (array), \
        .count = sizeof(array) / sizeof((array)[0]) \
    }

/* Finds the members of a mapping. It is an error if the node is not a mapping,
 * if a key is unknown, is there twice or is `<<`, and if a required one is
 * missing. */
enum imgrw_status irw_reader_members(struct irw_reader *reader, uint32_t node,
                                     const struct irw_members *members);

/* The value of a key of a mapping, its alias followed; IRW_NO_NODE if the key
 * is absent. If there are several, the first one counts: whether there may be
 * several is for irw_reader_members to say. */
uint32_t irw_reader_find(const struct irw_reader *reader, uint32_t mapping,
                         const char *key);

/* Whether the node is null, or nothing at all. */
bool irw_reader_is_null(const struct irw_reader *reader, uint32_t node);

/* A NUL-terminated string in the reader's arena; NULL for null and for
 * IRW_NO_NODE. What YAML reads as a number or a boolean is an error; a date is
 * taken as it is written. */
enum imgrw_status irw_reader_string(struct irw_reader *reader, uint32_t node,
                                    const char *what, const char **string);

/* Reads true or false. `*value` stays as it is for IRW_NO_NODE. */
enum imgrw_status irw_reader_bool(struct irw_reader *reader, uint32_t node,
                                  const char *what, bool *value);

/* Calls `read` for each item of a list. Null, and IRW_NO_NODE, are an empty
 * list. */
enum imgrw_status irw_reader_list(struct irw_reader *reader, uint32_t node,
                                  const char *what, irw_reader_fn *read);

/* The same for the value of a key of a mapping, which must not be there twice;
 * other keys are ignored. */
enum imgrw_status irw_reader_member_list(struct irw_reader *reader,
                                         uint32_t mapping, const char *key,
                                         irw_reader_fn *read);
