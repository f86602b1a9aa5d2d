/*
 * Maps from one image to another.
 */
#pragma once

#include "config/config.h"

/* Read a relocation map, kbld's configuration or lock, and imgpkg's lock. */
irw_config_fn irw_config_relocation, irw_config_kbld, irw_config_images_lock;
