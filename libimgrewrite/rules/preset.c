/*
 * Reading presets: from NAME:KEY=VALUE,... and the layout's templates to
 * locations and patterns.
 */
#include "rules/preset.h"
#include "base/error.h"
#include "base/str.h"
#include "rules/set.h"
#include "rules/template.h"

#include <stdarg.h>
#include <stdio.h>

/* A preset in the making. */
struct reading {
    struct imgrw_rules *rules;
    const struct irw_layout *layout;
    struct irw_preset *preset;
    struct imgrw_error *error;
};

static const struct irw_layout *
find_layout(imgrw_str name)
{
    for (size_t i = 0; i < irw_layout_count; i++)
        if (irw_equal(irw_str(irw_layouts[i].preset.name), name))
            return &irw_layouts[i];
    return NULL;
}

/* The number of the layout's key called so, or SIZE_MAX. */
static size_t
find_key(const struct irw_layout *layout, imgrw_str name)
{
    const struct imgrw_preset_key *keys = layout->preset.keys;

    for (size_t i = 0; keys[i].name; i++)
        if (irw_equal(irw_str(keys[i].name), name))
            return i;
    return SIZE_MAX;
}

static imgrw_str
value_of(const struct reading *reading, const char *name)
{
    size_t key = find_key(reading->layout, irw_str(name));

    return key == SIZE_MAX ? (imgrw_str){0} : reading->preset->values[key];
}

__attribute__((format(printf, 2, 3))) static enum imgrw_status
fail_preset(const struct reading *reading, const char *format, ...)
{
    char message[200];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    return irw_fail(reading->error, IMGRW_ERR_RULE, IRW_NOWHERE,
                    "preset %s: %s", reading->layout->preset.name, message);
}

/* Lists the names of the keys in `text`. */
static void
list_keys(const struct irw_layout *layout, char *text, size_t size)
{
    const struct imgrw_preset_key *keys = layout->preset.keys;
    size_t at = 0;

    for (size_t i = 0; keys[i].name && at < size; i++)
        at += (size_t)snprintf(text + at, size - at, "%s%s", i > 0 ? ", " : "",
                               keys[i].name);
}

static enum imgrw_status
fail_name(imgrw_str name, struct imgrw_error *error)
{
    char known[200] = "";
    size_t at = 0;

    for (size_t i = 0; i < irw_layout_count && at < sizeof(known); i++)
        at += (size_t)snprintf(known + at, sizeof(known) - at, "%s%s",
                               i > 0 ? ", " : "", irw_layouts[i].preset.name);
    return irw_fail(error, IMGRW_ERR_RULE, IRW_NOWHERE,
                    "there is no preset \"%.*s\"; there are %s",
                    IRW_PRINT(name), known);
}

/* Whether the key may be left empty: only one whose default is. An empty host,
 * as of a variable that is not set, would lead to Docker Hub. */
static bool
may_be_empty(const struct imgrw_preset_key *key)
{
    return key->value && key->value[0] == '\0';
}

/* Takes one value; a "/" at either end of it says nothing. */
static enum imgrw_status
take_value(struct reading *reading, const struct irw_preset_value *given,
           bool *seen)
{
    size_t key = find_key(reading->layout, given->key);
    imgrw_str value = given->value;
    char known[128];

    if (key == SIZE_MAX) {
        list_keys(reading->layout, known, sizeof(known));
        return fail_preset(reading, "there is no key \"%.*s\"; there are %s",
                           IRW_PRINT(given->key), known);
    }
    if (seen[key])
        return fail_preset(reading, "\"%.*s\" is given twice",
                           IRW_PRINT(given->key));
    if (memmem(value.data ? value.data : "", value.size, "://", 3))
        return fail_preset(reading, "%.*s=%.*s: a registry has no scheme",
                           IRW_PRINT(given->key), IRW_PRINT(value));
    seen[key] = true;
    while (value.size > 0 && value.data[0] == '/')
        value = irw_slice(value, 1, value.size);
    while (value.size > 0 && value.data[value.size - 1] == '/')
        value.size--;
    if (value.size == 0 && !may_be_empty(&reading->layout->preset.keys[key]))
        return fail_preset(reading, "\"%.*s\" is empty", IRW_PRINT(given->key));
    reading->preset->values[key].data =
        irw_arena_copy(&reading->rules->arena, value);
    reading->preset->values[key].size = value.size;
    return reading->preset->values[key].data
               ? IMGRW_OK
               : irw_fail_memory(reading->error);
}

