/*
 * A program that runs when the library is built: it checks the .def files and
 * turns them into the table of kinds, as C, or into the page that lists them.
 *
 *     compile table FILE
 *     compile page FILE
 */
#include "base/str.h"
#include "catalog/catalog.h"
#include "catalog/place_builder.h"
#include "catalog/sibling_tag.h"
#include "catalog/pods.h"

#include <stdio.h>
#include <stdlib.h>

/* What the .def files say at the end of a path. */
enum leaf {
    IMAGE, FULL, CONTAINER, SPLIT, BASE, URL, OVERRIDE, RESOLVER, KUSTOMIZE,
    VALUES, DATA, DOCUMENT, ENV, ARGS, POD, POD_TEMPLATE, POLICY,
};

static const struct {
    const char *name, *text; /* for the page */
    enum irw_shape shape;
    const struct irw_place *place;
    const char *symbol; /* of the place */
} leaves[] = {
    [IMAGE] = {"IMAGE", "reference", IRW_SHAPE_IMAGE, NULL, NULL},
    [FULL] = {"FULL", "reference, if it has a path and a tag", IRW_SHAPE_FULL,
              NULL, NULL},
    [CONTAINER] = {"CONTAINER", "container", IRW_SHAPE_NONE, NULL, NULL},
    [SPLIT] = {"SPLIT", "map of parts", IRW_SHAPE_SPLIT, NULL, NULL},
    [BASE] = {"BASE", "registry or path, only told of", IRW_SHAPE_BASE, NULL,
              NULL},
    [URL] = {"URL", "oci:// or docker://", IRW_SHAPE_URL, NULL, NULL},
    [OVERRIDE] = {"OVERRIDE", "name=reference", IRW_SHAPE_OVERRIDE, NULL, NULL},
    [RESOLVER] = {"RESOLVER", "parameter that names a bundle",
                  IRW_SHAPE_RESOLVER, NULL, NULL},
    [KUSTOMIZE] = {"KUSTOMIZE", "kustomize images", IRW_SHAPE_KUSTOMIZE, NULL,
                   NULL},
    [VALUES] = {"VALUES", "Helm values", IRW_SHAPE_VALUES, NULL, NULL},
    [DATA] = {"DATA", "reference or document", IRW_SHAPE_DATA, NULL, NULL},
    [DOCUMENT] = {"DOCUMENT", "document", IRW_SHAPE_DOCUMENT, NULL, NULL},
    [ENV] = {"ENV", "variables", IRW_SHAPE_ENV, NULL, NULL},
    [ARGS] = {"ARGS", "arguments", IRW_SHAPE_ARGS, NULL, NULL},
    [POD] = {"POD", "pod spec", IRW_SHAPE_NONE, &irw_pod_spec, "irw_pod_spec"},
    [POD_TEMPLATE] = {"POD_TEMPLATE", "pod template", IRW_SHAPE_NONE,
                      &irw_pod_template, "irw_pod_template"},
    [POLICY] = {"POLICY", "pod specs, but in no condition", IRW_SHAPE_NONE,
                &irw_policy, "irw_policy"},
};

#define LEAF_COUNT (sizeof(leaves) / sizeof(leaves[0]))

/* A line of a .def file: a kind, or a path of the kinds before it. */
struct line {
    const char *group, *kind; /* kind NULL: a path */
    const char *path;
    enum leaf leaf;
    enum imgrw_class image_class;
    const char *joint; /* NULL: none */
};

#define IRW_KIND(group, kind) \
    {(group), (kind), NULL, IMAGE, IMGRW_CLASS_POD, NULL},
