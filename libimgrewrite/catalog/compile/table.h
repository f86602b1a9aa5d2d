/*
 * The table of kinds, as C: what irw_kinds in catalog.h is compiled from.
 */
#pragma once

#include "catalog/compile/definitions.h"

#include <stdio.h>

void table_print(const struct definitions *definitions, FILE *out);
