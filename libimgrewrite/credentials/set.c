/*
 * The set of credentials: what may be an entry of it, and what is missing.
 */
#include "credentials/set.h"
#include "base/str.h"
#include "base/error.h"
#include "base/rfc3339.h"
#include "base/sizes.h"
#include "reference/name.h"

#include <stdio.h>
#include <stdlib.h>

enum imgrw_status
imgrw_credentials_new(struct imgrw_credentials **credentials,
                      struct imgrw_error *error)
{
    struct imgrw_credentials *made;

    if (!credentials)
        return irw_fail_null(error, "credentials");
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

void
imgrw_credentials_free(struct imgrw_credentials *credentials)
{
    if (!credentials)
        return;
    free(credentials->list.items);
    irw_map_clear(&credentials->hosts);
    irw_arena_wipe(&credentials->arena);
    irw_wipe(credentials->made);
    free(credentials);
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

const char irw_no_access_keys[] =
    "an AWS access key is no pull secret: a kubelet cannot log in to ECR with "
    "it, and the cluster would keep a long-lived key; use a proxy, a role of "
    "the nodes, or the user AWS with a token";

void
imgrw_credentials_accept_access_keys(struct imgrw_credentials *credentials)
{
    if (credentials)
        credentials->accept_access_keys = true;
}

/* Whether a reference could begin with this registry. To the grammar a word
 * alone, like "registry", is one only if a port follows. */
static bool
is_registry(imgrw_str host)
{
    struct imgrw_reference reference;
    char text[IMGRW_REFERENCE_MAX + 1];
    int size;

    if (host.size >= sizeof(text))
        return false;
    size = snprintf(text, sizeof(text), "%.*s%s", (int)host.size,
                    host.size > 0 ? host.data : "",
                    irw_is_host(host) ? "/x" : ":1/x");
    return (size_t)size < sizeof(text) &&
           imgrw_reference_parse(irw_str(text), &reference, NULL) == IMGRW_OK &&
           reference.registry.size == (size_t)size - 2;
}

/* Finds the host that `endpoint` names, as the key of a pull secret: without
 * scheme and path, and as kubelet and KOTS call Docker Hub. The result is what
 * is wrong, or NULL; it does not repeat the endpoint, because people paste
 * user:password@host. */
static const char *
find_host(imgrw_str endpoint, imgrw_str *host)
{
    imgrw_str path;

    /* KOTS takes several schemes, one after the other */
    while (irw_starts_with(endpoint, IRW_STR("http://")) ||
           irw_starts_with(endpoint, IRW_STR("https://")))
        endpoint = irw_slice(endpoint, irw_find(endpoint, '/') + 2,
                             endpoint.size);
    irw_cut(endpoint, '/', host, &path);
    if (irw_find(*host, '@') != SIZE_MAX)
        return "an endpoint has no user name in it; give that separately";
    if (!is_registry(*host))
        return "the endpoint is not a registry, such as reg.example.com:5000";
    if (irw_equal_nocase(*host, IRW_HUB) ||
        irw_equal_nocase(*host, IRW_STR("registry-1.docker.io")))
        *host = IRW_STR("index.docker.io");
    return NULL;
}

/* What is wrong with user name or password; NULL where nothing is. */
static const char *
find_fault(const struct irw_new_credential *entry, bool accept_access_keys,
           uint32_t *at)
{
    *at = entry->user_at;
    /* the kubelet takes "user:password" apart at the first colon */
    if (irw_find(entry->user, ':') != SIZE_MAX)
        return "a user name cannot hold a \":\"";
    if (irw_has_control(entry->user))
        return "a user name cannot hold a control character";
    if (is_access_key(entry->user) && !accept_access_keys)
        return irw_no_access_keys;
    if (entry->user.size == 0 &&
        (entry->incomplete || entry->password.size > 0))
        return "there is no user name for the password";
    *at = entry->password_at;
    if (irw_find(entry->password, '\0') != SIZE_MAX)
        return "a password cannot hold a NUL";
    return NULL;
}

/* Warns of a password that expires, and of a secret that does with it. */
static void
warn_of_expiry(struct irw_reader *reader,
               const struct irw_new_credential *entry, imgrw_str host)
{
    char time[IRW_TIME_SIZE];

    if (entry->expires_at > 0) {
        irw_time_write(entry->expires_at, time);
        if (!reader->credentials->accept_access_keys)
            irw_reader_warn(reader, entry->expiry_at,
                            "the password for \"%.*s\" expires at %s, and "
                            "with it the secret: make both again before, or "
                            "leave logging in to a proxy, or to a credential "
                            "provider of the kubelet",
                            IRW_PRINT(host), time);
    } else if (irw_equal(entry->user, IRW_STR("AWS"))) {
        irw_reader_warn(reader, entry->user_at,
                        "the token of user AWS for \"%.*s\" expires 12 hours "
                        "after it was made, and with it the secret",
                        IRW_PRINT(host));
    }
}

/* Warns about what is accepted but may not work. */
static void
warn_about(struct irw_reader *reader, const struct irw_new_credential *entry,
           imgrw_str host)
{
    warn_of_expiry(reader, entry, host);
    if (!irw_is_host(host))
        irw_reader_warn(reader, entry->endpoint_at,
                        "no image is pulled from \"%.*s\": without a dot or a "
                        "port it is read as a name on Docker Hub",
                        IRW_PRINT(host));
    if (irw_ends_with(entry->password, IRW_STR("\n")))
        irw_reader_warn(reader, entry->password_at,
                        "the password for \"%.*s\" has a line break at its "
                        "end", IRW_PRINT(host));
}

/* Sets the pair of an entry; false when memory is out. */
static bool
join(struct imgrw_credentials *credentials, imgrw_str user, imgrw_str password,
     struct irw_credential *entry)
{
    size_t size = user.size + 1 + password.size;
    char *pair = irw_arena_alloc(&credentials->arena, size);

    if (!pair)
        return false;
    if (user.size > 0)
        memcpy(pair, user.data, user.size);
    pair[user.size] = ':';
    if (password.size > 0)
        memcpy(pair + user.size + 1, password.data, password.size);
    entry->pair = (imgrw_str){pair, size};
    return true;
}

/* The host in lower case, in `buffer`: hosts that differ only in case are the
 * same registry. */
static imgrw_str
key_of(imgrw_str host, char buffer[static IMGRW_REFERENCE_MAX])
{
    for (size_t i = 0; i < host.size; i++)
        buffer[i] = irw_lower(host.data[i]);
    return (imgrw_str){buffer, host.size};
}

/* Makes an entry of copies, which is not in the set yet; NULL when memory is
 * out. */
static struct irw_credential *
make_entry(struct imgrw_credentials *credentials, imgrw_str host, imgrw_str key,
           const struct irw_new_credential *new_entry)
{
    struct irw_arena *arena = &credentials->arena;
    struct irw_credential *entry = irw_arena_calloc(arena, 1, sizeof(*entry));

    if (!entry ||
        !join(credentials, new_entry->user, new_entry->password, entry))
        return NULL;
    entry->host = (imgrw_str){irw_arena_copy(arena, host), host.size};
    entry->key = (imgrw_str){irw_arena_copy(arena, key), key.size};
    entry->batch = credentials->batch;
    entry->incomplete = new_entry->incomplete;
    entry->is_access_key = is_access_key(new_entry->user);
    entry->expires_at = new_entry->expires_at;
    return entry->host.data && entry->key.data ? entry : NULL;
}

/* Puts an entry in its place; false when memory is out. */
static bool
insert(struct imgrw_credentials *credentials, struct irw_credential *entry)
{
    struct irw_credential **items;
    size_t place, count = credentials->list.count;

    if (!IRW_APPEND(&credentials->list, entry))
        return false;
    if (!irw_map_set(&credentials->hosts, entry->key, (uintptr_t)entry)) {
        credentials->list.count--;
        return false;
    }
    items = credentials->list.items;
    IRW_LOWER_BOUND(place, count,
                    strcmp(items[place]->host.data, entry->host.data) < 0);
    memmove(items + place + 1, items + place, (count - place) * sizeof(*items));
    items[place] = entry;
    return true;
}

enum imgrw_status
irw_credentials_put(struct irw_reader *reader,
                    const struct irw_new_credential *entry)
{
    struct imgrw_credentials *credentials = reader->credentials;
    char buffer[IMGRW_REFERENCE_MAX];
    struct irw_credential *made;
    imgrw_str host, key;
    uint32_t at = entry->endpoint_at;
    const char *fault = find_host(entry->endpoint, &host);

    if (fault)
        return irw_reader_fail(reader, at, "%s", fault);
    key = key_of(host, buffer);
    if (irw_map_get(&credentials->hosts, key))
        return irw_reader_fail(reader, at,
                               "there is an entry for \"%.*s\" already, and a "
                               "secret has one for each registry",
                               IRW_PRINT(host));
    fault = find_fault(entry, credentials->accept_access_keys, &at);
    if (fault)
        return irw_reader_fail(reader, at, "%s", fault);
    made = make_entry(credentials, host, key, entry);
    if (!made || !insert(credentials, made))
        return irw_fail_memory(reader->error);
    warn_about(reader, entry, host);
    return IMGRW_OK;
}

void
irw_credentials_undo(struct imgrw_credentials *credentials)
{
    size_t kept = 0;

    irw_map_reset(&credentials->hosts);
    for (size_t i = 0; i < credentials->list.count; i++) {
        struct irw_credential *entry = credentials->list.items[i];

        if (entry->batch == credentials->batch)
            explicit_bzero((char *)(uintptr_t)entry->pair.data,
                           entry->pair.size);
        /* this cannot fail, because the map has held more entries before */
        else if (irw_map_set(&credentials->hosts, entry->key, (uintptr_t)entry))
            credentials->list.items[kept++] = entry;
    }
    credentials->list.count = kept;
}

enum imgrw_status
imgrw_credentials_add(struct imgrw_credentials *credentials,
                      const struct imgrw_credential *credential,
                      imgrw_warn_fn *warn, void *user,
                      struct imgrw_error *error)
{
    struct irw_reader reader = {.credentials = credentials,
                                .status = IMGRW_ERR_INPUT,
                                .warn = warn,
                                .user = user,
                                .error = error};
    struct imgrw_credential known;
    struct irw_new_credential entry = {0};
    enum imgrw_status status;

    if (!credentials)
        return irw_fail_null(error, "credentials");
    status = irw_sized_copy(&known, sizeof(known), credential,
                            "imgrw_credential", error);
    if (status != IMGRW_OK)
        return status;
    if (!known.endpoint)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "an entry needs an endpoint");
    if (known.expires_at < 0 || known.expires_at > IRW_TIME_MAX)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "a password expires from 1970 to 9999");
    entry.endpoint = irw_str(known.endpoint);
    entry.user = irw_str(known.username);
    entry.password = irw_str(known.password);
    entry.incomplete = !known.password;
    entry.expires_at = known.expires_at;
    credentials->batch++;
    return irw_credentials_put(&reader, &entry);
}

