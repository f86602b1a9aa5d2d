/*
 * The options: one table, which also prints their help.
 */
#include "command.h"
#include "rule_options.h"
#include "words.h"

#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Says how new names are divided; an add_rule_fn, so that of files and options
 * the last one counts. */
static enum imgrw_status
set_write(struct imgrw_rules *rules, const char *argument,
          struct imgrw_error *error)
{
    bool registry = strcmp(argument, "registry") == 0;

    if (registry || strcmp(argument, "both") == 0)
        return imgrw_rules_set_write(
            rules, registry ? IMGRW_WRITE_REGISTRY : IMGRW_WRITE_BOTH, error);
    *error = (struct imgrw_error){.status = IMGRW_ERR_RULE};
    snprintf(error->message, sizeof(error->message),
             "--write %.100s: expected both or registry", argument);
    return IMGRW_ERR_RULE;
}

static bool
read_format(struct settings *settings, char *argument)
{
    static const char *const words[] = {
        "text",        "json",      "tsv",     "mapping",
        "skopeo-copy", "crane-copy", "regsync", NULL,
    };
    int index;

    if (!read_word("output", argument, words, &index))
        return false;
    settings->format = (enum format)index;
    return true;
}

static bool
read_unknown(struct settings *settings, char *argument)
{
    static const char *const words[] = {"public", "private", NULL};
    int index;

    if (!read_word("unknown", argument, words, &index))
        return false;
    return imgrw_rules_set_default_access(settings->rules,
                                          index == 0 ? IMGRW_ACCESS_PUBLIC
                                                     : IMGRW_ACCESS_PRIVATE,
                                          NULL) == IMGRW_OK;
}

static bool
read_proof(struct settings *settings, char *argument)
{
    static const char *const words[] = {"default", "full", "reread", "none",
                                        NULL};
    int index;

    if (!read_word("proof", argument, words, &index))
        return false;
    settings->plan.proof = (enum imgrw_proof)index;
    return true;
}

static bool
read_templates(struct settings *settings, char *argument)
{
    static const char *const words[] = {"auto", "off", NULL};
    int index;

    if (!read_word("templates", argument, words, &index))
        return false;
    settings->parse.templates =
        index == 0 ? IMGRW_TEMPLATES_AUTO : IMGRW_TEMPLATES_OFF;
    return true;
}

/* A positive number, with K, M or G after it where `units` allows. */
static bool
read_number(const char *option, const char *argument, bool units, size_t most,
            size_t *number)
{
    static const char letters[] = "KMG";
    char *end;
    unsigned long long value = strtoull(argument, &end, 10);
    const char *letter = units && *end ? strchr(letters, *end) : NULL;
    int shift = letter ? 10 * (int)(letter - letters + 1) : 0;

    if (letter)
        end++;
    if (*argument < '0' || *argument > '9' || *end || value == 0 ||
        value > most >> shift) {
        complain("--%s %s: expected a number from 1 to %zu%s", option, argument,
                 most, units ? " bytes, or one with K, M or G" : "");
        return false;
    }
    *number = (size_t)value << shift;
    return true;
}

static bool
read_jobs(struct settings *settings, char *argument)
{
    size_t jobs;

    if (!read_number("jobs", argument, false, 256, &jobs))
        return false;
    settings->run.jobs = (unsigned)jobs;
    return true;
}

static bool
read_max_size(struct settings *settings, char *argument)
{
    return read_number("max-size", argument, true, (size_t)1 << 30,
                       &settings->parse.max_bytes);
}

static bool
read_color(struct settings *settings, char *argument)
{
    enum when when;

    (void)settings;
    if (!read_when("color", argument, &when))
        return false;
    set_color(when);
    return true;
}

static bool
read_progress(struct settings *settings, char *argument)
{
    return read_when("progress", argument, &settings->progress);
}

#define FILES (COMMAND_REWRITE | COMMAND_LIST | COMMAND_OVERLAY)
#define TEXTS (FILES | COMMAND_FN) /* manifests, wherever they are */
#define FILTERS (COMMAND_REWRITE | COMMAND_FN)
#define REWRITERS (FILTERS | COMMAND_OVERLAY)
#define RULES (TEXTS | COMMAND_RESOLVE)
#define ANY (RULES | COMMAND_PRESETS | COMMAND_HELP)

