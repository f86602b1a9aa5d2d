/*
 * String slices by value.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>
#include <string.h>

#define IRW_STR(literal) IMGRW_STR(literal)

/* How many bytes of `str` a message shows: about 100, whole characters. */
static inline int
irw_print_size(imgrw_str str)
{
    size_t size = str.size > 100 ? 100 : str.size;

    while (size < str.size && size > 0 &&
           ((unsigned char)str.data[size] & 0xC0) == 0x80)
        size--;
    return (int)size;
}

/* The arguments for a "%.*s". */
#define IRW_PRINT(str) irw_print_size(str), ((str).size > 0 ? (str).data : "")

static inline imgrw_str
irw_str(const char *text)
{
    return imgrw_str_from(text);
}

/* False for a NULL that claims a size, which is a mistake of the caller. */
static inline bool
irw_has_bytes(imgrw_str str)
{
    return str.data || str.size == 0;
}

/* The bytes of `str` from `start` up to, not including, `end`. Of an empty
 * string, whose data may be NULL, there is an empty slice. */
static inline imgrw_str
irw_slice(imgrw_str str, size_t start, size_t end)
{
    return (imgrw_str){start > 0 ? str.data + start : str.data, end - start};
}

static inline bool
irw_equal(imgrw_str one, imgrw_str other)
{
    return one.size == other.size &&
           (one.size == 0 || memcmp(one.data, other.data, one.size) == 0);
}

/* Orders by bytes, as memcmp does: < 0, 0 or > 0. A string comes before the
 * longer ones that start with it. */
static inline int
irw_compare(imgrw_str one, imgrw_str other)
{
    size_t size = one.size < other.size ? one.size : other.size;
    int order = size > 0 ? memcmp(one.data, other.data, size) : 0;

    return order != 0 ? order
                      : (one.size > other.size) - (one.size < other.size);
}

static inline bool
irw_starts_with(imgrw_str str, imgrw_str start)
{
    return str.size >= start.size &&
           irw_equal((imgrw_str){str.data, start.size}, start);
}

static inline bool
irw_ends_with(imgrw_str str, imgrw_str end)
{
    return str.size >= end.size &&
           irw_equal(irw_slice(str, str.size - end.size, str.size), end);
}

/* The offset of the first `c` in `str`, or SIZE_MAX. */
static inline size_t
irw_find(imgrw_str str, char c)
{
    const char *found =
        str.size > 0 ? memchr(str.data, c, str.size) : NULL;

    return found ? (size_t)(found - str.data) : SIZE_MAX;
}

/* Whether the word, which is not empty, is in the text. */
static inline bool
irw_contains(imgrw_str text, const char *word)
{
    return text.data && memmem(text.data, text.size, word, strlen(word));
}

/* Whether the text is one of some words, of which the last is NULL. */
static inline bool
irw_is_one_of(imgrw_str text, const char *const words[])
{
    for (size_t i = 0; words[i]; i++)
        if (irw_equal(text, irw_str(words[i])))
            return true;
    return false;
}

/* The part of a path behind its last slash. */
static inline imgrw_str
irw_path_name(imgrw_str path)
{
    const char *slash =
        path.size > 0 ? memrchr(path.data, '/', path.size) : NULL;

    return slash ? irw_slice(path, (size_t)(slash + 1 - path.data), path.size)
                 : path;
}

/* Cuts `text` at the first `mark`, into what comes before it and what after.
 * Without a mark all is before, and the result is false. */
static inline bool
irw_cut(imgrw_str text, char mark, imgrw_str *before, imgrw_str *after)
{
    size_t at = irw_find(text, mark);
    bool found = at != SIZE_MAX;

    *before = irw_slice(text, 0, found ? at : text.size);
    *after = found ? irw_slice(text, at + 1, text.size) : (imgrw_str){0};
    return found;
}

/* Where the line that holds the byte `at` ends: the offset after its line
 * feed. */
static inline size_t
irw_line_end(imgrw_str text, size_t at)
{
    size_t feed = irw_find(irw_slice(text, at, text.size), '\n');

    return feed == SIZE_MAX ? text.size : at + feed + 1;
}

/* A space or a tab: what YAML calls white. */
static inline bool
irw_is_white(char c)
{
    return c == ' ' || c == '\t';
}

static inline bool
irw_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool
irw_is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static inline bool
irw_is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool
irw_is_alnum(char c)
{
    return irw_is_digit(c) || irw_is_lower(c) || irw_is_upper(c);
}

/* Whether there is a control character of ASCII in the text. */
static inline bool
irw_has_control(imgrw_str text)
{
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7F)
            return true;
    return false;
}

/* Whether the text is ASCII that can be seen, without blanks. */
static inline bool
irw_is_visible_ascii(imgrw_str text)
{
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.data[i] <= 0x20 ||
            (unsigned char)text.data[i] >= 0x7F)
            return false;
    return true;
}

static inline char
irw_lower(char c)
{
    return irw_is_upper(c) ? (char)(c + ('a' - 'A')) : c;
}

/* Whether both are equal when ASCII letters lose their case. */
static inline bool
irw_equal_nocase(imgrw_str one, imgrw_str other)
{
    if (one.size != other.size)
        return false;
    for (size_t i = 0; i < one.size; i++)
        if (irw_lower(one.data[i]) != irw_lower(other.data[i]))
            return false;
    return true;
}
