/*
 * A text that is fed to a run as a stream.
 */
#pragma once

#include <imgrewrite/base.h>

/* Streams `text`, a few bytes at a time, and looks at each part. */
enum imgrw_status use_stream(const char *text);