/* Reads an argument; on failure says why. */
typedef bool read_fn(struct settings *settings, char *argument);

/* What an option does; what is zero, it does not. */
struct effect {
    size_t flag;       /* where it sets an int of the settings */
    size_t text;       /* where it puts its argument in them */
    read_fn *read;     /* how its argument is read */
    struct rule_effect rule;
};

#define FLAG_OF(member) .flag = offsetof(struct settings, member)
#define FLAG(member) {FLAG_OF(member)}
#define TEXT(member) {.text = offsetof(struct settings, member)}
#define READ(function) {.read = (function)}
#define RULE(function) {.rule = {.add = (function)}}

static const struct {
    const char *name;
    const char *argument; /* NULL: it takes none */
    char letter;          /* 0: it has none */
    unsigned commands;
    struct effect effect;
    const char *help;
} table[] = {
#define RULE_OPTION(name, argument, function, help) \
    {name, argument, 0, RULES, RULE(function), help},
#define RULES_FILE_OPTION(name, argument, set, help) \
    {name, argument, 0, RULES, {.flag = (set), .rule = {.file = true}}, help},
#include "rule_options.def"
#undef RULE_OPTION
#undef RULES_FILE_OPTION
    {"unknown", "HOW", 0, RULES, READ(read_unknown),
     "private or public: what images are that nothing is known of"},
    {"write", "HOW", 0, REWRITERS, RULE(set_write),
     "both or registry: which keys say where an image in parts is"},
    {"app", "SLUG", 0, COMMAND_OVERLAY, TEXT(app), "the application's slug"},
    {"downstream", "NAME", 0, COMMAND_OVERLAY, TEXT(downstream),
     "the users' overlay; this-cluster"},
    {"registry-auth", "FILE", 0, COMMAND_OVERLAY, TEXT(registry_auth),
     "credentials for the pull secret: a config.json, or endpoint, "
     "username and password"},
    {"password-stdin", NULL, 0, COMMAND_OVERLAY, FLAG(password_stdin),
     "read the password that is missing there"},
    {"namespace", "NAMESPACE", 0, COMMAND_OVERLAY, TEXT(name_space),
     "of the pull secret"},
    {"pull-secret", "NAME", 0, COMMAND_OVERLAY, TEXT(pull_secret),
     "name of the pull secret; SLUG-registry"},
    {"service-account", NULL, 0, COMMAND_OVERLAY, FLAG(service_account),
     "service accounts get the pull secret, not the pods"},
    {"find", "CLASS,...", 0, TEXTS, READ(read_find),
     "which places count; pod,crd,args,env"},
    {"field", "GROUP/KIND:PATH", 0, TEXTS, READ(read_field),
     "one more field that holds images"},
    {"hidden", NULL, 0, FILES, FLAG(run.hidden),
     "walk hidden folders as well, all but .git"},
    {"pull-secret", "NAME", 0, FILTERS, TEXT(pull_secret),
     "add a secret to imagePullSecrets of the pods with new images"},
    {"in-place", NULL, 'i', COMMAND_REWRITE, FLAG(in_place),
     "replace the edited files"},
    {"out-dir", "DIR", 'O', COMMAND_REWRITE | COMMAND_OVERLAY,
     TEXT(run.out_dir), "write the whole tree to DIR"},
    {"diff", NULL, 0, COMMAND_REWRITE, FLAG(diff),
     "print a unified diff for `patch -p1`"},
    {"check", NULL, 0, COMMAND_REWRITE, FLAG(check),
     "write nothing; status 1 if anything would change"},
    {"stream", NULL, 0, COMMAND_REWRITE, FLAG(stream),
     "print each document as soon as it is read, whole"},
    {"validate", NULL, 0, COMMAND_FN, FLAG(validate),
     "print nothing; status 1 if anything would change"},
    {"report", "FILE", 0, COMMAND_REWRITE, TEXT(report),
     "write a JSON report to FILE, or - for standard output"},
    {"output", "FORMAT", 'o', COMMAND_LIST, READ(read_format),
     "text, json, tsv; mapping, skopeo-copy, crane-copy, regsync"},
    {"output", "FORMAT", 'o', COMMAND_RESOLVE, READ(read_format),
     "text or json"},
    {"unique", NULL, 0, COMMAND_LIST, FLAG(unique),
     "print each distinct reference once, sorted, and nothing else"},
    {"possible", NULL, 0, COMMAND_LIST, FLAG(possible),
     "print what looks like an image at no known place as well"},
    {"keep-going", NULL, 0, COMMAND_REWRITE, FLAG(run.keep_going),
     "write the good files even if others fail"},
    {"skip-unparsable", NULL, 0, FILES, FLAG(run.skip_unparsable),
     "pass over files that are not YAML, with a warning"},
    {"strict", NULL, 0, TEXTS, FLAG(parse.strict),
     "parse all documents, also those that can hold no image"},
    {"templates", "HOW", 0, FILES, READ(read_templates),
     "auto: read templates without actions; off: as they stand"},
    {"allow-collisions", NULL, 0, REWRITERS, FLAG(run.allow_collisions),
     "let two images become one"},
    {"fail-on-unmatched", NULL, 0, FILTERS, FLAG(fail_on_unmatched),
     "status 1 if some image matches no rule"},
    {"fail-on-unused-rule", NULL, 0, FILTERS, FLAG(fail_on_unused_rule),
     "status 1 if some rule matches no image"},
    {"fail-on-possible", NULL, 0, TEXTS, FLAG(fail_on_possible),
     "status 1 if something looks like an image at no known place"},
    {"proof", "HOW", 0, REWRITERS, READ(read_proof),
     "default, full, reread or none"},
    {"max-size", "SIZE", 0, TEXTS, READ(read_max_size),
     "largest file, in bytes or with K, M or G; 64M"},
    {"jobs", "N", 'j', TEXTS, READ(read_jobs), "threads; one a processor"},
    {"progress", "WHEN", 0, TEXTS, READ(read_progress),
     "a bar: auto, always or never"},
    {"quiet", NULL, 'q', ANY, FLAG(quiet), "no summary and no warnings"},
    {"verbose", NULL, 'v', ANY, FLAG(verbose),
     "say what each image becomes, and why"},
    {"color", "WHEN", 0, ANY, READ(read_color), "auto, always or never"},
    {"help", NULL, 'h', ANY, FLAG(help), "print help"},
    {"version", NULL, 0, ANY, FLAG(version), "print the version"},
};

