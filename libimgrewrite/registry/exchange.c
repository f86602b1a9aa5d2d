#include "registry/exchange.h"
#include "registry/manifest_answer.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define USER_AGENT "imgrewrite"

/* Takes a line of the head. */
static size_t
take_line(char *data, size_t one, size_t size, void *user)
{
    struct irw_exchange *exchange = user;

    size *= one;
    exchange->head_size += size;
    if (exchange->head_size > IRW_HEAD_MAX) {
        exchange->is_too_large = true;
        return 0;
    }
    irw_response_add_line(&exchange->response, (imgrw_str){data, size});
    return exchange->response.failed ? 0 : size;
}

/* The most that the body may be: errors are short. */
static size_t
body_max(const struct irw_exchange *exchange)
{
    long status = 0;

    curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
    return status == 200 || exchange->body_max < IRW_ERROR_BODY_MAX
               ? exchange->body_max
               : IRW_ERROR_BODY_MAX;
}

/* Takes some of the body. libcurl's own limit does not hold for a body whose
 * size is not known before. */
static size_t
take_body(char *data, size_t one, size_t size, void *user)
{
    struct irw_exchange *exchange = user;
    struct irw_bytes *body = &exchange->response.body;

    size *= one;
    if (size > body_max(exchange) - body->size) {
        exchange->is_too_large = true;
        return 0;
    }
    irw_bytes_add(body, (imgrw_str){data, size});
    exchange->response.failed |= body->failed;
    return body->failed ? 0 : size;
}

static bool
is_within_bound(struct irw_exchange *exchange, enum irw_reach reach)
{
    bool is_within = !exchange->is_bound || reach <= exchange->bound;

    exchange->is_too_internal = !is_within;
    return is_within;
}

/* Opens a socket, unless its address is one that must not be asked: nothing is
 * sent there, not even a SYN. */
static curl_socket_t
open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct irw_exchange *exchange = user;

    (void)purpose;
    if (!is_within_bound(exchange, irw_reach_of(&address->addr)))
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC,
                  address->protocol);
}

/* The same before a request goes over a connection that was there already. */
static int
check_address(void *user, char *remote, char *local, int remote_port,
              int local_port)
{
    struct irw_exchange *exchange = user;

    (void)local;
    (void)remote_port;
    (void)local_port;
    if (!irw_reach_of_text(remote, &exchange->reach))
        exchange->reach = IRW_REACH_NOWHERE;
    return is_within_bound(exchange, exchange->reach)
               ? CURL_PREREQFUNC_OK
               : CURL_PREREQFUNC_ABORT;
}

/* Where a request goes, and how far. */
static CURLcode
set_route(struct irw_exchange *exchange, const struct irw_wire *wire)
{
    CURL *easy = exchange->easy;
    CURLcode code = curl_easy_setopt(easy, CURLOPT_URL, exchange->url);

#define SET(option, value) \
    if (code == CURLE_OK) \
    code = curl_easy_setopt(easy, option, value)
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_REDIR_PROTOCOLS_STR, "https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_UNRESTRICTED_AUTH, 0L);
    SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    SET(CURLOPT_PATH_AS_IS, 1L);
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    SET(CURLOPT_PIPEWAIT, 1L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, wire->connect_timeout);
    SET(CURLOPT_TIMEOUT_MS, wire->request_timeout);
    SET(CURLOPT_LOW_SPEED_LIMIT, 1L);
    SET(CURLOPT_LOW_SPEED_TIME, wire->request_timeout / 1000 + 1);
    if (wire->connect_to)
        SET(CURLOPT_CONNECT_TO, wire->connect_to);
    if (irw_web_origin_is_loopback(exchange->origin))
        SET(CURLOPT_NOPROXY, "*"); /* it would be another machine's loopback */
    return code;
}

/* What is trusted in addition, and what is shown. */
static CURLcode
set_certificates(const struct irw_exchange *exchange)
{
    CURL *easy = exchange->easy;
    const struct irw_certificates *own = exchange->certificates;
    CURLcode code = CURLE_OK;
    struct curl_blob trusted = {.flags = CURL_BLOB_NOCOPY};

    if (!own)
        return CURLE_OK;
    if (own->trusted.size > 0) {
        trusted.data = own->trusted.data;
        trusted.len = own->trusted.size;
        code = curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &trusted);
        /* with such a library of TLS the registry is not trusted */
        if (code == CURLE_NOT_BUILT_IN || code == CURLE_UNKNOWN_OPTION)
            code = CURLE_OK;
    }
    if (exchange->is_identified && own->client) {
        SET(CURLOPT_SSLCERT, own->client);
        SET(CURLOPT_SSLKEY, own->key);
        /* or OpenSSL asks for one on the terminal, and waits */
        SET(CURLOPT_KEYPASSWD, "");
    }
    return code;
}

/* How servers are verified, which nothing turns off. */
static CURLcode
set_trust(struct irw_exchange *exchange, const struct irw_wire *wire)
{
    CURL *easy = exchange->easy;
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    CURLcode code = curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);

    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (wire->ca_file)
        SET(CURLOPT_CAINFO, wire->ca_file);
    /* a folder of certificates is read for each connection anew */
    if (wire->ca_file || info->cainfo)
        SET(CURLOPT_CAPATH, NULL);
    return code == CURLE_OK ? set_certificates(exchange) : code;
}

static CURLcode
set_callbacks(struct irw_exchange *exchange)
{
    CURL *easy = exchange->easy;
    CURLcode code = curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);

    SET(CURLOPT_HEADERFUNCTION, take_line);
    SET(CURLOPT_HEADERDATA, exchange);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_WRITEFUNCTION, take_body);
    SET(CURLOPT_WRITEDATA, exchange);
    SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    SET(CURLOPT_OPENSOCKETDATA, exchange);
    SET(CURLOPT_PREREQFUNCTION, check_address);
    SET(CURLOPT_PREREQDATA, exchange);
    return code;
}

