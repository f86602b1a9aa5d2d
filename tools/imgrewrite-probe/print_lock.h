/*
 * Digests as a lock: a file that pins images, for --rules and for kbld.
 */
#pragma once

#include "probe.h"

/* Whether the answers are printed as a lock. */
bool is_lock(const struct probe *probe);

/* Whether the image is not in the lock, for want of a digest that was proved,
 * though it has none itself. */
bool is_unpinned(const struct imgrw_answer *answer);

/* Prints the lock, each image once, in the byte order of their references.
 * False, after a message, where memory is out. */
bool print_lock(const struct probe *probe);
