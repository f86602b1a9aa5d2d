/*
 * The table of presets, made from presets.def, and reading presets: from
 * NAME:KEY=VALUE,... and the layout's templates to locations.
 */
#include "rules/preset.h"
#include "base/error.h"
#include "base/str.h"
#include "base/suggest.h"
#include "rules/set.h"
#include "rules/template.h"

#include <stdarg.h>
#include <stdio.h>

#define IRW_PRESET(preset_name, preset_purpose) \
    {.preset = {.name = (preset_name), .purpose = (preset_purpose), \
                .keys = (const struct imgrw_preset_key[]){
#define IRW_KEY(key_name, key_value, key_meaning) \
    {(key_name), (key_value), (key_meaning)},
#define IRW_ENDS(preset_example, ...) \
    {0}}, .example = (preset_example)}, __VA_ARGS__},

static const struct irw_layout layouts[] = {
#include "rules/presets.def"
};

#define LAYOUTS (sizeof(layouts) / sizeof(layouts[0]))

const struct imgrw_preset *
imgrw_preset(size_t index)
{
    return index < LAYOUTS ? &layouts[index].preset : NULL;
}

/* A preset that is being read. */
struct preset_reader {
    struct imgrw_rules *rules;
    const struct irw_layout *layout;
    struct irw_preset *preset;
    struct imgrw_error *error;
};

static const struct irw_layout *
find_layout(imgrw_str name)
{
    for (size_t i = 0; i < LAYOUTS; i++)
        if (irw_equal(irw_str(layouts[i].preset.name), name))
            return &layouts[i];
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
value_of(const struct preset_reader *reader, imgrw_str name)
{
    size_t key = find_key(reader->layout, name);

    return key == SIZE_MAX ? (imgrw_str){0} : reader->preset->values[key];
}

__attribute__((format(printf, 2, 3))) static enum imgrw_status
fail_preset(const struct preset_reader *reader, const char *format, ...)
{
    char message[200];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    return irw_fail(reader->error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                    "preset %s: %s", reader->layout->preset.name, message);
}

/* Appends a name to a list in `text`, as far as there is room. */
static void
list_name(char *text, size_t size, const char *name)
{
    size_t used = strlen(text);

    snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "", name);
}

static enum imgrw_status
fail_name(imgrw_str name, struct imgrw_error *error)
{
    struct imgrw_suggestion meant = {.word = name};
    char known[200] = "", beginning[IRW_MEANT_MAX];

    for (size_t i = 0; i < LAYOUTS; i++) {
        imgrw_suggest(&meant, layouts[i].preset.name);
        list_name(known, sizeof(known), layouts[i].preset.name);
    }
    return irw_fail(error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                    "there is no preset \"%.*s\"; %s %s", IRW_PRINT(name),
                    irw_meant(&meant, beginning), known);
}

