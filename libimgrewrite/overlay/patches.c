/*
 * Patches of the midstream, one for each resource that needs one: for what
 * `images:` does not match or cannot say (an argument, an annotation, a text
 * that becomes two things, a tag that goes away), for what is added to mappings
 * (the newName of an entry of Flux), and for pull secrets. They are JSON
 * patches (RFC 6902), which need no schema: a strategic merge would replace the
 * lists of custom resources.
 */
#include "overlay/patches.h"
#include "base/json_write.h"
#include "base/str.h"
#include "overlay/yaml_text.h"

/* The patch of one resource; its target is written before the first
 * operation. */
struct patch {
    const struct imgrw_overlay *overlay;
    struct irw_text *text;
    size_t target;
    bool begun;
};

/* kustomize takes what a target says for patterns, in which a dot, say, is any
 * character. A backslash before a letter or before a part of a character would
 * mean something else. */
static void
write_pattern(struct irw_text *text, const char *head, imgrw_str name)
{
    struct irw_text pattern = {0};

    for (size_t i = 0; i < name.size; i++) {
        if (strchr("\\.+*?()|[]{}^$", name.data[i]))
            irw_text_add(&pattern, IRW_STR("\\"));
        irw_text_add(&pattern, irw_slice(name, i, i + 1));
    }
    irw_yaml_line(text, head, (imgrw_str){pattern.data, pattern.size});
    text->failed |= pattern.failed;
    irw_text_clear(&pattern);
}

/* A target without a group is one of any group. Where a resource of another
 * group has the same version, kind and name, a pattern says that there is none:
 * an empty string would be no group again. */
static void
write_group(const struct imgrw_overlay *overlay,
            const struct irw_target *target, struct irw_text *text)
{
    if (target->group.size > 0)
        irw_yaml_line(text, "    group: ", target->group);
    else if (overlay->targets.list.items[target->leader].leads_groups)
        irw_text_add(text, IRW_STR("    group: \"^$\"\n"));
}

static void
begin(struct patch *patch)
{
    const struct irw_target *target =
        &patch->overlay->targets.list.items[patch->target];
    struct irw_text *text = patch->text;

    if (patch->begun)
        return;
    patch->begun = true;
    irw_text_add(text, IRW_STR("- target:\n"));
    write_group(patch->overlay, target, text);
    write_pattern(text, "    version: ", target->version);
    write_pattern(text, "    kind: ", target->kind);
    write_pattern(text, "    name: ", target->name);
    if (target->name_space.size > 0)
        write_pattern(text, "    namespace: ", target->name_space);
    else if (target->ambiguous) /* else it would be for the other one, too */
        write_pattern(text, "    namespace: ", IRW_STR("default"));
    irw_text_add(text, IRW_STR("  patch: |-\n"));
}

/* Adds one operation at `pointer` and `end`; the value has been written as
 * JSON. */
static void
write_operation(struct patch *patch, const char *operation, imgrw_str pointer,
                const char *end, const struct irw_text *value)
{
    struct irw_text *text = patch->text, path = {0};

    begin(patch);
    irw_text_add(&path, pointer);
    irw_text_add(&path, irw_str(end));
    irw_text_printf(text, "    - op: %s\n      path: ", operation);
    irw_json_string(text, (imgrw_str){path.data, path.size});
    irw_text_add(text, IRW_STR("\n      value: "));
    irw_text_add(text, (imgrw_str){value->data, value->size});
    irw_text_add(text, IRW_STR("\n"));
    text->failed |= value->failed || path.failed;
    irw_text_clear(&path);
}

static void
write_value(struct patch *patch, const struct irw_image_value *changed)
{
    struct irw_text value = {0};

    if (changed->is_added)
        irw_text_add(&value, changed->after);
    else
        irw_json_string(&value, changed->after);
    write_operation(patch, changed->is_added ? "add" : "replace",
                    changed->pointer, "", &value);
    irw_text_clear(&value);
}

/* Gives a pod spec, or a service account, the secret, beside those it has. */
static void
write_secret(struct patch *patch, const struct irw_pod *pod)
{
    struct irw_text value = {0};

    if (pod->has_secret)
        return;
    irw_text_add(&value, pod->has_list ? IRW_STR("{\"name\": ")
                                       : IRW_STR("[{\"name\": "));
    irw_json_string(&value, irw_str(patch->overlay->options.pull_secret));
    irw_text_add(&value, pod->has_list ? IRW_STR("}") : IRW_STR("}]"));
    write_operation(patch, "add", pod->pointer,
                    pod->has_list ? "/imagePullSecrets/-" : "/imagePullSecrets",
                    &value);
    irw_text_clear(&value);
}

/* Whether a patch has to change the value. */
static bool
is_patched(const struct imgrw_overlay *overlay,
           const struct irw_image_value *value)
{
    return value->change == IRW_NONE ||
           overlay->images.changes.items[value->change].patched;
}

/* The lists are in the order of the targets, each with a cursor. */
struct cursors {
    size_t value, pod, account;
};

static void
write_target(struct patch *patch, struct cursors *at)
{
    const struct imgrw_overlay *overlay = patch->overlay;
    bool secrets = overlay->options.pull_secret != NULL;
    bool accounts = overlay->options.service_accounts;

    for (; at->value < overlay->values.count &&
           overlay->values.items[at->value].target == patch->target;
         at->value++)
        if (is_patched(overlay, &overlay->values.items[at->value]))
            write_value(patch, &overlay->values.items[at->value]);
    for (; at->pod < overlay->pods.count &&
           overlay->pods.items[at->pod].target == patch->target; at->pod++)
        if (secrets && (!accounts || overlay->pods.items[at->pod].has_list))
            write_secret(patch, &overlay->pods.items[at->pod]);
    for (; at->account < overlay->accounts.count &&
           overlay->accounts.items[at->account].target == patch->target;
         at->account++)
        if (secrets && accounts &&
            overlay->accounts.items[at->account].is_used)
            write_secret(patch, &overlay->accounts.items[at->account]);
}

void
irw_overlay_write_patches(const struct imgrw_overlay *overlay,
                          struct irw_text *text)
{
    struct cursors cursors = {0};

    irw_text_add(text, IRW_STR("patches:\n"));
    for (size_t i = 0; i < overlay->targets.list.count; i++) {
        struct patch patch = {overlay, text, i, false};

        write_target(&patch, &cursors);
    }
}
