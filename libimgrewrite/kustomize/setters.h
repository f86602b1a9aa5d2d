/*
 * What sets images of a build besides `images:` and copies: transformers, and
 * entries that reach further than is known.
 */
#pragma once

#include "kustomize/answers.h"
#include "kustomize/build_images.h"
#include "kustomize/refusals.h"

/* Refuses a build for the sake of the first of its images, `images`, that
 * something sets and that would not be what the rules make of it.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_setters_check(const struct irw_build *build,
                                    const struct irw_build_images *images,
                                    struct irw_answers *answers,
                                    irw_refusal_list *refusals,
                                    struct imgrw_error *error);
