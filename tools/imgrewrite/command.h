/*
 * What the commands share: the settings that the options fill, and ways to
 * speak to people.
 */
#pragma once

#include <imgrewrite/imgrewrite.h>

#include <stdbool.h>
#include <stdio.h>

/* Exit statuses, as the manual page has them. */
enum {
    EXIT_DONE = 0,
    EXIT_FOUND = 1,
    EXIT_TROUBLE = 2,
};

/* Commands, as a set: an option says which take it. */
enum {
    COMMAND_REWRITE = 1,
    COMMAND_LIST = 2,
    COMMAND_RESOLVE = 4,
    COMMAND_OVERLAY = 8,
    COMMAND_PRESETS = 16,
    COMMAND_HELP = 32,
    COMMAND_PROBE = 64, /* whose options are read by another program */
    COMMAND_FN = 128,
};

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };
/* The last four, of what to copy where, are those of a list of copies. */
enum format {
    FORMAT_TEXT,
    FORMAT_JSON,
    FORMAT_TSV,
    FORMAT_MAPPING,
    FORMAT_SKOPEO_COPY,
    FORMAT_CRANE_COPY,
    FORMAT_REGSYNC,
};

struct settings {
    unsigned command; /* COMMAND_ bit */
    struct imgrw_rules *rules;
    size_t rule_count; /* of those that may change an image */
    struct imgrw_run_options run;
    struct imgrw_parse_options parse;
    struct imgrw_plan_options plan;
    struct imgrw_fieldspec *fields; /* those of `parse`, malloc'ed */
    const char *app, *downstream; /* of an overlay */
    const char *registry_auth, *name_space, *pull_secret;
    const char *report; /* a path or "-"; NULL: none */
    enum format format;
    enum when progress; /* the bar */
    /* Flags, which are 1 when their options are given. */
    int in_place, diff, check, unique, quiet, verbose, help, version;
    int service_account, password_stdin;
    int stream;
    int possible;
    int validate;
    int fail_on_unmatched, fail_on_unused_rule, fail_on_possible;
    int rules_files; /* --rules */
    char **arguments;
    int argument_count;
};

struct command {
    const char *name;
    unsigned bit;
    const char *synopsis; /* after the name */
    const char *purpose;  /* a sentence */
    int (*run)(struct settings *settings);
};

int run_rewrite(struct settings *settings);
int run_list(struct settings *settings);
int run_copies(struct settings *settings); /* list, in its last formats */
int run_resolve(struct settings *settings);
int run_overlay(struct settings *settings);
int run_fn(struct settings *settings);
int run_presets(struct settings *settings);
int run_help(struct settings *settings);

/* Becomes the program that asks registries, with the arguments `argv`, of which
 * the first is replaced. Returns only where there is no such program, which it
 * says. */
int run_probe_program(char **argv);

/* The command called `name`; where there is none, says so and returns NULL. */
const struct command *find_command(const char *name);

/* Offers what was probably meant, for a message about a word that is not known:
 * " (did you mean --diff?)", where `mark` is the "--", or "". The next call
 * overwrites it. */
const char *meant(const struct imgrw_suggestion *suggestion, const char *mark);

/* Reads the options of `command` from `argv`, whose first item is its name. On
 * failure says why and returns false. */
bool read_options(const struct command *command, int argc, char **argv,
                  struct settings *settings);

/* Prints the options that `command` takes. */
void print_options(FILE *out, const struct command *command);

/* Read the arguments of --find and --field; on failure say why. The latter is
 * split in place, and must live as long as the settings. */
bool read_find(struct settings *settings, char *argument);
bool read_field(struct settings *settings, char *argument);

/* Makes the text of the pull secret called `name` from the credentials that the
 * settings name; on failure says why. The text is borrowed from `*credentials`,
 * which the caller frees in any case. */
bool make_secret(struct settings *settings, const char *name,
                 struct imgrw_credentials **credentials, imgrw_str *text);

/* Has the runs of these settings show their bar, and end on their own when a
 * signal asks them to. */
void watch_runs(struct settings *settings);

/* Has signals ask for that, so that nothing stays; was_stopped says whether one
 * has; raise_signal, at the end, does then what the signal would have done. */
void catch_signals(void);
bool was_stopped(void);
void raise_signal(void);

/* Waits until a file can be read; false when a signal has asked for an end,
 * however early. */
bool wait_for_input(int file);

/* The bar of a run: says when there is one, draws it where it is due, and takes
 * it away. By itself it is there for what takes long, on a terminal. */
void set_bar(enum when when);
void draw_bar(const struct imgrw_progress *progress);
void show_bar(size_t done, size_t total, const char *what);
void clear_bar(void);

/* Opens a run over the arguments and plans it. `*run`, which must be NULL, is
 * to be freed even when this fails. */
enum imgrw_status plan_run(const struct settings *settings,
                           const struct imgrw_rules *rules,
                           struct imgrw_run **run, struct imgrw_error *error);

/* Says how many images there are of each class that was not asked for, `offs`
 * by class, and how to ask. */
void print_hint(const struct settings *settings, const size_t *offs);

/* Says how many images change in pods that get no pull secret, and may need
 * one: they are inside of texts, or a patch has the image. */
void print_misses(const struct settings *settings, size_t count);

/* Says how many images a preset for private images leaves alone because it is
 * not told whether they are. */
void print_unknown(const struct settings *settings, size_t count);

/* Says how many possible images there are, how to see them, and which field
 * names the place of one; with --fail-on-possible, where each is. */
void print_possible(const struct settings *settings,
                    const struct imgrw_run *run);

/* Says, with -v, how much was parsed, where that is not all. */
void print_unread(const struct settings *settings, const struct imgrw_run *run);

/* The status of a run that went well, but for what is possible. */
int judge_possible(const struct settings *settings,
                   const struct imgrw_run *run);

/* Whether output to `out` gets colours. */
bool use_color(FILE *out);
void set_color(enum when when);

/* Says "imgrewrite: error: ..." on standard error. */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

/* Begins a message that is of no file: "imgrewrite: error: ". */
void print_head(const char *kind);

/* Says "path:line:column: error: ..." for an error or another kind of message;
 * without a place where there is none. */
void print_error(const struct imgrw_error *error);
void print_message(const struct imgrw_location *at, const char *kind,
                   imgrw_str message);

/* Whether a call went well; if not, says the error that it gave. */
bool went_well(enum imgrw_status status, const struct imgrw_error *error);

/* Prints `text` with "?" for characters that would end its line or more. */
void print_plain(FILE *out, imgrw_str text);

/* Prints a warning about the rules, unless the settings, which `user` is, say
 * to be quiet. */
void print_warning(const struct imgrw_location *at, const char *message,
                   void *user);

imgrw_str as_str(const char *text);

/* Writes to the FILE that `user` is; an imgrw_write_fn. */
int write_to_file(const char *data, size_t size, void *user);

/* Whether something could not be written. Ask soon: errno says why, and is kept
 * for finish_output. */
bool has_failed(FILE *out);

/* Makes sure that everything has been written; false, saying so, if not. */
bool finish_output(FILE *out, const char *name);

/* What a command needs that has no rules, for a message. */
const char *no_rule(const struct settings *settings);

/* The arguments for a "%.*s". */
#define PRINT(str) (int)(str).size, ((str).size > 0 ? (str).data : "")
