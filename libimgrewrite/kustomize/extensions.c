#include "kustomize/extensions.h"
#include "base/error.h"
#include "base/str.h"
#include "kustomize/patch_copies.h"
#include "kustomize/text.h"

/* A text of an extension that is being read. */
struct extension_reading {
    struct irw_builds *builds;
    struct irw_build *build; /* that has it */
    const struct irw_build_step *step;
    struct imgrw_location at; /* where the build names it */
    struct irw_source source;
    struct irw_line_cursor cursor;
    struct irw_tree tree;
    struct irw_budget budget;
};

static uint32_t
find(struct extension_reading *reading, uint32_t mapping, const char *key)
{
    return irw_mapping_find(&reading->tree, mapping, irw_str(key),
                            &reading->budget);
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

/* Takes what copies there are in a mapping, or a list of replacements. What is
 * in a text of the kustomization has its place there. */
static bool
take_copies(struct extension_reading *reading, uint32_t node)
{
    irw_copy_list *copies = &reading->build->before.copies;
    struct irw_copy_reading made = {
        .source = &reading->source,
        .cursor = &reading->cursor,
        .tree = &reading->tree,
        .budget = &reading->budget,
        .copies = copies,
    };
    size_t before = copies->count;

    if (!irw_copies_read(&made, node))
        return false;
    for (size_t i = before; i < copies->count; i++)
        if (copies->items[i].at.path == reading->at.path)
            copies->items[i].at = reading->at;
    if (made.unread.line > 0)
        note(&reading->build->before.writer, reading->at);
    return true;
}

/* Takes the copies of a patch, whose list of operations is at `node`, and
 * whether it sets parts of images. */
static bool
take_patch(struct extension_reading *reading, uint32_t node)
{
    struct irw_kustomization *made = &reading->build->before;
    const struct irw_kustomization_path *path =
        &made->paths.items[reading->step->path];
    const struct irw_patch_copying patch = {
        .tree = &reading->tree,
        .kind = path->target.kind,
        .name = path->name,
        .at = reading->at,
        .arena = &reading->builds->arena,
        .copies = &reading->build->before.copies,
    };

    if (irw_patch_sets_part(&reading->tree, node))
        note(&made->parts, reading->at);
    return irw_patch_copies_read(&patch, node);
}

static imgrw_str
find_text(struct extension_reading *reading, uint32_t mapping, const char *key)
{
    uint32_t node = mapping == IRW_NO_NODE ? IRW_NO_NODE
                                           : find(reading, mapping, key);

    return node == IRW_NO_NODE ? (imgrw_str){0}
                               : irw_tree_text(&reading->tree, node);
}

/* Takes a document of a generator, for what it takes as data. What others make
 * comes from elsewhere. */
static bool
take_generator(struct extension_reading *reading, uint32_t root)
{
    irw_data_list *data = &reading->build->before.data;
    struct irw_generator_reading generators = {
        .source = &reading->source,
        .cursor = &reading->cursor,
        .tree = &reading->tree,
        .budget = &reading->budget,
        .data = data,
    };
    imgrw_str kind = find_text(reading, root, "kind");
    bool is_secret = irw_equal(kind, IRW_STR("SecretGenerator"));
    size_t before = data->count;

    if (!irw_equal(find_text(reading, root, "apiVersion"),
                   IRW_STR("builtin")) ||
        !(is_secret || irw_equal(kind, IRW_STR("ConfigMapGenerator")))) {
        note(&reading->build->before.generator, reading->at);
        return true;
    }
    if (!irw_generator_read(&generators, root, is_secret))
        return false;
    for (size_t i = before; i < data->count; i++)
        if (data->items[i].at.path == reading->at.path)
            data->items[i].at = reading->at;
    return true;
}

/* Takes the copies of the patch of a transformer. */
static bool
take_patch_text(struct extension_reading *reading, imgrw_str text,
                uint32_t target)
{
    struct irw_source source;
    struct irw_tree tree = {0};
    const struct irw_patch_copying patch = {
        .tree = &tree,
        .kind = find_text(reading, target, "kind"),
        .name = find_text(reading, target, "name"),
        .at = reading->at,
        .arena = &reading->builds->arena,
        .copies = &reading->build->before.copies,
    };
    enum imgrw_status status = irw_kustomize_text_read(
        text, NULL, &reading->builds->arena, &source, &tree);
    bool done = status != IMGRW_ERR_MEMORY;

    if (status != IMGRW_OK)
        note(&reading->build->before.writer, reading->at);
    for (size_t i = 0; i < tree.document_count && done; i++)
        done = irw_patch_copies_read(
            &patch, irw_tree_follow(&tree, tree.documents[i].root));
    irw_tree_clear(&tree);
    return done;
}

/* Takes a transformer that patches. The images in its patch are found where
 * they stand, which for one in a file may depend on the target. */
static bool
take_patch_transformer(struct extension_reading *reading, uint32_t root)
{
    static const char *const keys[] = {"patch", "jsonOp", "patches"};
    uint32_t target = find(reading, root, "target");

    if (target != IRW_NO_NODE && find(reading, root, "path") != IRW_NO_NODE)
        note(&reading->build->before.writer, reading->at);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        imgrw_str text = find_text(reading, root, keys[i]);

        if (irw_may_copy(text) && !take_patch_text(reading, text, target))
            return false;
    }
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
    if (irw_entry_read(&reading->tree, irw_tree_follow(&reading->tree, image),
                       &entry, &valid, &error) != IMGRW_OK)
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
        "PrefixTransformer",       "PatchStrategicMergeTransformer",
        "PrefixSuffixTransformer", "ReplicaCountTransformer",
        "SortOrderTransformer",    "SuffixTransformer",
        NULL};
    static const char *const patches[] = {"PatchTransformer",
                                          "PatchJson6902Transformer", NULL};
    uint32_t version = find(reading, root, "apiVersion");
    uint32_t kind = find(reading, root, "kind");
    imgrw_str text;

    if (version == IRW_NO_NODE || kind == IRW_NO_NODE ||
        !irw_equal(irw_tree_text(&reading->tree, version),
                   IRW_STR("builtin"))) {
        note(&reading->build->before.writer, reading->at);
        return true;
    }
    text = irw_tree_text(&reading->tree, kind);
    if (irw_equal(text, IRW_STR("ReplacementTransformer")))
        return take_copies(reading, root);
    if (irw_is_one_of(text, patches))
        return take_patch_transformer(reading, root);
    if (irw_equal(text, IRW_STR("ImageTagTransformer")))
        return take_setter(reading, root);
    if (!irw_is_one_of(text, harmless))
        note(&reading->build->before.writer, reading->at);
    return true;
}

