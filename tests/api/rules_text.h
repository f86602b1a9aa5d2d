/*
 * Rules as lines of a table, so that a test of rules is a table too.
 */
#pragma once

#include "support.h"

#include <imgrewrite/rules_file.h>

#define RULES_MAX 6 /* lines in a row of a table; the last is NULL */

/* What stands in a table where the image stays what it is. */
#define UNMATCHED "(no rule speaks of it)"
#define EXCLUDED "(it is excluded)"
#define UNCHANGED "(rules match and change nothing)"
#define UNDECIDED "(a rule depends on what is filled in later)"

/* Two digests that are valid. */
#define DIGEST "sha256:" \
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER_DIGEST "sha256:" \
    "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

/* Adds the rule that `line` says, its words separated by spaces:
 *
 *     prefix FROM TO
 *     exclude PATTERN
 *     image NAME=NEW:TAG
 *     mirror FROM TO digest (or tag)
 *     any TO keep (or drop or written: what the prefix * does with names)
 *     preset NAME:KEY=VALUE,...
 *     exact IMAGE TO (the first of a map; `also` IMAGE TO is one more of it)
 *     known IMAGE private (or public)
 *     write registry (or both)
 *     override name=NAME newName=NEW newTag=TAG tagSuffix=TEXT digest=DIGEST
 */
enum imgrw_status rules_text_add(struct imgrw_rules *rules, const char *line,
                                 struct imgrw_error *error);

/* A row: an image, the rules it meets, and what becomes of it. */
struct rules_row {
    const char *name;
    const char *rules[RULES_MAX];
    const char *image, *becomes;
};

struct rules_table {
    const struct rules_row *rows;
    size_t count;
};

/* The cmocka test of a table of rows, named like the array. */
#define RULES_TEST(rows) \
    {#rows, rules_text_test, NULL, NULL, \
     &(struct rules_table){rows, SUPPORT_COUNT(rows)}}

/* A cmocka test whose state is a struct rules_table. */
void rules_text_test(void **state);

/* A set of the rules of `lines`, which end with NULL. If one is refused, the
 * row fails and the result is NULL. The caller frees the set. */
struct imgrw_rules *rules_text_new(struct support_tally *tally,
                                   const char *const *lines);

/* Applies the set and checks what becomes of `image`: the text `becomes`, or
 * one of the words above. On success the error, and on failure the outcome,
 * have to be as they were. */
void rules_text_check(struct support_tally *tally,
                      const struct imgrw_rules *rules, const char *image,
                      const char *becomes);
