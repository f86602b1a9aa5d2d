#include "rule_options.h"

#include <stdlib.h>
#include <string.h>

/* The argument is split at its first "=". */
enum imgrw_status
add_prefix_rule(struct imgrw_rules *rules, const char *argument,
                struct imgrw_error *error)
{
    char *equals = strchr(argument, '='); /* of argv, which may be changed */
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

bool
make_room_for_rules(struct given_rules *given, int argument_count)
{
    given->items = calloc((size_t)argument_count + 1, sizeof(*given->items));
    if (!given->items)
        complain("out of memory");
    return given->items != NULL;
}

void
keep_rule(struct given_rules *given, struct rule_effect effect,
          const char *argument)
{
    if (!effect.add && !effect.file)
        return;
    given->items[given->count].effect = effect;
    given->items[given->count++].argument = argument;
}

size_t
count_rules_on_input(const struct given_rules *given)
{
    size_t count = 0;

    for (size_t i = 0; i < given->count; i++)
        count += given->items[i].effect.file &&
                 strcmp(given->items[i].argument, "-") == 0;
    return count;
}

/* The argument is a rule, or names a file of them. */
static bool
read_rule(struct settings *settings, struct rule_effect effect,
          const char *argument)
{
    struct imgrw_error error;
    enum imgrw_status status =
        effect.file ? imgrw_rules_read_file(settings->rules, argument,
                                            print_warning, settings, &error)
                    : effect.add(settings->rules, argument, &error);

    return went_well(status, &error);
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

bool
read_given_rules(struct settings *settings, const struct given_rules *given)
{
    bool good = true;

    for (size_t i = 0; good && i < given->count; i++)
        good = read_rule(settings, given->items[i].effect,
                         given->items[i].argument);
    settings->rule_count = count_rules(settings->rules);
    return good;
}

const char *
no_rule(const struct settings *settings)
{
    return settings->rules_files
               ? "a rule, and there is none in the files of --rules"
               : "a rule: --prefix, --image, --preset or --rules";
}
