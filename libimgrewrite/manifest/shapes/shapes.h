/*
 * The shapes: how an image may be written at a place, and who finds it there.
 */
#pragma once

#include "manifest/walk.h"

/* By enum irw_shape. */
extern irw_shape_fn *const irw_shapes[];

irw_shape_fn irw_shape_image, irw_shape_field, irw_shape_full, irw_shape_named,
    irw_shape_split, irw_shape_join, irw_shape_base, irw_shape_url,
    irw_shape_override, irw_shape_resolver, irw_shape_kustomize,
    irw_shape_values, irw_shape_data, irw_shape_literal, irw_shape_document,
    irw_shape_patch, irw_shape_environment, irw_shape_arguments, irw_shape_sync,
    irw_shape_parameters, irw_shape_settings, irw_shape_names, irw_shape_alias,
    irw_shape_updater;
