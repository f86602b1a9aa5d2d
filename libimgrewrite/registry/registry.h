/*
 * Questions about images, inside.
 */
#pragma once

#include "registry/login.h"

#include <imgrewrite/registry.h>

/* Finds the login for an image. `host` is as references have it, "docker.io"
 * among them. `*login` is borrowed until the client is freed; NULL: there is
 * none. IMGRW_ERR_MEMORY ends the run, another failure is the reason that is
 * given for the image. */
typedef enum imgrw_status irw_login_find(void *user, imgrw_str host,
                                         imgrw_str repository,
                                         const struct irw_login **login,
                                         struct imgrw_error *error);

/* Has images that cannot be pulled by anyone be asked for once more, with the
 * logins that are found for them. In place of those that
 * imgrw_registry_use_logins reads. */
void irw_registry_set_logins(struct imgrw_registry_client *client,
                             irw_login_find *find, void *user);
