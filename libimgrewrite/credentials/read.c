/*
 * Files of credentials: which format one is of, and our own.
 */
#include "base/error.h"
#include "yaml/event_json.h"
#include "credentials/intake.h"

#define DEPTH 16 /* of a file of credentials; Docker's settings have a few */

enum { ENDPOINT, USERNAME, PASSWORD, KEYS };

static const char *const entry_keys[] = {
    "endpoint", "username", "password", NULL,
};

static const struct irw_intake_shape entry_shape = {
    "an entry", "endpoint, username and password", entry_keys,
};

static enum imgrw_status
read_entry(struct irw_intake *intake, uint32_t map)
{
    uint32_t nodes[KEYS];
    imgrw_str values[KEYS] = {{0}};
    struct irw_given given = {0};
    enum imgrw_status status =
        irw_intake_map(intake, map, &entry_shape, nodes);

    for (size_t i = 0; i < KEYS && status == IMGRW_OK; i++) {
        if (nodes[i] != IRW_NO_NODE)
            status = irw_intake_string(intake, nodes[i], entry_keys[i],
                                        &values[i]);
        else if (i != PASSWORD)
            return irw_intake_fail(intake, map, "an entry needs \"%s\"",
                                    entry_keys[i]);
    }
    if (status != IMGRW_OK)
        return status;
    given.endpoint = values[ENDPOINT];
    given.user = values[USERNAME];
    given.password = values[PASSWORD];
    given.incomplete = nodes[PASSWORD] == IRW_NO_NODE;
    return irw_intake_put(intake, &given, nodes[ENDPOINT], nodes[USERNAME],
                           given.incomplete ? map : nodes[PASSWORD]);
}

static enum imgrw_status
read_list(struct irw_intake *intake, uint32_t list)
{
    const struct irw_tree *tree = &intake->tree;
    enum imgrw_status status = IMGRW_OK;

    for (uint32_t item = list + 1;
         item < tree->nodes[list].next && status == IMGRW_OK;
         item = tree->nodes[item].next)
        status = read_entry(intake, irw_tree_follow(tree, item));
    return status;
}

static enum imgrw_status
read_root(struct irw_intake *intake, uint32_t root)
{
    if (intake->tree.nodes[root].type == IRW_NODE_SEQUENCE)
        return read_list(intake, root);
    if (irw_intake_has(intake, root, &entry_shape))
        return read_entry(intake, root);
    if (irw_intake_has(intake, root, &irw_docker_shape))
        return irw_read_docker_config(intake, root);
    return irw_intake_fail(intake, root,
                            "no credentials are here: expected a config.json "
                            "with auths, or endpoint, username and password, "
                            "or a list of such");
}

static enum imgrw_status
read_documents(struct irw_intake *intake)
{
    const struct irw_tree *tree = &intake->tree;
    struct imgrw_location start = {
        .path = intake->source.path, .line = 1, .column = 1};

    if (tree->document_count == 0)
        return irw_fail(intake->error, IMGRW_ERR_CREDENTIALS, start,
                        "the file of credentials is empty");
    if (tree->document_count > 1)
        return irw_intake_fail(intake, tree->documents[1].root,
                                "a second document; put the entries in a list");
    return read_root(intake, tree->documents[0].root);
}

static enum imgrw_status
parse_by(struct irw_intake *intake, const struct irw_backend *backend,
         struct imgrw_error *why)
{
    const struct irw_source *source = &intake->source;

    return irw_tree_read(backend, source->text, source->start,
                         source->text.size, DEPTH, &intake->arena,
                         &intake->tree, why);
}

/* Reads the text into a tree, as JSON or else as YAML. A message that quotes
 * the text, as that of an unknown anchor does, might quote a password that
 * should have been quoted. */
static enum imgrw_status
parse(struct irw_intake *intake)
{
    const struct irw_source *source = &intake->source;
    struct imgrw_error why;
    enum imgrw_status status = parse_by(intake, &irw_json, &why);

    if (status != IMGRW_OK && status != IMGRW_ERR_MEMORY)
        status = parse_by(intake, &irw_libyaml, &why);
    if (status == IMGRW_OK)
        return IMGRW_OK;
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(intake->error);
    return irw_source_explain(
        source,
        irw_fail(intake->error, status, why.at, "%s",
                 strchr(why.message, '"')
                     ? "this begins like an alias; put it in quotes"
                     : why.message),
        intake->error);
}

enum imgrw_status
imgrw_credentials_read(struct imgrw_credentials *credentials, imgrw_str text,
                       const char *path, imgrw_warn_fn *warn, void *user,
                       struct imgrw_error *error)
{
    struct irw_intake intake = {
        .credentials = credentials,
        .listener = {warn, user},
        .error = error,
    };
    enum imgrw_status status =
        irw_source_open(text, path, IRW_SECRET_BYTES, &intake.source, error);

    if (status != IMGRW_OK)
        return status;
    credentials->round++;
    status = parse(&intake);
    if (status == IMGRW_OK)
        status = read_documents(&intake);
    if (status != IMGRW_OK)
        irw_credentials_undo(credentials);
    irw_tree_clear(&intake.tree);
    irw_arena_wipe(&intake.arena);
    return status;
}
