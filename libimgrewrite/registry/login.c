#include "registry/login.h"
#include "base/str.h"
#include "registry/bytes.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const char *
irw_login_fault(const struct irw_login_parts *parts)
{
    if (parts->user.size > 0 &&
        memchr(parts->user.data, ':', parts->user.size))
        return "a user name cannot hold a \":\"";
    if (irw_has_control(parts->user))
        return "a user name cannot hold a control character";
    if (irw_has_control(parts->password))
        return "a password cannot hold a control character, such as a line "
               "break";
    if (!irw_is_visible_ascii(parts->identity_token))
        return "an identity token cannot hold blanks or other than ASCII";
    return NULL;
}

struct irw_login *
irw_login_new(const struct irw_login_parts *parts)
{
    struct irw_login *login = calloc(1, sizeof(*login));
    bool has_token = parts->identity_token.size > 0;

    if (!login)
        return NULL;
    login->user = irw_bytes_copy(parts->user);
    login->password = irw_bytes_copy(parts->password);
    if (has_token)
        login->identity_token = irw_bytes_copy(parts->identity_token);
    login->source = irw_bytes_copy(parts->source);
    if (login->user && login->password && login->source &&
        (login->identity_token || !has_token))
        return login;
    irw_login_free(login);
    return NULL;
}

struct irw_login *
irw_login_copy(const struct irw_login *login)
{
    const struct irw_login_parts parts = {
        .user = imgrw_str_from(login->user),
        .password = imgrw_str_from(login->password),
        .identity_token = imgrw_str_from(login->identity_token),
        .source = imgrw_str_from(login->source),
    };
    struct irw_login *copy = irw_login_new(&parts);

    if (copy)
        copy->expires_at = login->expires_at;
    return copy;
}

static void
wipe(char *secret)
{
    if (secret)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

void
irw_login_free(struct irw_login *login)
{
    if (!login)
        return;
    wipe(login->user);
    wipe(login->password);
    wipe(login->identity_token);
    free(login->source);
    free(login);
}
