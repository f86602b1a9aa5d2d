#include "manifest/possible.h"

#include "base/str.h"
#include "manifest/classify.h"
#include "manifest/collect.h"
#include "manifest/fieldspec.h"
#include "manifest/file_kind.h"
#include "manifest/likely.h"
#include "manifest/locate.h"
#include "manifest/mentions.h"
#include "manifest/pointer_clue.h"
#include "manifest/pushed.h"
#include "manifest/script.h"

#include <stdlib.h>

#define DEEPEST_LIST 8 /* lists of lists of resources */

/* A search through one resource. */
struct scan {
    struct irw_image_walk *walk;
    struct irw_resource head; /* as the caller is told of it */
    const struct irw_node_path *top; /* that leads to the resource in its
                                        document; NULL: it is the document */
    bool kept;                       /* the strings of `head` outlive it */
    bool of_api; /* its fields are all known, but for what users say in them */
};

static bool
keep_head(struct scan *scan)
{
    struct irw_arena *arena = &scan->walk->findings->lasting;
    struct irw_resource *head = &scan->head;

    if (!scan->kept)
        scan->kept = irw_arena_keep(arena, &head->api_version) &&
                       irw_arena_keep(arena, &head->kind) &&
                       irw_arena_keep(arena, &head->name) &&
                       irw_arena_keep(arena, &head->name_space);
    return scan->kept;
}

/* The field that has the part found: none does in a document in a scalar. */
static imgrw_str
name_place(const struct scan *scan, struct irw_part part,
           const struct irw_node_path *path)
{
    struct irw_image_walk *walk = scan->walk;

    return walk->document == IRW_ROOT_DOCUMENT &&
                   irw_is_whole(walk->tree, &part)
               ? irw_fieldspec(&scan->head, path, scan->top,
                               &walk->findings->lasting)
               : IRW_STR("");
}

/* Tells of the part, to which the path leads. */
static void
tell(struct scan *scan, struct irw_part part,
     const struct irw_node_path *path)
{
    struct irw_image_walk *walk = scan->walk;
    struct irw_findings *findings = walk->findings;
    struct imgrw_image image = {
        .text = irw_slice(irw_tree_text(walk->tree, part.node), part.from,
                          part.to),
        .image_class = (enum imgrw_class)IMGRW_CLASS_COUNT,
        .document = walk->document_number,
        .resource = SIZE_MAX,
    };

    walk->tree->nodes[irw_tree_follow(walk->tree, part.node)].passed = true;
    if (irw_is_ignored(walk, part.node))
        return;
    irw_locate_parts(walk, &part, 1, &image);
    image.field = irw_node_path_format(path, &findings->lasting);
    image.fieldspec = name_place(scan, part, path);
    if (!keep_head(scan) || !image.field.data || !image.fieldspec.data ||
        !irw_arena_keep(&findings->lasting, &image.text)) {
        walk->failed = true;
        return;
    }
    image.reason = irw_classify_text(image.text, &image.reference);
    image.api_version = scan->head.api_version;
    image.kind = scan->head.kind;
    image.name = scan->head.name;
    image.namespace_ = scan->head.name_space;
    walk->failed |= !IRW_APPEND(&findings->possible, image);
}

/* Tells of the images in the lines of a value. */
static void
look_at_lines(struct scan *scan, uint32_t node,
              const struct irw_node_path *path)
{
    imgrw_str text = irw_tree_text(scan->walk->tree, node);
    struct irw_script script = {.text = text};
    struct irw_script_word word;

    scan->walk->tree->nodes[irw_tree_follow(scan->walk->tree, node)]
        .passed = true;
    if (!irw_resembles_reference(text))
        return;
    while (irw_script_next(&script, &word)) {
        struct irw_part part = {
            .node = node,
            .from = (uint32_t)word.from,
            .to = (uint32_t)word.to,
        };

        if (!irw_is_passed_over(word.name) &&
            irw_is_possible(irw_slice(text, word.from, word.to),
                            (struct irw_clue){.name = word.name}) &&
            irw_script_line_counts(&script))
            tell(scan, part, path);
    }
}

/* The name in NAME=VALUE or --NAME=VALUE, with the byte after it in `*from`;
 * empty for what is neither. */
