/*
 * Overlays as scenarios of the memory test.
 */
#pragma once

#include <imgrewrite/imgrewrite.h>

/* Makes a tree of the manifest `text`, with its images moved and with a pull
 * secret: twice, the second time over the first one's midstream and with
 * service accounts. */
enum imgrw_status use_overlay(const char *text);
