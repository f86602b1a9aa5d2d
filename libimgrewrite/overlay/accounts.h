/*
 * Service accounts that are given the pull secret.
 */
#pragma once

#include "base/text.h"
#include "overlay/overlay.h"

/* Marks the service accounts among the manifests that pods with new images use.
 * Writes the default ones that such pods use and that are in no manifest, since
 * every namespace has one. Does nothing unless service accounts are to have the
 * secret. IMGRW_ERR_EDIT: another one is in no manifest; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_overlay_give_accounts(struct imgrw_overlay *overlay,
                                            struct irw_text *text,
                                            struct imgrw_error *error);
