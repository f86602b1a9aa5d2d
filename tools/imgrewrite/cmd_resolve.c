/*
 * imgrewrite resolve: what references become, without any manifest.
 */
#include "command.h"

#include <stdlib.h>
#include <string.h>

/* Where the results go, and where the next reference comes from. */
struct resolver {
    const struct settings *settings;
    const char *source; /* "argument", or "-" */
    uint32_t line;
    size_t printed;
    bool failed;
};

static void
print_json_string(struct resolver *resolver, imgrw_str text)
{
    struct imgrw_error error;

    resolver->failed |= !went_well(
        imgrw_json_write_string(text, write_to_file, stdout, &error), &error);
}

/* The names of the rules that took part. */
static void
print_rules(const struct imgrw_rules *rules,
            const struct imgrw_outcome *outcome)
{
    for (size_t i = 0; i < outcome->rule_count; i++)
        printf("%s%s", i > 0 ? ", " : "",
               imgrw_rules_name(rules, outcome->rules[i]));
}

static void
print_outcome(struct resolver *resolver, imgrw_str reference,
              const struct imgrw_outcome *outcome)
{
    const struct imgrw_rules *rules = resolver->settings->rules;

    if (resolver->settings->format != FORMAT_JSON) {
        write_to_file(outcome->text.data, outcome->text.size, stdout);
        if (resolver->settings->verbose) {
            char why[1024];

            putchar('\t');
            print_rules(rules, outcome);
            imgrw_rules_explain(rules, reference, outcome, why, sizeof(why));
            printf("\t%s", why);
        }
        putchar('\n');
        return;
    }
    printf("%s\n {\"old\": ", resolver->printed++ > 0 ? "," : "");
    print_json_string(resolver, reference);
    fputs(", \"new\": ", stdout);
    print_json_string(resolver, outcome->text);
    fputs(", \"rules\": [", stdout);
    for (size_t i = 0; i < outcome->rule_count; i++) {
        const char *name = imgrw_rules_name(rules, outcome->rules[i]);

        if (i > 0)
            fputs(", ", stdout);
        print_json_string(resolver, as_str(name));
    }
    fputs("]}", stdout);
}

/* Makes an error of what the rules cannot decide. */
static void
fail_undecided(const struct resolver *resolver, imgrw_str reference,
               const struct imgrw_outcome *outcome, struct imgrw_error *error)
{
    *error = (struct imgrw_error){.status = IMGRW_ERR_RULE};
    snprintf(error->message, sizeof(error->message),
             "\"%.*s\": %.60s depends on the tag or digest, which is filled in "
             "later; a rule for the name alone would move it",
             (int)(reference.size < 100 ? reference.size : 100), reference.data,
             imgrw_rules_name(resolver->settings->rules, outcome->rules[0]));
}

/* Resolves the next reference; false, with a message, where it is none or
 * cannot be what the rules make of it. */
static bool
resolve(struct resolver *resolver, imgrw_str reference)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome;
    struct imgrw_error error;

    resolver->line++;
    if (imgrw_rules_apply(resolver->settings->rules, reference, &buffer,
                          &outcome, &error) != IMGRW_OK) {
        /* it says why */
    } else if (outcome.result == IMGRW_UNDECIDED) {
        fail_undecided(resolver, reference, &outcome, &error);
    } else {
        print_outcome(resolver, reference, &outcome);
        return true;
    }
    error.at.path = resolver->source;
    error.at.line = resolver->line;
    if (error.at.column == 0)
        error.at.column = 1;
    print_error(&error);
    resolver->failed = true;
    return false;
}

/* Whether a line holds a comment, or nothing. */
static bool
has_no_reference(imgrw_str line)
{
    size_t blanks = 0;

    while (blanks < line.size && strchr(" \t", line.data[blanks]))
        blanks++;
    return blanks == line.size || line.data[blanks] == '#';
}

/* Resolves the reference on a line. In a text, a line comes out for each line:
 * what holds no reference as it is. */
static void
resolve_line(struct resolver *resolver, imgrw_str line)
{
    bool text = resolver->settings->format != FORMAT_JSON;

    if (has_no_reference(line))
        resolver->line++;
    else if (resolve(resolver, line))
        return;
    if (!text)
        return;
    write_to_file(line.data, line.size, stdout);
    putchar('\n');
}

static void
resolve_lines(struct resolver *resolver)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;

    while (!has_failed(stdout) &&
           (size = getline(&line, &capacity, stdin)) >= 0) {
        if (size > 0 && line[size - 1] == '\n')
            size--;
        if (size > 0 && line[size - 1] == '\r')
            size--;
        resolve_line(resolver, (imgrw_str){line, (size_t)size});
    }
    if (ferror(stdin)) {
        complain("standard input cannot be read");
        resolver->failed = true;
    }
    free(line);
}

int
run_resolve(struct settings *settings)
{
    struct resolver resolver = {.settings = settings, .source = "argument"};
    bool json = settings->format == FORMAT_JSON;
    struct imgrw_error error;

    if (settings->rule_count == 0 || settings->argument_count == 0 ||
        settings->format > FORMAT_JSON) {
        complain("resolve needs %s", settings->rule_count == 0
                                         ? no_rule(settings)
                                     : settings->argument_count == 0
                                         ? "a REFERENCE, or - to read them"
                                         : "-o text or -o json");
        return EXIT_TROUBLE;
    }
    if (!went_well(imgrw_rules_check(settings->rules, print_warning, settings,
                                     &error),
                   &error))
        return EXIT_TROUBLE;
    if (json)
        putchar('[');
    for (int i = 0; i < settings->argument_count; i++) {
        const char *argument = settings->arguments[i];
        bool standard = strcmp(argument, "-") == 0;

        resolver.source = standard ? "-" : "argument";
        resolver.line = standard ? 0 : (uint32_t)i;
        if (standard)
            resolve_lines(&resolver);
        else
            resolve(&resolver, as_str(argument));
    }
    if (json)
        puts("]");
    return resolver.failed ? EXIT_TROUBLE : EXIT_DONE;
}
