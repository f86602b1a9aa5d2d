/*
 * Which formats say what they are.
 */
#pragma once

#include "config/reader.h"

/* What reads a document of this `apiVersion` and `kind`; NULL: nothing does.
 * What comes after the "/" of the version is for that to judge. */
irw_reader_fn *irw_config_find_kind(imgrw_str version, imgrw_str kind);
