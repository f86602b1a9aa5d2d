/*
 * The options: one table, which also prints their help.
 */
#include "command.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* What getopt_long returns for options without a letter. */
enum {
    KEY_PREFIX = 256,
    KEY_IMAGE,
    KEY_PRESET,
    KEY_RULES,
    KEY_KNOWN_IMAGES,
    KEY_PRIVATE,
    KEY_UNKNOWN,
    KEY_APP,
    KEY_DOWNSTREAM,
    KEY_SERVICE_ACCOUNT,
    KEY_REGISTRY_AUTH,
    KEY_PASSWORD_STDIN,
    KEY_NAMESPACE,
    KEY_PULL_SECRET,
    KEY_EXCLUDE,
    KEY_FIND,
    KEY_FIELD,
    KEY_DIFF,
    KEY_CHECK,
    KEY_REPORT,
    KEY_UNIQUE,
    KEY_COLOR,
    KEY_PROOF,
    KEY_KEEP_GOING,
    KEY_SKIP_UNPARSABLE,
    KEY_ALLOW_COLLISIONS,
    KEY_FAIL_ON_UNMATCHED,
    KEY_FAIL_ON_UNUSED_RULE,
    KEY_MAX_SIZE,
    KEY_HELP,
    KEY_VERSION,
};

#define FILES (COMMAND_REWRITE | COMMAND_LIST | COMMAND_OVERLAY)
#define RULES (COMMAND_REWRITE | COMMAND_RESOLVE | COMMAND_OVERLAY)
#define OUTPUT (COMMAND_LIST | COMMAND_RESOLVE)
#define ANY \
    (COMMAND_REWRITE | COMMAND_LIST | COMMAND_RESOLVE | COMMAND_OVERLAY | \
     COMMAND_PRESETS | COMMAND_HELP)

