#include "kustomize/copies.h"
#include "base/str.h"
#include "kubernetes/names.h"

static uint32_t
find(struct irw_copy_reading *reading, uint32_t mapping, const char *key)
{
    return irw_kustomize_find(reading->text, mapping, key);
}

static imgrw_str
find_text(struct irw_copy_reading *reading, uint32_t mapping, const char *key)
{
    return irw_kustomize_find_text(reading->text, mapping, key);
}

/* Whether a step selects an item, and is no key. */
static bool
is_item(imgrw_str step)
{
    return step.size == 0 || strchr("[*-0123456789", step.data[0]);
}

/* What a field may hold, by its path. */
static enum irw_copied_field
judge_path(imgrw_str path, bool *exact)
{
    static const char *const lists[] = {"containers", "initContainers",
                                        "ephemeralContainers", NULL};
    static const char *const around[] = {"containers", "initContainers",
                                         "ephemeralContainers", "template",
                                         "spec", "volumes", NULL};
    static const char *const texts[] = {"env", "args", "command", NULL};
    static const char *const known[] = {
        "name", "namespace", "labels", "selector", "matchLabels", "port",
        "ports", "targetPort", "nodePort", "containerPort", "replicas", "host",
        "hosts", "hostname", "serviceName", "secretName", "kind", "metadata",
        "dnsNames", "uid", "group", NULL};
    imgrw_str last = {0}, before = {0};
    bool text = false, volume = false;

    while (path.size > 0) {
        imgrw_str step = irw_copy_step(&path);

        if (is_item(step))
            continue;
        text |= irw_is_one_of(step, texts);
        volume |= irw_equal(step, IRW_STR("volumes"));
        before = last;
        last = step;
    }
    *exact = irw_equal(last, IRW_STR("image")) && irw_is_one_of(before, lists);
    if (*exact || irw_is_one_of(last, around) ||
        (volume && (irw_equal(last, IRW_STR("image")) ||
                    irw_equal(before, IRW_STR("image")))))
        return IRW_COPIED_IMAGE;
    if (text && !irw_equal(last, IRW_STR("name")))
        return IRW_COPIED_TEXT;
    return irw_is_one_of(last, known) ? IRW_COPIED_OTHER : IRW_COPIED_ANY;
}

void
irw_copy_end_judge(struct irw_copy_end *end)
{
    end->field = judge_path(end->path, &end->exact);
    end->exact &= end->delimiter.size == 0;
}

/* A number of at most four digits, as no index of a part is longer; -1: it is
 * none. */
static long
read_number(imgrw_str text)
{
    long number = 0;

    for (size_t i = 0; i < text.size; i++) {
        if (!irw_is_digit(text.data[i]) || i == 4)
            return -1;
        number = number * 10 + (text.data[i] - '0');
    }
    return number;
}

/* Takes the resources that a target passes over, where there is one selector,
 * of a kind and a name in full. */
static void
read_reject(struct irw_copy_reading *reading, uint32_t target,
            struct irw_copy_end *end)
{
    uint32_t list = find(reading, target, "reject"), only, index, key, value;
    struct irw_items items;
    struct irw_entries entries;

    if (list == IRW_NO_NODE)
        return;
    items = irw_items(&reading->text->tree, list);
    if (!irw_items_next(&items, &only, &index))
        return;
    only = irw_tree_follow(&reading->text->tree, only);
    entries = irw_entries(&reading->text->tree, only);
    while (irw_entries_next(&entries, &key, &value)) {
        static const char *const known[] = {"kind", "name", NULL};

        if (!irw_is_one_of(irw_tree_text(&reading->text->tree, key), known))
            return;
    }
    end->not_kind = find_text(reading, only, "kind");
    end->not_name = find_text(reading, only, "name");
}

/* Reads one end: a selector, and the path of a field in what it selects. */
static struct irw_copy_end
read_end(struct irw_copy_reading *reading, uint32_t select, uint32_t options,
         imgrw_str path)
{
    imgrw_str index = find_text(reading, options, "index");
    struct irw_copy_end end = {
        .kind = find_text(reading, select, "kind"),
        .name = find_text(reading, select, "name"),
        .path = path.size > 0 ? path : IRW_STR("metadata.name"),
        .delimiter = find_text(reading, options, "delimiter"),
        .index = read_number(index),
    };

    irw_copy_end_judge(&end);
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
    items = irw_items(&reading->text->tree, paths);
    while (irw_items_next(&items, &path, &index)) {
        copy.to = read_end(reading, select, options,
                           irw_tree_text(&reading->text->tree, path));
        read_reject(reading, target, &copy.to);
        if (!IRW_APPEND(reading->copies, copy))
            return false;
    }
    return true;
}

