/*
 * What was found out, in the formats that it is printed in.
 */
#pragma once

#include "probe.h"

/* Prints all answers to standard output. False, after a message, where that
 * failed. */
bool print_answers(const struct probe *probe);

/* Says on standard error how many images have which outcome, and which of them
 * nothing is known of. Returns the exit status. */
int judge_answers(const struct probe *probe);
