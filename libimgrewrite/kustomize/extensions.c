#include "kustomize/extensions.h"
#include "base/error.h"
#include "base/str.h"
#include "kustomize/patch_copies.h"
#include "kustomize/text.h"

/* A text of an extension that is being read. */
struct extension_reading {
    struct irw_builds *builds;
    struct irw_build *build; /* that has it */
    size_t file; /* that the text is in, by its number */
    struct imgrw_location at; /* where the build names it */
    struct irw_kustomize_text text;
};

static uint32_t
find(struct extension_reading *reading, uint32_t mapping, const char *key)
{
    return irw_kustomize_find(&reading->text, mapping, key);
}

static imgrw_str
find_text(struct extension_reading *reading, uint32_t mapping, const char *key)
{
    return irw_kustomize_find_text(&reading->text, mapping, key);
}

static void
note(struct imgrw_location *place, struct imgrw_location at)
{
    if (place->line == 0)
        *place = at;
}

/* Notes that it is not known what a step does: what it generates comes from
 * elsewhere. */
static void
note_unknown(struct irw_build *build, const struct irw_build_step *step)
{
    note(step->role == IRW_PATH_GENERATOR ? &build->before.generator
                                          : &build->before.writer,
         step->at);
}

/* Takes what copies there are in a mapping, or a list of replacements. */
static bool
take_copies(struct extension_reading *reading, uint32_t node)
{
    struct irw_copy_reading made = {
        .text = &reading->text,
        .copies = &reading->build->before.copies,
    };

    if (!irw_copies_read(&made, node))
        return false;
    if (made.unread.line > 0)
        note(&reading->build->before.writer, reading->at);
    return true;
}

/* Takes a document of a generator, for what it takes as data. What others make
 * comes from elsewhere. */
static bool
take_generator(struct extension_reading *reading, uint32_t root)
{
    struct irw_generator_reading generators = {
        .text = &reading->text,
        .data = &reading->build->before.data,
    };
    imgrw_str kind = find_text(reading, root, "kind");
    bool is_secret = irw_equal(kind, IRW_STR("SecretGenerator"));

    if (irw_equal(find_text(reading, root, "apiVersion"),
                  IRW_STR("builtin")) &&
        (is_secret || irw_equal(kind, IRW_STR("ConfigMapGenerator"))))
        return irw_generator_read(&generators, root, is_secret);
    note(&reading->build->before.generator, reading->at);
    return true;
}

/* Takes what a patch copies. */
static bool
take_operations(struct extension_reading *reading,
                const struct irw_kustomization_path *patch,
                const struct irw_tree *tree, uint32_t root)
{
    struct irw_kustomization *made = &reading->build->before;
    const struct irw_patch_reading read = {
        .tree = tree,
        .root = root,
        .has_target = patch->has_target,
        .kind = patch->target.kind,
        .name = patch->name,
        .at = reading->at,
        .arena = &reading->builds->arena,
    };

    return irw_patch_copies_read(&read, &made->copies);
}

/* Takes a patch, which is for what `patch` says. Its images are found where
 * they stand. */
static bool
take_patch(struct extension_reading *reading,
           const struct irw_kustomization_path *patch, imgrw_str bytes)
{
    struct irw_kustomize_text text;
    enum imgrw_status status;
    bool done;

    if (!irw_may_copy(bytes))
        return true;
    status = irw_kustomize_text_read(bytes, NULL, &reading->builds->arena,
                                     &text);
    done = status != IMGRW_ERR_MEMORY;
    if (status != IMGRW_OK)
        note(&reading->build->before.writer, reading->at);
    for (size_t i = 0; status == IMGRW_OK && done &&
                       i < text.tree.document_count; i++)
        done = take_operations(reading, patch, &text.tree,
                               irw_kustomize_root(&text, i));
    irw_kustomize_text_clear(&text);
    return done;
}

