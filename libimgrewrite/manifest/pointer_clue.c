#include "manifest/pointer_clue.h"
#include "base/str.h"
#include "manifest/classify.h"
#include "manifest/likely.h"

bool
irw_is_position(imgrw_str key)
{
    for (size_t i = 0; i < key.size; i++)
        if (!irw_is_digit(key.data[i]))
            return irw_equal(key, IRW_STR("-"));
    return true;
}

/* Whether a pointer leads to a variable or an argument by its position, which
 * does not show what that is for: `/env/0/value`, `/args/1`. */
static bool
is_by_position(imgrw_str pointer)
{
    imgrw_str last[3] = {{0}, {0}, {0}}; /* the last first */

    while (pointer.size > 0) {
        last[2] = last[1];
        last[1] = last[0];
        irw_cut(pointer, '/', &last[0], &pointer);
    }
    if (irw_equal(last[0], IRW_STR("value")))
        return irw_equal(last[2], IRW_STR("env")) && irw_is_position(last[1]);
    return irw_is_command_key(last[1]) && irw_is_position(last[0]);
}

imgrw_str
irw_pointer_clue(imgrw_str pointer)
{
    imgrw_str key, telling = {0};

    if (is_by_position(pointer))
        return IRW_STR("image");
    while (pointer.size > 0) {
        irw_cut(pointer, '/', &key, &pointer);
        if (!irw_is_position(key))
            telling = key;
        if (irw_is_passed_over(key))
            break;
    }
    return telling;
}
