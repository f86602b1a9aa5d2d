#include "options.h"
#include "print_lock.h"
#include "words.h"

#include <assert.h>
#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Reads an argument; on failure says why. */
typedef bool read_probe_fn(struct probe *probe, char *argument);

static bool
read_output(struct probe *probe, char *argument)
{
    static const char *const words[] = {
        "table",         "json",    "known-images", "lock",       "digest-lock",
        "registry-auth", "mapping", "skopeo-copy",  "crane-copy", "regsync",
        NULL,
    };
    int index;

    if (!read_word("output", argument, words, &index))
        return false;
    probe->output = (enum probe_output)index;
    if (is_lock(probe))
        probe->options.resolve = 1;
    return true;
}

/* Images and what is at new places may both be unknown; "error" is of both. */
static bool
read_unknown(struct probe *probe, char *argument)
{
    static const char *const words[] = {"error",   "private", "public",
                                        "missing", "there",   NULL};
    static const enum imgrw_access access[] = {
        IMGRW_ACCESS_UNKNOWN, IMGRW_ACCESS_PRIVATE, IMGRW_ACCESS_PUBLIC};
    int index;

    if (!read_word("unknown", argument, words, &index))
        return false;
    if (index == 0 || index > UNKNOWN_PUBLIC)
        probe->target_unknown = index == 0   ? TARGET_UNKNOWN
                                : index == 3 ? TARGET_MISSING
                                             : TARGET_THERE;
    if (index > UNKNOWN_PUBLIC)
        return true;
    probe->unknown = (enum probe_unknown)index;
    return imgrw_rules_set_default_access(probe->settings.rules, access[index],
                                          NULL) == IMGRW_OK;
}

static bool
read_progress(struct probe *probe, char *argument)
{
    return read_when("progress", argument, &probe->settings.progress);
}

/* Reads seconds, which may have a fraction, as milliseconds. */
static bool
read_seconds(const char *option, const char *argument, unsigned *milliseconds)
{
    char *end;
    double seconds = strtod(argument, &end);

    if (*argument < '0' || *argument > '9' || *end != '\0' ||
        !(seconds >= 0.001 && seconds <= 86400)) {
        complain("--%s %s: expected seconds, from 0.001 to 86400", option,
                 argument);
        return false;
    }
    *milliseconds = (unsigned)(seconds * 1000 + 0.5);
    return true;
}

static bool
read_timeout(struct probe *probe, char *argument)
{
    return read_seconds("timeout", argument, &probe->options.request_timeout);
}

static bool
read_deadline(struct probe *probe, char *argument)
{
    return read_seconds("deadline", argument, &probe->options.deadline);
}

static bool
read_in_flight(struct probe *probe, char *argument)
{
    char *end;
    unsigned long number = strtoul(argument, &end, 10);

    if (*argument < '0' || *argument > '9' || *end != '\0' || number == 0 ||
        number > 256) {
        complain("--in-flight %s: expected a number from 1 to 256", argument);
        return false;
    }
    probe->options.in_flight = (unsigned)number;
    return true;
}

static bool
read_list(struct probe *probe, char *argument)
{
    probe->list = argument;
    return true;
}

static bool
read_auth_file(struct probe *probe, char *argument)
{
    probe->auth_file = argument;
    return true;
}

static bool
read_insecure(struct probe *probe, char *argument)
{
    probe->insecure[probe->insecure_count++] = argument;
    return true;
}

static bool
read_connect_to(struct probe *probe, char *argument)
{
    probe->connect_to[probe->connect_to_count++] = argument;
    return true;
}

static bool
read_ecr_endpoint(struct probe *probe, char *argument)
{
    probe->options.ecr_endpoint = argument;
    return true;
}

static bool
read_ca_file(struct probe *probe, char *argument)
{
    probe->options.ca_file = argument;
    return true;
}

static bool
read_find_classes(struct probe *probe, char *argument)
{
    return read_find(&probe->settings, argument);
}

static bool
read_one_field(struct probe *probe, char *argument)
{
    return read_field(&probe->settings, argument);
}

static bool
read_color(struct probe *probe, char *argument)
{
    enum when when;

    (void)probe;
    if (!read_when("color", argument, &when))
        return false;
    set_color(when);
    return true;
}

