/*
 * Registries: which images can be pulled, by whom, and which digests they have.
 * This is a library of its own, libimgrewrite-registry, with libcurl and
 * jansson below it.
 *
 *     imgrw_registry_new, _add    how to ask, about which images
 *     imgrw_registry_run          asks
 *     imgrw_registry_answer       what was found out about each
 *     imgrw_registry_login        with which login it can be pulled
 *     imgrw_registry_free
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

/* Questions to registries, and the answers; one thread uses it. */
struct imgrw_registry_client;

/* How far asking has come. Fields may be appended: read it through the pointer
 * only. */
struct imgrw_registry_progress {
    size_t done, total; /* images, each once; and once more where it is asked
                           for with a login */
    imgrw_str reference; /* that was answered last; empty before the first */
};

/* A function that is told of progress: after each image, and ten times a second
 * at least. Any value but 0 stops the run with IMGRW_ERR_STOPPED. */
typedef int
imgrw_registry_progress_fn(const struct imgrw_registry_progress *progress,
                           void *user);

/* How to ask; zero means default. All that it points to is copied, but for
 * `user`. Lists end with NULL. Times are milliseconds. */
struct imgrw_registry_options {
    size_t size; /* sizeof(struct imgrw_registry_options) */
    unsigned connect_timeout; /* 0: 10,000 */
    unsigned request_timeout; /* of a request, connecting included; 0: 30,000 */
    unsigned deadline;        /* of a whole run; 0: none */
    unsigned in_flight;       /* requests at a time; 0: 16 */
    int resolve; /* Digests are proved by hashing manifests, and the platforms
                    of indexes are listed. Some registries count this as a
                    pull. */
    /* Registries, as HOST or HOST:PORT, that may be asked over http, where they
     * do not speak https; those on the loopback interface may in any case. */
    const char *const *insecure_registries;
    /* Where to connect to instead: HOST:PORT:CONNECT_HOST:CONNECT_PORT, each as
     * libcurl has it (CURLOPT_CONNECT_TO). */
    const char *const *connect_to;
    const char *ca_file; /* PEM; the certificates that are trusted, instead of
                            those of the system */
    const char *ecr_endpoint; /* URL of the API of ECR, instead of the one that
                                 belongs to a registry; over http on the
                                 loopback interface only */
    imgrw_registry_progress_fn *progress; /* NULL: nobody is told */
    void *user;                           /* for `progress` */
    /* Folders with certificates for single registries, as Docker and Podman
     * have them: the first one counts that has a HOST or HOST:PORT for it
     * (docker.io for Docker Hub). Authorities in there, *.crt, are trusted in
     * addition. A client certificate, NAME.cert with NAME.key, is a login: it
     * is shown to that registry alone, and only in the second pass, which
     * imgrw_registry_use_logins adds. What is wrong with them is the reason of
     * the answers. NULL: none. */
    const char *const *certificate_folders;
};

/* A platform of an index. An empty part is one that the index does not name.
 *
 * No field will ever be appended to this struct, because callers read arrays of
 * it. */
struct imgrw_registry_platform {
    imgrw_str os, architecture, variant, digest;
};

/* What was found out about an image. Everything is borrowed from the client,
 * and fields may be appended: read it through the pointer only. */
struct imgrw_answer {
    imgrw_str reference; /* as it was added */
    enum imgrw_registry_outcome outcome;
    enum imgrw_registry_outcome anonymous; /* without a login; another one than
                                              `outcome` if a login was tried */
    const char *reason; /* a sentence */
    const char *login;  /* where the login that was tried is from; NULL: none
                           was */
    unsigned http_status;  /* of the last response; 0: there was none */
    imgrw_str digest;      /* empty: not known */
    int digest_is_proved;  /* the manifest was read and has it: 1 or 0 */
    imgrw_str media_type;  /* of the manifest; empty: not known */
    const struct imgrw_registry_platform *platforms; /* see `resolve` */
    size_t platform_count;
    long rate_remaining; /* pulls that the registry still allows; -1: it did not
                            say */
    int64_t login_expires_at; /* of a password that ECR made of an access key,
                                 or whose file says it, in seconds since 1970;
                                 0: not known */
    int login_failed; /* there may be a login for it, and the reason says why it
                         cannot be had: 1 or 0 */
};

/* A login with which an image can be pulled. All of it is secret but the
 * registry and the time. Fields may be appended: read it through the pointer
 * only. */
struct imgrw_login {
    const char *registry; /* HOST or HOST:PORT, in lower case, that was asked;
                             of Docker Hub registry-1.docker.io */
    const char *username, *password; /* never NULL; of a login that ECR made of
                                        an access key, what it made */
    const char *identity_token; /* that servers of tokens are given in place of
                                   the two, and that a kubelet cannot use;
                                   NULL: none */
    int64_t expires_at; /* see struct imgrw_answer */
};

