/*
 * Asking for an image: from request to request, as is decided after each, until
 * there is a verdict.
 */
#pragma once

#include "registry/decide.h"
#include "registry/host.h"
#include "registry/token_cache.h"

/* Room for a digest of sha512, with its NUL. */
#define IRW_DIGEST_MAX 136

struct irw_job;

/* What was found out about an image. */
struct irw_finding {
    enum irw_verdict verdict;
    unsigned http_status;        /* of the last response; 0: there was none */
    char digest[IRW_DIGEST_MAX]; /* empty: not known */
    bool is_proved;              /* the body was hashed */
    imgrw_str media_type;        /* static; empty: not known */
    struct imgrw_registry_platform *platforms;
    size_t platform_count;
    long remaining; /* of the rate limit; -1: not told */
};

/* Releases what is found; nothing is then. */
void irw_finding_clear(struct irw_finding *finding);

/* What the jobs of a pass share. */
struct irw_asker {
    struct irw_transport *transport;
    struct irw_token_cache *tokens;
    const struct irw_insecure *insecure;
    bool resolve; /* see struct irw_inquiry */
    /* the login for an image, borrowed until the pass ends; NULL where it has
     * none. NULL instead of the function: the pass is anonymous. */
    const struct irw_login *(*login)(const struct irw_job *job, void *user);
    /* called when a job has its verdict */
    void (*ended)(struct irw_job *job, void *user);
    void *user; /* for both */
    struct irw_asking *retrying; /* those that wait until they are due */
    bool failed;              /* memory ran out */
};

/* An image to be asked for. It has no place for a login: those of a pass are
 * with the pass. */
struct irw_job {
    /* the caller's */
    const char *repository, *path; /* of the URL */
    imgrw_str wanted;              /* digest; empty: any */
    struct irw_host *host;
    struct irw_finding finding;
    struct irw_job *next; /* of lists of the caller */
    /* what is only there while it is asked for */
    struct irw_asking *asking;
};

/* Begins to ask. False when memory is out. */
bool irw_job_begin(struct irw_job *job, struct irw_asker *asker);

/* Goes on with the jobs that are due at `now`, a time of irw_clock_now. */
void irw_job_wake(struct irw_asker *asker, long long now);

/* Releases what a job holds that has begun and not ended, once the transport is
 * freed. */
void irw_job_clear(struct irw_job *job);
