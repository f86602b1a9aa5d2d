/*
 * Registries: which images can be pulled, by whom, and which digests they have.
 * This is a library of its own, libimgrewrite-registry, with libcurl and
 * jansson below it.
 *
 * Images are asked for without any login first, and this first pass has no
 * access to logins. No certificate goes unchecked. What a registry names in
 * its answers, such as a server of tokens, is asked only if that is no more
 * internal than the registry itself.
 */
#pragma once

#include <imgrewrite/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is known of an image. The numbers never change. */
enum imgrw_registry_outcome {
    IMGRW_REGISTRY_NOT_ASKED = 0,
    /* facts about the image */
    IMGRW_REGISTRY_PUBLIC = 1,   /* anyone can pull it */
    IMGRW_REGISTRY_DENIED = 2,   /* it is private or absent; registries hide
                                    which */
    IMGRW_REGISTRY_ABSENT = 3,   /* there is no such image */
    IMGRW_REGISTRY_PULLABLE = 4, /* with the login */
    IMGRW_REGISTRY_BAD_CREDENTIALS = 5, /* not with the login either */
    /* why nothing is known */
    IMGRW_REGISTRY_RATE_LIMITED = 6,
    IMGRW_REGISTRY_UNREACHABLE = 7,
    IMGRW_REGISTRY_TIMEOUT = 8,
    IMGRW_REGISTRY_TLS_ERROR = 9,
    IMGRW_REGISTRY_SERVER_ERROR = 10,
    IMGRW_REGISTRY_PROTOCOL_ERROR = 11, /* no answer of a registry */
    IMGRW_REGISTRY_REFUSED = 12,        /* asking on would not be safe */
};

/* How many outcomes there are. */
#define IMGRW_REGISTRY_OUTCOMES 13

/* The word for an outcome, such as "rate-limited"; never NULL. */
IMGRW_EXPORT const char *
imgrw_registry_outcome_name(enum imgrw_registry_outcome outcome);

/* Whether the outcome is a fact about the image: 1 or 0. */
IMGRW_EXPORT int
imgrw_registry_outcome_is_fact(enum imgrw_registry_outcome outcome);

/* A platform of an index. An empty part is one that the index does not name.
 *
 * No field will ever be appended to this struct, because callers read arrays of
 * it. */
struct imgrw_registry_platform {
    imgrw_str os, architecture, variant, digest;
};

#ifdef __cplusplus
}
#endif
