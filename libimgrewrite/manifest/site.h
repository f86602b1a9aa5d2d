/*
 * Sites: images as the library itself sees them, with their nodes.
 */
#pragma once

#include "yaml/tree.h"

#include <imgrewrite/manifest.h>

struct irw_site {
    struct imgrw_image image; /* what the caller sees of it */
    uint32_t node;            /* the scalar or alias that is written there */
    uint32_t anchor; /* the site whose scalar this alias repeats, by its number
                        in the manifest; UINT32_MAX: none */
    imgrw_str shared_field; /* another use, which is no image; empty: none */
    size_t shared_offset;   /* where that is written */
};

/* A growing list of sites, malloc'ed. */
struct irw_sites {
    struct irw_site *items;
    size_t count, capacity;
};

/* A growing list of warnings, malloc'ed; their messages live in an arena. */
struct irw_warnings {
    struct imgrw_warning *items;
    size_t count, capacity;
};

/* Adds a warning; from some number on they are dropped, for nobody reads so
 * many. False when memory is out. */
__attribute__((format(printf, 4, 5))) bool
irw_warnings_add(struct irw_warnings *warnings, struct irw_arena *arena,
                 struct imgrw_location at, const char *format, ...);
