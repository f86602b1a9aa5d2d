#include "kustomize/variables.h"

#include <string.h>

/* Whether the text has the variable. */
static bool
has_variable(imgrw_str text, imgrw_str name)
{
    const char *at = text.data, *end = text.data + text.size;

    while (text.size > 0 &&
           (at = memmem(at, (size_t)(end - at), "$(", 2)) != NULL) {
        at += 2;
        if ((size_t)(end - at) > name.size &&
            memcmp(at, name.data, name.size) == 0 && at[name.size] == ')')
            return true;
    }
    return false;
}

/* Looks into the files that a build names, and into its own. */
static enum imgrw_status
look_into(struct irw_builds *builds, const struct irw_build *build,
          imgrw_str name, bool *used, struct imgrw_error *error)
{
    imgrw_str text;
    enum imgrw_status status =
        irw_builds_text(builds, build->file, &text, error);

    *used = status == IMGRW_OK && has_variable(text, name);
    for (size_t i = 0;
         i < build->steps.count && status == IMGRW_OK && !*used; i++) {
        if (build->steps.items[i].target != IRW_TARGET_FILE)
            continue;
        status =
            irw_builds_text(builds, build->steps.items[i].index, &text, error);
        *used = status == IMGRW_OK && has_variable(text, name);
    }
    return status;
}

enum imgrw_status
irw_variable_look(struct irw_builds *builds, imgrw_str name, bool *used,
                  struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    *used = false;
    for (size_t i = 0;
         i < builds->items.count && status == IMGRW_OK && !*used; i++)
        status =
            look_into(builds, &builds->items.items[i], name, used, error);
    return status;
}
