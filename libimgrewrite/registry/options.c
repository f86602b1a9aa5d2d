#include "registry/options.h"
#include "base/error.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_TIMEOUT 10000
#define REQUEST_TIMEOUT 30000
#define IN_FLIGHT       16

/* The most that is of use, which also keeps sums in their types. */
#define TIMEOUT_MAX   (24u * 3600 * 1000)
#define IN_FLIGHT_MAX 1000

enum imgrw_status
irw_options_copy(const void *from, void *to, size_t size,
                 struct imgrw_error *error)
{
    const unsigned char *bytes = from;
    size_t given;

    if (!from)
        return IMGRW_OK;
    memcpy(&given, from, sizeof(given));
    if (given < sizeof(given))
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "the options do not say their size");
    for (size_t i = size; i < given; i++)
        if (bytes[i] != 0)
            return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                            "the options have fields that this "
                            "version does not know");
    memcpy(to, from, given < size ? given : size);
    return IMGRW_OK;
}

static enum imgrw_status
fail_host(const char *host, struct imgrw_error *error)
{
    return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                    "\"%.100s\" is no registry: expected HOST or "
                    "HOST:PORT, such as reg.example.com:5000", host);
}

static enum imgrw_status
copy_insecure(const char *const *hosts, struct irw_insecure *insecure,
              struct imgrw_error *error)
{
    for (; hosts && *hosts; hosts++)
        switch (irw_insecure_add(insecure, *hosts)) {
        case IRW_URL_MEMORY:
            return irw_fail_memory(error);
        case IRW_URL_ODD:
            return fail_host(*hosts, error);
        case IRW_URL_FINE:
            break;
        }
    return IMGRW_OK;
}

/* Skips a host, which may be empty, and the colon after it. */
static const char *
skip_host(const char *text)
{
    size_t size = *text == '[' ? strcspn(text, "]") : 0;

    size += strcspn(text + size, ":");
    return text[size] == ':' ? text + size + 1 : NULL;
}

/* Skips a port, which may be empty. */
static const char *
skip_port(const char *text)
{
    return text + strspn(text, "0123456789");
}

/* Whether it is HOST:PORT:HOST:PORT. */
static bool
is_connect_to(const char *text)
{
    text = skip_host(text);
    text = text ? skip_port(text) : NULL;
    text = text && *text == ':' ? skip_host(text + 1) : NULL;
    return text && *skip_port(text) == '\0';
}

static enum imgrw_status
copy_connect_to(const char *const *entries, struct curl_slist **copies,
                struct imgrw_error *error)
{
    for (; entries && *entries; entries++) {
        struct curl_slist *more;

        if (!is_connect_to(*entries))
            return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                            "\"%.100s\" says no connection: expected "
                            "HOST:PORT:CONNECT_HOST:CONNECT_PORT",
                            *entries);
        more = curl_slist_append(*copies, *entries);
        if (!more)
            return irw_fail_memory(error);
        *copies = more;
    }
    return IMGRW_OK;
}

static enum imgrw_status
check_readable(const char *path, struct imgrw_error *error)
{
    static const char marker[] = "-----BEGIN ";
    FILE *file = fopen(path, "re");
    char line[256];
    bool found = false;

    if (!file)
        return irw_fail(error, IMGRW_ERR_IO, IRW_NO_LOCATION,
                        "the certificates of \"%.100s\" cannot be "
                        "read: %s", path, strerror(errno));
    while (!found && fgets(line, sizeof(line), file))
        found = strncmp(line, marker, sizeof(marker) - 1) == 0;
    fclose(file);
    if (found)
        return IMGRW_OK;
    return irw_fail(error, IMGRW_ERR_IO, IRW_NO_LOCATION,
                    "there is no certificate in \"%.100s\": expected "
                    "PEM", path);
}

static enum imgrw_status
copy_ca_file(const char *path, char **copy, struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    if (!path)
        return IMGRW_OK;
    status = check_readable(path, error);
    if (status != IMGRW_OK)
        return status;
    *copy = irw_bytes_copy(imgrw_str_from(path));
    return *copy ? IMGRW_OK : irw_fail_memory(error);
}

