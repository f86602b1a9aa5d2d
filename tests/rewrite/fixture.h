/*
 * Manifests and plans made of fixtures.
 */
#pragma once

#include "support.h"

#include <imgrewrite/plan.h>

/* The folder NAME of fixtures/, with a "/" behind; the caller frees it. */
char *fixture_folder(const char *name);

/* The bytes of the file FOLDER NAME SUFFIX; the caller frees `data`. */
imgrw_str fixture_read(const char *folder, const char *name,
                       const char *suffix);

/* The rules of FOLDER NAME.rules or, where that is not there, of
 * FOLDER default.rules: a rule a line. The caller frees them. */
struct imgrw_rules *fixture_rules(struct support_tally *tally,
                                  const char *folder, const char *name);

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

/* Line and column of byte `offset`, counted here and not by the library: lines
 * end with a line feed, columns are characters, a byte order mark is none. */
struct imgrw_location fixture_locate(imgrw_str text, size_t offset);
