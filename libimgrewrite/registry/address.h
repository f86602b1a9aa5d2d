/*
 * Addresses, by how internal they are. What a server names in an answer must
 * not be more internal than the server, or it could have us ask, in its place,
 * what it does not reach itself.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>
#include <sys/socket.h>

/* From the outside inwards. */
enum irw_reach {
    IRW_REACH_GLOBAL = 0, /* the internet */
    IRW_REACH_PRIVATE,    /* an organisation's networks */
    IRW_REACH_LOOPBACK,   /* this machine */
    IRW_REACH_LINK,       /* this link, and what clouds tell a machine there */
    IRW_REACH_NOWHERE,    /* no address of one server */
};

/* Of an address of IPv4 or IPv6; IRW_REACH_NOWHERE for another family. An IPv6
 * address that stands for one of IPv4 is as internal as that. */
enum irw_reach irw_reach_of(const struct sockaddr *address);

/* Of an address as text, without brackets; false where it is none. */
bool irw_reach_of_text(const char *text, enum irw_reach *reach);
