/*
 * The catalog as it is asked: which places has a resource of this kind?
 */
#pragma once

#include "base/arena.h"
#include "catalog/place.h"

/* The places of one kind. The table of them is made when the library is built,
 * from the .def files, by compile.c; it is sorted by the kind in lower case and
 * then by the group. */
struct irw_kind {
    imgrw_str kind, group; /* the kind in lower case */
    const struct irw_place *place; /* NULL: it has none of its own */
    bool closed; /* the API's own: there are no other places in it */
};

extern const struct irw_kind irw_kinds[];
extern const size_t irw_kind_count;

/* The kind's row, or NULL. The case of letters in `kind` does not matter. */
const struct irw_kind *irw_kind_find(imgrw_str group, imgrw_str kind);

/* Fields that a user named, for the kinds that they are for. Zero-initialised
 * is none. */
struct irw_fields {
    struct irw_selector *selectors;
    size_t count;
};

/* Takes the fields, whose strings are borrowed; what they make lives in
 * `arena`. IMGRW_ERR_ARGUMENT: a path is malformed; IMGRW_ERR_LIMIT;
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_fields_read(const struct imgrw_fieldspec *specs,
                                  size_t count, struct irw_arena *arena,
                                  struct irw_fields *fields,
                                  struct imgrw_error *error);

/* The places of the root of a resource: those that `fields` name for it, those
 * that any resource has, and those of its kind. Any kind but the API's own is
 * searched for pod specs, whose images are a pod's though the kind has a place
 * for them as well. */
struct irw_places irw_catalog_places(const struct irw_fields *fields,
                                     imgrw_str api_version, imgrw_str kind);

/* The places of a file that is no resource: "Chart", "Compose" ... */
const struct irw_place *irw_catalog_file(imgrw_str kind);
