/*
 * Image references, by the grammar of github.com/distribution/reference, which
 * Docker, containerd and the kubelet share:
 *
 *     reference  = [ registry "/" ] repository [ ":" tag ] [ "@" digest ]
 *     registry   = host [ ":" port ]          host may be an IPv6 address in []
 *     repository = component *( "/" component )
 */
#pragma once

#include <imgrewrite/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* No reference that this library reads or makes is longer than this many bytes,
 * the NUL after it included. */
#define IMGRW_REFERENCE_MAX 1024

/* Room for a reference that the library makes. It need not be initialised. */
struct imgrw_reference_buffer {
    char bytes[IMGRW_REFERENCE_MAX];
};

/* A reference in parts. Each part borrows from the text that was parsed, and is
 * empty where the text has none. */
struct imgrw_reference {
    imgrw_str registry;   /* "quay.io", "localhost:5000"; no "/" */
    imgrw_str repository; /* "prometheus/node-exporter"; never empty */
    imgrw_str tag;        /* "v1.8.2"; no ":" */
    imgrw_str digest;     /* "sha256:..."; no "@" */
};

/* Splits `text` into a reference as written: a registry is there only if the
 * text names one. The first component is the registry when it holds "." or ":",
 * is "localhost", or is not all lower case; that is the reference package's own
 * rule. Allocates nothing; `reference` borrows from `text`.
 *
 * IMGRW_ERR_REFERENCE: `error->at.offset` is the byte that is wrong, and
 * `error->at.column` the same in characters, from 1. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_reference_parse(imgrw_str text, struct imgrw_reference *reference,
                      struct imgrw_error *error);

/* The full name that `reference` means, by the rules of the reference package:
 * an absent registry and index.docker.io become docker.io, and a repository of
 * one component there gains "library/". Tag and digest stay as they are, even
 * when both are absent.
 *
 * The parts of `full` borrow from what those of `reference` do, from static
 * text, or from `buffer`. `full` may be `reference`.
 *
 * IMGRW_ERR_ARGUMENT: there is no repository. IMGRW_ERR_LIMIT: the name is
 * longer than any that can be parsed. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_reference_normalize(const struct imgrw_reference *reference,
                          struct imgrw_reference_buffer *buffer,
                          struct imgrw_reference *full,
                          struct imgrw_error *error);

/* The name that people write for `full`, which is a full name: docker.io and,
 * for an official image, "library/" are left out, unless what remains would be
 * read as something else. The parts of `shortest` borrow from what those of
 * `full` do; `shortest` may be `full`. */
IMGRW_EXPORT void imgrw_reference_shorten(const struct imgrw_reference *full,
                                          struct imgrw_reference *shortest);

/* Whether both name one image, 1 or 0: the same full name, tag and digest.
 * Hosts are compared without regard to case, ":443" equals no port, and
 * registry-1.docker.io and registry.hub.docker.com are docker.io. */
IMGRW_EXPORT int imgrw_reference_equal(const struct imgrw_reference *one,
                                       const struct imgrw_reference *other);

/* Writes `reference` into `buffer`, with a NUL after it; `text`, which does not
 * count the NUL, borrows from there. IMGRW_ERR_ARGUMENT: there is no
 * repository. IMGRW_ERR_LIMIT: it does not fit. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_reference_format(const struct imgrw_reference *reference,
                       struct imgrw_reference_buffer *buffer, imgrw_str *text,
                       struct imgrw_error *error);

#ifdef __cplusplus
}
#endif