static bool
add_replacement(struct irw_copy_reading *reading, uint32_t replacement)
{
    const struct irw_tree *tree = &reading->text->tree;
    uint32_t held = irw_tree_follow(tree, replacement);
    uint32_t source = find(reading, held, "source"), target, index;
    uint32_t targets = find(reading, held, "targets");
    struct irw_copy copy = {
        .from = read_end(reading, source, find(reading, source, "options"),
                         find_text(reading, source, "fieldPath")),
        .value = find_text(reading, held, "sourceValue"),
        .at = irw_kustomize_locate(reading->text, replacement),
    };
    struct irw_items items;

    if (copy.value.data)
        copy.from.field = IRW_COPIED_OTHER;
    else if (source == IRW_NO_NODE)
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
    uint32_t held = irw_tree_follow(&reading->text->tree, variable);
    uint32_t field = find(reading, held, "fieldref");
    const struct irw_copy copy = {
        .from = read_end(reading, find(reading, held, "objref"), IRW_NO_NODE,
                         find_text(reading, field, "fieldpath")),
        .to = {.field = IRW_COPIED_TEXT},
        .variable = find_text(reading, held, "name"),
        .at = irw_kustomize_locate(reading->text, variable),
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
irw_may_be_config_map(imgrw_str kind)
{
    return kind.size == 0 || irw_is_selector_pattern(kind) ||
           irw_equal(kind, IRW_STR("ConfigMap"));
}

bool
irw_copy_may_write_data(const struct irw_copy *copy)
{
    imgrw_str kind = copy->to.kind;

    return copy->variable.size == 0 && copy->to.field == IRW_COPIED_ANY &&
           irw_may_be_config_map(kind);
}

bool
irw_may_copy(imgrw_str patch)
{
    return irw_contains(patch, "from") &&
           (irw_contains(patch, "copy") || irw_contains(patch, "move"));
}

bool
irw_copy_is_several(imgrw_str text)
{
    bool parts = irw_find(text, ',') != SIZE_MAX ||
                 irw_find(text, '=') != SIZE_MAX ||
                 irw_find(text, ' ') != SIZE_MAX;

    return parts && irw_find(text, '/') != SIZE_MAX &&
           !irw_contains(text, "://");
}

static bool
add_all(struct irw_copy_reading *reading, uint32_t list,
        bool (*add)(struct irw_copy_reading *reading, uint32_t item))
{
    struct irw_items items = irw_items(&reading->text->tree, list);
    uint32_t item, index;

    while (irw_items_next(&items, &item, &index))
        if (!add(reading, item))
            return false;
    return true;
}

bool
irw_copies_read(struct irw_copy_reading *reading, uint32_t node)
{
    uint32_t replacements, variables;

    if (reading->text->tree.nodes[node].type == IRW_NODE_SEQUENCE)
        return add_all(reading, node, add_replacement);
    if (find(reading, node, "targets") != IRW_NO_NODE)
        return add_replacement(reading, node);
    replacements = find(reading, node, "replacements");
    variables = find(reading, node, "vars");
    return (replacements == IRW_NO_NODE ||
            add_all(reading, replacements, add_replacement)) &&
           (variables == IRW_NO_NODE ||
            add_all(reading, variables, add_variable));
}

imgrw_str
irw_copy_step(imgrw_str *path)
{
    size_t at = 0;
    bool inside = false;
    imgrw_str step;

    /* variables have brackets without a dot before them */
    for (; at < path->size && (inside || path->data[at] != '.') &&
           (inside || at == 0 || path->data[at] != '[');
         at++) {
        inside = path->data[at] == '[' || (inside && path->data[at] != ']');
        at += path->data[at] == '\\' && at + 1 < path->size;
    }
    step = irw_slice(*path, 0, at);
    at += at < path->size && path->data[at] == '.';
    *path = irw_slice(*path, at, path->size);
    return step;
}

bool
irw_copy_step_is_key(imgrw_str step, imgrw_str key)
{
    size_t at = 0;

    for (size_t i = 0; i < step.size; i++) {
        i += step.data[i] == '\\' && i + 1 < step.size;
        if (at == key.size || key.data[at++] != step.data[i])
            return false;
    }
    return at == key.size;
}

imgrw_str
irw_copy_variable(imgrw_str path)
{
    static const char start[] = "env.[name=", end[] = "].value";
    const char *found =
        path.size > 0 ? memmem(path.data, path.size, start, strlen(start))
                      : NULL;
    size_t at = found ? (size_t)(found - path.data) + strlen(start) : 0;

    return found && irw_ends_with(path, irw_str(end)) &&
                   path.size - strlen(end) > at
               ? irw_slice(path, at, path.size - strlen(end))
               : (imgrw_str){0};
}
