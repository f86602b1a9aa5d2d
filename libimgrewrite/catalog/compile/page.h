/*
 * The page that lists the kinds, for people: kinds.md.
 */
#pragma once

#include "catalog/compile/definitions.h"

#include <stdio.h>

/* Sorts the entries by group, and prints them. */
void page_print(struct definitions *definitions, FILE *out);
