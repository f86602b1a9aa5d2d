/*
 * What a run has found and done, as numbers.
 */
#pragma once

#include "files/item.h"

/* Zero-initialised is empty, and not open yet. */
struct irw_counts {
    struct imgrw_run_summary summary;
    size_t *rule_images; /* how many each rule took part in */
    size_t *field_files; /* how many files have each field */
    size_t field_count;
};

/* Prepares to count images of these rules, which may be NULL, and fields.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_counts_open(struct irw_counts *counts,
                                  const struct imgrw_rules *rules,
                                  size_t field_count,
                                  struct imgrw_error *error);

/* Counts a file, which is planned, or has failed. */
void irw_counts_add(struct irw_counts *counts, const struct irw_item *item);

void irw_counts_clear(struct irw_counts *counts);
