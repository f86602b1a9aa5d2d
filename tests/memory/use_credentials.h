/*
 * Credentials from a file to a Secret.
 */
#pragma once

#include <imgrewrite/imgrewrite.h>

/* Reads `text`, adds an entry whose password comes later, and writes the
 * Secret. */
enum imgrw_status use_credentials(const char *text);
