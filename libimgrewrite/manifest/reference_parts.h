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

/* What the tree has at each of the parts. */
struct irw_parts irw_parts_read(const struct irw_tree *tree,
                                const struct irw_part *parts, size_t count);

/* The longest reference that is put together. */
#define IRW_JOINED_MAX 1024

/* Puts the parts together in `buffer`; empty where they are too long, or where
 * neither a repository nor a name is among them. */
imgrw_str irw_join(const struct irw_parts *parts, char buffer[IRW_JOINED_MAX]);

/* Whether the text of a tag is a digest, and not a tag with a digest after
 * it. */
bool irw_begins_with_digest(imgrw_str text);

/* Whether a key beside the parts of an image holds a digest that a chart takes
 * in some cases, such as Cilium's `awsDigest`. */
bool irw_is_pin(imgrw_str key, imgrw_str value);

/* The registry of the site, where other images may be joined to it as well;
 * NULL where it has none such. */
const struct irw_part *irw_common_registry(const struct irw_site *site);

/* A site whose parts must change, and what each of them becomes. */
struct irw_split {
    const struct irw_tree *tree;
    const struct irw_site *site;
    struct irw_arena *arena; /* for strings */
    bool into_registry; /* as IMGRW_WRITE_REGISTRY has it */
    bool into_name; /* "library", before a name alone, and not into a registry
                       that other images have as well */
    struct irw_value_edit wishes[IRW_ROLE_COUNT]; /* one a part at most */
    size_t count;
    bool is_fixed; /* they cannot, because a part that would change is fixed */
};

/* Sets the wishes that make the whole say `text`, from which they borrow.
 * IMGRW_ERR_EDIT: the parts that exist cannot say it, `error->message` says
 * why; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_split(struct irw_split *split, imgrw_str text,
                            struct imgrw_error *error);
