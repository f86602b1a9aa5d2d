/*
 * Rules files: which format a document has, and who reads it.
 */
#include "config/rules_file.h"
#include "base/error.h"
#include "base/file.h"
#include "base/str.h"
#include "config/digests.h"
#include "config/function_kinds.h"
#include "config/kustomization.h"
#include "config/other_tools.h"
#include "config/rewrite_rules.h"

#include <imgrewrite/rules_file.h>

#include <stdlib.h>

/* A format, by its `kind` and by what `apiVersion` has before a "/". */
static const struct format {
    const char *group, *kind;
    irw_reader_fn *read;
} formats[] = {
    {"imgrewrite", "RewriteRules", irw_config_rewrite_rules},
    {"kustomize.config.k8s.io", "Kustomization", irw_config_kustomization},
    {"kustomize.config.k8s.io", "Component", irw_config_kustomization},
    {"config.openshift.io", "ImageDigestMirrorSet", irw_config_mirror_set},
    {"config.openshift.io", "ImageTagMirrorSet", irw_config_mirror_set},
    {"operator.openshift.io", "ImageContentSourcePolicy",
     irw_config_mirror_set},
    {"kbld.k14s.io", "Config", irw_config_kbld},
    {"kbld.carvel.dev", "Config", irw_config_kbld},
    {"imgpkg.carvel.dev", "ImagesLock", irw_config_images_lock},
    {"", "ImagesLock", irw_config_chart_lock},
    {"kots.io", "Installation", irw_config_installation},
    {"", "ConfigMap", irw_config_map},
    {"fn.kpt.dev", "SetImage", irw_config_set_image},
    {"", "ImageTagTransformer", irw_config_image_tag},
};

static imgrw_str
value_of(const struct irw_reader *reader, uint32_t root, const char *key)
{
    uint32_t value = irw_reader_find(reader, root, key);

    return value == IRW_NO_NODE ? (imgrw_str){0}
                                : irw_tree_value(&reader->tree, value);
}

/* Whether a document says that it is kustomize's. kustomize is content with
 * either `apiVersion` or `kind`. */
static bool
says_kustomization(imgrw_str version, imgrw_str group, imgrw_str kind)
{
    return version.size + kind.size > 0 &&
           (version.size == 0 ||
            irw_equal(group, IRW_STR("kustomize.config.k8s.io"))) &&
           (kind.size == 0 || irw_equal(kind, IRW_STR("Kustomization")) ||
            irw_equal(kind, IRW_STR("Component")));
}

/* Whether a document that does not say what it is has a key that only
 * kustomizations have. A relocation map may have an image of such a name,
 * "images: r.example.com/images". Keys that hold a list in a kustomization are
 * therefore ignored if their value is a string. */
static bool
looks_like_kustomization(const struct irw_reader *reader, uint32_t root)
{
    static const struct {
        const char *name;
        bool is_list;
    } keys[] = {
        {"images", true},          {"resources", true},
        {"bases", true},           {"components", true},
        {"configurations", true},  {"namePrefix", false},
        {"namespace", false},      {"patches", false},
        {"transformers", false},   {"generators", false},
    };

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        uint32_t value = irw_reader_find(reader, root, keys[i].name);

        if (value != IRW_NO_NODE &&
            (!keys[i].is_list || irw_reader_is_null(reader, value) ||
             reader->tree.nodes[value].type != IRW_NODE_SCALAR))
            return true;
    }
    return false;
}

/* Whether all values are strings that might be images. */
static bool
looks_like_relocation(const struct irw_reader *reader, uint32_t root)
{
    struct irw_entries entries = irw_entries(&reader->tree, root);
    uint32_t key, value;

    while (irw_entries_next(&entries, &key, &value))
        if (!irw_is_scalar(&reader->tree, value))
            return false;
    return true;
}

/* The value of a key that only RewriteRules have, in case somebody forgot their
 * first lines; IRW_NO_NODE if there is no such key. */