static bool
add_line(struct irw_exchange *exchange, const char *line)
{
    struct curl_slist *headers = curl_slist_append(exchange->headers, line);

    if (headers)
        exchange->headers = headers;
    return headers;
}

/* Adds a header, unless its value is NULL. */
static bool
add_header(struct irw_exchange *exchange, const char *name, const char *value)
{
    struct irw_bytes line = {0};
    bool added;

    if (!value)
        return true;
    irw_bytes_add_text(&line, name);
    irw_bytes_add_text(&line, value);
    added = !line.failed && add_line(exchange, line.data);
    irw_bytes_wipe(&line);
    return added;
}

/* Adds all headers that are not libcurl's. */
static bool
add_headers(struct irw_exchange *exchange)
{
    for (const char *const *line = exchange->lines; line && *line; line++)
        if (!add_line(exchange, *line))
            return false;
    return add_header(exchange, "Accept: ", exchange->accept) &&
           add_header(exchange, "Authorization: ", exchange->authorization);
}

static CURLcode
set_message(struct irw_exchange *exchange)
{
    CURL *easy = exchange->easy;
    CURLcode code = curl_easy_setopt(easy, CURLOPT_USERAGENT, USER_AGENT);

    SET(CURLOPT_NOBODY, exchange->method == IRW_METHOD_HEAD ? 1L : 0L);
    if (exchange->method == IRW_METHOD_POST) {
        SET(CURLOPT_POSTFIELDS, exchange->form);
        SET(CURLOPT_POSTFIELDSIZE, (long)strlen(exchange->form));
    }
    if (!add_headers(exchange))
        return CURLE_OUT_OF_MEMORY;
    SET(CURLOPT_HTTPHEADER, exchange->headers);
    SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    return code;
#undef SET
}

bool
irw_exchange_prepare(struct irw_exchange *exchange, const struct irw_wire *wire)
{
    exchange->easy = curl_easy_init();
    return exchange->easy && set_route(exchange, wire) == CURLE_OK &&
           set_trust(exchange, wire) == CURLE_OK &&
           set_callbacks(exchange) == CURLE_OK &&
           set_message(exchange) == CURLE_OK;
}

static enum irw_ending
ending_of(CURLcode code)
{
    switch (code) {
    case CURLE_OK:
        return IRW_ENDING_RESPONSE;
    case CURLE_OUT_OF_MEMORY:
        return IRW_ENDING_MEMORY;
    case CURLE_COULDNT_RESOLVE_HOST:
        return IRW_ENDING_NO_HOST;
    case CURLE_COULDNT_CONNECT:
    case CURLE_INTERFACE_FAILED:
        return IRW_ENDING_NO_CONNECTION;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
        return IRW_ENDING_PROXY;
    case CURLE_OPERATION_TIMEDOUT:
        return IRW_ENDING_TIMEOUT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
        return IRW_ENDING_CERTIFICATE;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CLIENTCERT:
        return IRW_ENDING_HANDSHAKE;
    case CURLE_SSL_CERTPROBLEM:
        return IRW_ENDING_OWN_CERTIFICATE;
    case CURLE_GOT_NOTHING:
        return IRW_ENDING_EMPTY;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
        return IRW_ENDING_NO_HTTP;
    default:
        return IRW_ENDING_LOST;
    }
}

/* Whether the connection was made, TLS included. */
static bool
was_connected(const struct irw_exchange *exchange)
{
    curl_off_t pretransfer = 0;

    curl_easy_getinfo(exchange->easy, CURLINFO_PRETRANSFER_TIME_T,
                      &pretransfer);
    return pretransfer > 0;
}

/* Whether a proxy refused to connect. */
static bool
is_refused_by_proxy(const struct irw_exchange *exchange)
{
    long status = 0;

    curl_easy_getinfo(exchange->easy, CURLINFO_HTTP_CONNECTCODE, &status);
    return status >= 300;
}

void
irw_exchange_finish(struct irw_exchange *exchange, int code)
{
    struct irw_response *response = &exchange->response;
    enum irw_ending ending = ending_of((CURLcode)code);
    long status = 0, version = 0;

    curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(exchange->easy, CURLINFO_HTTP_VERSION, &version);
    response->status = (unsigned)status;
    exchange->is_shared = version >= CURL_HTTP_VERSION_2_0;
    if (ending == IRW_ENDING_TIMEOUT && !was_connected(exchange))
        ending = IRW_ENDING_NO_CONNECTION_IN_TIME;
    if (ending != IRW_ENDING_RESPONSE && is_refused_by_proxy(exchange))
        ending = IRW_ENDING_PROXY;
    if (ending != IRW_ENDING_RESPONSE && exchange->is_too_internal)
        ending = IRW_ENDING_INTERNAL;
    if (exchange->is_too_large || code == 100 /* CURLE_TOO_LARGE, of 8.6 */)
        ending = IRW_ENDING_TOO_LARGE;
    response->ending = ending;
    irw_response_finish(response);
}

void
irw_exchange_clear(struct irw_exchange *exchange)
{
    for (struct curl_slist *one = exchange->headers; one; one = one->next)
        explicit_bzero(one->data, strlen(one->data));
    curl_slist_free_all(exchange->headers);
    if (exchange->easy)
        curl_easy_cleanup(exchange->easy);
    irw_response_clear(&exchange->response);
    *exchange = (struct irw_exchange){.url = NULL};
}
