/*
 * Reading presets.
 */
#pragma once

#include "rules/preset.h"

/* A value of a key, as the user gave it. */
struct irw_preset_value {
    imgrw_str key, value;
};

/* Adds the preset called `name`. `*culprit` becomes the number of the value
 * that is wrong, or `count`.
 * IMGRW_ERR_RULE, IMGRW_ERR_MEMORY. */
enum imgrw_status irw_preset_add(struct imgrw_rules *rules, imgrw_str name,
                                 const struct irw_preset_value *values,
                                 size_t count, size_t *culprit,
                                 struct imgrw_error *error);
