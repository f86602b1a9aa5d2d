/*
 * The arguments of a container: `--flag=IMAGE`, `--flag` and then IMAGE, and
 * NAME=IMAGE.
 */
#include "base/str.h"
#include "manifest/classify.h"
#include "manifest/collect.h"
#include "manifest/pushed.h"
#include "manifest/shapes/shapes.h"
#include "manifest/shapes/words.h"

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
    return irw_compare(*(const imgrw_str *)key,
                       irw_str(*(const char *const *)item));
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

/* Takes what a flag says, which is the part. */
static void
take_flag(struct irw_image_walk *walk, imgrw_str flag, struct irw_part part,
          const struct irw_place *place, const struct irw_node_path *path)
{
    imgrw_str text = irw_tree_text(walk->tree, part.node);
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference reference;

    if (!is_known(flag) && irw_mentions_image(flag) &&
        !irw_is_pushed(walk, flag))
        irw_collect_words(walk, part, place->image_class, path);
    else if (is_known(flag) &&
             irw_may_be_reference(irw_slice(text, part.from, part.to),
                                  &buffer, &reference))
        irw_collect_part(walk, part, place->image_class, path);
}

/* Whether a text is the name of a variable, and not that of a script. */
static bool
is_name(imgrw_str text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!irw_is_alnum(text.data[i]) && !strchr("_-.", text.data[i]))
            return false;
    return text.size > 0;
}

/* Takes an argument that is no flag: an image after NAME=, as `make` and others
 * take variables. */
static void
take_assignment(struct irw_image_walk *walk, uint32_t node,
                const struct irw_place *place, const struct irw_node_path *path)
{
    imgrw_str name, value;

    if (irw_cut(irw_tree_text(walk->tree, node), '=', &name, &value) &&
        is_name(name) && !irw_is_pushed(walk, name) &&
        irw_is_image_variable(name, value))
        irw_collect_part(walk, irw_rest_of(walk, node, name.size + 1),
                         place->image_class, path);
}

/* An argument, after a flag that waits for its value, or after none. Returns
 * the flag for which the next argument is the value. */
static imgrw_str
take_argument(struct irw_image_walk *walk, uint32_t node, imgrw_str waiting,
              const struct irw_place *place, const struct irw_node_path *path)
{
    imgrw_str text = irw_tree_text(walk->tree, node);
    imgrw_str flag = flag_name(text);
    size_t equals = irw_find(text, '=');

    if (flag.size > 0 && equals == SIZE_MAX)
        return flag;
    if (flag.size > 0)
        take_flag(walk, flag, irw_rest_of(walk, node, equals + 1), place, path);
    else if (waiting.size > 0)
        take_flag(walk, waiting, irw_rest_of(walk, node, 0), place, path);
    if (flag.size == 0)
        take_assignment(walk, node, place, path);
    return (imgrw_str){0};
}

/* The argument that a JSON patch sets, whatever flag may be before it. */
static void
take_patched(struct irw_image_walk *walk, uint32_t node,
             const struct irw_place *place, const struct irw_node_path *path)
{
    if (irw_is_image_variable((imgrw_str){0},
                              irw_tree_text(walk->tree, node)))
        irw_collect_part(walk, irw_rest_of(walk, node, 0), place->image_class,
                         path);
    else
        take_argument(walk, node, (imgrw_str){0}, place, path);
}

void
irw_shape_arguments(struct irw_image_walk *walk, uint32_t node,
                    const struct irw_place *place,
                    const struct irw_node_path *path)
{
    struct irw_items items = irw_items(walk->tree, node);
    struct irw_node_path step = {.outer = path};
    imgrw_str waiting = {0};
    uint32_t item;

    if (path && path->patched.data && irw_is_scalar(walk->tree, node))
        take_patched(walk, node, place, path);
    while (irw_items_next(&items, &item, &step.index))
        if (irw_is_scalar(walk->tree, item))
            waiting = take_argument(walk, item, waiting, place, &step);
}
