/*
 * What is known of images: entries of `knownImages:`, as rules files and KOTS
 * have them, and JSON lines.
 */
#include "config/known_images.h"

static enum imgrw_status
set_access(struct irw_config *config, uint32_t node, const char *image,
           enum imgrw_access access)
{
    return irw_config_place(config, node,
                            imgrw_rules_set_access(config->rules,
                                                   imgrw_str_from(image),
                                                   access,
                                                   config->reader->error));
}

/* Reads {image, isPrivate}, of which the second may not be required; an image
 * of which it says nothing is public. */
static enum imgrw_status
read_known(struct irw_config *config, uint32_t node, bool required)
{
    struct irw_member items[] = {IRW_REQUIRED("image"), IRW_ANY("isPrivate")};
    const struct irw_tree *tree = &config->reader->tree;
    uint32_t given;
    imgrw_str word = IRW_STR("false");
    enum imgrw_status status;

    items[1].required = required;
    status = irw_reader_members(config->reader, node,
                                &IRW_MEMBERS("an entry of knownImages", items));
    if (status != IMGRW_OK)
        return status;
    given = items[1].value;
    if (given != IRW_NO_NODE)
        word = tree->nodes[given].style == IRW_STYLE_PLAIN
                   ? irw_tree_value(tree, given)
                   : IRW_STR("");
    if (!irw_equal(word, IRW_STR("true")) && !irw_equal(word, IRW_STR("false")))
        return irw_reader_fail(config->reader, given,
                               "isPrivate has to be true or false");
    return set_access(config, items[0].value, items[0].string,
                      word.size == 4 ? IMGRW_ACCESS_PRIVATE
                                     : IMGRW_ACCESS_PUBLIC);
}

enum imgrw_status
irw_config_known_image(struct irw_config *config, uint32_t node)
{
    return read_known(config, node, true);
}

/* An image of KOTS, which writes nothing where it is public. */
static enum imgrw_status
read_kots_image(struct irw_config *config, uint32_t node)
{
    return read_known(config, node, false);
}

enum imgrw_status
irw_config_installation(struct irw_config *config, uint32_t root)
{
    uint32_t spec = irw_reader_find(config->reader, root, "spec");

    if (spec == IRW_NO_NODE)
        return irw_reader_fail(config->reader, root,
                               "an Installation needs \"spec\"");
    return irw_config_member_list(config, spec, "knownImages",
                                  read_kots_image);
}

/* What an answer of a registry says of an image. `absent` and troubles on the
 * way say nothing. */
static enum imgrw_access
access_of(const char *outcome)
{
    if (strcmp(outcome, "public") == 0)
        return IMGRW_ACCESS_PUBLIC;
    if (strcmp(outcome, "denied") == 0 || strcmp(outcome, "pullable") == 0)
        return IMGRW_ACCESS_PRIVATE;
    return IMGRW_ACCESS_UNKNOWN;
}

/* A line with an outcome; its other members do not matter. */
static enum imgrw_status
read_outcome(struct irw_config *config, uint32_t root)
{
    struct irw_member items[] = {IRW_STRING("ref"), IRW_STRING("outcome")};
    struct irw_members members = IRW_MEMBERS("a line", items);
    enum imgrw_status status;

    members.open = true;
    status = irw_reader_members(config->reader, root, &members);
    if (status != IMGRW_OK)
        return status;
    if (!items[0].string || !items[1].string)
        return irw_reader_fail(config->reader, root,
                               "a line about an image needs \"ref\" and "
                               "\"outcome\"");
    return set_access(config, items[0].value, items[0].string,
                      access_of(items[1].string));
}

enum imgrw_status
irw_config_known_line(struct irw_config *config, uint32_t root)
{
    return irw_reader_find(config->reader, root, "ref") == IRW_NO_NODE
               ? irw_config_known_image(config, root)
               : read_outcome(config, root);
}

static bool
has_both(const struct irw_reader *reader, uint32_t mapping, const char *one,
         const char *other)
{
    return irw_reader_find(reader, mapping, one) != IRW_NO_NODE &&
           irw_reader_find(reader, mapping, other) != IRW_NO_NODE;
}

bool
irw_is_known_line(const struct irw_reader *reader, uint32_t mapping)
{
    return has_both(reader, mapping, "ref", "outcome") ||
           has_both(reader, mapping, "image", "isPrivate");
}