#define IRW_AT(leaf, path) IRW_AT_IN(CRD, leaf, path)
#define IRW_AT_IN(image_class, leaf, path) \
    {NULL, NULL, (path), (leaf), IMGRW_CLASS_##image_class, NULL},
#define IRW_JOIN(leaf, path, joint) \
    {NULL, NULL, (path), (leaf), IMGRW_CLASS_CRD, (joint)},

static const struct line own_kinds[] = {
#include "catalog/places.def"
};
static const struct line other_kinds[] = {
#include "catalog/custom_resources.def"
#include "catalog/files.def"
};

/* Kinds with the same paths: lines `start` to `paths`, and `paths` to `end`. */
struct block {
    const struct line *start, *paths, *end;
    bool closed;
    const struct irw_place *place;
    size_t number; /* of the place, among those that are printed */
};

struct entry {
    const struct line *line;
    const struct block *block;
};

static struct irw_arena arena;
static struct block blocks[1000];
static struct entry entries[2000];
static size_t block_count, entry_count;

/* The places and steps that are printed, in the order of their numbers. */
static const struct irw_place *places[20000];
static size_t place_count;

static _Noreturn void
fail(const char *what, const char *name)
{
    fprintf(stderr, "the catalog: %s: %s\n", name, what);
    exit(EXIT_FAILURE);
}

static void *
checked(void *memory)
{
    if (!memory)
        fail("out of memory", "compile");
    return memory;
}

/* Takes a path whose alternatives, {a,b}, have been chosen. */
typedef void path_fn(const char *path, const struct line *line, void *user);

/* Calls `take` for each way to choose among the alternatives in `path`. */
static void
choose(const char *path, const struct line *line, path_fn *take, void *user)
{
    const char *open = strchr(path, '{');
    const char *close = open ? strchr(open, '}') : NULL;
    const char *start = open;

    if (!open) {
        take(path, line, user);
        return;
    }
    if (!close)
        fail("a brace is not closed", path);
    while (start < close) {
        size_t size = strcspn(start + 1, ",}");
        size_t longest = strlen(path) + 1;
        char *chosen = checked(irw_arena_calloc(&arena, 1, longest));

        snprintf(chosen, longest, "%.*s%.*s%s", (int)(open - path), path,
                 (int)size, start + 1, close + 1);
        choose(chosen, line, take, user);
        start += 1 + size;
    }
}

static void
add_leaf(struct irw_place_builder *root, const char *path, enum leaf leaf,
         enum imgrw_class image_class)
{
    struct irw_place_end made = {
        .place = leaves[leaf].place,
        .shape = leaves[leaf].shape,
        .image_class = image_class,
    };
    struct irw_path_steps steps = {.count = 0};
    struct imgrw_error error;

    if (leaf == VALUES)
        made.place = image_class == IMGRW_CLASS_CRD ? &irw_custom_values
                                                    : &irw_values;
    if (*path && irw_path_parse(irw_str(path), &arena, &steps, &error))
        fail(error.message, path);
    if (leaf == KUSTOMIZE && steps.count > 0)
        steps.at[steps.count - 1].list = true;
    if (irw_place_builder_add(root, &steps, false, made, &arena, &error))
        fail(error.message, path);
}

/* Checks what an image is joined with, whose map has `depth` maps around it. */
static void
check_joint(const char *joint, size_t depth, const char *path)
{
    imgrw_str words = irw_str(joint);
    struct irw_sibling_tag_word word;
    bool versioned = false, registry = false;

    while (irw_sibling_tag_next(&words, &word)) {
        if (word.mark == IRW_SIBLING_REGISTRY && (registry || versioned))
            fail("a joint has one registry, before its tags", path);
        registry |= word.mark == IRW_SIBLING_REGISTRY;
        if (word.up > depth)
            fail("a joint leaves the resource", path);
        for (size_t i = 0; i < word.path.size; i++)
            if (strchr("*[]{}\\", word.path.data[i]))
                fail("a joint has a path that is no more than keys", path);
        versioned |= word.mark <= IRW_SIBLING_EITHER;
    }
    if (words.size > 0 || !versioned)
        fail("a joint is malformed, or has no tag", path);
}

/* Has the map of the image at `path` join it. */
static void
add_joint(struct irw_place_builder *root, const char *path, const char *joint)
{
    struct irw_sibling_tag *joints =
        checked(irw_arena_calloc(&arena, 2, sizeof(*joints)));
    struct irw_place_end leaf = {
        .shape = IRW_SHAPE_JOIN,
        .image_class = IMGRW_CLASS_CRD,
        .joints = joints,
    };
    struct irw_path_steps steps = {.count = 0};
    struct imgrw_error error;

    if (irw_path_parse(irw_str(path), &arena, &steps, &error))
        fail(error.message, path);
    steps.count--;
    if (steps.at[steps.count].any || steps.at[steps.count].list)
        fail("what is joined has no key of its own", path);
    check_joint(joint, steps.count, path);
    joints->key = steps.at[steps.count].key;
    joints->words = irw_str(joint);
    if (irw_place_builder_add(root, &steps, false, leaf, &arena, &error))
        fail(error.message, path);
}

/* A path_fn. */
static void
add_path(const char *path, const struct line *line, void *user)
{
    static const struct {
        const char *key;
        enum leaf leaf;
        enum imgrw_class image_class;
    } parts[] = {
        {"image", IMAGE, IMGRW_CLASS_CRD},
        {"args", ARGS, IMGRW_CLASS_ARGS},
        {"command", ARGS, IMGRW_CLASS_ARGS},
        {"env", ENV, IMGRW_CLASS_ENV},
    };
    char part[512];

    if (line->joint)
        add_joint(user, path, line->joint);
    if (line->leaf != CONTAINER) {
        add_leaf(user, path, line->leaf, line->image_class);
        return;
    }
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        snprintf(part, sizeof(part), "%s/%s", path, parts[i].key);
        add_leaf(user, checked(irw_arena_copy(&arena, irw_str(part))),
                 parts[i].leaf, parts[i].image_class);
    }
}

