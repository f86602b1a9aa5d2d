#include "files/walk.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/str.h"
#include "kustomize/kustomization.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static enum imgrw_status walk_directory(struct irw_walk *walk,
                                        const char *path, ptrdiff_t name_start,
                                        struct imgrw_error *error);

/* Larger files of hidden folders are not looked into: nobody asked for them. */
#define HIDDEN_MAX ((size_t)1 << 20)

static bool
is_manifest_name(const char *name)
{
    static const char *const endings[] = {".yaml", ".yml", ".json"};

    if (irw_is_kustomization_path(name))
        return true;
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
        if (irw_ends_with(irw_str(name), irw_str(endings[i])))
            return true;
    return false;
}

/* Appends a file, or, where it cannot be looked at, what has the errno that
 * says why. The strings are copied. */
static enum imgrw_status
add_file(struct irw_walk *walk, struct irw_walk_file file,
         struct imgrw_error *error)
{
    size_t name_start = (size_t)(file.name - file.path);

    file.path = irw_arena_copy(&walk->arena, irw_str(file.path));
    file.name = file.path ? file.path + name_start : NULL;
    return file.path && IRW_APPEND(&walk->files, file)
               ? IMGRW_OK
               : irw_fail_memory(error);
}

/* Appends a file that `info` is about: that it has where `is_link` is false, or
 * else what it leads to. */
static enum imgrw_status
add_known(struct irw_walk *walk, struct irw_walk_file file,
          const struct stat *info, bool is_link, struct imgrw_error *error)
{
    char *real = irw_real_path(&walk->last, file.path, is_link);

    if (!real && errno == ENOMEM)
        return irw_fail_memory(error);
    file.id = (struct irw_file_id){info->st_dev, info->st_ino};
    file.chart = walk->chart;
    if (real)
        file.real = irw_arena_copy(&walk->arena, irw_str(real));
    free(real);
    return real && !file.real ? irw_fail_memory(error)
                              : add_file(walk, file, error);
}

/* An entry of a directory. */
struct found_entry {
    const char *path;
    const char *name;         /* of the file: below the folder of the run */
    const struct dirent *own; /* as its directory has it */
};

/* An entry that cannot be looked at, because its directory may be listed and
 * not entered, or because it went away. It counts where it would have counted;
 * of a folder, what is below it would be missed without a word. */
static enum imgrw_status
walk_hidden(struct irw_walk *walk, const struct found_entry *entry,
            struct imgrw_error *error)
{
    const struct irw_walk_file file = {
        .path = entry->path,
        .name = entry->name,
        .failed = errno,
    };
    bool is_folder =
        (entry->own->d_type == DT_DIR || entry->own->d_type == DT_UNKNOWN) &&
        (entry->own->d_name[0] != '.' || walk->hidden) && errno != ENOENT;

    return is_folder || is_manifest_name(entry->own->d_name)
               ? add_file(walk, file, error)
               : IMGRW_OK;
}

/* Counts a file of a hidden folder that says what it is to Kubernetes. */
static enum imgrw_status
look_at_hidden(const struct irw_walk_file *file, struct imgrw_folder *folder,
               struct imgrw_error *error)
{
    struct irw_file_text text;
    enum imgrw_status status;

    if (file->failed)
        return IMGRW_OK;
    status = irw_read_file(file->path, HIDDEN_MAX, &text, NULL);
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(error);
    if (status != IMGRW_OK)
        return IMGRW_OK; /* nobody asked for it */
    if (text.size > 0 && memmem(text.data, text.size, "apiVersion", 10))
        folder->hidden_files++;
    free(text.data);
    return IMGRW_OK;
}

/* Counts the manifests of a hidden folder. */
static enum imgrw_status
count_hidden(struct irw_walk *walk, const char *path, struct imgrw_error *error)
{
    struct imgrw_folder *folder = &walk->folders.items[walk->folders.count - 1];
    struct irw_walk inner = {
        .hidden = true,
        .skip_device = walk->skip_device,
        .skip_inode = walk->skip_inode,
    };
    enum imgrw_status status = walk_directory(&inner, path, 0, error);
    size_t before = folder->hidden_files;

    for (size_t i = 0; i < inner.files.count && status == IMGRW_OK; i++)
        status = look_at_hidden(&inner.files.items[i], folder, error);
    folder->hidden_folders += folder->hidden_files > before;
    irw_walk_clear(&inner);
    return status;
}

/* A folder in a folder. What git keeps is nobody's manifest. */
static enum imgrw_status
walk_folder(struct irw_walk *walk, const struct found_entry *entry,
            const struct stat *info, struct imgrw_error *error)
{
    if (strcmp(entry->own->d_name, ".git") == 0 ||
        (info->st_dev == walk->skip_device && info->st_ino == walk->skip_inode))
        return IMGRW_OK;
    if (entry->own->d_name[0] == '.' && !walk->hidden)
        return count_hidden(walk, entry->path, error);
    return walk_directory(walk, entry->path, entry->name - entry->path, error);
}

/* Whether a link that leads nowhere is how Emacs locks a file, which says who
 * edits it. */
static bool
is_lock(const char *name)
{
    return name[0] == '.' && name[1] == '#';
}

/* Whether an entry is none, whatever it is, for it has no name of a manifest:
 * most systems tell what is no directory without a look at it. */
static bool
is_other_file(const struct dirent *entry)
{
    return entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN &&
           !is_manifest_name(entry->d_name);
}

/* Walks one entry of a directory. Links to directories are left out, because
 * they may lead in circles; links to files count. */
static enum imgrw_status
walk_entry(struct irw_walk *walk, const struct found_entry *entry,
           struct imgrw_error *error)
{
    struct irw_walk_file file = {.path = entry->path, .name = entry->name};
    struct stat info;
    bool is_link;

