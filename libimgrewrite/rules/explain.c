/*
 * Why an image becomes what it becomes, in words.
 */
#include "base/str.h"
#include "reference/name.h"
#include "reference/parse.h"
#include "rules/set.h"

#include <stdarg.h>
#include <stdio.h>

/* A sentence that is being written. */
struct sentence {
    char *text;
    size_t used, size;
};

__attribute__((format(printf, 2, 3))) static void
say(struct sentence *sentence, const char *format, ...)
{
    va_list arguments;
    int size;

    if (sentence->used >= sentence->size)
        return;
    va_start(arguments, format);
    size = vsnprintf(sentence->text + sentence->used,
                     sentence->size - sentence->used, format, arguments);
    va_end(arguments);
    sentence->used += size > 0 ? (size_t)size : 0;
}

/* The pattern as people write it. */
static void
say_pattern(struct sentence *sentence, const struct irw_pattern *pattern)
{
    const struct imgrw_reference *name = &pattern->name;

    say(sentence, "%s%.*s%s%.*s", pattern->any_host ? "*" : "",
        IRW_PRINT(name->registry), name->repository.size > 0 ? "/" : "",
        IRW_PRINT(name->repository));
}

static void
say_override(struct sentence *sentence, const struct irw_override *override)
{
    const struct {
        const char *what;
        imgrw_str value;
    } sets[] = {
        {"newName", override->entry.new_name},
        {"newTag", override->entry.new_tag},
        {"digest", override->entry.digest},
        {"tagSuffix", override->entry.tag_suffix},
    };

    say(sentence, "an override of %.*s sets", IRW_PRINT(override->entry.name));
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
        if (sets[i].value.size > 0)
            say(sentence, " %s %.*s", sets[i].what, IRW_PRINT(sets[i].value));
    if (override->keeps_tag)
        say(sentence, " and keeps the tag");
}

/* Where a rule puts images, this one too unless it is left alone. */
static void
say_location(struct sentence *sentence, const char *rule, imgrw_str to,
             bool unchanged)
{
    say(sentence, unchanged ? "%s puts images under %.*s and leaves it alone"
                            : "%s puts it under %.*s",
        rule, IRW_PRINT(to));
}

static void
say_rule(struct sentence *sentence, const struct irw_rule *rule, bool unchanged)
{
    switch (rule->kind) {
    case IRW_RULE_OVERRIDE:
        say_override(sentence, &rule->override);
        break;
    case IRW_RULE_EXACT:
        say(sentence, unchanged ? "a map has an image become %.*s"
                                : "a map has it become %.*s",
            IRW_PRINT(rule->exact.to));
        break;
    case IRW_RULE_PREFIX:
        if (!unchanged) {
            say(sentence, "the longest prefix that it has is ");
            say_pattern(sentence, &rule->prefix.from);
        }
        say_location(sentence, unchanged ? rule->name : ", which",
                     rule->prefix.to.text, unchanged);
        break;
    case IRW_RULE_ANY:
        say_location(sentence, "the prefix * of all registries",
                     rule->prefix.to.text, unchanged);
        break;
    case IRW_RULE_PRESET:
        say_location(sentence, rule->name, rule->preset->location.text,
                     unchanged);
        break;
    case IRW_RULE_EXCLUDE:
        say(sentence, "it is excluded with all under ");
        say_pattern(sentence, &rule->exclude);
        break;
    }
    if (rule->at.line > 0)
        say(sentence, " (%s:%u)", rule->at.path ? rule->at.path : "-",
            (unsigned)rule->at.line);
}

/* The full name, by which images are compared. */
static void
say_full_name(struct sentence *sentence, imgrw_str image)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference parsed, full;
    bool filled_in;

    if (irw_reference_read(image, &parsed, &filled_in, NULL) != IMGRW_OK)
        return;
    irw_reference_canonical(&parsed, &buffer, &full);
    say(sentence, "its full name is %.*s%s%.*s", IRW_PRINT(full.registry),
        full.registry.size > 0 ? "/" : "", IRW_PRINT(full.repository));
}

void
imgrw_rules_explain(const struct imgrw_rules *rules, imgrw_str image,
                    const struct imgrw_outcome *outcome, char *buffer,
                    size_t size)
{
    struct sentence sentence = {buffer, 0, size};

    if (!rules || !outcome || !buffer || size == 0)
        return;
    buffer[0] = '\0';
    say_full_name(&sentence, image);
    if (outcome->rule_count == 0)
        say(&sentence, outcome->access_unknown
                           ? "; presets are for private images, and nothing "
                             "is known of this one"
                           : "; no rule speaks of it");
    if (outcome->result == IMGRW_UNDECIDED && outcome->rule_count > 0)
        say(&sentence, "; its tag or digest is filled in later, and %s depends "
                       "on it",
            imgrw_rules_name(rules, outcome->rules[0]));
    for (size_t i = 0; outcome->result != IMGRW_UNDECIDED &&
                       i < outcome->rule_count && i < IMGRW_RULES_PER_IMAGE &&
                       outcome->rules[i] < rules->list.count; i++) {
        say(&sentence, "; ");
        say_rule(&sentence, rules->list.items[outcome->rules[i]],
                 outcome->result == IMGRW_UNCHANGED);
    }
}
