/*
 * Programs that keep logins: docker-credential-NAME, by the protocol of
 * docker-credential-helpers.
 */
#pragma once

#include "registry/login.h"

#include <stdbool.h>

/* The most that such a program may answer. */
#define IRW_HELPER_BYTES ((size_t)64 << 10)

/* How long it may take; it may ask its user. */
#define IRW_HELPER_MILLISECONDS 30000

/* Reads what the program of a name has answered, and whether it succeeded.
 * `*login` is NULL where it has none. See irw_credential_helper_get. */
enum imgrw_status irw_credential_helper_read(const char *name, imgrw_str answer,
                                             bool succeeded,
                                             struct irw_login **login,
                                             struct imgrw_error *error);

/* Asks the program of a name, which no path and no option is, for the login of
 * a server; it has so many milliseconds, and is killed then. It is started
 * without a shell, and gets the environment and standard error of this process,
 * but no other file of ours. `*login` is NULL where it has none; otherwise
 * irw_login_free releases it.
 *
 * IMGRW_ERR_IO: it cannot be started, or takes too long. IMGRW_ERR_LIMIT: it
 * answers too much. IMGRW_ERR_INPUT: it fails, or what it answers is no login.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_credential_helper_get(const char *name, imgrw_str server,
                                            int milliseconds,
                                            struct irw_login **login,
                                            struct imgrw_error *error);
