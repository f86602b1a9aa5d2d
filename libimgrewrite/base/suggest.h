/*
 * Which known word an unknown one was probably meant to be, in messages that
 * end with a list of all known ones.
 */
#pragma once

#include <imgrewrite/base.h>

#define IRW_MEANT_MAX 64 /* bytes of a beginning, its NUL included */

/* Writes how the list begins into `buffer`: "there are", and before that what
 * was meant, if some word is near. Returns the buffer. */
const char *irw_meant(const struct imgrw_suggestion *suggestion,
                      char buffer[IRW_MEANT_MAX]);
