#include "files/transaction.h"
#include "base/error.h"
#include "base/str.h"
#include "files/targets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static enum imgrw_status
fail_io(const char *path, const char *what, struct imgrw_error *error)
{
    struct imgrw_location at = {.path = path};

    return irw_fail(error, IMGRW_ERR_IO, at, "%s: %s", what, strerror(errno));
}

static bool
write_all(int file, imgrw_str text)
{
    while (text.size > 0) {
        ssize_t written = write(file, text.data, text.size);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text = irw_slice(text, (size_t)written, text.size);
    }
    return true;
}

/* A name beside `target` that is hidden, no manifest's, and a template. */
static char *
temporary_name(const char *target)
{
    const char *slash = strrchr(target, '/');
    int folder = slash ? (int)(slash - target) + 1 : 0;
    char *name = NULL;

    if (asprintf(&name, "%.*s.%.200s.imgrewrite-XXXXXX", folder, target,
                 target + folder) < 0)
        return NULL;
    return name;
}

/* Gives the open file mode and, where `owner` is set, owner of `like`. */
static bool
take_after(int file, const struct stat *like, bool owner)
{
    struct stat own;

    if (fstat(file, &own) != 0)
        return false;
    if (owner && (own.st_uid != like->st_uid || own.st_gid != like->st_gid) &&
        fchown(file, like->st_uid, like->st_gid) != 0)
        return false;
    return fchmod(file, like->st_mode & 07777) == 0;
}

/* Writes the temporary file of `staged`. */
static enum imgrw_status
write_temporary(struct irw_write *staged, const char *path, imgrw_str text,
                struct imgrw_error *error)
{
    int file = mkostemp(staged->temporary, O_CLOEXEC);
    enum imgrw_status status = IMGRW_OK;

    if (file < 0) {
        status = fail_io(path, "cannot write beside it", error);
        free(staged->temporary);
        staged->temporary = NULL;
        return status;
    }
    if (!write_all(file, text))
        status = fail_io(path, "cannot be written", error);
    else if (!take_after(file, &staged->was, staged->replaces))
        status = fail_io(path, "cannot keep its mode and owner", error);
    else if (fsync(file) != 0)
        status = fail_io(path, "cannot be flushed", error);
    if (close(file) != 0 && status == IMGRW_OK)
        status = fail_io(path, "cannot be closed", error);
    return status;
}

/* Adds a write of `text` to `target`, which it takes over. */
static enum imgrw_status
stage(struct irw_transaction *transaction, char *target, const char *path,
      imgrw_str text, const struct stat *was, bool replaces,
      struct imgrw_error *error)
{
    void *items = transaction->items;
    struct irw_write *staged;

    if (!irw_grow(&items, &transaction->capacity, transaction->count + 1,
                  sizeof(*transaction->items))) {
        free(target);
        return irw_fail_memory(error);
    }
    transaction->items = items;
    staged = &transaction->items[transaction->count++];
    *staged = (struct irw_write){
        .target = target,
        .temporary = temporary_name(target),
        .was = *was,
        .replaces = replaces,
    };
    if (!staged->temporary)
        return irw_fail_memory(error);
    return write_temporary(staged, path, text, error);
}

enum imgrw_status
irw_stage_replacement(struct irw_transaction *transaction, const char *path,
                      imgrw_str text, const struct stat *was,
                      struct imgrw_error *error)
{
    struct imgrw_location at = {.path = path};
    char *target;

    if (!S_ISREG(was->st_mode))
        return irw_fail(error, IMGRW_ERR_IO, at,
                        "is no regular file and cannot be replaced");
    if ((was->st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0)
        return irw_fail(error, IMGRW_ERR_IO, at, "is read-only: %s",
                        strerror(EACCES));
    if (access(path, W_OK) != 0)
        return fail_io(path, "cannot be written", error);
    target = realpath(path, NULL);
    if (!target)
        return errno == ENOMEM ? irw_fail_memory(error)
                               : fail_io(path, "cannot be found", error);
    return stage(transaction, target, path, text, was, true, error);
}

/* Makes the folders on the way to `path`. */
static bool
make_folders(char *path)
{
    for (char *at = path + 1; *at != '\0'; at++) {
        bool made;

        if (*at != '/')
            continue;
        *at = '\0';
        made = mkdir(path, 0777) == 0 || errno == EEXIST;
        *at = '/';
        if (!made)
            return false;
    }
    return true;
}

enum imgrw_status
irw_stage_file(struct irw_transaction *transaction, const char *directory,
               const char *name, imgrw_str text, const struct stat *was,
               struct imgrw_error *error)
{
    char *target = irw_target_path(directory, name);

    if (!target)
        return irw_fail_memory(error);
    if (!make_folders(target)) {
        enum imgrw_status status =
            fail_io(name, "cannot make its output folder", error);

        free(target);
        return status;
    }
    return stage(transaction, target, name, text, was, false, error);
}

/* Whether somebody touched the target since it was read. */
static bool
has_changed(const struct irw_write *staged)
{
    struct stat now;

    if (!staged->replaces)
        return false;
    return stat(staged->target, &now) != 0 ||
           now.st_dev != staged->was.st_dev ||
           now.st_ino != staged->was.st_ino ||
           now.st_size != staged->was.st_size ||
           now.st_mtim.tv_sec != staged->was.st_mtim.tv_sec ||
           now.st_mtim.tv_nsec != staged->was.st_mtim.tv_nsec;
}

/* Makes the renames in the folder of `target` last. */
static void
flush_folder(const char *target)
{
    const char *slash = strrchr(target, '/');
    char *folder = strndup(target, slash ? (size_t)(slash - target) + 1 : 0);
    int file = folder ? open(*folder ? folder : ".", O_RDONLY | O_CLOEXEC) : -1;

    if (file >= 0) {
        fsync(file);
        close(file);
    }
    free(folder);
}

enum imgrw_status
irw_commit(struct irw_transaction *transaction, struct imgrw_error *error)
{
    for (size_t i = 0; i < transaction->count; i++)
        if (has_changed(&transaction->items[i]))
            return irw_fail(error, IMGRW_ERR_IO, IRW_NOWHERE,
                            "%.150s has changed since it was read; nothing is "
                            "written",
                            transaction->items[i].target);
    for (size_t i = 0; i < transaction->count; i++) {
        struct irw_write *staged = &transaction->items[i];

        if (rename(staged->temporary, staged->target) != 0)
            return irw_fail(error, IMGRW_ERR_IO, IRW_NOWHERE,
                            "%.120s cannot be replaced: %s; %zu files before "
                            "it are written, those behind it are not",
                            staged->target, strerror(errno), i);
        free(staged->temporary);
        staged->temporary = NULL;
    }
    for (size_t i = 0; i < transaction->count; i++)
        flush_folder(transaction->items[i].target);
    return IMGRW_OK;
}

void
irw_transaction_clear(struct irw_transaction *transaction)
{
    for (size_t i = 0; i < transaction->count; i++) {
        struct irw_write *staged = &transaction->items[i];

        if (staged->temporary)
            unlink(staged->temporary);
        free(staged->temporary);
        free(staged->target);
    }
    free(transaction->items);
    *transaction = (struct irw_transaction){0};
}
