#include "manifest/collect.h"
#include "base/str.h"
#include "manifest/classify.h"
#include "manifest/locate.h"
#include "manifest/reference_parts.h"
#include "manifest/warnings.h"
#include "yaml/scalar.h"

/* The comment that has the images of its line ignored. */
#define MARK "imgrewrite:ignore"

enum imgrw_class
irw_collected_class(const struct irw_image_walk *walk,
                    enum imgrw_class image_class)
{
    return walk->embedder == IRW_CLASSES || image_class == IMGRW_CLASS_CHARTS
               ? image_class
               : walk->embedder;
}

bool
irw_is_wanted(const struct irw_image_walk *walk, enum imgrw_class image_class)
{
    return walk->search->find &
           IMGRW_FIND(irw_collected_class(walk, image_class));
}

/* Whether a part is not the image's alone, so that it is not claimed. */
static bool
is_of_others(const struct irw_part *part)
{
    return part->fixed || part->common;
}

/* Whether nothing has taken the image before, neither asked for nor not; then
 * it is counted from here on. */
static bool
is_new(struct irw_image_walk *walk, const struct irw_found_image *found)
{
    struct irw_node *nodes = walk->tree->nodes;
    bool known = false;

    for (size_t i = 0; i < found->part_count; i++) {
        struct irw_node *node = &nodes[found->parts[i].node];

        if (is_of_others(&found->parts[i]))
            continue;
        known |= node->claimed || node->counted;
        node->counted = true;
    }
    return !known || found->continues;
}

/* Counts an image whose class was not asked for. What is reached through an
 * alias was counted at its anchor. */
static void
add_unselected(struct irw_image_walk *walk, const struct irw_found_image *found,
               imgrw_str text)
{
    struct irw_findings *findings = walk->findings;
    struct irw_unselected image = {
        .image_class = irw_collected_class(walk, found->image_class),
    };
    struct imgrw_reference reference;

    if (found->is_override_name || found->reason != IMGRW_REASON_NONE ||
        walk->way.alias != 0 ||
        !irw_is_reference(text, &reference) ||
        !is_new(walk, found))
        return;
    image.text =
        (imgrw_str){irw_arena_copy(&findings->lasting, text), text.size};
    walk->failed |=
        !image.text.data || !IRW_APPEND(&findings->unselected, image);
}

/* Nothing here reads what a tag makes of a text, so no rule may change it. */
static void
warn_of_tag(struct irw_image_walk *walk, const struct irw_site *site)
{
    if (site->part_count == 1 &&
        irw_scalar_is_tagged(walk->tree, site->parts[0].node))
        walk->failed |= !irw_warn(
            walk->findings, site->image.at.offset,
            "the tag of this image makes it something else than its text; it "
            "is not changed");
}

/* Whether a scalar of the tree, from `node` on, has the byte at `offset`. */
static bool
is_in_scalar(const struct irw_tree *tree, uint32_t node, size_t offset)
{
    while (node < tree->count && tree->nodes[node].start <= offset) {
        if (tree->nodes[node].type == IRW_NODE_SCALAR &&
            tree->nodes[node].end > offset)
            return true;
        node++;
    }
    return false;
}

/* Whether a comment `# imgrewrite:ignore` ends the line after `node`, which
 * ends at `end`. */
static bool
ends_with_mark(const struct irw_tree *tree, uint32_t node, size_t end)
{
    imgrw_str rest = irw_slice(tree->text, tree->nodes[node].end, end);
    const char *mark =
        rest.size > 0 ? memmem(rest.data, rest.size, MARK, strlen(MARK)) : NULL;
    size_t at, after;

    if (!mark)
        return false;
    at = (size_t)(mark - rest.data);
    after = at + strlen(MARK);
    while (at > 0 && strchr(" \t", rest.data[at - 1]))
        at--;
    return at >= 2 && rest.data[at - 1] == '#' &&
           strchr(" \t", rest.data[at - 2]) &&
           (after == rest.size || strchr(" \t\r", rest.data[after])) &&
           !is_in_scalar(tree, node + 1,
                         (size_t)(rest.data - tree->text.data) + at - 1);
}

/* The same, with the answer kept for the other images of the line. */
static bool
is_line_ignored(const struct irw_tree *tree, uint32_t node,
                struct irw_line *line)
{
    size_t from = tree->nodes[node].end, feed;

    if (tree->nodes[node].style >= IRW_STYLE_LITERAL)
        return false;
    if (line->text == tree->text.data && line->from <= from &&
        from <= line->end)
        return line->ignored;
    feed = irw_find(irw_slice(tree->text, from, tree->text.size), '\n');
    *line = (struct irw_line){
        .text = tree->text.data,
        .from = from,
        .end = feed == SIZE_MAX ? tree->text.size : from + feed,
    };
    line->ignored = ends_with_mark(tree, node, line->end);
    return line->ignored;
}

bool
irw_is_ignored(struct irw_image_walk *walk, uint32_t node)
{
    uint32_t document = walk->document;
    const struct irw_tree *tree = walk->tree;

    for (unsigned nesting = walk->nesting;; nesting--) {
        const struct irw_embedded *embedded;

        if (is_line_ignored(tree, node, &walk->lines[nesting]))
            return true;
        if (document == IRW_ROOT_DOCUMENT)
            return false;
        embedded = &walk->findings->embedded[document];
        node = embedded->node;
        document = embedded->outer;
        tree = irw_findings_tree(walk->findings, walk->root_tree, document);
    }
}

const struct imgrw_resource *
irw_outermost_resource(const struct irw_findings *findings, size_t number)
{
    const struct imgrw_resource *resource = &findings->resources.items[number];

    while (resource->outer != SIZE_MAX)
        resource = &findings->resources.items[resource->outer];
    return resource;
}

