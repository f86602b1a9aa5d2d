/*
 * Docker's config.json, which Podman and the kubelet have as well. What a
 * Secret cannot hold is refused, with what to do instead.
 */
#include "credentials/docker_config.h"
#include "base/error.h"
#include "credentials/base64.h"

enum { AUTHS, CREDS_STORE, CRED_HELPERS };

/* Of what Docker keeps in the file, the first three are about credentials. */
static const char *const docker_names[] = {
    "auths", "credsStore", "credHelpers", "HttpHeaders", "aliases",
    "cliPluginsExtraDirs", "configFormat", "currentContext", "detachKeys",
    "experimental", "features", "imagesFormat", "kubernetes", "networksFormat",
    "nodesFormat", "plugins", "pluginsFormat", "proxies", "pruneFilters",
    "psFormat", "secretFormat", "serviceInspectFormat", "servicesFormat",
    "stackOrchestrator", "statsFormat", "tasksFormat", "volumesFormat",
};

const struct irw_key_set irw_docker_keys = {
    .what = "a config.json",
    .keys = docker_names,
    .count = sizeof(docker_names) / sizeof(docker_names[0]),
    .listed = "\"auths\" and the settings of Docker",
};

enum { AUTH, USERNAME, PASSWORD, IDENTITY_TOKEN, REGISTRY_TOKEN, EMAIL,
       SERVER_ADDRESS, ENTRY_KEYS };

static const char *const entry_names[ENTRY_KEYS] = {
    "auth", "username", "password", "identitytoken", "registrytoken", "email",
    "serveraddress",
};

static const struct irw_key_set entry_keys = {
    .what = "an entry of auths",
    .keys = entry_names,
    .count = ENTRY_KEYS,
    .listed = "auth, username, password and email",
};

/* An entry of `auths` that is being read. */
struct docker_entry {
    struct irw_reader *reader;
    struct imgrw_credentials *credentials;
    uint32_t key, map;
    const char *endpoint;
    uint32_t nodes[ENTRY_KEYS];
    imgrw_str values[ENTRY_KEYS]; /* null is as good as none */
};

/* Decodes `auth` into the arena. As in Docker, zero bytes after the password
 * are not part of it. */
static enum imgrw_status
decode(struct docker_entry *entry, imgrw_str *user, imgrw_str *password)
{
    struct irw_reader *reader = entry->reader;
    imgrw_str text = entry->values[AUTH], pair;
    char *data = irw_arena_alloc(reader->arena, text.size);
    size_t colon;

    if (!data)
        return irw_fail_memory(reader->error);
    if (!irw_base64_decode(text, data, &pair.size))
        return irw_reader_fail(reader, entry->nodes[AUTH],
                               "auth is not base64 of user:password");
    pair.data = data;
    colon = irw_find(pair, ':');
    if (colon == SIZE_MAX)
        return irw_reader_fail(reader, entry->nodes[AUTH],
                               "auth has no \":\" between user and password");
    *user = irw_slice(pair, 0, colon);
    *password = irw_slice(pair, colon + 1, pair.size);
    while (irw_ends_with(*password, IRW_STR("\0")))
        password->size--;
    return IMGRW_OK;
}

/* Checks that what `auth` says is what the entry says beside it. */
static enum imgrw_status
compare(struct docker_entry *entry, imgrw_str decoded, int key)
{
    if (entry->values[key].size == 0 || irw_equal(entry->values[key], decoded))
        return IMGRW_OK;
    return irw_reader_fail(entry->reader, entry->nodes[key],
                           "auth has another %s than this one",
                           entry_names[key]);
}

/* Adds an entry whose user name and password are at two nodes. */
static enum imgrw_status
put(struct docker_entry *entry, imgrw_str user, imgrw_str password,
    uint32_t user_at, uint32_t password_at)
{
    struct irw_reader *reader = entry->reader;
    const struct irw_new_credential made = {
        .endpoint = irw_str(entry->endpoint),
        .user = user,
        .password = password,
        .endpoint_at = irw_reader_locate(reader, entry->key),
        .user_at = irw_reader_locate(reader, user_at),
        .password_at = irw_reader_locate(reader, password_at),
    };

    return irw_credentials_put(entry->credentials, &made, reader->warn,
                               reader->user, reader->error);
}

static enum imgrw_status
put_auth(struct docker_entry *entry)
{
    imgrw_str user, password;
    enum imgrw_status status = decode(entry, &user, &password);
    uint32_t auth = entry->nodes[AUTH];

    if (status == IMGRW_OK)
        status = compare(entry, user, USERNAME);
    if (status == IMGRW_OK)
        status = compare(entry, password, PASSWORD);
    return status == IMGRW_OK ? put(entry, user, password, auth, auth) : status;
}

static enum imgrw_status
put_names(struct docker_entry *entry)
{
    for (int key = USERNAME; key <= PASSWORD; key++)
        if (entry->values[key].size == 0)
            return irw_reader_fail(entry->reader, entry->map,
                                   "an entry of auths needs a %s",
                                   entry_names[key]);
    return put(entry, entry->values[USERNAME], entry->values[PASSWORD],
               entry->nodes[USERNAME], entry->nodes[PASSWORD]);
}