static const struct {
    const char *name;
    const char *argument; /* NULL: it takes none */
    int key;              /* a letter, or one of the above */
    unsigned commands;
    const char *help;
} table[] = {
    {"prefix", "FROM=TO", KEY_PREFIX, RULES,
     "images under registry or path FROM now live under TO"},
    {"image", "NAME=NEW[:TAG][@DIGEST]", KEY_IMAGE, RULES,
     "override one image, as `kustomize edit set image` does"},
    {"preset", "NAME[:KEY=VALUE,...]", KEY_PRESET, RULES,
     "a registry product's own layout; see `imgrewrite presets`"},
    {"rules", "FILE", KEY_RULES, RULES,
     "a rules file, a kustomization, mirror sets, a lock ..."},
    {"exclude", "PATTERN", KEY_EXCLUDE, RULES, "images to leave alone"},
    {"known-images", "FILE", KEY_KNOWN_IMAGES, RULES,
     "what is known of images, for presets with only=private"},
    {"private", "PATTERN", KEY_PRIVATE, RULES, "images that are private"},
    {"unknown", "HOW", KEY_UNKNOWN, RULES,
     "private or public: what images are that nothing is known of"},
    {"app", "SLUG", KEY_APP, COMMAND_OVERLAY, "the application's slug"},
    {"downstream", "NAME", KEY_DOWNSTREAM, COMMAND_OVERLAY,
     "the users' overlay; this-cluster"},
    {"registry-auth", "FILE", KEY_REGISTRY_AUTH, COMMAND_OVERLAY,
     "credentials for the pull secret: a config.json, or endpoint, "
     "username and password"},
    {"password-stdin", NULL, KEY_PASSWORD_STDIN, COMMAND_OVERLAY,
     "read the password that is missing there"},
    {"namespace", "NAMESPACE", KEY_NAMESPACE, COMMAND_OVERLAY,
     "of the pull secret"},
    {"pull-secret", "NAME", KEY_PULL_SECRET, COMMAND_OVERLAY,
     "name of the pull secret; SLUG-registry"},
    {"service-account", NULL, KEY_SERVICE_ACCOUNT, COMMAND_OVERLAY,
     "service accounts get the pull secret, not the pods"},
    {"find", "CLASS,...", KEY_FIND, FILES,
     "which places count; pod,crd,args,env"},
    {"field", "GROUP/KIND:PATH", KEY_FIELD, FILES,
     "one more field that holds images"},
    {"pull-secret", "NAME", KEY_PULL_SECRET, COMMAND_REWRITE,
     "add a secret to imagePullSecrets of the pods with new images"},
    {"in-place", NULL, 'i', COMMAND_REWRITE, "replace the edited files"},
    {"out-dir", "DIR", 'O', COMMAND_REWRITE | COMMAND_OVERLAY,
     "write the whole tree to DIR"},
    {"diff", NULL, KEY_DIFF, COMMAND_REWRITE,
     "print a unified diff for `patch -p1`"},
    {"check", NULL, KEY_CHECK, COMMAND_REWRITE,
     "write nothing; status 1 if anything would change"},
    {"report", "FILE", KEY_REPORT, COMMAND_REWRITE,
     "write a JSON report to FILE, or - for standard output"},
    {"output", "FORMAT", 'o', OUTPUT, "text, json or, for list, tsv"},
    {"unique", NULL, KEY_UNIQUE, COMMAND_LIST,
     "print each distinct reference once, sorted, and nothing else"},
    {"keep-going", NULL, KEY_KEEP_GOING, COMMAND_REWRITE,
     "write the good files even if others fail"},
    {"skip-unparsable", NULL, KEY_SKIP_UNPARSABLE, FILES,
     "pass over files that are not YAML, with a warning"},
    {"allow-collisions", NULL, KEY_ALLOW_COLLISIONS,
     COMMAND_REWRITE | COMMAND_OVERLAY, "let two images become one"},
    {"fail-on-unmatched", NULL, KEY_FAIL_ON_UNMATCHED, COMMAND_REWRITE,
     "status 1 if some image matches no rule"},
    {"fail-on-unused-rule", NULL, KEY_FAIL_ON_UNUSED_RULE, COMMAND_REWRITE,
     "status 1 if some rule matches no image"},
    {"proof", "HOW", KEY_PROOF, COMMAND_REWRITE | COMMAND_OVERLAY,
     "default, full, reread or none"},
    {"max-size", "SIZE", KEY_MAX_SIZE, FILES,
     "largest file, in bytes or with K, M or G; 64M"},
    {"jobs", "N", 'j', FILES, "threads; one a processor"},
    {"quiet", NULL, 'q', ANY, "no summary and no warnings"},
    {"verbose", NULL, 'v', ANY, "say what each image becomes, and why"},
    {"color", "WHEN", KEY_COLOR, ANY, "auto, always or never"},
    {"help", NULL, 'h', ANY, "print help"},
    {"version", NULL, KEY_VERSION, ANY, "print the version"},
};

#define TABLE_SIZE (sizeof(table) / sizeof(table[0]))

/* Splits FROM=TO at its first "=" and adds it. */
static enum imgrw_status
add_prefix(struct imgrw_rules *rules, char *argument, struct imgrw_error *error)
{
    char *equals = strchr(argument, '=');
    enum imgrw_status status;

    if (!equals || equals == argument || equals[1] == '\0') {
        *error = (struct imgrw_error){.status = IMGRW_ERR_RULE};
        snprintf(error->message, sizeof(error->message),
                 "prefix \"%.100s\": expected FROM=TO, such as "
                 "docker.io=registry.example.com/hub",
                 argument);
        return IMGRW_ERR_RULE;
    }
    *equals = '\0';
    status = imgrw_rules_add_prefix(rules, argument, equals + 1, error);
    *equals = '=';
    return status;
}

/* How many rules there are that may change an image. */
static size_t
count_rules(const struct imgrw_rules *rules)
{
    size_t count = 0;

    for (size_t i = 0; i < imgrw_rules_count(rules); i++)
        count += strncmp(imgrw_rules_name(rules, i), "exclude ", 8) != 0;
    return count;
}

const char *
no_rule(const struct settings *settings)
{
    return settings->rules_files
               ? "a rule, and there is none in the files of --rules"
               : "a rule: --prefix, --image, --preset or --rules";
}

