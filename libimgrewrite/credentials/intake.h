/*
 * A file of credentials in work. Its readers say where it is wrong, and never
 * repeat what stands there.
 */
#pragma once

#include "credentials/set.h"
#include "yaml/tree.h"

struct irw_intake {
    struct imgrw_credentials *credentials;
    struct irw_listener listener;
    struct irw_source source;
    struct irw_line_cursor cursor;
    struct irw_arena arena; /* holds secrets */
    struct irw_tree tree;
    struct imgrw_error *error;
};

/* A mapping with known keys; the last one is NULL. */
struct irw_intake_shape {
    const char *what; /* "an entry of auths" */
    const char *known; /* the keys, as a message names them */
    const char *const *keys;
};

/* The place of a node. */
struct imgrw_location irw_intake_at(struct irw_intake *intake,
                                     uint32_t node);

/* Fails at a node: IMGRW_ERR_CREDENTIALS. `format` shows no text of it. */
__attribute__((format(printf, 3, 4))) enum imgrw_status
irw_intake_fail(struct irw_intake *intake, uint32_t node,
                 const char *format, ...);

/* Warns of a node. */
void irw_intake_warn(struct irw_intake *intake, uint32_t node,
                      const char *message);

/* Finds the values of a mapping, aliases followed, in the order of the shape's
 * keys; IRW_NO_NODE where there is none. Another node, another key, and one
 * that is there twice are errors. */
enum imgrw_status irw_intake_map(struct irw_intake *intake, uint32_t node,
                                  const struct irw_intake_shape *shape,
                                  uint32_t *nodes);

/* Whether the node is null. */
bool irw_intake_is_null(const struct irw_intake *intake, uint32_t node);

/* A string; what YAML reads as something else is an error. Borrowed from the
 * text or the arena. */
enum imgrw_status irw_intake_string(struct irw_intake *intake, uint32_t node,
                                     const char *what, imgrw_str *string);

/* Whether the mapping has one of the shape's keys. */
bool irw_intake_has(const struct irw_intake *intake, uint32_t node,
                     const struct irw_intake_shape *shape);

/* Adds an entry; the places of its parts are those of the nodes. */
enum imgrw_status irw_intake_put(struct irw_intake *intake,
                                  struct irw_given *given, uint32_t endpoint,
                                  uint32_t user, uint32_t password);

/* The top of Docker's config.json. */
extern const struct irw_intake_shape irw_docker_shape;

/* Reads a config.json from its root. */
enum imgrw_status irw_read_docker_config(struct irw_intake *intake,
                                         uint32_t root);
