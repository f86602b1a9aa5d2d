/*
 * What tests share: tables of rows, files, a little JSON, temporary folders.
 *
 * A test is a table where it can be. A row that fails is named, and the rest of
 * the table still runs:
 *
 *     struct support_tally tally = {0};
 *
 *     for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
 *         support_row(&tally, "%s", rows[i].name);
 *         support_check(&tally, got == rows[i].want, "got %d", got);
 *     }
 *     support_finish(&tally);
 *
 * What a test cannot do without (memory, a file that has to be there) ends the
 * running test when it is missing.
 */
#pragma once

#include <imgrewrite/base.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SUPPORT_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The status by which a test tells Meson that it did not run. */
#define SUPPORT_SKIPPED 77

#define SUPPORT_COLUMNS 12 /* of a row, at most */
#define SUPPORT_MEMBERS 8  /* of a JSON object, at most */

/* The rows of one table. Zero-initialised is ready for use. */
struct support_tally {
    char row[512]; /* the name of the row that runs */
    size_t rows, failed;
    bool row_failed;
};

/* Begins a row. */
__attribute__((format(printf, 2, 3))) void
support_row(struct support_tally *tally, const char *format, ...);

/* Whether `holds`; if not, the row has failed for the reason given. */
__attribute__((format(printf, 3, 4))) bool
support_check(struct support_tally *tally, bool holds, const char *format, ...);

/* Whether `got` is `expected`; if not, `what` was wrong. */
bool support_check_str(struct support_tally *tally, const char *what,
                       imgrw_str got, imgrw_str expected);

/* Fails the running test if a row did, or if there was none. */
void support_finish(const struct support_tally *tally);

/* A slice of a NUL-terminated string; NULL gives an empty slice. */
imgrw_str support_str(const char *text);

bool support_equal(imgrw_str one, imgrw_str other);

/* Ends the program as one that did not run, and says why. */
_Noreturn void support_skip(const char *why);

/* The folder of IMGREWRITE_TEST_DATA, which holds vectors/ and corpus/; NULL
 * when that is unset or empty. */
const char *support_data(void);

/* The same; where there is none, the program ends as skipped. */
const char *support_data_or_skip(void);

/* The folder fixtures/ of the source tree. */
const char *support_fixtures(void);

/* `folder` and `name` with a "/" between; the caller frees it. */
char *support_path(const char *folder, const char *name);

/* The bytes of a whole file, NUL-terminated; the caller frees `data`. */
imgrw_str support_read_file(const char *path);

void support_write_file(const char *path, imgrw_str data);

/* A new empty folder; support_temp_remove removes it with all that is in it,
 * and frees `path`. */
char *support_temp_new(void);
void support_temp_remove(char *path);

/* One line of a table; columns that it does not have are "". */
struct support_line {
    size_t number; /* from 1 */
    size_t count;
    char *columns[SUPPORT_COLUMNS];
};

/* A file of tab-separated columns, without its empty lines and those that begin
 * with "#". The columns may be changed in place. */
struct support_table {
    char *text;
    struct support_line *lines;
    size_t count;
};

struct support_table support_table_read(const char *folder, const char *name);
void support_table_free(struct support_table *table);

/* Decodes the JSON string at `*cursor` in place, NUL-terminated, and moves
 * the cursor after the closing quote. False where there is none. */
bool support_json_string(char **cursor, imgrw_str *value);

/* A column that is one JSON string; what else it is ends the test. */
imgrw_str support_json_column(char *column);

/* A JSON object whose values are strings or null. */
struct support_object {
    struct {
        const char *name, *value; /* NULL: null */
    } members[SUPPORT_MEMBERS];
    size_t count;
    bool is_null; /* a null stands in its place */
};

/* The value of `name`; NULL if it is null or absent. */
const char *support_json_get(const struct support_object *object,
                             const char *name);

/* How many objects the JSON list `text`, which is decoded in place, holds;
 * SIZE_MAX if it is no such list or holds more than `max`. */
size_t support_json_list(char *text, struct support_object *objects,
                         size_t max);
