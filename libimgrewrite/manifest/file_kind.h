/*
 * Files that are no resources: what they are, by their name or by what is in
 * them.
 */
#pragma once

#include "manifest/walk.h"

/* The places of the mapping at `root`, which has no kind: those of a Helm
 * chart's description, of a kustomization, of a bundle of Rancher's Fleet, of a
 * compose file, or of Helm values; and those that the user's fields name in any
 * document. */
struct irw_places irw_file_places(struct irw_image_walk *walk, uint32_t root);

/* Whether the mapping is a suite of helm-unittest: its values are made up, and
 * what it asserts is what a chart renders. */
bool irw_is_test_suite(const struct irw_tree *tree, uint32_t root);

/* Whether the name of a file says that it is one of those. */
bool irw_is_file_of_tool(const char *path);
