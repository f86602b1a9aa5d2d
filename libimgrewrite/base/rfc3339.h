/*
 * Times as RFC 3339 has them, such as 2026-01-02T03:04:05Z.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

/* The last second of the year 9999: a later one has no four digits. */
#define IRW_TIME_MAX INT64_C(253402300799)

/* The bytes of a time in UTC, with its NUL. */
#define IRW_TIME_SIZE sizeof("2026-01-02T03:04:05Z")

/* Reads a time as seconds since 1970, without its fraction of a second. False:
 * it is none, or does not lie behind the beginning of 1970 and before the end
 * of 9999. As in Go, "T" and "Z" are capital letters and no minute has 61
 * seconds. */
bool irw_time_read(imgrw_str text, int64_t *seconds);

/* Writes a time, which is from 0 to IRW_TIME_MAX, in UTC. */
void irw_time_write(int64_t seconds, char text[static IRW_TIME_SIZE]);