static enum imgrw_status
fail_key(const struct preset_reader *reader, imgrw_str key)
{
    const struct imgrw_preset_key *keys = reader->layout->preset.keys;
    struct imgrw_suggestion meant = {.word = key};
    char known[128] = "", beginning[IRW_MEANT_MAX];

    for (size_t i = 0; keys[i].name; i++) {
        imgrw_suggest(&meant, keys[i].name);
        list_name(known, sizeof(known), keys[i].name);
    }
    return fail_preset(reader, "there is no key \"%.*s\"; %s %s",
                       IRW_PRINT(key), irw_meant(&meant, beginning), known);
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
take_value(struct preset_reader *reader, const struct irw_preset_value *given,
           bool *seen)
{
    size_t key = find_key(reader->layout, given->key);
    imgrw_str value = given->value;

    if (key == SIZE_MAX)
        return fail_key(reader, given->key);
    if (seen[key])
        return fail_preset(reader, "\"%.*s\" is given twice",
                           IRW_PRINT(given->key));
    if (memmem(value.data ? value.data : "", value.size, "://", 3))
        return fail_preset(reader, "%.*s=%.*s: a registry has no scheme",
                           IRW_PRINT(given->key), IRW_PRINT(value));
    seen[key] = true;
    while (value.size > 0 && value.data[0] == '/')
        value = irw_slice(value, 1, value.size);
    while (value.size > 0 && value.data[value.size - 1] == '/')
        value.size--;
    if (value.size == 0 && !may_be_empty(&reader->layout->preset.keys[key]))
        return fail_preset(reader, "\"%.*s\" is empty", IRW_PRINT(given->key));
    reader->preset->values[key] = value;
    return irw_arena_keep(&reader->rules->arena, &reader->preset->values[key])
               ? IMGRW_OK
               : irw_fail_memory(reader->error);
}

/* The keys that were not given have their defaults. */
static enum imgrw_status
take_defaults(struct preset_reader *reader, const bool *seen)
{
    const struct imgrw_preset_key *keys = reader->layout->preset.keys;

    for (size_t i = 0; keys[i].name; i++) {
        if (!seen[i] && !keys[i].value)
            return fail_preset(reader, "\"%s\" is missing: %s", keys[i].name,
                               keys[i].meaning);
        if (!seen[i])
            reader->preset->values[i] = irw_str(keys[i].value);
    }
    return IMGRW_OK;
}

/* The value of the key in the braces of a template; an irw_template_fn. */
static bool
look_up(imgrw_str name, imgrw_str *value, void *user)
{
    *value = value_of(user, name);
    return true;
}

/* Writes a template out and reads it as a location. */
static enum imgrw_status
read_template(struct preset_reader *reader, const char *template,
              struct irw_location *location)
{
    char buffer[IMGRW_REFERENCE_MAX];
    struct imgrw_error why;
    imgrw_str text;
    enum imgrw_status status;

    if (!irw_template_write(template, look_up, reader, buffer, sizeof(buffer),
                            &text))
        return fail_preset(reader, "the values are too long");
    status = irw_location_parse(text, &reader->rules->arena, location, &why);
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(reader->error);
    return status == IMGRW_OK ? IMGRW_OK
                              : fail_preset(reader, "%s", why.message);
}

/* The location that the style, if there are several, gives. */
static enum imgrw_status
read_location(struct preset_reader *reader)
{
    const struct irw_layout *layout = reader->layout;
    imgrw_str style = value_of(reader, IRW_STR("style"));

    for (size_t i = 0; i < IRW_STYLES_MAX && layout->locations[i].text; i++)
        if (!layout->locations[i].style ||
            irw_equal(irw_str(layout->locations[i].style), style))
            return read_template(reader, layout->locations[i].text,
                                 &reader->preset->location);
    return fail_preset(reader, "style=%.*s: expected path, subdomain or "
                                "joined", IRW_PRINT(style));
}

/* The registry, or for some layouts the namespace, that the layout is for. */
static enum imgrw_status
read_upstream(struct preset_reader *reader)
{
    const struct irw_layout *layout = reader->layout;
    const struct irw_location *location = &reader->preset->location;
    struct irw_location *upstream = &reader->preset->upstream;
    enum imgrw_status status;

    if (layout->scope != IRW_SCOPE_UPSTREAM)
        return IMGRW_OK;
    status = read_template(reader, layout->upstream, upstream);
    if (status != IMGRW_OK)
        return status;
    if (!layout->drops_namespace && layout->upstream[0] == '{' &&
        upstream->under.name.repository.size > 0)
        return fail_preset(reader, "upstream=%.*s: expected a registry "
                                    "without a path",
                           IRW_PRINT(upstream->text));
    if (irw_pattern_covers(&location->under, &upstream->under))
        return fail_preset(reader, "all images of %.*s lie under %.*s already",
                           IRW_PRINT(upstream->text),
                           IRW_PRINT(location->text));
    return IMGRW_OK;
}

/* What is left alone, and what is taken out of other locations. */
static enum imgrw_status
read_exceptions(struct preset_reader *reader)
{
    const struct irw_layout *layout = reader->layout;
    struct irw_preset *preset = reader->preset;
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0;
         i < IRW_KEEPS_MAX && layout->keeps[i] && status == IMGRW_OK; i++)
        status = read_template(reader, layout->keeps[i], &preset->keeps[i]);
    for (size_t i = 0; i < IRW_UNWRAPS_MAX && layout->unwraps[i].text &&
                       status == IMGRW_OK; i++)
        if (!strstr(layout->unwraps[i].text, "{from}") ||
            value_of(reader, IRW_STR("from")).size > 0)
            status = read_template(reader, layout->unwraps[i].text,
                                   &preset->unwraps[i]);
    if (status == IMGRW_OK && layout->moves_from)
        status = read_template(reader, layout->moves_from, &preset->moved);
    if (status == IMGRW_OK && layout->moves_to)
        status = read_template(reader, layout->moves_to, &preset->move);
    return status;
}

