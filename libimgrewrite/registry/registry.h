/*
 * Questions about images, inside.
 */
#pragma once

#include "registry/login.h"

#include <imgrewrite/registry.h>

/* Finds the login for an image. `host` is as references have it, "docker.io"
 * among them. In `login`, one to be released with irw_login_free; NULL: there
 * is none. IMGRW_ERR_MEMORY ends the run, another failure is the reason that is
 * given for the image. */
typedef enum imgrw_status irw_login_find(void *user, imgrw_str host,
                                         imgrw_str repository,
                                         struct irw_login **login,
                                         struct imgrw_error *error);

/* Has images that cannot be pulled by anyone be asked for once more, with the
 * logins that are found for them. */
void irw_registry_set_logins(struct imgrw_registry_client *client,
                             irw_login_find *find, void *user);
