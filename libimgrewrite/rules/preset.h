/*
 * Presets: the layouts of registry products.
 */
#pragma once

#include "rules/pattern.h"

#include <imgrewrite/rules.h>

/* Which images a layout is for. */
enum irw_scope {
    IRW_SCOPE_ANY,
    IRW_SCOPE_UPSTREAM, /* those of one registry, or a path in one */
    IRW_SCOPE_HOSTLESS, /* those that are written without a registry */
    IRW_SCOPE_ALIAS,    /* those whose registry has an alias */
};

#define IRW_STYLES_MAX 3
#define IRW_KEEPS_MAX 3
#define IRW_UNWRAPS_MAX 2
#define IRW_PRESET_KEYS_MAX 8

/* A row of presets.def. Templates hold keys in braces. */
struct irw_layout {
    struct imgrw_preset preset;
    enum irw_scope scope;
    const char *upstream; /* template */
    struct {
        const char *style; /* value of the key `style`; NULL: there is none */
        const char *text;  /* template: the location that all names get */
    } locations[IRW_STYLES_MAX];
    const char *rest; /* template: the name behind the location */
    const char *keeps[IRW_KEEPS_MAX]; /* templates: what is left alone, beside
                                         what lies under the location */
    struct {
        const char *text; /* template: a location of the same layout */
        unsigned skip;    /* components behind it that are no name yet */
    } unwraps[IRW_UNWRAPS_MAX];
    const char *moves_from, *moves_to; /* templates: registries */
    bool drops_namespace; /* the path of the upstream is no part of names */
    bool adds_checksum;   /* tags get Zarf's checksum of the full name */
};

extern const struct irw_layout irw_layouts[];
extern const size_t irw_layout_count;

/* A value of a key, as the user gave it. */
struct irw_preset_value {
    imgrw_str key, value;
};

/* A location, and the same as a pattern. */
struct irw_location {
    imgrw_str text; /* empty: there is none */
    struct irw_pattern under;
};

/* A preset that is one of a set's rules. */
struct irw_preset {
    const struct irw_layout *layout;
    imgrw_str values[IRW_PRESET_KEYS_MAX]; /* of the layout's keys, in order */
    struct irw_location location, move; /* `move`: where those go that have an
                                           own registry of the product */
    struct irw_pattern upstream, moved;
    struct irw_pattern keeps[IRW_KEEPS_MAX];
    size_t keep_count;
    struct {
        struct irw_pattern from;
        unsigned skip;
    } unwraps[IRW_UNWRAPS_MAX];
    size_t unwrap_count;
    imgrw_str port; /* stands for the colon of a port */
    bool only_private;
};

/* Adds the preset called `name`. `*culprit` becomes the number of the value
 * that is wrong, or `count`.
 * IMGRW_ERR_RULE, IMGRW_ERR_MEMORY. */
enum imgrw_status irw_preset_add(struct imgrw_rules *rules, imgrw_str name,
                                 const struct irw_preset_value *values,
                                 size_t count, size_t *culprit,
                                 struct imgrw_error *error);

/* An image on its way: its text, and what that reads as. */
struct irw_preset_image {
    imgrw_str text;
    const struct imgrw_reference *reference, *canonical;
};

/* Whether the layout is for the image. */
bool irw_preset_match(const struct irw_preset *preset,
                      const struct irw_preset_image *image);

/* Whether the image lies where the preset puts images, or is one that it leaves
 * alone. */
bool irw_preset_rests(const struct irw_preset *preset,
                      const struct imgrw_reference *canonical);

/* The image that `image` is behind a location of the same layout, tag and
 * digest included; borrows from its text. Empty: it lies behind none. */
imgrw_str irw_preset_unwrap(const struct irw_preset *preset,
                            const struct irw_preset_image *image);

/* What the image is called; written into `buffer` of IMGRW_REFERENCE_MAX bytes.
 * IMGRW_ERR_RULE: it cannot be said, or is too long. */
enum imgrw_status irw_preset_build(const struct irw_preset *preset,
                                   const struct irw_preset_image *image,
                                   char *buffer, imgrw_str *result,
                                   struct imgrw_error *error);