/* A client without questions. `options` may be NULL. Release it with
 * imgrw_registry_free.
 *
 * IMGRW_ERR_ARGUMENT: `client` is NULL, or `options` have no size or one of
 * an unknown future. IMGRW_ERR_INPUT: an entry of `insecure_registries` or
 * `connect_to` is malformed, or so is `ecr_endpoint`. IMGRW_ERR_IO: `ca_file`
 * cannot be read, or holds no certificate. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_registry_new(const struct imgrw_registry_options *options,
                   struct imgrw_registry_client **client,
                   struct imgrw_error *error);

/* Releases the client and its answers; NULL is allowed. */
IMGRW_EXPORT void imgrw_registry_free(struct imgrw_registry_client *client);

/* Where logins are looked for. Nothing is read from the environment: a program
 * that wants the usual places copies its variables of these names. What this
 * points to is borrowed until the client is freed. */
struct imgrw_login_places {
    size_t size;      /* sizeof(struct imgrw_login_places) */
    const char *file; /* this file alone, or standard input for "-": a
                         config.json or auth.json, or endpoint, username and
                         password; NULL: those of Docker and Podman, in the
                         order of the latter: */
    const char *xdg_runtime_dir; /* containers/auth.json; NULL:
                                    /run/containers/USER_ID/auth.json */
    unsigned user_id;
    const char *xdg_config_home; /* containers/auth.json */
    const char *docker_config;   /* config.json */
    const char *home;            /* its .config, .docker, and .dockercfg */
    unsigned helper_timeout; /* milliseconds, for a program that keeps logins;
                                0: 30,000 */
    imgrw_warn_fn *warn; /* hears of files that others can read, and the like;
                            may be NULL */
    void *user;          /* for `warn` */
    const char *docker_auth_config; /* the text of a config.json, which comes
                                       before all files but `file`; NULL: there
                                       is none */
};

/* Has images that cannot be pulled by anyone be asked for once more, with the
 * login that is found for each. Programs that keep logins (`credHelpers`,
 * `credsStore`) are run only for registries of such images. That a login for
 * one cannot be had is the reason of its answer. `places` may be NULL.
 *
 * A login for a registry of Amazon's (ECR) whose user is not AWS is an access
 * key and its secret key, and an identity token beside them is the session
 * token. ECR is asked for a password with them, once for each registry, which
 * is used for this run and not stored.
 *
 * IMGRW_ERR_IO, IMGRW_ERR_INPUT, IMGRW_ERR_SYNTAX, IMGRW_ERR_LIMIT: `file`
 * cannot be read. IMGRW_ERR_ARGUMENT: `client` is NULL, or was run, or `places`
 * have no size or one of an unknown future. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_registry_use_logins(struct imgrw_registry_client *client,
                          const struct imgrw_login_places *places,
                          struct imgrw_error *error);

/* Adds an image, whose reference is copied. A reference without tag and digest
 * is asked for as `latest`, one with both by its digest. One that was added
 * before has an answer of its own, and is asked for once.
 *
 * IMGRW_ERR_REFERENCE: see imgrw_reference_parse; or no registry can be at its
 * host, whose port is none, for instance. IMGRW_ERR_ARGUMENT:
 * `client` is NULL, or was run. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_registry_add(struct imgrw_registry_client *client, imgrw_str reference,
                   struct imgrw_error *error);

/* Asks for every image. That an image cannot be pulled, or that its registry
 * does not answer, is no failure but an outcome.
 *
 * IMGRW_ERR_STOPPED: `progress` asked for it; images that were not answered by
 * then are IMGRW_REGISTRY_NOT_ASKED. IMGRW_ERR_ARGUMENT: `client` is NULL, or
 * was run. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_registry_run(struct imgrw_registry_client *client,
                   struct imgrw_error *error);

/* How many images were added; 0 for NULL. */
IMGRW_EXPORT size_t
imgrw_registry_count(const struct imgrw_registry_client *client);

/* What was found out about the image number `index`, from 0 on in the order in
 * which they were added; NULL where there is none. */
IMGRW_EXPORT const struct imgrw_answer *
imgrw_registry_answer(const struct imgrw_registry_client *client,
                      size_t index);

/* The login with which the image number `index` can be pulled: that of an
 * answer which is IMGRW_REGISTRY_PULLABLE. NULL: there is none, or nobody needs
 * one. Borrowed until imgrw_registry_free, which overwrites it. */
IMGRW_EXPORT const struct imgrw_login *
imgrw_registry_login(const struct imgrw_registry_client *client, size_t index);

#ifdef __cplusplus
}
#endif
