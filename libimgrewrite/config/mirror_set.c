/*
 * OpenShift's mirrors: ImageDigestMirrorSet, ImageTagMirrorSet and
 * ImageContentSourcePolicy.
 */
#include "config/mirror_set.h"
#include "base/str.h"

/* Adds the first of `mirrors` as where images of `source` live. A manifest
 * names one place, so that the other mirrors have no use. */
static enum imgrw_status
add_mirror(struct irw_config *config, uint32_t node, const char *source,
           uint32_t mirrors, enum imgrw_pull pull)
{
    struct irw_reader *reader = config->reader;
    const struct irw_tree *tree = &reader->tree;
    uint32_t first = mirrors + 1;
    const char *mirror;
    bool none = mirrors == IRW_NO_NODE || irw_reader_is_null(reader, mirrors);
    enum imgrw_status status;

    if (!none && tree->nodes[mirrors].type != IRW_NODE_SEQUENCE)
        return irw_reader_fail(reader, mirrors, "mirrors has to be a list");
    if (none || tree->nodes[mirrors].next == first) {
        irw_reader_warn(reader, node, "%s has no mirrors", source);
        return IMGRW_OK;
    }
    if (tree->nodes[first].next < tree->nodes[mirrors].next)
        irw_reader_warn(reader, mirrors,
                        "of the mirrors of %s the first is taken", source);
    status = irw_reader_string(reader, irw_tree_follow(tree, first), "mirrors",
                               &mirror);
    if (status != IMGRW_OK)
        return status;
    return irw_config_place(config, first,
                            imgrw_rules_add_mirror(config->rules, source,
                                                   mirror ? mirror : "", pull,
                                                   reader->error));
}

static enum imgrw_status
read_mirrors(struct irw_config *config, uint32_t node, enum imgrw_pull pull)
{
    enum { SOURCE, MIRRORS, POLICY, COUNT };
    static const char *const keys[COUNT] = {"source", "mirrors",
                                            "mirrorSourcePolicy"};
    static const struct irw_key_set set =
        IRW_KEY_SET("an entry of mirrors", keys, 1u << SOURCE);
    struct irw_reader *reader = config->reader;
    uint32_t nodes[COUNT];
    const char *source;
    enum imgrw_status status =
        irw_reader_strings(reader, node, &set, nodes, &source, 1);

    if (status != IMGRW_OK)
        return status;
    if (nodes[POLICY] != IRW_NO_NODE &&
        irw_equal(irw_tree_value(&reader->tree, nodes[POLICY]),
                  IRW_STR("AllowContactingSource")))
        irw_reader_warn(reader, nodes[POLICY],
                        "mirrorSourcePolicy: a manifest names one place, so "
                        "that %s is not tried when its mirror fails", source);
    return add_mirror(config, node, source, nodes[MIRRORS], pull);
}

static enum imgrw_status
read_digest_mirrors(struct irw_config *config, uint32_t node)
{
    return read_mirrors(config, node, IMGRW_PULL_BY_DIGEST);
}

static enum imgrw_status
read_tag_mirrors(struct irw_config *config, uint32_t node)
{
    return read_mirrors(config, node, IMGRW_PULL_BY_TAG);
}

enum imgrw_status
irw_config_mirror_set(struct irw_config *config, uint32_t root)
{
    enum { DIGESTS, TAGS, OLD, COUNT };
    static const char *const keys[COUNT] = {
        "imageDigestMirrors", "imageTagMirrors", "repositoryDigestMirrors"};
    static irw_config_fn *const items[COUNT] = {
        read_digest_mirrors, read_tag_mirrors, read_digest_mirrors};
    static const struct irw_key_set set =
        IRW_KEY_SET("the spec of mirrors", keys, 0);
    struct irw_reader *reader = config->reader;
    uint32_t nodes[COUNT], spec = irw_reader_find(reader, root, "spec");
    enum imgrw_status status;

    if (spec == IRW_NO_NODE)
        return irw_reader_fail(reader, root,
                               "a set of mirrors needs \"spec\"");
    status = irw_reader_members(reader, spec, &set, nodes);
    for (size_t i = 0; i < COUNT && status == IMGRW_OK; i++)
        status = irw_config_list(config, nodes[i], keys[i], items[i]);
    return status;
}
