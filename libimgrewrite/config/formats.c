/*
 * Rules files: which format a document is of, and the way there.
 */
#include "config/formats.h"
#include "base/error.h"
#include "base/file.h"
#include "base/str.h"
#include "config/lines.h"

#include <imgrewrite/rules_file.h>

#include <stdlib.h>

#define DEPTH 64 /* of a rules file */

/* A format, by what stands under `apiVersion`, before a "/", and `kind`. */
static const struct format {
    const char *group, *kind;
    irw_config_fn *read;
} formats[] = {
    {"imgrewrite", "RewriteRules", irw_config_rules_file},
    {"kustomize.config.k8s.io", "Kustomization", irw_config_kustomization},
    {"kustomize.config.k8s.io", "Component", irw_config_kustomization},
    {"config.openshift.io", "ImageDigestMirrorSet", irw_config_mirror_set},
    {"config.openshift.io", "ImageTagMirrorSet", irw_config_mirror_set},
    {"operator.openshift.io", "ImageContentSourcePolicy",
     irw_config_mirror_set},
    {"kbld.k14s.io", "Config", irw_config_kbld},
    {"kbld.carvel.dev", "Config", irw_config_kbld},
    {"imgpkg.carvel.dev", "ImagesLock", irw_config_images_lock},
    {"kots.io", "Installation", irw_config_installation},
};

static imgrw_str
value_of(const struct irw_config *config, uint32_t root, const char *key)
{
    uint32_t value = irw_config_find(config, root, key);

    return value == IRW_NO_NODE ? (imgrw_str){0}
                                : irw_tree_value(&config->tree, value);
}

/* Whether a document says that it is kustomize's, which takes either of the two
 * words for both. */
static bool
says_kustomization(imgrw_str version, imgrw_str group, imgrw_str kind)
{
    return version.size + kind.size > 0 &&
           (version.size == 0 ||
            irw_equal(group, IRW_STR("kustomize.config.k8s.io"))) &&
           (kind.size == 0 || irw_equal(kind, IRW_STR("Kustomization")) ||
            irw_equal(kind, IRW_STR("Component")));
}

/* A kustomization need not say what it is. */
static bool
looks_like_kustomization(const struct irw_config *config, uint32_t root)
{
    static const char *const keys[] = {
        "images", "resources", "bases", "components", "configurations",
        "namePrefix", "namespace", "patches", "transformers", "generators",
    };

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        uint32_t value = irw_config_find(config, root, keys[i]);

        if (value != IRW_NO_NODE &&
            (i > 4 || config->tree.nodes[value].type != IRW_NODE_SCALAR ||
             irw_config_is_null(config, value)))
            return true;
    }
    return false;
}

/* Whether all values are strings that might be images. */
static bool
looks_like_relocation(const struct irw_config *config, uint32_t root)
{
    const struct irw_tree *tree = &config->tree;

    for (uint32_t key = root + 1; key < tree->nodes[root].next;) {
        uint32_t value = tree->nodes[key].next;

        if (tree->nodes[irw_tree_follow(tree, value)].type != IRW_NODE_SCALAR)
            return false;
        key = tree->nodes[value].next;
    }
    return true;
}

/* Whether the mapping says of one image what is known, as a JSON line does. */
static bool
looks_like_line(const struct irw_config *config, uint32_t root)
{
    static const char *const keys[][2] = {
        {"ref", "outcome"}, {"image", "isPrivate"},
    };

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (irw_config_find(config, root, keys[i][0]) != IRW_NO_NODE &&
            irw_config_find(config, root, keys[i][1]) != IRW_NO_NODE)
            return true;
    return false;
}

/* A key that only RewriteRules have, whose first lines may have been
 * forgotten; IRW_NO_NODE where there is none. */
static uint32_t
find_own_key(const struct irw_config *config, uint32_t root, const char **key)
{
    static const char *const keys[] = {"registries", "preset", "exclude",
                                       "knownImages", "fieldSpecs", "find"};

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        uint32_t value = irw_config_find(config, root, keys[i]);

        *key = keys[i];
        if (value != IRW_NO_NODE &&
            config->tree.nodes[value].type != IRW_NODE_SCALAR)
            return value;
    }
    return IRW_NO_NODE;
}

/* Refuses a document that is of no format, by what comes nearest. */
static enum imgrw_status
fail_format(struct irw_config *config, uint32_t root, imgrw_str group,
            imgrw_str kind)
{
    const struct irw_node *node = &config->tree.nodes[root];
    const char *key;
    uint32_t own = find_own_key(config, root, &key);

    if (node->type != IRW_NODE_MAPPING)
        return irw_config_fail(config, root,
                               "rules are a mapping, such as {apiVersion: "
                               "imgrewrite/v1, kind: RewriteRules, images: "
                               "[...]}, and this is a %s",
                               node->type == IRW_NODE_SEQUENCE ? "list"
                                                               : "text");
    if (irw_equal(kind, IRW_STR("RewriteRules")))
        return irw_config_fail(config, root, "RewriteRules need \"apiVersion: "
                                             "imgrewrite/v1\"");
    if (irw_equal(group, IRW_STR("imgrewrite")))
        return irw_config_fail(config, root, "apiVersion imgrewrite/v1 needs "
                                             "\"kind: RewriteRules\"");
    if (own != IRW_NO_NODE && group.size + kind.size == 0)
        return irw_config_fail(config, own,
                               "rules with \"%s\" begin with \"apiVersion: "
                               "imgrewrite/v1\" and \"kind: RewriteRules\"",
                               key);
    return irw_config_fail(
        config, root,
        "%s%.*s%s%.*s holds no rules: expected RewriteRules (apiVersion "
        "imgrewrite/v1), a kustomization, a mirror set, a relocation map, or a "
        "lock of kbld or imgpkg",
        kind.size > 0 ? "kind " : "this document", IRW_PRINT(kind),
        group.size > 0 ? " of " : "", IRW_PRINT(group));
}

