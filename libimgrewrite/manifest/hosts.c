#include "manifest/hosts.h"

/* A host by its whole name, or by the end of it, which then begins with a
 * dot. */
static const char *const hosts[] = {
    "docker.io",
    ".docker.io",
    "registry.hub.docker.com",
    "docker.pkg.github.com",
    "ghcr.io",
    "quay.io",
    "gcr.io",
    ".gcr.io",
    ".pkg.dev",
    "public.ecr.aws",
    "mcr.microsoft.com",
    ".azurecr.io",
    ".azurecr.cn",
    ".azurecr.us",
    "icr.io",
    ".icr.io",
    ".ocir.io",
    ".aliyuncs.com",
    "cgr.dev",
    "dhi.io",
    "nvcr.io",
    "lscr.io",
    "docker.elastic.co",
    "container-registry.oracle.com",
    "proxy.replicated.com",
};

/* Whether the host is that of a registry in AWS:
 * ACCOUNT.dkr.ecr.REGION.amazonaws.com, or the same in China. */
static bool
is_aws(imgrw_str host)
{
    return (irw_ends_with(host, IRW_STR(".amazonaws.com")) ||
            irw_ends_with(host, IRW_STR(".amazonaws.com.cn"))) &&
           irw_contains(host, ".dkr.ecr");
}

bool
irw_is_registry_host(imgrw_str host)
{
    imgrw_str port;

    irw_cut(host, ':', &host, &port);
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
        if (hosts[i][0] == '.' ? irw_ends_with(host, irw_str(hosts[i]))
                               : irw_equal(host, irw_str(hosts[i])))
            return true;
    return irw_starts_with(host, IRW_STR("registry.")) || is_aws(host);
}
