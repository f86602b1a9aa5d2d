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
        size_t end = irw_find(rest, rest.data[0] == '{' ? '}' : '{');

        part = irw_slice(rest, 0, end == SIZE_MAX ? rest.size : end);
        if (rest.data[0] == '{') {
            if (!look_up(irw_slice(part, 1, part.size), &part, user))
                return false;
            end++;
        }
        if (!append(buffer, size, result, part))
            return false;
        rest = end == SIZE_MAX ? (imgrw_str){0}
                               : irw_slice(rest, end, rest.size);
    }
    if (result->size > 0 && buffer[result->size - 1] == '/')
        result->size--;
    return true;
}
