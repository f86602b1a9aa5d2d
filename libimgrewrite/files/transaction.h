/*
 * Writing files, all or none: every new text first goes to a temporary file in
 * the folder where it belongs, and only when all are there are they renamed.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>
#include <sys/stat.h>

struct irw_write {
    char *target;    /* the file to replace or make */
    char *temporary; /* until it is renamed */
    struct stat was; /* what the target was when it was read */
    bool replaces;   /* whether it was there */
};

/* Zero-initialised is empty. */
struct irw_transaction {
    struct irw_write *items;
    size_t count, capacity;
};

/* Stages `text` as the new content of the file at `path`, links followed, which
 * was `was` when it was read. Mode and owner are kept. A read-only file is
 * refused, also to root, for whom a rename would go through. IMGRW_ERR_IO, with
 * `path` in it; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_stage_replacement(struct irw_transaction *transaction,
                                        const char *path, imgrw_str text,
                                        const struct stat *was,
                                        struct imgrw_error *error);

/* Stages `text` as the file `name` below `directory`, making folders on the
 * way, with the mode of `was`, the file it comes from. */
enum imgrw_status irw_stage_file(struct irw_transaction *transaction,
                                 const char *directory, const char *name,
                                 imgrw_str text, const struct stat *was,
                                 struct imgrw_error *error);

/* Renames all that is staged. IMGRW_ERR_IO: a target has changed since it was
 * read (nothing is renamed), or a rename failed (the message says how many were
 * done). */
enum imgrw_status irw_commit(struct irw_transaction *transaction,
                             struct imgrw_error *error);

/* Removes the temporary files that are left, and the memory. */
void irw_transaction_clear(struct irw_transaction *transaction);
