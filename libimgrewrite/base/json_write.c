#include "base/json_write.h"
#include "base/str.h"
#include "base/utf8.h"

static void
add_control(struct irw_text *text, unsigned char c)
{
    static const char letters[] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r',
    };

    if (c < sizeof(letters) && letters[c] != '\0')
        irw_text_printf(text, "\\%c", letters[c]);
    else
        irw_text_printf(text, "\\u%04x", c);
}

/* Whether `c` needs no escape in a JSON string. */
static bool
is_literal(char c)
{
    return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7F && c != '"' &&
           c != '\\';
}

void
irw_json_string(struct irw_text *text, imgrw_str str)
{
    size_t at = 0;

    irw_text_add(text, IRW_STR("\""));
    while (at < str.size) {
        size_t start = at, wide;

        while (at < str.size && is_literal(str.data[at]))
            at++;
        irw_text_add(text, irw_slice(str, start, at));
        if (at == str.size)
            break;
        wide = irw_utf8_size(str.data + at, str.size - at);
        if (str.data[at] == '"' || str.data[at] == '\\')
            irw_text_printf(text, "\\%c", str.data[at]);
        else if (wide == 0)
            irw_text_add(text, IRW_STR("\xEF\xBF\xBD"));
        else if (wide == 1)
            add_control(text, (unsigned char)str.data[at]);
        else
            irw_text_add(text, irw_slice(str, at, at + wide));
        at += wide == 0 ? 1 : wide;
    }
    irw_text_add(text, IRW_STR("\""));
}

void
irw_json_member(struct irw_text *text, const char *name, imgrw_str str)
{
    irw_text_printf(text, ", \"%s\": ", name);
    if (str.size == 0)
        irw_text_add(text, IRW_STR("null"));
    else
        irw_json_string(text, str);
}

void
irw_json_number(struct irw_text *text, const char *name, size_t number)
{
    irw_text_printf(text, ", \"%s\": %zu", name, number);
}
