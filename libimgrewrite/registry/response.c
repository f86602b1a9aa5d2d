#include "registry/response.h"
#include "base/str.h"

#include <curl/curl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* No more of these lines is kept. */
#define LINES_MAX 32

static const imgrw_str names[IRW_HEADERS] = {
    [IRW_HEADER_CONTENT_TYPE] = IMGRW_STR_INIT("content-type"),
    [IRW_HEADER_CONTENT_ENCODING] = IMGRW_STR_INIT("content-encoding"),
    [IRW_HEADER_DIGEST] = IMGRW_STR_INIT("docker-content-digest"),
    [IRW_HEADER_LOCATION] = IMGRW_STR_INIT("location"),
    [IRW_HEADER_RETRY_AFTER] = IMGRW_STR_INIT("retry-after"),
    [IRW_HEADER_DATE] = IMGRW_STR_INIT("date"),
    [IRW_HEADER_REMAINING] = IMGRW_STR_INIT("ratelimit-remaining"),
};

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static imgrw_str
trim(imgrw_str text)
{
    while (text.size > 0 && is_space(text.data[text.size - 1]))
        text.size--;
    while (text.size > 0 && is_space(*text.data)) {
        text.data++;
        text.size--;
    }
    return text;
}

/* Forgets the head. */
static void
clear_head(struct irw_response *response)
{
    for (int i = 0; i < IRW_HEADERS; i++)
        irw_bytes_clear(&response->headers[i]);
    for (size_t i = 0; i < response->line_count; i++)
        irw_bytes_clear(&response->lines[i]);
    free(response->lines);
    response->lines = NULL;
    response->line_count = 0;
    response->challenges = (struct irw_challenges){0};
}

/* Keeps a line of WWW-Authenticate. What is too long is not kept, but noted. */
static void
keep_line(struct irw_response *response, imgrw_str value)
{
    struct irw_bytes *lines = response->lines;

    if (response->line_count == LINES_MAX || value.size > IRW_CHALLENGE_MAX) {
        response->challenges.malformed = true;
        return;
    }
    lines = realloc(lines, (response->line_count + 1) * sizeof(*lines));
    if (!lines) {
        response->failed = true;
        return;
    }
    response->lines = lines;
    lines += response->line_count++;
    *lines = (struct irw_bytes){0};
    irw_bytes_add(lines, value);
    response->failed |= lines->failed;
}

/* Keeps the value of a header that should be there once: the first one. */
static void
keep_header(struct irw_response *response, imgrw_str name, imgrw_str value)
{
    for (int i = 0; i < IRW_HEADERS; i++) {
        struct irw_bytes *kept = &response->headers[i];

        if (kept->data || !irw_equal_nocase(name, names[i]))
            continue;
        irw_bytes_add(kept, value);
        response->failed |= kept->failed;
    }
}

void
irw_response_add_line(struct irw_response *response, imgrw_str line)
{
    const char *colon;
    imgrw_str name, value;

    if (line.size > 5 && memcmp(line.data, "HTTP/", 5) == 0) {
        clear_head(response);
        return;
    }
    colon = line.size > 0 ? memchr(line.data, ':', line.size) : NULL;
    if (!colon)
        return;
    name = (imgrw_str){line.data, (size_t)(colon - line.data)};
    value = trim((imgrw_str){colon + 1, line.size - name.size - 1});
    if (irw_equal_nocase(name, IMGRW_STR("www-authenticate")))
        keep_line(response, value);
    else
        keep_header(response, name, value);
}

void
irw_response_finish(struct irw_response *response)
{
    for (size_t i = 0; i < response->line_count && !response->failed; i++)
        irw_challenges_add(&response->challenges, response->lines[i].data,
                           response->lines[i].size);
    if (response->failed)
        response->ending = IRW_ENDING_MEMORY;
}

imgrw_str
irw_response_header(const struct irw_response *response, enum irw_header header)
{
    const struct irw_bytes *kept = &response->headers[header];

    return (imgrw_str){kept->data, kept->size};
}

/* Reads a number of digits, which `end` may follow; -1 where there is none. */
static long
read_number(imgrw_str text, char end)
{
    long number = 0;
    size_t i = 0;

    for (; i < text.size && text.data[i] != end; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' ||
            number > LONG_MAX / 10000)
            return -1;
        number = number * 10 + (text.data[i] - '0');
    }
    return i > 0 ? number : -1;
}

long
irw_response_retry_after(const struct irw_response *response)
{
    const struct irw_bytes *after = &response->headers[IRW_HEADER_RETRY_AFTER];
    const struct irw_bytes *date = &response->headers[IRW_HEADER_DATE];
    long seconds = read_number((imgrw_str){after->data, after->size}, ' ');
    time_t then, now;

    if (seconds < 0 && after->data && date->data) {
        then = curl_getdate(after->data, NULL);
        now = curl_getdate(date->data, NULL);
        if (then != -1 && now != -1)
            seconds = then > now ? (long)(then - now) : 0;
    }
    return seconds < 0 || seconds > LONG_MAX / 1000 ? -1 : seconds * 1000;
}

long
irw_response_remaining(const struct irw_response *response)
{
    return read_number(irw_response_header(response, IRW_HEADER_REMAINING),
                       ';');
}

void
irw_response_clear(struct irw_response *response)
{
    clear_head(response);
    irw_bytes_wipe(&response->body);
    *response = (struct irw_response){0};
}
