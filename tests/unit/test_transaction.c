/*
 * Transactions while system calls fail: afterwards all files are old or all are
 * new, and nothing is left beside them.
 */
#include "files/transaction.h"

#include <support.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MOST_FILES 80
#define TEXT       "new"

/* The calls that are watched. */
enum call {
    FSYNC,
    SYNCFS,
    SWAP,
    LINK,
    RENAME,
    CALLS,
};

/* Which calls fail: from number `first` on, `count` of them. */
struct failures {
    enum call call;
    size_t first, count;
    int error;
};

static struct failures failing[2];
static size_t calls[CALLS];

static bool
fails(enum call call)
{
    size_t number = ++calls[call];

    for (size_t i = 0; i < 2; i++) {
        const struct failures *one = &failing[i];

        if (one->error == 0 || one->call != call || number < one->first ||
            number >= one->first + one->count)
            continue;
        errno = one->error;
        return true;
    }
    return false;
}

int __real_fsync(int file);
int __real_syncfs(int file);
int __real_renameat2(int from_folder, const char *from, int to_folder,
                     const char *to, unsigned flags);
int __real_link(const char *from, const char *to);
int __real_rename(const char *from, const char *to);
int __wrap_fsync(int file);
int __wrap_syncfs(int file);
int __wrap_renameat2(int from_folder, const char *from, int to_folder,
                     const char *to, unsigned flags);
int __wrap_link(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);

int
__wrap_fsync(int file)
{
    return fails(FSYNC) ? -1 : __real_fsync(file);
}

int
__wrap_syncfs(int file)
{
    return fails(SYNCFS) ? -1 : __real_syncfs(file);
}

int
__wrap_renameat2(int from_folder, const char *from, int to_folder,
                 const char *to, unsigned flags)
{
    return fails(SWAP)
               ? -1
               : __real_renameat2(from_folder, from, to_folder, to, flags);
}

int
__wrap_link(const char *from, const char *to)
{
    return fails(LINK) ? -1 : __real_link(from, to);
}

int
__wrap_rename(const char *from, const char *to)
{
    return fails(RENAME) ? -1 : __real_rename(from, to);
}

#define ALL SIZE_MAX / 2

/* What a transaction does when calls fail. */
static const struct row {
    const char *name;
    size_t files;   /* that are there */
    size_t added;   /* that are not */
    struct failures failures[2];
    const char *message; /* NULL: it succeeds */
    size_t new_files;    /* that hold the new text in the end */
    size_t syncs, all_syncs; /* of files and folders; of file systems */
} rows[] = {
    {"few files", 3, 0, {{0}}, NULL, 3, 4, 0},
    {"64 files", 64, 0, {{0}}, NULL, 64, 65, 0},
    {"many files", 65, 0, {{0}}, NULL, 65, 1, 1},
    {"files that were not there", 1, 2, {{0}}, NULL, 3, 4, 0},
    {"a flush fails", 3, 1, {{FSYNC, 2, 1, EIO}},
     "cannot be flushed: Input/output error; nothing is written", 0, 2, 0},
    {"the flush of all fails", 70, 0, {{SYNCFS, 1, 1, ENOSPC}},
     "cannot be flushed: No space left on device; nothing is written", 0, 0, 1},
    {"a swap fails for good", 3, 0,
     {{SWAP, 2, 1, EIO}},
     "cannot be replaced: Input/output error; nothing is written", 0, 3, 0},
    {"the last of those that were not there", 2, 2, {{RENAME, 2, 1, EDQUOT}},
     "cannot be replaced: Disk quota exceeded; nothing is written", 0, 4, 0},
    {"no swaps", 3, 1, {{SWAP, 1, ALL, EINVAL}}, NULL, 4, 5, 0},
    {"no swaps, and a rename fails", 3, 0,
     {{SWAP, 1, ALL, ENOSYS}, {RENAME, 3, 1, EIO}},
     "cannot be replaced: Input/output error; nothing is written", 0, 3, 0},
    {"no swaps, no links", 3, 0,
     {{SWAP, 1, ALL, EINVAL}, {LINK, 1, ALL, EPERM}}, NULL, 3, 4, 0},
};

/* Where a transaction is tried. */
struct place {
    char *path;
    char files[MOST_FILES][96];
    struct stat before[MOST_FILES];
};

