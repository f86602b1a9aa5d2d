/*
 * JSON that holds secrets, read by jansson. Its values are overwritten before
 * they are released; what jansson keeps of them while it reads is not.
 */
#pragma once

#include <imgrewrite/base.h>

#include <jansson.h>

/* Reads the text; `flags` are those of jansson's json_loadb. Release the root
 * with irw_json_free. `path`, which may be NULL, is for the error's place; the
 * message quotes nothing of the text.
 *
 * IMGRW_ERR_INPUT: it is not JSON. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_json_read(imgrw_str text, size_t flags, const char *path,
                                json_t **root, struct imgrw_error *error);

/* Overwrites the strings of what irw_json_read has read, and releases it; NULL
 * is allowed. */
void irw_json_free(json_t *root);

/* The string that an object has under `key`; empty where it has none there. */
imgrw_str irw_json_get_text(const json_t *object, const char *key);