/* The argument is a rule, or names a file of them. */
static bool
read_rule(struct settings *settings, int key, char *argument)
{
    struct imgrw_rules *rules = settings->rules;
    struct imgrw_error error;
    enum imgrw_status status;

    if (key == KEY_PREFIX)
        status = add_prefix(rules, argument, &error);
    else if (key == KEY_IMAGE)
        status = imgrw_rules_add_image(rules, argument, &error);
    else if (key == KEY_PRESET)
        status = imgrw_rules_add_preset(rules, argument, &error);
    else if (key == KEY_PRIVATE)
        status = imgrw_rules_add_private(rules, argument, &error);
    else if (key == KEY_EXCLUDE)
        status = imgrw_rules_add_exclude(rules, argument, &error);
    else
        status = imgrw_rules_read_file(rules, argument, print_warning, settings,
                                       &error);
    if (status != IMGRW_OK)
        print_error(&error);
    return status == IMGRW_OK;
}

/* Looks `argument` up in a list of words; says so when it is not there. */
static bool
read_word(const char *option, const char *argument, const char *const *words,
          int *index)
{
    for (*index = 0; words[*index]; ++*index)
        if (strcmp(argument, words[*index]) == 0)
            return true;
    complain("--%s %s: no such word; see `imgrewrite help`", option, argument);
    return false;
}

static bool
read_format(struct settings *settings, const char *argument)
{
    static const char *const words[] = {"text", "json", "tsv", NULL};
    int index;

    if (!read_word("output", argument, words, &index))
        return false;
    settings->format = (enum format)index;
    return true;
}

static bool
read_unknown(struct settings *settings, const char *argument)
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
read_proof(struct settings *settings, const char *argument)
{
    static const char *const words[] = {"default", "full", "reread", "none",
                                        NULL};
    int index;

    if (!read_word("proof", argument, words, &index))
        return false;
    settings->plan.proof = (enum imgrw_proof)index;
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
read_jobs(struct settings *settings, const char *argument)
{
    size_t jobs;

    if (!read_number("jobs", argument, false, 256, &jobs))
        return false;
    settings->run.jobs = (unsigned)jobs;
    return true;
}

static bool
read_color(const char *argument)
{
    if (set_color(argument))
        return true;
    complain("--color %s: expected auto, always or never", argument);
    return false;
}

/* Sets what an option without an argument says. */
static void
set_flag(struct settings *settings, int key)
{
    settings->in_place |= key == 'i';
    settings->diff |= key == KEY_DIFF;
    settings->check |= key == KEY_CHECK;
    settings->unique |= key == KEY_UNIQUE;
    settings->quiet |= key == 'q';
    settings->verbose |= key == 'v';
    settings->help |= key == 'h';
    settings->version |= key == KEY_VERSION;
    settings->service_account |= key == KEY_SERVICE_ACCOUNT;
    settings->password_stdin |= key == KEY_PASSWORD_STDIN;
    settings->fail_on_unmatched |= key == KEY_FAIL_ON_UNMATCHED;
    settings->fail_on_unused_rule |= key == KEY_FAIL_ON_UNUSED_RULE;
    settings->run.keep_going |= key == KEY_KEEP_GOING;
    settings->run.skip_unparsable |= key == KEY_SKIP_UNPARSABLE;
    settings->run.allow_collisions |= key == KEY_ALLOW_COLLISIONS;
}

static bool
read_option(struct settings *settings, int key, char *argument)
{
    switch (key) {
    case 'O':
        settings->run.out_dir = argument;
        return true;
    case KEY_REPORT:
        settings->report = argument;
        return true;
    case KEY_APP:
        settings->app = argument;
        return true;
    case KEY_REGISTRY_AUTH:
        settings->registry_auth = argument;
        return true;
    case KEY_NAMESPACE:
        settings->name_space = argument;
        return true;
    case KEY_PULL_SECRET:
        settings->pull_secret = argument;
        return true;
    case KEY_DOWNSTREAM:
        settings->downstream = argument;
        return true;
    case KEY_UNKNOWN:
        return read_unknown(settings, argument);
    case 'o':
        return read_format(settings, argument);
    case 'j':
        return read_jobs(settings, argument);
    case KEY_FIND:
        return read_find(settings, argument);
    case KEY_FIELD:
        return read_field(settings, argument);
    case KEY_COLOR:
        return read_color(argument);
    case KEY_PROOF:
        return read_proof(settings, argument);
    case KEY_MAX_SIZE:
        return read_number("max-size", argument, true, (size_t)1 << 30,
                           &settings->parse.max_bytes);
    default:
        set_flag(settings, key);
        return true;
    }
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
            .val = table[i].key,
        };
        if (table[i].key >= 256)
            continue;
        *shorts++ = (char)table[i].key;
        if (table[i].argument)
            *shorts++ = ':';
    }
    *shorts = '\0';
}

