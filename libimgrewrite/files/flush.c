/*
 * fsync waits for the disk once a file; syncfs waits once for all of a file
 * system, whatever else is to be written there. So the first is for few files,
 * the second for many, where it tells of errors: Linux does so since 5.8, for
 * descriptors that were opened before the error, but not for FUSE.
 */
#include "files/flush.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#define MOST_BY_THEMSELVES 64
#define FUSE               0x65735546 /* linux/magic.h */

/* Opens the folder of `path`. */
static int
open_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = strndup(path, slash ? (size_t)(slash - path) + 1 : 0);
    int file = -1;

    errno = ENOMEM;
    if (folder)
        file = open(*folder ? folder : ".",
                    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    return file;
}

int
irw_flush_note(struct irw_flush *flush, const char *path, dev_t device)
{
    struct irw_file_system made = {.device = device, .count = 1};

    for (size_t i = 0; i < flush->systems.count; i++)
        if (flush->systems.items[i].device == device) {
            flush->systems.items[i].count++;
            return 0;
        }
    /* a folder that may not be listed has no descriptor: its files are flushed
     * each by itself */
    made.file = open_folder(path);
    if (IRW_APPEND(&flush->systems, made))
        return 0;
    if (made.file >= 0)
        close(made.file);
    return ENOMEM;
}

/* Whether syncfs tells of errors. */
static bool
is_honest(int file)
{
    struct utsname system;
    struct statfs info;
    unsigned major, minor;

    return uname(&system) == 0 &&
           sscanf(system.release, "%u.%u", &major, &minor) == 2 &&
           (major > 5 || (major == 5 && minor >= 8)) &&
           fstatfs(file, &info) == 0 && info.f_type != FUSE;
}

int
irw_flush_systems(struct irw_flush *flush)
{
    for (size_t i = 0; i < flush->systems.count; i++) {
        struct irw_file_system *system = &flush->systems.items[i];

        if (system->count <= MOST_BY_THEMSELVES || system->file < 0 ||
            !is_honest(system->file))
            continue;
        if (syncfs(system->file) != 0)
            return errno;
        system->whole = true;
    }
    return 0;
}

static bool
is_flushed(const struct irw_flush *flush, dev_t device)
{
    for (size_t i = 0; i < flush->systems.count; i++)
        if (flush->systems.items[i].device == device)
            return flush->systems.items[i].whole;
    return false;
}

int
irw_flush_file(const struct irw_flush *flush, const char *path, dev_t device)
{
    int file, failed = 0;

    if (is_flushed(flush, device))
        return 0;
    file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return errno;
    if (fsync(file) != 0)
        failed = errno;
    close(file);
    return failed;
}

void
irw_flush_folder(const char *path)
{
    int file = open_folder(path);

    if (file < 0)
        return;
    fsync(file);
    close(file);
}

void
irw_flush_clear(struct irw_flush *flush)
{
    for (size_t i = 0; i < flush->systems.count; i++)
        if (flush->systems.items[i].file >= 0)
            close(flush->systems.items[i].file);
    free(flush->systems.items);
    *flush = (struct irw_flush){0};
}
