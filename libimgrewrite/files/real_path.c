#include "files/real_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether `path` is in the folder, up to where its name begins. */
static bool
is_in(const struct irw_real_folder *folder, const char *path, size_t size)
{
    return folder->path && strncmp(folder->path, path, size) == 0 &&
           folder->path[size] == '\0';
}

/* Resolves the folder that is the first `size` bytes of `path`. */
static bool
resolve(struct irw_real_folder *folder, const char *path, size_t size)
{
    irw_real_folder_clear(folder);
    folder->path = strndup(path, size);
    if (folder->path)
        folder->real = realpath(size > 0 ? folder->path : ".", NULL);
    if (folder->real)
        return true;
    free(folder->path);
    folder->path = NULL;
    return false;
}

char *
irw_real_path(struct irw_real_folder *last, const char *path, bool is_link)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t size = (size_t)(name - path);
    char *real = NULL;

    if (is_link)
        return realpath(path, NULL);
    if (!is_in(last, path, size) && !resolve(last, path, size))
        return NULL;
    if (asprintf(&real, "%s/%s", last->real[1] == '\0' ? "" : last->real,
                 name) < 0)
        return NULL;
    return real;
}

void
irw_real_folder_clear(struct irw_real_folder *last)
{
    free(last->path);
    free(last->real);
    *last = (struct irw_real_folder){0};
}
