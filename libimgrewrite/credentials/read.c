/*
 * Texts with credentials: our own format, and Docker's config.json, which
 * Podman and the kubelet use as well. What a Secret cannot hold is refused,
 * with advice on what to do instead.
 */
#include "base/error.h"
#include "base/file.h"
#include "base/base64.h"
#include "base/rfc3339.h"
#include "credentials/set.h"

#define DEPTH 16 /* of a file of credentials; Docker's settings have a few */

/* The keys of our own entries. */
enum { ENDPOINT, OWN_USERNAME, OWN_PASSWORD, EXPIRES_AT, OWN_KEYS };

static const struct irw_member own_keys[OWN_KEYS] = {
    IRW_REQUIRED("endpoint"), IRW_REQUIRED("username"), IRW_STRING("password"),
    IRW_STRING("expiresAt")};

/* Takes the time after which the password is of no use, if there is one. */
static enum imgrw_status
take_expiry(struct irw_reader *reader, const struct irw_member *member,
            struct irw_new_credential *entry)
{
    entry->expiry_at = member->value;
    if (member->value == IRW_NO_NODE ||
        irw_time_read(irw_str(member->string), &entry->expires_at))
        return IMGRW_OK;
    return irw_reader_fail(reader, member->value,
                           "expiresAt has to be a time from 1970 to 9999, such "
                           "as 2026-01-02T03:04:05Z; without one, leave it "
                           "out");
}

static enum imgrw_status
read_own(struct irw_reader *reader, uint32_t map)
{
    struct irw_member items[OWN_KEYS], *password = &items[OWN_PASSWORD];
    struct irw_new_credential entry = {0};
    enum imgrw_status status;

    memcpy(items, own_keys, sizeof(items));
    status = irw_reader_members(reader, map, &IRW_MEMBERS("an entry", items));
    if (status != IMGRW_OK)
        return status;
    entry.incomplete = password->value == IRW_NO_NODE;
    /* a password that a template left empty is not one that comes later */
    if (!entry.incomplete && !password->string)
        return irw_reader_fail(reader, password->value,
                               "password is null; leave it out, or put it in "
                               "quotes");
    entry.endpoint = irw_str(items[ENDPOINT].string);
    entry.user = irw_str(items[OWN_USERNAME].string);
    entry.password = irw_str(password->string);
    entry.endpoint_at = items[ENDPOINT].value;
    entry.user_at = items[OWN_USERNAME].value;
    entry.password_at = entry.incomplete ? map : password->value;
    status = take_expiry(reader, &items[EXPIRES_AT], &entry);
    if (status != IMGRW_OK)
        return status;
    return irw_credentials_put(reader, &entry);
}

#define NO_TOKEN \
    "a kubelet cannot use an %s; give a user name and a password or an " \
    "access token"

/* The keys of an entry of Docker's `auths`. */
enum { AUTH, USERNAME, PASSWORD, IDENTITY_TOKEN, REGISTRY_TOKEN, EMAIL,
       SERVER_ADDRESS };

/* Whether a member has a value that is neither null nor empty. */
static bool
is_given(const struct irw_member *member)
{
    return member->string && member->string[0] != '\0';
}

/* Takes user name and password from `auth`. If the entry has them as keys too,
 * they must be the same. As in Docker, zero bytes after the password are not
 * part of it. */
static enum imgrw_status
take_auth(struct irw_reader *reader, const struct irw_member *items,
          struct irw_new_credential *entry)
{
    imgrw_str text = irw_str(items[AUTH].string), pair;
    char *data = irw_arena_alloc(reader->arena, text.size);

    if (!data)
        return irw_fail_memory(reader->error);
    if (!irw_base64_decode(text, data, &pair.size))
        return irw_reader_fail(reader, items[AUTH].value,
                               "auth is not base64 of user:password");
    pair.data = data;
    if (!irw_cut(pair, ':', &entry->user, &entry->password))
        return irw_reader_fail(reader, items[AUTH].value,
                               "auth has no \":\" between user and password");
    while (irw_ends_with(entry->password, IRW_STR("\0")))
        entry->password.size--;
    entry->user_at = entry->password_at = items[AUTH].value;
    for (int key = USERNAME; key <= PASSWORD; key++)
        if (is_given(&items[key]) &&
            !irw_equal(irw_str(items[key].string),
                       key == USERNAME ? entry->user : entry->password))
            return irw_reader_fail(reader, items[key].value,
                                   "auth has another %s than this one",
                                   items[key].name);
    return IMGRW_OK;
}

/* Takes user name and password from the keys of those names. */
static enum imgrw_status
take_names(struct irw_reader *reader, uint32_t map,
           const struct irw_member *items, struct irw_new_credential *entry)
{
    for (int key = USERNAME; key <= PASSWORD; key++)
        if (!is_given(&items[key]))
            return irw_reader_fail(reader, map, "an entry of auths needs a %s",
                                   items[key].name);
    entry->user = irw_str(items[USERNAME].string);
    entry->password = irw_str(items[PASSWORD].string);
    entry->user_at = items[USERNAME].value;
    entry->password_at = items[PASSWORD].value;
    return IMGRW_OK;
}

