/*
 * What every part of the library shares: strings, statuses, locations, errors.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__GNUC__)
#define IMGRW_EXPORT __attribute__((visibility("default")))
#define IMGRW_CHECKED __attribute__((warn_unused_result))
#else
#define IMGRW_EXPORT
#define IMGRW_CHECKED
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes that belong to somebody else, which is why there is no `_free`. No NUL
 * has to follow them. `data` may be NULL where `size` is 0. */
typedef struct imgrw_str {
    const char *data;
    size_t size; /* bytes */
} imgrw_str;

/* A slice of a string literal: a value, and what initialises a static one. */
#define IMGRW_STR_INIT(literal) {"" literal, sizeof(literal) - 1}
#ifdef __cplusplus
#define IMGRW_STR(literal) (imgrw_str IMGRW_STR_INIT(literal))
#else
#define IMGRW_STR(literal) ((imgrw_str)IMGRW_STR_INIT(literal))
#endif

/* A slice of a NUL-terminated string; NULL gives an empty one. */
static inline imgrw_str
imgrw_str_from(const char *text)
{
    imgrw_str str;

    str.data = text;
    str.size = text ? strlen(text) : 0;
    return str;
}

/* Why a call failed. IMGRW_OK is zero; the numbers never change. */
enum imgrw_status {
    IMGRW_OK = 0,
    IMGRW_ERR_MEMORY = 1,    /* an allocation failed */
    IMGRW_ERR_ARGUMENT = 2,  /* the caller passed what the function forbids */
    IMGRW_ERR_ENCODING = 3,  /* the text is not UTF-8, or holds a NUL */
    IMGRW_ERR_SYNTAX = 4,    /* the text is not YAML */
    IMGRW_ERR_LIMIT = 5,     /* too large, too deep, or aliases that explode */
    IMGRW_ERR_REFERENCE = 6, /* not an image reference */
    IMGRW_ERR_RULE = 7,      /* a rule is malformed, or the set is not safe */
    IMGRW_ERR_EDIT = 8,      /* a rule asks for an edit that cannot be exact */
    IMGRW_ERR_PROOF = 9,     /* the edited text does not read as planned */
    IMGRW_ERR_IO = 10,       /* a file could not be read or written */
    IMGRW_ERR_STOPPED = 11,  /* a callback of the caller asked to stop */
    IMGRW_ERR_INPUT = 12, /* credentials, or another input, are malformed */
};

/* A place in a text. Line and column count from 1, the column in characters
 * (code points); both are 0 where the place is a whole file. */
struct imgrw_location {
    const char *path; /* as the caller gave it; borrowed; may be NULL */
    size_t offset;    /* bytes from the start of the text */
    uint32_t line, column;
};

/* What went wrong, where. Filled only when a call fails. */
struct imgrw_error {
    enum imgrw_status status;
    struct imgrw_location at;
    char message[256]; /* one sentence, NUL-terminated, no line break */
    uintptr_t reserved[4];
};

/* A file that is to be written. */
struct imgrw_output {
    size_t size; /* sizeof(struct imgrw_output) */
    const char *path; /* below the folder that all are written to */
    imgrw_str text;
    unsigned mode; /* permissions; 0: 0644 */
    int keep;      /* a file that exists already stays as it is */
};

/* Takes `size` bytes of output. Any value but 0 stops the call that produces
 * them, which then returns IMGRW_ERR_STOPPED. */
typedef int imgrw_write_fn(const char *data, size_t size, void *user);

/* Takes a warning: the place that it is about, with line 0 where that is not in
 * a file, and a sentence. */
typedef void imgrw_warn_fn(const struct imgrw_location *at, const char *message,
                           void *user);

/* The known word that an unknown one was probably meant to be. Begin with the
 * unknown one alone. */
struct imgrw_suggestion {
    imgrw_str word;    /* the unknown one; borrowed */
    const char *known; /* the nearest of those offered so far, as it was given;
                          NULL: none is near */
    size_t mistakes; /* letters that are too many, missing, wrong, or exchanged
                        with their neighbour */
};

/* Offers a known word, which is taken where it is nearer than those before it.
 * One is near if no more than a third of its letters are mistaken. NULL is
 * allowed. */
IMGRW_EXPORT void imgrw_suggest(struct imgrw_suggestion *suggestion,
                                const char *known);

/* A lower-case word or two for `status`, such as "not YAML"; never NULL. */
IMGRW_EXPORT const char *imgrw_status_text(enum imgrw_status status);

#ifdef __cplusplus
}
#endif
