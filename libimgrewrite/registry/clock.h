/*
 * A clock that does not jump.
 */
#pragma once

/* Milliseconds since some time or other. */
long long irw_clock_now(void);
