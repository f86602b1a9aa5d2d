/*
 * The lists are where the images of their entries are.
 */
#include "kustomize/entry_lists.h"
#include "base/error.h"
#include "base/str.h"
#include "plan/new_name.h"

#include <stdio.h>
#include <stdlib.h>

/* A search for the lists of a file. */
struct list_search {
    struct irw_builds *builds;
    const struct irw_list_file *from;
    struct irw_line_cursor cursor;
    const struct irw_tree *tree; /* of the piece */
    const struct irw_site *site; /* of an entry of the list */
    uint32_t list;               /* the node that was found last */
    size_t next;                 /* the build that it is read again for, + 1;
                                    0: lists are added */
    struct imgrw_error *error;
};

bool
irw_may_have_entry_lists(imgrw_str text)
{
    return text.data && irw_contains(text, "toolkit.fluxcd.io") &&
           irw_contains(text, "images");
}

/* Whether the image is in an entry of such a list. */
static bool
is_of_list(const struct irw_site *site)
{
    return site->image.image_class == IMGRW_CLASS_KUSTOMIZATION &&
           site->document == IRW_ROOT_DOCUMENT && site->anchor == UINT32_MAX &&
           irw_contains(site->image.api_version, "toolkit.fluxcd.io/");
}

/* The field without what follows the last `key` in it; empty where that is not
 * in there. */
static imgrw_str
cut_behind(imgrw_str field, const char *key)
{
    const char *found = NULL, *next = field.data;
    size_t left = field.size;

    while (left > 0 && (next = memmem(next, left, key, strlen(key)))) {
        found = next++;
        left = field.size - (size_t)(next - field.data);
    }
    return found ? irw_slice(field, 0, (size_t)(found - field.data) + 1)
                 : (imgrw_str){0};
}

/* The folder that a Flux Kustomization is about: what is beside its list at
 * `path`. */
static imgrw_str
folder_of(const struct list_search *search)
{
    const struct irw_tree *tree = search->tree;
    uint32_t spec = irw_find_around(tree, search->list, IRW_NODE_MAPPING);
    uint32_t value = irw_own_scalar(tree, spec, IRW_STR("path"));
    imgrw_str path = {0};

    if (value != IRW_NO_NODE)
        path = irw_tree_text(tree, value);
    return irw_folder_name(path);
}

/* Sets where the list is, and what is rendered before it; false when memory is
 * out. */
static bool
describe_list(struct list_search *search, struct irw_build *build)
{
    struct irw_builds *builds = search->builds;
    imgrw_str field = cut_behind(search->site->image.field, "/images/");
    imgrw_str around = cut_behind(field, "/postRenderers/"), values = {0};
    const struct irw_build *last =
        builds->items.count > 0 ? &builds->items.items[builds->items.count - 1]
                                : NULL;
    char *text;

    if (around.size > 0) {
        if (asprintf(&text, "%.*svalues/", (int)around.size, around.data) < 0)
            return false;
        values = irw_str(irw_arena_copy(&builds->arena, irw_str(text)));
        free(text);
    }
    build->list = (struct irw_entry_list){
        .document = search->site->image.document,
        .field = field,
        .values = values,
        .moves = search->from->moves,
    };
    if (values.size == 0)
        build->list.path = folder_of(search);
    if (last && last->is_list && last->file == build->file &&
        last->list.document == build->list.document && values.size > 0 &&
        irw_equal(last->list.values, values))
        build->list.below = builds->items.count;
    return around.size == 0 || values.data;
}

/* Reads the entries of the list. */
static enum imgrw_status
read_entries(struct list_search *search, struct irw_kustomization *made)
{
    const struct irw_tree *tree = search->tree;
    struct irw_items items = irw_items(tree, search->list);
    uint32_t item, index;
    bool valid = true;

    while (irw_items_next(&items, &item, &index)) {
        struct irw_entry entry;
        enum imgrw_status status =
            irw_entry_read(tree, irw_tree_follow(tree, item), &entry, &valid,
                           search->error);

        if (status != IMGRW_OK)
            return status;
        entry.at = irw_source_locate(&search->from->manifest->source,
                                     &search->cursor, tree->nodes[item].start);
        entry.number = made->entries.count;
        if (!IRW_APPEND(&made->entries, entry)) {
            irw_entry_clear(&entry);
            return irw_fail_memory(search->error);
        }
    }
    made->invalid = !valid;
    made->text.source = search->from->manifest->source;
    return IMGRW_OK;
}

/* Adds the list as a build. */
static enum imgrw_status
add_list(struct list_search *search)
{
    struct irw_builds *builds = search->builds;
    size_t *first = &builds->first_list[search->from->file];
    struct irw_build build = {.file = search->from->file, .is_list = true};
    enum imgrw_status status = read_entries(search, &build.before);

    if (status == IMGRW_OK &&
        (!describe_list(search, &build) ||
         !IRW_APPEND(&builds->order, builds->items.count) ||
         !IRW_APPEND(&builds->items, build)))
        status = irw_fail_memory(search->error);
    if (status != IMGRW_OK) {
        irw_kustomization_clear(&build.before);
        return status;
    }
    if (*first == 0)
        *first = builds->items.count;
    builds->items.items[builds->items.count - 1].broken = build.before.invalid;
    return IMGRW_OK;
}

/* Takes the list that has the site, once. */
static enum imgrw_status
take_list(struct list_search *search)
{
    uint32_t list = irw_find_around(search->tree, search->site->parts[0].node,
                                    IRW_NODE_SEQUENCE);
    struct irw_build *build;

    if (list == search->list)
        return IMGRW_OK;
    search->list = list;
    if (search->next == 0)
        return add_list(search);
    if (search->next > search->builds->items.count)
        return IMGRW_OK;
    build = &search->builds->items.items[search->next++ - 1];
    return read_entries(search, &build->after);
}

static enum imgrw_status
search_lists(struct list_search *search)
{
    const struct imgrw_manifest *manifest = search->from->manifest;
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < manifest->piece_count; i++) {
        const struct irw_piece *piece = &manifest->pieces[i];
        size_t end = piece->first_site + piece->site_count;

        search->tree = &piece->tree;
        search->list = IRW_NO_NODE;
        for (size_t k = piece->first_site; k < end && status == IMGRW_OK; k++) {
            search->site = &manifest->findings.sites[k];
            if (is_of_list(search->site))
                status = take_list(search);
        }
    }
    return status;
}

enum imgrw_status
irw_entry_lists_add(struct irw_builds *builds, const struct irw_list_file *from,
                    struct imgrw_error *error)
{
    struct list_search search = {
        .builds = builds, .from = from, .error = error};

    return search_lists(&search);
}

enum imgrw_status
irw_entry_lists_reread(struct irw_builds *builds,
                       const struct irw_list_file *from,
                       struct imgrw_error *error)
{
    struct list_search search = {
        .builds = builds,
        .from = from,
        .next = builds->first_list[from->file],
        .error = error,
    };

    return search_lists(&search);
}
