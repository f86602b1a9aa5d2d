/*
 * Names of images that Argo CD's image updater looks after. Each may follow an
 * alias, ALIAS=NAME, and precede what versions are wanted, NAME:~1.2, which is
 * no tag, so that only the name is the image.
 */
#include "manifest/shapes/names.h"
#include "manifest/classify.h"
#include "manifest/collect.h"
#include "manifest/shapes/shapes.h"

/* The part of a word that is the name. What follows a colon may have a `=` as
 * well. */
static struct irw_part
name_of(imgrw_str text, struct irw_part word)
{
    imgrw_str whole = irw_slice(text, word.from, word.to);
    size_t equals = irw_find(whole, '='), at;

    if (equals < irw_find(whole, ':') ||
        (equals != SIZE_MAX && irw_find(whole, ':') == SIZE_MAX))
        word.from += (uint32_t)equals + 1;
    for (at = word.to; at > word.from && text.data[at - 1] != '/'; at--)
        if (text.data[at - 1] == ':')
            word.to = (uint32_t)at - 1;
    return word;
}

void
irw_shape_names(struct irw_image_walk *walk, uint32_t node,
                const struct irw_place *place, const struct irw_node_path *path)
{
    imgrw_str text = irw_tree_text(walk->tree, node);
    struct imgrw_reference reference;
    bool continues = false;

    for (size_t at = 0, end; at < text.size; at = end + 1) {
        struct irw_part part = {.node = node, .from = (uint32_t)at};

        for (end = at; end < text.size && !strchr(", \t\r\n", text.data[end]);)
            end++;
        part.to = (uint32_t)end;
        part = name_of(text, part);
        if (irw_classify_text(irw_slice(text, part.from, part.to),
                              &reference) == IMGRW_REASON_NONE)
            continues |= irw_collect(walk, &(struct irw_found_image){
                .path = path,
                .image_class = place->image_class,
                .parts = &part,
                .part_count = 1,
                .continues = continues,
            });
    }
}

/* The name of an image in a kustomization, which may be a mere alias there. */
void
irw_shape_alias(struct irw_image_walk *walk, uint32_t node,
                const struct irw_place *place, const struct irw_node_path *path)
{
    if (irw_find(irw_tree_text(walk->tree, node), '/') != SIZE_MAX)
        irw_shape_names(walk, node, place, path);
}

/* What the names of the updater's annotations begin with. */
#define UPDATER IRW_STR("argocd-image-updater.argoproj.io/")

bool
irw_is_updater_key(imgrw_str key)
{
    return irw_starts_with(key, UPDATER);
}

/* Annotations of the updater have aliases in their names. */
void
irw_shape_updater(struct irw_image_walk *walk, uint32_t node,
                  const struct irw_place *place,
                  const struct irw_node_path *path)
{
    imgrw_str name;

    if (!irw_is_updater_key(path->key))
        return;
    name = irw_slice(path->key, UPDATER.size, path->key.size);
    if (irw_equal(name, IRW_STR("image-list")))
        irw_shape_names(walk, node, place, path);
    else if (irw_ends_with(name, IRW_STR(".kustomize.image-name")))
        irw_shape_alias(walk, node, place, path);
}
