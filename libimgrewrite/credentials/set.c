/*
 * The set: what may be an entry, and where it is kept.
 */
#include "credentials/set.h"
#include "base/error.h"
#include "base/list.h"
#include "credentials/endpoint.h"
#include "reference/name.h"

#include <stdio.h>
#include <stdlib.h>

enum imgrw_status
imgrw_credentials_new(struct imgrw_credentials **credentials,
                      struct imgrw_error *error)
{
    struct imgrw_credentials *made = calloc(1, sizeof(*made));

    if (!made)
        return irw_fail_memory(error);
    *credentials = made;
    return IMGRW_OK;
}

/* Releases a pair; the fields of `credential` stay as they are. */
static void
free_pair(const struct irw_credential *credential)
{
    char *data = (char *)(uintptr_t)credential->pair.data;

    if (data)
        explicit_bzero(data, credential->pair.size);
    free(data);
}

static void
free_credential(const struct irw_credential *credential)
{
    free(credential->host);
    free_pair(credential);
}

void
imgrw_credentials_free(struct imgrw_credentials *credentials)
{
    if (!credentials)
        return;
    for (size_t i = 0; i < credentials->count; i++)
        free_credential(&credentials->items[i]);
    free(credentials->items);
    free(credentials);
}

void
irw_credentials_undo(struct imgrw_credentials *credentials)
{
    size_t kept = 0;

    for (size_t i = 0; i < credentials->count; i++) {
        if (credentials->items[i].round == credentials->round)
            free_credential(&credentials->items[i]);
        else
            credentials->items[kept++] = credentials->items[i];
    }
    credentials->count = kept;
}

/* Whether `user` is the identifier of an AWS access key: of a person's, or of
 * one that expires. */
static bool
is_access_key(imgrw_str user)
{
    if (user.size != 20 || (!irw_starts_with(user, IRW_STR("AKIA")) &&
                            !irw_starts_with(user, IRW_STR("ASIA"))))
        return false;
    for (size_t i = 4; i < user.size; i++)
        if (!irw_is_upper(user.data[i]) && !irw_is_digit(user.data[i]))
            return false;
    return true;
}

static bool
has_control(imgrw_str text)
{
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7F)
            return true;
    return false;
}

/* What user name and password cannot be; NULL where they are fine. */
static const char *
find_fault(const struct irw_given *given, struct imgrw_location *at)
{
    *at = given->user_at;
    if (irw_find(given->user, ':') != SIZE_MAX)
        return "a user name cannot hold a \":\"";
    if (has_control(given->user))
        return "a user name cannot hold a control character";
    if (is_access_key(given->user))
        return "an AWS access key is no pull secret: a kubelet cannot log in "
               "to ECR with it, and the cluster would keep a long-lived key; "
               "use a proxy, a role of the nodes, or the user AWS with a token";
    if (given->user.size == 0 &&
        (given->incomplete || given->password.size > 0))
        return "there is no user name for the password";
    *at = given->password_at;
    if (irw_find(given->password, '\0') != SIZE_MAX)
        return "a password cannot hold a NUL";
    return NULL;
}

/* Tells of what is taken and may yet not work. */
static void
warn_of(const struct irw_given *given, imgrw_str host,
        const struct irw_listener *listener)
{
    char message[512];

    if (!listener->warn)
        return;
    if (irw_equal(given->user, IRW_STR("AWS"))) {
        snprintf(message, sizeof(message),
                 "the token of user AWS for \"%.*s\" expires 12 hours after it "
                 "was made, and with it the secret",
                 IRW_PRINT(host));
        listener->warn(&given->user_at, message, listener->user);
    }
    if (!irw_is_host(host)) {
        snprintf(message, sizeof(message),
                 "no image is pulled from \"%.*s\": without a dot or a port it "
                 "is read as a name on Docker Hub",
                 IRW_PRINT(host));
        listener->warn(&given->endpoint_at, message, listener->user);
    }
    if (irw_ends_with(given->password, IRW_STR("\n"))) {
        snprintf(message, sizeof(message),
                 "the password for \"%.*s\" has a line break at its end",
                 IRW_PRINT(host));
        listener->warn(&given->password_at, message, listener->user);
    }
}

/* A malloc'ed "user:password", or NULL. */
static char *
join(imgrw_str user, imgrw_str password)
{
    char *pair = malloc(user.size + 1 + password.size);

    if (!pair)
        return NULL;
    if (user.size > 0)
        memcpy(pair, user.data, user.size);
    pair[user.size] = ':';
    if (password.size > 0)
        memcpy(pair + user.size + 1, password.data, password.size);
    return pair;
}

static int
compare(imgrw_str one, imgrw_str other)
{
    size_t size = one.size < other.size ? one.size : other.size;
    int order = memcmp(one.data, other.data, size);

    return order != 0 ? order : (one.size > size) - (other.size > size);
}