/* Whether a list of fields has one with an image. */
static bool
has_image(struct extension_reading *reading, uint32_t list)
{
    struct irw_items items = irw_items(&reading->tree, list);
    uint32_t item, index;

    while (irw_items_next(&items, &item, &index)) {
        uint32_t path = find(reading, irw_tree_follow(&reading->tree, item),
                             "path");

        if (path != IRW_NO_NODE &&
            irw_contains(irw_tree_text(&reading->tree, path), "image"))
            return true;
    }
    return false;
}

/* Takes a configuration, which may have entries reach fields that they do not
 * reach otherwise, and variables as well. */
static void
take_configuration(struct extension_reading *reading, uint32_t root)
{
    uint32_t images = find(reading, root, "images");
    uint32_t variables = find(reading, root, "varReference");

    if ((images != IRW_NO_NODE &&
         reading->tree.nodes[images].next > images + 1) ||
        (variables != IRW_NO_NODE && has_image(reading, variables)))
        note(&reading->build->before.wider, reading->at);
}

/* Takes the documents of a text, of which kustomize reads the first, but for
 * transformers. */
static bool
take_documents(struct extension_reading *reading, enum irw_path_role role)
{
    bool done = true;

    for (size_t i = 0; i < reading->tree.document_count && done; i++) {
        uint32_t root =
            irw_tree_follow(&reading->tree, reading->tree.documents[i].root);

        if (role == IRW_PATH_TRANSFORMER)
            done = take_transformer(reading, root);
        else if (role == IRW_PATH_GENERATOR)
            done = take_generator(reading, root);
        else if (role == IRW_PATH_PATCH)
            done = take_patch(reading, root);
        else if (role == IRW_PATH_REPLACEMENT && i == 0)
            done = take_copies(reading, root);
        else if (i == 0)
            take_configuration(reading, root);
    }
    return done;
}