/* Nothing may lie below a place that is made already. */
static void
check_draft(const struct irw_place_builder *draft, const char *kind)
{
    if (draft->leaf.place && (draft->children || draft->any))
        fail("a path leads into a pod spec or into values", kind);
    if (draft->leaf.joints && draft->leaf.shape != IRW_SHAPE_JOIN)
        fail("a map has a shape, and images that are to be joined", kind);
    for (const struct irw_place_builder *child = draft->children; child;
         child = child->next)
        check_draft(child, kind);
    if (draft->any)
        check_draft(draft->any, kind);
}

/* Reads a block, and returns where the next one starts. */
static const struct line *
read_block(const struct line *line, const struct line *end, bool closed)
{
    struct block *block = &blocks[block_count++];
    struct irw_place_builder *root =
        checked(irw_arena_calloc(&arena, 1, sizeof(*root)));

    *block = (struct block){.start = line, .closed = closed};
    for (; line < end && line->kind; line++)
        entries[entry_count++] = (struct entry){line, block};
    block->paths = line;
    for (; line < end && !line->kind; line++)
        choose(line->path, line, add_path, root);
    block->end = line;
    if (block->start == block->paths || block->paths == block->end)
        fail("a kind without paths, or paths without a kind",
             block->start->kind ? block->start->kind : block->start->path);
    check_draft(root, block->start->kind);
    block->place =
        checked((void *)(uintptr_t)irw_place_builder_finish(root, &arena));
    return line;
}

static int
compare_text(const char *one, const char *other, bool nocase)
{
    return nocase ? strcasecmp(one, other) : strcmp(one, other);
}

static int
by_kind(const void *one, const void *other)
{
    const struct line *a = ((const struct entry *)one)->line;
    const struct line *b = ((const struct entry *)other)->line;
    int order = compare_text(a->kind, b->kind, true);

    return order != 0 ? order : strcmp(a->group, b->group);
}

static int
by_group(const void *one, const void *other)
{
    const struct line *a = ((const struct entry *)one)->line;
    const struct line *b = ((const struct entry *)other)->line;
    int order = strcmp(a->group, b->group);

    return order != 0 ? order : compare_text(a->kind, b->kind, true);
}

static void
read_all(const struct line *line, size_t count, bool closed)
{
    const struct line *end = line + count;

    while (line < end)
        line = read_block(line, end, closed);
}

/* The name of a place that is not printed, or NULL. */
static const char *
symbol_of(const struct irw_place *place)
{
    if (place == &irw_values)
        return "irw_values";
    if (place == &irw_custom_values)
        return "irw_custom_values";
    for (size_t i = 0; i < LEAF_COUNT; i++)
        if (leaves[i].place == place)
            return leaves[i].symbol;
    return NULL;
}

/* Numbers a place and all below it. */
static void
number_place(const struct irw_place *place)
{
    if (symbol_of(place))
        return;
    places[place_count++] = place;
    for (size_t i = 0; i < place->step_count; i++)
        number_place(place->steps[i].to);
    if (place->other)
        number_place(place->other);
}

static size_t
number_of(const struct irw_place *place)
{
    size_t number = 0;

    while (places[number] != place)
        number++;
    return number;
}

static void
print_place_name(FILE *out, const struct irw_place *place)
{
    const char *symbol = symbol_of(place);

    if (symbol)
        fprintf(out, "&%s", symbol);
    else
        fprintf(out, "&places[%zu]", number_of(place));
}

static void
print_steps(FILE *out)
{
    fputs("static const struct irw_step steps[] = {\n", out);
    for (size_t i = 0; i < place_count; i++)
        for (size_t k = 0; k < places[i]->step_count; k++) {
            imgrw_str key = places[i]->steps[k].key;

            fprintf(out, "    {{\"%.*s\", %zu}, ", (int)key.size, key.data,
                    key.size);
            print_place_name(out, places[i]->steps[k].to);
            fputs("},\n", out);
        }
    fputs("};\n", out);
}

/* Prints the joints of all places, those of each with an empty one behind
 * them. */
static void
print_joints(FILE *out)
{
    fputs("static const struct irw_sibling_tag joints[] = {\n", out);
    for (size_t i = 0; i < place_count; i++) {
        const struct irw_sibling_tag *joint = places[i]->joints;

        for (; joint && joint->key.data; joint++)
            fprintf(out, "    {{\"%.*s\", %zu}, {\"%s\", %zu}},\n",
                    (int)joint->key.size, joint->key.data, joint->key.size,
                    joint->words.data, joint->words.size);
        if (joint)
            fputs("    {{0}, {0}},\n", out);
    }
    fputs("};\n", out);
}

