/*
 * imgrewrite presets: the layouts of registry products, with what they make of
 * some images.
 */
#include "command.h"

#include <string.h>

/* The images that the manual shows as well. */
static const char *const examples[] = {
    "nginx:1.25",
    "bitnami/redis:7.2",
    "quay.io/prometheus/prometheus:v2.50",
    "registry.k8s.io/pause:3.9",
    ("nginx:1.25@sha256:"
     "06b5d462c92fc39303e6363c65e074559f8d6b1363250027ed5053557e3398c5"),
};

/* The text that --preset takes for the example; false where it is too long. */
static bool
write_example(const struct imgrw_preset *preset, char *text, size_t size)
{
    int length = snprintf(text, size, "%s%s%s", preset->name,
                          *preset->example ? ":" : "", preset->example);

    return length >= 0 && (size_t)length < size;
}

/* What the preset makes of an image. */
static void
print_image(const struct imgrw_rules *rules, const char *image)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome;
    struct imgrw_error error;

    if (imgrw_rules_apply(rules, as_str(image), &buffer, &outcome, &error) !=
        IMGRW_OK)
        printf("  %s\n      %s\n", image, error.message);
    else if (outcome.result == IMGRW_REWRITTEN)
        printf("  %s\n      %.*s\n", image, PRINT(outcome.text));
    else
        printf("  %s\n      is left alone\n", image);
}

static bool
print_examples(const struct imgrw_preset *preset)
{
    char text[256];
    struct imgrw_rules *rules = NULL;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_rules_new(&rules, &error);

    if (status == IMGRW_OK && write_example(preset, text, sizeof(text)))
        status = imgrw_rules_add_preset(rules, text, &error);
    if (status == IMGRW_OK) {
        printf("\nWith --preset %s\n", text);
        for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
            print_image(rules, examples[i]);
    } else {
        print_error(&error);
    }
    imgrw_rules_free(rules);
    return status == IMGRW_OK;
}

static bool
print_preset(const struct imgrw_preset *preset)
{
    printf("%s: %s.\n\n", preset->name, preset->purpose);
    for (const struct imgrw_preset_key *key = preset->keys; key->name; key++) {
        printf("  %-14s %s", key->name, key->meaning);
        if (!key->value)
            fputs(" (has to be given)", stdout);
        else if (*key->value)
            printf(" (%s)", key->value);
        putchar('\n');
    }
    return print_examples(preset);
}

/* The keys as --preset takes them: those in brackets may be left out. */
static void
print_line(const struct imgrw_preset *preset)
{
    char keys[128];
    size_t at = 0;

    keys[0] = '\0';
    for (const struct imgrw_preset_key *key = preset->keys;
         key->name && at < sizeof(keys); key++)
        at += (size_t)snprintf(keys + at, sizeof(keys) - at,
                               key->value ? "%s[%s]" : "%s%s",
                               at > 0 ? " " : "", key->name);
    printf("%-12s %s\n             keys: %s\n", preset->name, preset->purpose,
           keys);
}

/* The preset called `name`; where there is none, says so and returns NULL. */
static const struct imgrw_preset *
find_preset(const char *name)
{
    struct imgrw_suggestion suggestion = {.word = as_str(name)};
    const struct imgrw_preset *preset;

    for (size_t i = 0; (preset = imgrw_preset(i)); i++) {
        if (strcmp(preset->name, name) == 0)
            return preset;
        imgrw_suggest(&suggestion, preset->name);
    }
    complain("there is no preset %s%s; see `imgrewrite presets`", name,
             meant(&suggestion, ""));
    return NULL;
}

int
run_presets(struct settings *settings)
{
    const struct imgrw_preset *preset;

    if (settings->argument_count > 1) {
        complain("presets takes one NAME, or none");
        return EXIT_TROUBLE;
    }
    if (settings->argument_count == 0) {
        for (size_t i = 0; (preset = imgrw_preset(i)); i++)
            print_line(preset);
        return EXIT_DONE;
    }
    preset = find_preset(settings->arguments[0]);
    return preset && print_preset(preset) ? EXIT_DONE : EXIT_TROUBLE;
}
