/*
 * Credentials of registries, and the Secret that gives them to the kubelet.
 *
 * No message of these functions holds a password, a token, or any text that
 * might be one. What the library keeps of them is overwritten before it is
 * released. It cannot do that for the YAML library's own memory, so a text that
 * is JSON never comes there. What is handed in is the caller's to overwrite.
 */
#pragma once

#include <imgrewrite/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* User names and passwords, one for each registry. Where a function returns a
 * status, NULL for the set is IMGRW_ERR_ARGUMENT. */
struct imgrw_credentials;

/* A user name and a password for a registry. */
struct imgrw_credential {
    size_t size;          /* sizeof(struct imgrw_credential) */
    const char *endpoint; /* the registry; see imgrw_credentials_read */
    const char *username; /* NULL: "" */
    const char *password; /* NULL: imgrw_credentials_set_password gives it */
    int64_t expires_at;   /* the password, in seconds since 1970; 0: never, or
                             it is not known */
};

/* An empty set. Release it with imgrw_credentials_free. IMGRW_ERR_ARGUMENT:
 * `credentials` is NULL. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_credentials_new(struct imgrw_credentials **credentials,
                      struct imgrw_error *error);

/* Overwrites and releases the set. */
IMGRW_EXPORT void imgrw_credentials_free(struct imgrw_credentials *credentials);

/* From now on an entry may have the access key of AWS as its user name and the
 * secret key as its password, for a program that asks ECR for a token with
 * them. imgrw_credentials_secret refuses such a set, and nobody is warned of
 * `expires_at` any more. NULL is allowed. */
IMGRW_EXPORT void
imgrw_credentials_accept_access_keys(struct imgrw_credentials *credentials);

/* Adds an entry, which is copied. User name and password may both be empty.
 * `warn` may be NULL; it hears of a password that expires, and of the user AWS,
 * whose token does so after 12 hours, of a host that no image can name, and of
 * a password with a line break at its end.
 *
 * IMGRW_ERR_INPUT: the endpoint is not a registry or has an entry already; the
 * user name is empty and the password is not, or it holds a ":" or a control
 * character, or it is an AWS access key, with which a kubelet cannot log in
 * (see imgrw_credentials_accept_access_keys).
 * IMGRW_ERR_ARGUMENT: there is no endpoint, or the password expires at no time
 * from 1970 to 9999. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_credentials_add(struct imgrw_credentials *credentials,
                      const struct imgrw_credential *credential,
                      imgrw_warn_fn *warn, void *user,
                      struct imgrw_error *error);

/* Adds what `text` holds, all of it or, on failure, nothing. The content says
 * which of these it is:
 *
 * - a config.json of Docker or Podman: under `auths`, an entry for each
 *   registry with `auth`, or with `username` and `password`. What is in a
 *   credential store (`credsStore`, `credHelpers`) cannot be read;
 * - {endpoint, username, password}, as YAML or JSON, or a list of such. Without
 *   `password` the entry waits for imgrw_credentials_set_password. `expiresAt`
 *   may say when the password expires, such as 2026-01-02T03:04:05Z (RFC 3339).
 *
 * An endpoint may have a scheme and a path, which are dropped; docker.io
 * becomes index.docker.io, as the kubelet has it. `path`, which may be NULL, is
 * for messages. `warn` may be NULL; it hears what imgrw_credentials_add warns
 * of, and of stores whose content is missing.
 *
 * IMGRW_ERR_SYNTAX, IMGRW_ERR_ENCODING, IMGRW_ERR_LIMIT: the text cannot be
 * read. IMGRW_ERR_INPUT: an unknown key, an entry that imgrw_credentials_add
 * would refuse, or one that no Secret can hold. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_credentials_read(struct imgrw_credentials *credentials, imgrw_str text,
                       const char *path, imgrw_warn_fn *warn, void *user,
                       struct imgrw_error *error);

/* The same for the file at `path`, or standard input for "-".
 * IMGRW_ERR_ARGUMENT: `path` is NULL. IMGRW_ERR_IO. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_credentials_read_file(struct imgrw_credentials *credentials,
                            const char *path, imgrw_warn_fn *warn, void *user,
                            struct imgrw_error *error);

/* Gives an entry that has no password this one, which is copied without a line
 * break at its end, because it often comes from standard input. `endpoint` says
 * which entry; NULL: the only one without a password.
 *
 * IMGRW_ERR_INPUT: no entry lacks a password, or several do and `endpoint` does
 * not choose one of them; the password is empty or holds a NUL.
 * IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_credentials_set_password(struct imgrw_credentials *credentials,
                               const char *endpoint, imgrw_str password,
                               struct imgrw_error *error);

/* How many entries there are; 0 for NULL. */
IMGRW_EXPORT size_t
imgrw_credentials_count(const struct imgrw_credentials *credentials);

/* The registry of an entry, such as "reg.example.com:5000"; they are numbered
 * from 0 in the order of their bytes. Borrowed until the set changes; "" where
 * there is none. */
IMGRW_EXPORT const char *
imgrw_credentials_host(const struct imgrw_credentials *credentials,
                       size_t index);

/* The "user:password" of that entry, borrowed likewise; empty where there is
 * none, or no password yet. The user name ends at the first colon. */
IMGRW_EXPORT imgrw_str
imgrw_credentials_pair(const struct imgrw_credentials *credentials,
                       size_t index);

/* When the password of that entry expires, in seconds since 1970; 0: never, or
 * it is not known, or there is no such entry. */
IMGRW_EXPORT int64_t
imgrw_credentials_expires_at(const struct imgrw_credentials *credentials,
                             size_t index);

/* Whether all passwords are good at the time `now`, in seconds since 1970, as
 * time(NULL) has it. IMGRW_ERR_INPUT: one has expired. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_credentials_check_expiry(const struct imgrw_credentials *credentials,
                               int64_t now, struct imgrw_error *error);

/* Makes a text that imgrw_credentials_read reads: a list of {endpoint,
 * username, password}, and of `expiresAt` where that is known, as JSON. `text`
 * is borrowed from the set until the next call of this function, of
 * imgrw_credentials_secret, or of imgrw_credentials_free, which overwrite it.
 *
 * IMGRW_ERR_ARGUMENT: `text` is NULL. IMGRW_ERR_INPUT: an entry has no
 * password, or is an access key of AWS. IMGRW_ERR_ENCODING: user name or
 * password is not UTF-8. IMGRW_ERR_LIMIT: the text is longer than what
 * imgrw_credentials_read takes, 1 MiB. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_credentials_text(struct imgrw_credentials *credentials, imgrw_str *text,
                       struct imgrw_error *error);

/* Makes a Secret of type kubernetes.io/dockerconfigjson, one YAML document
 * without a marker around it, that has for each registry base64 of
 * "user:password". Its annotations have Helm and KOTS create it before what
 * needs it; where passwords expire, imgrewrite/expires-at is when the first
 * does, in UTC (RFC 3339). `namespace_` NULL or "": none. `text` is borrowed
 * from the set until the next call of this function, of imgrw_credentials_text,
 * or of imgrw_credentials_free, which overwrite it.
 *
 * IMGRW_ERR_ARGUMENT: a name that Kubernetes would refuse, or `text` is NULL.
 * IMGRW_ERR_INPUT: an entry has no password, or is an access key of AWS.
 * IMGRW_ERR_LIMIT: more than the 1 MiB that a Secret may hold.
 * IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_credentials_secret(struct imgrw_credentials *credentials,
                         const char *name, const char *namespace_,
                         imgrw_str *text, struct imgrw_error *error);

#ifdef __cplusplus
}
#endif
