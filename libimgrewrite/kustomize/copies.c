#include "kustomize/copies.h"
#include "base/str.h"

static uint32_t
find(struct irw_copy_reading *reading, uint32_t mapping, const char *key)
{
    return mapping == IRW_NO_NODE
               ? IRW_NO_NODE
               : irw_mapping_find(reading->tree, mapping, irw_str(key),
                                  reading->budget);
}

static imgrw_str
find_text(struct irw_copy_reading *reading, uint32_t mapping, const char *key)
{
    uint32_t node = find(reading, mapping, key);

    return node == IRW_NO_NODE ? (imgrw_str){0}
                               : irw_tree_text(reading->tree, node);
}

static struct imgrw_location
locate(struct irw_copy_reading *reading, uint32_t node)
{
    return irw_source_locate(reading->source, reading->cursor,
                             reading->tree->nodes[node].start);
}

static bool
is_one_of(imgrw_str text, const char *const words[])
{
    for (size_t i = 0; words[i]; i++)
        if (irw_equal(text, irw_str(words[i])))
            return true;
    return false;
}

/* The last key of a path such as `spec.containers.[name=web].image`, before
 * which it ends afterwards. Positions are passed over. */
static imgrw_str
take_key(imgrw_str *path)
{
    imgrw_str key = {0};

    while (path->size > 0) {
        const char *dot;
        size_t open = irw_find(*path, '[');
        bool selects = irw_ends_with(*path, IRW_STR("]"));

        /* there may be dots in brackets */
        if (selects && open != SIZE_MAX) {
            const char *last = memrchr(path->data, '[', path->size);

            *path = irw_slice(*path, 0, (size_t)(last - path->data));
        } else {
            dot = memrchr(path->data, '.', path->size);
            key = irw_slice(*path, dot ? (size_t)(dot - path->data) + 1 : 0,
                            path->size);
            *path = irw_slice(*path, 0,
                              path->size - key.size - (dot ? 1 : 0));
        }
        if (key.size > 0 && key.data[0] != '*' && key.data[0] != '-' &&
            !(key.data[0] >= '0' && key.data[0] <= '9'))
            return key;
    }
    return (imgrw_str){0};
}

/* What a field may hold, by its path. */
static enum irw_copied_field
judge_path(imgrw_str path, bool *exact)
{
    static const char *const lists[] = {"containers", "initContainers",
                                        "ephemeralContainers", NULL};
    static const char *const around[] = {"containers", "initContainers",
                                         "ephemeralContainers", "image",
                                         "template", "spec", NULL};
    static const char *const texts[] = {"env", "args", "command", NULL};
    static const char *const known[] = {
        "name", "namespace", "labels", "selector", "matchLabels", "port",
        "ports", "targetPort", "nodePort", "containerPort", "replicas", "host",
        "hosts", "hostname", "serviceName", "secretName", "kind", "metadata",
        "dnsNames", "uid", "group", NULL};
    imgrw_str last = take_key(&path), key = take_key(&path);
    bool text = is_one_of(last, texts);

    *exact = irw_equal(last, IRW_STR("image")) && is_one_of(key, lists);
    if (is_one_of(last, around) || irw_equal(key, IRW_STR("image")))
        return IRW_COPIED_IMAGE;
    for (; key.size > 0 && !text; key = take_key(&path))
        text = is_one_of(key, texts);
    if (text && !irw_equal(last, IRW_STR("name")))
        return IRW_COPIED_TEXT;
    return is_one_of(last, known) ? IRW_COPIED_OTHER : IRW_COPIED_ANY;
}

