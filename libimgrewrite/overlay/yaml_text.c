#include "overlay/yaml_text.h"
#include "base/json_write.h"
#include "base/str.h"
#include "yaml/scalar.h"

/* Writes `str` as a string of YAML, in quotes where it needs them. */
static void
write_string(struct irw_text *text, imgrw_str str)
{
    bool plain = str.size > 0 && irw_is_alnum(str.data[0]) &&
                 !irw_is_digit(str.data[0]);

    for (size_t i = 0; i < str.size && plain; i++)
        plain = irw_is_alnum(str.data[i]) || strchr("-_./", str.data[i]);
    plain = plain && irw_plain_kind(str) == IRW_PLAIN_STRING;
    if (plain)
        irw_text_add(text, str);
    else
        irw_json_string(text, str);
}

void
irw_yaml_line(struct irw_text *text, const char *head, imgrw_str str)
{
    irw_text_add(text, irw_str(head));
    write_string(text, str);
    irw_text_add(text, IRW_STR("\n"));
}