/* Takes user name and password from an entry. Tokens are refused, because a
 * kubelet cannot use them. */
static enum imgrw_status
take_members(struct irw_reader *reader, uint32_t map,
             const struct irw_member *items, struct irw_new_credential *entry)
{
    if (is_given(&items[IDENTITY_TOKEN]))
        return irw_reader_fail(reader, items[IDENTITY_TOKEN].value,
                               NO_TOKEN, "identitytoken");
    if (is_given(&items[REGISTRY_TOKEN]))
        return irw_reader_fail(reader, items[REGISTRY_TOKEN].value,
                               NO_TOKEN, "entry's registrytoken");
    if (is_given(&items[AUTH]))
        return take_auth(reader, items, entry);
    if (is_given(&items[USERNAME]) || is_given(&items[PASSWORD]))
        return take_names(reader, map, items, entry);
    return irw_reader_fail(
        reader, entry->endpoint_at,
        "the entry has no credentials, which are in a credential store or "
        "nowhere; log in with a config.json without credsStore, or give user "
        "name and password");
}

/* Reads an entry of `auths`: a registry, and what its mapping says. */
static enum imgrw_status
read_auth(struct irw_reader *reader, uint32_t key, uint32_t map)
{
    struct irw_member items[] = {
        IRW_STRING("auth"), IRW_STRING("username"), IRW_STRING("password"),
        IRW_STRING("identitytoken"), IRW_STRING("registrytoken"),
        IRW_STRING("email"), IRW_STRING("serveraddress"),
    };
    struct irw_members members = IRW_MEMBERS("an entry of auths", items);
    struct irw_new_credential entry = {.endpoint_at = key};
    const char *endpoint;
    enum imgrw_status status =
        irw_reader_string(reader, key, "a registry", &endpoint);

    members.listed = "auth, username, password and email";
    if (status == IMGRW_OK && !irw_reader_is_null(reader, map))
        status = irw_reader_members(reader, map, &members);
    if (status == IMGRW_OK)
        status = take_members(reader, map, items, &entry);
    if (status != IMGRW_OK)
        return status;
    entry.endpoint = irw_str(endpoint);
    return irw_credentials_put(reader, &entry);
}

static enum imgrw_status
read_auths(struct irw_reader *reader, uint32_t node)
{
    const struct irw_tree *tree = &reader->tree;
    struct irw_entries entries;
    uint32_t key, value;
    enum imgrw_status status = IMGRW_OK;

    if (node == IRW_NO_NODE || irw_reader_is_null(reader, node))
        return IMGRW_OK;
    if (tree->nodes[node].type != IRW_NODE_MAPPING)
        return irw_reader_fail(reader, node,
                               "auths has to be a mapping");
    entries = irw_entries(tree, node);
    while (status == IMGRW_OK && irw_entries_next(&entries, &key, &value))
        status = read_auth(reader, irw_tree_follow(tree, key),
                           irw_tree_follow(tree, value));
    return status;
}

/* Whether the node names a store or helpers. */
static bool
is_filled(const struct irw_reader *reader, uint32_t node)
{
    const struct irw_tree *tree = &reader->tree;

    if (node == IRW_NO_NODE || irw_reader_is_null(reader, node))
        return false;
    return tree->nodes[node].type == IRW_NODE_SCALAR
               ? irw_tree_value(tree, node).size > 0
               : tree->nodes[node].next > node + 1;
}

/* Of what Docker keeps in its config.json, the first three are about
 * credentials. */
enum { AUTHS, CREDS_STORE, CRED_HELPERS, DOCKER_KEYS = 27 };

static const struct irw_member docker_keys[DOCKER_KEYS] = {
    IRW_ANY("auths"), IRW_ANY("credsStore"), IRW_ANY("credHelpers"),
    IRW_ANY("HttpHeaders"), IRW_ANY("aliases"), IRW_ANY("cliPluginsExtraDirs"),
    IRW_ANY("configFormat"), IRW_ANY("currentContext"), IRW_ANY("detachKeys"),
    IRW_ANY("experimental"), IRW_ANY("features"), IRW_ANY("imagesFormat"),
    IRW_ANY("kubernetes"), IRW_ANY("networksFormat"), IRW_ANY("nodesFormat"),
    IRW_ANY("plugins"), IRW_ANY("pluginsFormat"), IRW_ANY("proxies"),
    IRW_ANY("pruneFilters"), IRW_ANY("psFormat"), IRW_ANY("secretFormat"),
    IRW_ANY("serviceInspectFormat"), IRW_ANY("servicesFormat"),
    IRW_ANY("stackOrchestrator"), IRW_ANY("statsFormat"),
    IRW_ANY("tasksFormat"), IRW_ANY("volumesFormat"),
};

/* Reads a config.json. A store cannot be read from here: that is a warning, and
 * an error if there is nothing else. */
