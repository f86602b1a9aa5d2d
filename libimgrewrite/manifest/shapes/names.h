/*
 * The annotations of Argo CD's image updater.
 */
#pragma once

#include "base/str.h"

/* Whether an annotation with this name is one of them. */
bool irw_is_updater_key(imgrw_str key);
