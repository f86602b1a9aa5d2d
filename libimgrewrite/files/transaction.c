#include "files/transaction.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/map.h"
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

    return errno == ENOMEM ? irw_fail_memory(error)
                           : irw_fail(error, IMGRW_ERR_IO, at, "%s: %s", what,
                                      strerror(errno));
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
take_after(int file, const struct stat *own, const struct irw_write *staged)
{
    const struct stat *like = &staged->was;

    if (staged->replaces &&
        (own->st_uid != like->st_uid || own->st_gid != like->st_gid) &&
        fchown(file, like->st_uid, like->st_gid) != 0)
        return false;
    return fchmod(file, like->st_mode & 07777) == 0;
}

/* Looks at the new file, as which it is flushed later; 0, or an errno. */
static int
start_write(struct irw_write *staged, int file, struct irw_flush *flush,
            struct stat *own)
{
    if (fstat(file, own) != 0)
        return errno;
    staged->device = own->st_dev;
    return irw_flush_note(flush, staged->target, own->st_dev);
}

/* Writes the temporary file of `staged`. */
static enum imgrw_status
write_temporary(struct irw_write *staged, const struct irw_new_file *new,
                struct irw_flush *flush, struct imgrw_error *error)
{
    int file = mkostemp(staged->temporary, O_CLOEXEC);
    enum imgrw_status status = IMGRW_OK;
    struct stat own;

    if (file < 0) {
        status = fail_io(new->path, "cannot write beside it", error);
        free(staged->temporary);
        staged->temporary = NULL;
        return status;
    }
    errno = start_write(staged, file, flush, &own);
    if (errno != 0 || !write_all(file, new->text))
        status = fail_io(new->path, "cannot be written", error);
    else if (!take_after(file, &own, staged))
        status = fail_io(new->path, "cannot keep its mode and owner", error);
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
    return staged->temporary ? write_temporary(staged, file,
                                               &transaction->flush, error)
                             : irw_fail_memory(error);
}

