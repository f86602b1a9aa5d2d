#include "json.h"
#include "fuzz.h"

#include <string.h>

#define DEPTH_MAX 16

struct json {
    const char *start, *at, *end;
};

static void read_value(struct json *json, int depth);

static void
claim(const struct json *json, bool holds, const char *what)
{
    fuzz_claim(holds, "no JSON, for %s is missing at byte %td", what,
               json->at - json->start);
}

static char
peek(const struct json *json)
{
    return json->at < json->end ? *json->at : '\0';
}

static void
skip_blanks(struct json *json)
{
    while (peek(json) != '\0' && strchr(" \t\r\n", peek(json)))
        json->at++;
}

/* Passes `text` if it is next. */
static bool
accept(struct json *json, const char *text)
{
    size_t size = strlen(text);

    if ((size_t)(json->end - json->at) < size ||
        memcmp(json->at, text, size) != 0)
        return false;
    json->at += size;
    skip_blanks(json);
    return true;
}

static void
read_escape(struct json *json)
{
    char c = peek(json);

    claim(json, c != '\0' && strchr("\"\\/bfnrtu", c), "an escape");
    json->at++;
    for (int i = 0; i < 4 && c == 'u'; i++) {
        claim(json, peek(json) != '\0' &&
                        strchr("0123456789abcdefABCDEF", peek(json)),
              "a hexadecimal digit");
        json->at++;
    }
}

/* A character of several bytes, with the overlong ones and the surrogates
 * refused by the range of the second byte. */
static void
read_wide(struct json *json)
{
    unsigned char first = (unsigned char)peek(json), low = 0x80, high = 0xBF;
    int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;

    claim(json, first >= 0xC2 && first <= 0xF4, "the start of a character");
    if (first == 0xE0)
        low = 0xA0;
    else if (first == 0xED)
        high = 0x9F;
    else if (first == 0xF0)
        low = 0x90;
    else if (first == 0xF4)
        high = 0x8F;
    for (json->at++; more > 0; more--, json->at++) {
        unsigned char c = (unsigned char)peek(json);

        claim(json, c >= low && c <= high, "the rest of a character");
        low = 0x80;
        high = 0xBF;
    }
}

static void
read_string(struct json *json)
{
    claim(json, peek(json) == '"', "a string");
    json->at++;
    while (peek(json) != '"') {
        unsigned char c = (unsigned char)peek(json);

        claim(json, c >= 0x20, "the end of a string");
        if (c >= 0x80) {
            read_wide(json);
            continue;
        }
        json->at++;
        if (c == '\\')
            read_escape(json);
    }
    json->at++;
    skip_blanks(json);
}

static void
read_object(struct json *json, int depth)
{
    if (accept(json, "}"))
        return;
    do {
        read_string(json);
        claim(json, accept(json, ":"), "\":\"");
        read_value(json, depth + 1);
    } while (accept(json, ","));
    claim(json, accept(json, "}"), "\"}\"");
}

static void
read_array(struct json *json, int depth)
{
    if (accept(json, "]"))
        return;
    do
        read_value(json, depth + 1);
    while (accept(json, ","));
    claim(json, accept(json, "]"), "\"]\"");
}

/* The reports count; fractions and exponents would be errors in them. */
static void
read_number(struct json *json)
{
    const char *start = json->at;

    while (peek(json) >= '0' && peek(json) <= '9')
        json->at++;
    claim(json, json->at > start && (*start != '0' || json->at == start + 1),
          "a value");
    skip_blanks(json);
}

static void
read_value(struct json *json, int depth)
{
    claim(json, depth < DEPTH_MAX, "an end of the depth");
    if (accept(json, "{"))
        read_object(json, depth);
    else if (accept(json, "["))
        read_array(json, depth);
    else if (peek(json) == '"')
        read_string(json);
    else if (!accept(json, "null"))
        read_number(json);
}

void
fuzz_claim_json(imgrw_str text)
{
    struct json json = {text.data, text.data, text.data + text.size};

    skip_blanks(&json);
    read_value(&json, 0);
    claim(&json, json.at == json.end, "the end");
}
