/*
 * The logins of a user: one file of them, or all that Docker and Podman have.
 *
 * Each file is read once, and a program is asked once for a registry.
 */
#pragma once

#include "registry/login.h"

/* The most that a file of logins may have. */
#define IRW_LOGINS_FILE_BYTES ((size_t)1 << 20)

/* Where logins are. The strings are borrowed until irw_logins_free; NULL or ""
 * stands for a variable of the environment that is not set. */
struct irw_logins_options {
    /* This file alone, of any format, or standard input for "-": --auth-file,
     * or else REGISTRY_AUTH_FILE. NULL: all of those that follow, of which the
     * first that has something for an image counts. */
    const char *file;
    const char *docker_auth_config; /* the text of a config.json */
    const char *xdg_runtime_dir; /* .../containers/auth.json; not set: */
    unsigned user_id;            /* /run/containers/USER_ID/auth.json */
    const char *xdg_config_home; /* .../containers/auth.json */
    const char *docker_config;   /* .../config.json */
    const char *home;            /* its .config, .docker, and .dockercfg */
    int milliseconds;            /* that a program may take; 0: 30 s */
    imgrw_warn_fn *warn; /* hears of files that others can read, and what
                            irw_docker_config_read warns of; may be NULL */
    void *user;          /* for `warn` */
};

/* What was found in them. */
struct irw_logins;

/* Reads the files that are there. What is wrong with one of several is told to
 * those who look something up that none before it has.
 *
 * IMGRW_ERR_IO, and what irw_docker_config_read returns: of the file that is
 * alone, which has to be there. IMGRW_ERR_LIMIT: it is too large.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_logins_new(const struct irw_logins_options *options,
                                 struct irw_logins **logins,
                                 struct imgrw_error *error);

/* Overwrites and releases all logins; NULL is allowed. */
void irw_logins_free(struct irw_logins *logins);

/* Finds the login for a repository at a host, such as "library/nginx" at
 * "docker.io"; `*login` is NULL where there is none. It may ask a program. The
 * login, and the path of the error's place, are borrowed until irw_logins_free.
 *
 * IMGRW_ERR_INPUT, IMGRW_ERR_IO, IMGRW_ERR_LIMIT: what is there for it makes no
 * sense, or a program fails. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_logins_find(struct irw_logins *logins, imgrw_str host,
                                  imgrw_str repository,
                                  const struct irw_login **login,
                                  struct imgrw_error *error);
