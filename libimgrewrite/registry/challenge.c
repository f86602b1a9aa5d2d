#include "registry/challenge.h"
#include "base/str.h"

#include <string.h>

/* Where the parser is. */
struct cursor {
    char *at, *end;
};

/* A challenge that is being read. */
struct challenge {
    imgrw_str scheme, realm, service;
    bool has_realm, has_service;
};

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Whether the byte may be in a token (RFC 7230). */
static bool
is_token_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c));
}

/* The next byte; '\0' at the end, and for a NUL, which is allowed nowhere. */
static char
peek(const struct cursor *cursor)
{
    return (char)(cursor->at < cursor->end ? *cursor->at : '\0');
}

static void
skip_blanks(struct cursor *cursor)
{
    while (is_blank(peek(cursor)))
        cursor->at++;
}

/* Skips what separates the items of a list; some of these may be empty. */
static void
skip_commas(struct cursor *cursor)
{
    while (is_blank(peek(cursor)) || peek(cursor) == ',')
        cursor->at++;
}

/* Takes a token; an empty one where there is none. */
static imgrw_str
take_token(struct cursor *cursor)
{
    char *start = cursor->at;

    while (is_token_byte(peek(cursor)))
        cursor->at++;
    return (imgrw_str){start, (size_t)(cursor->at - start)};
}

/* Whether a quoted string may hold the byte: anything printable, and bytes
 * beyond ASCII. */
static bool
is_quotable(char c)
{
    return c == '\t' || ((unsigned char)c >= 0x20 && c != 0x7F);
}

/* Takes a quoted string, without its quotes and backslashes; false where it
 * does not end. */
static bool
take_quoted(struct cursor *cursor, imgrw_str *value)
{
    char *start = ++cursor->at, *to = start;

    while (cursor->at < cursor->end && *cursor->at != '"') {
        if (*cursor->at == '\\' && ++cursor->at == cursor->end)
            return false;
        if (!is_quotable(*cursor->at))
            return false;
        *to++ = *cursor->at++;
    }
    *value = (imgrw_str){start, (size_t)(to - start)};
    if (cursor->at == cursor->end)
        return false;
    cursor->at++;
    return true;
}

/* Whether an item of a list ends here. */
static bool
at_item_end(const struct cursor *cursor)
{
    struct cursor ahead = *cursor;

    skip_blanks(&ahead);
    return ahead.at == ahead.end || *ahead.at == ',';
}

/* Whether `name=`, with blanks around the "=" or not, comes next. */
static bool
at_parameter(const struct cursor *cursor)
{
    struct cursor ahead = *cursor;

    if (take_token(&ahead).size == 0)
        return false;
    skip_blanks(&ahead);
    return peek(&ahead) == '=';
}

/* Skips a token68, as Negotiate has it: letters, digits and a few more, with
 * "=" at the end only. Where there is none, the cursor stays. */
static bool
skip_token68(struct cursor *cursor)
{
    struct cursor ahead = *cursor;

    while (is_token_byte(peek(&ahead)) || peek(&ahead) == '/')
        ahead.at++;
    while (peek(&ahead) == '=')
        ahead.at++;
    if (ahead.at == cursor->at || !at_item_end(&ahead))
        return false;
    *cursor = ahead;
    return true;
}

/* Sets a value that may be there once only. */
static bool
set_once(imgrw_str *to, bool *is_there, imgrw_str value)
{
    if (*is_there)
        return false;
    *is_there = true;
    *to = value;
    return true;
}

static bool
take_parameter(struct cursor *cursor, struct challenge *challenge)
{
    imgrw_str name = take_token(cursor), value;

    skip_blanks(cursor);
    cursor->at++; /* the "=", which at_parameter has seen */
    skip_blanks(cursor);
    if (peek(cursor) != '"')
        value = take_token(cursor);
    else if (!take_quoted(cursor, &value))
        return false;
    if (!at_item_end(cursor))
        return false;
    if (irw_equal_nocase(name, IMGRW_STR("realm")))
        return set_once(&challenge->realm, &challenge->has_realm, value);
    if (irw_equal_nocase(name, IMGRW_STR("service")))
        return set_once(&challenge->service, &challenge->has_service, value);
    return true;
}

/* Takes what follows a scheme, up to the next one. The first items of its list
 * may be empty. */
static bool
take_parameters(struct cursor *cursor, struct challenge *challenge)
{
    bool is_empty = at_item_end(cursor);

    if (!is_empty && !is_blank(peek(cursor)))
        return false;
    skip_commas(cursor);
    if (!is_empty && skip_token68(cursor))
        return true;
    if (!at_parameter(cursor))
        return is_empty;
    while (at_parameter(cursor)) {
        if (!take_parameter(cursor, challenge))
            return false;
        skip_commas(cursor);
    }
    return true;
}

/* Takes note of a challenge, which is whole or not. */
static void
note_challenge(struct irw_challenges *challenges,
               const struct challenge *challenge, bool whole)
{
    bool bearer = irw_equal_nocase(challenge->scheme,
                                   IMGRW_STR("Bearer"));
    bool basic = irw_equal_nocase(challenge->scheme, IMGRW_STR("Basic"));

    challenges->malformed |= !whole;
    challenges->bearer_is_broken |= bearer && !whole;
    challenges->basic |= basic;
    challenges->other |= !basic && !bearer && challenge->scheme.size > 0;
    if (!bearer || !whole || challenges->bearer)
        return;
    challenges->bearer = true;
    challenges->realm = challenge->realm;
    challenges->service = challenge->service;
}

void
irw_challenges_add(struct irw_challenges *challenges, char *line, size_t size)
{
    struct cursor cursor = {line, line + size};
    bool whole = size <= IRW_CHALLENGE_MAX;

    challenges->malformed |= !whole;
    for (skip_commas(&cursor); whole && cursor.at < cursor.end;
         skip_commas(&cursor)) {
        struct challenge challenge = {.scheme = take_token(&cursor)};

        whole = challenge.scheme.size > 0 &&
                take_parameters(&cursor, &challenge);
        note_challenge(challenges, &challenge, whole);
    }
}
