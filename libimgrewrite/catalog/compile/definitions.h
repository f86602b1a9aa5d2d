/*
 * The definitions: what the .def files say of each kind, read and checked.
 *
 * This is part of a program that runs when the library is built. It ends with a
 * message at the first mistake.
 */
#pragma once

#include "base/arena.h"
#include "catalog/place_builder.h"

/* What a path in a .def file leads to. */
enum content {
    IMAGE,
    FULL,
    NAMED,
    CONTAINER,
    SPLIT,
    BASE,
    URL,
    OVERRIDE,
    RESOLVER,
    KUSTOMIZE,
    VALUES,
    DATA,
    LITERAL,
    DOCUMENT,
    PATCH,
    ENV,
    ARGS,
    SYNC,
    PARAMETERS,
    RUN_PARAMETERS,
    SETTINGS,
    UPDATED_NAMES,
    ALIAS,
    POD,
    POD_TEMPLATE,
    POLICY,
    METADATA_ANNOTATIONS,
};

#define CONTENT_COUNT 27

struct content_info {
    const char *text; /* for people */
    enum irw_shape shape;
    const struct irw_place *place; /* one that exists; NULL: none */
    const char *symbol;            /* the name of that place in C */
};

extern const struct content_info contents[CONTENT_COUNT];

/* A line of a .def file: a kind, or a path of the kinds before it. */
struct line {
    const char *group, *kind; /* kind NULL: a path */
    const char *path;
    enum content content;
    enum imgrw_class image_class;
    const char *companions; /* in the grammar of companion.h; NULL: none */
    const char *target;     /* GROUP/KIND that a patch is for; NULL: it says */
};

/* Kinds with the same paths: lines `start` to `paths` are the kinds, `paths` to
 * `end` their paths. */
struct block {
    const struct line *start, *paths, *end;
    bool is_builtin; /* as in struct irw_kind */
    const struct irw_place *place;
};

/* One kind. */
struct entry {
    const struct line *line;
    const struct block *block;
};

struct definitions {
    struct irw_arena arena;
    struct block blocks[1000];
    struct entry entries[2000]; /* by kind in lower case, then by group */
    size_t block_count, entry_count;
};

/* Ends the program with a message about `name`. */
_Noreturn void definitions_fail(const char *what, const char *name);

/* Takes a path in which one of each group of alternatives, {a,b}, is chosen. */
typedef void definitions_path_fn(const char *path, const struct line *line,
                                 void *user);

/* Calls `take` for each way to choose among the alternatives in the path of
 * `line`. */
void definitions_each_path(struct definitions *definitions,
                           const struct line *line, definitions_path_fn *take,
                           void *user);

/* Reads all .def files. */
void definitions_read(struct definitions *definitions);
