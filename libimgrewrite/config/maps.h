/*
 * Maps from one image to another.
 */
#pragma once

#include "config/config.h"

/* Read a relocation map, kbld's configuration or lock, imgpkg's lock, and an
 * ImageDigestMirrorSet, ImageTagMirrorSet or ImageContentSourcePolicy. */
irw_config_fn irw_config_relocation, irw_config_kbld, irw_config_images_lock,
    irw_config_mirror_set;
