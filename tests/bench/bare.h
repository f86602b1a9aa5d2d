/*
 * The yardstick: what it costs to read files and let a YAML library parse them
 * to events, with nothing done about the events.
 */
#pragma once

#include <stddef.h>

/* Parses `text`; returns how many events there were. Text that is not YAML ends
 * early, which is as it should be: the tool stops there as well. */
size_t bare_parse(const char *text, size_t size);