/* Adds a patch that a transformer has, at `node`, or in the file that this
 * names: it is one of the build, which comes late. Where its kinds are to be
 * found out, it must be in a file. */
static bool
add_late_patch(struct extension_reading *reading, uint32_t node, bool is_inline,
               struct irw_kustomization_path patch)
{
    patch.role = IRW_PATH_LATE_PATCH;
    patch.is_inline = is_inline;
    patch.text = irw_tree_text(&reading->text.tree, node);
    patch.at = irw_kustomize_locate(&reading->text, node);
    patch.end = reading->text.around.line > 0
                    ? 0
                    : reading->text.tree.nodes[node].end;
    if (patch.end == 0 && irw_patch_selects(&patch))
        note(&reading->build->before.unclear, reading->at);
    return irw_build_add_path(reading->builds, reading->build, &patch,
                              reading->file, NULL) == IMGRW_OK;
}

/* Takes a transformer that patches what a target selects. */
static bool
take_patch_transformer(struct extension_reading *reading, uint32_t root)
{
    static const char *const keys[] = {"patch", "jsonOp", "path", NULL};
    struct irw_kustomization_path patch = {.text = {0}};
    bool done = true;

    irw_patch_target_read(&reading->text, root, &patch);
    for (size_t i = 0; keys[i] && done; i++) {
        uint32_t node = find(reading, root, keys[i]);

        if (node != IRW_NO_NODE)
            done = add_late_patch(reading, node,
                                  !irw_equal(irw_str(keys[i]), IRW_STR("path")),
                                  patch);
    }
    return done;
}

/* Takes a transformer that merges patches: those of a text, and files. */
static bool
take_merging_transformer(struct extension_reading *reading, uint32_t root)
{
    const struct irw_kustomization_path patch = {.text = {0}};
    uint32_t text = find(reading, root, "patches");
    uint32_t paths = find(reading, root, "paths");
    uint32_t item, index;
    struct irw_items items;

    if (text != IRW_NO_NODE && !add_late_patch(reading, text, true, patch))
        return false;
    if (paths == IRW_NO_NODE)
        return true;
    items = irw_items(&reading->text.tree,
                      irw_tree_follow(&reading->text.tree, paths));
    while (irw_items_next(&items, &item, &index))
        if (!add_late_patch(reading,
                            irw_tree_follow(&reading->text.tree, item), false,
                            patch))
            return false;
    return true;
}

/* Takes what a transformer does to images. */
static bool
take_setter(struct extension_reading *reading, uint32_t root)
{
    uint32_t image = find(reading, root, "imageTag");
    struct irw_entry entry;
    struct imgrw_error error;
    bool valid = true;

    if (image == IRW_NO_NODE)
        return true;
    if (irw_entry_read(&reading->text.tree,
                       irw_tree_follow(&reading->text.tree, image), &entry,
                       &valid, &error) != IMGRW_OK)
        return false;
    entry.at = reading->at;
    if (IRW_APPEND(&reading->build->before.setters, entry))
        return true;
    irw_entry_clear(&entry);
    return false;
}

/* Takes a document of a transformer. The images in patches are found where they
 * stand. */
static bool
take_transformer(struct extension_reading *reading, uint32_t root)
{
    static const char *const harmless[] = {
        "AnnotationsTransformer",  "HashTransformer",
        "LabelTransformer",        "NamespaceTransformer",
        "PrefixTransformer",       "PrefixSuffixTransformer",
        "ReplicaCountTransformer", "SortOrderTransformer",
        "SuffixTransformer",       NULL};
    static const char *const patches[] = {"PatchTransformer",
                                          "PatchJson6902Transformer", NULL};
    imgrw_str text = find_text(reading, root, "kind");

    if (!irw_equal(find_text(reading, root, "apiVersion"),
                   IRW_STR("builtin"))) {
        note(&reading->build->before.writer, reading->at);
        return true;
    }
    if (irw_equal(text, IRW_STR("ReplacementTransformer")))
        return take_copies(reading, root);
    if (irw_is_one_of(text, patches))
        return take_patch_transformer(reading, root);
    if (irw_equal(text, IRW_STR("PatchStrategicMergeTransformer")))
        return take_merging_transformer(reading, root);
    if (irw_equal(text, IRW_STR("ImageTagTransformer")))
        return take_setter(reading, root);
    if (!irw_is_one_of(text, harmless))
        note(&reading->build->before.unclear, reading->at);
    return true;
}

