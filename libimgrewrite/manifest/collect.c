#include "manifest/collect.h"
#include "base/str.h"
#include "manifest/classify.h"
#include "manifest/ignore.h"
#include "manifest/locate.h"
#include "manifest/warnings.h"
#include "yaml/scalar.h"

enum imgrw_class
irw_collected_class(const struct irw_image_walk *walk,
                    enum imgrw_class image_class)
{
    return walk->nesting > 0 ? walk->embedder : image_class;
}

bool
irw_is_wanted(const struct irw_image_walk *walk, enum imgrw_class image_class)
{
    return walk->search->find &
           IMGRW_FIND(irw_collected_class(walk, image_class));
}

/* Counts an image whose class was not asked for. What is reached through an
 * alias was counted at its anchor. */
static void
add_unselected(struct irw_image_walk *walk, const struct irw_found_image *found)
{
    struct irw_findings *findings = walk->findings;
    struct imgrw_reference reference;
    void *items = findings->offs;
    const char *copy;

    if (found->is_override_name || found->reason != IMGRW_REASON_NONE ||
        walk->way.alias != 0 ||
        irw_classify_text(found->text, &reference) != IMGRW_REASON_NONE)
        return;
    copy = irw_arena_copy(&findings->lasting, found->text);
    if (!copy || !irw_grow(&items, &findings->off_capacity,
                           findings->off_count + 1, sizeof(*findings->offs))) {
        walk->failed = true;
        return;
    }
    findings->offs = items;
    findings->offs[findings->off_count++] = (struct irw_off){
        irw_collected_class(walk, found->image_class),
        {copy, found->text.size},
    };
}

/* What a tag makes of a text is not looked at, so no rule may speak of it. */
static void
warn_of_tag(struct irw_image_walk *walk, const struct irw_site *site)
{
    if (site->part_count == 1 &&
        irw_scalar_is_tagged(walk->tree, site->parts[0].node))
        irw_warn_at(walk, site->image.at.offset,
                      "the tag of this image makes it something else than its "
                      "text; it is not changed");
}

/* The resource in the text itself that has the one with this number, in a value
 * or by being it. */
static const struct imgrw_resource *
outermost_resource(const struct irw_findings *findings, size_t number)
{
    const struct imgrw_resource *resource = &findings->resources.items[number];

    while (resource->outer != SIZE_MAX)
        resource = &findings->resources.items[resource->outer];
    return resource;
}

static void
describe_site(struct irw_image_walk *walk, const struct irw_found_image *found,
              struct irw_site *site, size_t resource)
{
    const struct imgrw_resource *outermost =
        outermost_resource(walk->findings, resource);
    const struct irw_tree *tree = walk->tree;
    uint32_t first = irw_tree_follow(tree, found->parts[0].node);

    site->image = (struct imgrw_image){
        .text = found->text,
        .image_class = irw_collected_class(walk, found->image_class),
        .api_version = outermost->api_version,
        .kind = outermost->kind,
        .name = outermost->name,
        .namespace_ = outermost->namespace_,
        .document = walk->document,
        .field = irw_node_path_format(found->path, walk->findings->arena),
        .reason = found->reason,
        .ignored = irw_is_ignored(walk, found->parts[0].node),
        .is_override_name = found->is_override_name,
        .resource = resource,
    };
    walk->failed |= !site->image.field.data;
    if (found->reason == IMGRW_REASON_NONE)
        site->image.reason =
            found->part_count == 1 && irw_is_whole(tree, found->parts)
                ? irw_classify_scalar(tree, first, &site->image.reference)
                : irw_classify_text(found->text, &site->image.reference);
    irw_locate_site(walk, site);
    warn_of_tag(walk, site);
}

static void
add_site(struct irw_image_walk *walk, const struct irw_found_image *found)
{
    struct irw_findings *findings = walk->findings;
    size_t resource = irw_number_resource(walk);
    size_t size = found->part_count * sizeof(*found->parts);
    struct irw_part *parts = irw_arena_alloc(findings->arena, size);
    struct irw_site *site;

    if (resource == SIZE_MAX || !parts ||
        !irw_grow(&findings->sites, &findings->site_capacity,
                  findings->site_count + 1, sizeof(*findings->sites))) {
        walk->failed = true;
        return;
    }
    memcpy(parts, found->parts, size);
    site = &findings->sites[findings->site_count];
    *site = (struct irw_site){
        .parts = parts,
        .part_count = found->part_count,
        .holder = walk->holder,
        .order = findings->site_count++,
        .anchor = UINT32_MAX,
    };
    describe_site(walk, found, site, resource);
}

/* A node belongs to the first image that claims it: an image that is reached
 * through several aliases counts once. Each time is remembered, though, because
 * what reaches the node otherwise shares its text (sharing.h). */
bool
irw_collect(struct irw_image_walk *walk, const struct irw_found_image *found)
{
    struct irw_node *nodes = walk->tree->nodes;
    bool claimed = false;

    if (!irw_is_wanted(walk, found->image_class)) {
        add_unselected(walk, found);
        return false;
    }
    for (size_t i = 0; i < found->part_count; i++)
        if (!found->parts[i].fixed) {
            irw_remember_use(walk, found->parts[i].node);
            claimed |= nodes[found->parts[i].node].claimed;
        }
    if (claimed && !found->continues)
        return false;
    for (size_t i = 0; i < found->part_count; i++)
        nodes[found->parts[i].node].claimed |= !found->parts[i].fixed;
    add_site(walk, found);
    return true;
}

bool
irw_collect_range(struct irw_image_walk *walk, uint32_t node,
                  struct irw_byte_range bytes, enum imgrw_class image_class,
                  const struct irw_node_path *path)
{
    const struct irw_part part = {
        .node = node,
        .from = (uint32_t)bytes.start,
        .to = (uint32_t)bytes.end,
    };

    return irw_collect(walk, &(struct irw_found_image){
        .path = path,
        .image_class = image_class,
        .text = irw_slice(irw_tree_text(walk->tree, node), bytes.start,
                          bytes.end),
        .parts = &part,
        .part_count = 1,
    });
}

void
irw_collect_scalar(struct irw_image_walk *walk, uint32_t node,
                   enum imgrw_class image_class,
                   const struct irw_node_path *path)
{
    imgrw_str text = irw_tree_text(walk->tree, node);

    irw_collect_range(walk, node, (struct irw_byte_range){0, text.size},
                      image_class, path);
}
