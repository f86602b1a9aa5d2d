/*
 * Requests side by side: so many in flight, and so many connections to each
 * server. Those that have to wait do so in the order in which they came; their
 * time runs from when they are sent.
 */
#pragma once

#include "registry/exchange.h"

#define IRW_CONNECTIONS_MAX 8 /* to a server: half of what is in flight, so that
                                 two keep a client busy, and one is not hard
                                 pressed; browsers have 6 */

struct irw_transport;

/* The place of a server in a transport, which lives as long as that. */
struct irw_gate;

/* How requests are made. What it points to is borrowed until the transport is
 * freed. */
struct irw_transport_options {
    unsigned in_flight;
    struct irw_wire wire;
};

/* A request that is to be made. */
struct irw_errand {
    struct irw_exchange exchange;
    struct irw_gate *gate;
    /* called when it has ended; may submit others, and this one again */
    void (*done)(struct irw_errand *errand, void *user);
    void *user;
    struct irw_errand *next; /* of the transport */
    bool is_running;         /* the same */
};

/* A transport; NULL when memory is out. Release it with irw_transport_free. */
struct irw_transport *
irw_transport_new(const struct irw_transport_options *options);

/* Ends all requests without a word to their owners, whose exchanges they have
 * to clear afterwards. */
void irw_transport_free(struct irw_transport *transport);

/* The gate of a server; NULL when memory is out. */
struct irw_gate *irw_transport_gate(struct irw_transport *transport,
                                    const struct irw_web_origin *origin);

/* Whether a request to the server would be sent at once. */
bool irw_transport_has_room(const struct irw_transport *transport,
                            const struct irw_gate *gate);

/* Has a request made, whose exchange and gate the caller has set. */
void irw_transport_submit(struct irw_transport *transport,
                          struct irw_errand *errand);

/* Lets happen what can. If no request ends by that, waits until something can
 * happen again, `wait` milliseconds at most. False when memory is out, or when
 * libcurl cannot go on. */
bool irw_transport_turn(struct irw_transport *transport, int wait);