/* The keys that were not given have their defaults. */
static enum imgrw_status
take_defaults(struct reading *reading, const bool *seen)
{
    const struct imgrw_preset_key *keys = reading->layout->preset.keys;

    for (size_t i = 0; keys[i].name; i++) {
        if (!seen[i] && !keys[i].value)
            return fail_preset(reading, "\"%s\" is missing: %s", keys[i].name,
                               keys[i].meaning);
        if (!seen[i])
            reading->preset->values[i] = irw_str(keys[i].value);
    }
    return IMGRW_OK;
}

/* The value of the key in the braces of a template; an irw_template_fn. */
static bool
look_up(imgrw_str name, imgrw_str *value, void *user)
{
    const struct reading *reading = user;
    size_t key = find_key(reading->layout, name);

    *value = key == SIZE_MAX ? (imgrw_str){0} : reading->preset->values[key];
    return key != SIZE_MAX;
}

/* Writes a template out and reads it as a pattern. */
static enum imgrw_status
read_pattern(struct reading *reading, const char *template, imgrw_str *text,
             struct irw_pattern *pattern)
{
    struct irw_arena *arena = &reading->rules->arena;
    char buffer[IMGRW_REFERENCE_MAX];
    struct imgrw_error why;
    imgrw_str written;
    enum imgrw_status status;

    if (!irw_template_write(template, look_up, reading, buffer, sizeof(buffer),
                            &written))
        return fail_preset(reading, "the values are too long");
    text->data = irw_arena_copy(arena, written);
    text->size = written.size;
    if (!text->data)
        return irw_fail_memory(reading->error);
    status = irw_pattern_parse(*text, "location", arena, pattern, &why);
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(reading->error);
    if (status != IMGRW_OK)
        return fail_preset(reading, "%s", why.message);
    if (pattern->tag.size > 0 || pattern->digest.size > 0 || pattern->any_host)
        return fail_preset(reading, "\"%.*s\" has to be a registry, with or "
                                    "without a path", IRW_PRINT(*text));
    pattern->official = false;
    return IMGRW_OK;
}

/* The location that the style, if there are several, gives. */
static enum imgrw_status
read_location(struct reading *reading)
{
    const struct irw_layout *layout = reading->layout;
    struct irw_location *location = &reading->preset->location;
    imgrw_str style = value_of(reading, "style");

    for (size_t i = 0; i < IRW_STYLES_MAX && layout->locations[i].text; i++)
        if (!layout->locations[i].style ||
            irw_equal(irw_str(layout->locations[i].style), style))
            return read_pattern(reading, layout->locations[i].text,
                                &location->text, &location->under);
    return fail_preset(reading, "style=%.*s: expected path, subdomain or "
                                "joined", IRW_PRINT(style));
}

/* The registry, or for some layouts the namespace, that the layout is for. */
static enum imgrw_status
read_upstream(struct reading *reading)
{
    const struct irw_layout *layout = reading->layout;
    struct irw_preset *preset = reading->preset;
    imgrw_str text;
    enum imgrw_status status;

    if (layout->scope != IRW_SCOPE_UPSTREAM)
        return IMGRW_OK;
    status = read_pattern(reading, layout->upstream, &text, &preset->upstream);
    if (status == IMGRW_OK && !layout->drops_namespace &&
        layout->upstream[0] == '{' && preset->upstream.path.size > 0)
        return fail_preset(reading, "upstream=%.*s: expected a registry "
                                    "without a path", IRW_PRINT(text));
    if (status == IMGRW_OK &&
        irw_pattern_covers(&preset->location.under, &preset->upstream))
        return fail_preset(reading, "all images of %.*s lie under %.*s already",
                           IRW_PRINT(text), IRW_PRINT(preset->location.text));
    return status;
}

/* What is left alone, and what is taken out of other locations. */
static enum imgrw_status
read_exceptions(struct reading *reading)
{
    const struct irw_layout *layout = reading->layout;
    struct irw_preset *preset = reading->preset;
    enum imgrw_status status = IMGRW_OK;
    imgrw_str text;

    for (size_t i = 0;
         i < IRW_KEEPS_MAX && layout->keeps[i] && status == IMGRW_OK; i++)
        status = read_pattern(reading, layout->keeps[i], &text,
                              &preset->keeps[preset->keep_count++]);
    for (size_t i = 0; i < IRW_UNWRAPS_MAX && layout->unwraps[i].text &&
                       status == IMGRW_OK; i++) {
        if (strstr(layout->unwraps[i].text, "{from}") &&
            value_of(reading, "from").size == 0)
            continue;
        preset->unwraps[preset->unwrap_count].skip = layout->unwraps[i].skip;
        status = read_pattern(reading, layout->unwraps[i].text, &text,
                              &preset->unwraps[preset->unwrap_count++].from);
    }
    if (status == IMGRW_OK && layout->moves_from)
        status = read_pattern(reading, layout->moves_from, &text,
                              &preset->moved);
    if (status == IMGRW_OK && layout->moves_to)
        status = read_pattern(reading, layout->moves_to, &preset->move.text,
                              &preset->move.under);
    return status;
}

