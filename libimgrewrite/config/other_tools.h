/*
 * Formats of other tools, except kustomize's.
 */
#pragma once

#include "config/reader.h"

/* Read a relocation map, kbld's configuration or lock, imgpkg's lock, and an
 * ImageDigestMirrorSet, ImageTagMirrorSet or ImageContentSourcePolicy. */
irw_reader_fn irw_config_relocation, irw_config_kbld, irw_config_images_lock,
    irw_config_mirror_set;

/* Read `knownImages:` of KOTS's Installation, and an entry of such a list,
 * which our own rules files have as well. */
irw_reader_fn irw_config_installation, irw_config_known_image;

/* Reads an object about one image, as JSON lines have them: {"image": ...,
 * "isPrivate": ...} or, as a tool that asks registries writes it, {"ref": ...,
 * "outcome": ...}. */
irw_reader_fn irw_config_known_line;

/* Whether the mapping is such an object. */
bool irw_is_known_line(const struct irw_reader *reader, uint32_t mapping);
