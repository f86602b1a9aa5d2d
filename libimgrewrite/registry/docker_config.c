#include "registry/docker_config.h"
#include "base/str.h"
#include "registry/auth.h"
#include "registry/ecr.h"
#include "base/error.h"
#include "registry/json.h"

#include <imgrewrite/credentials.h>

#include <stdlib.h>
#include <string.h>

/* A reading. */
struct irw_config_reader {
    const struct irw_config_source *source;
    struct irw_login_file *file;
    struct imgrw_error *error;
};

/* The members of an entry that count. */
enum { AUTH, USERNAME, PASSWORD, IDENTITY_TOKEN, REGISTRY_TOKEN, MEMBERS };

static const char *const member_names[MEMBERS] = {
    "auth", "username", "password", "identitytoken", "registrytoken"};

/* Takes user and password from the values of an entry; the result is what is
 * wrong with these, and `member` which. */
static const char *
take_pair(const imgrw_str values[static MEMBERS], struct irw_bytes *pair,
          struct irw_login_parts *parts, int *member)
{
    *member = AUTH;
    if (values[AUTH].size > 0)
        switch (irw_auth_read(values[AUTH], pair, &parts->user,
                              &parts->password)) {
        case IRW_AUTH_NOT_BASE64:
            return "auth is not base64 of user:password";
        case IRW_AUTH_NO_COLON:
            return "auth has no \":\" between user and password";
        default:
            return NULL;
        }
    parts->user = values[USERNAME];
    parts->password = values[PASSWORD];
    *member = parts->user.size > 0 ? USERNAME : PASSWORD;
    if (parts->identity_token.size > 0 ||
        (parts->user.size > 0) == (parts->password.size > 0))
        return NULL;
    return parts->user.size > 0 ? "there is a user name and no password"
                                : "there is a password and no user name";
}

/* Makes the login of an entry, or finds why there is none; false when memory
 * is out. */
static bool
make_login(const imgrw_str values[static MEMBERS], const char *path,
           struct irw_login_entry *entry)
{
    struct irw_login_parts parts = {.identity_token = values[IDENTITY_TOKEN],
                                    .source = imgrw_str_from(path)};
    struct irw_bytes pair = {0};
    int member;
    bool is_empty;

    entry->fault = take_pair(values, &pair, &parts, &member);
    if (!entry->fault && !pair.failed)
        entry->fault = irw_login_fault(&parts);
    is_empty = values[AUTH].size + parts.user.size + parts.identity_token.size
               == 0;
    if (!entry->fault && is_empty && values[REGISTRY_TOKEN].size > 0) {
        member = REGISTRY_TOKEN;
        entry->fault = "a registrytoken is not used here; log in with user "
                       "name and password";
    }
    entry->member = member_names[member];
    if (!entry->fault && !is_empty && !pair.failed)
        entry->login = irw_login_new(&parts);
    irw_bytes_wipe(&pair);
    return entry->fault || entry->login || is_empty;
}

/* Warns about the value that the names lead to. */
static void
warn_at(const struct irw_config_reader *reader, const char *const names[],
        const char *message)
{
    struct imgrw_location at;

    if (!reader->source->warn)
        return;
    at = irw_login_file_place(reader->file, names);
    reader->source->warn(&at, message, reader->source->user);
}

/* Adds an entry, whose values are strings; false when memory is out. There is
 * room for it. */
static bool
add_entry(struct irw_config_reader *reader, const char *key,
          const imgrw_str values[static MEMBERS])
{
    struct irw_login_file *file = reader->file;
    struct irw_login_entry *entry = &file->entries[file->entry_count++];
    struct irw_ecr_host ecr;

    irw_ecr_parse(imgrw_str_from(key), &ecr);
    if (irw_ecr_doubt(&ecr))
        warn_at(reader, file->hosts_only ? IRW_NAMES(key)
                                         : IRW_NAMES("auths", key),
                irw_ecr_doubt(&ecr));
    entry->key = irw_bytes_copy(imgrw_str_from(key));
    return entry->key && make_login(values, file->path, entry);
}

