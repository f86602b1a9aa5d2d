#include "files/walk.h"
#include "base/error.h"
#include "base/str.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

/* The names in a directory, sorted by their bytes. */
struct names {
    char **items; /* malloc'ed, and each of them */
    size_t count, capacity;
};

static enum imgrw_status walk_directory(struct irw_walk *walk,
                                        const char *path, size_t name_start,
                                        struct imgrw_error *error);

static bool
is_manifest_name(const char *name)
{
    static const char *const endings[] = {".yaml", ".yml", ".json"};

    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
        if (irw_ends_with(irw_str(name), irw_str(endings[i])))
            return true;
    return false;
}

static enum imgrw_status
add_file(struct irw_walk *walk, const char *path, size_t name_start,
         const struct stat *info, int failed, struct imgrw_error *error)
{
    void *items = walk->files;
    char *copy = irw_arena_copy(&walk->arena, irw_str(path));
    struct irw_walk_file *file;
    char *real;

    if (!copy || !irw_grow(&items, &walk->capacity, walk->count + 1,
                           sizeof(*walk->files)))
        return irw_fail_memory(error);
    walk->files = items;
    file = &walk->files[walk->count++];
    *file = (struct irw_walk_file){
        .path = copy,
        .name = copy + name_start,
        .failed = failed,
    };
    if (!info)
        return IMGRW_OK;
    file->device = info->st_dev;
    file->inode = info->st_ino;
    real = realpath(path, NULL);
    if (real)
        file->real = irw_arena_copy(&walk->arena, irw_str(real));
    failed = real && !file->real;
    free(real);
    return failed ? irw_fail_memory(error) : IMGRW_OK;
}

static int
by_bytes(const void *one, const void *other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

static void
clear_names(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
}

/* Reads a directory; 0 or an errno. */
static int
read_names(const char *path, struct names *names)
{
    DIR *directory = opendir(path);
    struct dirent *entry;
    int failed = 0;

    if (!directory)
        return errno;
    for (errno = 0; (entry = readdir(directory)); errno = 0) {
        void *items = names->items;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (!irw_grow(&items, &names->capacity, names->count + 1,
                      sizeof(*names->items))) {
            errno = ENOMEM;
            break;
        }
        names->items = items;
        names->items[names->count] = strdup(entry->d_name);
        if (!names->items[names->count]) {
            errno = ENOMEM;
            break;
        }
        names->count++;
    }
    failed = errno;
    closedir(directory);
    if (names->count > 0)
        qsort(names->items, names->count, sizeof(*names->items), by_bytes);
    return failed;
}

/* One entry of a directory. Links to directories are left out, for they may
 * lead in circles; links to files count. */
static enum imgrw_status
walk_entry(struct irw_walk *walk, const char *path, const char *name,
           size_t name_start, struct imgrw_error *error)
{
    struct stat info;

    if (lstat(path, &info) != 0)
        return is_manifest_name(name)
                   ? add_file(walk, path, name_start, NULL, errno, error)
                   : IMGRW_OK;
    if (S_ISDIR(info.st_mode)) {
        if (name[0] == '.' || (info.st_dev == walk->skip_device &&
                               info.st_ino == walk->skip_inode))
            return IMGRW_OK;
        return walk_directory(walk, path, name_start, error);
    }
    if (!is_manifest_name(name))
        return IMGRW_OK;
    if (S_ISLNK(info.st_mode) && stat(path, &info) != 0)
        return add_file(walk, path, name_start, NULL, errno, error);
    if (!S_ISREG(info.st_mode))
        return IMGRW_OK;
    return add_file(walk, path, name_start, &info, 0, error);
}

static enum imgrw_status
walk_directory(struct irw_walk *walk, const char *path, size_t name_start,
               struct imgrw_error *error)
{
    struct names names = {0};
    int failed = read_names(path, &names);
    enum imgrw_status status = IMGRW_OK;
    size_t size = strlen(path);
    bool slash = size > 0 && path[size - 1] == '/';

    if (failed == ENOMEM)
        status = irw_fail_memory(error);
    else if (failed)
        status = add_file(walk, path, 0, NULL, failed, error);
    for (size_t i = 0; i < names.count && status == IMGRW_OK && !failed; i++) {
        size_t length = size + !slash + strlen(names.items[i]);
        char *joined = malloc(length + 1);

        if (!joined) {
            status = irw_fail_memory(error);
            break;
        }
        memcpy(joined, path, size);
        joined[size] = '/';
        strcpy(joined + size + !slash, names.items[i]);
        status = walk_entry(walk, joined, names.items[i],
                            name_start ? name_start : size + !slash, error);
        free(joined);
    }
    clear_names(&names);
    return status;
}

enum imgrw_status
irw_walk_add(struct irw_walk *walk, const char *path, struct imgrw_error *error)
{
    const char *slash = strrchr(path, '/');
    size_t name_start = slash ? (size_t)(slash - path) + 1 : 0;
    struct stat info;

    if (strcmp(path, "-") == 0)
        return add_file(walk, path, 0, NULL, 0, error);
    if (stat(path, &info) != 0)
        return add_file(walk, path, name_start, NULL, errno, error);
    if (S_ISDIR(info.st_mode))
        return walk_directory(walk, path, 0, error);
    return add_file(walk, path, name_start, &info, 0, error);
}

/* Orders files by their path without links, then by position. */
static int
by_real_path(const void *one, const void *other)
{
    const struct irw_walk_file *a = *(const struct irw_walk_file *const *)one;
    const struct irw_walk_file *b = *(const struct irw_walk_file *const *)other;
    int order = strcmp(a->real ? a->real : "", b->real ? b->real : "");

    return order != 0 ? order : (a > b) - (a < b);
}

/* Drops the second of two files of one path; the earlier may have been dropped
 * for the one before it, and is of the same path all the same. */
static void
drop_second(const struct irw_walk_file *first, struct irw_walk_file *second,
            bool by_name)
{
    if (second->real && first->real && strcmp(second->real, first->real) == 0 &&
        (!by_name || strcmp(second->name, first->name) == 0))
        second->path = NULL;
}

enum imgrw_status
irw_walk_unique(struct irw_walk *walk, bool by_name, struct imgrw_error *error)
{
    struct irw_walk_file **sorted =
        malloc((walk->count + 1) * sizeof(struct irw_walk_file *));
    size_t kept = 0;

    if (!sorted)
        return irw_fail_memory(error);
    for (size_t i = 0; i < walk->count; i++)
        sorted[i] = &walk->files[i];
    qsort(sorted, walk->count, sizeof(*sorted), by_real_path);
    for (size_t i = 1; i < walk->count; i++)
        drop_second(sorted[i - 1], sorted[i], by_name);
    free(sorted);
    for (size_t i = 0; i < walk->count; i++)
        if (walk->files[i].path)
            walk->files[kept++] = walk->files[i];
    walk->count = kept;
    return IMGRW_OK;
}

bool
irw_walk_contains(const struct irw_walk *walk, const struct stat *info)
{
    for (size_t i = 0; i < walk->count; i++)
        if (walk->files[i].inode != 0 &&
            walk->files[i].inode == info->st_ino &&
            walk->files[i].device == info->st_dev)
            return true;
    return false;
}

void
irw_walk_clear(struct irw_walk *walk)
{
    irw_arena_clear(&walk->arena);
    free(walk->files);
    *walk = (struct irw_walk){0};
}
