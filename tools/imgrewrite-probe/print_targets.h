/*
 * What is to be copied still, in the formats of the tools that copy.
 */
#pragma once

#include "probe.h"

/* Prints the copies that are to be made. False, after a message, where that
 * failed. */
bool print_targets(const struct probe *probe);

/* Says of which targets nothing is known, and sums up. Returns the exit
 * status; for logins that is EXIT_DONE where images are still to be copied. */
int judge_targets(const struct probe *probe);
