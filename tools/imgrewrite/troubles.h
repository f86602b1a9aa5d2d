/*
 * What a run has to tell beside its result: files that fail, places of images
 * that hold none, rules without an image. Of many of a kind it tells the number
 * and the first one, unless the user wants all.
 */
#pragma once

#include "command.h"

/* More of a kind than this are told in one line. */
#define MANY 10

#define STATUSES (IMGRW_ERR_INPUT + 1)
#define REASONS (IMGRW_REASON_FILLED_IN + 1)

/* Troubles of one kind. */
struct crowd {
    size_t count;
    const struct imgrw_location *first;
    const char *message; /* of the first one; NULL: there is none */
};

struct troubles {
    const struct settings *settings;
    const struct imgrw_run *run;
    struct crowd errors[STATUSES], skipped[STATUSES], odd[REASONS];
    struct crowd warnings; /* that no file shows by itself */
};

/* Counts the troubles of a run that is planned, so that those of which there
 * are many are not told one by one. */
void count_troubles(struct troubles *troubles, const struct settings *settings,
                    const struct imgrw_run *run);

/* Tells of one file: its failure, its warnings, the places that hold no
 * image. */
void tell_troubles(const struct troubles *troubles,
                   const struct imgrw_file *file);

/* Tells of what there is too much to tell with its file. */
void tell_crowds(const struct troubles *troubles);

/* Tells of the rules that no image met. Where a file failed these cannot be
 * known, and nothing is said. */
void tell_unused_rules(const struct troubles *troubles);

/* The same of the fields that no file has. */
void tell_unused_fields(const struct troubles *troubles);

/* Whether there are such rules. */
bool has_unused_rule(const struct troubles *troubles);

/* Tells of an image that should change and does not; `why` is empty where
 * nothing is in the way. */
void tell_obstacle(const struct troubles *troubles,
                   const struct imgrw_image *image, imgrw_str why);
