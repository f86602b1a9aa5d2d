/*
 * Maps from one image to another, as tools that move or resolve images write
 * them: relocation maps, kbld's configuration and lock, imgpkg's lock; and what
 * KOTS knows of images.
 */
#include "base/error.h"
#include "base/str.h"
#include "config/reader.h"

#include <stdlib.h>

/* Adds an entry of the map that the config is at. */
static enum imgrw_status
add_exact(struct irw_config *config, uint32_t node, const char *from,
          const char *to)
{
    int first = !config->in_map;

    config->in_map = true;
    return irw_config_place(config, node,
                            imgrw_rules_add_exact(config->rules, from, to,
                                                  first, config->error));
}

enum imgrw_status
irw_config_relocation(struct irw_config *config, uint32_t root)
{
    const struct irw_tree *tree = &config->tree;
    enum imgrw_status status = IMGRW_OK;

    for (uint32_t key = root + 1;
         key < tree->nodes[root].next && status == IMGRW_OK;) {
        uint32_t value = tree->nodes[key].next;
        const char *from = NULL, *to = NULL;

        status = irw_config_string(config, irw_tree_follow(tree, key),
                                   "a key of a relocation map", &from);
        if (status == IMGRW_OK)
            status = irw_config_string(config, irw_tree_follow(tree, value),
                                       "a value of a relocation map", &to);
        if (status == IMGRW_OK)
            status = add_exact(config, key, from ? from : "", to ? to : "");
        key = tree->nodes[value].next;
    }
    return status;
}

/* kbld's override of all images of a repository: it sets the whole of them. */
static enum imgrw_status
add_repository(struct irw_config *config, uint32_t node, const char *name,
               const char *image)
{
    struct imgrw_override override = {.size = sizeof(override), .name = name};
    struct imgrw_reference parsed;
    struct imgrw_error why;
    imgrw_str text = irw_str(image), head;
    char *copy, *end;

    if (imgrw_reference_parse(text, &parsed, &why) != IMGRW_OK)
        return irw_config_fail(config, node, "newImage \"%s\": %s", image,
                               why.message);
    if (parsed.tag.size + parsed.digest.size == 0)
        return irw_config_fail(config, node, "newImage for imageRepo needs a "
                                             "tag or a digest");
    head = (imgrw_str){text.data, (size_t)(parsed.repository.data +
                                           parsed.repository.size -
                                           text.data)};
    copy = irw_arena_alloc(&config->rules->arena, text.size + 3);
    if (!copy)
        return irw_fail_memory(config->error);
    end = mempcpy(copy, head.data, head.size);
    *end++ = '\0';
    override.new_name = copy;
    if (parsed.tag.size > 0) {
        override.new_tag = end;
        end = mempcpy(end, parsed.tag.data, parsed.tag.size);
        *end++ = '\0';
    }
    if (parsed.digest.size > 0) {
        override.digest = end;
        end = mempcpy(end, parsed.digest.data, parsed.digest.size);
        *end = '\0';
    }
    return irw_config_place(
        config, node,
        imgrw_rules_add_override(config->rules, &override, config->error));
}

static enum imgrw_status
read_kbld_override(struct irw_config *config, uint32_t node)
{
    enum { IMAGE, REPOSITORY, NEW, RESOLVED, TAGS, PLATFORM, COUNT };
    static const char *const keys[] = {
        "image",       "imageRepo",    "!newImage",
        "preresolved", "tagSelection", "platformSelection"};
    static const struct irw_config_shape shape =
        IRW_SHAPE_OF("an override of kbld", keys);
    const char *image = NULL, *repository = NULL, *new_image = NULL;
    uint32_t nodes[COUNT];
    enum imgrw_status status = irw_config_map(config, node, &shape, nodes);

    if (status == IMGRW_OK)
        status = irw_config_string(config, nodes[IMAGE], "image", &image);
    if (status == IMGRW_OK)
        status = irw_config_string(config, nodes[REPOSITORY], "imageRepo",
                                   &repository);
    if (status == IMGRW_OK)
        status = irw_config_string(config, nodes[NEW], "newImage", &new_image);
    if (status != IMGRW_OK)
        return status;
    if (nodes[TAGS] != IRW_NO_NODE)
        return irw_config_fail(config, nodes[TAGS],
                               "tagSelection asks a registry for its tags; "
                               "take the lock that kbld makes of it");
    if (nodes[PLATFORM] != IRW_NO_NODE)
        irw_config_warn(config, nodes[PLATFORM],
                        "platformSelection is not taken");
    if (!new_image || !image == !repository)
        return irw_config_fail(config, node, "an override of kbld has image or "
                                             "imageRepo, and newImage");
    return image ? add_exact(config, node, image, new_image)
                 : add_repository(config, node, repository, new_image);
}

enum imgrw_status
irw_config_kbld(struct irw_config *config, uint32_t root)
{
    static const char *const warned[] = {"sources", "destinations",
                                         "searchRules", "keys"};

    for (size_t i = 0; i < sizeof(warned) / sizeof(warned[0]); i++) {
        uint32_t value = irw_config_find(config, root, warned[i]);

        if (value != IRW_NO_NODE)
            irw_config_warn(config, value,
                            "%s of kbld's configuration is not taken",
                            warned[i]);
    }
    return irw_config_member_list(config, root, "overrides",
                                  read_kbld_override);
}

/* An image of imgpkg's lock: kbld notes what it stands for. */
static enum imgrw_status
read_locked_image(struct irw_config *config, uint32_t node)
{
    static const char *const keys[] = {"!image", "annotations"};
    static const struct irw_config_shape shape =
        IRW_SHAPE_OF("an image of a lock", keys);
    const char *image = NULL, *id = NULL;
    uint32_t nodes[2], of = IRW_NO_NODE;
    enum imgrw_status status = irw_config_map(config, node, &shape, nodes);

    if (status == IMGRW_OK)
        status = irw_config_string(config, nodes[0], "image", &image);
    if (status == IMGRW_OK && nodes[1] != IRW_NO_NODE)
        of = irw_config_find(config, nodes[1], "kbld.carvel.dev/id");
    if (status == IMGRW_OK)
        status = irw_config_string(config, of, "kbld.carvel.dev/id", &id);
    if (status != IMGRW_OK)
        return status;
    if (id && image)
        return add_exact(config, node, id, image);
    irw_config_warn(config, node,
                    "without an annotation kbld.carvel.dev/id it does not say "
                    "which image %s stands for", image ? image : "this");
    return IMGRW_OK;
}

enum imgrw_status
irw_config_images_lock(struct irw_config *config, uint32_t root)
{
    return irw_config_member_list(config, root, "images", read_locked_image);
}

enum imgrw_status
irw_config_installation(struct irw_config *config, uint32_t root)
{
    uint32_t spec = irw_config_find(config, root, "spec");
    enum imgrw_status status;

    if (spec == IRW_NO_NODE)
        return irw_config_fail(config, root, "an Installation needs \"spec\"");
    config->public_unsaid = true;
    status = irw_config_member_list(config, spec, "knownImages",
                                    irw_config_known);
    config->public_unsaid = false;
    return status;
}