/* The keys that several layouts have and that are no text of a location. */
static enum imgrw_status
read_options(struct preset_reader *reader)
{
    imgrw_str only = value_of(reader, IRW_STR("only"));

    reader->preset->port = value_of(reader, IRW_STR("port"));
    reader->preset->only_private = only.size > 0;
    if (only.size > 0 && !irw_equal(only, IRW_STR("private")))
        return fail_preset(reader, "only=%.*s: expected private",
                           IRW_PRINT(only));
    return IMGRW_OK;
}

/* Reads the values, and what the templates make of them. */
static enum imgrw_status
read_preset(struct preset_reader *reader, const struct irw_preset_value *values,
            size_t count, size_t *culprit)
{
    bool seen[IRW_PRESET_KEYS_MAX] = {false};
    enum imgrw_status status = IMGRW_OK;

    for (*culprit = 0; *culprit < count && status == IMGRW_OK; ++*culprit) {
        status = take_value(reader, &values[*culprit], seen);
        if (status != IMGRW_OK)
            return status;
    }
    status = take_defaults(reader, seen);
    if (status == IMGRW_OK)
        status = read_location(reader);
    if (status == IMGRW_OK)
        status = read_upstream(reader);
    if (status == IMGRW_OK)
        status = read_exceptions(reader);
    return status == IMGRW_OK ? read_options(reader) : status;
}

enum imgrw_status
irw_preset_add(struct imgrw_rules *rules, imgrw_str name,
               const struct irw_preset_value *values, size_t count,
               size_t *culprit, struct imgrw_error *error)
{
    struct irw_rule rule = {.kind = IRW_RULE_PRESET};
    char text[128];
    imgrw_str upstream;
    struct preset_reader reader = {
        .rules = rules,
        .layout = find_layout(name),
        .preset = irw_arena_calloc(&rules->arena, 1, sizeof(*rule.preset)),
        .error = error,
    };
    enum imgrw_status status;

    *culprit = count;
    if (!reader.layout)
        return fail_name(name, error);
    if (!reader.preset)
        return irw_fail_memory(error);
    reader.preset->layout = reader.layout;
    status = read_preset(&reader, values, count, culprit);
    if (status != IMGRW_OK)
        return status;
    rule.preset = reader.preset;
    upstream = value_of(&reader, IRW_STR("upstream"));
    snprintf(text, sizeof(text), "%s%s%.*s", reader.layout->preset.name,
             upstream.size > 0 ? " " : "", IRW_PRINT(upstream));
    return irw_rules_append(rules, &rule, "preset", irw_str(text), error);
}

/* Splits KEY=VALUE,...; a list that is too long is cut, because no layout has
 * so many keys. False: a part has no key, or no "=". */
static bool
split_values(imgrw_str text, struct irw_preset_value *values, size_t *count)
{
    *count = 0;
    while (text.size > 0 && *count < IRW_PRESET_KEYS_MAX + 1) {
        struct irw_preset_value *value = &values[(*count)++];
        imgrw_str part;

        irw_cut(text, ',', &part, &text);
        if (!irw_cut(part, '=', &value->key, &value->value) ||
            value->key.size == 0)
            return false;
    }
    return true;
}

enum imgrw_status
imgrw_rules_add_preset(struct imgrw_rules *rules, const char *preset,
                       struct imgrw_error *error)
{
    struct irw_preset_value values[IRW_PRESET_KEYS_MAX + 1];
    imgrw_str name, list;
    size_t count, culprit;

    if (!rules || !preset)
        return irw_fail_null(error, rules ? "preset" : "rules");
    irw_cut(irw_str(preset), ':', &name, &list);
    if (!split_values(list, values, &count))
        return irw_fail(error, IMGRW_ERR_RULE, IRW_NO_LOCATION,
                        "preset \"%s\": expected NAME:KEY=VALUE,...", preset);
    return irw_preset_add(rules, name, values, count, &culprit, error);
}
