/*
 * What the other layers need to know of references beyond the public header.
 */
#pragma once

#include <imgrewrite/reference.h>

#include <stdbool.h>

/* Whether the first component of a name, with a "/" behind it, is a registry
 * rather than a part of a Docker Hub name. */
bool irw_is_host(imgrw_str component);

/* Whether `text` is 64 hexadecimal digits, which would be taken for the ID of
 * an image. */
bool irw_is_image_id(imgrw_str text);

/* The form of a name that is compared byte by byte: the full name, its host in
 * lower case and without ":443". Borrows as imgrw_reference_normalize does. */
void irw_reference_canonical(const struct imgrw_reference *reference,
                             char *buffer, struct imgrw_reference *canonical);
