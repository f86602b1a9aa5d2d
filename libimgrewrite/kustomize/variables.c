#include "kustomize/variables.h"
#include "base/error.h"

#include <string.h>

#define LONGEST 256 /* of a name, in bytes */

/* Notes the variables in a text, which lives as long as the builds. */
static bool
take_text(struct irw_builds *builds, imgrw_str text)
{
    const char *at = text.data, *end = text.data + text.size;

    while (text.size > 0 &&
           (at = memmem(at, (size_t)(end - at), "$(", 2)) != NULL) {
        const char *close;
        imgrw_str name;

        at += 2;
        close = memchr(at, ')', end - at < LONGEST ? (size_t)(end - at)
                                                   : LONGEST);
        name = (imgrw_str){at, close ? (size_t)(close - at) : 0};
        if (name.size > 0 && !irw_map_get(&builds->variables, name) &&
            !irw_map_set(&builds->variables, name, 1))
            return false;
    }
    return true;
}

static enum imgrw_status
take_file(struct irw_builds *builds, size_t file, struct imgrw_error *error)
{
    imgrw_str text;
    enum imgrw_status status = irw_builds_text(builds, file, &text, error);

    return status == IMGRW_OK && !take_text(builds, text)
               ? irw_fail_memory(error)
               : status;
}

/* Notes those in the files that a build names, and in its own. */
static enum imgrw_status
take_build(struct irw_builds *builds, const struct irw_build *build,
           struct imgrw_error *error)
{
    enum imgrw_status status = take_file(builds, build->file, error);

    for (size_t i = 0; i < build->steps.count && status == IMGRW_OK; i++)
        if (build->steps.items[i].target == IRW_TARGET_FILE)
            status = take_file(builds, build->steps.items[i].index, error);
    return status;
}

enum imgrw_status
irw_variable_look(struct irw_builds *builds, imgrw_str name, bool *used,
                  struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; !builds->variables_read && i < builds->items.count &&
                       status == IMGRW_OK;
         i++)
        status = take_build(builds, &builds->items.items[i], error);
    builds->variables_read = true;
    *used = status == IMGRW_OK && irw_map_get(&builds->variables, name) != 0;
    return status;
}