/* Says what is wrong with the option that getopt_long stumbled over. */
static void
refuse_option(const struct command *command, int problem, char **argv)
{
    const char *word = argv[optind - 1];
    char letter[] = {'-', (char)optopt, '\0'};

    if (optopt > 0 && optopt < 256 && problem != ':')
        word = letter;
    if (problem == ':')
        complain("option %s needs an argument", word);
    else
        complain("%s takes no option %s; see `imgrewrite help %s`",
                 command->name, word, command->name);
}

/* Rules as they were given. They are read when all options are known, because
 * these say whether warnings are wanted. */
struct given_rules {
    struct {
        int key;
        char *argument;
    } *items;
    size_t count;
};

static bool
is_rule(int key)
{
    return key == KEY_PREFIX || key == KEY_IMAGE || key == KEY_PRESET ||
           key == KEY_EXCLUDE || key == KEY_RULES ||
           key == KEY_KNOWN_IMAGES || key == KEY_PRIVATE;
}

static bool
read_each_option(const struct command *command, int argc, char **argv,
                 struct settings *settings, struct given_rules *rules)
{
    struct option longs[TABLE_SIZE + 1] = {{0}};
    char shorts[2 * TABLE_SIZE + 2];
    int key;

    list_options(command, longs, shorts);
    opterr = 0;
    while ((key = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        if (key == '?' || key == ':') {
            refuse_option(command, key, argv);
            return false;
        }
        settings->rules_files |= key == KEY_RULES;
        if (is_rule(key)) {
            rules->items[rules->count].key = key;
            rules->items[rules->count++].argument = optarg;
        } else if (!read_option(settings, key, optarg)) {
            return false;
        }
    }
    settings->arguments = argv + optind;
    settings->argument_count = argc - optind;
    return true;
}

/* Standard input can be read once only. */
static bool
check_standard_input(const struct settings *settings,
                     const struct given_rules *rules)
{
    bool has_auth = settings->registry_auth &&
                    strcmp(settings->registry_auth, "-") == 0;
    size_t options_there = settings->password_stdin + has_auth;
    size_t arguments_there = 0;

    for (size_t i = 0; i < rules->count; i++)
        options_there += (rules->items[i].key == KEY_RULES ||
                          rules->items[i].key == KEY_KNOWN_IMAGES) &&
                         strcmp(rules->items[i].argument, "-") == 0;
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
    struct given_rules rules = {
        .items = calloc((size_t)argc, sizeof(*rules.items)),
    };
    bool good = rules.items != NULL;

    if (good)
        good = read_each_option(command, argc, argv, settings, &rules) &&
               check_standard_input(settings, &rules);
    else
        complain("out of memory");
    for (size_t i = 0; good && i < rules.count; i++)
        good = read_rule(settings, rules.items[i].key,
                         rules.items[i].argument);
    free(rules.items);
    settings->rule_count = count_rules(settings->rules);
    return good;
}

void
print_options(FILE *out, const struct command *command)
{
    for (size_t i = 0; i < TABLE_SIZE; i++) {
        char letter[8] = "   ", name[64];

        if (!(table[i].commands & command->bit))
            continue;
        if (table[i].key < 256)
            snprintf(letter, sizeof(letter), "-%c,", table[i].key);
        snprintf(name, sizeof(name), "--%s%s%s", table[i].name,
                 table[i].argument ? " " : "",
                 table[i].argument ? table[i].argument : "");
        fprintf(out, "  %-3s %-32s %s\n", letter, name, table[i].help);
    }
}