/* Reads an entry; `names` lead to its object, with a NULL for one more. */
static enum imgrw_status
read_entry(struct irw_config_reader *reader, const char **names,
           const char *key, const json_t *value)
{
    imgrw_str values[MEMBERS] = {0};

    if (!json_is_object(value) && !json_is_null(value))
        return irw_login_file_fail(reader->file, names, key,
                                   "this is no object", reader->error);
    for (int i = 0; i < MEMBERS; i++) {
        const json_t *member = json_object_get(value, member_names[i]);

        names[reader->file->hosts_only ? 1 : 2] = member_names[i];
        if (member && !json_is_string(member) && !json_is_null(member))
            return irw_login_file_fail(reader->file, names, key,
                                       "what an entry says has to be a string",
                                       reader->error);
        values[i] = irw_json_get_text(value, member_names[i]);
    }
    return add_entry(reader, key, values)
               ? IMGRW_OK
               : irw_fail_memory(reader->error);
}

/* Reads the object that has the entries; NULL stands for none. */
static enum imgrw_status
read_entries(struct irw_config_reader *reader, json_t *object)
{
    struct irw_login_file *file = reader->file;
    enum imgrw_status status = IMGRW_OK;
    const char *key;
    json_t *value;

    if (!object || json_is_null(object))
        return IMGRW_OK;
    if (!json_is_object(object))
        return irw_login_file_fail(file, IRW_NAMES("auths"), NULL,
                                   file->hosts_only
                                       ? "a .dockercfg is an object"
                                       : "auths has to be an object",
                                   reader->error);
    file->entries =
        calloc(json_object_size(object) + 1, sizeof(*file->entries));
    if (!file->entries)
        return irw_fail_memory(reader->error);
    json_object_foreach(object, key, value) {
        const char *names[4] = {file->hosts_only ? key : "auths",
                                file->hosts_only ? NULL : key};

        status = read_entry(reader, names, key, value);
        if (status != IMGRW_OK)
            break;
    }
    return status;
}

/* Reads who is asked for which registry. */
static enum imgrw_status
read_helpers(struct irw_config_reader *reader, json_t *object)
{
    struct irw_login_file *file = reader->file;
    const char *key;
    json_t *value;

    if (!object || json_is_null(object))
        return IMGRW_OK;
    if (!json_is_object(object))
        return irw_login_file_fail(file, IRW_NAMES("credHelpers"), NULL,
                                   "credHelpers has to be an object",
                                   reader->error);
    file->helpers =
        calloc(json_object_size(object) + 1, sizeof(*file->helpers));
    if (!file->helpers)
        return irw_fail_memory(reader->error);
    json_object_foreach(object, key, value) {
        struct irw_login_helper *helper = &file->helpers[file->helper_count++];

        if (!json_is_string(value))
            return irw_login_file_fail(
                file, IRW_NAMES("credHelpers", key), key,
                "the name of a helper has to be a string", reader->error);
        helper->key = irw_bytes_copy(imgrw_str_from(key));
        helper->name = irw_bytes_copy(imgrw_str_from(json_string_value(value)));
        if (!helper->key || !helper->name)
            return irw_fail_memory(reader->error);
    }
    return IMGRW_OK;
}

static enum imgrw_status
read_store(struct irw_config_reader *reader, const json_t *value)
{
    struct irw_login_file *file = reader->file;

    if (value && !json_is_null(value) && !json_is_string(value))
        return irw_login_file_fail(file, IRW_NAMES("credsStore"), NULL,
                                   "credsStore has to be a string",
                                   reader->error);
    if (json_string_length(value) == 0)
        return IMGRW_OK;
    if (!file->is_docker) {
        warn_at(reader, IRW_NAMES("credsStore"),
                "a credsStore is asked only if it is in a config.json");
        return IMGRW_OK;
    }
    file->store = irw_bytes_copy(imgrw_str_from(json_string_value(value)));
    return file->store ? IMGRW_OK : irw_fail_memory(reader->error);
}

