/*
 * The gate before libfyaml.
 */
#pragma once

#include "yaml/tree.h"

/* Whether libfyaml may see the extract, which libyaml has read as `tree`. It is
 * held back from what some release crashes on, hangs on, leaks on, or reads
 * otherwise: byte order marks, NEL, LS, PS and bare CR; "%" or a tab at the
 * start of a line; what could be a "?" indicator; anchors, aliases and tags of
 * unusual spelling; what only libyaml takes for a comment, an empty item or an
 * empty block scalar; runs of many blanks; lines of more than 1 MB. Marks that
 * are inside of a scalar or a comment mean nothing there. */
bool irw_gate_passes(struct irw_extract extract, const struct irw_tree *tree);
