#include "diff_paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether the path, as it is written, leads out of the working directory. */
static bool
leads_out(const char *path)
{
    size_t size = strlen(path);

    return path[0] == '/' || strncmp(path, "../", 3) == 0 ||
           strstr(path, "/../") ||
           (size >= 3 && strcmp(path + size - 3, "/..") == 0);
}

/* The path from the root, malloc'ed; NULL where it has none, such as that of
 * standard input. Of one that leads elsewhere the folder's links are followed,
 * because that folder may be below the working directory all the same. */
static char *
whole_path(const struct diff_paths *paths, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = NULL, *real = NULL, *whole = NULL;

    if (strcmp(path, "-") == 0)
        return NULL;
    if (!leads_out(path))
        return asprintf(&whole, "%s%s", paths->here, path) < 0 ? NULL : whole;
    if (asprintf(&folder, "%.*s/", (int)(slash - path), path) < 0)
        return NULL;
    real = realpath(folder, NULL);
    free(folder);
    if (real && asprintf(&whole, "%s/%s", strcmp(real, "/") == 0 ? "" : real,
                         slash + 1) < 0)
        whole = NULL;
    free(real);
    return whole;
}

/* Shortens `base` until it holds the file at `path`. */
static void
widen(char *base, const char *path)
{
    size_t size = strlen(base);

    while (strncmp(path, base, size) != 0) {
        size--;
        while (base[size - 1] != '/')
            size--;
        base[size] = '\0';
    }
}

void
find_diff_paths(struct diff_paths *paths, const struct imgrw_run *run)
{
    char *folder = getcwd(NULL, 0);
    const struct imgrw_file *file;

    *paths = (struct diff_paths){0};
    if (folder && asprintf(&paths->here, "%s%s", folder,
                           strcmp(folder, "/") == 0 ? "" : "/") < 0)
        paths->here = NULL;
    free(folder);
    paths->base = paths->here ? strdup(paths->here) : NULL;
    for (size_t i = 0; paths->base && (file = imgrw_run_file(run, i)); i++) {
        char *path = imgrw_plan_count(file->plan) > 0
                         ? whole_path(paths, file->path)
                         : NULL;

        if (path)
            widen(paths->base, path);
        free(path);
    }
    paths->outside = paths->base && strcmp(paths->base, paths->here) != 0;
}

char *
diff_path(const struct diff_paths *paths, const struct imgrw_file *file)
{
    char *path = paths->base ? whole_path(paths, file->path) : NULL;
    char *name = strdup(path ? path + strlen(paths->base) : file->path);

    free(path);
    return name;
}

void
free_diff_paths(struct diff_paths *paths)
{
    free(paths->here);
    free(paths->base);
}
