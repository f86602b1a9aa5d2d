/*
 * What presets make of an image.
 */
#pragma once

#include "rules/preset.h"

/* An image: its text, and what that reads as. */
struct irw_preset_image {
    imgrw_str text;
    struct imgrw_reference reference, canonical;
};

/* Whether the layout is for the image. */
bool irw_preset_match(const struct irw_preset *preset,
                      const struct irw_preset_image *image);

/* Whether the image is where the preset puts images, or is another that it
 * leaves alone. */
bool irw_preset_keeps(const struct irw_preset *preset,
                      const struct imgrw_reference *canonical);

/* The image that `image` is after a location of the same layout, tag and digest
 * included; borrows from its text. Empty: it has no such location. */
imgrw_str irw_preset_unwrap(const struct irw_preset *preset,
                            const struct irw_preset_image *image);

/* Writes what the image is called there into `buffer`. IMGRW_ERR_RULE: it
 * cannot be written, or is too long. */
enum imgrw_status irw_preset_build(const struct irw_preset *preset,
                                   const struct irw_preset_image *image,
                                   struct imgrw_reference_buffer *buffer,
                                   imgrw_str *result,
                                   struct imgrw_error *error);