#define TABLE_SIZE (sizeof(table) / sizeof(table[0]))

static bool
read_option(struct settings *settings, const struct effect *effect,
            char *argument)
{
    char *start = (char *)settings;

    if (effect->flag > 0)
        *(int *)(void *)(start + effect->flag) = 1;
    if (effect->text > 0)
        *(const char **)(void *)(start + effect->text) = argument;
    return !effect->read || effect->read(settings, argument);
}

/* What getopt_long returns for the option number `index`. */
static int
key_of(size_t index)
{
    return table[index].letter ? table[index].letter : 256 + (int)index;
}

/* Lists the options of `command` the way getopt_long wants them. */
static void
list_options(const struct command *command, struct option *longs, char *shorts)
{
    size_t count = 0;

    *shorts++ = ':';
    for (size_t i = 0; i < TABLE_SIZE; i++) {
        if (!(table[i].commands & command->bit))
            continue;
        longs[count++] = (struct option){
            .name = table[i].name,
            .has_arg = table[i].argument ? required_argument : no_argument,
            .val = key_of(i),
        };
        if (!table[i].letter)
            continue;
        *shorts++ = table[i].letter;
        if (table[i].argument)
            *shorts++ = ':';
    }
    *shorts = '\0';
}

/* The option of the command for which getopt_long returns `key`; NULL where it
 * has none. */
static const char *
name_of(const struct command *command, int key)
{
    for (size_t i = 0; i < TABLE_SIZE; i++)
        if (key_of(i) == key && table[i].commands & command->bit)
            return table[i].name;
    return NULL;
}

/* Says what is wrong with a long option that the command does not know: it may
 * be misspelled, or the beginning of several. */
