/*
 * Writing files, all or none: every new text first goes to a temporary file in
 * the folder where it belongs. When all are there and flushed, each changes
 * places with the old one, which is kept until all have, so that a failure
 * midway can be undone.
 */
#pragma once

#include "files/flush.h"

/* A file to write. */
struct irw_new_file {
    const char *path; /* where, and for messages */
    imgrw_str text;
    const struct stat *like; /* gives mode and owner */
};

/* How far a write is. */
enum irw_write_state {
    IRW_WRITE_STAGED,
    /* the new file has its place: */
    IRW_WRITE_SWAPPED,  /* and the old one is where `temporary` says */
    IRW_WRITE_ADDED,    /* where nothing was */
    IRW_WRITE_REPLACED, /* and the old one is gone */
};

struct irw_write {
    char *target;    /* the file to replace or make */
    char *temporary; /* a file that is to go in the end; NULL: there is none */
    enum irw_write_state state;
    struct stat was; /* what the target was when it was read */
    bool replaces;   /* whether it was there */
    dev_t device;    /* of the new file */
};

/* Zero-initialised is empty. */
struct irw_transaction {
    IRW_LIST(struct irw_write) writes;
    IRW_LIST(char *) folders; /* that were made, outer ones first */
    struct irw_flush flush;
    bool committed; /* all of `writes` */
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

/* Flushes all that is staged and puts it in its place. IMGRW_ERR_IO: it could
 * not be flushed, a target has changed since it was read, or is in the way; all
 * is then as it was, or else the message says what could not be undone. */
enum imgrw_status irw_commit(struct irw_transaction *transaction,
                             struct imgrw_error *error);

/* Removes the temporary files that are left and, unless all has been renamed,
 * the folders that were made; releases the memory. */
void irw_transaction_clear(struct irw_transaction *transaction);
