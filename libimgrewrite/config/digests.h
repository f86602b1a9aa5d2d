/*
 * Digests that other tools have found for tags: the tag stays, and the digest
 * is added to it.
 */
#pragma once

#include "config/reader.h"

/* Reads the Images.lock of a chart, which `helm dt charts lock` writes. */
irw_reader_fn irw_config_chart_lock;

/* Reads a line of what `skopeo sync --digestfile` writes, which is a string of
 * YAML: a digest and where the image was copied to. */
irw_reader_fn irw_config_digest_line;

/* Whether a line, without blanks around it, is one. */
bool irw_is_digest_line(imgrw_str line);
