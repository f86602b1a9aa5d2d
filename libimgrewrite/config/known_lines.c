/*
 * What is known of images, as JSON lines: {"image": ..., "isPrivate": ...} or,
 * as who asks registries writes it, {"ref": ..., "outcome": ...}.
 */
#include "base/error.h"
#include "base/str.h"
#include "config/reader.h"
#include "config/lines.h"

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
    uint32_t node = irw_config_find(config, root, "outcome");
    const char *image = NULL, *outcome = NULL;
    enum imgrw_status status = irw_config_string(config, ref, "ref", &image);

    if (status == IMGRW_OK)
        status = irw_config_string(config, node, "outcome", &outcome);
    if (status != IMGRW_OK)
        return status;
    if (!image || !outcome)
        return irw_config_fail(config, root, "a line about an image needs "
                                             "\"ref\" and \"outcome\"");
    return irw_config_place(
        config, ref,
        imgrw_rules_add_known(config->rules, image, access_of(outcome),
                              config->error));
}

enum imgrw_status
irw_config_known_line(struct irw_config *config, uint32_t root)
{
    uint32_t ref = irw_config_find(config, root, "ref");

    return ref == IRW_NO_NODE ? irw_config_known(config, root)
                              : read_outcome(config, root, ref);
}

static imgrw_str
trim(imgrw_str line)
{
    while (line.size > 0 && strchr(" \t\r\n", line.data[line.size - 1]))
        line.size--;
    while (line.size > 0 && irw_is_white(line.data[0]))
        line = irw_slice(line, 1, line.size);
    return line;
}

bool
irw_config_next_line(imgrw_str text, size_t *from, imgrw_str *line)
{
    while (*from < text.size) {
        size_t end = irw_line_end(text, *from);

        *line = trim(irw_slice(text, *from, end));
        *from = end;
        if (line->size > 0)
            return true;
    }
    return false;
}

bool
irw_config_is_lines(imgrw_str text, size_t start)
{
    imgrw_str line;
    size_t from = start;
    int objects = 0;

    while (objects < 2 && irw_config_next_line(text, &from, &line)) {
        if (line.data[0] != '{' || line.data[line.size - 1] != '}')
            return false;
        objects++;
    }
    return objects == 2;
}
