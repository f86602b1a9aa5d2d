/*
 * JSON as the events of a tree. YAML would read it as well, but a YAML library
 * has memory of its own, in which secrets would stay, and libyaml refuses a
 * character that JSON writes as two escapes.
 */
#pragma once

#include "yaml/event.h"

/* JSON, with the words and numbers of YAML. Any other text is
 * IMGRW_ERR_SYNTAX, and no message says why. */
extern const struct irw_backend irw_json;
