#include "base/file.h"
#include "base/error.h"
#include "base/list.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STEP 65536 /* read at a time where no size is known */

/* Whether a read has come to the end of a file, for it gave all that the file
 * was to have and could have given more. */
static bool
is_whole(const struct irw_file_text *text, size_t capacity)
{
    return S_ISREG(text->info.st_mode) && text->size < capacity &&
           text->size == (size_t)text->info.st_size;
}

/* Reads on until the end of the file; `wanted` is the memory to begin with, 0:
 * what the file seems to need. */
static enum imgrw_status
read_all(int file, size_t max_bytes, size_t wanted, struct irw_file_text *text,
         struct imgrw_location at, struct imgrw_error *error)
{
    size_t capacity = 0;
    ssize_t got;

    if (wanted == 0)
        wanted = S_ISREG(text->info.st_mode) && text->info.st_size >= 0
                     ? (size_t)text->info.st_size + 1
                     : STEP;
    do {
        if (text->size > max_bytes || (wanted > max_bytes + 1 &&
                                       S_ISREG(text->info.st_mode)))
            return irw_fail(error, IMGRW_ERR_LIMIT, at,
                            "larger than the limit of %zu bytes", max_bytes);
        if (!irw_grow(&text->data, &capacity, text->size + wanted, 1))
            return irw_fail_memory(error);
        got = read(file, text->data + text->size, capacity - text->size);
        if (got > 0)
            text->size += (size_t)got;
        wanted = 1; /* the file may grow, and a pipe has no size at all */
    } while ((got > 0 && !is_whole(text, capacity)) ||
             (got < 0 && errno == EINTR));
    if (got < 0)
        return irw_fail(error, IMGRW_ERR_IO, at, "cannot be read: %s",
                        strerror(errno));
    return IMGRW_OK;
}

static enum imgrw_status
read_path(const char *path, size_t max_bytes, size_t wanted,
          struct irw_file_text *text, struct imgrw_error *error)
{
    struct imgrw_location at = {.path = path};
    struct irw_file_text found = {0};
    bool standard = strcmp(path, "-") == 0;
    int file = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    enum imgrw_status status;

    if (file < 0 || fstat(file, &found.info) != 0)
        status = irw_fail(error, IMGRW_ERR_IO, at, "cannot be read: %s",
                          strerror(errno));
    else
        status = read_all(file, max_bytes, wanted, &found, at, error);
    if (file >= 0 && !standard)
        close(file);
    if (status == IMGRW_OK) {
        *text = found;
    } else {
        if (found.data)
            explicit_bzero(found.data, found.size);
        free(found.data);
    }
    return status;
}

enum imgrw_status
irw_read_file(const char *path, size_t max_bytes, struct irw_file_text *text,
              struct imgrw_error *error)
{
    return read_path(path, max_bytes, 0, text, error);
}

enum imgrw_status
irw_read_secret(const char *path, size_t max_bytes, struct irw_file_text *text,
                struct imgrw_error *error)
{
    return read_path(path, max_bytes, max_bytes + 1, text, error);
}

bool
irw_is_same_file(const struct stat *one, const struct stat *other)
{
    return one->st_dev == other->st_dev && one->st_ino == other->st_ino &&
           one->st_size == other->st_size &&
           one->st_mtim.tv_sec == other->st_mtim.tv_sec &&
           one->st_mtim.tv_nsec == other->st_mtim.tv_nsec;
}

bool
irw_is_path_below(const char *path)
{
    const char *part = path;

    if (*path == '\0' || *path == '/')
        return false;
    while (part) {
        if (part[0] == '.' && part[1] == '.' &&
            (part[2] == '/' || part[2] == '\0'))
            return false;
        part = strchr(part, '/');
        if (part)
            part++;
    }
    return true;
}