static imgrw_str
assigned_name(imgrw_str text, uint32_t *from)
{
    size_t equals = irw_find(text, '='), start = 0;

    if (equals == SIZE_MAX)
        return (imgrw_str){0};
    while (start < equals && text.data[start] == '-')
        start++;
    for (size_t i = start; i < equals; i++)
        if (!irw_is_alnum(text.data[i]) && !strchr("_-.", text.data[i]))
            return (imgrw_str){0};
    *from = (uint32_t)equals + 1;
    return irw_slice(text, start, equals);
}

/* Whether something has taken the scalar, or looked at it. */
static bool
is_taken(const struct irw_tree *tree, uint32_t node)
{
    const struct irw_node *held = &tree->nodes[irw_tree_follow(tree, node)];

    return tree->nodes[node].claimed || tree->nodes[node].counted ||
           held->claimed || held->counted || held->passed;
}

/* Whether a flag or a variable of this name says where an image is pushed. `-t`
 * is the tag of what is built. */
static bool
is_pushed(struct irw_image_walk *walk, imgrw_str name)
{
    return irw_is_pushed(walk, name) || irw_is_passed_over(name) ||
           irw_is_pushed_by_line(walk, name) ||
           (irw_equal(name, IRW_STR("t")) && irw_resource_pushes(walk));
}

/* Whether users have a say in what stands under the key, or in a list under it:
 * in a variable, an argument, an annotation, in data. `outer` is the key of the
 * mapping around. */
static bool
is_open_key(imgrw_str key, imgrw_str outer)
{
    return irw_equal(key, IRW_STR("value")) || irw_is_command_key(key) ||
           irw_equal(outer, IRW_STR("annotations")) ||
           irw_equal(outer, IRW_STR("data")) ||
           irw_equal(outer, IRW_STR("stringData"));
}

static bool
is_open(const struct irw_node_path *path)
{
    if (path && !path->key.data)
        path = path->outer;
    return !path || !path->key.data ||
           is_open_key(path->key,
                       path->outer ? path->outer->key : (imgrw_str){0});
}

/* Takes the part after a name that is assigned to, or two of them, as in
 * --build-arg=NAME=VALUE, or after docker://; false where that says that an
 * image is pushed. */
static bool
take_name(struct scan *scan, imgrw_str text, struct irw_part *part,
          struct irw_clue *clue)
{
    static const imgrw_str scheme = {"docker://", 9};
    bool pulled = true;

    for (int i = 0; i < 2 && pulled; i++) {
        uint32_t from = 0;
        imgrw_str name = assigned_name(
            irw_slice(text, part->from, part->to), &from);

        if (name.size == 0)
            break;
        part->from += from;
        clue->name = name;
        pulled = !is_pushed(scan->walk, name);
    }
    if (irw_starts_with(irw_slice(text, part->from, part->to), scheme))
        part->from += (uint32_t)scheme.size;
    return pulled;
}

/* Whether a program or a shell reads what stands there: an argument, a command,
 * the value of a variable. */
static bool
is_command(const struct irw_node_path *path)
{
    if (path && !path->key.data)
        path = path->outer;
    return path && (irw_is_command_key(path->key) ||
                    irw_equal(path->key, IRW_STR("value")));
}

/* Whether a value, of which the text is all but the blanks at its ends, is read
 * word by word: it has several lines, or several words in a line or in a
 * command, is written in JSON, or is of a ConfigMap, whose values are files. */
static bool
is_script(const struct scan *scan, imgrw_str value, imgrw_str text,
          const struct irw_node_path *path)
{
    bool has_words = irw_find(text, ' ') != SIZE_MAX;

    return irw_find(text, '\n') != SIZE_MAX ||
           (has_words &&
            (irw_find(value, '\n') != SIZE_MAX || is_command(path))) ||
           (text.size > 0 && strchr("{[", text.data[0])) ||
           irw_equal(scan->head.kind, IRW_STR("ConfigMap"));
}

