#include "registry/ecr.h"
#include "base/error.h"
#include "base/str.h"
#include "registry/origin.h"
#include "registry/sigv4.h"

#include <stdlib.h>
#include <string.h>

/* Where the registries of a part of Amazon's cloud are, and what gives
 * passwords for them: NAME.REGION.DOMAIN (endpoints.go of aws-sdk-go-v2). */
struct irw_ecr_partition {
    const char *suffix; /* of registries */
    const char *name, *fips_name, *domain;
};

static const struct irw_ecr_partition partitions[] = {
    {"amazonaws.com", "api.ecr", "ecr-fips", "amazonaws.com"},
    {"amazonaws.com.cn", "api.ecr", "api.ecr-fips", "amazonaws.com.cn"},
    {"amazonaws.eu", "api.ecr", "api.ecr-fips", "amazonaws.eu"},
    {"on.aws", "ecr", "ecr-fips", "api.aws"},
    {"on.amazonwebservices.com.cn", "ecr", "ecr-fips",
     "api.amazonwebservices.com.cn"},
    {"c2s.ic.gov", "api.ecr", "api.ecr-fips", "c2s.ic.gov"},
    {"sc2s.sgov.gov", "api.ecr", "api.ecr-fips", "sc2s.sgov.gov"},
    {"cloud.adc-e.uk", "api.ecr", "api.ecr-fips", "cloud.adc-e.uk"},
    {"csp.hci.ic.gov", "api.ecr", "api.ecr-fips", "csp.hci.ic.gov"},
};

/* The public registry has the same accounts and another service. */
static const struct irw_ecr_partition public_partition = {
    .name = "api.ecr-public", .domain = "amazonaws.com"};

#define ACCOUNT_DIGITS 12

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The rest of a string from an offset. */
static imgrw_str
rest_of(imgrw_str str, size_t start)
{
    return (imgrw_str){str.data + start, str.size - start};
}

/* Takes `start` from the beginning of `str`, if it is there. */
static bool
take(imgrw_str *str, const char *start)
{
    size_t size = strlen(start);

    if (str->size < size || memcmp(str->data, start, size) != 0)
        return false;
    *str = rest_of(*str, size);
    return true;
}

static imgrw_str
without_port(imgrw_str host)
{
    size_t size = host.size;

    while (size > 0 && is_digit(host.data[size - 1]))
        size--;
    if (size > 0 && size < host.size && host.data[size - 1] == ':')
        host.size = size - 1;
    return host;
}

/* Takes the digits and the service from the beginning of a host. */
static bool
take_account(imgrw_str *rest, struct irw_ecr_host *ecr)
{
    size_t digits = 0;

    while (digits < rest->size && is_digit(rest->data[digits]))
        digits++;
    ecr->account = (imgrw_str){rest->data, digits};
    *rest = rest_of(*rest, digits);
    if (digits == 0 || (!take(rest, ".dkr.ecr") && !take(rest, ".dkr-ecr")))
        return false;
    ecr->fips = take(rest, "-fips");
    return take(rest, ".");
}

/* Takes a region, and the dot after it. */
static bool
take_region(imgrw_str *rest, struct irw_ecr_host *ecr)
{
    size_t size = 0;

    while (size < rest->size &&
           (is_alnum(rest->data[size]) ||
            (size > 0 && (rest->data[size] == '-' || rest->data[size] == '_'))))
        size++;
    ecr->region = (imgrw_str){rest->data, size};
    *rest = rest_of(*rest, size);
    return size > 0 && take(rest, ".");
}

