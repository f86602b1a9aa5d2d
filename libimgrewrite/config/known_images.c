/*
 * What is known of images: entries of `knownImages:`, as rules files and KOTS
 * have them, and JSON lines.
 */
#include "config/known_images.h"

/* Reads {image, isPrivate}; `required` are the keys that must be there. */
static enum imgrw_status
read_known(struct irw_config *config, uint32_t node, unsigned required)
{
    static const char *const keys[] = {"image", "isPrivate"};
    const struct irw_key_set set =
        IRW_KEY_SET("an entry of knownImages", keys, required);
    struct irw_reader *reader = config->reader;
    uint32_t nodes[2];
    const char *image;
    bool is_private = false;
    enum imgrw_status status =
        irw_reader_strings(reader, node, &set, nodes, &image, 1);

    if (status == IMGRW_OK && nodes[1] != IRW_NO_NODE)
        status = irw_reader_bool(reader, nodes[1], "isPrivate", &is_private);
    if (status != IMGRW_OK)
        return status;
    return irw_config_place(
        config, nodes[0],
        imgrw_rules_set_access(config->rules, imgrw_str_from(image),
                               is_private ? IMGRW_ACCESS_PRIVATE
                                          : IMGRW_ACCESS_PUBLIC,
                               reader->error));
}

enum imgrw_status
irw_config_known_image(struct irw_config *config, uint32_t node)
{
    return read_known(config, node, 1u << 0 | 1u << 1);
}

/* An image of KOTS, which writes nothing where it is public. */
static enum imgrw_status
read_kots_image(struct irw_config *config, uint32_t node)
{
    return read_known(config, node, 1u << 0);
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

/* A line with an outcome; its other members are not looked at. */
static enum imgrw_status
read_outcome(struct irw_config *config, uint32_t root, uint32_t ref)
{
    struct irw_reader *reader = config->reader;
    uint32_t node = irw_reader_find(reader, root, "outcome");
    const char *image = NULL, *outcome = NULL;
    enum imgrw_status status = irw_reader_string(reader, ref, "ref", &image);

    if (status == IMGRW_OK)
        status = irw_reader_string(reader, node, "outcome", &outcome);
    if (status != IMGRW_OK)
        return status;
    if (!image || !outcome)
        return irw_reader_fail(reader, root,
                               "a line about an image needs \"ref\" and "
                               "\"outcome\"");
    return irw_config_place(
        config, ref,
        imgrw_rules_set_access(config->rules, imgrw_str_from(image),
                               access_of(outcome), reader->error));
}

enum imgrw_status
irw_config_known_line(struct irw_config *config, uint32_t root)
{
    uint32_t ref = irw_reader_find(config->reader, root, "ref");

    return ref == IRW_NO_NODE ? irw_config_known_image(config, root)
                              : read_outcome(config, root, ref);
}

bool
irw_is_known_line(const struct irw_reader *reader, uint32_t mapping)
{
    return (irw_reader_find(reader, mapping, "ref") != IRW_NO_NODE &&
            irw_reader_find(reader, mapping, "outcome") != IRW_NO_NODE) ||
           (irw_reader_find(reader, mapping, "image") != IRW_NO_NODE &&
            irw_reader_find(reader, mapping, "isPrivate") != IRW_NO_NODE);
}
