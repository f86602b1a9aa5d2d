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
    const char *rest; /* template: the name after the location */
    const char *lone_rest; /* the same for a name that is written as one
                              component; NULL: it is no different */
    const char *keeps[IRW_KEEPS_MAX]; /* templates: what is left alone, beside
                                         what lies under the location */
    struct {
        const char *text; /* template: a location of the same layout */
        unsigned skip;    /* components after it that belong to no name */
    } unwraps[IRW_UNWRAPS_MAX];
    const char *moves_from, *moves_to; /* templates: registries */
    bool drops_namespace; /* the path of the upstream is no part of names */
    bool adds_checksum;   /* tags get Zarf's checksum of the full name */
};

/* A preset that is one of a set's rules. */
struct irw_preset {
    const struct irw_layout *layout;
    imgrw_str values[IRW_PRESET_KEYS_MAX]; /* of the layout's keys, in order */
    struct irw_location location;
    struct irw_location moved, move; /* images that the product has a registry
                                        of its own for, and that registry */
    struct irw_location upstream;
    struct irw_location keeps[IRW_KEEPS_MAX], unwraps[IRW_UNWRAPS_MAX];
    imgrw_str port; /* written for the colon of a port */
    bool only_private;
};

/* A value of a key, as the user gave it. */
struct irw_preset_value {
    imgrw_str key, value;
};

/* Adds the preset called `name`. `*culprit` becomes the number of the value
 * that is wrong, or `count`.
 * IMGRW_ERR_RULE, IMGRW_ERR_MEMORY. */
enum imgrw_status irw_preset_add(struct imgrw_rules *rules, imgrw_str name,
                                 const struct irw_preset_value *values,
                                 size_t count, size_t *culprit,
                                 struct imgrw_error *error);
