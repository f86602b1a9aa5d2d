#include "kubernetes/names.h"
#include "base/str.h"

static bool
is_letter(char c)
{
    return irw_is_lower(c) || irw_is_digit(c);
}

bool
irw_is_dns_name(imgrw_str name)
{
    char last = '.'; /* before a label */

    if (name.size > IRW_DNS_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.size; last = name.data[i++]) {
        char c = name.data[i];

        if (!is_letter(c) && !(c == '-' && last != '.') &&
            !(c == '.' && is_letter(last)))
            return false;
    }
    return is_letter(last);
}

bool
irw_is_dns_label(imgrw_str name)
{
    return name.size <= IRW_DNS_LABEL_MAX && irw_is_dns_name(name) &&
           irw_find(name, '.') == SIZE_MAX;
}

bool
irw_is_selector_pattern(imgrw_str word)
{
    for (size_t i = 0; i < word.size; i++)
        if (strchr(".*+?()|[]{}^$\\", word.data[i]))
            return true;
    return false;
}
