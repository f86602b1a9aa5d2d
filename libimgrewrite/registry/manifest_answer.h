/*
 * Manifests and errors: the URLs at which they are asked for, and what is read
 * from them.
 */
#pragma once

#include "registry/bytes.h"

#include <imgrewrite/reference.h>
#include <imgrewrite/registry.h>

/* No manifest is larger, and no error is read further. */
#define IRW_MANIFEST_MAX   ((size_t)4 << 20)
#define IRW_ERROR_BODY_MAX ((size_t)64 << 10)

/* The types of manifests that are asked for: the value of an Accept header. */
#define IRW_ACCEPT \
    "application/vnd.oci.image.index.v1+json, " \
    "application/vnd.oci.image.manifest.v1+json, " \
    "application/vnd.docker.distribution.manifest.list.v2+json, " \
    "application/vnd.docker.distribution.manifest.v2+json"

/* Adds the host that serves the registry of a full reference: Docker Hub has
 * another name than its images. */
void irw_registry_host(const struct imgrw_reference *full,
                       struct irw_bytes *host);

/* Adds the path of the manifest of a full reference: that of its digest, its
 * tag or, where it has neither, of `latest`. */
void irw_manifest_path(const struct imgrw_reference *full,
                       struct irw_bytes *path);

/* Whether the body of a 404 says, in the words of a registry, that there is no
 * such image. */
bool irw_error_is_unknown(imgrw_str body);

/* The platforms of an index, malloc'ed like each part; the caller frees them
 * with irw_platforms_free. False when memory is out. A body that is no index
 * has none, and neither has an entry that is no image, such as an attestation.
 */
bool irw_platforms_read(imgrw_str body,
                        struct imgrw_registry_platform **platforms,
                        size_t *count);
void irw_platforms_free(struct imgrw_registry_platform *platforms,
                        size_t count);