/* What the path leads to: itself, unless it is a link. NULL with an errno. */
static char *
follow(const char *path)
{
    struct stat info;
    bool is_link = lstat(path, &info) == 0 && S_ISLNK(info.st_mode);

    return is_link ? realpath(path, NULL) : strdup(path);
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
    target = follow(file->path);
    if (!target)
        return fail_io(file->path, "cannot be found", error);
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

/* Whether the file before this one was staged in the same folder. */
static bool
is_in_last_folder(const struct irw_transaction *transaction, const char *path)
{
    size_t count = transaction->writes.count;
    size_t size = (size_t)(strrchr(path, '/') - path) + 1;

    return count > 0 &&
           strncmp(transaction->writes.items[count - 1].target, path, size) ==
               0 &&
           !strchr(transaction->writes.items[count - 1].target + size, '/');
}

enum imgrw_status
irw_stage_file(struct irw_transaction *transaction, const char *directory,
               const struct irw_new_file *file, struct imgrw_error *error)
{
    char *target = irw_target_path(directory, file->path);
    enum imgrw_status status;

    if (!target)
        return irw_fail_memory(error);
    errno = is_in_last_folder(transaction, target)
                ? 0
                : make_folders(transaction, target);
    if (errno == 0)
        return stage(transaction, target, file, false, error);
    status = fail_io(file->path, "cannot make its output folder", error);
    free(target);
    return status;
}

/* Whether the file is another one than it was when it was read. */
static bool
has_changed(const struct irw_write *staged, const struct stat *now)
{
    return staged->replaces && !irw_is_same_file(now, &staged->was);
}

static enum imgrw_status
fail_changed(const struct irw_write *staged, struct imgrw_error *error)
{
    return irw_fail(error, IMGRW_ERR_IO, IRW_NO_LOCATION,
                    "%.150s has changed since it was read",
                    staged->target);
}

/* Has two files change places. */
static bool
swap(const struct irw_write *staged)
{
    return renameat2(AT_FDCWD, staged->temporary, AT_FDCWD, staged->target,
                     RENAME_EXCHANGE) == 0;
}

/* Takes the place of what is there, or not. */
static bool
move(struct irw_write *staged, enum irw_write_state state)
{
    if (rename(staged->temporary, staged->target) != 0)
        return false;
    staged->state = state;
    free(staged->temporary);
    staged->temporary = NULL;
    return true;
}

/* Where two files cannot change places: gives the old one a second name, so
 * that it stays when the new one takes the first. Without such names there is
 * no way back. */
static bool
replace(struct irw_write *staged)
{
    char *kept = NULL;

    if (asprintf(&kept, "%s.old", staged->temporary) < 0) {
        errno = ENOMEM;
        return false;
    }
    if (link(staged->target, kept) != 0) {
        free(kept);
        return move(staged, IRW_WRITE_REPLACED);
    }
    if (!move(staged, IRW_WRITE_SWAPPED)) {
        int failed = errno;

        unlink(kept);
        free(kept);
        errno = failed;
        return false;
    }
    staged->temporary = kept;
    return true;
}

/* Puts the new file in its place, so that it can be undone as far as the file
 * system has a way to do so. `old` becomes what was there, if that is kept and
 * can be looked at. */
static bool
put(struct irw_write *staged, struct stat *old)
{
    if (swap(staged))
        staged->state = IRW_WRITE_SWAPPED;
    else if (errno == ENOENT)
        return move(staged, IRW_WRITE_ADDED);
    else if ((errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP) ||
             !replace(staged))
        return false;
    if (staged->state != IRW_WRITE_SWAPPED ||
        lstat(staged->temporary, old) != 0 || !S_ISDIR(old->st_mode))
        return true;
    /* a rename would not have taken the place of a folder */
    if (swap(staged))
        staged->state = IRW_WRITE_STAGED;
    errno = EISDIR;
    return false;
}

/* Takes the new file away again, and puts the old one back. */
static bool
undo(struct irw_write *staged)
{
    bool undone = false;

    if (staged->state == IRW_WRITE_SWAPPED)
        undone = swap(staged) ||
                 rename(staged->temporary, staged->target) == 0;
    else if (staged->state == IRW_WRITE_ADDED)
        undone = unlink(staged->target) == 0;
    if (undone)
        staged->state = IRW_WRITE_STAGED;
    return undone;
}

/* Undoes what has been done of a transaction that fails with `error`, and adds
 * to that what it could not. */
static void
undo_all(struct irw_transaction *transaction, struct imgrw_error *error)
{
    size_t left = 0, used;

    for (size_t i = transaction->writes.count; i-- > 0;) {
        struct irw_write *staged = &transaction->writes.items[i];

        if (staged->state == IRW_WRITE_STAGED || undo(staged))
            continue;
        left++;
        /* what is there is the only copy that is left of it */
        free(staged->temporary);
        staged->temporary = NULL;
    }
    if (!error)
        return;
    used = strlen(error->message);
    if (left > 0)
        snprintf(error->message + used, sizeof(error->message) - used,
                 "; %zu files are written and could not be put back", left);
    else
        snprintf(error->message + used, sizeof(error->message) - used,
                 "; nothing is written");
}

/* Flushes what is staged. */
static enum imgrw_status
flush_all(struct irw_transaction *transaction, struct imgrw_error *error)
{
    errno = irw_flush_systems(&transaction->flush);
    if (errno != 0)
        return irw_fail(error, IMGRW_ERR_IO, IRW_NO_LOCATION,
                        "the new files cannot be flushed: %s",
                        strerror(errno));
    for (size_t i = 0; i < transaction->writes.count; i++) {
        const struct irw_write *staged = &transaction->writes.items[i];

        errno = irw_flush_file(&transaction->flush, staged->temporary,
                               staged->device);
        if (errno != 0)
            return irw_fail(error, IMGRW_ERR_IO, IRW_NO_LOCATION,
                            "%.150s cannot be flushed: %s",
                            staged->target, strerror(errno));
    }
    return IMGRW_OK;
}

/* Puts all new files in their places. */
static enum imgrw_status
put_all(struct irw_transaction *transaction, struct imgrw_error *error)
{
    for (size_t i = 0; i < transaction->writes.count; i++) {
        struct irw_write *staged = &transaction->writes.items[i];
        struct stat old = {0};

        if (!put(staged, &old))
            return irw_fail(error, IMGRW_ERR_IO, IRW_NO_LOCATION,
                            "%.120s cannot be replaced: %s", staged->target,
                            strerror(errno));
        /* somebody was faster than the check before */
        if (staged->state == IRW_WRITE_SWAPPED && has_changed(staged, &old))
            return fail_changed(staged, error);
    }
    return IMGRW_OK;
}

/* Removes the old files, and makes what was done in the folders last, once for
 * each. Only now: a power cut before this may bring back old files, never half
 * ones. */
static void
finish(struct irw_transaction *transaction)
{
    struct irw_map folders = {0};

    for (size_t i = 0; i < transaction->writes.count; i++) {
        struct irw_write *staged = &transaction->writes.items[i];

        if (staged->temporary)
            unlink(staged->temporary);
        free(staged->temporary);
        staged->temporary = NULL;
    }
    for (size_t i = 0; i < transaction->writes.count; i++) {
        const char *target = transaction->writes.items[i].target;
        const char *slash = strrchr(target, '/');
        imgrw_str folder = {target, slash ? (size_t)(slash - target) + 1 : 0};

        if (irw_map_get(&folders, folder))
            continue;
        irw_flush_folder(target);
        (void)irw_map_set(&folders, folder, 1); /* else it is flushed again */
    }
    irw_map_clear(&folders);
}

enum imgrw_status
irw_commit(struct irw_transaction *transaction, struct imgrw_error *error)
{
    enum imgrw_status status = flush_all(transaction, error);

    for (size_t i = 0;
         i < transaction->writes.count && status == IMGRW_OK; i++) {
        const struct irw_write *staged = &transaction->writes.items[i];
        struct stat now;

        if (staged->replaces && (stat(staged->target, &now) != 0 ||
                                 has_changed(staged, &now)))
            status = fail_changed(staged, error);
    }
    if (status == IMGRW_OK)
        status = put_all(transaction, error);
    if (status != IMGRW_OK) {
        undo_all(transaction, error);
        return status;
    }
    finish(transaction);
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
    irw_flush_clear(&transaction->flush);
    *transaction = (struct irw_transaction){0};
}
