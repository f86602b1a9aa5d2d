/*
 * Writing files, all or none: every new text first goes to a temporary file in
 * the folder where it belongs, and only when all are there are they renamed.
 */
#pragma once

#include "base/list.h"

#include <imgrewrite/base.h>

#include <sys/stat.h>

/* A file to write. */
struct irw_new_file {
    const char *path; /* where, and for messages */
    imgrw_str text;
    const struct stat *like; /* gives mode and owner */
};

struct irw_write {
    char *target;    /* the file to replace or make */
    char *temporary; /* until it is renamed */
    struct stat was; /* what the target was when it was read */
    bool replaces;   /* whether it was there */
};

/* Zero-initialised is empty. */
struct irw_transaction {
    IRW_LIST(struct irw_write) writes;
    IRW_LIST(char *) folders; /* that were made, outer ones first */
    size_t written;           /* of `writes`, from the first on */
    bool committed;           /* all of them */
};

/* Stages the text as the new content of the file at `path`, links followed,
 * which was `like` when it was read. Mode and owner are kept. A read-only file
 * is refused, also to root, for whom a rename would go through. IMGRW_ERR_IO,
 * with `path` in it; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_stage_replacement(struct irw_transaction *transaction,
                                        const struct irw_new_file *file,
                                        struct imgrw_error *error);

/* Stages the text as the file `path` below `directory`, with the mode of
 * `like`, and makes the folders on the way to it. */
enum imgrw_status irw_stage_file(struct irw_transaction *transaction,
                                 const char *directory,
                                 const struct irw_new_file *file,
                                 struct imgrw_error *error);

/* Renames all that is staged. IMGRW_ERR_IO: a target has changed since it was
 * read (nothing is renamed), or a rename failed (the message says how many were
 * done). */
enum imgrw_status irw_commit(struct irw_transaction *transaction,
                             struct imgrw_error *error);

/* Removes the temporary files that are left and, unless all has been renamed,
 * the folders that were made; releases the memory. */
void irw_transaction_clear(struct irw_transaction *transaction);
