/*
 * Reading a text that belongs to a kustomization.
 */
#pragma once

#include "yaml/source.h"
#include "yaml/tree.h"

/* Reads all documents of a text into a tree, which the caller clears; both
 * borrow the text and `path`. Strings of the tree are in the text or the arena.
 * IMGRW_ERR_ARGUMENT where the text has no bytes, as that of a file that could
 * not be read; IMGRW_ERR_MEMORY; and whatever makes it no YAML. */
enum imgrw_status irw_kustomize_text_read(imgrw_str text, const char *path,
                                          struct irw_arena *arena,
                                          struct irw_source *source,
                                          struct irw_tree *tree);
