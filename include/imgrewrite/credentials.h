/*
 * Credentials of registries, and the Secret that gives them to the kubelet.
 *
 * No message of these functions holds a password, a token, or any text that
 * might be one. What the library keeps of them is overwritten before it is
 * released. It cannot do that for the YAML library's own memory, so a file that
 * is JSON never comes there. A text that is handed in is the caller's to
 * overwrite.
 */
#pragma once

#include <imgrewrite/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* User names and passwords, one for each registry. */
struct imgrw_credentials;

/* An empty set. Release it with imgrw_credentials_free. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_credentials_new(struct imgrw_credentials **credentials,
                      struct imgrw_error *error);

/* Overwrites and releases the set. */
IMGRW_EXPORT void imgrw_credentials_free(struct imgrw_credentials *credentials);

/* Adds what `text` holds, all of it or, on failure, nothing. It is told from
 * the content which of these it is:
 *
 * - a config.json of Docker or Podman: under `auths`, an entry for each
 *   registry with `auth`, or with `username` and `password`. What lies in a
 *   credential store (`credsStore`, `credHelpers`) is not there to be read;
 * - {endpoint, username, password}, as YAML or JSON, or a list of such. Without
 *   `password` the entry waits for imgrw_credentials_set_password.
 *
 * An endpoint may come with a scheme and a path, which are dropped; that of
 * docker.io becomes index.docker.io, as the kubelet has it. `text` and `path`,
 * which may be NULL and is only for messages, are borrowed for the call. `warn`
 * may be NULL; it is given what imgrw_credentials_add warns of, and stores
 * whose content is missing.
 *
 * IMGRW_ERR_SYNTAX, IMGRW_ERR_ENCODING, IMGRW_ERR_LIMIT: it cannot be read.
 * IMGRW_ERR_CREDENTIALS: an unknown key, an entry that imgrw_credentials_add
 * would refuse, or one that no Secret can hold. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_credentials_read(struct imgrw_credentials *credentials, imgrw_str text,
                       const char *path, imgrw_warn_fn *warn, void *user,
                       struct imgrw_error *error);

/* Adds an entry; the strings are copied. `username` and `password` may both be
 * "". NULL for `password`: imgrw_credentials_set_password will give it. `warn`
 * may be NULL; it is told of the user AWS, whose token expires after 12 hours,
 * of a host that no image can name, and of a password with a line break at its
 * end.
 *
 * IMGRW_ERR_CREDENTIALS: the endpoint is no registry or has an entry already;
 * the user name is empty and the password is not, or it holds a ":" or a
 * control character, or it is an AWS access key, with which a kubelet cannot
 * log in. IMGRW_ERR_ARGUMENT: `endpoint` or `username` is NULL.
 * IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_credentials_add(struct imgrw_credentials *credentials,
                      const char *endpoint, const char *username,
                      const char *password, imgrw_warn_fn *warn, void *user,
                      struct imgrw_error *error);

/* Gives the one entry that has no password this one, which is copied without a
 * line break at its end, for it often comes from standard input.
 *
 * IMGRW_ERR_CREDENTIALS: no entry lacks a password, or several do; the password
 * is empty or holds a NUL. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_credentials_set_password(struct imgrw_credentials *credentials,
                               imgrw_str password, struct imgrw_error *error);

/* How many entries there are. */
IMGRW_EXPORT size_t
imgrw_credentials_count(const struct imgrw_credentials *credentials);

/* The registry of an entry, such as "reg.example.com:5000"; they are numbered
 * from 0 in the order of their bytes. Borrowed until the set changes; "" where
 * there is none. */
IMGRW_EXPORT const char *
imgrw_credentials_host(const struct imgrw_credentials *credentials,
                       size_t index);

/* Writes a Secret of type kubernetes.io/dockerconfigjson, one YAML document
 * without a marker around it, that says of each registry base64 of
 * "user:password". It has the annotations by which Helm and KOTS create it
 * before what needs it. `name_space` NULL or "": none. `write` is called
 * several times with `user`.
 *
 * IMGRW_ERR_ARGUMENT: a name that Kubernetes would refuse.
 * IMGRW_ERR_CREDENTIALS: an entry has no password. IMGRW_ERR_LIMIT: more than
 * the 1 MiB that a Secret may hold. IMGRW_ERR_STOPPED, IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_credentials_write_secret(const struct imgrw_credentials *credentials,
                               const char *name, const char *name_space,
                               imgrw_write_fn *write, void *user,
                               struct imgrw_error *error);

#ifdef __cplusplus
}
#endif
