/*
 * A reference as text.
 */
#pragma once

#include <imgrewrite/reference.h>

#include <stdbool.h>

/* Writes REGISTRY/REPOSITORY:TAG@DIGEST, with a NUL after it, into `buffer`. A
 * part that is empty is left out together with its mark. False when it does not
 * fit. The parts need not be valid, so that one of them may hold several: a
 * name with its registry, say, as the repository. */
bool irw_reference_print(const struct imgrw_reference *reference,
                         struct imgrw_reference_buffer *buffer,
                         imgrw_str *text);
