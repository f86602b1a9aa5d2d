/*
 * What is known of a registry, so that it need not be found out for each image.
 */
#pragma once

#include "registry/certificates.h"
#include "registry/origin.h"
#include "registry/response.h"

/* A registry, as references name it. */
struct irw_host {
    struct irw_host *next;
    struct irw_web_origin origin; /* of https, or of http once that is known */
    bool names_port;  /* the reference does */
    bool may_be_http; /* and nobody knows yet: one request at a time */
    bool has_answered;
    enum irw_reach reach;     /* of its address, once it has answered */
    enum irw_verdict stopped; /* why it is not asked any more, without a login;
                                 IRW_VERDICT_NONE: it is */
    /* the Bearer challenge that it made, or that it made one of Basic */
    bool has_challenge, wants_basic;
    struct irw_bytes realm, service;
    struct irw_certificates certificates;
    struct irw_gate *gate; /* of the transport of the pass */
    unsigned running;      /* images that are being asked for */
    struct irw_job *first, **end; /* those that wait */
};

/* Hosts, borrowed from the questions. */
struct irw_hosts {
    struct irw_host *first;
};

/* Sets up a host from its name, HOST or HOST:PORT. IRW_URL_ODD: nothing of this
 * name can be asked. */
enum irw_url_status irw_host_init(struct irw_host *host, const char *name,
                                  const struct irw_insecure *insecure);
void irw_host_clear(struct irw_host *host);

/* Reads the certificates for the host. One that cannot use them is not asked,
 * and one that is shown a certificate speaks https. False when memory is out.
 */
bool irw_host_read_certificates(struct irw_host *host, const char *name,
                                const struct irw_certificate_places *places);

/* Whether a client certificate may help after a verdict about an image that
 * was asked for without one. */
bool irw_host_may_want_certificate(const struct irw_host *host,
                                   enum irw_verdict verdict);

/* Learns from a response of the registry itself; `failed` memory is in the
 * result: false. */
bool irw_host_learn(struct irw_host *host, const struct irw_response *response,
                    enum irw_reach reach);

/* Whether the challenge of a response is another one than the host made. */
bool irw_host_contradicts(const struct irw_host *host,
                          const struct irw_challenges *challenges);

/* Whether a failed request by https is to be made by http, to which the host
 * is changed then. */
bool irw_host_fall_back(struct irw_host *host, enum irw_ending ending);

/* Takes note of a verdict about an image, asked for without a login, after
 * which no other one need be asked for. */
void irw_host_stop(struct irw_host *host, enum irw_verdict verdict);
