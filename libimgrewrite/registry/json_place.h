/*
 * Where in a text things are that jansson has read from it.
 */
#pragma once

#include <imgrewrite/base.h>

/* Finds the value of a member of a member of ... the root, by the names of
 * these members, of which the last is NULL. The text is one that jansson
 * accepts; of members with one name the last is meant, as jansson has it. The
 * place, whose path is not set, is where the value begins; or, where a member
 * is missing, the object without it. */
void irw_json_place(imgrw_str text, const char *const names[],
                    struct imgrw_location *at);