/* What makes an object one of Docker's. */
static const char *const docker_keys[] = {"auths", "credHelpers", "credsStore"};

#define DOCKER_KEYS (sizeof(docker_keys) / sizeof(docker_keys[0]))

/* Warns of keys that Go takes for those of Docker, and we do not. */
static void
warn_of_case(const struct irw_config_reader *reader, json_t *root)
{
    const char *key;
    json_t *value;

    json_object_foreach(root, key, value)
        for (size_t i = 0; i < DOCKER_KEYS; i++)
            if (irw_equal_nocase(imgrw_str_from(key),
                                 imgrw_str_from(docker_keys[i])) &&
                strcmp(key, docker_keys[i]) != 0)
                warn_at(reader, IRW_NAMES(key),
                        "this is passed over; the key is auths, credHelpers "
                        "or credsStore, in these letters");
}

/* Reads a config.json or auth.json. */
static enum imgrw_status
read_docker(struct irw_config_reader *reader, json_t *root)
{
    enum imgrw_status status;

    if (!json_is_object(root))
        return irw_login_file_fail(
            reader->file, IRW_NAMES(NULL), NULL,
            "a file of credentials is an object with auths", reader->error);
    warn_of_case(reader, root);
    status = read_entries(reader, json_object_get(root, "auths"));
    if (status == IMGRW_OK)
        status = read_helpers(reader, json_object_get(root, "credHelpers"));
    if (status == IMGRW_OK)
        status = read_store(reader, json_object_get(root, "credsStore"));
    return status;
}

/* Takes what the core library has read. */
static enum imgrw_status
take_credentials(struct irw_config_reader *reader,
                 const struct imgrw_credentials *credentials)
{
    struct irw_login_file *file = reader->file;
    size_t count = imgrw_credentials_count(credentials);

    file->entries = calloc(count + 1, sizeof(*file->entries));
    if (!file->entries)
        return irw_fail_memory(reader->error);
    for (size_t i = 0; i < count; i++) {
        const char *host = imgrw_credentials_host(credentials, i);
        imgrw_str pair = imgrw_credentials_pair(credentials, i);
        const char *colon =
            pair.size > 0 ? memchr(pair.data, ':', pair.size) : NULL;
        imgrw_str values[MEMBERS] = {0};

        if (!colon)
            return irw_login_file_fail(file, IRW_NAMES(host), host,
                                       "the entry has no password",
                                       reader->error);
        values[USERNAME] = (imgrw_str){pair.data, (size_t)(colon - pair.data)};
        values[PASSWORD] = (imgrw_str){
            colon + 1, pair.size - values[USERNAME].size - 1};
        if (!add_entry(reader, host, values))
            return irw_fail_memory(reader->error);
        if (file->entries[i].login)
            file->entries[i].login->expires_at =
                imgrw_credentials_expires_at(credentials, i);
    }
    return IMGRW_OK;
}

/* Reads our own format, which may be YAML. */
static enum imgrw_status
read_own(struct irw_config_reader *reader, imgrw_str text)
{
    const struct irw_config_source *source = reader->source;
    struct imgrw_credentials *credentials;
    enum imgrw_status status =
        imgrw_credentials_new(&credentials, reader->error);

    if (status != IMGRW_OK)
        return status;
    imgrw_credentials_accept_access_keys(credentials);
    status = imgrw_credentials_read(credentials, text, reader->file->path,
                                    source->warn, source->user, reader->error);
    if (status == IMGRW_OK)
        status = take_credentials(reader, credentials);
    imgrw_credentials_free(credentials);
    return status;
}

static bool
has_docker_key(const json_t *root)
{
    for (size_t i = 0; i < DOCKER_KEYS; i++)
        if (json_object_get(root, docker_keys[i]))
            return true;
    return false;
}

