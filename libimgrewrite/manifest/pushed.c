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

bool
irw_resource_pushes(struct irw_image_walk *walk)
{
    const struct irw_node *root = &walk->tree->nodes[walk->resource.root];
    imgrw_str text = irw_slice(walk->tree->text, root->start, root->end);

    if (walk->pushing.text.data != text.data ||
        walk->pushing.text.size != text.size) {
        walk->pushing.text = text;
        walk->pushing.pushes = irw_has_push(text);
    }
    return walk->pushing.pushes;
}

bool
irw_is_target(imgrw_str name)
{
    static const char *const names[] = {
        "destination", "destinationimage", "destimage",      "destimageurl",
        "imagedest",   "imagedestination", "imageoutput",    "imagetopush",
        "output",      "outputimage",      "publishimage",   "pushimage",
        "resultimage", "targetimage",      "targetimageurl",
    };

    return IS_ANY_OF(name, names);
}

bool
irw_is_pushed(struct irw_image_walk *walk, imgrw_str name)
{
    return irw_is_target(name) ||
           (irw_is_any_image(name) && irw_resource_pushes(walk));
}
