/*
 * Reading files of logins: Docker's, Podman's, and our own. No message quotes a
 * value of theirs.
 */
#pragma once

#include "registry/login_file.h"

enum irw_config_format {
    IRW_CONFIG_ANY,        /* a file that the user names: its content says */
    IRW_CONFIG_CONTAINERS, /* auth.json */
    IRW_CONFIG_DOCKER,     /* config.json, which may name a store */
    IRW_CONFIG_DOCKERCFG,  /* .dockercfg: entries only, for whole registries */
};

/* Where a text comes from. */
struct irw_config_source {
    const char *path; /* for messages and for the sources of logins */
    enum irw_config_format format;
    imgrw_warn_fn *warn; /* NULL: nobody hears */
    void *user;          /* for `warn` */
};

/* Reads a text. `warn` hears of a store that is not asked, of an account of ECR
 * that cannot be, and what imgrw_credentials_read warns of. Release `file`
 * with irw_login_file_free.
 *
 * IMGRW_ERR_INPUT, or what imgrw_credentials_read returns: it is no such file.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_docker_config_read(imgrw_str text,
                                         const struct irw_config_source *source,
                                         struct irw_login_file **file,
                                         struct imgrw_error *error);
