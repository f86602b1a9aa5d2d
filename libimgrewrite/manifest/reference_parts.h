/*
 * References whose parts are under keys of their own: joined to be read, split
 * again to be written.
 */
#pragma once

#include "manifest/findings.h"
#include "yaml/scalar.h"

/* The parts of a reference, as they are written under their keys; data NULL:
 * there is no such key. */
struct irw_parts {
    imgrw_str at[IRW_ROLE_COUNT];
};

/* The longest reference that is put together. */
#define IRW_JOINED_MAX 1024

/* Puts the parts together in `buffer`; empty where they are too long, or where
 * neither a repository nor a name is among them. */
imgrw_str irw_join(const struct irw_parts *parts, char buffer[IRW_JOINED_MAX]);

/* Whether the text of a tag is a digest, and not a tag with a digest after
 * it. */
bool irw_begins_with_digest(imgrw_str text);

/* Plans what each part of the site must become for the whole to be `text`: at
 * most one wish a part, in `wishes`, and their number in `*count`. The strings
 * live in `arena` or in `text`.
 * IMGRW_ERR_EDIT: the parts that exist cannot say it, `error->message` says
 * why; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_split(const struct irw_tree *tree,
                            const struct irw_site *site, imgrw_str text,
                            struct irw_arena *arena,
                            struct irw_value_edit *wishes, size_t *count,
                            struct imgrw_error *error);
