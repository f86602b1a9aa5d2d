/*
 * Maps from one image to another, as tools that move or resolve images write
 * them: relocation maps, kbld's configuration and lock, imgpkg's lock.
 */
#include "config/maps.h"

/* Adds an entry of the map that the document is. */
static enum imgrw_status
add_exact(struct irw_config *config, uint32_t node, const char *from,
          const char *to)
{
    return irw_config_place(config, node,
                            imgrw_rules_add_exact(config->rules,
                                                  imgrw_str_from(from),
                                                  imgrw_str_from(to),
                                                  config->reader->error));
}

static enum imgrw_status
read_pair(struct irw_config *config, uint32_t key, uint32_t value)
{
    struct irw_reader *reader = config->reader;
    const struct irw_tree *tree = &reader->tree;
    const char *from, *to = NULL;
    enum imgrw_status status =
        irw_reader_string(reader, irw_tree_follow(tree, key),
                          "a key of a relocation map", &from);

    if (status == IMGRW_OK)
        status = irw_reader_string(reader, irw_tree_follow(tree, value),
                                   "a value of a relocation map", &to);
    return status == IMGRW_OK
               ? add_exact(config, key, from, to)
               : status;
}

enum imgrw_status
irw_config_relocation(struct irw_config *config, uint32_t root)
{
    struct irw_entries entries = irw_entries(&config->reader->tree, root);
    uint32_t key, value;
    enum imgrw_status status = IMGRW_OK;

    while (status == IMGRW_OK && irw_entries_next(&entries, &key, &value))
        status = read_pair(config, key, value);
    return status;
}

/* Adds kbld's override of all images of a repository. It replaces the whole
 * reference, so that it needs a tag or a digest: without one, the images would
 * keep theirs. */
static enum imgrw_status
add_repository(struct irw_config *config, uint32_t node, const char *name,
               const char *image)
{
    struct irw_reader *reader = config->reader;
    struct imgrw_override override = {
        .size = sizeof(override), .name = imgrw_str_from(name)};
    struct imgrw_reference parsed;
    struct imgrw_error why;

    if (imgrw_reference_parse(imgrw_str_from(image), &parsed, &why) != IMGRW_OK)
        return irw_reader_fail(reader, node, "newImage \"%s\": %s", image,
                               why.message);
    if (parsed.tag.size + parsed.digest.size == 0)
        return irw_reader_fail(reader, node, "newImage for imageRepo needs a "
                                             "tag or a digest");
    override.new_name.data = image;
    override.new_name.size = (size_t)(parsed.repository.data +
                                      parsed.repository.size - image);
    override.new_tag = parsed.tag;
    override.digest = parsed.digest;
    return irw_config_place(
        config, node,
        imgrw_rules_add_override(config->rules, &override, reader->error));
}

static enum imgrw_status
read_kbld_override(struct irw_config *config, uint32_t node)
{
    enum { IMAGE, REPOSITORY, NEW, RESOLVED, TAGS, PLATFORM, COUNT };
    static const char *const keys[COUNT] = {
        "image",       "imageRepo",    "newImage",
        "preresolved", "tagSelection", "platformSelection"};
    static const struct irw_key_set set =
        IRW_KEY_SET("an override of kbld", keys, 1u << NEW);
    struct irw_reader *reader = config->reader;
    const char *strings[RESOLVED];
    uint32_t nodes[COUNT];
    enum imgrw_status status =
        irw_reader_strings(reader, node, &set, nodes, strings, RESOLVED);

    if (status != IMGRW_OK)
        return status;
    if (nodes[TAGS] != IRW_NO_NODE)
        return irw_reader_fail(reader, nodes[TAGS],
                               "tagSelection asks a registry for its tags; "
                               "take the lock that kbld makes of it");
    if (nodes[PLATFORM] != IRW_NO_NODE)
        irw_reader_warn(reader, nodes[PLATFORM],
                        "platformSelection is not taken");
    if (!strings[IMAGE] == !strings[REPOSITORY])
        return irw_reader_fail(reader, node,
                               "an override of kbld has image or imageRepo, "
                               "and newImage");
    return strings[IMAGE]
               ? add_exact(config, node, strings[IMAGE], strings[NEW])
               : add_repository(config, node, strings[REPOSITORY],
                                strings[NEW]);
}

enum imgrw_status
irw_config_kbld(struct irw_config *config, uint32_t root)
{
    static const char *const ignored[] = {"sources", "destinations",
                                          "searchRules", "keys"};

    for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++) {
        uint32_t value = irw_reader_find(config->reader, root, ignored[i]);

        if (value != IRW_NO_NODE)
            irw_reader_warn(config->reader, value,
                            "%s of kbld's configuration is not taken",
                            ignored[i]);
    }
    return irw_config_member_list(config, root, "overrides",
                                  read_kbld_override);
}

/* An image of imgpkg's lock. Where kbld wrote it, an annotation says which
 * image it was in the manifests; without that there is nothing to replace. */
static enum imgrw_status
read_locked_image(struct irw_config *config, uint32_t node)
{
    static const char *const keys[] = {"image", "annotations"};
    static const struct irw_key_set set =
        IRW_KEY_SET("an image of a lock", keys, 1u << 0);
    struct irw_reader *reader = config->reader;
    const char *image, *id = NULL;
    uint32_t nodes[2], of = IRW_NO_NODE;
    enum imgrw_status status =
        irw_reader_strings(reader, node, &set, nodes, &image, 1);

    if (status == IMGRW_OK && nodes[1] != IRW_NO_NODE)
        of = irw_reader_find(reader, nodes[1], "kbld.carvel.dev/id");
    if (status == IMGRW_OK)
        status = irw_reader_string(reader, of, "kbld.carvel.dev/id", &id);
    if (status != IMGRW_OK)
        return status;
    if (id)
        return add_exact(config, node, id, image);
    irw_reader_warn(reader, node,
                    "without an annotation kbld.carvel.dev/id it does not say "
                    "which image %s stands for", image);
    return IMGRW_OK;
}

enum imgrw_status
irw_config_images_lock(struct irw_config *config, uint32_t root)
{
    return irw_config_member_list(config, root, "images", read_locked_image);
}
