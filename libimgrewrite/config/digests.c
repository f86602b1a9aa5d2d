#include "config/digests.h"
#include "base/error.h"
#include "base/str.h"

#include <inttypes.h>
#include <stdio.h>

#define DOCKER IRW_STR("docker://")

/* Adds a rule that gives an image a digest; one that has a digest keeps it. */
static enum imgrw_status
add_digest(struct irw_reader *reader, uint32_t node, imgrw_str image,
           imgrw_str digest)
{
    size_t size = image.size + 1 + digest.size;
    char *pinned;

    if (irw_find(image, '@') != SIZE_MAX)
        return IMGRW_OK;
    pinned = irw_arena_alloc(reader->arena, size + 1);
    if (!pinned)
        return irw_fail_memory(reader->error);
    snprintf(pinned, size + 1, "%.*s@%.*s", (int)image.size, image.data,
             (int)digest.size, digest.data);
    return irw_reader_place(
        reader, node,
        imgrw_rules_add_exact(reader->rules, image, (imgrw_str){pinned, size},
                              reader->error));
}

/* Pins an image of a chart to its one digest. The lock has a digest for each
 * platform; a manifest would need the one of the index above them. */
static enum imgrw_status
pin(struct irw_reader *reader, uint32_t node, const char *image,
    uint32_t digests)
{
    struct irw_member items[] = {IRW_REQUIRED("digest"), IRW_ANY("arch")};
    struct irw_items list;
    uint32_t item, index, count = 0;
    enum imgrw_status status = IMGRW_OK;

    if (irw_reader_is_null(reader, digests) ||
        reader->tree.nodes[digests].type != IRW_NODE_SEQUENCE)
        return irw_reader_fail(reader, digests, "digests has to be a list");
    list = irw_items(&reader->tree, digests);
    while (status == IMGRW_OK && irw_items_next(&list, &item, &index)) {
        status = irw_reader_members(reader,
                                    irw_tree_follow(&reader->tree, item),
                                    &IRW_MEMBERS("an entry of digests", items));
        count++;
    }
    if (status != IMGRW_OK)
        return status;
    if (count == 1)
        return add_digest(reader, node, irw_str(image),
                          irw_str(items[0].string));
    if (count == 0)
        irw_reader_warn(reader, digests, "%s has no digest", image);
    else
        irw_reader_warn(reader, digests,
                        "%s has %" PRIu32 " digests, one for each platform, "
                        "and a manifest has one for all; it is not taken",
                        image, count);
    return IMGRW_OK;
}

static enum imgrw_status
read_chart_image(struct irw_reader *reader, uint32_t node)
{
    enum { IMAGE, DIGESTS, NAME, CHART };
    struct irw_member items[] = {IRW_REQUIRED("image"), IRW_ANY("digests"),
                                 IRW_ANY("name"), IRW_ANY("chart")};
    enum imgrw_status status =
        irw_reader_members(reader, node,
                           &IRW_MEMBERS("an image of a lock", items));

    if (status != IMGRW_OK)
        return status;
    if (items[DIGESTS].value == IRW_NO_NODE)
        return irw_reader_fail(reader, node,
                               "an image of a lock needs \"digests\"");
    return pin(reader, node, items[IMAGE].string, items[DIGESTS].value);
}

enum imgrw_status
irw_config_chart_lock(struct irw_reader *reader, uint32_t root)
{
    return irw_reader_member_list(reader, root, "images", read_chart_image);
}

enum imgrw_status
irw_config_digest_line(struct irw_reader *reader, uint32_t root)
{
    imgrw_str line = irw_tree_value(&reader->tree, root), digest, image;

    irw_cut(line, ' ', &digest, &image);
    if (!irw_starts_with(image, DOCKER)) {
        irw_reader_warn(reader, root,
                        "\"%.*s\" is in no registry, and is not taken",
                        IRW_PRINT(image));
        return IMGRW_OK;
    }
    return add_digest(reader, root,
                      irw_slice(image, DOCKER.size, image.size), digest);
}

bool
irw_is_digest_line(imgrw_str line)
{
    imgrw_str digest, image, algorithm, digits, transport, rest;

    if (!irw_cut(line, ' ', &digest, &image) ||
        !irw_cut(digest, ':', &algorithm, &digits) ||
        !irw_cut(image, ':', &transport, &rest) || digits.size == 0 ||
        transport.size == 0 || rest.size == 0 ||
        irw_find(image, ' ') != SIZE_MAX)
        return false;
    for (size_t i = 0; i < digits.size; i++)
        if (!irw_is_digit(digits.data[i]) &&
            !(digits.data[i] >= 'a' && digits.data[i] <= 'f'))
            return false;
    return irw_equal(algorithm, IRW_STR("sha256")) ||
           irw_equal(algorithm, IRW_STR("sha512"));
}