/* Looks at a scalar or an alias of one. */
static void
look_at_value(struct scan *scan, uint32_t node, struct irw_clue clue,
              const struct irw_node_path *path)
{
    struct irw_image_walk *walk = scan->walk;
    imgrw_str text = irw_tree_text(walk->tree, node);
    struct irw_part part = irw_trimmed(walk, irw_rest_of(walk, node, 0));

    if (!irw_resembles_reference(text) || is_taken(walk->tree, node))
        return;
    if (is_script(scan, text, irw_slice(text, part.from, part.to), path))
        look_at_lines(scan, node, path);
    else if ((!scan->of_api || is_open(path)) &&
             take_name(scan, text, &part, &clue) &&
             irw_is_possible(irw_slice(text, part.from, part.to), clue))
        tell(scan, part, path);
}

/* The name of the flag that an item of a list is, whose value comes next;
 * empty for what is none. */
static imgrw_str
flag_of(const struct irw_tree *tree, uint32_t item)
{
    imgrw_str text = irw_tree_text(tree, item);
    size_t dashes = 0;

    while (dashes < text.size && text.data[dashes] == '-')
        dashes++;
    return dashes == 0 || irw_find(text, '=') != SIZE_MAX
               ? (imgrw_str){0}
               : irw_slice(text, dashes, text.size);
}

static void look(struct scan *scan, uint32_t node, struct irw_clue clue,
                 const struct irw_node_path *path);

static void
look_at_items(struct scan *scan, uint32_t node, struct irw_clue clue,
              const struct irw_node_path *path)
{
    const struct irw_tree *tree = scan->walk->tree;
    struct irw_items items = irw_items(tree, node);
    struct irw_node_path step = {.outer = path};
    imgrw_str flag = {0};
    uint32_t item;

    while (irw_items_next(&items, &item, &step.index)) {
        struct irw_clue inner = clue;

        if (flag.size > 0)
            inner.name = flag;
        if (flag.size == 0 || !is_pushed(scan->walk, flag))
            look(scan, item, inner, &step);
        flag = flag_of(tree, item);
    }
}

/* Whether an operation of a JSON patch sets what only the API has a say in, or
 * nothing: a value that it ignores. A mapping may have more than that. */
static bool
is_closed(const struct scan *scan, uint32_t operation, uint32_t value)
{
    const struct irw_tree *tree = scan->walk->tree;
    uint32_t op = irw_own_scalar(tree, operation, IRW_STR("op"));
    uint32_t path = irw_own_scalar(tree, operation, IRW_STR("path"));
    imgrw_str rest, key = {0}, outer = {0}, token;

    if (op == IRW_NO_NODE || path == IRW_NO_NODE)
        return false;
    if (irw_equal(irw_tree_text(tree, op), IRW_STR("remove")))
        return true;
    if (!scan->of_api || tree->nodes[irw_tree_follow(tree, value)].type ==
                             IRW_NODE_MAPPING)
        return false;
    for (rest = irw_tree_text(tree, path); rest.size > 0;) {
        irw_cut(rest, '/', &token, &rest);
        if (irw_is_position(token))
            continue;
        outer = key;
        key = token;
    }
    return !is_open_key(key, outer);
}

/* What a mapping calls its `value`: {name: NAME, value: VALUE} for a variable,
 * {op: add, path: PATH, value: VALUE} for an operation. */
static imgrw_str
name_of_value(const struct irw_tree *tree, uint32_t mapping)
{
    uint32_t name = irw_own_scalar(tree, mapping, IRW_STR("name"));
    uint32_t path = irw_own_scalar(tree, mapping, IRW_STR("path"));

    if (path != IRW_NO_NODE &&
        irw_own_scalar(tree, mapping, IRW_STR("op")) != IRW_NO_NODE)
        return irw_pointer_clue(irw_tree_text(tree, path));
    return name == IRW_NO_NODE ? (imgrw_str){0} : irw_tree_text(tree, name);
}

/* Whether the step is in a parameter of a task, which may be one that builds an
 * image. */
static bool
is_of_task(const struct irw_node_path *step)
{
    const struct irw_node_path *item = step->outer;

    return item && item->outer && item->outer->key.data &&
           irw_equal(item->outer->key, IRW_STR("params"));
}

/* Looks at the value of an entry; `step` is the step of its key. */
static void
look_at_entry(struct scan *scan, imgrw_str name_of_value, uint32_t value,
              struct irw_clue clue, const struct irw_node_path *step)
{
    bool has_name = name_of_value.size > 0 &&
                    (irw_equal(step->key, IRW_STR("value")) ||
                     irw_equal(step->key, IRW_STR("default")));
    struct irw_clue inner = irw_clue_below(clue, step->key);

