/*
 * The set: what may be an entry, and where it is kept.
 */
#include "credentials/set.h"
#include "base/error.h"
#include "base/list.h"
#include "base/sizes.h"
#include "credentials/endpoint.h"
#include "reference/name.h"

#include <stdio.h>
#include <stdlib.h>

enum imgrw_status
irw_fail_no_credentials(struct imgrw_error *error)
{
    return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                    "there is no set of credentials");
}

enum imgrw_status
imgrw_credentials_new(struct imgrw_credentials **credentials,
                      struct imgrw_error *error)
{
    struct imgrw_credentials *made;

    if (!credentials)
        return irw_fail_no_credentials(error);
    made = calloc(1, sizeof(*made));
    if (!made)
        return irw_fail_memory(error);
    *credentials = made;
    return IMGRW_OK;
}

void
irw_wipe(imgrw_str secret)
{
    char *data = (char *)(uintptr_t)secret.data;

    if (data)
        explicit_bzero(data, secret.size);
    free(data);
}

static void
free_credential(const struct irw_credential *credential)
{
    free((char *)(uintptr_t)credential->host.data);
    irw_wipe(credential->pair);
}

void
imgrw_credentials_free(struct imgrw_credentials *credentials)
{
    if (!credentials)
        return;
    for (size_t i = 0; i < credentials->count; i++)
        free_credential(&credentials->items[i]);
    free(credentials->items);
    irw_wipe(credentials->secret);
    free(credentials);
}

void
irw_credentials_undo(struct imgrw_credentials *credentials)
{
    size_t kept = 0;

    for (size_t i = 0; i < credentials->count; i++) {
        if (credentials->items[i].batch == credentials->batch)
            free_credential(&credentials->items[i]);
        else
            credentials->items[kept++] = credentials->items[i];
    }
    credentials->count = kept;
}

/* Whether `user` is the identifier of an AWS access key: a person's, or a
 * temporary one. */
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

/* What is wrong with user name or password; NULL where nothing is. */
static const char *
find_fault(const struct irw_new_credential *entry, struct imgrw_location *at)
{
    *at = entry->user_at;
    /* the kubelet takes "user:password" apart at the first colon */
    if (irw_find(entry->user, ':') != SIZE_MAX)
        return "a user name cannot hold a \":\"";
    if (has_control(entry->user))
        return "a user name cannot hold a control character";
    if (is_access_key(entry->user))
        return "an AWS access key is no pull secret: a kubelet cannot log in "
               "to ECR with it, and the cluster would keep a long-lived key; "
               "use a proxy, a role of the nodes, or the user AWS with a token";
    if (entry->user.size == 0 &&
        (entry->incomplete || entry->password.size > 0))
        return "there is no user name for the password";
    *at = entry->password_at;
    if (irw_find(entry->password, '\0') != SIZE_MAX)
        return "a password cannot hold a NUL";
    return NULL;
}

/* Warns about what is taken and may yet not work. */
static void
warn_about(const struct irw_new_credential *entry, imgrw_str host,
           imgrw_warn_fn *warn, void *user)
{
    char message[512];

    if (irw_equal(entry->user, IRW_STR("AWS"))) {
        snprintf(message, sizeof(message),
                 "the token of user AWS for \"%.*s\" expires 12 hours after it "
                 "was made, and with it the secret",
                 IRW_PRINT(host));
        warn(&entry->user_at, message, user);
    }
    if (!irw_is_host(host)) {
        snprintf(message, sizeof(message),
                 "no image is pulled from \"%.*s\": without a dot or a port it "
                 "is read as a name on Docker Hub",
                 IRW_PRINT(host));
        warn(&entry->endpoint_at, message, user);
    }
    if (irw_ends_with(entry->password, IRW_STR("\n"))) {
        snprintf(message, sizeof(message),
                 "the password for \"%.*s\" has a line break at its end",
                 IRW_PRINT(host));
        warn(&entry->password_at, message, user);
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
     const struct irw_new_credential *entry, struct imgrw_error *error)
{
    struct irw_credential *items, kept = {
        .host = {strndup(host.data, host.size), host.size},
        .pair = {join(entry->user, entry->password),
                 entry->user.size + 1 + entry->password.size},
        .user = entry->user.size,
        .batch = credentials->batch,
        .incomplete = entry->incomplete,
    };
    size_t place;

    if (!kept.host.data || !kept.pair.data ||
        !irw_grow(&credentials->items, &credentials->capacity,
                  credentials->count + 1, sizeof(kept))) {
        free_credential(&kept);
        return irw_fail_memory(error);
    }
    items = credentials->items;
    IRW_LOWER_BOUND(place, credentials->count,
                    compare(items[place].host, host) < 0);
    memmove(items + place + 1, items + place,
            (credentials->count++ - place) * sizeof(kept));
    items[place] = kept;
    return IMGRW_OK;
}

/* The entry of a host, whose letters may be of either case; NULL: none. */
static struct irw_credential *
find_host(const struct imgrw_credentials *credentials, imgrw_str host)
{
    for (size_t i = 0; i < credentials->count; i++)
        if (irw_equal_nocase(credentials->items[i].host, host))
            return &credentials->items[i];
    return NULL;
}

enum imgrw_status
irw_credentials_put(struct imgrw_credentials *credentials,
                    const struct irw_new_credential *entry, imgrw_warn_fn *warn,
                    void *user, struct imgrw_error *error)
{
    struct imgrw_location at;
    const char *fault;
    imgrw_str host;
    enum imgrw_status status =
        irw_endpoint_host(entry->endpoint, entry->endpoint_at, &host, error);

    if (status != IMGRW_OK)
        return status;
    if (find_host(credentials, host))
        return irw_fail(error, IMGRW_ERR_INPUT, entry->endpoint_at,
                        "there is an entry for \"%.*s\" already, and a "
                        "secret has one for each registry",
                        IRW_PRINT(host));
    fault = find_fault(entry, &at);
    if (fault)
        return irw_fail(error, IMGRW_ERR_INPUT, at, "%s", fault);
    status = keep(credentials, host, entry, error);
    if (status == IMGRW_OK && warn)
        warn_about(entry, host, warn, user);
    return status;
}

enum imgrw_status
imgrw_credentials_add(struct imgrw_credentials *credentials,
                      const struct imgrw_credential *credential,
                      imgrw_warn_fn *warn, void *user,
                      struct imgrw_error *error)
{
    struct imgrw_credential known;
    struct irw_new_credential entry = {0};
    enum imgrw_status status;

    if (!credentials)
        return irw_fail_no_credentials(error);
    status = irw_sized_copy(&known, sizeof(known), credential,
                            "imgrw_credential", error);
    if (status != IMGRW_OK)
        return status;
    if (!known.endpoint)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                        "an entry needs an endpoint");
    entry.endpoint = irw_str(known.endpoint);
    entry.user = irw_str(known.username);
    entry.password = irw_str(known.password);
    entry.incomplete = !known.password;
    credentials->batch++;
    return irw_credentials_put(credentials, &entry, warn, user, error);
}

