/*
 * A rules file in work: its tree, and ways to read it that say where it is
 * wrong.
 */
#pragma once

#include "rules/set.h"
#include "yaml/tree.h"

struct irw_config {
    struct imgrw_rules *rules;
    const char *path; /* lives as long as the rules; may be NULL */
    bool on_disk;     /* files that it names may be read */
    bool any_case;    /* of the keys of overrides: kustomize takes any */
    bool public_unsaid; /* an image is public where nothing says that it is
                           private, as KOTS writes it */
    bool in_map;      /* an entry of a map of exact references was added */
    size_t placed;    /* rules whose place is known */
    struct irw_source source;
    struct irw_line_cursor cursor;
    struct irw_tree tree;
    imgrw_warn_fn *warn; /* may be NULL */
    void *user;
    struct imgrw_error *error;
};

/* The place of a node. */
struct imgrw_location irw_config_at(struct irw_config *config, uint32_t node);

/* Fails at a node, as irw_fail does: IMGRW_ERR_RULE. */
__attribute__((format(printf, 3, 4))) enum imgrw_status
irw_config_fail(struct irw_config *config, uint32_t node, const char *format,
                ...);

/* Warns of a node. */
__attribute__((format(printf, 3, 4))) void
irw_config_warn(struct irw_config *config, uint32_t node, const char *format,
                ...);

/* Gives the rule that was just added, or the error that came of it, the place
 * of a node; returns `status`. */
enum imgrw_status irw_config_place(struct irw_config *config, uint32_t node,
                                   enum imgrw_status status);

/* A mapping with known keys. */
struct irw_config_shape {
    const char *what;        /* "an entry of images" */
    const char *const *keys; /* one that begins with "!" must be there */
    size_t count;
    bool any_case; /* of keys */
};

/* The shape of a mapping with the keys of an array. */
#define IRW_SHAPE_OF(what, keys) \
    {(what), (keys), sizeof(keys) / sizeof((keys)[0]), false}

/* Finds the values of a mapping, aliases followed, in the order of the shape's
 * keys; IRW_NO_NODE where there is none. Another key is an error, and so are a
 * key that is there twice, `<<`, and another node. */
enum imgrw_status irw_config_map(struct irw_config *config, uint32_t node,
                                 const struct irw_config_shape *shape,
                                 uint32_t *nodes);

/* The same where all values are strings; see irw_config_string. */
enum imgrw_status irw_config_strings(struct irw_config *config, uint32_t node,
                                     const struct irw_config_shape *shape,
                                     uint32_t *nodes, const char **strings);

/* Reads an item of a list, aliases followed. */
typedef enum imgrw_status irw_config_fn(struct irw_config *config,
                                        uint32_t node);

/* Calls `read` for each item of a list. Null, and IRW_NO_NODE, are an empty
 * list. */
enum imgrw_status irw_config_list(struct irw_config *config, uint32_t node,
                                  const char *what, irw_config_fn *read);

/* The same for the value of a key of a mapping, which may be there once; the
 * other keys are not looked at. */
enum imgrw_status irw_config_member_list(struct irw_config *config,
                                         uint32_t mapping, const char *key,
                                         irw_config_fn *read);

/* Whether the node is null, or nothing at all. */
bool irw_config_is_null(const struct irw_config *config, uint32_t node);

/* A string, with a NUL behind, that lives as long as the rules; NULL for null
 * and for IRW_NO_NODE. What YAML reads as a number or a boolean is an error; a
 * date is what it looks like. */
enum imgrw_status irw_config_string(struct irw_config *config, uint32_t node,
                                    const char *what, const char **string);

enum imgrw_status irw_config_bool(struct irw_config *config, uint32_t node,
                                  const char *what, bool *value);

/* The value of a key of a mapping, aliases followed; IRW_NO_NODE where there is
 * none. */
uint32_t irw_config_find(const struct irw_config *config, uint32_t mapping,
                         const char *key);

/* Read a document of each format, from its root. */
enum imgrw_status irw_config_rules_file(struct irw_config *config,
                                        uint32_t root);
enum imgrw_status irw_config_kustomization(struct irw_config *config,
                                           uint32_t root);
enum imgrw_status irw_config_mirror_set(struct irw_config *config,
                                        uint32_t root);
enum imgrw_status irw_config_kbld(struct irw_config *config, uint32_t root);
enum imgrw_status irw_config_images_lock(struct irw_config *config,
                                         uint32_t root);
enum imgrw_status irw_config_installation(struct irw_config *config,
                                          uint32_t root);
enum imgrw_status irw_config_relocation(struct irw_config *config,
                                        uint32_t root);

/* Items of lists that several formats have: an entry of kustomize's `images:`,
 * of its field specs, and of knownImages. */
irw_config_fn irw_config_override, irw_config_fieldspec, irw_config_known;

/* Reads a file that the node names relative to this one: one of kustomize's
 * `configurations:`, of which the field specs of images are taken. */
irw_config_fn irw_config_fields_file;
