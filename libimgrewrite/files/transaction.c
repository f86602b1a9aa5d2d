#include "files/transaction.h"
#include "base/error.h"
#include "base/list.h"
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

/* Gives the open file the mode of what it is like and, where it replaces that,
 * the owner. A change of owner clears bits of the mode, so it comes first. */
static bool
take_after(int file, const struct irw_write *staged)
{
    const struct stat *like = &staged->was;
    struct stat own;

    if (fstat(file, &own) != 0)
        return false;
    if (staged->replaces &&
        (own.st_uid != like->st_uid || own.st_gid != like->st_gid) &&
        fchown(file, like->st_uid, like->st_gid) != 0)
        return false;
    return fchmod(file, like->st_mode & 07777) == 0;
}

/* Writes the temporary file of `staged`. */
static enum imgrw_status
write_temporary(struct irw_write *staged, const struct irw_new_file *new,
                struct imgrw_error *error)
{
    int file = mkostemp(staged->temporary, O_CLOEXEC);
    enum imgrw_status status = IMGRW_OK;

    if (file < 0) {
        status = fail_io(new->path, "cannot write beside it", error);
        free(staged->temporary);
        staged->temporary = NULL;
        return status;
    }
    if (!write_all(file, new->text))
        status = fail_io(new->path, "cannot be written", error);
    else if (!take_after(file, staged))
        status = fail_io(new->path, "cannot keep its mode and owner", error);
    else if (fsync(file) != 0)
        status = fail_io(new->path, "cannot be flushed", error);
    if (close(file) != 0 && status == IMGRW_OK)
        status = fail_io(new->path, "cannot be closed", error);
    return status;
}

/* Stages a write to `target`, which is the transaction's from now on. */
static enum imgrw_status
stage(struct irw_transaction *transaction, char *target,
      const struct irw_new_file *file, bool replaces, struct imgrw_error *error)
{
    struct irw_write *staged;

    if (!IRW_APPEND(&transaction->writes,
                    (struct irw_write){.target = target,
                                       .was = *file->like,
                                       .replaces = replaces})) {
        free(target);
        return irw_fail_memory(error);
    }
    staged = &transaction->writes.items[transaction->writes.count - 1];
    staged->temporary = temporary_name(target);
    return staged->temporary ? write_temporary(staged, file, error)
                             : irw_fail_memory(error);
}

enum imgrw_status
irw_stage_replacement(struct irw_transaction *transaction,
                      const struct irw_new_file *file,
                      struct imgrw_error *error)
{
    const struct imgrw_location at = {.path = file->path};
    char *target;

    if (!S_ISREG(file->like->st_mode))
        return irw_fail(error, IMGRW_ERR_IO, at,
                        "is no regular file and cannot be replaced");
    if ((file->like->st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0)
        return irw_fail(error, IMGRW_ERR_IO, at, "is read-only: %s",
                        strerror(EACCES));
    if (access(file->path, W_OK) != 0)
        return fail_io(file->path, "cannot be written", error);
    target = realpath(file->path, NULL);
    if (!target)
        return errno == ENOMEM ? irw_fail_memory(error)
                               : fail_io(file->path, "cannot be found", error);
    return stage(transaction, target, file, true, error);
}

/* Makes a folder unless it is there; 0, or an errno. */
static int
make_folder(struct irw_transaction *transaction, const char *path)
{
    char *copy;

    if (mkdir(path, 0777) != 0)
        return errno == EEXIST ? 0 : errno;
    copy = strdup(path);
    if (copy && IRW_APPEND(&transaction->folders, copy))
        return 0;
    free(copy);
    rmdir(path);
    return ENOMEM;
}

/* Makes the folders on the way to `path`; 0, or an errno. */
static int
make_folders(struct irw_transaction *transaction, char *path)
{
    int failed = 0;

    for (char *at = path + 1; *at != '\0' && failed == 0; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        failed = make_folder(transaction, path);
        *at = '/';
    }
    return failed;
}

enum imgrw_status
irw_stage_file(struct irw_transaction *transaction, const char *directory,
               const struct irw_new_file *file, struct imgrw_error *error)
{
    char *target = irw_target_path(directory, file->path);
    enum imgrw_status status;

    if (!target)
        return irw_fail_memory(error);
    errno = make_folders(transaction, target);
    if (errno == 0)
        return stage(transaction, target, file, false, error);
    status = errno == ENOMEM
                 ? irw_fail_memory(error)
                 : fail_io(file->path, "cannot make its output folder", error);
    free(target);
    return status;
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
    struct irw_write *writes = transaction->writes.items;
    size_t count = transaction->writes.count;

    for (size_t i = 0; i < count; i++)
        if (has_changed(&writes[i]))
            return irw_fail(error, IMGRW_ERR_IO, IRW_NO_LOCATION,
                            "%.150s has changed since it was read; nothing is "
                            "written",
                            writes[i].target);
    for (size_t i = 0; i < count; i++) {
        if (rename(writes[i].temporary, writes[i].target) != 0)
            return irw_fail(error, IMGRW_ERR_IO, IRW_NO_LOCATION,
                            "%.120s cannot be replaced: %s; %zu files before "
                            "it are written, those after it are not",
                            writes[i].target, strerror(errno), i);
        free(writes[i].temporary);
        writes[i].temporary = NULL;
        transaction->written++;
    }
    /* Only now: a power cut before this may bring back old files, never half
     * ones. */
    for (size_t i = 0; i < count; i++)
        flush_folder(writes[i].target);
    transaction->committed = true;
    return IMGRW_OK;
}

void
irw_transaction_clear(struct irw_transaction *transaction)
{
    for (size_t i = 0; i < transaction->writes.count; i++) {
        struct irw_write *staged = &transaction->writes.items[i];

        if (staged->temporary)
            unlink(staged->temporary);
        free(staged->temporary);
        free(staged->target);
    }
    for (size_t i = transaction->folders.count; i-- > 0;) {
        if (!transaction->committed)
            rmdir(transaction->folders.items[i]); /* if nothing is in it */
        free(transaction->folders.items[i]);
    }
    free(transaction->writes.items);
    free(transaction->folders.items);
    *transaction = (struct irw_transaction){0};
}