#define FLAG(member) offsetof(struct probe, member)
static_assert(FLAG(settings) == 0, "flags of settings are flags of both");

static const struct {
    const char *name, *argument; /* NULL: it takes none */
    char letter;                 /* 0: it has none */
    size_t flag;                 /* an int that it sets to 1; 0: none */
    read_probe_fn *read;
    const char *help;
} table[] = {
#define RULE_OPTION(name, argument, function, help) \
    {name, argument, 0, 0, NULL, help},
#define RULES_FILE_OPTION(name, argument, set, help) \
    {name, argument, 0, set, NULL, help},
#include "rule_options.def"
#undef RULE_OPTION
#undef RULES_FILE_OPTION
    {"list", "FILE", 'f', 0, read_list,
     "ask for the references of a file, one a line; -: standard input"},
    {"output", "FORMAT", 'o', 0, read_output,
     "table, json (a line an image), known-images, lock, digest-lock or "
     "registry-auth"},
    {"resolve", NULL, 0, FLAG(options.resolve), NULL,
     "prove digests by hashing the manifests, and list platforms"},
    {"auth", NULL, 0, FLAG(auth), NULL,
     "try the logins of Docker and Podman where nobody else may pull"},
    {"auth-file", "FILE", 0, 0, read_auth_file,
     "try those of a config.json, or of endpoint, username and password"},
    {"unknown", "HOW", 0, 0, read_unknown,
     "error, private or public: what images are that nothing is known of"},
    {"timeout", "SECONDS", 0, 0, read_timeout, "for a request; 30"},
    {"deadline", "SECONDS", 0, 0, read_deadline, "for all; none"},
    {"in-flight", "N", 0, 0, read_in_flight, "requests at a time; 16"},
    {"insecure-registry", "HOST[:PORT]", 0, 0, read_insecure,
     "may be asked over http where it speaks no https"},
    {"ca-file", "FILE", 0, 0, read_ca_file,
     "certificates to trust, instead of those of the system"},
    {"connect-to", "HOST:PORT:HOST:PORT", 0, 0, read_connect_to,
     "connect to the second host in place of the first"},
    {"ecr-endpoint", "URL", 0, 0, read_ecr_endpoint,
     "get passwords of ECR there, for access keys"},
    {"find", "CLASS,...", 0, 0, read_find_classes,
     "which places of manifests count; pod,crd,args,env"},
    {"field", "GROUP/KIND:PATH", 0, 0, read_one_field,
     "one more field that holds images"},
    {"possible", NULL, 0, FLAG(settings.possible), NULL,
     "ask for what looks like an image at no known place as well"},
    {"hidden", NULL, 0, FLAG(settings.run.hidden), NULL,
     "walk hidden folders as well, all but .git"},
    {"skip-unparsable", NULL, 0, FLAG(settings.run.skip_unparsable), NULL,
     "pass over files that are not YAML, with a warning"},
    {"progress", "WHEN", 0, 0, read_progress, "a bar: auto, always or never"},
    {"quiet", NULL, 'q', FLAG(settings.quiet), NULL,
     "no summary and no warnings"},
    {"verbose", NULL, 'v', FLAG(settings.verbose), NULL, "say more"},
    {"color", "WHEN", 0, 0, read_color, "auto, always or never"},
    {"help", NULL, 'h', FLAG(settings.help), NULL, "print help"},
    {"version", NULL, 0, FLAG(settings.version), NULL, "print the version"},
};

#define TABLE_SIZE (sizeof(table) / sizeof(table[0]))

/* What those do that are rules, which come first in the table. */
static const struct rule_effect rule_effects[] = {
#define RULE_OPTION(name, argument, function, help) {.add = (function)},
#define RULES_FILE_OPTION(name, argument, set, help) {.file = true},
#include "rule_options.def"
#undef RULE_OPTION
#undef RULES_FILE_OPTION
};

#define RULES (sizeof(rule_effects) / sizeof(rule_effects[0]))

