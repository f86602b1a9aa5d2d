/*
 * Running what may crash or hang in a process of its own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Calls `body` in a child that is killed once it has used `seconds` of the
 * processor's time. Whether it came back with 0; `how`, of `size` bytes, says
 * in words how the child ended. */
bool child_run(int (*body)(void *user), void *user, unsigned seconds, char *how,
               size_t size);
