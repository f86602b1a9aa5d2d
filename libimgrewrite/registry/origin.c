#include "registry/origin.h"
#include "base/str.h"
#include "registry/bytes.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct irw_insecure_host {
    char host[IRW_HOST_MAX];
    unsigned port; /* 0: any */
};

static enum irw_url_status
status_of(CURLUcode code)
{
    if (code == CURLUE_OK)
        return IRW_URL_FINE;
    return code == CURLUE_OUT_OF_MEMORY ? IRW_URL_MEMORY : IRW_URL_ODD;
}

/* Whether there are no blanks, controls, bytes beyond ASCII or backslashes:
 * what programs disagree about. */
static bool
is_plain(const char *url)
{
    for (; *url != '\0'; url++)
        if (*url <= ' ' || *url >= 0x7F || *url == '\\')
            return false;
    return true;
}

/* The authority, which follows `http://` or `https://`; NULL where the URL
 * begins otherwise. */
static const char *
find_authority(const char *url, bool *is_https)
{
    static const char http[] = "http", end[] = "://";
    size_t at = 0;

    while (at < sizeof(http) - 1 && irw_lower(url[at]) == http[at])
        at++;
    if (at < sizeof(http) - 1)
        return NULL;
    *is_https = irw_lower(url[at]) == 's';
    at += *is_https;
    return strncmp(url + at, end, sizeof(end) - 1) == 0 && url[at + 3] != '/'
               ? url + at + 3
               : NULL;
}

/* Copies a host as libcurl has it, in lower case and without brackets; false
 * for what is no name and no address. */
static bool
copy_host(struct irw_web_origin *origin, const char *host)
{
    size_t size = strlen(host);
    bool is_six = size > 2 && host[0] == '[' && host[size - 1] == ']';

    host += is_six;
    size -= is_six ? 2 : 0;
    if (size == 0 || size >= sizeof(origin->host))
        return false;
    for (size_t i = 0; i < size; i++) {
        char c = irw_lower(host[i]);

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
            !strchr(is_six ? ":." : "-._", c))
            return false;
        origin->host[i] = c;
    }
    origin->host[size] = '\0';
    origin->is_address = irw_reach_of_text(origin->host, &origin->reach);
    return origin->is_address || !is_six;
}

static bool
copy_port(struct irw_web_origin *origin, const char *port)
{
    unsigned long number = strtoul(port, NULL, 10);

    origin->port = (unsigned)number;
    return number > 0 && number <= 65535;
}

static void
write_text(struct irw_web_origin *origin)
{
    bool is_six = strchr(origin->host, ':');

    snprintf(origin->text, sizeof(origin->text), "%s://%s%s%s:%u",
             origin->is_https ? "https" : "http", is_six ? "[" : "",
             origin->host, is_six ? "]" : "", origin->port);
}

/* Takes host and port of a parsed URL. */
static enum irw_url_status
take_authority(CURLU *parsed, struct irw_web_origin *origin)
{
    char *host = NULL, *port = NULL;
    enum irw_url_status status =
        status_of(curl_url_get(parsed, CURLUPART_HOST, &host, 0));

    if (status == IRW_URL_FINE)
        status = status_of(curl_url_get(parsed, CURLUPART_PORT, &port,
                                        CURLU_DEFAULT_PORT));
    if (status == IRW_URL_FINE &&
        (!copy_host(origin, host) || !copy_port(origin, port)))
        status = IRW_URL_ODD;
    curl_free(host);
    curl_free(port);
    return status;
}

enum irw_url_status
irw_web_origin_of(const char *url, struct irw_web_origin *origin)
{
    struct irw_web_origin found = {.port = 0};
    const char *authority = find_authority(url, &found.is_https);
    enum irw_url_status status;
    CURLU *parsed;

    /* escapes in a host are decoded, and the zone of an address dropped */
    if (!authority || !is_plain(url) ||
        authority[strcspn(authority, "%/?#")] == '%')
        return IRW_URL_ODD;
    parsed = curl_url();
    if (!parsed)
        return IRW_URL_MEMORY;
    status = status_of(curl_url_set(parsed, CURLUPART_URL, url,
                                    CURLU_DISALLOW_USER | CURLU_PATH_AS_IS));
    if (status == IRW_URL_FINE)
        status = take_authority(parsed, &found);
    curl_url_cleanup(parsed);
    if (status != IRW_URL_FINE)
        return status;
    write_text(&found);
    *origin = found;
    return IRW_URL_FINE;
}

bool
irw_web_origin_equal(const struct irw_web_origin *one,
                     const struct irw_web_origin *other)
{
    return strcmp(one->text, other->text) == 0;
}

bool
irw_web_origin_is_loopback(const struct irw_web_origin *origin)
{
    return origin->is_address ? origin->reach == IRW_REACH_LOOPBACK
                              : strcmp(origin->host, "localhost") == 0;
}