enum irw_ecr_kind
irw_ecr_parse(imgrw_str host, struct irw_ecr_host *ecr)
{
    imgrw_str rest = without_port(host);

    *ecr = (struct irw_ecr_host){.kind = IRW_ECR_NONE};
    if (irw_equal(rest, IMGRW_STR("public.ecr.aws")) ||
        irw_equal(rest, IMGRW_STR("ecr-public.aws.com"))) {
        ecr->kind = IRW_ECR_PUBLIC;
        ecr->region = IMGRW_STR("us-east-1");
        ecr->partition = &public_partition;
        return ecr->kind;
    }
    if (rest.size == 0 || !take_account(&rest, ecr) || !take_region(&rest, ecr))
        return IRW_ECR_NONE;
    for (size_t i = 0; i < sizeof(partitions) / sizeof(partitions[0]); i++)
        if (irw_equal(rest, imgrw_str_from(partitions[i].suffix)))
            ecr->partition = &partitions[i];
    if (ecr->partition)
        ecr->kind = ecr->account.size == ACCOUNT_DIGITS ? IRW_ECR_PRIVATE
                                                        : IRW_ECR_MISNUMBERED;
    return ecr->kind;
}

const char *
irw_ecr_doubt(const struct irw_ecr_host *ecr)
{
    return ecr->kind == IRW_ECR_MISNUMBERED
               ? "an ECR registry begins with an account of 12 digits, and "
                 "this one has more or fewer; look it up in the AWS console"
               : NULL;
}

/* Whether the key consists of letters and digits. */
static bool
is_word(imgrw_str key)
{
    for (size_t i = 0; i < key.size; i++)
        if (!is_alnum(key.data[i]) && key.data[i] != '_')
            return false;
    return key.size > 0;
}

const char *
irw_ecr_keys_fault(const struct irw_ecr_keys *keys)
{
    imgrw_str rest = keys->access_key;

    if (!is_word(keys->access_key))
        return "an access key of AWS consists of letters and digits";
    if (keys->secret_key.size == 0)
        return "there is no secret key for the access key";
    if (!irw_is_visible_ascii(keys->secret_key))
        return "a secret key of AWS has no blanks or line breaks";
    if (!irw_is_visible_ascii(keys->session_token))
        return "a session token of AWS has no blanks or line breaks";
    if (keys->session_token.size == 0 && take(&rest, "ASIA"))
        return "an access key that begins with ASIA is temporary, and needs "
               "its session token, the identitytoken of its entry";
    return NULL;
}

/* Adds the host that Amazon gives passwords at. */
static void
add_own_host(const struct irw_ecr_host *ecr, struct irw_bytes *host)
{
    irw_bytes_add_text(host, ecr->fips ? ecr->partition->fips_name
                                       : ecr->partition->name);
    irw_bytes_add_text(host, ".");
    irw_bytes_add(host, ecr->region);
    irw_bytes_add_text(host, ".");
    irw_bytes_add_text(host, ecr->partition->domain);
}

/* Adds the host of another endpoint as libcurl writes the header "Host": with
 * its port, unless that is the one of the scheme. */
static enum imgrw_status
add_host(const char *endpoint, struct irw_bytes *host, bool *is_https,
         struct imgrw_error *error)
{
    struct irw_web_origin origin;
    enum irw_url_status status = irw_web_origin_of(endpoint, &origin);
    const char *authority = strstr(endpoint, "://"), *path;
    imgrw_str text;

    if (status == IRW_URL_MEMORY)
        return irw_fail_memory(error);
    path = status == IRW_URL_FINE ? strpbrk(authority + 3, "/?#") : NULL;
    if (status == IRW_URL_ODD || (path && strcmp(path, "/") != 0))
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "the endpoint of ECR is not a URL without a "
                        "path, such as https://ecr.example.com");
    if (!origin.is_https && !irw_web_origin_is_loopback(&origin))
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "the endpoint of ECR answers with a password, "
                        "so it has to be https, or this machine");
    text = imgrw_str_from(strstr(origin.text, "://") + 3);
    if (origin.port == (origin.is_https ? 443 : 80))
        text.size -= origin.is_https ? strlen(":443") : strlen(":80");
    irw_bytes_add(host, text);
    *is_https = origin.is_https;
    return IMGRW_OK;
}

