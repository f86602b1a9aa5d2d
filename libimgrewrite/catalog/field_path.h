/*
 * The path of a field, in the grammar of kustomize's field specs.
 */
#pragma once

#include "base/arena.h"

/* The longest path, in steps. */
#define IRW_PATH_MAX 64

struct irw_path_step {
    imgrw_str key; /* without escapes; not looked at where `any` is set */
    bool any;      /* "*": whatever the key */
    bool list;     /* "[]" follows it */
};

struct irw_path_steps {
    struct irw_path_step at[IRW_PATH_MAX];
    size_t count;
};

/* Reads `path`: keys with "/" between them, maybe one before the first as well;
 * "\/" is a slash in a key. Keys borrow from `path` or live in `arena`.
 * IMGRW_ERR_ARGUMENT, with `path` in the message; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_path_parse(imgrw_str path, struct irw_arena *arena,
                                 struct irw_path_steps *steps,
                                 struct imgrw_error *error);
