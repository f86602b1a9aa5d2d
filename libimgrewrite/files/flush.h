/*
 * Flushing: new files reach the disk before they take the place of old ones.
 */
#pragma once

#include "base/list.h"

#include <imgrewrite/base.h>

#include <sys/stat.h>

/* A file system that files are written to. */
struct irw_file_system {
    dev_t device;
    int file;     /* a descriptor, opened before the first write */
    size_t count; /* files that are written */
    bool whole;   /* all of it has been flushed */
};

/* Zero-initialised is empty. */
struct irw_flush {
    IRW_LIST(struct irw_file_system) systems;
};

/* Notes that a file of `device` in the folder of `path` is about to be written.
 * 0, or an errno. */
int irw_flush_note(struct irw_flush *flush, const char *path, dev_t device);

/* Flushes the file systems that many files were written to; 0, or an errno. */
int irw_flush_systems(struct irw_flush *flush);

/* Flushes a file that was written and closed, unless all of its file system has
 * been; 0, or an errno. */
int irw_flush_file(const struct irw_flush *flush, const char *path,
                   dev_t device);

/* Makes what was done in the folder of `path` last, as far as its file system
 * does. */
void irw_flush_folder(const char *path);

void irw_flush_clear(struct irw_flush *flush);
