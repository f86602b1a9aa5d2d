/*
 * What to copy where, gathered from manifests and references: for `list`, which
 * writes it down, and for `probe`, which asks what is there already.
 */
#pragma once

#include "troubles.h"

#define COPY_RESULTS (IMGRW_COPY_BASE + 1)

struct copies {
    const struct settings *settings;
    const char *missing; /* what is said of an image that moves and cannot be
                            gathered: "not in the list" */
    struct imgrw_run *run; /* NULL: there are no manifests */
    struct imgrw_copy_list *list;
    struct troubles troubles;
    size_t results[COPY_RESULTS]; /* images by what became of them */
    size_t offs[IMGRW_CLASS_COUNT];
    size_t unknown;    /* private or public; see print_unknown */
    size_t references; /* those of no manifest */
    bool failed;       /* something is not in the list, for an error */
};

/* Checks that the options make sense together for `command`, and that the rules
 * do, and makes an empty list; false, after a message, where not. */
bool begin_copies(struct copies *copies, const char *command);

/* Plans a run over the arguments, and gathers what is to be copied for its
 * images, with messages. False where there is nothing to go on with. */
bool gather_copies(struct copies *copies);

/* The same for a reference, which is at `at`; false where it failed. */
bool gather_reference(struct copies *copies, imgrw_str reference,
                      const struct imgrw_location *at);

/* Prints the list in the format of the settings, which is one of a list of
 * copies; false, after a message, where that failed. */
bool write_copies(const struct copies *copies);

/* Says what there is to say after all of them. */
void tell_gathered(const struct copies *copies);

/* How many images there are, and how many of them move, and are missing. */
size_t count_gathered(const struct copies *copies);
size_t count_missing(const struct copies *copies);

/* Prints what the summary has of images that are not gathered: ", 3 left
 * alone". */
void print_ungathered(const struct copies *copies);

/* Releases all. */
void end_copies(struct copies *copies);