/* Refuses what a kubelet could do nothing with. */
static enum imgrw_status
refuse_tokens(const struct docker_entry *entry)
{
    int key = entry->values[IDENTITY_TOKEN].size > 0 ? IDENTITY_TOKEN
                                                     : REGISTRY_TOKEN;

    if (entry->values[key].size == 0)
        return IMGRW_OK;
    return irw_reader_fail(entry->reader, entry->nodes[key],
                           "a kubelet cannot use an %s; give a user name and "
                           "a password or an access token",
                           key == IDENTITY_TOKEN ? "identitytoken"
                                                 : "entry's registrytoken");
}

static enum imgrw_status
put_values(struct docker_entry *entry)
{
    enum imgrw_status status = refuse_tokens(entry);

    if (status == IMGRW_OK)
        status = irw_reader_string(entry->reader, entry->key, "a registry",
                                   &entry->endpoint);
    if (status != IMGRW_OK)
        return status;
    if (entry->values[AUTH].size > 0)
        return put_auth(entry);
    if (entry->values[USERNAME].size + entry->values[PASSWORD].size > 0)
        return put_names(entry);
    return irw_reader_fail(
        entry->reader, entry->key,
        "the entry has no credentials, which are in a credential store or "
        "nowhere; log in with a config.json without credsStore, or give user "
        "name and password");
}

static enum imgrw_status
read_entry(struct irw_reader *reader, uint32_t key, uint32_t value,
           struct imgrw_credentials *credentials)
{
    const struct irw_tree *tree = &reader->tree;
    struct docker_entry entry = {
        .reader = reader,
        .credentials = credentials,
        .key = irw_tree_follow(tree, key),
        .map = irw_tree_follow(tree, value),
    };
    const char *strings[ENTRY_KEYS];
    enum imgrw_status status;

    if (irw_reader_is_null(reader, entry.map))
        return put_values(&entry);
    status = irw_reader_strings(reader, entry.map, &entry_keys, entry.nodes,
                                strings, ENTRY_KEYS);
    for (size_t i = 0; i < ENTRY_KEYS && status == IMGRW_OK; i++)
        entry.values[i] = irw_str(strings[i]);
    return status == IMGRW_OK ? put_values(&entry) : status;
}

static enum imgrw_status
read_auths(struct irw_reader *reader, uint32_t node,
           struct imgrw_credentials *credentials)
{
    const struct irw_tree *tree = &reader->tree;
    struct irw_entries entries;
    uint32_t key, value;
    enum imgrw_status status = IMGRW_OK;

    if (node == IRW_NO_NODE || irw_reader_is_null(reader, node))
        return IMGRW_OK;
    if (tree->nodes[node].type != IRW_NODE_MAPPING)
        return irw_reader_fail(reader, node, "auths has to be a mapping");
    entries = irw_entries(tree, node);
    while (status == IMGRW_OK && irw_entries_next(&entries, &key, &value))
        status = read_entry(reader, key, value, credentials);
    return status;
}

/* Whether a store or helpers are named here. */
static bool
is_filled(const struct irw_reader *reader, uint32_t node)
{
    const struct irw_tree *tree = &reader->tree;

    if (node == IRW_NO_NODE)
        return false;
    return tree->nodes[node].type == IRW_NODE_SCALAR
               ? irw_tree_value(tree, node).size > 0 &&
                     !irw_reader_is_null(reader, node)
               : tree->nodes[node].next > node + 1;
}

/* Warns that what a store keeps is not taken; where that leaves nothing, it is
 * an error. */
static enum imgrw_status
check_stores(struct irw_reader *reader, const uint32_t *nodes, bool none)
{
    static const char *const messages[] = {
        [CREDS_STORE] = "what is in a credsStore cannot be read from here; log "
                        "in without it, or give user name and password",
        [CRED_HELPERS] = "what credHelpers keep cannot be read from here; for "
                         "these registries, give user name and password",
    };

    for (int key = CREDS_STORE; key <= CRED_HELPERS; key++) {
        if (!is_filled(reader, nodes[key]))
            continue;
        if (none)
            return irw_reader_fail(reader, nodes[key], "%s", messages[key]);
        irw_reader_warn(reader, nodes[key], "%s", messages[key]);
    }
    return IMGRW_OK;
}

enum imgrw_status
irw_docker_config_read(struct irw_reader *reader, uint32_t root,
                       struct imgrw_credentials *credentials)
{
    uint32_t nodes[IRW_KEYS_MAX];
    size_t before = credentials->count;
    enum imgrw_status status =
        irw_reader_members(reader, root, &irw_docker_keys, nodes);

    if (status == IMGRW_OK)
        status = read_auths(reader, nodes[AUTHS], credentials);
    if (status == IMGRW_OK)
        status = check_stores(reader, nodes, credentials->count == before);
    return status;
}