/* Adds the signature of the request; false when memory is out. */
static bool
sign(const struct irw_ecr_host *ecr, const struct irw_ecr_keys *keys,
     int64_t now, const struct irw_sigv4_request *request,
     struct irw_bytes *value)
{
    const struct irw_sigv4_signer signer = {
        .access_key = keys->access_key,
        .secret_key = keys->secret_key,
        .region = ecr->region,
        .service = ecr->kind == IRW_ECR_PUBLIC ? IMGRW_STR("ecr-public")
                                               : IMGRW_STR("ecr"),
        .now = now,
    };

    irw_sigv4_sign(&signer, request, value);
    return !value->failed;
}

/* Makes a line of a header; NULL when memory is out. */
static char *
make_line(const char *name, imgrw_str value)
{
    struct irw_bytes line = {0};

    irw_bytes_add_text(&line, name);
    irw_bytes_add_text(&line, ": ");
    irw_bytes_add(&line, value);
    if (line.failed)
        irw_bytes_wipe(&line);
    return line.data;
}

/* What is asked for; what is done is said by a header. */
#define BODY "{}"

/* Makes the headers; false when memory is out. */
static bool
make_headers(const struct irw_ecr_host *ecr, const struct irw_ecr_keys *keys,
             int64_t now, imgrw_str host, struct irw_ecr_request *request)
{
    char date[IRW_SIGV4_DATE_SIZE];
    struct irw_sigv4_header headers[] = {
        {"content-type", IMGRW_STR("application/x-amz-json-1.1")},
        {"host", host},
        {"x-amz-date", {date, IRW_SIGV4_DATE_SIZE - 1}},
        {"x-amz-security-token", keys->session_token},
        {"x-amz-target",
         ecr->kind == IRW_ECR_PUBLIC
             ? IMGRW_STR("SpencerFrontendService.GetAuthorizationToken")
             : IMGRW_STR("AmazonEC2ContainerRegistry_V20150921."
                         "GetAuthorizationToken")},
    };
    struct irw_sigv4_request signed_request = {
        "POST", "/", "", headers, 5, IMGRW_STR(BODY)};
    struct irw_bytes value = {0};
    size_t count = 0;

    irw_sigv4_date(now, date);
    if (keys->session_token.size == 0) {
        headers[3] = headers[4];
        signed_request.header_count = 4;
    }
    if (sign(ecr, keys, now, &signed_request, &value))
        request->headers[count++] = make_line(
            "Authorization", (imgrw_str){value.data, value.size});
    irw_bytes_wipe(&value);
    for (size_t i = 0; i < signed_request.header_count; i++)
        if (i != 1 && count > 0 && request->headers[count - 1])
            request->headers[count++] =
                make_line(headers[i].name, headers[i].value);
    /* the host comes from the URL */
    return count == signed_request.header_count &&
           request->headers[count - 1];
}

enum imgrw_status
irw_ecr_request_make(const struct irw_ecr_host *ecr,
                     const struct irw_ecr_keys *keys, const char *endpoint,
                     int64_t now, struct irw_ecr_request *request,
                     struct imgrw_error *error)
{
    struct irw_ecr_request made = {.body = BODY};
    struct irw_bytes host = {0}, url = {0};
    bool is_https = true;
    enum imgrw_status status = IMGRW_OK;

    if (endpoint)
        status = add_host(endpoint, &host, &is_https, error);
    else
        add_own_host(ecr, &host);
    if (status == IMGRW_OK) {
        irw_bytes_add_text(&url, is_https ? "https://" : "http://");
        irw_bytes_add(&url, (imgrw_str){host.data, host.size});
        irw_bytes_add_text(&url, "/");
        made.url = url.data;
        if (host.failed || url.failed ||
            !make_headers(ecr, keys, now, (imgrw_str){host.data, host.size},
                          &made))
            status = irw_fail_memory(error);
    }
    irw_bytes_clear(&host);
    if (status == IMGRW_OK)
        *request = made;
    else
        irw_ecr_request_clear(&made);
    return status;
}

static void
wipe(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

void
irw_ecr_request_clear(struct irw_ecr_request *request)
{
    wipe(request->url);
    for (size_t i = 0; i < IRW_ECR_HEADERS; i++)
        wipe(request->headers[i]);
    *request = (struct irw_ecr_request){0};
}