/* Whether a text that is no JSON was to be one of Docker's. */
static bool
looks_like_docker(imgrw_str text)
{
    for (size_t i = 0; i < DOCKER_KEYS; i++) {
        char quoted[32] = "\"";

        strcat(strcat(quoted, docker_keys[i]), "\"");
        if (text.size > 0 &&
            memmem(text.data, text.size, quoted, strlen(quoted)))
            return true;
    }
    return false;
}

/* Whether an object is an entry: empty, or with a member of one. */
static bool
is_entry(const json_t *object)
{
    for (int i = 0; i < MEMBERS; i++)
        if (json_object_get(object, member_names[i]))
            return true;
    return json_is_object(object) && json_object_size(object) == 0;
}

/* Whether the root is a .dockercfg: all that is in it are entries. */
static bool
is_dockercfg(json_t *root)
{
    const char *key;
    json_t *value;

    json_object_foreach(root, key, value)
        if (!is_entry(value))
            return false;
    return json_object_size(root) > 0;
}

/* Reads a text of any format; `root` is NULL where it is no JSON. */
static enum imgrw_status
read_any(struct irw_config_reader *reader, imgrw_str text, json_t *root)
{
    struct irw_login_file *file = reader->file;

    if (has_docker_key(root))
        return read_docker(reader, root);
    file->hosts_only = is_dockercfg(root);
    if (file->hosts_only)
        return read_entries(reader, root);
    file->is_own = true;
    return read_own(reader, text);
}

/* Reads the text of a file that is new. */
static enum imgrw_status
read_text(struct irw_config_reader *reader, imgrw_str text)
{
    enum irw_config_format format = reader->source->format;
    json_t *root;
    enum imgrw_status status =
        irw_json_read(text, 0, reader->file->path, &root, reader->error);

    if (status == IMGRW_ERR_INPUT && format == IRW_CONFIG_ANY &&
        !looks_like_docker(text))
        return read_any(reader, text, NULL);
    if (status != IMGRW_OK)
        return status;
    if (format == IRW_CONFIG_ANY)
        status = read_any(reader, text, root);
    else if (format == IRW_CONFIG_DOCKERCFG)
        status = read_entries(reader, root);
    else
        status = read_docker(reader, root);
    irw_json_free(root);
    return status;
}

/* Whether the path is that of a config.json. */
static bool
is_config_json(const char *path)
{
    const char *slash = strrchr(path, '/');

    return strcmp(slash ? slash + 1 : path, "config.json") == 0;
}

/* A file without entries; NULL when memory is out. */
static struct irw_login_file *
make_config(imgrw_str text, const struct irw_config_source *source)
{
    struct irw_login_file *file = calloc(1, sizeof(*file));

    if (!file)
        return NULL;
    file->path = irw_bytes_copy(imgrw_str_from(source->path));
    file->text = irw_bytes_copy(text);
    file->size = text.size;
    file->is_docker =
        source->format == IRW_CONFIG_DOCKER ||
        (source->format == IRW_CONFIG_ANY && is_config_json(source->path));
    file->hosts_only = source->format == IRW_CONFIG_DOCKERCFG;
    if (file->path && file->text)
        return file;
    irw_login_file_free(file);
    return NULL;
}

enum imgrw_status
irw_docker_config_read(imgrw_str text, const struct irw_config_source *source,
                       struct irw_login_file **file, struct imgrw_error *error)
{
    struct irw_config_reader reader = {
        source, make_config(text, source), error};
    enum imgrw_status status;

    if (!reader.file)
        return irw_fail_memory(error);
    status = read_text(&reader, text);
    if (status == IMGRW_OK) {
        *file = reader.file;
        return IMGRW_OK;
    }
    /* the path of the place is to outlive the file */
    if (error && error->at.path)
        error->at.path = source->path;
    irw_login_file_free(reader.file);
    return status;
}
