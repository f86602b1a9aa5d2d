/*
 * With rules, what is asked for is not the images but the places to which the
 * rules move them: which are they, and what is there.
 */
#pragma once

#include "probe.h"

/* Whether rules were given. */
bool has_rules(const struct probe *probe);

/* Whether a list of copies is printed: of those that are to be made. */
bool prints_copies(const struct probe *probe);

/* Checks that output and rules go together, and makes room for copies where
 * there are rules; false, after a message, where they do not. */
bool begin_targets(struct probe *probe);

/* Tells of what was gathered, and adds the targets to the client; false, after
 * a message, where one cannot be asked for, or something was not gathered. */
bool add_targets(struct probe *probe);

/* The copy that the answer number `index` is about. */
const struct imgrw_copy *copy_of_answer(const struct probe *probe,
                                        size_t index);

/* What its answer says of a target. */
enum target_state state_of_target(const struct probe *probe, size_t index);

/* The reason of the answer number `index`, with rules or without. */
const char *reason_of(const struct probe *probe, size_t index);
