/*
 * What was found out, in the formats that it is printed in.
 */
#pragma once

#include "probe.h"

/* Prints all answers to standard output. False, after a message, where that
 * failed. */
bool print_answers(const struct probe *probe);

/* Prints how many answers have which outcome: ": 2 public, 1 absent". */
void print_outcomes(const size_t counts[IMGRW_REGISTRY_OUTCOMES]);

/* Counts the outcomes; returns of how many images nothing is known, those that
 * could not be asked for among them. */
size_t count_outcomes(const struct probe *probe,
                      size_t counts[IMGRW_REGISTRY_OUTCOMES]);

/* Says on standard error how many images have which outcome, and which of them
 * nothing is known of. Returns the exit status. */
int judge_answers(const struct probe *probe);
