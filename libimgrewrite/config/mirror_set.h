/*
 * OpenShift's mirrors.
 */
#pragma once

#include "config/config.h"

/* Reads an ImageDigestMirrorSet, ImageTagMirrorSet or
 * ImageContentSourcePolicy. */
irw_config_fn irw_config_mirror_set;
