#include "yaml/spelling.h"

/* Whether what stands at byte `at` makes a text less than plain. */
typedef bool odd_fn(imgrw_str text, size_t at);

/* Whether some `mark` in the text is odd. Most texts have few marks, so that
 * memchr does nearly all of the work. */
static bool
has_odd(imgrw_str text, char mark, odd_fn *is_odd)
{
    size_t at = 0, next;

    while ((next = irw_find(irw_slice(text, at, text.size), mark)) !=
           SIZE_MAX) {
        at += next;
        if (is_odd(text, at))
            return true;
        at++;
    }
    return false;
}

/* The byte before `at`, or a line feed at the start. */
static char
before(imgrw_str text, size_t at)
{
    return at > 0 ? text.data[at - 1] : '\n';
}

/* The byte after `at`, or a line feed at the end. */
static char
after(imgrw_str text, size_t at)
{
    return at + 1 < text.size ? text.data[at + 1] : '\n';
}

static bool
is_one_of(char c, const char *marks)
{
    return c != '\0' && strchr(marks, c);
}

static size_t
pass_blanks(imgrw_str text, size_t at)
{
    while (at < text.size && irw_is_white(text.data[at]))
        at++;
    return at;
}

static bool
is_name_byte(char c)
{
    return irw_is_alnum(c) || c == '_' || c == '-';
}

/* Whether a token may begin at byte `at`, in the text or in a document in a
 * scalar: what is before it is a blank, an indicator, a quote, or the end of an
 * escape, such as that of a line feed. */
static bool
may_begin_token(imgrw_str text, size_t at)
{
    char c = before(text, at);

    return is_one_of(c, " \t\r\n:-,{[?\"'\\") ||
           (irw_is_alnum(c) && before(text, at - 1) == '\\');
}

/* An anchor, without which there are no aliases. */
static bool
is_anchor(imgrw_str text, size_t at)
{
    return is_name_byte(after(text, at)) && may_begin_token(text, at);
}

/* What a byte may be in or after a key. */
enum key_byte { OTHER = 0, WORD, GAP };

static const uint8_t key_bytes[UINT8_MAX + 1] = {
    [' '] = GAP,  ['\t'] = GAP, ['"'] = GAP,  ['\''] = GAP, ['\\'] = GAP,
    ['-'] = WORD, ['.'] = WORD, ['/'] = WORD, ['_'] = WORD,
    ['0'] = WORD, ['1'] = WORD, ['2'] = WORD, ['3'] = WORD, ['4'] = WORD,
    ['5'] = WORD, ['6'] = WORD, ['7'] = WORD, ['8'] = WORD, ['9'] = WORD,
    ['A'] = WORD, ['B'] = WORD, ['C'] = WORD, ['D'] = WORD, ['E'] = WORD,
    ['F'] = WORD, ['G'] = WORD, ['H'] = WORD, ['I'] = WORD, ['J'] = WORD,
    ['K'] = WORD, ['L'] = WORD, ['M'] = WORD, ['N'] = WORD, ['O'] = WORD,
    ['P'] = WORD, ['Q'] = WORD, ['R'] = WORD, ['S'] = WORD, ['T'] = WORD,
    ['U'] = WORD, ['V'] = WORD, ['W'] = WORD, ['X'] = WORD, ['Y'] = WORD,
    ['Z'] = WORD, ['a'] = WORD, ['b'] = WORD, ['c'] = WORD, ['d'] = WORD,
    ['e'] = WORD, ['f'] = WORD, ['g'] = WORD, ['h'] = WORD, ['i'] = WORD,
    ['j'] = WORD, ['k'] = WORD, ['l'] = WORD, ['m'] = WORD, ['n'] = WORD,
    ['o'] = WORD, ['p'] = WORD, ['q'] = WORD, ['r'] = WORD, ['s'] = WORD,
    ['t'] = WORD, ['u'] = WORD, ['v'] = WORD, ['w'] = WORD, ['x'] = WORD,
    ['y'] = WORD, ['z'] = WORD,
};

static bool
is_word_byte(char c)
{
    return key_bytes[(unsigned char)c] == WORD;
}

/* How many bytes of a kind end at `at`. */
static size_t
count_back(imgrw_str text, size_t at, enum key_byte kind)
{
    size_t start = at;

    while (start > 0 &&
           key_bytes[(unsigned char)text.data[start - 1]] == kind)
        start--;
    return at - start;
}

/* The mark of an explicit key, unless that is a word with its colon after it.
 * Keys that begin with other bytes are of no interest. */
static bool
is_explicit_key(imgrw_str text, size_t at)
{
    char c;

    if (!may_begin_token(text, at))
        return false;
    at = pass_blanks(text, at + 1);
    c = at < text.size ? text.data[at] : '\n';
    if (!irw_is_alnum(c) && c != '_')
        return (unsigned char)c >= 0x80 || is_one_of(c, "\r\n\"'\\*&!|>#");
    while (at < text.size && is_word_byte(text.data[at]))
        at++;
    at = pass_blanks(text, at);
    return at == text.size || text.data[at] != ':';
}

/* A break that is none to whom reads lines. */
static bool
is_lone_return(imgrw_str text, size_t at)
{
    return after(text, at) != '\n' || at + 1 == text.size;
}

