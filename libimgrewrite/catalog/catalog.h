/*
 * Looking up the catalog: the places of a resource of some kind.
 */
#pragma once

#include "base/arena.h"
#include "catalog/place.h"

/* The places of one kind. The table is made from the .def files when the
 * library is built (compile/), and sorted by the kind in lower case, then by
 * group. */
struct irw_kind {
    imgrw_str kind, group; /* the kind in lower case */
    const struct irw_place *place;
    bool is_builtin; /* a kind of the Kubernetes API: it has no other places */
};

extern const struct irw_kind irw_kinds[];
extern const size_t irw_kind_count;

/* The kind's row, or NULL. The case of letters in `kind` does not matter. */
const struct irw_kind *irw_kind_find(imgrw_str group, imgrw_str kind);

/* Fields that a user named, grouped by the kinds that have them.
 * Zero-initialised is none. */
struct irw_fields {
    struct irw_selector *selectors;
    size_t count;
};

/* Reads `count` fields, whose strings are borrowed, into `fields`, which lives
 * in `arena`. IMGRW_ERR_ARGUMENT: a path is malformed; IMGRW_ERR_LIMIT: too
 * many places; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_fields_read(const struct imgrw_fieldspec *specs,
                                  size_t count, struct irw_arena *arena,
                                  struct irw_fields *fields,
                                  struct imgrw_error *error);

/* The places of the root of a resource: those that `fields` name for it, those
 * that every resource has, and those of its kind. Except in kinds of the
 * Kubernetes API, pod specs are searched everywhere, and an image in one is of
 * class POD even where the kind has a place for it as well. */
struct irw_places irw_catalog_places(const struct irw_fields *fields,
                                     imgrw_str api_version, imgrw_str kind);

/* The places of the root of a document without a kind, of which the catalog
 * knows nothing: those that `fields` name for whatever document, with no group,
 * version and kind. */
struct irw_places irw_catalog_kindless(const struct irw_fields *fields);

/* The resource that a patch is for, as far as it is known: an empty string may
 * be anything. */
struct irw_patch_target {
    imgrw_str group, version, kind;
};

/* Takes a place. */
typedef void irw_place_fn(const struct irw_place *place, void *user);

/* Hands the places of the root of all that the target may be to `take`, as
 * irw_catalog_places has them for a resource that says what it is. */
void irw_catalog_each_place(const struct irw_fields *fields,
                            const struct irw_patch_target *target,
                            irw_place_fn *take, void *user);

/* The place of the root of a file that is no resource: a kind of files.def,
 * such as "Chart" or "Values". */
const struct irw_place *irw_catalog_file(imgrw_str kind);
