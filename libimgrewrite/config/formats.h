/*
 * Reading the documents of a rules file.
 */
#pragma once

#include "config/reader.h"

/* The largest rules file. */
#define IRW_CONFIG_BYTES ((size_t)64 << 20)

/* Reads `text`, which is that of the file at `path`, and gives the root of each
 * document that is not empty to `read`, in a config like `outer`.
 * IMGRW_ERR_SYNTAX and what else parsing and `read` return. */
enum imgrw_status irw_config_read(imgrw_str text, const char *path,
                                  irw_config_fn *read,
                                  const struct irw_config *outer);
