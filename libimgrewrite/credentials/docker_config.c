/*
 * Docker's config.json, which Podman and the kubelet have as well. What a
 * Secret cannot hold is refused, with what to do instead.
 */
#include "credentials/intake.h"
#include "credentials/base64.h"
#include "base/error.h"

enum { AUTHS, CREDS_STORE, CRED_HELPERS };

/* Of what Docker keeps in the file, the first three are about credentials. */
static const char *const docker_keys[] = {
    "auths", "credsStore", "credHelpers", "HttpHeaders", "aliases",
    "cliPluginsExtraDirs", "configFormat", "currentContext", "detachKeys",
    "experimental", "features", "imagesFormat", "kubernetes", "networksFormat",
    "nodesFormat", "plugins", "pluginsFormat", "proxies", "pruneFilters",
    "psFormat", "secretFormat", "serviceInspectFormat", "servicesFormat",
    "stackOrchestrator", "statsFormat", "tasksFormat", "volumesFormat", NULL,
};

const struct irw_intake_shape irw_docker_shape = {
    "a config.json", "\"auths\" and the settings of Docker", docker_keys,
};

enum { AUTH, USERNAME, PASSWORD, IDENTITY_TOKEN, REGISTRY_TOKEN, EMAIL,
       SERVER_ADDRESS, ENTRY_KEYS };

static const char *const entry_keys[] = {
    "auth", "username", "password", "identitytoken", "registrytoken", "email",
    "serveraddress", NULL,
};

static const struct irw_intake_shape entry_shape = {
    "an entry of auths", "auth, username, password and email", entry_keys,
};

/* An entry of `auths` in work. */
struct entry {
    struct irw_intake *intake;
    uint32_t key, map;
    uint32_t nodes[ENTRY_KEYS];
    imgrw_str values[ENTRY_KEYS];
};

/* Reads the values; null is as good as none. */
static enum imgrw_status
read_values(struct entry *entry)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < ENTRY_KEYS && status == IMGRW_OK; i++)
        if (entry->nodes[i] != IRW_NO_NODE &&
            !irw_intake_is_null(entry->intake, entry->nodes[i]))
            status = irw_intake_string(entry->intake, entry->nodes[i],
                                        entry_keys[i], &entry->values[i]);
    return status;
}

/* Decodes `auth` into the arena. As in Docker, zero bytes behind the password
 * are none of it. */
static enum imgrw_status
decode(struct entry *entry, imgrw_str *user, imgrw_str *password)
{
    struct irw_intake *intake = entry->intake;
    imgrw_str text = entry->values[AUTH], pair;
    char *data = irw_arena_alloc(&intake->arena, text.size);
    size_t colon;

    if (!data)
        return irw_fail_memory(intake->error);
    if (!irw_base64_decode(text, data, &pair.size))
        return irw_intake_fail(intake, entry->nodes[AUTH],
                                "auth is not base64 of user:password");
    pair.data = data;
    colon = irw_find(pair, ':');
    if (colon == SIZE_MAX)
        return irw_intake_fail(intake, entry->nodes[AUTH],
                                "auth has no \":\" between user and password");
    *user = irw_slice(pair, 0, colon);
    *password = irw_slice(pair, colon + 1, pair.size);
    while (irw_ends_with(*password, IRW_STR("\0")))
        password->size--;
    return IMGRW_OK;
}

/* Whether what `auth` says is what the entry says beside it. */
static enum imgrw_status
compare(struct entry *entry, imgrw_str decoded, int key)
{
    if (entry->values[key].size == 0 || irw_equal(entry->values[key], decoded))
        return IMGRW_OK;
    return irw_intake_fail(entry->intake, entry->nodes[key],
                            "auth has another %s than this one",
                            entry_keys[key]);
}

static enum imgrw_status
put_auth(struct entry *entry, struct irw_given *given)
{
    enum imgrw_status status = decode(entry, &given->user, &given->password);
    uint32_t auth = entry->nodes[AUTH];

    if (status == IMGRW_OK)
        status = compare(entry, given->user, USERNAME);
    if (status == IMGRW_OK)
        status = compare(entry, given->password, PASSWORD);
    return status == IMGRW_OK ? irw_intake_put(entry->intake, given,
                                                entry->key, auth, auth)
                              : status;
}

static enum imgrw_status
put_names(struct entry *entry, struct irw_given *given)
{
    given->user = entry->values[USERNAME];
    given->password = entry->values[PASSWORD];
    if (given->user.size == 0)
        return irw_intake_fail(entry->intake, entry->map,
                                "an entry of auths needs a username");
    if (given->password.size == 0)
        return irw_intake_fail(entry->intake, entry->map,
                                "an entry of auths needs a password");
    return irw_intake_put(entry->intake, given, entry->key,
                           entry->nodes[USERNAME], entry->nodes[PASSWORD]);
}

