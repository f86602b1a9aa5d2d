/*
 * The arguments of a container: `--flag=IMAGE`, or `--flag` and then IMAGE.
 */
#include "base/str.h"
#include "manifest/finder.h"
#include "manifest/classify.h"

#include <stdlib.h>

/* The flags that take an image, whatever it looks like; sorted. */
static const char *const flags[] = {
#define IRW_ARGUMENT(name) name,
#include "catalog/arguments.def"
#undef IRW_ARGUMENT
};

static int
compare_flag(const void *key, const void *item)
{
    const imgrw_str *flag = key;
    imgrw_str known = irw_str(*(const char *const *)item);
    size_t size = flag->size < known.size ? flag->size : known.size;
    int order = memcmp(flag->data, known.data, size);

    return order != 0 ? order
                      : (flag->size > known.size) - (flag->size < known.size);
}

static bool
is_known(imgrw_str flag)
{
    return bsearch(&flag, flags, sizeof(flags) / sizeof(flags[0]),
                   sizeof(flags[0]), compare_flag);
}

/* The name of the flag that begins an argument, without its dashes; empty for
 * what is no flag. */
static imgrw_str
flag_name(imgrw_str argument)
{
    size_t dashes = 0, end;

    while (dashes < 2 && dashes < argument.size &&
           argument.data[dashes] == '-')
        dashes++;
    if (dashes == 0)
        return (imgrw_str){0};
    end = irw_find(argument, '=');
    return irw_slice(argument, dashes, end == SIZE_MAX ? argument.size : end);
}

/* Whether `value` behind this flag is an image. */
static bool
takes_image(imgrw_str flag, imgrw_str value)
{
    struct imgrw_reference reference;

    if (flag.size == 0)
        return false;
    if (is_known(flag))
        return irw_classify_text(value, &reference) == IMGRW_REASON_NONE;
    return irw_mentions_image(flag) && irw_is_certain_reference(value);
}

static void
note_argument(struct irw_finder *finder, uint32_t node, size_t from,
              const struct irw_place *place, const struct irw_node_path *trail)
{
    imgrw_str text =
        irw_tree_value(finder->tree, irw_tree_follow(finder->tree, node));
    const struct irw_part part = {
        .node = node,
        .from = (uint32_t)from,
        .to = (uint32_t)text.size,
    };
    const struct irw_found_image note = {
        .trail = trail,
        .image_class = place->image_class,
        .text = irw_slice(text, from, text.size),
        .parts = &part,
        .part_count = 1,
    };

    irw_collect(finder, &note);
}

/* An argument, behind a flag that waits for its value, or behind none. Returns
 * the flag for which the next argument is the value. */
static imgrw_str
take_argument(struct irw_finder *finder, uint32_t node, imgrw_str waiting,
              const struct irw_place *place, const struct irw_node_path *trail)
{
    imgrw_str text =
        irw_tree_value(finder->tree, irw_tree_follow(finder->tree, node));
    imgrw_str flag = flag_name(text);
    size_t equals = irw_find(text, '=');

    if (flag.size == 0) {
        if (takes_image(waiting, text))
            note_argument(finder, node, 0, place, trail);
        return (imgrw_str){0};
    }
    if (equals == SIZE_MAX)
        return flag;
    if (takes_image(flag, irw_slice(text, equals + 1, text.size)))
        note_argument(finder, node, equals + 1, place, trail);
    return (imgrw_str){0};
}

void
irw_shape_arguments(struct irw_finder *finder, uint32_t node,
                    const struct irw_place *place,
                    const struct irw_node_path *trail)
{
    const struct irw_tree *tree = finder->tree;
    struct irw_node_path step = {.outer = trail};
    imgrw_str waiting = {0};

    if (tree->nodes[node].type != IRW_NODE_SEQUENCE)
        return;
    for (uint32_t item = node + 1; item < tree->nodes[node].next;
         item = tree->nodes[item].next) {
        uint32_t target = irw_tree_follow(tree, item);

        if (tree->nodes[target].type == IRW_NODE_SCALAR)
            waiting = take_argument(finder, item, waiting, place, &step);
        step.index++;
    }
}