/* Takes a configuration, which may have entries reach fields that they do not
 * reach otherwise. Variables are followed wherever they go. */
static void
take_configuration(struct extension_reading *reading, uint32_t root)
{
    uint32_t images = find(reading, root, "images");

    if (images != IRW_NO_NODE &&
        reading->text.tree.nodes[images].next > images + 1)
        note(&reading->build->before.wider, reading->at);
}

/* Takes the documents of a text, of which kustomize reads the first, but for
 * transformers. */
static bool
take_documents(struct extension_reading *reading, enum irw_path_role role)
{
    bool done = true;

    for (size_t i = 0; i < reading->text.tree.document_count && done; i++) {
        uint32_t root = irw_kustomize_root(&reading->text, i);

        if (role == IRW_PATH_TRANSFORMER)
            done = take_transformer(reading, root);
        else if (role == IRW_PATH_GENERATOR)
            done = take_generator(reading, root);
        else if (role == IRW_PATH_REPLACEMENT && i == 0)
            done = take_copies(reading, root);
        else if (i == 0)
            take_configuration(reading, root);
    }
    return done;
}

/* Reads a text; one that is no YAML may do anything, and so may one that cannot
 * be read. */
static enum imgrw_status
read_text(struct irw_builds *builds, struct irw_build *build,
          const struct irw_build_step *step, imgrw_str bytes, size_t file,
          struct imgrw_error *error)
{
    struct extension_reading reading = {
        .builds = builds,
        .build = build,
        .file = file,
        .at = step->at,
    };
    struct irw_kustomize_text *text = &reading.text;
    enum imgrw_status status = irw_kustomize_text_read(
        bytes, builds->files[file].path, &builds->arena, text);
    bool done = true;

    if (step->target == IRW_TARGET_INLINE)
        text->around = step->at;
    if (status == IMGRW_OK)
        done = take_documents(&reading, step->role);
    if (status != IMGRW_OK || text->budget.spent)
        note_unknown(build, step);
    irw_kustomize_text_clear(text);
    return status == IMGRW_ERR_MEMORY || !done ? irw_fail_memory(error)
                                               : IMGRW_OK;
}

/* Reads a patch. */
static enum imgrw_status
read_patch(struct irw_builds *builds, struct irw_build *build,
           const struct irw_build_step *step, struct imgrw_error *error)
{
    const struct irw_kustomization_path *path =
        &build->before.paths.items[step->path];
    struct extension_reading reading = {
        .builds = builds,
        .build = build,
        .at = step->at,
    };
    imgrw_str bytes = path->text;
    enum imgrw_status status = IMGRW_OK;

    if (step->target == IRW_TARGET_FILE)
        status = irw_builds_text(builds, step->index, &bytes, error);
    else if (step->target != IRW_TARGET_INLINE)
        return IMGRW_OK;
    return status == IMGRW_OK && !take_patch(&reading, path, bytes)
               ? irw_fail_memory(error)
               : status;
}

static enum imgrw_status
read_file(struct irw_builds *builds, struct irw_build *build,
          const struct irw_build_step *step, size_t file,
          struct imgrw_error *error)
{
    imgrw_str text;
    enum imgrw_status status = irw_builds_text(builds, file, &text, error);

    return status == IMGRW_OK
               ? read_text(builds, build, step, text, file, error)
               : status;
}