enum irw_url_status
irw_url_join(const char *base, const char *reference, char **url)
{
    enum irw_url_status status;
    char *joined = NULL;
    CURLU *parsed;

    if (!is_plain(reference))
        return IRW_URL_ODD;
    parsed = curl_url();
    if (!parsed)
        return IRW_URL_MEMORY;
    status = status_of(curl_url_set(parsed, CURLUPART_URL, base, 0));
    if (status == IRW_URL_FINE)
        status = status_of(curl_url_set(parsed, CURLUPART_URL, reference,
                                        CURLU_DISALLOW_USER |
                                            CURLU_NON_SUPPORT_SCHEME));
    if (status == IRW_URL_FINE)
        status = status_of(curl_url_set(parsed, CURLUPART_FRAGMENT, NULL, 0));
    if (status == IRW_URL_FINE)
        status = status_of(curl_url_get(parsed, CURLUPART_URL, &joined, 0));
    curl_url_cleanup(parsed);
    if (status != IRW_URL_FINE)
        return status;
    *url = irw_bytes_copy(imgrw_str_from(joined));
    curl_free(joined);
    return *url ? IRW_URL_FINE : IRW_URL_MEMORY;
}

/* Whether `host` ends with ":" and a port. */
static bool
names_port(const char *host)
{
    const char *colon = strrchr(host, ':');

    return colon && !strchr(colon, ']');
}

enum irw_url_status
irw_insecure_add(struct irw_insecure *insecure, const char *host)
{
    struct irw_insecure_host *hosts;
    struct irw_web_origin origin;
    enum irw_url_status status;
    char url[IRW_ORIGIN_MAX];

    if (strpbrk(host, "/?#@") || strlen(host) > IRW_HOST_MAX)
        return IRW_URL_ODD;
    snprintf(url, sizeof(url), "http://%s", host);
    status = irw_web_origin_of(url, &origin);
    if (status != IRW_URL_FINE)
        return status;
    hosts = realloc(insecure->hosts, (insecure->count + 1) * sizeof(*hosts));
    if (!hosts)
        return IRW_URL_MEMORY;
    insecure->hosts = hosts;
    hosts += insecure->count++;
    memcpy(hosts->host, origin.host, sizeof(hosts->host));
    hosts->port = names_port(host) ? origin.port : 0;
    return IRW_URL_FINE;
}

void
irw_insecure_clear(struct irw_insecure *insecure)
{
    free(insecure->hosts);
    *insecure = (struct irw_insecure){0};
}

bool
irw_insecure_allows(const struct irw_insecure *insecure,
                    const struct irw_web_origin *origin)
{
    if (irw_web_origin_is_loopback(origin))
        return true;
    for (size_t i = 0; i < insecure->count; i++)
        if (strcmp(insecure->hosts[i].host, origin->host) == 0 &&
            (insecure->hosts[i].port == 0 ||
             insecure->hosts[i].port == origin->port))
            return true;
    return false;
}

enum irw_url_status
irw_judge_realm(const struct irw_namer *namer, const char *realm,
                struct irw_web_origin *origin, enum irw_verdict *verdict)
{
    enum irw_url_status status = irw_web_origin_of(realm, origin);

    if (status == IRW_URL_MEMORY)
        return status;
    if (status == IRW_URL_ODD || strchr(realm, '#'))
        *verdict = IRW_VERDICT_REALM_URL;
    else if (namer->is_https && !origin->is_https)
        *verdict = IRW_VERDICT_REALM_HTTP;
    else if (origin->is_address && origin->reach > namer->reach)
        *verdict = IRW_VERDICT_REALM_INTERNAL;
    else if (namer->with_login && !origin->is_https &&
             !irw_insecure_allows(namer->insecure, origin))
        *verdict = IRW_VERDICT_LOGIN_HTTP;
    else
        *verdict = IRW_VERDICT_NONE;
    return IRW_URL_FINE;
}

enum irw_url_status
irw_judge_redirect(const struct irw_namer *namer, const char *url,
                   struct irw_web_origin *origin, enum irw_verdict *verdict)
{
    enum irw_url_status status = irw_web_origin_of(url, origin);

    if (status == IRW_URL_MEMORY)
        return status;
    if (status == IRW_URL_ODD)
        *verdict = IRW_VERDICT_REDIRECT_URL;
    else if (namer->is_https && !origin->is_https)
        *verdict = IRW_VERDICT_REDIRECT_HTTP;
    else if (origin->is_address && origin->reach > namer->reach)
        *verdict = IRW_VERDICT_REDIRECT_INTERNAL;
    else
        *verdict = IRW_VERDICT_NONE;
    return IRW_URL_FINE;
}
