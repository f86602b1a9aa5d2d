#include "registry/login_key.h"
#include "base/str.h"

#include <string.h>

#define HUB_URL "https://index.docker.io/v1/"

static const char *const hub_hosts[] = {
    "docker.io", "index.docker.io", "registry-1.docker.io"};

static bool
is_hub(imgrw_str host)
{
    for (size_t i = 0; i < sizeof(hub_hosts) / sizeof(hub_hosts[0]); i++)
        if (irw_equal(host, imgrw_str_from(hub_hosts[i])))
            return true;
    return false;
}

/* Whether both are one registry. */
static bool
is_same_host(imgrw_str one, imgrw_str other)
{
    return irw_equal(one, other) || (is_hub(one) && is_hub(other));
}

/* Takes `start` from the beginning of `str`, if it is there. */
static bool
take(imgrw_str *str, imgrw_str start)
{
    if (str->size < start.size ||
        (start.size > 0 && memcmp(str->data, start.data, start.size) != 0))
        return false;
    str->data += start.size;
    str->size -= start.size;
    return true;
}

/* Whether the key is the registry, a namespace, or the repository. */
static bool
is_exact(imgrw_str key, bool hosts_only, const struct irw_login_place *place)
{
    imgrw_str rest = place->repository;

    if (!take(&key, place->host))
        return false;
    if (key.size == 0)
        return true;
    return !hosts_only && take(&key, IMGRW_STR("/")) && key.size > 0 &&
           take(&rest, key) && (rest.size == 0 || rest.data[0] == '/');
}

/* The registry of a URL; of another key the key itself. */
static imgrw_str
host_of(imgrw_str key, bool hosts_only)
{
    bool is_url =
        take(&key, IMGRW_STR("http://")) || take(&key, IMGRW_STR("https://"));
    const char *slash =
        key.size > 0 ? memchr(key.data, '/', key.size) : NULL;

    if (slash && (is_url || hosts_only))
        key.size = (size_t)(slash - key.data);
    return key;
}

size_t
irw_login_key_fit(imgrw_str key, bool hosts_only,
                  const struct irw_login_place *place)
{
    if (is_exact(key, hosts_only, place))
        return 1 + key.size;
    return is_same_host(host_of(key, hosts_only), place->host) ? 1 : 0;
}

bool
irw_login_key_is_host(imgrw_str key, imgrw_str host)
{
    return is_same_host(key, host) ||
           (is_hub(host) && irw_equal(key, IMGRW_STR(HUB_URL)));
}

imgrw_str
irw_login_key_of_docker(imgrw_str host)
{
    return is_hub(host) ? IMGRW_STR(HUB_URL) : host;
}
