/*
 * kustomize's own files, and their items in other files.
 */
#pragma once

#include "config/reader.h"

/* Reads a kustomization. */
irw_reader_fn irw_config_kustomization;

/* Reads an entry of `images:`, and a field spec. */
irw_reader_fn irw_config_override, irw_config_fieldspec;