static uint32_t
find_own_key(const struct irw_reader *reader, uint32_t root, const char **key)
{
    static const char *const keys[] = {"registries", "preset", "exclude",
                                       "knownImages", "fieldSpecs", "find"};

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        uint32_t value = irw_reader_find(reader, root, keys[i]);

        *key = keys[i];
        if (value != IRW_NO_NODE &&
            reader->tree.nodes[value].type != IRW_NODE_SCALAR)
            return value;
    }
    return IRW_NO_NODE;
}

/* Refuses a document that has no known format, with the nearest one in mind. */
static enum imgrw_status
fail_format(struct irw_reader *reader, uint32_t root, imgrw_str group,
            imgrw_str kind)
{
    const struct irw_node *node = &reader->tree.nodes[root];
    const char *key;
    uint32_t own = find_own_key(reader, root, &key);

    if (node->type != IRW_NODE_MAPPING)
        return irw_reader_fail(reader, root,
                               "rules are a mapping, such as {apiVersion: "
                               "imgrewrite/v1, kind: RewriteRules, images: "
                               "[...]}, and this is a %s",
                               node->type == IRW_NODE_SEQUENCE ? "list"
                                                               : "text");
    if (irw_equal(kind, IRW_STR("RewriteRules")))
        return irw_reader_fail(reader, root, "RewriteRules need \"apiVersion: "
                                             "imgrewrite/v1\"");
    if (irw_equal(group, IRW_STR("imgrewrite")))
        return irw_reader_fail(reader, root, "apiVersion imgrewrite/v1 needs "
                                             "\"kind: RewriteRules\"");
    if (own != IRW_NO_NODE && group.size + kind.size == 0)
        return irw_reader_fail(reader, own,
                               "rules with \"%s\" begin with \"apiVersion: "
                               "imgrewrite/v1\" and \"kind: RewriteRules\"",
                               key);
    return irw_reader_fail(
        reader, root,
        "%s%.*s%s%.*s holds no rules: expected RewriteRules (apiVersion "
        "imgrewrite/v1), a kustomization, a mirror set, a relocation map, or a "
        "lock of kbld, imgpkg or helm dt",
        kind.size > 0 ? "kind " : "this document", IRW_PRINT(kind),
        group.size > 0 ? " of " : "", IRW_PRINT(group));
}

irw_reader_fn *
irw_config_find_kind(imgrw_str version, imgrw_str kind)
{
    imgrw_str group, rest;

    if (!irw_cut(version, '/', &group, &rest))
        group.size = 0;
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        if (irw_equal(irw_str(formats[i].kind), kind) &&
            irw_equal(irw_str(formats[i].group), group))
            return formats[i].read;
    return NULL;
}

/* Reads a document of any format. If it says its kind, it is taken at its word;
 * if not, its keys decide. */
static enum imgrw_status
read_document(struct irw_reader *reader, uint32_t root)
{
    imgrw_str version = value_of(reader, root, "apiVersion");
    imgrw_str kind = value_of(reader, root, "kind");
    irw_reader_fn *read = irw_config_find_kind(version, kind);
    imgrw_str group, rest;
    const char *own;

    if (read)
        return read(reader, root);
    if (!irw_cut(version, '/', &group, &rest))
        group.size = 0;
    if (says_kustomization(version, group, kind))
        return irw_config_kustomization(reader, root);
    if (kind.size + version.size > 0 ||
        reader->tree.nodes[root].type != IRW_NODE_MAPPING ||
        find_own_key(reader, root, &own) != IRW_NO_NODE)
        return fail_format(reader, root, group, kind);
    if (looks_like_kustomization(reader, root))
        return irw_config_kustomization(reader, root);
    if (irw_is_known_line(reader, root))
        return irw_config_known_line(reader, root);
    if (looks_like_relocation(reader, root))
        return irw_config_relocation(reader, root);
    return fail_format(reader, root, group, kind);
}

/* Sets `*line` to the next line that is not blank, without blanks around it,
 * and moves `*from` after it; false at the end. */
static bool
next_line(imgrw_str text, size_t *from, imgrw_str *line)
{
    while (*from < text.size) {
        size_t start = *from, end = *from = irw_line_end(text, start);

        while (end > start && strchr(" \t\r\n", text.data[end - 1]))
            end--;
        while (start < end && irw_is_white(text.data[start]))
            start++;
        *line = irw_slice(text, start, end);
        if (end > start)
            return true;
    }
    return false;
}

