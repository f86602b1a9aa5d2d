#include "credentials/endpoint.h"
#include "base/error.h"
#include "base/str.h"
#include "reference/name.h"

/* Drops the scheme, or several: KOTS takes two of them. */
static imgrw_str
drop_scheme(imgrw_str endpoint)
{
    static const char *const schemes[] = {"http://", "https://"};
    size_t i = 0;

    while (i < sizeof(schemes) / sizeof(schemes[0])) {
        imgrw_str scheme = irw_str(schemes[i++]);

        if (irw_starts_with(endpoint, scheme)) {
            endpoint = irw_slice(endpoint, scheme.size, endpoint.size);
            i = 0;
        }
    }
    return endpoint;
}

/* Whether the grammar of references has such a registry. A word alone is one
 * where a port follows. */
static bool
is_registry(imgrw_str host)
{
    struct imgrw_reference reference;
    char text[IMGRW_REFERENCE_MAX];
    const char *rest = irw_is_host(host) ? "/x" : ":1/x";
    size_t size = host.size + strlen(rest);

    if (host.size == 0 || size > sizeof(text) ||
        irw_find(host, '@') != SIZE_MAX)
        return false;
    memcpy(text, host.data, host.size);
    memcpy(text + host.size, rest, strlen(rest));
    return imgrw_reference_parse((imgrw_str){text, size}, &reference, NULL) ==
               IMGRW_OK &&
           reference.registry.size == size - 2;
}

/* The key that kubelet and KOTS have for Docker Hub. */
static imgrw_str
name_hub(imgrw_str host)
{
    if (irw_equal_nocase(host, IRW_STR("docker.io")) ||
        irw_equal_nocase(host, IRW_STR("registry-1.docker.io")))
        return IRW_STR("index.docker.io");
    return host;
}

enum imgrw_status
irw_endpoint_host(imgrw_str endpoint, struct imgrw_location at,
                  imgrw_str *host, struct imgrw_error *error)
{
    imgrw_str rest = drop_scheme(endpoint);
    size_t slash = irw_find(rest, '/');

    if (slash != SIZE_MAX)
        rest.size = slash;
    /* neither message repeats the endpoint: people paste user:password@host */
    if (irw_find(rest, '@') != SIZE_MAX)
        return irw_fail(error, IMGRW_ERR_INPUT, at,
                        "an endpoint has no user name in it; give that "
                        "separately");
    if (!is_registry(rest))
        return irw_fail(error, IMGRW_ERR_INPUT, at,
                        "the endpoint is not a registry, such as "
                        "reg.example.com:5000");
    *host = name_hub(rest);
    return IMGRW_OK;
}