void
print_probe_help(FILE *out)
{
    fputs("Usage: imgrewrite probe [RULES] [OPTION]... "
          "REFERENCE...|PATH...|-\n\n"
          "Ask registries which images can be pulled without a login, or, with "
          "rules,\nwhich are not at their new places yet.\n\n",
          out);
    for (size_t i = 0; i < TABLE_SIZE; i++) {
        char letter[8] = "   ", name[64];

        if (table[i].letter)
            snprintf(letter, sizeof(letter), "-%c,", table[i].letter);
        snprintf(name, sizeof(name), "--%s%s%s", table[i].name,
                 table[i].argument ? " " : "",
                 table[i].argument ? table[i].argument : "");
        fprintf(out, "  %-3s %-32s %s\n", letter, name, table[i].help);
    }
    fputs("\nPATH is a file or a directory of manifests; - is a manifest on "
          "standard input.\nAn argument that names a file is a PATH: write "
          "docker.io/library/nginx for the\nimage where there is a file "
          "nginx.\n\n"
          "With rules, -o mapping, skopeo-copy, crane-copy or regsync says "
          "what is still to\n"
          "be copied where, -o registry-auth has the logins of the new places, "
          "and --unknown\n"
          "missing or there says what one has of which nothing is known.\n",
          out);
}

static int
key_of(size_t index)
{
    return table[index].letter ? table[index].letter : 256 + (int)index;
}

/* Lists the options the way getopt_long wants them. */
static void
list_options(struct option *longs, char *shorts)
{
    *shorts++ = ':';
    for (size_t i = 0; i < TABLE_SIZE; i++) {
        longs[i] = (struct option){
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

/* Says what is wrong with the option that getopt_long stumbled over. */
static void
refuse_option(int problem, char **argv)
{
    const char *word = argv[optind - 1];
    struct imgrw_suggestion suggestion = {.word = as_str("")};

    if (problem == ':') {
        complain("option %s needs an argument", word);
        return;
    }
    if (strncmp(word, "--", 2) == 0)
        suggestion.word = (imgrw_str){word + 2, strcspn(word + 2, "=")};
    for (size_t i = 0; i < TABLE_SIZE && suggestion.word.size > 0; i++)
        imgrw_suggest(&suggestion, table[i].name);
    complain("probe takes no option %s%s; see `imgrewrite help probe`", word,
             meant(&suggestion, "--"));
}

/* Does what the option does for which getopt_long returned `key`. */
static bool
read_option(struct probe *probe, int key, char *argument)
{
    size_t i = 0;

    while (key_of(i) != key)
        i++;
    if (table[i].flag > 0)
        *(int *)(void *)((char *)probe + table[i].flag) = 1;
    if (i < RULES)
        keep_rule(&probe->given, rule_effects[i], argument);
    return !table[i].read || table[i].read(probe, argument);
}

/* Standard input can be read once only. */
static bool
check_standard_input(const struct probe *probe)
{
    const struct settings *settings = &probe->settings;
    size_t there = (probe->list && strcmp(probe->list, "-") == 0) +
                   (probe->auth_file && strcmp(probe->auth_file, "-") == 0) +
                   count_rules_on_input(&probe->given);

    for (int i = 0; i < settings->argument_count; i++)
        there += strcmp(settings->arguments[i], "-") == 0;
    if (there > 1)
        complain("standard input can be read once only");
    return there <= 1;
}

bool
read_probe_options(int argc, char **argv, struct probe *probe)
{
    struct option longs[TABLE_SIZE + 1] = {{0}};
    char shorts[2 * TABLE_SIZE + 2];
    int key;

    probe->insecure = calloc((size_t)argc + 1, sizeof(*probe->insecure));
    probe->connect_to = calloc((size_t)argc + 1, sizeof(*probe->connect_to));
    if (!probe->insecure || !probe->connect_to) {
        complain("out of memory");
        return false;
    }
    if (!make_room_for_rules(&probe->given, argc))
        return false;
    list_options(longs, shorts);
    opterr = 0;
    while ((key = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        if (key == '?' || key == ':') {
            refuse_option(key, argv);
            return false;
        }
        if (!read_option(probe, key, optarg))
            return false;
    }
    probe->settings.arguments = argv + optind;
    probe->settings.argument_count = argc - optind;
    return check_standard_input(probe) &&
           read_given_rules(&probe->settings, &probe->given);
}
