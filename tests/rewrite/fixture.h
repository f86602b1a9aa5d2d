/*
 * Manifests and plans made of fixtures.
 */
#pragma once

#include "support.h"

#include <imgrewrite/plan.h>

/* The folder NAME of fixtures/, with a "/" after; the caller frees it. */
char *fixture_folder(const char *name);

/* The bytes of the file FOLDER NAME SUFFIX; the caller frees `data`. */
imgrw_str fixture_read(const char *folder, const char *name,
                       const char *suffix);

/* The rules of FOLDER NAME.rules or, where that is not there, of
 * FOLDER default.rules: a rule a line. The caller frees them. */
struct imgrw_rules *fixture_rules(struct support_tally *tally,
                                  const char *folder, const char *name);

#define FIXTURE_FIELDS 4 /* of a case, at most */

/* What a case looks for. */
struct fixture_find {
    struct imgrw_parse_options options; /* borrows the fields */
    struct imgrw_fieldspec fields[FIXTURE_FIELDS];
    char *text; /* what the fields borrow from */
};

/* The lines of the same file that are no rules: `find CLASS,...`, where every
 * class counts if it is missing, and `field GROUP/KIND:PATH`, where `*` and
 * nothing are any, or `field :PATH`. Release it with fixture_find_free; it may
 * not be moved. */
void fixture_find_read(struct fixture_find *find, const char *folder,
                       const char *name);
void fixture_find_free(struct fixture_find *find);

/* The columns of a row from `first` on that are not empty have to be in
 * `message`. */
void fixture_check_message(struct support_tally *tally,
                           const struct support_line *row, size_t first,
                           const char *message);

/* The number in a column. */
size_t fixture_number(const struct support_line *row, size_t column);

/* How many files of the folder, and of the folders in it, have names that end
 * in `suffix`. */
size_t fixture_count(const char *folder, const char *suffix);

/* The names of the files that fixture_count counts, without the folder before
 * and the suffix after them: sorted, and a NULL at the end. The caller frees
 * them with fixture_names_free. */
char **fixture_names(const char *folder, const char *suffix);
void fixture_names_free(char **names);

/* Line and column of byte `offset`, counted here and not by the library: lines
 * end with a line feed, columns are characters, a byte order mark is none. */
struct imgrw_location fixture_locate(imgrw_str text, size_t offset);

/* A case on its way from a text to a plan. */
struct fixture_run {
    struct support_tally *tally;
    const char *folder, *name;
    struct fixture_find find;
    const char *secret; /* a pull secret to name; NULL: none */
    struct imgrw_rules *rules;
    struct imgrw_manifest *manifest;
    struct imgrw_plan *plan;
    struct imgrw_error error;
};

/* Parses `text`, and plans with every proof, which may fail. What it makes,
 * fixture_run_reset releases. */
enum imgrw_status fixture_run_try(struct fixture_run *run, imgrw_str text);

/* The same in two steps, each of which fails the row, and is false, where that
 * cannot be done. */
bool fixture_run_parse(struct fixture_run *run, imgrw_str text);
bool fixture_run_plan(struct fixture_run *run);
void fixture_run_reset(struct fixture_run *run);

/* The next image from `*index` on that is a reference, or NULL. */
const struct imgrw_image *
fixture_next_reference(const struct imgrw_manifest *manifest, size_t *index);