static enum imgrw_status
copy_folders(const char *const *folders, char ***copies,
             struct imgrw_error *error)
{
    size_t count = 0;

    while (folders && folders[count])
        count++;
    *copies = calloc(count + 1, sizeof(**copies));
    for (size_t i = 0; *copies && i < count; i++) {
        (*copies)[i] = irw_bytes_copy(imgrw_str_from(folders[i]));
        if (!(*copies)[i])
            return irw_fail_memory(error);
    }
    return *copies ? IMGRW_OK : irw_fail_memory(error);
}

static enum imgrw_status
copy_ecr_endpoint(const char *url, char **copy, struct imgrw_error *error)
{
    struct irw_web_origin origin;
    enum irw_url_status status;

    if (!url)
        return IMGRW_OK;
    status = irw_web_origin_of(url, &origin);
    if (status == IRW_URL_MEMORY)
        return irw_fail_memory(error);
    if (status == IRW_URL_ODD ||
        (!origin.is_https && !irw_web_origin_is_loopback(&origin)))
        return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                        "\"%.100s\" is no endpoint of ECR: expected "
                        "an https URL, or one of http on this machine",
                        url);
    *copy = irw_bytes_copy(imgrw_str_from(url));
    return *copy ? IMGRW_OK : irw_fail_memory(error);
}

static void
set_default(unsigned *value, unsigned normal, unsigned most)
{
    if (*value == 0)
        *value = normal;
    if (*value > most)
        *value = most;
}

enum imgrw_status
irw_settings_copy(const struct imgrw_registry_options *options,
                  struct irw_settings *settings, struct imgrw_error *error)
{
    struct imgrw_registry_options *given = &settings->given;
    enum imgrw_status status =
        irw_options_copy(options, given, sizeof(*given), error);

    if (status == IMGRW_OK)
        status = copy_insecure(given->insecure_registries, &settings->insecure,
                               error);
    if (status == IMGRW_OK)
        status = copy_connect_to(given->connect_to, &settings->connect_to,
                                 error);
    if (status == IMGRW_OK)
        status = copy_ca_file(given->ca_file, &settings->ca_file, error);
    if (status == IMGRW_OK)
        status = copy_ecr_endpoint(given->ecr_endpoint,
                                   &settings->ecr_endpoint, error);
    if (status == IMGRW_OK)
        status = copy_folders(given->certificate_folders,
                              &settings->certificate_folders, error);
    given->certificate_folders = NULL;
    given->insecure_registries = given->connect_to = NULL;
    given->ca_file = given->ecr_endpoint = NULL;
    set_default(&given->connect_timeout, CONNECT_TIMEOUT, TIMEOUT_MAX);
    set_default(&given->request_timeout, REQUEST_TIMEOUT, TIMEOUT_MAX);
    set_default(&given->in_flight, IN_FLIGHT, IN_FLIGHT_MAX);
    return status;
}

void
irw_settings_clear(struct irw_settings *settings)
{
    irw_insecure_clear(&settings->insecure);
    curl_slist_free_all(settings->connect_to);
    free(settings->ca_file);
    free(settings->ecr_endpoint);
    for (char **one = settings->certificate_folders; one && *one; one++)
        free(*one);
    free(settings->certificate_folders);
}

struct irw_certificate_places
irw_settings_certificates(const struct irw_settings *settings)
{
    const char *usual = curl_version_info(CURLVERSION_NOW)->cainfo;

    return (struct irw_certificate_places){
        .folders = (const char *const *)settings->certificate_folders,
        .trusted = settings->ca_file ? settings->ca_file : usual,
    };
}

struct irw_transport_options
irw_settings_transport(const struct irw_settings *settings)
{
    return (struct irw_transport_options){
        .in_flight = settings->given.in_flight,
        .wire = {
            .connect_timeout = (long)settings->given.connect_timeout,
            .request_timeout = (long)settings->given.request_timeout,
            .connect_to = settings->connect_to,
            .ca_file = settings->ca_file,
        },
    };
}