/* Finds the one entry that has no password. */
static enum imgrw_status
find_incomplete(const struct imgrw_credentials *credentials,
                struct irw_credential **found, struct imgrw_error *error)
{
    *found = NULL;
    for (size_t i = 0; i < credentials->list.count; i++) {
        struct irw_credential *item = credentials->list.items[i];

        if (item->incomplete && *found)
            return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                            "one password, and no entry that is to have it: "
                            "both \"%.*s\" and \"%.*s\" have none",
                            IRW_PRINT((*found)->host), IRW_PRINT(item->host));
        if (item->incomplete)
            *found = item;
    }
    if (!*found)
        return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                        "no entry is without a password");
    return IMGRW_OK;
}

/* Finds the entry of an endpoint, which must have no password yet. */
static enum imgrw_status
find_endpoint(const struct imgrw_credentials *credentials, const char *endpoint,
              struct irw_credential **found, struct imgrw_error *error)
{
    char buffer[IMGRW_REFERENCE_MAX];
    imgrw_str host;
    const char *fault = find_host(irw_str(endpoint), &host);

    if (fault)
        return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION, "%s", fault);
    *found = (struct irw_credential *)irw_map_get(&credentials->hosts,
                                                  key_of(host, buffer));
    if (!*found || !(*found)->incomplete)
        return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
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
    enum imgrw_status status;

    if (!credentials)
        return irw_fail_null(error, "credentials");
    if (!irw_has_bytes(password))
        return irw_fail_null(error, "password");
    status = endpoint ? find_endpoint(credentials, endpoint, &found, error)
                      : find_incomplete(credentials, &found, error);
    if (status != IMGRW_OK)
        return status;
    if (irw_ends_with(password, IRW_STR("\n")))
        password.size--;
    if (irw_ends_with(password, IRW_STR("\r")))
        password.size--;
    if (password.size == 0)
        return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                        "the password is empty");
    if (irw_find(password, '\0') != SIZE_MAX)
        return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                        "a password cannot hold a NUL");
    /* without a password, the pair is the user name and a colon */
    if (!join(credentials, irw_slice(found->pair, 0, found->pair.size - 1),
              password, found))
        return irw_fail_memory(error);
    found->incomplete = false;
    return IMGRW_OK;
}

