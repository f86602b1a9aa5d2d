/*
 * The logins with which images can be pulled, for a pull secret.
 */
#pragma once

#include "probe.h"

/* Whether logins may be asked for and printed as the options say; if not, says
 * why. */
bool check_login_options(const struct probe *probe);

/* Prints a login for each registry to standard output, all that are needed or,
 * after messages, none. Returns the exit status. */
int print_logins(const struct probe *probe);
