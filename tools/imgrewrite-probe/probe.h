/*
 * What the files of imgrewrite-probe share. It is a program of its own, because
 * starting one with libcurl takes four times as long; `imgrewrite probe` starts
 * it. How it speaks to people, and how it walks over files, is that of
 * imgrewrite, whose files it is built with.
 */
#pragma once

#include "gather_copies.h"
#include "rule_options.h"

#include <imgrewrite/registry.h>

enum probe_output {
    OUTPUT_TABLE,
    OUTPUT_JSON,
    OUTPUT_KNOWN_IMAGES,
    OUTPUT_LOCK,        /* tags are kept beside digests */
    OUTPUT_DIGEST_LOCK, /* they are not */
    OUTPUT_REGISTRY_AUTH,
    OUTPUT_MAPPING,     /* this and what follows is a list of copies */
    OUTPUT_SKOPEO_COPY,
    OUTPUT_CRANE_COPY,
    OUTPUT_REGSYNC,
};

/* What an image is taken for of which nothing is known. */
enum probe_unknown { UNKNOWN_ERROR, UNKNOWN_PRIVATE, UNKNOWN_PUBLIC };

/* What is known of the place that an image is to be copied to. */
enum target_state {
    TARGET_UNKNOWN,
    TARGET_MISSING, /* nothing is there, or another image */
    TARGET_THERE,
};

struct probe {
    struct settings settings; /* those that commands over files have */
    struct imgrw_registry_options options;
    const char **insecure, **connect_to; /* malloc'ed, NULL at the end */
    size_t insecure_count, connect_to_count;
    const char *certificate_folders[4]; /* NULL at the end */
    char *own_certificates;             /* the user's, of these; malloc'ed */
    const char *list; /* a file of references, or "-"; NULL: none */
    int auth;         /* logins are looked for where Docker and Podman do */
    const char *auth_file; /* or in this file alone; NULL: there is none */
    enum probe_output output;
    enum probe_unknown unknown;
    enum target_state target_unknown; /* what such a target is taken for */
    struct given_rules given;         /* with any, targets are asked for */
    struct copies copies;             /* what these rules move */
    size_t *asked; /* the copies that answers are about, malloc'ed */
    size_t left_out; /* images of manifests that cannot be asked for */
    struct imgrw_registry_client *client;
};
