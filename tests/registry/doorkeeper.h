/*
 * A registry of one image, in a process of its own, for tests that need an
 * answer and no more: whoever sends a password may pull.
 */
#pragma once

#include <sys/types.h>

struct doorkeeper {
    pid_t process;
    char image[40]; /* a reference of it */
};

/* Starts it on loopback; what fails ends the test. */
void doorkeeper_start(struct doorkeeper *doorkeeper);

void doorkeeper_stop(const struct doorkeeper *doorkeeper);
