#include "manifest/pushed.h"
#include "base/str.h"

/* Whether a name has these letters, in lower case here, whatever the case of
 * its own and whatever divides its words. */
static bool
is_spelled(imgrw_str name, const char *letters)
{
    for (size_t i = 0; i < name.size; i++)
        if (irw_is_alnum(name.data[i]) && irw_lower(name.data[i]) != *letters++)
            return false;
    return *letters == '\0';
}

static bool
is_any_of(imgrw_str name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_spelled(name, names[i]))
            return true;
    return false;
}

#define IS_ANY_OF(name, names) \
    is_any_of(name, names, sizeof(names) / sizeof((names)[0]))

bool
irw_is_any_image(imgrw_str name)
{
    static const char *const names[] = {
        "image",    "imagename", "imageref", "imagereference",
        "imageurl", "img",       "appimage", "cacheimage",
    };

    return IS_ANY_OF(name, names);
}

bool
irw_has_push(imgrw_str text)
{
    static const char *const words[] = {
        "docker push ", "podman push ", "nerdctl push ", "crane push ",
        "img push ",    "kaniko",       "--push",        "push=true",
        "--destination",
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (irw_contains(text, words[i]))
            return true;
    /* its options come before the word */
    return irw_contains(text, "buildah") && irw_contains(text, " push ");
}

void
irw_pushing_reset(struct irw_pushing *pushing)
{
    pushing->text = (imgrw_str){0};
    pushing->pushes = pushing->is_read = false;
    irw_map_reset(&pushing->names);
}

bool
irw_resource_pushes(struct irw_image_walk *walk)
{
    const struct irw_node *root = &walk->tree->nodes[walk->resource.root];
    imgrw_str text = irw_slice(walk->tree->text, root->start, root->end);

    if (walk->pushing.text.data != text.data ||
        walk->pushing.text.size != text.size) {
        irw_pushing_reset(&walk->pushing);
        walk->pushing.text = text;
        walk->pushing.pushes = irw_has_push(text);
    }
    return walk->pushing.pushes;
}

/* Where a command that begins on the line at `at` ends: a backslash at the end
 * of a line, and a flag alone on one, have it go on. */
static size_t
command_end(imgrw_str text, size_t at)
{
    size_t end = irw_line_end(text, at);
    imgrw_str line = irw_slice(text, at, end);
    bool open = irw_find(line, '$') == SIZE_MAX;

    while (end < text.size && (open || irw_ends_with(line, IRW_STR("\\\n")))) {
        at = end;
        end = irw_line_end(text, at);
        line = irw_slice(text, at, end);
        open = false;
    }
    return end;
}

/* Notes the names after each `$`: $NAME, ${NAME}, $(params.NAME). */
static bool
note_names(struct irw_map *names, imgrw_str command)
{
    bool good = true;
    size_t from;

    for (size_t i = 0; i < command.size && good; i++) {
        if (command.data[i] != '$')
            continue;
        i += i + 1 < command.size && strchr("{(", command.data[i + 1]);
        for (from = ++i; i < command.size && (irw_is_alnum(command.data[i]) ||
                                              strchr("_-.", command.data[i]));
             i++)
            if (command.data[i] == '.')
                from = i + 1;
        if (i > from)
            good = irw_map_set(names, irw_slice(command, from, i), 1);
        i--;
    }
    return good;
}

/* Reads the lines that push. */
static bool
read_lines(struct irw_pushing *pushing)
{
    imgrw_str text = pushing->text;
    bool good = true;

    for (size_t at = 0, end; at < text.size && good; at = end) {
        end = irw_line_end(text, at);
        if (!irw_has_push(irw_slice(text, at, end)))
            continue;
        end = command_end(text, at);
        good = note_names(&pushing->names, irw_slice(text, at, end));
    }
    return good;
}

bool
irw_is_pushed_by_line(struct irw_image_walk *walk, imgrw_str name)
{
    struct irw_pushing *pushing = &walk->pushing;

    if (name.size == 0 || !irw_resource_pushes(walk))
        return false;
    if (!pushing->is_read)
        walk->failed |= !read_lines(pushing);
    pushing->is_read = true;
    return irw_map_get(&pushing->names, name) != 0;
}

bool
irw_is_target(imgrw_str name)
{
    static const char *const names[] = {
        "cacherepo",   "cacheto",          "destination",    "destinationimage",
        "destimage",   "destimageurl",     "imagedest",      "imagedestination",
        "imageoutput", "imagetopush",      "output",         "outputimage",
        "publishimage", "pushimage",       "resultimage",    "targetimage",
        "targetimageurl",
    };

    return IS_ANY_OF(name, names);
}

bool
irw_is_pushed(struct irw_image_walk *walk, imgrw_str name)
{
    return irw_is_target(name) ||
           (irw_is_any_image(name) && irw_resource_pushes(walk));
}