/* Reads one end: a selector, and the path of a field in what it selects. */
static struct irw_copy_end
read_end(struct irw_copy_reading *reading, uint32_t select, uint32_t options,
         imgrw_str path)
{
    imgrw_str index;
    struct irw_copy_end end = {
        .kind = find_text(reading, select, "kind"),
        .name = find_text(reading, select, "name"),
        .path = path,
        .delimiter = find_text(reading, options, "delimiter"),
    };

    end.field = judge_path(path.size > 0 ? path : IRW_STR("metadata.name"),
                           &end.exact);
    index = find_text(reading, options, "index");
    end.first_part = index.size == 0 || irw_equal(index, IRW_STR("0"));
    end.exact &= end.delimiter.size == 0;
    return end;
}

/* Adds the copies from one field to those of a target. */
static bool
add_target(struct irw_copy_reading *reading, uint32_t target,
           struct irw_copy copy)
{
    uint32_t paths = find(reading, target, "fieldPaths"), path, index;
    uint32_t select = find(reading, target, "select");
    uint32_t options = find(reading, target, "options");
    struct irw_items items;

    if (paths == IRW_NO_NODE)
        return true; /* metadata.name */
    items = irw_items(reading->tree, paths);
    while (irw_items_next(&items, &path, &index)) {
        copy.to = read_end(reading, select, options,
                           irw_tree_text(reading->tree, path));
        if (!IRW_APPEND(reading->copies, copy))
            return false;
    }
    return true;
}

static bool
add_replacement(struct irw_copy_reading *reading, uint32_t replacement)
{
    const struct irw_tree *tree = reading->tree;
    uint32_t held = irw_tree_follow(tree, replacement);
    uint32_t source = find(reading, held, "source"), target, index;
    uint32_t targets = find(reading, held, "targets");
    struct irw_copy copy = {
        .from = read_end(reading, source, find(reading, source, "options"),
                         find_text(reading, source, "fieldPath")),
        .at = locate(reading, replacement),
    };
    struct irw_items items;

    if (source == IRW_NO_NODE)
        copy.from.field = IRW_COPIED_ANY;
    if (find(reading, held, "path") != IRW_NO_NODE &&
        reading->unread.line == 0)
        reading->unread = copy.at;
    if (targets == IRW_NO_NODE)
        return true;
    items = irw_items(tree, targets);
    while (irw_items_next(&items, &target, &index))
        if (!add_target(reading, irw_tree_follow(tree, target), copy))
            return false;
    return true;
}

/* A variable goes to arguments and variables of containers. */
static bool
add_variable(struct irw_copy_reading *reading, uint32_t variable)
{
    uint32_t held = irw_tree_follow(reading->tree, variable);
    uint32_t field = find(reading, held, "fieldref");
    const struct irw_copy copy = {
        .from = read_end(reading, find(reading, held, "objref"), IRW_NO_NODE,
                         find_text(reading, field, "fieldpath")),
        .to = {.field = IRW_COPIED_TEXT},
        .at = locate(reading, variable),
    };

    return IRW_APPEND(reading->copies, copy);
}

bool
irw_copy_is_of_data(const struct irw_copy *copy)
{
    return (copy->from.kind.size == 0 ||
            irw_equal(copy->from.kind, IRW_STR("ConfigMap"))) &&
           irw_starts_with(copy->from.path, IRW_STR("data.")) &&
           copy->from.delimiter.size == 0 && copy->to.delimiter.size == 0 &&
           (copy->to.field == IRW_COPIED_TEXT ||
            (copy->to.field == IRW_COPIED_IMAGE && copy->to.exact));
}

bool
irw_copies_read(struct irw_copy_reading *reading, uint32_t root)
{
    static const struct {
        const char *key;
        bool (*add)(struct irw_copy_reading *reading, uint32_t item);
    } lists[] = {{"replacements", add_replacement}, {"vars", add_variable}};

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        uint32_t list = find(reading, root, lists[i].key), item, index;
        struct irw_items items;

        if (list == IRW_NO_NODE)
            continue;
        items = irw_items(reading->tree, list);
        while (irw_items_next(&items, &item, &index))
            if (!lists[i].add(reading, item))
                return false;
    }
    return true;
}
