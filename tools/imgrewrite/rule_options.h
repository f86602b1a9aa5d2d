/*
 * The options that are rules, which several programs take: rule_options.def
 * lists them. They are read when all options are known, because these say
 * whether warnings are wanted.
 */
#pragma once

#include "command.h"

/* Adds a rule; as the library's functions do. */
typedef enum imgrw_status add_rule_fn(struct imgrw_rules *rules,
                                      const char *argument,
                                      struct imgrw_error *error);

/* How an option becomes rules; what is zero, it does not. */
struct rule_effect {
    add_rule_fn *add; /* its argument is a rule */
    bool file;        /* its argument is a file of rules */
};

/* Rules as they were given. */
struct given_rules {
    struct {
        struct rule_effect effect;
        const char *argument; /* borrowed */
    } *items; /* malloc'ed */
    size_t count;
};

/* Adds images that move: FROM=TO, which is split in place for a while. */
enum imgrw_status add_prefix_rule(struct imgrw_rules *rules,
                                  const char *argument,
                                  struct imgrw_error *error);

/* Makes room for as many rules as there are arguments; false, after a message,
 * when memory is out. The caller frees `items`. */
bool make_room_for_rules(struct given_rules *given, int argument_count);

/* Keeps an argument for later, if the option is a rule. */
void keep_rule(struct given_rules *given, struct rule_effect effect,
               const char *argument);

/* How many of the files are standard input. */
size_t count_rules_on_input(const struct given_rules *given);

/* Adds what was given to the rules of the settings, and counts these. False,
 * after a message, where one is malformed or cannot be read. */
bool read_given_rules(struct settings *settings,
                      const struct given_rules *given);