/* Keeps an entry, which is copied, in its place. */
static enum imgrw_status
keep(struct imgrw_credentials *credentials, imgrw_str host,
     const struct irw_given *given, struct imgrw_error *error)
{
    void *items = credentials->items;
    size_t place = credentials->count;
    struct irw_credential made = {
        .user = given->user.size,
        .round = credentials->round,
        .incomplete = given->incomplete,
    };

    if (!irw_grow(&items, &credentials->capacity, credentials->count + 1,
                  sizeof(made)))
        return irw_fail_memory(error);
    credentials->items = items;
    made.host = strndup(host.data, host.size);
    made.pair.data = join(given->user, given->password);
    made.pair.size = given->user.size + 1 + given->password.size;
    if (!made.host || !made.pair.data) {
        free_credential(&made);
        return irw_fail_memory(error);
    }
    while (place > 0 &&
           compare(irw_str(credentials->items[place - 1].host), host) > 0)
        place--;
    memmove(credentials->items + place + 1, credentials->items + place,
            (credentials->count++ - place) * sizeof(made));
    credentials->items[place] = made;
    return IMGRW_OK;
}

enum imgrw_status
irw_credentials_put(struct imgrw_credentials *credentials,
                    const struct irw_given *given,
                    const struct irw_listener *listener,
                    struct imgrw_error *error)
{
    struct imgrw_location at;
    const char *fault;
    imgrw_str host;
    enum imgrw_status status =
        irw_endpoint_host(given->endpoint, given->endpoint_at, &host, error);

    if (status != IMGRW_OK)
        return status;
    for (size_t i = 0; i < credentials->count; i++)
        if (irw_equal_nocase(irw_str(credentials->items[i].host), host))
            return irw_fail(error, IMGRW_ERR_CREDENTIALS, given->endpoint_at,
                            "there is an entry for \"%.*s\" already, and a "
                            "secret has one for each registry",
                            IRW_PRINT(host));
    fault = find_fault(given, &at);
    if (fault)
        return irw_fail(error, IMGRW_ERR_CREDENTIALS, at, "%s", fault);
    status = keep(credentials, host, given, error);
    if (status == IMGRW_OK)
        warn_of(given, host, listener);
    return status;
}

enum imgrw_status
imgrw_credentials_add(struct imgrw_credentials *credentials,
                      const char *endpoint, const char *username,
                      const char *password, imgrw_warn_fn *warn, void *user,
                      struct imgrw_error *error)
{
    struct irw_listener listener = {warn, user};
    struct irw_given given = {
        .endpoint = irw_str(endpoint),
        .user = irw_str(username),
        .password = irw_str(password),
        .incomplete = !password,
    };

    if (!endpoint || !username)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                        "an entry needs an endpoint and a user name");
    credentials->round++;
    return irw_credentials_put(credentials, &given, &listener, error);
}

/* The one entry that has no password. */
static enum imgrw_status
find_incomplete(struct imgrw_credentials *credentials,
                struct irw_credential **found, struct imgrw_error *error)
{
    *found = NULL;
    for (size_t i = 0; i < credentials->count; i++) {
        struct irw_credential *item = &credentials->items[i];

        if (item->incomplete && *found)
            return irw_fail(error, IMGRW_ERR_CREDENTIALS, IRW_NOWHERE,
                            "one password, and no entry that is to have it: "
                            "both \"%.*s\" and \"%.*s\" have none",
                            IRW_PRINT(irw_str((*found)->host)),
                            IRW_PRINT(irw_str(item->host)));
        if (item->incomplete)
            *found = item;
    }
    if (!*found)
        return irw_fail(error, IMGRW_ERR_CREDENTIALS, IRW_NOWHERE,
                        "no entry is without a password");
    return IMGRW_OK;
}

enum imgrw_status
imgrw_credentials_set_password(struct imgrw_credentials *credentials,
                               imgrw_str password, struct imgrw_error *error)
{
    struct irw_credential *found;
    char *pair;
    enum imgrw_status status = find_incomplete(credentials, &found, error);

    if (status != IMGRW_OK)
        return status;
    if (irw_ends_with(password, IRW_STR("\n")))
        password.size--;
    if (irw_ends_with(password, IRW_STR("\r")))
        password.size--;
    if (password.size == 0)
        return irw_fail(error, IMGRW_ERR_CREDENTIALS, IRW_NOWHERE,
                        "the password is empty");
    if (irw_find(password, '\0') != SIZE_MAX)
        return irw_fail(error, IMGRW_ERR_CREDENTIALS, IRW_NOWHERE,
                        "a password cannot hold a NUL");
    pair = join(irw_slice(found->pair, 0, found->user), password);
    if (!pair)
        return irw_fail_memory(error);
    free_pair(found);
    found->pair = (imgrw_str){pair, found->user + 1 + password.size};
    found->incomplete = false;
    return IMGRW_OK;
}

size_t
imgrw_credentials_count(const struct imgrw_credentials *credentials)
{
    return credentials->count;
}

const char *
imgrw_credentials_host(const struct imgrw_credentials *credentials,
                       size_t index)
{
    return index < credentials->count ? credentials->items[index].host : "";
}
