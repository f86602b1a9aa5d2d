/*
 * Arguments of options that are one of a few words.
 */
#pragma once

#include "command.h"

/* Sets `index` to where `argument` is in `words`, which end with NULL. False,
 * after a message, when it is not there. */
bool read_word(const char *option, const char *argument,
               const char *const *words, int *index);

/* The same for the words auto, always and never. */
bool read_when(const char *option, const char *argument, enum when *when);
