#include "registry/host.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

static bool
names_port(const char *name)
{
    const char *colon = strrchr(name, ':');

    return colon && !strchr(colon, ']');
}

static enum irw_url_status
set_origin(struct irw_web_origin *origin, const char *scheme, const char *name)
{
    char url[IRW_ORIGIN_MAX];

    if ((size_t)snprintf(url, sizeof(url), "%s://%s", scheme, name) >=
        sizeof(url))
        return IRW_URL_ODD;
    return irw_web_origin_of(url, origin);
}

enum irw_url_status
irw_host_init(struct irw_host *host, const char *name,
              const struct irw_insecure *insecure)
{
    enum irw_url_status status = set_origin(&host->origin, "https", name);

    if (status != IRW_URL_FINE)
        return status;
    host->names_port = names_port(name);
    host->may_be_http = irw_insecure_allows(insecure, &host->origin);
    host->end = &host->first;
    return IRW_URL_FINE;
}

void
irw_host_clear(struct irw_host *host)
{
    irw_bytes_clear(&host->realm);
    irw_bytes_clear(&host->service);
    irw_certificates_clear(&host->certificates);
}

bool
irw_host_read_certificates(struct irw_host *host, const char *name,
                           const struct irw_certificate_places *places)
{
    struct irw_certificates *own = &host->certificates;

    /* people know Docker Hub by its other name */
    if (strcmp(name, "registry-1.docker.io") == 0)
        name = "docker.io";
    if (!irw_certificates_read(own, places, name))
        return false;
    if (own->trouble)
        host->stopped = IRW_VERDICT_CERTIFICATES;
    host->may_be_http &= !own->client;
    return true;
}

bool
irw_host_may_want_certificate(const struct irw_host *host,
                              enum irw_verdict verdict)
{
    switch (verdict) {
    case IRW_VERDICT_BASIC:
    case IRW_VERDICT_FORBIDDEN:
    case IRW_VERDICT_NO_TOKEN:
    case IRW_VERDICT_WEAK_TOKEN:
    case IRW_VERDICT_NO_CHALLENGE:
    case IRW_VERDICT_NO_TLS:
    case IRW_VERDICT_CONNECTION_LOST:
    case IRW_VERDICT_NO_ANSWER:
    case IRW_VERDICT_ODD_STATUS:
        return host->certificates.client;
    default:
        return false;
    }
}

bool
irw_host_learn(struct irw_host *host, const struct irw_response *response,
               enum irw_reach reach)
{
    const struct irw_challenges *asked = &response->challenges;

    host->has_answered = true;
    host->may_be_http = false;
    host->reach = reach;
    if (response->status != 401 || host->has_challenge)
        return true;
    host->wants_basic = asked->basic && !asked->bearer;
    if (!asked->bearer || asked->realm.size == 0)
        return true;
    host->has_challenge = true;
    irw_bytes_add(&host->realm, asked->realm);
    irw_bytes_add(&host->service, asked->service);
    return !host->realm.failed && !host->service.failed;
}

bool
irw_host_contradicts(const struct irw_host *host,
                     const struct irw_challenges *challenges)
{
    return challenges->bearer &&
           (!irw_equal((imgrw_str){host->realm.data, host->realm.size},
                       challenges->realm) ||
            !irw_equal((imgrw_str){host->service.data,
                                         host->service.size},
                             challenges->service));
}

bool
irw_host_fall_back(struct irw_host *host, enum irw_ending ending)
{
    struct irw_web_origin *origin = &host->origin;
    char name[IRW_ORIGIN_MAX];
    bool is_closed = ending == IRW_ENDING_NO_CONNECTION && !host->names_port;

    if (!host->may_be_http || !origin->is_https ||
        (ending != IRW_ENDING_HANDSHAKE && ending != IRW_ENDING_EMPTY &&
         ending != IRW_ENDING_LOST && !is_closed))
        return false;
    host->gate = NULL;
    /* "https://HOST:PORT" without the scheme, and without a port of https */
    strcpy(name, origin->text + strlen("https://"));
    if (!host->names_port)
        *strrchr(name, ':') = '\0';
    return set_origin(origin, "http", name) == IRW_URL_FINE;
}

void
irw_host_stop(struct irw_host *host, enum irw_verdict verdict)
{
    switch (verdict) {
    case IRW_VERDICT_TOO_MANY_REQUESTS:
    case IRW_VERDICT_TOO_MANY_TOKENS:
        host->stopped = IRW_VERDICT_RATE_LIMITED_BEFORE;
        break;
    case IRW_VERDICT_NO_SUCH_HOST:
    case IRW_VERDICT_NO_CONNECTION:
        if (!host->has_answered)
            host->stopped = IRW_VERDICT_UNREACHABLE_BEFORE;
        break;
    default:
        break;
    }
}