size_t
imgrw_credentials_count(const struct imgrw_credentials *credentials)
{
    return credentials ? credentials->list.count : 0;
}

const char *
imgrw_credentials_host(const struct imgrw_credentials *credentials,
                       size_t index)
{
    return index < imgrw_credentials_count(credentials)
               ? credentials->list.items[index]->host.data
               : "";
}

imgrw_str
imgrw_credentials_pair(const struct imgrw_credentials *credentials,
                       size_t index)
{
    if (index >= imgrw_credentials_count(credentials) ||
        credentials->list.items[index]->incomplete)
        return (imgrw_str){0};
    return credentials->list.items[index]->pair;
}

int64_t
imgrw_credentials_expires_at(const struct imgrw_credentials *credentials,
                             size_t index)
{
    return index < imgrw_credentials_count(credentials)
               ? credentials->list.items[index]->expires_at
               : 0;
}

enum imgrw_status
imgrw_credentials_check_expiry(const struct imgrw_credentials *credentials,
                               int64_t now, struct imgrw_error *error)
{
    char time[IRW_TIME_SIZE];

    if (!credentials)
        return irw_fail_null(error, "credentials");
    for (size_t i = 0; i < credentials->list.count; i++) {
        const struct irw_credential *item = credentials->list.items[i];

        if (item->expires_at == 0 || item->expires_at > now)
            continue;
        irw_time_write(item->expires_at, time);
        return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                        "the password for \"%.*s\" expired at %s; get "
                        "another one",
                        IRW_PRINT(item->host), time);
    }
    return IMGRW_OK;
}

enum imgrw_status
irw_credentials_check(const struct imgrw_credentials *credentials,
                      struct imgrw_error *error)
{
    for (size_t i = 0; i < credentials->list.count; i++) {
        const struct irw_credential *item = credentials->list.items[i];

        if (item->incomplete)
            return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                            "the entry for \"%.*s\" has no password",
                            IRW_PRINT(item->host));
        if (item->is_access_key)
            return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION, "%s",
                            irw_no_access_keys);
    }
    return IMGRW_OK;
}

void
irw_credentials_keep(struct imgrw_credentials *credentials, imgrw_str made)
{
    irw_wipe(credentials->made);
    credentials->made = made;
}
