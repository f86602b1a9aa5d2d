#include "yaml/json_value.h"
#include "base/str.h"

/* Passes over a string, whose first quote is before `at`. */
static size_t
pass_string(imgrw_str text, size_t at)
{
    while (at < text.size) {
        unsigned char c = (unsigned char)text.data[at++];

        if (c == '"')
            return at;
        if (c < 0x20)
            return SIZE_MAX;
        at += c == '\\';
    }
    return SIZE_MAX;
}

/* Passes over a number or one of the words of JSON. */
static size_t
pass_word(imgrw_str text, size_t at)
{
    static const imgrw_str words[] = {{"true", 4}, {"false", 5}, {"null", 4}};
    imgrw_str word = irw_slice(text, at, text.size);

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (irw_starts_with(word, words[i]))
            return at + words[i].size;
    if (!irw_is_digit(word.data[0]) && word.data[0] != '-')
        return SIZE_MAX;
    for (at++; at < text.size; at++)
        if (!irw_is_digit(text.data[at]) &&
            (text.data[at] == '\0' || !strchr("+-.eE", text.data[at])))
            break;
    return at;
}

size_t
irw_json_value_end(imgrw_str text, size_t start)
{
    size_t at = start, depth = 0;

    do {
        char c = at < text.size ? text.data[at] : '\0';

        if (c == '{' || c == '[') {
            depth++;
            at++;
        } else if (depth == 0 || c == '\0') {
            return SIZE_MAX;
        } else if (c == '}' || c == ']') {
            depth--;
            at++;
        } else if (c == '"') {
            at = pass_string(text, at + 1);
        } else if (strchr(" \t\r\n,:", c)) {
            at++;
        } else {
            at = pass_word(text, at);
        }
    } while (depth > 0 && at < text.size);
    return depth == 0 ? at : SIZE_MAX;
}