/* What a kubelet could do nothing with. */
static enum imgrw_status
refuse_tokens(const struct entry *entry)
{
    int key = entry->values[IDENTITY_TOKEN].size > 0 ? IDENTITY_TOKEN
                                                     : REGISTRY_TOKEN;

    if (entry->values[key].size == 0)
        return IMGRW_OK;
    return irw_intake_fail(entry->intake, entry->nodes[key],
                            "a kubelet cannot use an %s; give a user name and "
                            "a password or an access token",
                            key == IDENTITY_TOKEN ? "identitytoken"
                                                  : "entry's registrytoken");
}

static enum imgrw_status
put_values(struct entry *entry)
{
    struct irw_given given = {0};
    struct irw_intake *intake = entry->intake;
    enum imgrw_status status = refuse_tokens(entry);

    if (status == IMGRW_OK)
        status = irw_intake_string(intake, entry->key, "a registry",
                                    &given.endpoint);
    if (status != IMGRW_OK)
        return status;
    if (entry->values[AUTH].size > 0)
        return put_auth(entry, &given);
    if (entry->values[USERNAME].size + entry->values[PASSWORD].size > 0)
        return put_names(entry, &given);
    return irw_intake_fail(
        intake, entry->key,
        "the entry has no credentials, which are in a credential store or "
        "nowhere; log in with a config.json without credsStore, or give user "
        "name and password");
}

static enum imgrw_status
read_entry(struct irw_intake *intake, uint32_t key, uint32_t value)
{
    struct entry entry = {
        .intake = intake,
        .key = irw_tree_follow(&intake->tree, key),
        .map = irw_tree_follow(&intake->tree, value),
    };
    enum imgrw_status status;

    if (irw_intake_is_null(intake, entry.map))
        return put_values(&entry);
    status = irw_intake_map(intake, entry.map, &entry_shape, entry.nodes);
    if (status == IMGRW_OK)
        status = read_values(&entry);
    return status == IMGRW_OK ? put_values(&entry) : status;
}

static enum imgrw_status
read_auths(struct irw_intake *intake, uint32_t node)
{
    const struct irw_tree *tree = &intake->tree;
    enum imgrw_status status = IMGRW_OK;

    if (node == IRW_NO_NODE || irw_intake_is_null(intake, node))
        return IMGRW_OK;
    if (tree->nodes[node].type != IRW_NODE_MAPPING)
        return irw_intake_fail(intake, node, "auths has to be a mapping");
    for (uint32_t key = node + 1;
         key < tree->nodes[node].next && status == IMGRW_OK;) {
        uint32_t value = tree->nodes[key].next;

        status = read_entry(intake, key, value);
        key = tree->nodes[value].next;
    }
    return status;
}

/* Whether a store or helpers are named here. */
static bool
is_filled(const struct irw_intake *intake, uint32_t node)
{
    const struct irw_tree *tree = &intake->tree;

    if (node == IRW_NO_NODE)
        return false;
    return tree->nodes[node].type == IRW_NODE_SCALAR
               ? irw_tree_value(tree, node).size > 0 &&
                     !irw_intake_is_null(intake, node)
               : tree->nodes[node].next > node + 1;
}

/* Says that what a store keeps is not taken; where that leaves nothing, it is
 * an error. */
static enum imgrw_status
tell_of_stores(struct irw_intake *intake, const uint32_t *nodes, bool none)
{
    static const char *const messages[] = {
        [CREDS_STORE] = "what is in a credsStore cannot be read from here; log "
                        "in without it, or give user name and password",
        [CRED_HELPERS] = "what credHelpers keep cannot be read from here; for "
                         "these registries, give user name and password",
    };

    for (int key = CREDS_STORE; key <= CRED_HELPERS; key++) {
        if (!is_filled(intake, nodes[key]))
            continue;
        if (none)
            return irw_intake_fail(intake, nodes[key], "%s", messages[key]);
        irw_intake_warn(intake, nodes[key], messages[key]);
    }
    return IMGRW_OK;
}

enum imgrw_status
irw_read_docker_config(struct irw_intake *intake, uint32_t root)
{
    uint32_t nodes[sizeof(docker_keys) / sizeof(docker_keys[0])];
    size_t before = intake->credentials->count;
    enum imgrw_status status =
        irw_intake_map(intake, root, &irw_docker_shape, nodes);

    if (status == IMGRW_OK)
        status = read_auths(intake, nodes[AUTHS]);
    if (status == IMGRW_OK)
        status = tell_of_stores(intake, nodes,
                                intake->credentials->count == before);
    return status;
}
