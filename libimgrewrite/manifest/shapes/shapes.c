#include "manifest/shapes/shapes.h"

irw_shape_fn *const irw_shapes[] = {
    [IRW_SHAPE_IMAGE] = irw_shape_image,
    [IRW_SHAPE_FULL] = irw_shape_full,
    [IRW_SHAPE_NAMED] = irw_shape_named,
    [IRW_SHAPE_SPLIT] = irw_shape_split,
    [IRW_SHAPE_JOIN] = irw_shape_join,
    [IRW_SHAPE_BASE] = irw_shape_base,
    [IRW_SHAPE_URL] = irw_shape_url,
    [IRW_SHAPE_OVERRIDE] = irw_shape_override,
    [IRW_SHAPE_RESOLVER] = irw_shape_resolver,
    [IRW_SHAPE_KUSTOMIZE] = irw_shape_kustomize,
    [IRW_SHAPE_VALUES] = irw_shape_values,
    [IRW_SHAPE_DATA] = irw_shape_data,
    [IRW_SHAPE_DOCUMENT] = irw_shape_document,
    [IRW_SHAPE_ENV] = irw_shape_environment,
    [IRW_SHAPE_ARGS] = irw_shape_arguments,
    [IRW_SHAPE_SYNC] = irw_shape_sync,
    [IRW_SHAPE_PARAMETERS] = irw_shape_parameters,
    [IRW_SHAPE_RUN_PARAMETERS] = irw_shape_parameters,
};
