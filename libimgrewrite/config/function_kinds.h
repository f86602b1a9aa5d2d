/*
 * What other functions over lists of resources are configured with: a ConfigMap
 * of options, and the kinds of the functions that set one image.
 */
#pragma once

#include "config/reader.h"

/* Read a ConfigMap, whose data has options of the command line or what
 * set-image takes; kpt's SetImage; and kustomize's ImageTagTransformer. */
irw_reader_fn irw_config_map, irw_config_set_image, irw_config_image_tag;
