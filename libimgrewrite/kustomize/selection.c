#include "kustomize/selection.h"
#include "base/error.h"
#include "base/str.h"
#include "kubernetes/resource.h"
#include "kustomize/patch_selection.h"
#include "kustomize/text.h"
#include "manifest/mentions.h"

#include <stdlib.h>

#define MOST_KINDS 16 /* of a patch: more are not told apart */

/* What selectors look at. */
struct head {
    struct irw_patch_target is;
    imgrw_str name; /* empty: it may have any */
};

typedef IRW_LIST(struct head) head_list;

/* What the files of the builds have, each of which is read once. */
struct file_heads {
    head_list list;
    bool is_read;
};

/* The resources of a build. */
struct resources {
    struct irw_builds *builds;
    struct file_heads *files;
    head_list list; /* malloc'ed */
    size_t root;    /* the build, by its number, + 1 */
    size_t *met;    /* of each build: the last root that it is a part of */
    size_t *patched; /* the same, as a component with patches for it */
    bool open;    /* there are others, of which nothing is known */
    bool renamed; /* they may have other names than their files say */
    struct imgrw_error *error;
};

/* Adds the head of a resource, which is of `kind` where it does not say its
 * own, or those of the items of a list. */
static bool
add_head(struct irw_arena *arena, const struct irw_tree *tree, uint32_t root,
         imgrw_str kind, head_list *heads)
{
    struct irw_budget budget = irw_budget_again();
    struct irw_resource read = irw_resource_read(tree, root, &budget);
    imgrw_str item_kind = {0};
    uint32_t list = irw_resource_items(tree, root, &read, &item_kind, &budget);
    struct head head = {
        .is = {.group = irw_resource_group(read.api_version),
               .kind = read.kind.size > 0 ? read.kind : kind},
        .name = read.name,
    };
    struct irw_items items;
    uint32_t item, index;

    if (list == IRW_NO_NODE)
        return irw_arena_keep(arena, &head.is.group) &&
               irw_arena_keep(arena, &head.is.kind) &&
               irw_arena_keep(arena, &head.name) && IRW_APPEND(heads, head);
    items = irw_items(tree, list);
    while (irw_items_next(&items, &item, &index))
        if (!add_head(arena, tree, irw_tree_follow(tree, item), item_kind,
                      heads))
            return false;
    return true;
}

/* Reads the heads of a file. What is no YAML is in no build. */
static enum imgrw_status
read_file(struct resources *all, size_t file)
{
    struct file_heads *heads = &all->files[file];
    struct irw_kustomize_text text;
    imgrw_str bytes;
    enum imgrw_status status =
        irw_builds_text(all->builds, file, &bytes, all->error);

    if (heads->is_read || status != IMGRW_OK)
        return status;
    heads->is_read = true;
    status = irw_kustomize_text_read(bytes, all->builds->files[file].path,
                                     &all->builds->arena, &text);
    for (size_t i = 0; status == IMGRW_OK && i < text.tree.document_count; i++)
        if (!add_head(&all->builds->arena, &text.tree,
                      irw_kustomize_root(&text, i), (imgrw_str){0},
                      &heads->list))
            status = IMGRW_ERR_MEMORY;
    irw_kustomize_text_clear(&text);
    return status == IMGRW_ERR_MEMORY ? irw_fail_memory(all->error) : IMGRW_OK;
}

static enum imgrw_status
add_file(struct resources *all, size_t file)
{
    const head_list *heads = &all->files[file].list;
    enum imgrw_status status = read_file(all, file);

    for (size_t i = 0; i < heads->count && status == IMGRW_OK; i++)
        if (!IRW_APPEND(&all->list, heads->items[i]))
            status = irw_fail_memory(all->error);
    return status;
}

/* Adds what generators make of data. */
static bool
add_generated(struct resources *all)
{
    struct head head = {.is = {.kind = IRW_STR("ConfigMap")}};

    if (!IRW_APPEND(&all->list, head))
        return false;
    head.is.kind = IRW_STR("Secret");
    return IRW_APPEND(&all->list, head);
}

/* Whether a build was met before as a part of the root; it is from now on. */
static bool
is_met(const struct resources *all, const struct irw_build *build, size_t *met)
{
    size_t *last = &met[build - all->builds->items.items];
    bool before = *last == all->root;

    *last = all->root;
    return before;
}

/* Adds the resources of a build, of those that it is built from, and of the
 * components that it uses. */
static enum imgrw_status
add_build(struct resources *all, const struct irw_build *build)
{
    const struct irw_kustomization *made = &build->before;
    enum imgrw_status status = IMGRW_OK;

    if (is_met(all, build, all->met))
        return IMGRW_OK;
    all->open |= made->generator.line > 0;
    all->renamed |= made->renames;
    if (made->data.count > 0 && !add_generated(all))
        return irw_fail_memory(all->error);
    for (size_t i = 0; i < build->steps.count && status == IMGRW_OK &&
                       !all->open; i++) {
        const struct irw_build_step *step = &build->steps.items[i];

        all->renamed |= step->role == IRW_PATH_TRANSFORMER;
        if (step->role != IRW_PATH_RESOURCE && step->role != IRW_PATH_COMPONENT)
            continue;
        if (step->target == IRW_TARGET_FILE)
            status = add_file(all, step->index);
        else if (step->target == IRW_TARGET_BUILD)
            status = add_build(all, &all->builds->items.items[step->index]);
        else
            all->open = true;
    }
    return status;
}