static void
refuse_name(const struct command *command, const char *word)
{
    size_t size = strcspn(word + 2, "="), at = 0, count = 0;
    struct imgrw_suggestion suggestion = {.word = {word + 2, size}};
    char known[400] = "";

    for (size_t i = 0; i < TABLE_SIZE; i++) {
        if (!(table[i].commands & command->bit))
            continue;
        imgrw_suggest(&suggestion, table[i].name);
        if (strncmp(table[i].name, word + 2, size) != 0 || at >= sizeof(known))
            continue;
        at += (size_t)snprintf(known + at, sizeof(known) - at, "%s--%s",
                               count++ > 0 ? ", " : "", table[i].name);
    }
    if (count > 1)
        complain("%.*s may be any of %s", (int)size + 2, word, known);
    else
        complain("%s takes no option %s%s; see `imgrewrite help %s`",
                 command->name, word, meant(&suggestion, "--"), command->name);
}

/* Says what is wrong with the option that getopt_long stumbled over. */
static void
refuse_option(const struct command *command, int problem, char **argv)
{
    const char *word = argv[optind - 1], *name = name_of(command, optopt);

    if (problem == ':' && optopt > 0 && optopt < 256 &&
        strncmp(word, "--", 2) != 0)
        complain("option -%c needs an argument", optopt);
    else if (problem == ':')
        complain("option %s needs an argument", word);
    else if (name)
        complain("--%s takes no argument", name);
    else if (optopt > 0)
        complain("%s takes no option -%c; see `imgrewrite help %s`",
                 command->name, optopt, command->name);
    else
        refuse_name(command, word);
}

/* The effect of the option for which getopt_long returned `key`. */
static const struct effect *
find_effect(int key)
{
    size_t i = 0;

    while (key_of(i) != key)
        i++;
    return &table[i].effect;
}

static bool
read_each_option(const struct command *command, int argc, char **argv,
                 struct settings *settings, struct given_rules *rules)
{
    struct option longs[TABLE_SIZE + 1] = {{0}};
    char shorts[2 * TABLE_SIZE + 2];
    const struct effect *effect;
    int key;

    list_options(command, longs, shorts);
    opterr = 0;
    while ((key = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        if (key == '?' || key == ':') {
            refuse_option(command, key, argv);
            return false;
        }
        effect = find_effect(key);
        keep_rule(rules, effect->rule, optarg);
        if (!read_option(settings, effect, optarg))
            return false;
    }
    settings->arguments = argv + optind;
    settings->argument_count = argc - optind;
    return true;
}

/* Standard input can be read once only. */
static bool
check_standard_input(const struct command *command,
                     const struct settings *settings,
                     const struct given_rules *rules)
{
    bool has_auth = settings->registry_auth &&
                    strcmp(settings->registry_auth, "-") == 0;
    size_t options_there = settings->password_stdin + has_auth +
                           count_rules_on_input(rules);
    size_t arguments_there = command->bit == COMMAND_FN;

    for (int i = 0; i < settings->argument_count; i++)
        arguments_there += strcmp(settings->arguments[i], "-") == 0;
    if (options_there == 0 || options_there + arguments_there == 1)
        return true;
    complain("%s reads standard input, which can be read once only",
             settings->password_stdin ? "--password-stdin"
             : has_auth               ? "--registry-auth -"
                                      : "--rules -");
    return false;
}

bool
read_options(const struct command *command, int argc, char **argv,
             struct settings *settings)
{
    struct given_rules rules = {.count = 0};
    bool good = make_room_for_rules(&rules, argc) &&
                read_each_option(command, argc, argv, settings, &rules) &&
                check_standard_input(command, settings, &rules) &&
                read_given_rules(settings, &rules);

    free(rules.items);
    return good;
}

void
print_options(FILE *out, const struct command *command)
{
    for (size_t i = 0; i < TABLE_SIZE; i++) {
        char letter[8] = "   ", name[64];

        if (!(table[i].commands & command->bit))
            continue;
        if (table[i].letter)
            snprintf(letter, sizeof(letter), "-%c,", table[i].letter);
        snprintf(name, sizeof(name), "--%s%s%s", table[i].name,
                 table[i].argument ? " " : "",
                 table[i].argument ? table[i].argument : "");
        fprintf(out, "  %-3s %-32s %s\n", letter, name, table[i].help);
    }
}
