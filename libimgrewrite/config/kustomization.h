/*
 * kustomize's own files, and those of their items that rules files have too.
 */
#pragma once

#include "config/reader.h"

/* Reads a kustomization. */
irw_reader_fn irw_config_kustomization;

/* Read an entry of `images:`, and a field spec. */
irw_reader_fn irw_config_override, irw_config_fieldspec;
