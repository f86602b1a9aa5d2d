#include "rules/template.h"
#include "base/str.h"

/* Appends to the path in `buffer`; false where there is no room. A "/" that
 * would be the first, or follow another, is left out. */
static bool
append(char *buffer, size_t size, imgrw_str *result, imgrw_str part)
{
    for (size_t i = 0; i < part.size; i++) {
        bool separated =
            result->size == 0 || buffer[result->size - 1] == '/';

        if (part.data[i] == '/' && separated)
            continue;
        if (result->size == size)
            return false;
        buffer[result->size++] = part.data[i];
    }
    return true;
}

bool
irw_template_write(const char *text, irw_template_fn *look_up, void *user,
                   char *buffer, size_t size, imgrw_str *result)
{
    imgrw_str rest = irw_str(text), part;

    *result = (imgrw_str){buffer, 0};
    while (rest.size > 0) {
        bool is_name = irw_cut(rest, '{', &part, &rest);

        if (!append(buffer, size, result, part))
            return false;
        if (is_name) {
            irw_cut(rest, '}', &part, &rest);
            if (!look_up(part, &part, user) ||
                !append(buffer, size, result, part))
                return false;
        }
    }
    if (result->size > 0 && buffer[result->size - 1] == '/')
        result->size--;
    return true;
}
