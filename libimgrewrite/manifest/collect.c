/*
 * Taking note of what the shapes find.
 */
#include "base/str.h"
#include "manifest/finder.h"
#include "manifest/classify.h"
#include "yaml/scalar.h"

#include <stdarg.h>
#include <stdio.h>

#define MARK "imgrewrite:ignore"

void
irw_finder_warn(struct irw_finder *finder, size_t offset, const char *format,
                ...)
{
    struct irw_findings *findings = finder->findings;
    struct imgrw_location at =
        irw_source_locate(findings->source, &findings->cursor, offset);
    char message[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    if (!irw_warnings_add(findings, at, "%s", message))
        finder->failed = true;
}

enum imgrw_class
irw_finder_class(const struct irw_finder *finder, enum imgrw_class image_class)
{
    return finder->nesting > 0 ? finder->embedder : image_class;
}

bool
irw_finder_wants(const struct irw_finder *finder, enum imgrw_class image_class)
{
    return finder->search->find &
           IMGRW_FIND(irw_finder_class(finder, image_class));
}

bool
irw_findings_climb(const struct irw_findings *findings,
                   const struct irw_tree *outermost, uint32_t holder,
                   size_t *start, size_t *end)
{
    while (holder != IRW_ROOT_DOCUMENT) {
        const struct irw_embedded *inner = &findings->embedded[holder];
        const struct irw_tree *outer =
            inner->outer == IRW_ROOT_DOCUMENT
                ? outermost
                : &findings->embedded[inner->outer].tree;

        if (!irw_source_map_find(&inner->spelling, outer->text, *start, *end,
                                 start, end))
            return false;
        holder = inner->outer;
    }
    return true;
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

/* Whether a comment `# imgrewrite:ignore` ends the line behind `node`, which
 * ends at `end`. */
static bool
ends_with_mark(const struct irw_tree *tree, uint32_t node, size_t end)
{
    imgrw_str rest = irw_slice(tree->text, tree->nodes[node].end, end);
    const char *mark =
        rest.size > 0 ? memmem(rest.data, rest.size, MARK, strlen(MARK)) : NULL;
    size_t at, behind;

    if (!mark)
        return false;
    at = (size_t)(mark - rest.data);
    behind = at + strlen(MARK);
    while (at > 0 && strchr(" \t", rest.data[at - 1]))
        at--;
    return at >= 2 && rest.data[at - 1] == '#' &&
           strchr(" \t", rest.data[at - 2]) &&
           (behind == rest.size || strchr(" \t\r", rest.data[behind])) &&
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

/* The same for a node of the tree in work or a scalar around that tree. */
static bool
is_ignored(struct irw_finder *finder, uint32_t node)
{
    const struct irw_findings *findings = finder->findings;
    const struct irw_tree *tree = finder->tree;
    uint32_t holder = finder->holder;
    unsigned nesting = finder->nesting;

    while (!is_line_ignored(tree, node, &finder->lines[nesting])) {
        if (holder == IRW_ROOT_DOCUMENT)
            return false;
        node = findings->embedded[holder].node;
        holder = findings->embedded[holder].outer;
        tree = holder == IRW_ROOT_DOCUMENT ? finder->outermost
                                           : &findings->embedded[holder].tree;
        nesting--;
    }
    return true;
}

/* Whether the part is all of a scalar's value. */
static bool
is_whole(const struct irw_tree *tree, const struct irw_part *part)
{
    imgrw_str value =
        irw_tree_value(tree, irw_tree_follow(tree, part->node));

    return part->from == 0 && part->to == value.size;
}

/* Where the part is written in its own tree's text: the whole scalar, or, where
 * the scalar holds more, the bytes that are the part's own. */
static bool
find_part(struct irw_finder *finder, const struct irw_part *part, size_t *start,
          size_t *end)
{
    const struct irw_tree *tree = finder->tree;
    const struct irw_node *node = &tree->nodes[part->node];
    const struct irw_value_edit edit = {part->node, part->from, part->to, {0}};
    struct irw_byte_range range;

    *start = node->start;
    *end = node->end;
    if (is_whole(tree, part) || node->type == IRW_NODE_ALIAS)
        return true;
    if (irw_source_map_look(tree, &edit, &finder->memo,
                            finder->findings->arena, &range,
                            NULL) != IMGRW_OK)
        finder->failed = true;
    if (range.end == 0)
        return false;
    *start = range.start;
    *end = range.end;
    return true;
}

/* The outermost scalar in which the tree in work is embedded. */
static const struct irw_node *
outermost_scalar(const struct irw_finder *finder)
{
    const struct irw_embedded *embedded =
        &finder->findings->embedded[finder->holder];

    while (embedded->outer != IRW_ROOT_DOCUMENT)
        embedded = &finder->findings->embedded[embedded->outer];
    return &finder->outermost->nodes[embedded->node];
}

/* Sets where the image is in the text, and whether it can be changed there. */
static void
locate(struct irw_finder *finder, struct irw_site *site)
{
    struct imgrw_image *image = &site->image;
    bool exact = true;
    size_t start = 0, end = 0;

    for (size_t i = site->part_count; i-- > 0;)
        exact &= site->parts[i].fixed ||
                 (find_part(finder, &site->parts[i], &start, &end) &&
                  irw_findings_climb(finder->findings, finder->outermost,
                                     finder->holder, &start, &end));
    if (!exact && finder->holder != IRW_ROOT_DOCUMENT) {
        start = outermost_scalar(finder)->start;
        end = outermost_scalar(finder)->end;
    }
    image->at.offset = start;
    image->length = end - start;
    if (exact || image->reason != IMGRW_REASON_NONE)
        return;
    image->reason = IMGRW_REASON_INEXACT;
    irw_finder_warn(finder, start,
                    "the image \"%.*s\" is spelled with escapes or over "
                    "several lines here; it is not changed",
                    IRW_PRINT(image->text));
}

static void
add_off(struct irw_finder *finder, enum imgrw_class image_class, imgrw_str text)
{
    struct irw_findings *findings = finder->findings;
    struct imgrw_reference reference;
    void *items = findings->offs;
    const char *copy;

    if (finder->blessed || finder->alias != 0 ||
        irw_classify_text(text, &reference) != IMGRW_REASON_NONE)
        return;
    copy = irw_arena_copy(&findings->lasting, text);
    if (!copy || !irw_grow(&items, &findings->off_capacity,
                           findings->off_count + 1, sizeof(*findings->offs))) {
        finder->failed = true;
        return;
    }
    findings->offs = items;
    findings->offs[findings->off_count++] =
        (struct irw_off){image_class, {copy, text.size}};
}

/* What a tag makes of a text is not looked at, so no rule may speak of it. */
static void
warn_of_tag(struct irw_finder *finder, const struct irw_site *site)
{
    if (site->part_count == 1 &&
        irw_scalar_is_tagged(finder->tree, site->parts[0].node))
        irw_finder_warn(finder, site->image.at.offset,
                        "the tag of this image makes it something else than "
                        "its text; it is not changed");
}

static void
describe_site(struct irw_finder *finder, const struct irw_found_image *note,
              struct irw_site *site)
{
    const struct irw_resource *resource = &finder->resource;
    const struct irw_tree *tree = finder->tree;
    uint32_t first = irw_tree_follow(tree, note->parts[0].node);

    site->image = (struct imgrw_image){
        .text = note->text,
        .image_class = irw_finder_class(finder, note->image_class),
        .api_version = resource->api_version,
        .kind = resource->kind,
        .name = resource->name,
        .name_space = resource->name_space,
        .document = finder->document,
        .field = irw_node_path_format(note->trail, finder->findings->arena),
        .reason = note->reason,
        .ignored = is_ignored(finder, note->parts[0].node),
        .matches = note->matches,
    };
    finder->failed |= !site->image.field.data;
    if (note->reason == IMGRW_REASON_NONE)
        site->image.reason =
            note->part_count == 1 && is_whole(tree, note->parts)
                ? irw_classify_scalar(tree, first, &site->image.reference)
                : irw_classify_text(note->text, &site->image.reference);
    locate(finder, site);
    warn_of_tag(finder, site);
}

static void
add_site(struct irw_finder *finder, const struct irw_found_image *note)
{
    struct irw_findings *findings = finder->findings;
    size_t size = note->part_count * sizeof(*note->parts);
    void *items = findings->sites;
    struct irw_site *site;

    if (!irw_grow(&items, &findings->site_capacity, findings->site_count + 1,
                  sizeof(*findings->sites))) {
        finder->failed = true;
        return;
    }
    findings->sites = items;
    site = &findings->sites[findings->site_count];
    *site = (struct irw_site){
        .parts = irw_arena_alloc(findings->arena, size),
        .part_count = note->part_count,
        .holder = finder->holder,
        .order = findings->site_count,
        .anchor = UINT32_MAX,
    };
    if (!site->parts) {
        finder->failed = true;
        return;
    }
    memcpy(site->parts, note->parts, size);
    findings->site_count++;
    describe_site(finder, note, site);
}

bool
irw_collect(struct irw_finder *finder, const struct irw_found_image *note)
{
    struct irw_tree *tree = finder->tree;

    if (!irw_finder_wants(finder, note->image_class)) {
        if (!note->matches && note->reason == IMGRW_REASON_NONE)
            add_off(finder, irw_finder_class(finder, note->image_class),
                    note->text);
        return false;
    }
    for (size_t i = 0; i < note->part_count; i++) {
        uint32_t node = note->parts[i].node;

        if (note->parts[i].fixed)
            continue;
        if (finder->blessed)
            finder->blessed[node] = finder->alias + 1;
        else if (tree->nodes[node].marked && !note->continues)
            return false;
    }
    if (finder->blessed)
        return true;
    for (size_t i = 0; i < note->part_count; i++)
        tree->nodes[note->parts[i].node].marked |= !note->parts[i].fixed;
    add_site(finder, note);
    return true;
}

void
irw_collect_scalar(struct irw_finder *finder, uint32_t node,
                   enum imgrw_class image_class,
                   const struct irw_node_path *trail)
{
    imgrw_str text =
        irw_tree_value(finder->tree, irw_tree_follow(finder->tree, node));
    const struct irw_part part = {
        .node = node,
        .to = (uint32_t)text.size,
    };
    const struct irw_found_image note = {
        .trail = trail,
        .image_class = image_class,
        .text = text,
        .parts = &part,
        .part_count = 1,
    };

    irw_collect(finder, &note);
}