/* Reads a document of whatever format. */
static enum imgrw_status
read_document(struct irw_config *config, uint32_t root)
{
    imgrw_str version = value_of(config, root, "apiVersion");
    imgrw_str kind = value_of(config, root, "kind");
    size_t slash = irw_find(version, '/');
    const char *own;
    imgrw_str group = irw_slice(version, 0, slash == SIZE_MAX ? 0 : slash);

    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        if (irw_equal(irw_str(formats[i].kind), kind) &&
            irw_equal(irw_str(formats[i].group), group))
            return formats[i].read(config, root);
    if (says_kustomization(version, group, kind))
        return irw_config_kustomization(config, root);
    if (kind.size + version.size > 0 ||
        config->tree.nodes[root].type != IRW_NODE_MAPPING ||
        find_own_key(config, root, &own) != IRW_NO_NODE)
        return fail_format(config, root, group, kind);
    if (looks_like_kustomization(config, root))
        return irw_config_kustomization(config, root);
    if (looks_like_line(config, root))
        return irw_config_known_line(config, root);
    if (looks_like_relocation(config, root))
        return irw_config_relocation(config, root);
    return fail_format(config, root, group, kind);
}

/* Whether a document holds nothing. */
static bool
is_empty(const struct irw_tree *tree, uint32_t root)
{
    return tree->nodes[root].type == IRW_NODE_SCALAR &&
           tree->nodes[root].style == IRW_STYLE_PLAIN &&
           irw_tree_value(tree, root).size == 0;
}

static enum imgrw_status
read_documents(struct irw_config *config, irw_config_fn *read)
{
    const struct irw_tree *tree = &config->tree;
    const struct imgrw_location start = {config->path, 0, 1, 1};
    enum imgrw_status status = IMGRW_OK;
    size_t count = 0;

    for (size_t i = 0; i < tree->document_count && status == IMGRW_OK; i++) {
        config->in_map = false;
        if (is_empty(tree, tree->documents[i].root))
            continue;
        status = read(config, tree->documents[i].root);
        count++;
    }
    if (count == 0 && read == read_document)
        return irw_fail(config->error, IMGRW_ERR_RULE, start,
                        "there is nothing in it, so that it holds no rules");
    return status;
}

/* Reads the bytes from `start` to `end` of the config's text. */
static enum imgrw_status
read_range(struct irw_config *config, size_t start, size_t end,
           irw_config_fn *read)
{
    enum imgrw_status status = irw_source_explain(
        &config->source,
        irw_tree_read(&irw_libyaml, config->source.text, start, end, DEPTH,
                      &config->rules->arena, &config->tree, config->error),
        config->error);

    if (status == IMGRW_OK)
        status = read_documents(config, read);
    irw_tree_clear(&config->tree);
    return status;
}

/* Reads a text of JSON lines. */
static enum imgrw_status
read_lines(struct irw_config *config)
{
    imgrw_str text = config->source.text, line;
    size_t from = config->source.start;
    enum imgrw_status status = IMGRW_OK;

    while (status == IMGRW_OK && irw_config_next_line(text, &from, &line)) {
        size_t start = (size_t)(line.data - text.data);

        status = read_range(config, start, start + line.size,
                            irw_config_known_line);
    }
    return status;
}

enum imgrw_status
irw_config_read(imgrw_str text, const char *path, irw_config_fn *read,
                const struct irw_config *outer)
{
    struct irw_config config = *outer;
    enum imgrw_status status;

    config.path = path;
    config.cursor = (struct irw_line_cursor){0};
    config.tree = (struct irw_tree){0};
    config.placed = outer->rules->count;
    status = irw_source_open(text, path, IRW_CONFIG_BYTES, &config.source,
                             config.error);
    if (status != IMGRW_OK)
        return status;
    if (read == read_document &&
        irw_config_is_lines(text, config.source.start))
        return read_lines(&config);
    return read_range(&config, config.source.start, text.size, read);
}

/* Reads a text; `on_disk` says whether files that it names are there. */
static enum imgrw_status
read_rules(imgrw_str text, const char *path, struct irw_config *outer)
{
    struct irw_arena *arena = &outer->rules->arena;
    char *copy = path ? irw_arena_copy(arena, irw_str(path)) : NULL;

    if (path && !copy)
        return irw_fail_memory(outer->error);
    return irw_config_read(text, copy, read_document, outer);
}

enum imgrw_status
imgrw_rules_read(struct imgrw_rules *rules, imgrw_str text, const char *path,
                 imgrw_warn_fn *warn, void *user, struct imgrw_error *error)
{
    struct irw_config outer = {
        .rules = rules, .warn = warn, .user = user, .error = error};

    if (!rules)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                        "there are no rules to add to");
    return read_rules(text, path, &outer);
}

enum imgrw_status
imgrw_rules_read_file(struct imgrw_rules *rules, const char *path,
                      imgrw_warn_fn *warn, void *user,
                      struct imgrw_error *error)
{
    struct irw_config outer = {.rules = rules,
                               .on_disk = true,
                               .warn = warn,
                               .user = user,
                               .error = error};
    struct irw_file_text file;
    enum imgrw_status status;

    if (!rules || !path)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                        "reading rules needs a set of rules and a path");
    status = irw_read_file(path, IRW_CONFIG_BYTES, &file, error);
    if (status != IMGRW_OK)
        return status;
    status = read_rules((imgrw_str){file.data, file.size}, path, &outer);
    free(file.data);
    return status;
}