    if (is_other_file(entry->own))
        return IMGRW_OK;
    if (lstat(entry->path, &info) != 0)
        return walk_hidden(walk, entry, error);
    if (S_ISDIR(info.st_mode))
        return walk_folder(walk, entry, &info, error);
    if (!is_manifest_name(entry->own->d_name))
        return IMGRW_OK;
    is_link = S_ISLNK(info.st_mode);
    if (is_link && stat(entry->path, &info) != 0) {
        if (is_lock(entry->own->d_name))
            return IMGRW_OK;
        file.failed = errno;
        return add_file(walk, file, error);
    }
    if (!S_ISREG(info.st_mode))
        return IMGRW_OK;
    return add_known(walk, file, &info, is_link, error);
}

static int
is_entry(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int
by_bytes(const struct dirent **one, const struct dirent **other)
{
    return strcmp((*one)->d_name, (*other)->d_name);
}

/* What a folder is where it has these entries. A chart may be in the folder
 * `charts` of another. */
static enum irw_chart_part
chart_part(const struct irw_walk *walk, const char *path,
           struct dirent *const *entries, int count)
{
    imgrw_str name = irw_str(path);

    for (int i = 0; i < count; i++)
        if (strcmp(entries[i]->d_name, "Chart.yaml") == 0)
            return IRW_CHART_FILE;
    while (irw_ends_with(name, IRW_STR("/")))
        name.size--;
    return walk->chart == IRW_CHART_FILE &&
                   irw_equal(irw_path_name(name), IRW_STR("templates"))
               ? IRW_CHART_TEMPLATES
               : walk->chart;
}

/* Walks a directory. The names of its files begin at `name_start` in their
 * paths, or, with 0, after that of the directory. */
static enum imgrw_status
walk_directory(struct irw_walk *walk, const char *path, ptrdiff_t name_start,
               struct imgrw_error *error)
{
    const char *slash = irw_ends_with(irw_str(path), IRW_STR("/")) ? "" : "/";
    struct irw_walk_file itself = {.path = path, .name = path};
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_entry, by_bytes);
    enum irw_chart_part outer = walk->chart;
    enum imgrw_status status = IMGRW_OK;

    if (count < 0) { /* a folder that cannot be read is a file that fails */
        itself.failed = errno;
        return errno == ENOMEM ? irw_fail_memory(error)
                               : add_file(walk, itself, error);
    }
    if (name_start == 0)
        name_start = (ptrdiff_t)(strlen(path) + strlen(slash));
    walk->chart = chart_part(walk, path, entries, count);
    for (int i = 0; i < count; i++) {
        char *joined = NULL;

        if (status == IMGRW_OK &&
            asprintf(&joined, "%s%s%s", path, slash, entries[i]->d_name) < 0) {
            status = irw_fail_memory(error);
            joined = NULL;
        }
        if (status == IMGRW_OK)
            status = walk_entry(walk,
                                &(struct found_entry){.path = joined,
                                                .name = joined + name_start,
                                                .own = entries[i]},
                                error);
        free(joined);
        free(entries[i]);
    }
    free(entries);
    walk->chart = outer;
    return status;
}

/* Walks a directory that was added, and notes how many files that gives. */
static enum imgrw_status
add_folder(struct irw_walk *walk, const char *path, struct imgrw_error *error)
{
    struct imgrw_folder added = {
        .path = irw_arena_copy(&walk->arena, irw_str(path)),
    };
    size_t before = walk->files.count;
    enum imgrw_status status;

    if (!added.path || !IRW_APPEND(&walk->folders, added))
        return irw_fail_memory(error);
    status = walk_directory(walk, path, 0, error);
    walk->folders.items[walk->folders.count - 1].files =
        walk->files.count - before;
    return status;
}

/* Looks at what a path leads to, and whether the path is a link. */
static bool
look_at(const char *path, struct stat *info, bool *is_link)
{
    if (lstat(path, info) != 0)
        return false;
    *is_link = S_ISLNK(info->st_mode);
    return !*is_link || stat(path, info) == 0;
}

enum imgrw_status
irw_walk_add(struct irw_walk *walk, const char *path, struct imgrw_error *error)
{
    const char *slash = strrchr(path, '/');
    struct irw_walk_file file = {
        .path = path,
        .name = slash ? slash + 1 : path,
    };
    struct stat info;
    bool is_link;

    if (strcmp(path, "-") == 0)
        return add_file(walk, file, error);
    if (!look_at(path, &info, &is_link)) {
        file.failed = errno;
        return add_file(walk, file, error);
    }
    if (S_ISDIR(info.st_mode))
        return add_folder(walk, path, error);
    return add_known(walk, file, &info, is_link, error);
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
    struct irw_walk_file *files = walk->files.items, **sorted;
    size_t count = walk->files.count, kept = 0;

    sorted = malloc((count + 1) * sizeof(*sorted));
    if (!sorted)
        return irw_fail_memory(error);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &files[i];
    qsort(sorted, count, sizeof(*sorted), by_real_path);
    for (size_t i = 1; i < count; i++)
        drop_second(sorted[i - 1], sorted[i], by_name);
    free(sorted);
    for (size_t i = 0; i < count; i++)
        if (files[i].path)
            files[kept++] = files[i];
    walk->files.count = kept;
    return IMGRW_OK;
}

void
irw_walk_clear(struct irw_walk *walk)
{
    irw_arena_clear(&walk->arena);
    free(walk->files.items);
    free(walk->folders.items);
    irw_real_folder_clear(&walk->last);
    *walk = (struct irw_walk){0};
}
