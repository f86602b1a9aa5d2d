#include "registry/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

/* Networks that are not of the whole internet: those of the registries of IANA
 * (RFC 6890), and where clouds have the metadata of a machine. The first that
 * has an address counts. */
struct network {
    unsigned char prefix[16];
    unsigned bits;
    enum irw_reach reach;
};

static const struct network four[] = {
    {{100, 100, 100, 200}, 32, IRW_REACH_LINK    }, /* clouds: Alibaba */
    {{192, 0, 0, 192},     32, IRW_REACH_LINK    }, /* Oracle */
    {{168, 63, 129, 16},   32, IRW_REACH_LINK    }, /* Azure */
    {{169, 254},           16, IRW_REACH_LINK    },
    {{127},                8,  IRW_REACH_LOOPBACK},
    {{0},                  8,  IRW_REACH_LOOPBACK}, /* as Linux has 0.0.0.0 */
    {{10},                 8,  IRW_REACH_PRIVATE },
    {{172, 16},            12, IRW_REACH_PRIVATE },
    {{192, 168},           16, IRW_REACH_PRIVATE },
    {{100, 64},            10, IRW_REACH_PRIVATE }, /* of providers */
    {{198, 18},            15, IRW_REACH_PRIVATE }, /* of benchmarks */
    {{192, 0, 0},          24, IRW_REACH_PRIVATE },
    {{224},                4,  IRW_REACH_NOWHERE }, /* multicast */
    {{240},                4,  IRW_REACH_NOWHERE }, /* reserved, broadcast */
};

static const struct network six[] = {
    {{0xFD, 0x00, 0x0E, 0xC2},     32,  IRW_REACH_LINK    }, /* clouds, AWS */
    {{0xFD, 0x20, 0, 0xCE},        32,  IRW_REACH_LINK    }, /* and Google */
    {{0xFE, 0x80},                 10,  IRW_REACH_LINK    },
    {{[15] = 1},                   128, IRW_REACH_LOOPBACK},
    {{0},                          128, IRW_REACH_LOOPBACK},
    {{0xFC},                       7,   IRW_REACH_PRIVATE },
    {{0xFE, 0xC0},                 10,  IRW_REACH_PRIVATE }, /* sites */
    {{0xFF},                       8,   IRW_REACH_NOWHERE }, /* multicast */
};

/* Prefixes of IPv6 before an address of IPv4, which follows at a byte. */
static const struct {
    struct network network;
    size_t at;
} mappings[] = {
    {{{[10] = 0xFF, [11] = 0xFF}, 96, IRW_REACH_GLOBAL}, 12},
    {{{0, 0x64, 0xFF, 0x9B}, 96, IRW_REACH_GLOBAL}, 12}, /* NAT64 */
    {{{0, 0x64, 0xFF, 0x9B, 0, 1}, 96, IRW_REACH_GLOBAL}, 12},
    {{{0x20, 0x02}, 16, IRW_REACH_GLOBAL}, 2}, /* 6to4 */
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool
is_in(const unsigned char *address, const struct network *network)
{
    unsigned bytes = network->bits / 8, rest = network->bits % 8;
    unsigned mask = 0xFF00u >> rest & 0xFF;

    return memcmp(address, network->prefix, bytes) == 0 &&
           (rest == 0 || ((address[bytes] ^ network->prefix[bytes]) & mask) ==
                             0);
}

static enum irw_reach
find_network(const unsigned char *address, const struct network *networks,
             size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_in(address, &networks[i]))
            return networks[i].reach;
    return IRW_REACH_GLOBAL;
}

static enum irw_reach
reach_of_six(const unsigned char *address)
{
    enum irw_reach reach = find_network(address, six, COUNT(six));

    if (reach != IRW_REACH_GLOBAL)
        return reach;
    for (size_t i = 0; i < COUNT(mappings); i++)
        if (is_in(address, &mappings[i].network))
            return find_network(address + mappings[i].at, four, COUNT(four));
    return reach;
}

enum irw_reach
irw_reach_of(const struct sockaddr *address)
{
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;

    if (address->sa_family == AF_INET) {
        memcpy(&ipv4, address, sizeof(ipv4));
        return find_network((unsigned char *)&ipv4.sin_addr, four, COUNT(four));
    }
    if (address->sa_family != AF_INET6)
        return IRW_REACH_NOWHERE;
    memcpy(&ipv6, address, sizeof(ipv6));
    return reach_of_six(ipv6.sin6_addr.s6_addr);
}

bool
irw_reach_of_text(const char *text, enum irw_reach *reach)
{
    unsigned char bytes[16];

    if (inet_pton(AF_INET, text, bytes) == 1)
        *reach = find_network(bytes, four, COUNT(four));
    else if (inet_pton(AF_INET6, text, bytes) == 1)
        *reach = reach_of_six(bytes);
    else
        return false;
    return true;
}
