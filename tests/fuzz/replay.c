/*
 * Runs a fuzz target over stored inputs, as an ordinary test:
 *
 *     replay_TARGET PATH...
 *
 * A path is a file or a folder, read to its depths; one that is not absolute
 * lies in the folder IMGREWRITE_TEST_DATA and is passed over when that is
 * unset. Of a folder with very many files only some are taken.
 */
#include "fuzz.h"

#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 4096
#define PATHS_MAX 4096  /* files of a folder, at most */
#define FILES_TAKEN 200 /* about so many of them are run */
#define SECONDS_MAX 20  /* for one input */

static int
compare_entries(const FTSENT **one, const FTSENT **other)
{
    return strcmp((*one)->fts_name, (*other)->fts_name);
}

/* The bytes of a file in a block of exactly their size, so that a checker of
 * memory sees what reads too far. */
static uint8_t *
read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = NULL;
    long length = -1;

    if (file && fseek(file, 0, SEEK_END) == 0)
        length = ftell(file);
    if (length >= 0)
        data = malloc(length > 0 ? (size_t)length : 1);
    fuzz_claim(data != NULL, "%s cannot be read", path);
    rewind(file);
    *size = fread(data, 1, (size_t)length, file);
    fuzz_claim(*size == (size_t)length, "%s cannot be read", path);
    fclose(file);
    return data;
}

static void
run_file(const char *path)
{
    size_t size;
    uint8_t *data = read_file(path, &size);

    fprintf(stderr, "%s (%zu bytes)\n", path, size);
    alarm(SECONDS_MAX);
    LLVMFuzzerTestOneInput(data, size);
    alarm(0);
    free(data);
}

/* Collects the files below `path`, in the order of their names. */
static size_t
find_files(char *path, char **files)
{
    char *const roots[] = {path, NULL};
    FTS *walk = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, compare_entries);
    FTSENT *entry;
    size_t count = 0;

    fuzz_claim(walk != NULL, "%s cannot be read", path);
    while ((entry = fts_read(walk)) && count < PATHS_MAX)
        if (entry->fts_info == FTS_F)
            files[count++] = strdup(entry->fts_path);
    fts_close(walk);
    return count;
}

/* Runs the files below `path`; returns how many. */
static size_t
run_path(const char *path)
{
    static char *files[PATHS_MAX];
    const char *data = getenv("IMGREWRITE_TEST_DATA");
    char full[PATH_SIZE];
    size_t count, step, ran = 0;

    if (path[0] == '/')
        snprintf(full, sizeof(full), "%s", path);
    else if (data && data[0] != '\0')
        snprintf(full, sizeof(full), "%s/%s", data, path);
    else
        return 0;
    count = find_files(full, files);
    step = count / FILES_TAKEN + 1;
    for (size_t i = 0; i < count; i++) {
        if (i % step == 0) {
            run_file(files[i]);
            ran++;
        }
        free(files[i]);
    }
    return ran;
}

int
main(int count, char **arguments)
{
    size_t ran = 0;

    for (int i = 1; i < count; i++)
        ran += run_path(arguments[i]);
    fprintf(stderr, "%zu inputs\n", ran);
    return ran > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
