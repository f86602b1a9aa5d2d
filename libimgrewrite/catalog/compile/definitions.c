#include "catalog/compile/definitions.h"
#include "base/str.h"
#include "catalog/companion.h"
#include "catalog/pods.h"

#include <stdio.h>
#include <stdlib.h>

const struct content_info contents[CONTENT_COUNT] = {
    [IMAGE] = {"reference", IRW_SHAPE_IMAGE, NULL, NULL},
    [FULL] = {"reference, if it has a path and a tag", IRW_SHAPE_FULL, NULL,
              NULL},
    [NAMED] = {"reference, if it is no host", IRW_SHAPE_NAMED, NULL, NULL},
    [CONTAINER] = {"container", IRW_SHAPE_NONE, NULL, NULL},
    [SPLIT] = {"map of parts", IRW_SHAPE_SPLIT, NULL, NULL},
    [BASE] = {"registry or path", IRW_SHAPE_BASE, NULL, NULL},
    [URL] = {"oci:// or docker://", IRW_SHAPE_URL, NULL, NULL},
    [OVERRIDE] = {"name=reference", IRW_SHAPE_OVERRIDE, NULL, NULL},
    [RESOLVER] = {"parameter that names a bundle", IRW_SHAPE_RESOLVER, NULL,
                  NULL},
    [KUSTOMIZE] = {"kustomize images", IRW_SHAPE_KUSTOMIZE, NULL, NULL},
    [VALUES] = {"Helm values", IRW_SHAPE_VALUES, NULL, NULL},
    [DATA] = {"reference or document", IRW_SHAPE_DATA, NULL, NULL},
    [LITERAL] = {"KEY=reference", IRW_SHAPE_LITERAL, NULL, NULL},
    [DOCUMENT] = {"document", IRW_SHAPE_DOCUMENT, NULL, NULL},
    [PATCH] = {"patch", IRW_SHAPE_PATCH, NULL, NULL},
    [ENV] = {"variables", IRW_SHAPE_ENV, NULL, NULL},
    [ARGS] = {"arguments", IRW_SHAPE_ARGS, NULL, NULL},
    [SYNC] = {"images by registry, only reported", IRW_SHAPE_SYNC, NULL, NULL},
    [PARAMETERS] = {"parameters", IRW_SHAPE_PARAMETERS, NULL, NULL},
    [RUN_PARAMETERS] = {"parameters, if they name nothing to build",
                        IRW_SHAPE_RUN_PARAMETERS, NULL, NULL},
    [SETTINGS] = {"Helm values by their paths", IRW_SHAPE_SETTINGS, NULL, NULL},
    [UPDATED_NAMES] = {"name, maybe with the versions that are wanted",
                       IRW_SHAPE_NAMES, NULL, NULL},
    [ALIAS] = {"name, if it has a path", IRW_SHAPE_ALIAS, NULL, NULL},
    [POD] = {"pod spec", IRW_SHAPE_NONE, &irw_pod_spec, "irw_pod_spec"},
    [POD_TEMPLATE] = {"pod template", IRW_SHAPE_NONE, &irw_pod_template,
                      "irw_pod_template"},
    [POLICY] = {"pod specs, except in conditions", IRW_SHAPE_NONE, &irw_policy,
                "irw_policy"},
    [METADATA_ANNOTATIONS] = {"annotations", IRW_SHAPE_NONE, &irw_annotations,
                              "irw_annotations"},
};

#define IRW_KIND(group, kind) \
    {(group), (kind), NULL, IMAGE, IMGRW_CLASS_POD, NULL, NULL},
