/*
 * Refusals: why files of trees are not rewritten.
 */
#pragma once

#include "base/list.h"

#include <imgrewrite/base.h>

#include <stdbool.h>

struct irw_refusal {
    size_t file;              /* that the error is of, by its number */
    struct imgrw_error error; /* with both places */
};

typedef IRW_LIST(struct irw_refusal) irw_refusal_list;

/* Adds a refusal of a file with an IMGRW_ERR_EDIT, of which the text names the
 * other place; false when memory is out. */
__attribute__((format(printf, 4, 5))) bool
irw_refuse(irw_refusal_list *refusals, size_t file, struct imgrw_location at,
           const char *format, ...);