    if (irw_is_passed_over(step->key) ||
        (irw_equal(step->key, IRW_STR("value")) &&
         is_closed(scan, step->map, value)) ||
        (has_name && (is_pushed(scan->walk, name_of_value) ||
                      (is_of_task(step) && irw_is_any_image(name_of_value)))))
        return;
    if (has_name)
        inner.name = name_of_value;
    look(scan, value, inner, step);
}

static void
look_at_entries(struct scan *scan, uint32_t node, struct irw_clue clue,
                const struct irw_node_path *path)
{
    const struct irw_tree *tree = scan->walk->tree;
    struct irw_entries entries = irw_entries(tree, node);
    struct irw_node_path step = {.outer = path, .map = node};
    imgrw_str name = name_of_value(tree, node);
    uint32_t kind = irw_own_scalar(tree, node, IRW_STR("kind"));
    uint32_t key, value;

    if (kind != IRW_NO_NODE &&
        irw_only_mentions((imgrw_str){0}, irw_tree_text(tree, kind)))
        return;
    while (!scan->walk->failed && irw_entries_next(&entries, &key, &value)) {
        step.key = irw_is_scalar(tree, key) ? irw_tree_text(tree, key)
                                            : IRW_STR("?");
        if (!step.key.data)
            step.key.data = "";
        look_at_entry(scan, name, value, clue, &step);
    }
}

/* Looks at a node and all that is written below it. What an alias repeats is
 * looked at where its anchor is, unless it is a scalar, which has another key
 * there. */
static void
look(struct scan *scan, uint32_t node, struct irw_clue clue,
     const struct irw_node_path *path)
{
    const struct irw_tree *tree = scan->walk->tree;

    if (irw_is_scalar(tree, node))
        look_at_value(scan, node, clue, path);
    else if (tree->nodes[node].type == IRW_NODE_SEQUENCE)
        look_at_items(scan, node, clue, path);
    else if (tree->nodes[node].type == IRW_NODE_MAPPING)
        look_at_entries(scan, node, clue, path);
}

/* Whether some scalar below the node, which nothing has taken, may be a
 * reference. What is said of an alias that was taken is said of its anchor. */
static bool
is_worthwhile(struct irw_tree *tree, uint32_t root)
{
    bool worthwhile = false;

    for (uint32_t i = root; i < tree->nodes[root].next; i++) {
        const struct irw_node *node = &tree->nodes[i];

        if (node->type == IRW_NODE_ALIAS && node->claimed)
            tree->nodes[node->link].passed = true;
        else if (!worthwhile && node->type == IRW_NODE_SCALAR &&
                 !node->claimed && !node->passed)
            worthwhile = irw_resembles_reference(irw_tree_value(tree, i));
        if (worthwhile && !tree->indirect)
            break;
    }
    return worthwhile;
}

static void look_at_resource(struct irw_image_walk *walk, uint32_t node,
                             const struct irw_resource *head,
                             const struct irw_node_path *path, int depth);

static void
look_at_resources(struct irw_image_walk *walk, uint32_t list,
                  const struct irw_node_path *path, int depth)
{
    struct irw_items items = irw_items(walk->tree, list);
    struct irw_node_path step = {.outer = path};
    uint32_t item;

    while (!walk->failed && irw_items_next(&items, &item, &step.index)) {
        struct irw_budget budget = irw_budget_again();
        struct irw_resource head = irw_resource_read(walk->tree, item, &budget);

        look_at_resource(walk, item, &head, &step, depth + 1);
    }
}

/* Looks at a resource, at the items of a list of them, or at whatever else a
 * document may be. */