#define IRW_AT(content, path) IRW_AT_IN(CRD, content, path)
#define IRW_AT_IN(image_class, content, path) \
    {NULL, NULL, (path), (content), IMGRW_CLASS_##image_class, NULL, NULL},
#define IRW_AT_WITH(content, path, companions) \
    IRW_AT_IN_WITH(CRD, content, path, companions)
#define IRW_AT_IN_WITH(image_class, content, path, companions) \
    {NULL, NULL, (path), (content), IMGRW_CLASS_##image_class, (companions), \
     NULL},
#define IRW_AT_FOR(target, path) \
    {NULL, NULL, (path), PATCH, IMGRW_CLASS_POD, NULL, (target)},

static const struct line own_kinds[] = {
#include "catalog/places.def"
};
static const struct line other_kinds[] = {
#include "catalog/custom_resources.def"
#include "catalog/files.def"
};

_Noreturn void
definitions_fail(const char *what, const char *name)
{
    fprintf(stderr, "the catalog: %s: %s\n", name, what);
    exit(EXIT_FAILURE);
}

static void *
checked(void *memory)
{
    if (!memory)
        definitions_fail("out of memory", "compile");
    return memory;
}

static void
choose(struct irw_arena *arena, const char *path, const struct line *line,
       definitions_path_fn *take, void *user)
{
    const char *open = strchr(path, '{');
    const char *close = open ? strchr(open, '}') : NULL;
    const char *start = open;

    if (!open) {
        take(path, line, user);
        return;
    }
    if (!close)
        definitions_fail("a brace is not closed", path);
    while (start < close) {
        size_t size = strcspn(start + 1, ",}");
        size_t longest = strlen(path) + 1;
        char *chosen = checked(irw_arena_calloc(arena, 1, longest));

        snprintf(chosen, longest, "%.*s%.*s%s", (int)(open - path), path,
                 (int)size, start + 1, close + 1);
        choose(arena, chosen, line, take, user);
        start += 1 + size;
    }
}

void
definitions_each_path(struct definitions *definitions, const struct line *line,
                      definitions_path_fn *take, void *user)
{
    choose(&definitions->arena, line->path, line, take, user);
}

/* A builder of the places of one block. */
struct building {
    struct irw_arena *arena;
    struct irw_place_builder *root;
};

/* Reads the path into `steps`; "" has none. */
static void
read_path(struct building *building, const char *path,
          struct irw_path_steps *steps)
{
    struct imgrw_error error;

    steps->count = 0;
    if (*path &&
        irw_path_parse(irw_str(path), building->arena, steps, &error))
        definitions_fail(error.message, path);
}

static void
build(struct building *building, const char *path,
      const struct irw_path_steps *steps, struct irw_place_end end)
{
    struct imgrw_error error;

    if (irw_place_builder_add(building->root, steps, false, end,
                              building->arena, &error))
        definitions_fail(error.message, path);
}

static void
add_content(struct building *building, const char *path, enum content content,
            enum imgrw_class image_class)
{
    struct irw_place_end end = {
        .place = contents[content].place,
        .shape = contents[content].shape,
        .image_class = image_class,
    };
    struct irw_path_steps steps;

    if (content == VALUES)
        end.place = image_class == IMGRW_CLASS_CRD ? &irw_custom_values
                                                   : &irw_values;
    read_path(building, path, &steps);
    if (content == KUSTOMIZE && steps.count > 0)
        steps.at[steps.count - 1].list = true;
    build(building, path, &steps, end);
}

/* Adds a patch that does not say what it is for. */
static void
add_patch(struct building *building, const char *path, const char *target)
{
    const struct irw_place_end end = {
        .shape = IRW_SHAPE_PATCH,
        .target = irw_str(target),
    };
    struct irw_path_steps steps;

    read_path(building, path, &steps);
    build(building, path, &steps, end);
}

/* Checks the companions of an image whose map has `depth` maps around it. */
static void
check_companions(const char *companions, size_t depth, const char *path)
{
    imgrw_str rest = irw_str(companions);
    struct irw_companion companion;
    bool versioned = false, named = false;

    while (irw_companion_next(&rest, &companion)) {
        if (companion.mark == IRW_COMPANION_REGISTRY ||
            companion.mark == IRW_COMPANION_NAME) {
            if (named || versioned)
                definitions_fail("one registry or name may come, before tags",
                                 path);
            named = true;
        }
        if (companion.up > depth)
            definitions_fail("a companion lies outside the resource", path);
        for (size_t i = 0; i < companion.path.size; i++)
            if (strchr("*[]{}\\", companion.path.data[i]))
                definitions_fail("the path of a companion is keys only", path);
        versioned |= companion.mark <= IRW_COMPANION_EITHER;
    }
    if (rest.size > 0 || !versioned)
        definitions_fail("companions are malformed, or have no tag", path);
}

/* Adds the image at `path`, with its companions, to those of its map. */
static void
add_companions(struct building *building, const char *path,
               const struct line *line)
{
    struct irw_companions *added =
        checked(irw_arena_calloc(building->arena, 2, sizeof(*added)));
    struct irw_place_end end = {
        .shape = IRW_SHAPE_JOIN,
        .image_class = line->image_class,
        .companions = added,
    };
    struct irw_path_steps steps;

    read_path(building, path, &steps);
    if (steps.count == 0 || steps.at[steps.count - 1].any ||
        steps.at[steps.count - 1].list)
        definitions_fail("an image with companions needs a key", path);
    steps.count--;
    check_companions(line->companions, steps.count, path);
    added->key = steps.at[steps.count].key;
    added->list = irw_str(line->companions);
    build(building, path, &steps, end);
}

/* Adds what may hold images in the container at `path`. */
static void
add_container(struct building *building, const char *path)
{
    static const struct {
        const char *key;
        enum content content;
        enum imgrw_class image_class;
    } parts[] = {
        {"image", IMAGE, IMGRW_CLASS_CRD},
        {"args", ARGS, IMGRW_CLASS_ARGS},
        {"command", ARGS, IMGRW_CLASS_ARGS},
        {"env", ENV, IMGRW_CLASS_ENV},
    };
    char part[512];

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        snprintf(part, sizeof(part), "%s/%s", path, parts[i].key);
        add_content(building,
                    checked(irw_arena_copy(building->arena, irw_str(part))),
                    parts[i].content, parts[i].image_class);
    }
}