static void
make_place(struct place *place, const struct row *row)
{
    place->path = support_temp_new();
    for (size_t i = 0; i < row->files + row->added; i++) {
        int file;

        snprintf(place->files[i], sizeof(place->files[i]), "%s/%zu.yaml",
                 place->path, i);
        if (i >= row->files)
            continue;
        file = open(place->files[i], O_WRONLY | O_CREAT | O_EXCL, 0600);
        assert_true(file >= 0);
        assert_int_equal(write(file, "old", 3), 3);
        assert_int_equal(fstat(file, &place->before[i]), 0);
        close(file);
    }
}

/* Removes the place. What is new or old must be there, and nothing else. */
static void
remove_place(const struct place *place, const struct row *row)
{
    DIR *folder = opendir(place->path);
    size_t new_files = 0, old_files = 0;

    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[400], text[4] = "";
        int file;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof(path), "%s/%s", place->path, entry->d_name);
        file = open(path, O_RDONLY);
        assert_int_equal(read(file, text, 4), 3);
        close(file);
        new_files += strncmp(text, TEXT, 3) == 0;
        old_files += strncmp(text, "old", 3) == 0;
        if (entry->d_name[0] == '.')
            fail_msg("%s is left", path);
        unlink(path);
    }
    closedir(folder);
    support_temp_remove(place->path);
    assert_int_equal(new_files, row->new_files);
    assert_int_equal(old_files, new_files ? 0 : row->files);
}

static enum imgrw_status
run(const struct row *row, const struct place *place, struct imgrw_error *error)
{
    struct irw_transaction transaction = {0};
    const struct stat mode = {.st_mode = S_IFREG | 0600};
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < row->files + row->added && status == IMGRW_OK; i++) {
        const struct irw_new_file file = {
            .path = i < row->files ? place->files[i]
                                   : strrchr(place->files[i], '/') + 1,
            .text = support_str(TEXT),
            .like = i < row->files ? &place->before[i] : &mode,
        };

        status = i < row->files
                     ? irw_stage_replacement(&transaction, &file, error)
                     : irw_stage_file(&transaction, place->path, &file, error);
    }
    assert_int_equal(status, IMGRW_OK);
    status = irw_commit(&transaction, error);
    irw_transaction_clear(&transaction);
    return status;
}

static void
test_row(void **state)
{
    const struct row *row = *state;
    struct imgrw_error error = {.status = IMGRW_OK};
    struct place place;
    enum imgrw_status status;

    make_place(&place, row);
    memset(calls, 0, sizeof(calls));
    memcpy(failing, row->failures, sizeof(failing));
    status = run(row, &place, &error);
    memset(failing, 0, sizeof(failing));
    remove_place(&place, row);
    assert_int_equal(status, row->message ? IMGRW_ERR_IO : IMGRW_OK);
    if (row->message && !strstr(error.message, row->message))
        fail_msg("\"%s\"", error.message);
    assert_int_equal(calls[FSYNC], row->syncs);
    assert_int_equal(calls[SYNCFS], row->all_syncs);
}

#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* What cannot be put back is told of, and stays where it is. */
static void
test_lost(void **state)
{
    const struct row row = {.files = 3, .new_files = 2};
    struct imgrw_error error = {.status = IMGRW_OK};
    struct place place;
    char text[4] = "";
    int file;

    (void)state;
    make_place(&place, &row);
    memset(calls, 0, sizeof(calls));
    failing[0] = (struct failures){SWAP, 3, ALL, EIO};
    failing[1] = (struct failures){RENAME, 1, ALL, EIO};
    assert_int_equal(run(&row, &place, &error), IMGRW_ERR_IO);
    memset(failing, 0, sizeof(failing));
    assert_non_null(strstr(error.message, "2 files are written and could not"));
    file = open(place.files[2], O_RDONLY);
    assert_int_equal(read(file, text, 4), 3);
    close(file);
    assert_string_equal(text, "old");
    support_temp_remove(place.path);
}

int
main(void)
{
    struct CMUnitTest tests[ROWS + 1];

    for (size_t i = 0; i < ROWS; i++)
        tests[i] = (struct CMUnitTest){
            .name = rows[i].name,
            .test_func = test_row,
            .initial_state = (void *)(uintptr_t)&rows[i],
        };
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(test_lost);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
