#include "use_files.h"
#include "allocator.h"

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

#define PATH_SIZE 64
#define TEXT_SIZE 4096

/* A folder with two files, made before each run and gone behind it. */
struct folder {
    char path[PATH_SIZE], files[2][PATH_SIZE + 8];
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

static void
make_folder(struct folder *folder, const char *text)
{
    strcpy(folder->path, "/tmp/imgrewrite-memory-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
    for (int i = 0; i < 2; i++) {
        int file;

        snprintf(folder->files[i], sizeof(folder->files[i]), "%s/%c.yaml",
                 folder->path, 'a' + i);
        file = open(folder->files[i], O_WRONLY | O_CREAT | O_EXCL, 0600);
        assert_true(file >= 0);
        assert_int_equal(write(file, text, strlen(text)), strlen(text));
        close(file);
    }
    folder->open = count_entries("/proc/self/fd");
}

/* Whether the file holds `text`; removes it. */
static bool
remove_file(const char *path, const char *text)
{
    char bytes[TEXT_SIZE];
    int file = open(path, O_RDONLY);
    ssize_t size;

    assert_true(file >= 0);
    size = read(file, bytes, sizeof(bytes));
    assert_true(size > 0);
    close(file);
    unlink(path);
    return (size_t)size == strlen(text) &&
           memcmp(bytes, text, (size_t)size) == 0;
}

static void
check_folder(const struct folder *folder, const char *text)
{
    bool same[2];

    assert_int_equal(count_entries("/proc/self/fd"), folder->open);
    assert_int_equal(count_entries(folder->path), 2);
    for (int i = 0; i < 2; i++)
        same[i] = remove_file(folder->files[i], text);
    assert_int_equal(same[0], same[1]);
    assert_int_equal(rmdir(folder->path), 0);
}

static enum imgrw_status
run_files(const struct folder *folder, const struct imgrw_rules *rules)
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

enum imgrw_status
use_files(const char *text)
{
    struct folder folder;
    struct imgrw_rules *rules;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_rules_new(&rules, &error);

    if (status != IMGRW_OK)
        return status;
    status = imgrw_rules_add_prefix(rules, "docker.io", "mirror.example/hub",
                                    &error);
    if (status == IMGRW_OK)
        status = rewrite_text(text, rules);
    if (status == IMGRW_OK) {
        allocator_excuse(1);
        make_folder(&folder, text);
        allocator_excuse(-1);
        status = run_files(&folder, rules);
        allocator_excuse(1);
        check_folder(&folder, text);
        allocator_excuse(-1);
    }
    imgrw_rules_free(rules);
    return status;
}