/* A definitions_path_fn. */
static void
add_path(const char *path, const struct line *line, void *user)
{
    if (line->companions)
        add_companions(user, path, line);
    if (line->target)
        add_patch(user, path, line->target);
    else if (line->content == CONTAINER)
        add_container(user, path);
    else
        add_content(user, path, line->content, line->image_class);
}

/* Checks that no path goes on below a place that exists already. */
static void
check_builder(const struct irw_place_builder *builder, const char *kind)
{
    if (builder->end.place && (builder->children || builder->any))
        definitions_fail("a path leads into a pod spec or into values", kind);
    if (builder->end.companions && builder->end.shape != IRW_SHAPE_JOIN)
        definitions_fail("a map of another shape has companions", kind);
    for (const struct irw_place_builder *child = builder->children; child;
         child = child->next)
        check_builder(child, kind);
    if (builder->any)
        check_builder(builder->any, kind);
}

/* Reads a block, and returns where the next one starts. */
static const struct line *
read_block(struct definitions *definitions, const struct line *line,
           const struct line *end, bool is_builtin)
{
    struct irw_arena *arena = &definitions->arena;
    struct block *block = &definitions->blocks[definitions->block_count++];
    struct building building = {
        arena, checked(irw_arena_calloc(arena, 1, sizeof(*building.root)))};

    *block = (struct block){.start = line, .is_builtin = is_builtin};
    for (; line < end && line->kind; line++)
        definitions->entries[definitions->entry_count++] =
            (struct entry){line, block};
    block->paths = line;
    for (; line < end && !line->kind; line++)
        definitions_each_path(definitions, line, add_path, &building);
    block->end = line;
    if (block->start == block->paths || block->paths == block->end)
        definitions_fail("a kind without paths, or paths without a kind",
                         block->start->kind ? block->start->kind
                                            : block->start->path);
    check_builder(building.root, block->start->kind);
    block->place = irw_place_builder_finish(building.root, arena);
    if (!block->place)
        definitions_fail("out of memory", "compile");
    return line;
}

static void
read_all(struct definitions *definitions, const struct line *line, size_t count,
         bool is_builtin)
{
    const struct line *end = line + count;

    while (line < end)
        line = read_block(definitions, line, end, is_builtin);
}

static int
by_kind(const void *one, const void *other)
{
    const struct line *a = ((const struct entry *)one)->line;
    const struct line *b = ((const struct entry *)other)->line;
    int order = strcasecmp(a->kind, b->kind);

    return order != 0 ? order : strcmp(a->group, b->group);
}

void
definitions_read(struct definitions *definitions)
{
    struct entry *entries = definitions->entries;

    read_all(definitions, own_kinds, sizeof(own_kinds) / sizeof(own_kinds[0]),
             true);
    read_all(definitions, other_kinds,
             sizeof(other_kinds) / sizeof(other_kinds[0]), false);
    qsort(entries, definitions->entry_count, sizeof(*entries), by_kind);
    for (size_t i = 1; i < definitions->entry_count; i++)
        if (by_kind(&entries[i - 1], &entries[i]) == 0)
            definitions_fail("a kind is listed twice", entries[i].line->kind);
}
