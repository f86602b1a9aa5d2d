/*
 * What is known of images: whether they can be pulled anonymously.
 */
#pragma once

#include "config/config.h"

/* Reads an entry of `knownImages:` in a rules file. */
irw_config_fn irw_config_known_image;

/* Reads KOTS's Installation, whose `knownImages:` is taken. */
irw_config_fn irw_config_installation;

/* Reads an object about one image, as JSON lines have them: {"image": ...,
 * "isPrivate": ...} or, as a tool that asks registries writes it, {"ref": ...,
 * "outcome": ...}. */
irw_config_fn irw_config_known_line;

/* Whether the mapping is such an object. */
bool irw_is_known_line(const struct irw_reader *reader, uint32_t mapping);
