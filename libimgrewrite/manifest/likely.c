#include "manifest/likely.h"
#include "manifest/classify.h"
#include "manifest/hosts.h"
#include "manifest/pushed.h"

struct irw_clue
irw_clue_below(struct irw_clue outer, imgrw_str key)
{
    return (struct irw_clue){
        .name = key,
        .inside = outer.inside || irw_is_image_key(key) ||
                  irw_is_images_key(key),
    };
}

bool
irw_resembles_reference(imgrw_str text)
{
    return text.size > 4 && irw_find(text, '/') != SIZE_MAX &&
           (irw_find(text, ':') != SIZE_MAX || irw_find(text, '@') != SIZE_MAX);
}

/* Whether a key or a repository is one for charts. */
static bool
is_of_chart(imgrw_str name, imgrw_str repository)
{
    return irw_contains(name, "chart") || irw_contains(name, "Chart") ||
           irw_contains(repository, "charts/");
}

bool
irw_is_possible(imgrw_str text, struct irw_clue clue)
{
    struct imgrw_reference reference;

    if (!irw_resembles_reference(text) || !irw_is_certain_reference(text) ||
        !irw_is_reference(text, &reference) ||
        irw_is_file(text) || irw_is_file(reference.repository) ||
        irw_is_machine_key(clue.name) ||
        is_of_chart(clue.name, reference.repository))
        return false;
    /* a name with a blank is prose */
    return irw_is_registry_host(reference.registry) || clue.inside ||
           (irw_mentions_image(clue.name) &&
            irw_find(clue.name, ' ') == SIZE_MAX);
}

/* Whether a key is the name of a file that people look at, and no program. */
static bool
is_page(imgrw_str key)
{
    static const char *const ends[] = {".css", ".html", ".less", ".md",
                                       ".scss", ".svg"};

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (irw_ends_with(key, irw_str(ends[i])))
            return true;
    return false;
}

bool
irw_is_passed_over(imgrw_str key)
{
    static const char *const keys[] = {
        /* what is so, and what is said of it */
        "status",
        "containerStatuses",
        "initContainerStatuses",
        "ephemeralContainerStatuses",
        "managedFields",
        "openAPIV3Schema",
        "description",
        "title",
        "kubectl.kubernetes.io/last-applied-configuration",
        /* what is looked for */
        "expr",
        "image.openshift.io/triggers",
        "labels",
        "matchLabels",
        "query",
        "selector",
        /* what is pushed */
        "additionalTags",
        "dest",
        "tag",
        "tags",
        "target",
        "to",
        /* disks, secrets, and files */
        "rbd",
        "imagePullSecrets",
        "path",
    };

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (irw_equal(key, irw_str(keys[i])))
            return true;
    return irw_is_target(key) || is_page(key) || irw_is_certain_reference(key);
}