/* Reads the files of a folder with transformers or generators; what they are
 * built from in turn is not followed. */
static enum imgrw_status
read_folder(struct irw_builds *builds, struct irw_build *build,
            const struct irw_build_step *step, struct imgrw_error *error)
{
    const struct irw_build *folder = &builds->items.items[step->index];
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < folder->steps.count && status == IMGRW_OK; i++) {
        const struct irw_build_step *inner = &folder->steps.items[i];

        if (inner->role == IRW_PATH_RESOURCE &&
            inner->target == IRW_TARGET_FILE)
            status = read_file(builds, build, step, inner->index, error);
        else
            note_unknown(build, step);
    }
    return status;
}

/* Reads what a step leads to. */
static enum imgrw_status
read_step(struct irw_builds *builds, struct irw_build *build,
          const struct irw_build_step *step, struct imgrw_error *error)
{
    if (step->role == IRW_PATH_PATCH || step->role == IRW_PATH_LATE_PATCH)
        return read_patch(builds, build, step, error);
    switch (step->target) {
    case IRW_TARGET_INLINE:
        return read_text(builds, build, step,
                         build->before.paths.items[step->path].text,
                         build->file, error);
    case IRW_TARGET_FILE:
        return read_file(builds, build, step, step->index, error);
    case IRW_TARGET_BUILD:
        return read_folder(builds, build, step, error);
    default:
        note_unknown(build, step);
        return IMGRW_OK;
    }
}

/* Finds out what a build has of those that it is built from: whether data
 * changes, and how far `images:` reaches. */
static enum imgrw_status
inherit(struct irw_builds *builds, struct irw_build *build,
        struct imgrw_error *error)
{
    const struct irw_kustomization *made = &build->before;
    enum imgrw_status status = IMGRW_OK;

    build->data_changes |= made->changes_data;
    for (size_t i = 0; i < made->copies.count; i++)
        build->data_changes |= irw_copy_may_write_data(&made->copies.items[i]);
    for (size_t i = 0; i < build->steps.count && status == IMGRW_OK; i++) {
        const struct irw_build_step *step = &build->steps.items[i];
        imgrw_str text = {0};

        build->data_changes |= step->role == IRW_PATH_TRANSFORMER;
        if (step->target == IRW_TARGET_BUILD) {
            const struct irw_build *below = &builds->items.items[step->index];

            build->data_changes |= below->data_changes;
            if (below->before.wider.line > 0)
                note(&build->before.wider, below->before.wider);
        }
        if (step->target == IRW_TARGET_FILE && step->role == IRW_PATH_PATCH)
            status = irw_builds_text(builds, step->index, &text, error);
        build->data_changes |= irw_contains(text, "ConfigMap");
    }
    if (build->before.wider.line > 0 && made->entries.count > 0)
        note(&build->before.reach, build->before.wider);
    return status;
}

/* Reads what all steps lead to, those that are found on the way included. */
static enum imgrw_status
read_steps(struct irw_builds *builds, struct irw_build *build,
           struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < build->steps.count && status == IMGRW_OK; i++) {
        struct irw_build_step step = build->steps.items[i];

        if (step.role >= IRW_PATH_PATCH)
            status = read_step(builds, build, &step, error);
    }
    return status;
}

enum imgrw_status
irw_extensions_read(struct irw_builds *builds, struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < builds->items.count && status == IMGRW_OK; i++) {
        struct irw_build *build = &builds->items.items[i];
        size_t data = build->before.data.count;

        status = read_steps(builds, build, error);
        if (status == IMGRW_OK && build->before.data.count > data)
            status = irw_build_find_data(builds, build, error);
    }
    irw_builds_inherit(builds);
    for (size_t i = 0; i < builds->order.count && status == IMGRW_OK; i++)
        status = inherit(
            builds, &builds->items.items[builds->order.items[i]], error);
    return status;
}
