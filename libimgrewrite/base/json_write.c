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

/* The code of a character, of more than one byte, that YAML does not allow or
 * takes for a line break or a byte order mark; 0 for any other. */
static unsigned
find_code(const char *bytes, size_t size)
{
    static const struct {
        char bytes[4];
        unsigned code;
    } wide[] = {
        {"\xE2\x80\xA8", 0x2028}, {"\xE2\x80\xA9", 0x2029},
        {"\xEF\xBB\xBF", 0xFEFF}, {"\xEF\xBF\xBE", 0xFFFE},
        {"\xEF\xBF\xBF", 0xFFFF},
    };
    const unsigned char *byte = (const unsigned char *)bytes;

    if (size == 2 && byte[0] == 0xC2 && byte[1] < 0xA0)
        return byte[1];
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
        if (size == 3 && memcmp(bytes, wide[i].bytes, 3) == 0)
            return wide[i].code;
    return 0;
}

bool
irw_json_hides(imgrw_str str)
{
    size_t size;

    for (size_t at = 0; at < str.size; at += size > 0 ? size : 1) {
        size = irw_utf8_size(str.data + at, str.size - at);
        if (size == 0 || find_code(str.data + at, size) > 0)
            return true;
    }
    return irw_has_control(str);
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
        unsigned code;

        while (at < str.size && is_literal(str.data[at]))
            at++;
        irw_text_add(text, irw_slice(str, start, at));
        if (at == str.size)
            break;
        wide = irw_utf8_size(str.data + at, str.size - at);
        code = find_code(str.data + at, wide);
        if (str.data[at] == '"' || str.data[at] == '\\')
            irw_text_printf(text, "\\%c", str.data[at]);
        else if (wide == 0)
            irw_text_add(text, IRW_STR("\xEF\xBF\xBD"));
        else if (wide == 1)
            add_control(text, (unsigned char)str.data[at]);
        else if (code > 0)
            irw_text_printf(text, "\\u%04x", code);
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