/* Prints where the place's joints are, and goes on to those of the next. */
static void
print_joint_name(FILE *out, const struct irw_place *place, size_t *joint)
{
    if (!place->joints) {
        fputs("NULL", out);
        return;
    }
    fprintf(out, "joints + %zu", *joint);
    for (size_t i = 0; place->joints[i].key.data; i++)
        ++*joint;
    ++*joint;
}

static void
print_places(FILE *out)
{
    size_t step = 0, joint = 0;

    fprintf(out, "static const struct irw_place places[%zu] = {\n",
            place_count);
    for (size_t i = 0; i < place_count; i++) {
        const struct irw_place *place = places[i];

        fprintf(out, "    {steps + %zu, %zu, ", step, place->step_count);
        if (place->item)
            print_place_name(out, place->item);
        else
            fputs("NULL", out);
        fputs(", ", out);
        if (place->other)
            print_place_name(out, place->other);
        else
            fputs("NULL", out);
        fprintf(out, ", %u, %u, ", (unsigned)place->shape,
                (unsigned)place->image_class);
        print_joint_name(out, place, &joint);
        fputs(", false},\n", out);
        step += place->step_count;
    }
    fputs("};\n", out);
}

static void
print_table(FILE *out)
{
    for (size_t i = 0; i < block_count; i++)
        number_place(blocks[i].place);
    fprintf(out, "/* Made by compile.c from the .def files. */\n"
                 "#include \"catalog/catalog.h\"\n"
                 "#include \"catalog/pods.h\"\n\n"
                 "static const struct irw_place places[%zu];\n", place_count);
    print_steps(out);
    print_joints(out);
    print_places(out);
    fputs("const struct irw_kind irw_kinds[] = {\n", out);
    for (size_t i = 0; i < entry_count; i++) {
        const struct line *line = entries[i].line;

        fputs("    {{\"", out);
        for (const char *c = line->kind; *c; c++)
            fputc(irw_lower(*c), out);
        fprintf(out, "\", %zu}, {\"%s\", %zu}, ", strlen(line->kind),
                line->group, strlen(line->group));
        print_place_name(out, entries[i].block->place);
        fprintf(out, ", %d},\n", entries[i].block->closed);
    }
    fprintf(out, "};\nconst size_t irw_kind_count = %zu;\n", entry_count);
}

/* A path_fn. */
static void
print_path(const char *path, const struct line *line, void *user)
{
    const char *image_class = leaves[line->leaf].place
                                  ? "pod"
                                  : imgrw_class_name(line->image_class);

    fprintf(user, "| %s%s%s | %s%s%s%s | %s |\n", *path ? "`" : "",
            *path ? path : "all of it", *path ? "`" : "",
            leaves[line->leaf].text, line->joint ? ", with `" : "",
            line->joint ? line->joint : "", line->joint ? "`" : "",
            image_class);
}

static void
print_page(FILE *out)
{
    qsort(entries, entry_count, sizeof(entries[0]), by_group);
    fprintf(out,
            "# The kinds that the catalog knows\n\n"
            "Made from the .def files in catalog/ when the library is built; "
            "%zu kinds.\nIn any kind that is not here, and beside what stands "
            "here, pod specs are found\nwherever they are.\n\n"
            "Some images are read with what stands under other keys, as in "
            "\"with `@sha :tag`\":\n`:` is a tag, `@` a digest, `/` a "
            "registry; \"../\" leads to the map around the\nimage's own, where "
            "it is only read. Of tags and digests the first that is set\n"
            "counts, and where that behind `!` is set and not false, none "
            "does.\n",
            entry_count);
    for (size_t i = 0; i < entry_count; i++) {
        const struct line *line = entries[i].line;

        fprintf(out, "\n## %s%s%s\n\n| path | what | class |\n|---|---|---|\n",
                line->kind, *line->group ? ", " : "", line->group);
        for (line = entries[i].block->paths; line < entries[i].block->end;
             line++)
            choose(line->path, line, print_path, out);
    }
}

int
main(int argc, char **argv)
{
    FILE *out = argc == 3 ? fopen(argv[2], "w") : NULL;
    int failed;

    if (!out)
        fail("compile table|page FILE", "usage");
    read_all(own_kinds, sizeof(own_kinds) / sizeof(own_kinds[0]), true);
    read_all(other_kinds, sizeof(other_kinds) / sizeof(other_kinds[0]), false);
    qsort(entries, entry_count, sizeof(entries[0]), by_kind);
    for (size_t i = 1; i < entry_count; i++)
        if (by_kind(&entries[i - 1], &entries[i]) == 0)
            fail("a kind is listed twice", entries[i].line->kind);
    if (strcmp(argv[1], "table") == 0)
        print_table(out);
    else
        print_page(out);
    irw_arena_clear(&arena);
    failed = ferror(out);
    return fclose(out) != 0 || failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
