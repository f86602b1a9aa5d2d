/*
 * Names of images: which registry a name implies, and the form in which names
 * are compared.
 */
#pragma once

#include "base/str.h"

#include <imgrewrite/reference.h>

#define IRW_HUB IRW_STR("docker.io")              /* what no registry means */
#define IRW_LEGACY_HUB IRW_STR("index.docker.io") /* the same, in old files */
#define IRW_OFFICIAL IRW_STR("library/") /* before a lone component there */

#define IRW_SHA256 "sha256:" /* how most digests begin; a literal */

/* Whether the first component of a name, when a "/" follows it, is a registry
 * rather than a part of a Docker Hub name. */
bool irw_is_host(imgrw_str component);

/* Whether `text` is 64 hexadecimal digits, which Docker would take for the ID
 * of an image. */
bool irw_is_image_id(imgrw_str text);

/* The reference without its tag and digest. */
struct imgrw_reference
irw_reference_name(const struct imgrw_reference *reference);

/* The repository of a full name, without the `library/` of official images of
 * Docker Hub. */
imgrw_str irw_reference_short_path(const struct imgrw_reference *full);

/* Whether all parts are the same, byte by byte. */
bool irw_reference_same(const struct imgrw_reference *one,
                        const struct imgrw_reference *other);

/* imgrw_reference_normalize for a reference that was parsed; `bytes` has room
 * for "library/" and its repository. */
void irw_reference_normalize(const struct imgrw_reference *reference,
                             char *bytes, struct imgrw_reference *full);

/* The form of a name that is compared byte by byte: the full name, its host in
 * lower case and without ":443", and docker.io for every host of the Hub. The
 * reference was parsed; the result borrows from it, from static text, or from
 * `buffer`. */
void irw_reference_canonical(const struct imgrw_reference *reference,
                             struct imgrw_reference_buffer *buffer,
                             struct imgrw_reference *canonical);
