/*
 * OpenShift's mirrors: ImageDigestMirrorSet, ImageTagMirrorSet and
 * ImageContentSourcePolicy.
 */
#include "base/error.h"
#include "base/str.h"
#include "config/reader.h"

/* Adds the first of `mirrors` as where images of `source` live. */
static enum imgrw_status
add_mirror(struct irw_config *config, uint32_t node, const char *source,
           uint32_t mirrors, enum imgrw_pull pull)
{
    const struct irw_tree *tree = &config->tree;
    uint32_t first = mirrors + 1;
    const char *mirror = NULL;
    enum imgrw_status status;

    if (mirrors != IRW_NO_NODE && !irw_config_is_null(config, mirrors) &&
        tree->nodes[mirrors].type != IRW_NODE_SEQUENCE)
        return irw_config_fail(config, mirrors, "mirrors has to be a list");
    if (mirrors == IRW_NO_NODE ||
        tree->nodes[mirrors].type != IRW_NODE_SEQUENCE ||
        tree->nodes[mirrors].next == first) {
        irw_config_warn(config, node, "%s has no mirrors", source);
        return IMGRW_OK;
    }
    if (tree->nodes[first].next < tree->nodes[mirrors].next)
        irw_config_warn(config, mirrors,
                        "of the mirrors of %s the first is taken", source);
    status = irw_config_string(config, irw_tree_follow(tree, first), "mirrors",
                               &mirror);
    if (status != IMGRW_OK)
        return status;
    return irw_config_place(config, first,
                            imgrw_rules_add_mirror(config->rules, source,
                                                   mirror ? mirror : "", pull,
                                                   config->error));
}

static enum imgrw_status
read_mirrors(struct irw_config *config, uint32_t node, enum imgrw_pull pull)
{
    enum { SOURCE, MIRRORS, POLICY, COUNT };
    static const char *const keys[] = {"!source", "mirrors",
                                       "mirrorSourcePolicy"};
    static const struct irw_config_shape shape =
        IRW_SHAPE_OF("an entry of mirrors", keys);
    uint32_t nodes[COUNT];
    const char *source = NULL;
    enum imgrw_status status = irw_config_map(config, node, &shape, nodes);

    if (status == IMGRW_OK)
        status = irw_config_string(config, nodes[SOURCE], "source", &source);
    if (status != IMGRW_OK)
        return status;
    if (!source)
        return irw_config_fail(config, node, "source is empty");
    if (nodes[POLICY] != IRW_NO_NODE &&
        irw_equal(irw_tree_value(&config->tree, nodes[POLICY]),
                  IRW_STR("AllowContactingSource")))
        irw_config_warn(config, nodes[POLICY],
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
    static const char *const keys[] = {"imageDigestMirrors", "imageTagMirrors",
                                       "repositoryDigestMirrors"};
    static const struct irw_config_shape shape =
        IRW_SHAPE_OF("the spec of mirrors", keys);
    uint32_t nodes[COUNT], spec = irw_config_find(config, root, "spec");
    enum imgrw_status status;

    if (spec == IRW_NO_NODE)
        return irw_config_fail(config, root, "a set of mirrors needs \"spec\"");
    status = irw_config_map(config, spec, &shape, nodes);
    if (status == IMGRW_OK)
        status = irw_config_list(config, nodes[DIGESTS], keys[DIGESTS],
                                 read_digest_mirrors);
    if (status == IMGRW_OK)
        status = irw_config_list(config, nodes[TAGS], keys[TAGS],
                                 read_tag_mirrors);
    if (status == IMGRW_OK)
        status = irw_config_list(config, nodes[OLD], keys[OLD],
                                 read_digest_mirrors);
    return status;
}
