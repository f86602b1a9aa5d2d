#include "use_files.h"
#include "allocator.h"
#include "hub_rules.h"

#include <imgrewrite/files.h>
#include <imgrewrite/rewrite.h>

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define PATH_SIZE  64
#define TEXT_SIZE  4096
#define FILES_MOST 8

/* A file of a folder. */
struct file {
    const char *name, *text;
    size_t size; /* of the text */
};

/* What is in a folder, which is made before each run and gone after it. */
struct folder {
    char path[PATH_SIZE];
    struct file files[FILES_MOST];
    size_t count;
    size_t open; /* descriptors of the process */
};

/* How many entries a folder has, without "." and "..". */
static size_t
count_entries(const char *path)
{
    DIR *directory = opendir(path);
    size_t count = 0;

    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory));)
        count += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    closedir(directory);
    return count;
}

/* The path of a file, in a buffer that the next call uses again. */
static const char *
path_of(const struct folder *folder, const struct file *file)
{
    static char path[2 * PATH_SIZE];

    snprintf(path, sizeof(path), "%s/%s", folder->path, file->name);
    return path;
}

static void
make_folder(struct folder *folder)
{
    strcpy(folder->path, "/tmp/imgrewrite-memory-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
    for (size_t i = 0; i < folder->count; i++) {
        const struct file *made = &folder->files[i];
        int file = open(path_of(folder, made), O_WRONLY | O_CREAT | O_EXCL,
                        0600);

        assert_true(file >= 0);
        assert_int_equal(write(file, made->text, made->size), made->size);
        close(file);
    }
    folder->open = count_entries("/proc/self/fd");
}

/* Whether the file holds what it was made with; removes it. */
static bool
remove_file(const struct folder *folder, const struct file *made)
{
    char bytes[TEXT_SIZE];
    int file = open(path_of(folder, made), O_RDONLY);
    ssize_t size;

    assert_true(file >= 0);
    size = read(file, bytes, sizeof(bytes));
    assert_true(size > 0);
    close(file);
    unlink(path_of(folder, made));
    return (size_t)size == made->size &&
           memcmp(bytes, made->text, made->size) == 0;
}

/* Removes the folder; returns how many of its files are as they were. */
static size_t
remove_folder(const struct folder *folder)
{
    size_t same = 0;

    assert_int_equal(count_entries("/proc/self/fd"), folder->open);
    assert_int_equal(count_entries(folder->path), folder->count);
    for (size_t i = 0; i < folder->count; i++)
        same += remove_file(folder, &folder->files[i]);
    assert_int_equal(rmdir(folder->path), 0);
    return same;
}

static enum imgrw_status
run_over(const struct folder *folder, const struct imgrw_rules *rules)
{
    const struct imgrw_run_options options = {
        .size = sizeof(options),
        .mode = IMGRW_RUN_IN_PLACE,
        .jobs = 1, /* the allocator counts for one thread */
    };
    struct imgrw_run *run = NULL;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_run_new(rules, &options, &run, &error);

    if (status == IMGRW_OK)
        status = imgrw_run_add(run, folder->path, &error);
    if (status == IMGRW_OK)
        status = imgrw_run_plan(run, &error);
    if (status == IMGRW_OK)
        status = imgrw_run_write(run, &error);
    imgrw_run_free(run);
    return status;
}

/* The same text in one call. */
static enum imgrw_status
rewrite_text(const char *text, const struct imgrw_rules *rules)
{
    struct imgrw_plan *plan = NULL;
    enum imgrw_status status =
        imgrw_rewrite(imgrw_str_from(text), rules, NULL, &plan, NULL);

    imgrw_plan_free(plan);
    return status;
}

/* Runs over a folder that is made for it; sets how many of its files are then
 * as they were. */
static enum imgrw_status
use_folder(struct folder *folder, const struct imgrw_rules *rules, size_t *same)
{
    enum imgrw_status status;

    allocator_excuse(1);
    make_folder(folder);
    allocator_excuse(-1);
    status = run_over(folder, rules);
    allocator_excuse(1);
    *same = remove_folder(folder);
    allocator_excuse(-1);
    return status;
}

enum imgrw_status
use_files(const char *text)
{
    struct folder folder = {
        .files = {{"a.yaml", text, strlen(text)},
                  {"b.yaml", text, strlen(text)}},
        .count = 2,
    };
    struct imgrw_rules *rules;
    size_t same;
    enum imgrw_status status = hub_rules_new(&rules);

    if (status != IMGRW_OK)
        return status;
    status = rewrite_text(text, rules);
    if (status == IMGRW_OK) {
        status = use_folder(&folder, rules, &same);
        assert_true(same == 0 || same == 2);
    }
    imgrw_rules_free(rules);
    return status;
}

/* Reads what is in a tree, whose names are kept in `names`. */
static void
read_tree(const char *text, struct folder *folder,
          char names[FILES_MOST][PATH_SIZE])
{
    const char *at = text;

    while (*at) {
        struct file *file = &folder->files[folder->count];
        const char *end;

        assert_true(folder->count < FILES_MOST);
        assert_int_equal(sscanf(at, "== %63s", names[folder->count]), 1);
        file->name = names[folder->count++];
        file->text = strchr(at, '\n') + 1;
        end = strstr(file->text, "== ");
        at = end ? end : file->text + strlen(file->text);
        file->size = (size_t)(at - file->text);
    }
}

enum imgrw_status
use_tree(const char *text)
{
    struct folder folder = {.count = 0};
    char names[FILES_MOST][PATH_SIZE];
    struct imgrw_rules *rules;
    size_t same;
    enum imgrw_status status = hub_rules_new(&rules);

    if (status != IMGRW_OK)
        return status;
    read_tree(text, &folder, names);
    status = use_folder(&folder, rules, &same);
    assert_int_equal(status != IMGRW_OK, same == folder.count);
    imgrw_rules_free(rules);
    return status;
}
