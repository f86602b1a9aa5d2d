/*
 * What people write for a registry, and the host that it is.
 */
#pragma once

#include <imgrewrite/reference.h>

/* The registry that `endpoint` names, as the key of a pull secret: without
 * scheme and path; index.docker.io for Docker Hub. `host` borrows from
 * `endpoint` or from static text. IMGRW_ERR_INPUT at `at`; the message does not
 * repeat the endpoint, which may hold a password. */
enum imgrw_status irw_endpoint_host(imgrw_str endpoint,
                                    struct imgrw_location at, imgrw_str *host,
                                    struct imgrw_error *error);