/* The keys that several layouts have and that are no text of a location. */
static enum imgrw_status
read_options(struct reading *reading)
{
    imgrw_str only = value_of(reading, "only");

    reading->preset->port = value_of(reading, "port");
    reading->preset->only_private = only.size > 0;
    if (only.size > 0 && !irw_equal(only, IRW_STR("private")))
        return fail_preset(reading, "only=%.*s: expected private",
                           IRW_PRINT(only));
    return IMGRW_OK;
}

/* Reads the values, and what the templates make of them. */
static enum imgrw_status
read_preset(struct reading *reading, const struct irw_preset_value *values,
            size_t count, size_t *culprit)
{
    bool seen[IRW_PRESET_KEYS_MAX] = {false};
    enum imgrw_status status = IMGRW_OK;

    for (*culprit = 0; *culprit < count && status == IMGRW_OK; ++*culprit) {
        status = take_value(reading, &values[*culprit], seen);
        if (status != IMGRW_OK)
            return status;
    }
    status = take_defaults(reading, seen);
    if (status == IMGRW_OK)
        status = read_location(reading);
    if (status == IMGRW_OK)
        status = read_upstream(reading);
    if (status == IMGRW_OK)
        status = read_exceptions(reading);
    return status == IMGRW_OK ? read_options(reading) : status;
}

enum imgrw_status
irw_preset_add(struct imgrw_rules *rules, imgrw_str name,
               const struct irw_preset_value *values, size_t count,
               size_t *culprit, struct imgrw_error *error)
{
    struct irw_rule rule = {.kind = IRW_RULE_PRESET};
    char text[128];
    imgrw_str upstream;
    struct reading reading = {
        .rules = rules,
        .layout = find_layout(name),
        .preset = irw_arena_calloc(&rules->arena, 1, sizeof(*rule.preset)),
        .error = error,
    };
    enum imgrw_status status;

    *culprit = count;
    if (!reading.layout)
        return fail_name(name, error);
    if (!reading.preset)
        return irw_fail_memory(error);
    reading.preset->layout = reading.layout;
    status = read_preset(&reading, values, count, culprit);
    if (status != IMGRW_OK)
        return status;
    rule.preset = reading.preset;
    upstream = value_of(&reading, "upstream");
    snprintf(text, sizeof(text), "%s%s%.*s", reading.layout->preset.name,
             upstream.size > 0 ? " " : "", IRW_PRINT(upstream));
    return irw_rules_append(rules, &rule, "preset", irw_str(text), error);
}

/* Splits KEY=VALUE,... in place of `text`; a list that is too long is cut, for
 * no layout has so many keys. False: there is something without a "=". */
static bool
split_values(imgrw_str text, struct irw_preset_value *values, size_t *count)
{
    *count = 0;
    while (text.size > 0 && *count < IRW_PRESET_KEYS_MAX + 1) {
        size_t comma = irw_find(text, ',');
        imgrw_str item = irw_slice(text, 0,
                                   comma == SIZE_MAX ? text.size : comma);
        size_t equals = irw_find(item, '=');

        if (equals == SIZE_MAX || equals == 0)
            return false;
        values[(*count)++] = (struct irw_preset_value){
            .key = irw_slice(item, 0, equals),
            .value = irw_slice(item, equals + 1, item.size),
        };
        text = comma == SIZE_MAX ? (imgrw_str){0}
                                 : irw_slice(text, comma + 1, text.size);
    }
    return true;
}

enum imgrw_status
imgrw_rules_add_preset(struct imgrw_rules *rules, const char *preset,
                       struct imgrw_error *error)
{
    struct irw_preset_value values[IRW_PRESET_KEYS_MAX + 1];
    imgrw_str text = irw_str(preset);
    size_t colon = irw_find(text, ':'), count = 0, culprit;
    imgrw_str name = irw_slice(text, 0, colon == SIZE_MAX ? text.size : colon);

    if (!rules || !preset)
        return irw_fail_null(error, rules ? "preset" : "rules");
    if (colon != SIZE_MAX &&
        !split_values(irw_slice(text, colon + 1, text.size), values, &count))
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NOWHERE,
                        "preset \"%s\": expected NAME:KEY=VALUE,...", preset);
    return irw_preset_add(rules, name, values, count, &culprit, error);
}