/* Whether the text, from byte `start` on, begins with two lines that are an
 * object each, so that it is JSON lines and not one document. */
static bool
is_lines(imgrw_str text, size_t start)
{
    imgrw_str line;
    size_t from = start;
    int objects = 0;

    while (objects < 2 && next_line(text, &from, &line)) {
        if (line.data[0] != '{' || line.data[line.size - 1] != '}')
            return false;
        objects++;
    }
    return objects == 2;
}

/* Whether the text begins with a line about a digest. */
static bool
is_digest_file(imgrw_str text, size_t start)
{
    imgrw_str line;

    return next_line(text, &start, &line) && irw_is_digest_line(line);
}

/* Reads a line of such a text. */
static enum imgrw_status
read_digest_line(struct irw_reader *reader, uint32_t root)
{
    if (!irw_is_digest_line(irw_tree_value(&reader->tree, root)))
        return irw_reader_fail(reader, root,
                               "a line about an image is a digest and where "
                               "the image is, such as docker://reg.io/a:1");
    return irw_config_digest_line(reader, root);
}

/* Reads a text line by line, of which each is a document. */
static enum imgrw_status
read_lines(struct irw_reader *reader, irw_reader_fn *read)
{
    imgrw_str text = reader->source.text, line;
    size_t from = reader->source.start;
    enum imgrw_status status = IMGRW_OK;

    while (status == IMGRW_OK && next_line(text, &from, &line)) {
        size_t start = (size_t)(line.data - text.data);

        status = irw_reader_documents(reader, start, start + line.size, read);
    }
    return status;
}

static enum imgrw_status
read_text(struct irw_reader *reader)
{
    const struct irw_source *source = &reader->source;
    const struct imgrw_location start = {source->path, 0, 1, 1};
    enum imgrw_status status;

    if (is_lines(source->text, source->start))
        return read_lines(reader, irw_config_known_line);
    if (is_digest_file(source->text, source->start))
        return read_lines(reader, read_digest_line);
    status = irw_reader_documents(reader, source->start, source->text.size,
                                  read_document);
    if (status == IMGRW_OK && reader->documents == 0)
        return irw_fail(reader->error, IMGRW_ERR_RULE, start,
                        "there is nothing in it, so that it holds no rules");
    return status;
}

/* Reads a text into the rules of `reader`. */
static enum imgrw_status
read_rules(struct irw_reader *reader, imgrw_str text, const char *path)
{
    struct irw_arena *arena = reader->arena = &reader->rules->arena;
    /* the places of rules name the path for as long as there are rules */
    char *copy = path ? irw_arena_copy(arena, irw_str(path)) : NULL;
    enum imgrw_status status;

    if (path && !copy)
        return irw_fail_memory(reader->error);
    reader->located = reader->rules->list.count;
    reader->status = IMGRW_ERR_RULE;
    status = irw_source_open(text, copy, IRW_RULES_BYTES, &reader->source,
                             reader->error);
    return status == IMGRW_OK ? read_text(reader) : status;
}

enum imgrw_status
imgrw_rules_read(struct imgrw_rules *rules, imgrw_str text, const char *path,
                 imgrw_warn_fn *warn, void *user, struct imgrw_error *error)
{
    struct irw_reader reader = {
        .rules = rules, .warn = warn, .user = user, .error = error};

    if (!rules)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "there are no rules to add to");
    return read_rules(&reader, text, path);
}

enum imgrw_status
imgrw_rules_read_file(struct imgrw_rules *rules, const char *path,
                      imgrw_warn_fn *warn, void *user,
                      struct imgrw_error *error)
{
    struct irw_reader reader = {.rules = rules,
                                .on_disk = true,
                                .warn = warn,
                                .user = user,
                                .error = error};
    struct irw_file_text file;
    enum imgrw_status status;

    if (!rules || !path)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "reading rules needs a set of rules and a path");
    status = irw_read_file(path, IRW_RULES_BYTES, &file, error);
    if (status != IMGRW_OK)
        return status;
    status = read_rules(&reader, (imgrw_str){file.data, file.size}, path);
    free(file.data);
    return status;
}
