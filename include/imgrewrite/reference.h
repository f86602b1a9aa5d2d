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

/* No component of a reference, and no reference this library makes, is longer
 * than this many bytes. */
#define IMGRW_REFERENCE_MAX 1024

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

/* The full name that `reference` stands for: an absent registry and
 * index.docker.io become docker.io, and a repository of one component there
 * gains "library/". Tag and digest stay as they are, also when both are absent.
 *
 * The parts of `full` borrow from `reference`, from static text, or from
 * `buffer`, which is the caller's and of IMGRW_REFERENCE_MAX bytes. `full` may
 * be `reference`, which must come from imgrw_reference_parse. */
IMGRW_EXPORT void imgrw_reference_normalize(
    const struct imgrw_reference *reference, char *buffer,
    struct imgrw_reference *full);

/* The name that people write for `full`, a full name: docker.io and, for an
 * official image, "library/" are left out, unless what remains would be read as
 * something else. The parts of `shortest` borrow from
 * what those of `full` do; `shortest` may be `full`. */
IMGRW_EXPORT void imgrw_reference_shorten(const struct imgrw_reference *full,
                                          struct imgrw_reference *shortest);

/* Whether both name one image: the same full name, tag and digest. Hosts are
 * compared without regard to case, and ":443" equals no port. */
IMGRW_EXPORT int imgrw_reference_equal(const struct imgrw_reference *one,
                                       const struct imgrw_reference *other);

/* Writes `reference` as text into `buffer` of `size` bytes, with a NUL behind.
 * IMGRW_ERR_LIMIT: `size` is too small. IMGRW_ERR_ARGUMENT: no repository. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_reference_format(const struct imgrw_reference *reference, char *buffer,
                       size_t size, imgrw_str *text, struct imgrw_error *error);

#ifdef __cplusplus
}
#endif
