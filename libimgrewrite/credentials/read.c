/*
 * Texts with credentials: which format one is of, and our own.
 */
#include "base/error.h"
#include "base/file.h"
#include "credentials/docker_config.h"

#define DEPTH 16 /* of a file of credentials; Docker's settings have a few */

enum { ENDPOINT, USERNAME, PASSWORD, KEYS };

static const char *const entry_names[KEYS] = {"endpoint", "username",
                                              "password"};

static const struct irw_key_set entry_keys =
    IRW_KEY_SET("an entry", entry_names, 1u << ENDPOINT | 1u << USERNAME);

static enum imgrw_status
read_entry(struct irw_reader *reader, uint32_t map,
           struct imgrw_credentials *credentials)
{
    uint32_t nodes[KEYS];
    const char *strings[KEYS];
    struct irw_new_credential entry = {0};
    enum imgrw_status status = irw_reader_strings(reader, map, &entry_keys,
                                                  nodes, strings, KEYS);

    if (status != IMGRW_OK)
        return status;
    entry.incomplete = nodes[PASSWORD] == IRW_NO_NODE;
    /* a password that a template left empty is not one that comes later */
    if (!entry.incomplete && !strings[PASSWORD])
        return irw_reader_fail(reader, nodes[PASSWORD],
                               "password is null; leave it out, or put it in "
                               "quotes");
    entry.endpoint = irw_str(strings[ENDPOINT]);
    entry.user = irw_str(strings[USERNAME]);
    entry.password = irw_str(strings[PASSWORD]);
    entry.endpoint_at = irw_reader_locate(reader, nodes[ENDPOINT]);
    entry.user_at = irw_reader_locate(reader, nodes[USERNAME]);
    entry.password_at = irw_reader_locate(
        reader, entry.incomplete ? map : nodes[PASSWORD]);
    return irw_credentials_put(credentials, &entry, reader->warn, reader->user,
                               reader->error);
}

static enum imgrw_status
read_list(struct irw_reader *reader, uint32_t list,
          struct imgrw_credentials *credentials)
{
    const struct irw_tree *tree = &reader->tree;
    struct irw_items items = irw_items(tree, list);
    uint32_t item, index;
    enum imgrw_status status = IMGRW_OK;

    while (status == IMGRW_OK && irw_items_next(&items, &item, &index))
        status = read_entry(reader, irw_tree_follow(tree, item), credentials);
    return status;
}

/* Whether the mapping has one of the keys. */
static bool
has_key(const struct irw_reader *reader, uint32_t node,
        const struct irw_key_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (irw_reader_find(reader, node, set->keys[i]) != IRW_NO_NODE)
            return true;
    return false;
}

static enum imgrw_status
read_root(struct irw_reader *reader, uint32_t root,
          struct imgrw_credentials *credentials)
{
    if (reader->tree.nodes[root].type == IRW_NODE_SEQUENCE)
        return read_list(reader, root, credentials);
    if (has_key(reader, root, &entry_keys))
        return read_entry(reader, root, credentials);
    if (has_key(reader, root, &irw_docker_keys))
        return irw_docker_config_read(reader, root, credentials);
    return irw_reader_fail(reader, root,
                           "no credentials are here: expected a config.json "
                           "with auths, or endpoint, username and password, "
                           "or a list of such");
}

static enum imgrw_status
read_documents(struct irw_reader *reader, struct imgrw_credentials *credentials)
{
    const struct irw_tree *tree = &reader->tree;
    const struct imgrw_location start = {reader->source.path, 0, 1, 1};

    if (tree->document_count == 0)
        return irw_fail(reader->error, reader->status, start,
                        "the file of credentials is empty");
    if (tree->document_count > 1)
        return irw_reader_fail(reader, tree->documents[1].root,
                               "a second document; put the entries in a list");
    return read_root(reader, tree->documents[0].root, credentials);
}

static enum imgrw_status
parse_by(struct irw_reader *reader, const struct irw_backend *backend,
         struct imgrw_error *why)
{
    const struct irw_source *source = &reader->source;

    return irw_tree_read(
        backend,
        (struct irw_extract){source->text, source->start, source->text.size},
        DEPTH, reader->arena, &reader->tree, why);
}

/* Reads the text into a tree, as JSON or else as YAML. */
static enum imgrw_status
parse(struct irw_reader *reader)
{
    struct imgrw_error why;
    enum imgrw_status status = parse_by(reader, &irw_json, &why);

    if (status != IMGRW_OK && status != IMGRW_ERR_MEMORY)
        status = parse_by(reader, &irw_libyaml, &why);
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
    return irw_source_explain(&reader->source, status, reader->error);
}

enum imgrw_status
imgrw_credentials_read(struct imgrw_credentials *credentials, imgrw_str text,
                       const char *path, imgrw_warn_fn *warn, void *user,
                       struct imgrw_error *error)
{
    struct irw_arena arena = {0}; /* holds secrets */
    struct irw_reader reader = {
        .arena = &arena,
        .status = IMGRW_ERR_INPUT,
        .secret = true,
        .warn = warn,
        .user = user,
        .error = error,
    };
    enum imgrw_status status;

    if (!credentials)
        return irw_fail_no_credentials(error);
    status = irw_source_open(text, path, IRW_SECRET_BYTES, &reader.source,
                             error);
    if (status != IMGRW_OK)
        return status;
    credentials->batch++;
    status = parse(&reader);
    if (status == IMGRW_OK)
        status = read_documents(&reader, credentials);
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
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                        "reading credentials needs a set of them and a path");
    status = irw_read_secret(path, IRW_SECRET_BYTES, &file, error);
    if (status != IMGRW_OK)
        return status;
    text = (imgrw_str){file.data, file.size};
    status = imgrw_credentials_read(credentials, text, path, warn, user, error);
    irw_wipe(text);
    return status;
}
