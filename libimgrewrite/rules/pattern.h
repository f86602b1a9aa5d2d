/*
 * Patterns: a registry or a path in one, by which prefix rules and excludes
 * name images.
 */
#pragma once

#include "base/arena.h"

#include <imgrewrite/reference.h>

#include <stdbool.h>

struct irw_pattern {
    imgrw_str host; /* canonical; with `any_host`, how hosts end: ".gcr.io" */
    imgrw_str path; /* no "/" at either end; empty: the whole registry */
    imgrw_str tag, digest; /* empty: any */
    bool any_host;         /* written `*.example.com` */
    bool official; /* one component of Docker Hub: an official image as well */
};

/* How a pattern matched. */
struct irw_match {
    size_t path;  /* bytes of the repository that it covers */
    size_t exact; /* the larger, the more the pattern says beyond its path */
};

/* Reads `text` as a pattern: HOST, HOST/PATH, *.HOST, or a Docker Hub path such
 * as `nginx` or `bitnami/redis`; a tag or a digest may follow a path, and a "/"
 * everything. The strings of the result live in `arena`. `what` names the
 * option in errors.
 * IMGRW_ERR_RULE, IMGRW_ERR_MEMORY. */
enum imgrw_status irw_pattern_parse(imgrw_str text, const char *what,
                                    struct irw_arena *arena,
                                    struct irw_pattern *pattern,
                                    struct imgrw_error *error);

/* The same for a list of images, where people write a "/" and two asterisks
 * after a path, which mean the same as the path alone. */
enum imgrw_status irw_pattern_parse_glob(imgrw_str text, const char *what,
                                         struct irw_arena *arena,
                                         struct irw_pattern *pattern,
                                         struct imgrw_error *error);

/* Whether `pattern` covers the reference, which is in canonical form. */
bool irw_pattern_match(const struct irw_pattern *pattern,
                       const struct imgrw_reference *reference,
                       struct irw_match *match);

/* What is left of the repository below what the match covers. */
imgrw_str irw_match_rest(const struct irw_match *match, imgrw_str repository);

/* Whether every reference that `inner` matches is one that `outer` matches. */
bool irw_pattern_covers(const struct irw_pattern *outer,
                        const struct irw_pattern *inner);

/* For a pattern of one component of Docker Hub, the one of the official image
 * that it covers as well, whose path borrows from `buffer`; false for any
 * other. */
bool irw_pattern_official(const struct irw_pattern *pattern,
                          struct imgrw_reference_buffer *buffer,
                          struct irw_pattern *official);

/* Whether both match the same images. */
bool irw_pattern_equal(const struct irw_pattern *one,
                       const struct irw_pattern *other);