/* Sets whether the target of a patch may select a resource. */
static enum imgrw_status
selects(const struct resources *all, const struct irw_kustomization_path *patch,
        const struct head *head, bool *selected)
{
    bool any_name = all->renamed || head->name.size == 0;
    const struct {
        imgrw_str word, name;
    } words[] = {
        {patch->target.kind, head->is.kind},
        {patch->kind_pattern, head->is.kind},
        {patch->target.group, head->is.group},
        {any_name ? (imgrw_str){0} : patch->name, head->name},
    };
    enum imgrw_status status = IMGRW_OK;

    *selected = true;
    for (size_t i = 0; i < sizeof(words) / sizeof(*words) && *selected; i++) {
        enum irw_selection selection;

        status = irw_target_word_match(words[i].word, words[i].name, &selection,
                                       all->error);
        *selected = status == IMGRW_OK && selection != IRW_SELECTION_NO;
    }
    return status;
}

/* Whether a patch that sets images may be for this kind: most of the API has
 * none. */
static bool
may_have_images(const struct irw_patch_target *is)
{
    static const char *const kinds[] = {"ConfigMap", "PodTemplate", "Secret",
                                        NULL};

    return irw_is_pod_kind(is->kind) || irw_is_one_of(is->kind, kinds) ||
           !irw_target_is_of_api(is);
}

/* Adds a kind to those that a patch selects. */
static bool
add_kind(struct irw_kustomization_path *patch,
         const struct irw_patch_target *is)
{
    for (size_t i = 0; i < patch->selected.count; i++)
        if (irw_equal(patch->selected.items[i].kind, is->kind) &&
            irw_equal(patch->selected.items[i].group, is->group))
            return true;
    if (patch->selected.count == MOST_KINDS) {
        patch->is_open = true;
        return true;
    }
    return IRW_APPEND(&patch->selected, *is);
}

/* Adds the kinds that a patch selects. Those that have no images count as one.
 */
static enum imgrw_status
select_kinds(const struct resources *all, struct irw_kustomization_path *patch)
{
    const struct head *without = NULL;
    enum imgrw_status status = IMGRW_OK;

    patch->is_open |= all->open;
    for (size_t i = 0; i < all->list.count && status == IMGRW_OK; i++) {
        const struct head *head = &all->list.items[i];
        bool selected;

        status = selects(all, patch, head, &selected);
        if (status != IMGRW_OK || !selected)
            continue;
        if (!may_have_images(&head->is))
            without = head;
        else if (!add_kind(patch, &head->is))
            status = irw_fail_memory(all->error);
    }
    if (status == IMGRW_OK && without && !add_kind(patch, &without->is))
        status = irw_fail_memory(all->error);
    return status;
}

/* Selects for the patches of a build, or of a component that `all` is of. */
static enum imgrw_status
select_all(struct resources *all, struct irw_build *build)
{
    enum imgrw_status status = IMGRW_OK;

    if (is_met(all, build, all->patched))
        return IMGRW_OK;
    for (size_t i = 0; i < build->before.paths.count && status == IMGRW_OK; i++)
        if (irw_patch_selects(&build->before.paths.items[i]))
            status = select_kinds(all, &build->before.paths.items[i]);
    for (size_t i = 0; i < build->steps.count && status == IMGRW_OK; i++) {
        const struct irw_build_step *step = &build->steps.items[i];

        if (step->role == IRW_PATH_COMPONENT &&
            step->target == IRW_TARGET_BUILD)
            status =
                select_all(all, &all->builds->items.items[step->index]);
    }
    return status;
}

/* Notes whether a build, or a component that it uses, has patches that select;
 * these are noted before. */
static bool
note_selections(const struct irw_builds *builds, const struct irw_build *build,
                bool *has)
{
    bool *own = &has[build - builds->items.items];

    for (size_t i = 0; i < build->before.paths.count; i++)
        *own |= irw_patch_selects(&build->before.paths.items[i]);
    for (size_t i = 0; i < build->steps.count; i++) {
        const struct irw_build_step *step = &build->steps.items[i];

        *own |= step->role == IRW_PATH_COMPONENT &&
                step->target == IRW_TARGET_BUILD && has[step->index];
    }
    return *own && !build->broken && !build->before.is_component;
}

/* Selects for all builds. What goes in circles is in no order, and not built.
 */
static enum imgrw_status
select_in_order(struct resources *all, bool *has)
{
    struct irw_builds *builds = all->builds;
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < builds->order.count && status == IMGRW_OK; i++) {
        struct irw_build *build =
            &builds->items.items[builds->order.items[i]];

        if (!note_selections(builds, build, has))
            continue;
        all->list.count = 0;
        all->root = i + 1;
        all->open = all->renamed = false;
        status = add_build(all, build);
        if (status == IMGRW_OK)
            status = select_all(all, build);
    }
    return status;
}

enum imgrw_status
irw_selections_find(struct irw_builds *builds, struct imgrw_error *error)
{
    size_t count = builds->items.count + 1;
    struct resources all = {
        .builds = builds,
        .files = calloc(builds->file_count + 1, sizeof(*all.files)),
        .met = calloc(count, sizeof(*all.met)),
        .patched = calloc(count, sizeof(*all.patched)),
        .error = error,
    };
    bool *has = calloc(count, sizeof(*has));
    enum imgrw_status status =
        all.files && all.met && all.patched && has
            ? select_in_order(&all, has)
            : irw_fail_memory(error);

    for (size_t i = 0; all.files && i < builds->file_count; i++)
        free(all.files[i].list.items);
    free(all.files);
    free(all.list.items);
    free(all.met);
    free(all.patched);
    free(has);
    return status;
}