/* Finds the one entry that has no password. */
static enum imgrw_status
find_incomplete(const struct imgrw_credentials *credentials,
                struct irw_credential **found, struct imgrw_error *error)
{
    *found = NULL;
    for (size_t i = 0; i < credentials->count; i++) {
        struct irw_credential *item = &credentials->items[i];

        if (item->incomplete && *found)
            return irw_fail(error, IMGRW_ERR_INPUT, IRW_NOWHERE,
                            "one password, and no entry that is to have it: "
                            "both \"%.*s\" and \"%.*s\" have none",
                            IRW_PRINT((*found)->host),
                            IRW_PRINT(item->host));
        if (item->incomplete)
            *found = item;
    }
    if (!*found)
        return irw_fail(error, IMGRW_ERR_INPUT, IRW_NOWHERE,
                        "no entry is without a password");
    return IMGRW_OK;
}

/* Finds the entry of an endpoint, which must have no password yet. */
static enum imgrw_status
find_endpoint(const struct imgrw_credentials *credentials, const char *endpoint,
              struct irw_credential **found, struct imgrw_error *error)
{
    imgrw_str host;
    enum imgrw_status status =
        irw_endpoint_host(irw_str(endpoint), IRW_NOWHERE, &host, error);

    if (status != IMGRW_OK)
        return status;
    *found = find_host(credentials, host);
    if (!*found || !(*found)->incomplete)
        return irw_fail(error, IMGRW_ERR_INPUT, IRW_NOWHERE,
                        "no entry for \"%.*s\" is without a password",
                        IRW_PRINT(host));
    return IMGRW_OK;
}

enum imgrw_status
imgrw_credentials_set_password(struct imgrw_credentials *credentials,
                               const char *endpoint, imgrw_str password,
                               struct imgrw_error *error)
{
    struct irw_credential *found;
    char *pair;
    enum imgrw_status status;

    if (!credentials)
        return irw_fail_no_credentials(error);
    status = endpoint ? find_endpoint(credentials, endpoint, &found, error)
                      : find_incomplete(credentials, &found, error);
    if (status != IMGRW_OK)
        return status;
    if (irw_ends_with(password, IRW_STR("\n")))
        password.size--;
    if (irw_ends_with(password, IRW_STR("\r")))
        password.size--;
    if (password.size == 0)
        return irw_fail(error, IMGRW_ERR_INPUT, IRW_NOWHERE,
                        "the password is empty");
    if (irw_find(password, '\0') != SIZE_MAX)
        return irw_fail(error, IMGRW_ERR_INPUT, IRW_NOWHERE,
                        "a password cannot hold a NUL");
    pair = join(irw_slice(found->pair, 0, found->user), password);
    if (!pair)
        return irw_fail_memory(error);
    irw_wipe(found->pair);
    found->pair = (imgrw_str){pair, found->user + 1 + password.size};
    found->incomplete = false;
    return IMGRW_OK;
}

size_t
imgrw_credentials_count(const struct imgrw_credentials *credentials)
{
    return credentials ? credentials->count : 0;
}

const char *
imgrw_credentials_host(const struct imgrw_credentials *credentials,
                       size_t index)
{
    return index < imgrw_credentials_count(credentials)
               ? credentials->items[index].host.data
               : "";
}
