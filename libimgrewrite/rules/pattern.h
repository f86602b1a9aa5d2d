/*
 * Patterns: a registry or a path in one, by which rules name many images, or
 * the place where they put them.
 */
#pragma once

#include "base/arena.h"

#include <imgrewrite/reference.h>

#include <stdbool.h>

struct irw_pattern {
    struct imgrw_reference name; /* canonical, but for `official`; without a
                                    repository it is the whole registry, and
                                    without a tag or a digest it is any */
    bool any_host; /* written `*.example.com`; the registry is ".example.com" */
    imgrw_str official; /* of one component of Docker Hub: the repository of the
                           official image, which it covers as well */
};

/* Where a rule puts images. */
struct irw_location {
    imgrw_str text; /* as written, no "/" at its end; empty: there is none */
    struct irw_pattern under;
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

/* Reads `text` as a registry, with or without a path, or as a path on Docker
 * Hub. IMGRW_ERR_RULE, IMGRW_ERR_MEMORY. */
enum imgrw_status irw_location_parse(imgrw_str text, struct irw_arena *arena,
                                     struct irw_location *location,
                                     struct imgrw_error *error);

/* Whether `pattern` covers the reference, which is in canonical form, and how;
 * `match` may be NULL. */
bool irw_pattern_match(const struct irw_pattern *pattern,
                       const struct imgrw_reference *reference,
                       struct irw_match *match);

/* What is left of the repository below what the match covers. */
imgrw_str irw_match_rest(const struct irw_match *match, imgrw_str repository);

/* Whether every reference that `inner` matches is one that `outer` matches. */
bool irw_pattern_covers(const struct irw_pattern *outer,
                        const struct irw_pattern *inner);

/* Takes the last component off the path; false where it is empty already. */
bool irw_path_up(imgrw_str *path);
