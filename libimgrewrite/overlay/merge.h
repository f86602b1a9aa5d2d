/*
 * The kustomization of the midstream, of which users may have changed a part.
 */
#pragma once

#include "base/text.h"

/* The sections that this library writes. */
enum {
    IRW_SECTION_RESOURCES,
    IRW_SECTION_IMAGES,
    IRW_SECTION_PATCHES,
    IRW_SECTION_COUNT,
};

/* Makes the text of the kustomization: `old` with the sections replaced or,
 * where its data is NULL, a new one. IMGRW_ERR_ARGUMENT: `old` lacks the lines
 * between which they are; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_overlay_merge(imgrw_str old, const imgrw_str *sections,
                                    struct irw_text *text,
                                    struct imgrw_error *error);
