#include "registry/transport.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct irw_gate {
    struct irw_gate *next;
    char origin[IRW_ORIGIN_MAX];
    unsigned active, waiting;
    bool is_shared; /* a connection carries many requests (HTTP/2) */
};

struct irw_transport {
    struct irw_transport_options options;
    CURLM *multi;
    struct irw_gate *gates;
    struct irw_errand *waiting, **waiting_end;
    struct irw_errand *running;
    unsigned active, waiting_count;
    bool failed;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static CURLcode started;

/* libcurl is never cleaned up: the program may use it, too. */
static void
start_libcurl(void)
{
    started = curl_global_init(CURL_GLOBAL_DEFAULT);
}

struct irw_transport *
irw_transport_new(const struct irw_transport_options *options)
{
    struct irw_transport *transport = calloc(1, sizeof(*transport));

    pthread_once(&once, start_libcurl);
    if (!transport)
        return NULL;
    transport->options = *options;
    transport->waiting_end = &transport->waiting;
    transport->multi = started == CURLE_OK ? curl_multi_init() : NULL;
    /* The gates limit connections. CURLMOPT_MAX_HOST_CONNECTIONS would count
     * hosts together that CURLOPT_CONNECT_TO sends to one place, and close the
     * connections of one for those of another. */
    if (transport->multi &&
        curl_multi_setopt(transport->multi, CURLMOPT_PIPELINING,
                          (long)CURLPIPE_MULTIPLEX) == CURLM_OK)
        return transport;
    irw_transport_free(transport);
    return NULL;
}

void
irw_transport_free(struct irw_transport *transport)
{
    if (!transport)
        return;
    for (struct irw_errand *one = transport->running; one; one = one->next)
        if (one->is_running)
            curl_multi_remove_handle(transport->multi, one->exchange.easy);
    if (transport->multi)
        curl_multi_cleanup(transport->multi);
    while (transport->gates) {
        struct irw_gate *next = transport->gates->next;

        free(transport->gates);
        transport->gates = next;
    }
    free(transport);
}

struct irw_gate *
irw_transport_gate(struct irw_transport *transport,
                   const struct irw_web_origin *origin)
{
    struct irw_gate *gate = transport->gates;

    while (gate && strcmp(gate->origin, origin->text) != 0)
        gate = gate->next;
    if (gate)
        return gate;
    gate = calloc(1, sizeof(*gate));
    if (!gate)
        return NULL;
    memcpy(gate->origin, origin->text, sizeof(gate->origin));
    gate->next = transport->gates;
    transport->gates = gate;
    return gate;
}

/* Whether there may be one more than so many requests, of them so many to the
 * server. */
static bool
may_pass(const struct irw_transport *transport, const struct irw_gate *gate,
         unsigned all, unsigned here)
{
    return all < transport->options.in_flight &&
           (gate->is_shared || here < IRW_CONNECTIONS_MAX);
}

bool
irw_transport_has_room(const struct irw_transport *transport,
                       const struct irw_gate *gate)
{
    return may_pass(transport, gate,
                    transport->active + transport->waiting_count,
                    gate->active + gate->waiting);
}

void
irw_transport_submit(struct irw_transport *transport, struct irw_errand *errand)
{
    errand->next = NULL;
    *transport->waiting_end = errand;
    transport->waiting_end = &errand->next;
    transport->waiting_count++;
    errand->gate->waiting++;
}

static void
start(struct irw_transport *transport, struct irw_errand *errand)
{
    errand->next = transport->running;
    transport->running = errand;
    transport->active++;
    transport->waiting_count--;
    errand->gate->active++;
    errand->gate->waiting--;
    errand->is_running =
        irw_exchange_prepare(&errand->exchange, &transport->options.wire) &&
        curl_multi_add_handle(transport->multi, errand->exchange.easy) ==
            CURLM_OK;
    transport->failed |= !errand->is_running;
}

/* Sends what may be sent. */
static void
start_waiting(struct irw_transport *transport)
{
    struct irw_errand **at = &transport->waiting;

    while (*at && !transport->failed) {
        struct irw_errand *errand = *at;

        if (!may_pass(transport, errand->gate, transport->active,
                      errand->gate->active)) {
            at = &errand->next;
            continue;
        }
        *at = errand->next;
        if (!*at)
            transport->waiting_end = at;
        start(transport, errand);
    }
}

/* Takes an errand out of those that run. */
static void
take_out(struct irw_transport *transport, struct irw_errand *errand)
{
    struct irw_errand **at = &transport->running;

    while (*at != errand)
        at = &(*at)->next;
    *at = errand->next;
    errand->is_running = false;
    errand->gate->active--;
    transport->active--;
}

static void
end_errand(struct irw_transport *transport, CURL *easy, CURLcode code)
{
    struct irw_errand *errand = transport->running;

    while (errand->exchange.easy != easy)
        errand = errand->next;
    take_out(transport, errand);
    curl_multi_remove_handle(transport->multi, easy);
    irw_exchange_finish(&errand->exchange, (int)code);
    if (errand->exchange.response.ending == IRW_ENDING_RESPONSE)
        errand->gate->is_shared = errand->exchange.is_shared;
    errand->done(errand, errand->user);
}

/* Ends what is over, and says whether there was anything. */
static bool
end_finished(struct irw_transport *transport)
{
    bool any = false;
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(transport->multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        end_errand(transport, message->easy_handle, message->data.result);
        any = true;
    }
    return any;
}

bool
irw_transport_turn(struct irw_transport *transport, int wait)
{
    int running;

    start_waiting(transport);
    if (transport->failed ||
        curl_multi_perform(transport->multi, &running) != CURLM_OK)
        return false;
    return end_finished(transport) ||
           curl_multi_poll(transport->multi, NULL, 0, wait, NULL) == CURLM_OK;
}