/* Whether a patch has words of images in parts. */
static bool
may_set_parts(imgrw_str patch)
{
    return irw_contains(patch, "registry") || irw_contains(patch, "repository");
}

/* Notes a patch of which nobody knows the kind that it is for, and that has
 * something that may be an image there. */
static void
look_for_possible(const struct irw_builds *builds, struct irw_build *build,
                  const struct irw_build_step *step, imgrw_str text)
{
    const struct irw_kustomization_path *path =
        &build->before.paths.items[step->path];
    bool is_file = step->target == IRW_TARGET_FILE;
    const struct imgrw_manifest *manifest =
        builds->files[is_file ? step->index : build->file].manifest;
    const struct imgrw_image *image;

    if (!path->has_target || path->target.kind.size > 0)
        return;
    if (may_set_parts(text))
        note(&build->before.writer, step->at);
    for (size_t i = 0; (image = imgrw_manifest_possible(manifest, i)); i++)
        if (is_file || (image->at.offset >= path->at.offset &&
                        image->at.offset < path->end))
            note(&build->before.writer, step->at);
}

/* Reads a text; one that is no YAML may do anything, and so may one that cannot
 * be read. */
static enum imgrw_status
read_text(struct irw_builds *builds, struct irw_build *build,
          const struct irw_build_step *step, imgrw_str text, const char *path,
          struct imgrw_error *error)
{
    struct extension_reading reading = {
        .builds = builds,
        .build = build,
        .step = step,
        .at = step->at,
        .budget = irw_budget_again(),
    };
    enum imgrw_status status;
    bool done = true;

    if (step->role == IRW_PATH_PATCH)
        look_for_possible(builds, build, step, text);
    if (step->role == IRW_PATH_PATCH && !irw_may_copy(text) &&
        !may_set_parts(text))
        return IMGRW_OK;
    status = irw_kustomize_text_read(text, path, &builds->arena,
                                     &reading.source, &reading.tree);

    if (status == IMGRW_OK)
        done = take_documents(&reading, step->role);
    if (status != IMGRW_OK || reading.budget.spent)
        note_unknown(build, step);
    irw_tree_clear(&reading.tree);
    return status == IMGRW_ERR_MEMORY || !done ? irw_fail_memory(error)
                                               : IMGRW_OK;
}

static enum imgrw_status
read_file(struct irw_builds *builds, struct irw_build *build,
          const struct irw_build_step *step, size_t file,
          struct imgrw_error *error)
{
    imgrw_str text;
    enum imgrw_status status = irw_builds_text(builds, file, &text, error);

    return status == IMGRW_OK ? read_text(builds, build, step, text,
                                          builds->files[file].path, error)
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
    const struct irw_build_file *own = &builds->files[build->file];

    switch (step->target) {
    case IRW_TARGET_INLINE:
        return read_text(builds, build, step,
                         build->before.paths.items[step->path].text, own->path,
                         error);
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
    if (build->before.wider.line > 0 &&
        (made->entries.count > 0 || made->has_variables))
        note(&build->before.reach, build->before.wider);
    return status;
}

/* Whether what a step leads to is to be read: of patches, only their texts. */
static bool
is_read(const struct irw_build_step *step)
{
    return step->role == IRW_PATH_PATCH
               ? step->target == IRW_TARGET_FILE ||
                     step->target == IRW_TARGET_INLINE
               : step->role >= IRW_PATH_REPLACEMENT;
}

enum imgrw_status
irw_extensions_read(struct irw_builds *builds, struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < builds->items.count && status == IMGRW_OK; i++) {
        struct irw_build *build = &builds->items.items[i];
        size_t data = build->before.data.count;

        for (size_t k = 0; k < build->steps.count && status == IMGRW_OK; k++)
            if (is_read(&build->steps.items[k]))
                status = read_step(builds, build, &build->steps.items[k],
                                   error);
        if (status == IMGRW_OK && build->before.data.count > data)
            status = irw_build_find_data(builds, build, error);
    }
    irw_builds_inherit(builds);
    for (size_t i = 0; i < builds->order.count && status == IMGRW_OK; i++)
        status = inherit(
            builds, &builds->items.items[builds->order.items[i]], error);
    return status;
}
