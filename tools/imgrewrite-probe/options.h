/*
 * The options of imgrewrite-probe.
 */
#pragma once

#include "probe.h"

/* Reads the options; on failure says why and returns false. */
bool read_probe_options(int argc, char **argv, struct probe *probe);

/* Prints how the program is used. */
void print_probe_help(FILE *out);
