/*
 * Reading a whole file.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>
#include <sys/stat.h>

/* What a file held, and what it was at that moment. */
struct irw_file_text {
    char *data; /* malloc'ed */
    size_t size;
    struct stat info;
};

/* Reads the file at `path`, or standard input for "-". IMGRW_ERR_IO;
 * IMGRW_ERR_LIMIT: more than `max_bytes`; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_read_file(const char *path, size_t max_bytes,
                                struct irw_file_text *text,
                                struct imgrw_error *error);

/* The same for a file with secrets: its memory never grows, which would leave
 * copies of it, and is overwritten on failure. */
enum imgrw_status irw_read_secret(const char *path, size_t max_bytes,
                                  struct irw_file_text *text,
                                  struct imgrw_error *error);

/* Whether both are one file, to which nobody has written in between. */
bool irw_is_same_file(const struct stat *one, const struct stat *other);

/* Whether `path` leads to something below a folder that it is joined to: it is
 * not empty, does not begin with "/", and has no part "..". */
bool irw_is_path_below(const char *path);