static void
look_at_resource(struct irw_image_walk *walk, uint32_t node,
                 const struct irw_resource *head,
                 const struct irw_node_path *path, int depth)
{
    const struct irw_tree *tree = walk->tree;
    struct irw_budget budget = irw_budget_again();
    struct scan scan = {.walk = walk, .top = path, .head = *head};
    struct irw_node_path items = {
        .outer = path,
        .key = IRW_STR("items"),
        .map = node,
    };
    imgrw_str kind;
    uint32_t list;

    list = irw_resource_items(tree, node, &scan.head, &kind, &budget);
    scan.of_api = irw_is_of_api(scan.head.api_version, scan.head.kind);
    walk->resource =
        (struct irw_walked_resource){scan.head, node, SIZE_MAX};
    if (list != IRW_NO_NODE && depth < DEEPEST_LIST)
        look_at_resources(walk, list, &items, depth);
    else if (tree->nodes[node].type == IRW_NODE_SEQUENCE && depth == 0)
        look_at_resources(walk, node, path, depth);
    else if (!irw_only_mentions(scan.head.api_version, scan.head.kind) &&
             !irw_is_test_suite(tree, node))
        look(&scan, node, (struct irw_clue){.inside = false}, path);
}

void
irw_possible_find(struct irw_image_walk *walk, uint32_t root)
{
    const struct irw_patched *patched = walk->search->patched;
    struct irw_budget budget = irw_budget_again();
    struct irw_resource head;

    walk->memo = (struct irw_source_map_memo){0};
    memset(walk->lines, 0, sizeof(walk->lines));
    irw_pushing_reset(&walk->pushing);
    /* most documents have nothing of the kind */
    if (!is_worthwhile(walk->tree, root) ||
        (patched && irw_target_only_mentions(&patched->target)))
        return;
    head = irw_resource_read(walk->tree, root, &budget);
    if (!irw_only_mentions(head.api_version, head.kind))
        look_at_resource(walk, root, &head, NULL, 0);
}

/* Begins a search in a document in a scalar, or in its text; false where the
 * resource that has it, or the scalar, only mentions images. */
static bool
begin_inside(struct scan *scan, const struct irw_embedded *embedded)
{
    const struct imgrw_resource *outermost =
        irw_outermost_resource(scan->walk->findings, embedded->resource);

    scan->head = (struct irw_resource){
        .api_version = outermost->api_version,
        .kind = outermost->kind,
        .name = outermost->name,
        .name_space = outermost->namespace_,
    };
    scan->top = embedded->path;
    return !irw_only_mentions(outermost->api_version, outermost->kind) &&
           !(embedded->path && embedded->path->key.data &&
             irw_is_passed_over(embedded->path->key));
}

void
irw_possible_find_inside(struct irw_image_walk *walk, uint32_t root,
                         const struct irw_embedded *embedded)
{
    const struct irw_patched *patched = embedded->patched;
    struct scan scan = {.walk = walk};
    struct irw_budget budget = irw_budget_again();
    struct irw_resource inner;

    if (irw_is_scalar(walk->tree, root) || !is_worthwhile(walk->tree, root) ||
        !begin_inside(&scan, embedded))
        return;
    inner = irw_resource_read(walk->tree, root, &budget);
    scan.of_api = irw_is_of_api(inner.api_version, inner.kind) ||
                  (patched && irw_target_is_of_api(&patched->target));
    walk->resource = (struct irw_walked_resource){inner, root, SIZE_MAX};
    if (!irw_only_mentions(inner.api_version, inner.kind) &&
        !(patched && irw_target_only_mentions(&patched->target)))
        look(&scan, root, (struct irw_clue){.inside = false},
             embedded->path);
}

void
irw_possible_find_text(struct irw_image_walk *walk,
                       const struct irw_embedded *embedded)
{
    struct scan scan = {.walk = walk};
    struct irw_clue clue = {.inside = false};

    if (embedded->path && embedded->path->key.data)
        clue = irw_clue_below(clue, embedded->path->key);
    if (begin_inside(&scan, embedded))
        look_at_value(&scan, embedded->node, clue, embedded->path);
}

static int
by_offset(const void *one, const void *other)
{
    const struct imgrw_image *a = one, *b = other;

    if (a->at.offset != b->at.offset)
        return a->at.offset > b->at.offset ? 1 : -1;
    return irw_compare(a->field, b->field);
}

void
irw_possible_order(struct irw_findings *findings, size_t first)
{
    struct imgrw_image *images = findings->possible.items;
    size_t count = findings->possible.count;

    if (count == first)
        return;
    qsort(images + first, count - first, sizeof(*images), by_offset);
    for (size_t i = first; i < count; i++)
        images[i].at =
            irw_source_locate(findings->source, &findings->cursor,
                              images[i].at.offset);
}