/* Why the site is no image. A registry that is filled in later is not known,
 * and so is what is pulled from it. */
static enum imgrw_reason
reason_of(const struct irw_image_walk *walk,
          const struct irw_found_image *found, struct imgrw_image *image)
{
    const struct irw_tree *tree = walk->tree;
    struct imgrw_reference reference;

    if (found->reason == IMGRW_REASON_BASE &&
        irw_classify_text(image->text, &reference) == IMGRW_REASON_PLACEHOLDER)
        return IMGRW_REASON_PLACEHOLDER;
    if (found->reason != IMGRW_REASON_NONE)
        return found->reason;
    if (found->part_count == 1 && irw_is_whole(tree, found->parts))
        return irw_classify_scalar(
            tree, irw_tree_follow(tree, found->parts[0].node),
            &image->reference);
    return irw_classify_text(image->text, &image->reference);
}

static void
describe_site(struct irw_image_walk *walk, const struct irw_found_image *found,
              struct irw_site *site)
{
    const struct imgrw_resource *outermost =
        irw_outermost_resource(walk->findings, walk->resource.number);

    site->image = (struct imgrw_image){
        .text = site->image.text,
        .image_class = irw_collected_class(walk, found->image_class),
        .api_version = outermost->api_version,
        .kind = outermost->kind,
        .name = outermost->name,
        .namespace_ = outermost->namespace_,
        .document = walk->document_number,
        .field = irw_node_path_format(found->path, walk->findings->arena),
        .ignored = irw_is_ignored(walk, found->parts[0].node),
        .is_override_name = found->is_override_name,
        .resource = walk->resource.number,
    };
    walk->failed |= !site->image.field.data;
    site->image.reason = reason_of(walk, found, &site->image);
    for (size_t i = 0; i < site->part_count; i++)
        if (site->parts[i].common)
            site->common_offset = irw_text_offset(walk, site->parts[i].node);
    irw_locate_site(walk, site);
    warn_of_tag(walk, site);
}

static void
add_site(struct irw_image_walk *walk, const struct irw_found_image *found,
         imgrw_str text)
{
    struct irw_findings *findings = walk->findings;
    size_t size = found->part_count * sizeof(*found->parts);
    struct irw_part *parts = irw_arena_alloc(findings->arena, size);
    struct irw_site *site;

    if (found->parts->role != IRW_ROLE_WHOLE) /* it was put together */
        text.data = irw_arena_copy(findings->arena, text);
    if (irw_number_resource(walk) == SIZE_MAX || !parts ||
        (!text.data && text.size > 0) ||
        !irw_grow(&findings->sites, &findings->site_capacity,
                  findings->site_count + 1, sizeof(*findings->sites))) {
        walk->failed = true;
        return;
    }
    memcpy(parts, found->parts, size);
    site = &findings->sites[findings->site_count];
    *site = (struct irw_site){
        .image.text = text,
        .parts = parts,
        .part_count = found->part_count,
        .document = walk->document,
        .order = findings->site_count++,
        .anchor = UINT32_MAX,
        .asked = found->asked,
    };
    describe_site(walk, found, site);
}

/* What the image says: bytes of the tree or, put together, of the buffer. */
static imgrw_str
text_of(const struct irw_image_walk *walk, const struct irw_found_image *found,
        char buffer[IRW_JOINED_MAX])
{
    struct irw_parts parts =
        irw_parts_read(walk->tree, found->parts, found->part_count);

    return found->parts->role == IRW_ROLE_WHOLE ? parts.at[IRW_ROLE_WHOLE]
                                                : irw_join(&parts, buffer);
}

/* A node belongs to the first image that claims it: an image that is reached
 * through several aliases counts once. Each time is remembered, though, because
 * what reaches the node otherwise shares its text (sharing.h). */
bool
irw_collect(struct irw_image_walk *walk, const struct irw_found_image *found)
{
    struct irw_node *nodes = walk->tree->nodes;
    char buffer[IRW_JOINED_MAX];
    imgrw_str text = text_of(walk, found, buffer);
    bool claimed = false;

    if (text.size == 0 && found->parts->role != IRW_ROLE_WHOLE)
        return false;
    if (!irw_is_wanted(walk, found->image_class)) {
        add_unselected(walk, found, text);
        return false;
    }
    for (size_t i = 0; i < found->part_count; i++)
        if (!is_of_others(&found->parts[i])) {
            irw_remember_use(walk, found->parts[i].node);
            claimed |= nodes[found->parts[i].node].claimed;
        }
    if (claimed && !found->continues)
        return false;
    for (size_t i = 0; i < found->part_count; i++)
        nodes[found->parts[i].node].claimed |=
            !is_of_others(&found->parts[i]);
    add_site(walk, found, text);
    return true;
}

struct irw_part
irw_rest_of(const struct irw_image_walk *walk, uint32_t node, size_t from)
{
    return (struct irw_part){
        .node = node,
        .from = (uint32_t)from,
        .to = (uint32_t)irw_tree_text(walk->tree, node).size,
    };
}

struct irw_part
irw_trimmed(const struct irw_image_walk *walk, struct irw_part part)
{
    static const char blanks[] = " \t\r\n";
    imgrw_str text = irw_tree_text(walk->tree, part.node);

    while (part.to > part.from && strchr(blanks, text.data[part.to - 1]))
        part.to--;
    while (part.from < part.to && strchr(blanks, text.data[part.from]))
        part.from++;
    return part;
}

void
irw_collect_part(struct irw_image_walk *walk, struct irw_part part,
                 enum imgrw_class image_class, const struct irw_node_path *path)
{
    irw_collect(walk, &(struct irw_found_image){
        .path = path,
        .image_class = image_class,
        .parts = &part,
        .part_count = 1,
    });
}
