/*
 * The audit: a second walk over documents with aliases or merge keys, for
 * images whose text is used by something else as well, which no edit may
 * change.
 */
#pragma once

#include "manifest/finder.h"

/* Ties aliases in the tree in work to the images whose scalars they repeat, and
 * walks it again with `walk`. `finder->findings->sites` are in order. */
void irw_audit(struct irw_finder *finder,
               void (*walk)(struct irw_finder *finder, void *user), void *user);

/* On the audit: a scalar, or an alias of one, has been visited. */
void irw_audit_scalar(struct irw_finder *finder, uint32_t node,
                      const struct irw_node_path *trail);