/* NEL, LS or PS. */
static bool
is_wide_break(imgrw_str text, size_t at)
{
    static const imgrw_str breaks[] = {
        {"\xC2\x85", 2}, {"\xE2\x80\xA8", 3}, {"\xE2\x80\xA9", 3},
    };
    imgrw_str rest = irw_slice(text, at, text.size);

    for (size_t i = 0; i < sizeof(breaks) / sizeof(breaks[0]); i++)
        if (irw_starts_with(rest, breaks[i]))
            return true;
    return false;
}

static bool
is_hex(char c)
{
    return irw_is_digit(c) || is_one_of(irw_lower(c), "abcdef");
}

/* Whether a number after a backslash gives a character that is in no key and in
 * no mark of YAML: those that writers of JSON escape for the sake of HTML. */
static bool
is_harmless_number(imgrw_str number)
{
    imgrw_str hex = irw_slice(number, 0, number.size < 5 ? number.size : 5);

    if (irw_equal_nocase(hex, IRW_STR("u0026"))) /* or it is an anchor */
        return number.size > 5 && !is_name_byte(number.data[5]);
    return irw_equal_nocase(hex, IRW_STR("u003c")) ||
           irw_equal_nocase(hex, IRW_STR("u003e"));
}

/* An escape that may spell a letter, or joins what stands on two lines. */
static bool
is_odd_escape(imgrw_str text, size_t at)
{
    switch (after(text, at)) {
    case 'x':
    case 'u':
    case 'U':
        return is_hex(after(text, at + 1)) &&
               !is_harmless_number(irw_slice(text, at + 1, text.size));
    case '\r':
    case '\n':
        while (before(text, at) == '\\')
            at--;
        return !is_one_of(before(text, at), " \t\r\n");
    default:
        return false;
    }
}

bool
irw_is_json_spelled_plainly(imgrw_str text)
{
    return !has_odd(text, '\\', is_odd_escape);
}

bool
irw_is_spelled_plainly(imgrw_str text, bool ascii)
{
    return irw_is_json_spelled_plainly(text) &&
           !has_odd(text, '&', is_anchor) &&
           !has_odd(text, '?', is_explicit_key) &&
           !has_odd(text, '\r', is_lone_return) &&
           (ascii || (!has_odd(text, '\xC2', is_wide_break) &&
                      !has_odd(text, '\xE2', is_wide_break)));
}

bool
irw_spelled_keys_next(struct irw_spelled_keys *keys,
                      struct irw_spelled_key *key)
{
    imgrw_str text = keys->text;
    size_t next = irw_find(irw_slice(text, keys->at, text.size), ':');
    size_t start, end;

    if (next == SIZE_MAX)
        return false;
    key->colon = end = keys->at + next;
    keys->at = key->colon + 1;
    while (end > 0 && irw_is_white(text.data[end - 1]))
        end--;
    key->is_string =
        before(text, end) == '"' && before(text, end - 1) != '\\';
    end -= count_back(text, end, GAP);
    start = end - count_back(text, end, WORD);
    key->word = irw_slice(text, start, end);
    key->is_escaped = before(text, start) == '\\';
    /* the key is on another line, or the escape of a blank is after it */
    key->is_unclear = before(text, end) == '\n' ||
                      (key->is_escaped && key->word.size == 1 &&
                       is_one_of(key->word.data[0], "tnrNLP"));
    return true;
}

/* Whether a key is the first on the line at `at`. */
static bool
begins_with_key(imgrw_str text, size_t at)
{
    while (at < text.size && text.data[at] == ' ')
        at++;
    if (at == text.size || !irw_is_alnum(text.data[at]))
        return false;
    while (at < text.size && is_word_byte(text.data[at]))
        at++;
    return at < text.size && text.data[at] == ':' &&
           is_one_of(after(text, at), " \r\n");
}

bool
irw_is_spelled_as_map(imgrw_str text, size_t colon)
{
    size_t at = pass_blanks(text, colon + 1);

    if (at < text.size && text.data[at] == '{')
        return after(text, at) != '{'; /* which would begin an action */
    if (at < text.size && text.data[at] == '\r')
        at++;
    return at == text.size ||
           (text.data[at] == '\n' && begins_with_key(text, at + 1));
}

static size_t
pass_backslashes(imgrw_str text, size_t at)
{
    while (at < text.size && text.data[at] == '\\')
        at++;
    return at;
}

imgrw_str
irw_spelled_word(imgrw_str text, size_t colon)
{
    size_t at = pass_blanks(text, colon + 1), start, end;

    at = pass_backslashes(text, at);
    if (before(text, at) == '\\' && (at == text.size || text.data[at] != '"'))
        return (imgrw_str){0}; /* an escape that is no quote */
    while (at < text.size && is_one_of(text.data[at], "\"'"))
        at++;
    start = at;
    while (at < text.size && is_word_byte(text.data[at]))
        at++;
    end = at;
    at = pass_backslashes(text, at);
    if (at == text.size || is_one_of(text.data[at], " \t\r\n\"',}]"))
        return irw_slice(text, start, end);
    return (imgrw_str){0};
}
