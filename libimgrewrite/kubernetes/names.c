#include "kubernetes/names.h"
#include "base/str.h"

static bool
is_letter(char c)
{
    return irw_is_lower(c) || irw_is_digit(c);
}

/* Whether `c` may follow `last`. */
static bool
may_follow(char c, char last)
{
    switch (c) {
    case '-':
        return last != '.';
    case '.':
        return is_letter(last);
    default:
        return is_letter(c);
    }
}

bool
irw_is_dns_name(imgrw_str name)
{
    char last = '.'; /* before a label */

    if (name.size > IRW_DNS_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.size; i++) {
        if (!may_follow(name.data[i], last))
            return false;
        last = name.data[i];
    }
    return is_letter(last);
}

bool
irw_is_dns_label(imgrw_str name)
{
    return name.size <= IRW_DNS_LABEL_MAX && irw_is_dns_name(name) &&
           irw_find(name, '.') == SIZE_MAX;
}