static enum imgrw_status
read_docker(struct irw_reader *reader, uint32_t root)
{
    static const char *const stores[] = {
        [CREDS_STORE] = "what is in a credsStore cannot be read from here; log "
                        "in without it, or give user name and password",
        [CRED_HELPERS] = "what credHelpers keep cannot be read from here; for "
                         "these registries, give user name and password",
    };
    struct irw_member items[DOCKER_KEYS];
    struct irw_members members = IRW_MEMBERS("a config.json", items);
    size_t before = reader->credentials->list.count;
    enum imgrw_status status;

    memcpy(items, docker_keys, sizeof(items));
    members.listed = "\"auths\" and the settings of Docker";
    status = irw_reader_members(reader, root, &members);
    if (status == IMGRW_OK)
        status = read_auths(reader, items[AUTHS].value);
    for (int key = CREDS_STORE; key <= CRED_HELPERS && status == IMGRW_OK;
         key++) {
        uint32_t store = items[key].value;

        if (!is_filled(reader, store))
            continue;
        if (reader->credentials->list.count == before)
            return irw_reader_fail(reader, store, "%s", stores[key]);
        irw_reader_warn(reader, store, "%s", stores[key]);
    }
    return status;
}

/* Whether the mapping has one of the keys. */
static bool
has_key(const struct irw_reader *reader, uint32_t node,
        const struct irw_member *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (irw_reader_find(reader, node, keys[i].name) != IRW_NO_NODE)
            return true;
    return false;
}

static enum imgrw_status
read_root(struct irw_reader *reader)
{
    const struct irw_tree *tree = &reader->tree;
    const struct imgrw_location start = {reader->source.path, 0, 1, 1};
    uint32_t root;

    if (tree->document_count == 0)
        return irw_fail(reader->error, reader->status, start,
                        "the file of credentials is empty");
    if (tree->document_count > 1)
        return irw_reader_fail(reader, tree->documents[1].root,
                               "a second document; put the entries in a list");
    root = tree->documents[0].root;
    if (tree->nodes[root].type == IRW_NODE_SEQUENCE)
        return irw_reader_list(reader, root, "", read_own);
    if (has_key(reader, root, own_keys, OWN_KEYS))
        return read_own(reader, root);
    if (has_key(reader, root, docker_keys, DOCKER_KEYS))
        return read_docker(reader, root);
    return irw_reader_fail(reader, root,
                           "no credentials are here: expected a config.json "
                           "with auths, or endpoint, username and password, "
                           "or a list of such");
}

/* Reads the text into a tree, as JSON or else as YAML: what libyaml reads stays
 * in memory that is not ours to wipe. */
static enum imgrw_status
parse(struct irw_reader *reader)
{
    const struct irw_source *source = &reader->source;
    const struct irw_extract whole = {source->text, source->start,
                                      source->text.size};
    struct imgrw_error why;
    enum imgrw_status status = irw_tree_read(
        &irw_json, whole, DEPTH, reader->arena, &reader->tree, &why);

    if (status != IMGRW_OK && status != IMGRW_ERR_MEMORY)
        status = irw_tree_read(&irw_libyaml, whole, DEPTH, reader->arena,
                               &reader->tree, &why);
    if (status == IMGRW_OK)
        return IMGRW_OK;
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(reader->error);
    /* A message that quotes the text, as that of an unknown anchor does, might
     * quote a password: `password: *hunter2` lacks quotes. */
    status = irw_fail(reader->error, status, why.at, "%s",
                      strchr(why.message, '"')
                          ? "this begins like an alias; put it in quotes"
                          : why.message);
    return irw_source_explain(source, status, reader->error);
}

enum imgrw_status
imgrw_credentials_read(struct imgrw_credentials *credentials, imgrw_str text,
                       const char *path, imgrw_warn_fn *warn, void *user,
                       struct imgrw_error *error)
{
    struct irw_arena arena = {0}; /* holds secrets */
    struct irw_reader reader = {.arena = &arena,
                                .status = IMGRW_ERR_INPUT,
                                .secret = true,
                                .credentials = credentials,
                                .warn = warn,
                                .user = user,
                                .error = error};
    enum imgrw_status status;

    if (!credentials)
        return irw_fail_null(error, "credentials");
    status = irw_source_open(text, path, IRW_SECRET_BYTES, &reader.source,
                             error);
    if (status != IMGRW_OK)
        return status;
    credentials->batch++;
    status = parse(&reader);
    if (status == IMGRW_OK)
        status = read_root(&reader);
    if (status != IMGRW_OK)
        irw_credentials_undo(credentials);
    irw_tree_clear(&reader.tree);
    irw_arena_wipe(&arena);
    return status;
}

enum imgrw_status
imgrw_credentials_read_file(struct imgrw_credentials *credentials,
                            const char *path, imgrw_warn_fn *warn, void *user,
                            struct imgrw_error *error)
{
    struct irw_file_text file;
    imgrw_str text;
    enum imgrw_status status;

    if (!credentials || !path)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "reading credentials needs a set of them and a path");
    status = irw_read_secret(path, IRW_SECRET_BYTES, &file, error);
    if (status != IMGRW_OK)
        return status;
    text = (imgrw_str){file.data, file.size};
    status = imgrw_credentials_read(credentials, text, path, warn, user, error);
    irw_wipe(text);
    return status;
}
