/*
 * Taking a reference apart, left to right, so that an error can name the first
 * character that no reference could have there.
 */
#include "reference/parse.h"
#include "base/error.h"
#include "reference/name.h"
#include "reference/placeholder.h"

#define REPOSITORY_MAX 255 /* bytes, with "library/" where that is implied */
#define TAG_MAX 128

/* What is being parsed; the first failure wins. */
struct parser {
    imgrw_str text;
    size_t at;
    struct imgrw_error *error;
};

/* The length of the character that starts at `offset`. */
static size_t
character_size(imgrw_str text, size_t offset)
{
    size_t end = offset + 1;

    while (end < text.size && ((unsigned char)text.data[end] & 0xC0) == 0x80)
        end++;
    return end - offset;
}

static uint32_t
count_characters(imgrw_str text, size_t end)
{
    uint32_t count = 0;

    for (size_t i = 0; i < end; i++)
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    return count;
}

static struct imgrw_location
locate(const struct parser *parser, size_t offset)
{
    return (struct imgrw_location){
        .offset = offset,
        .line = 1,
        .column = count_characters(parser->text, offset) + 1,
    };
}

/* Fails at byte `offset`: "<what is there> <problem>". */
static enum imgrw_status
fail_at(struct parser *parser, size_t offset, const char *problem)
{
    const struct imgrw_location at = locate(parser, offset);
    imgrw_str text = parser->text;
    unsigned char c = offset < text.size ? (unsigned char)text.data[offset] : 0;

    if (offset >= text.size)
        return irw_fail(parser->error, IMGRW_ERR_REFERENCE, at,
                        "\"%.*s\" ends where %s", IRW_PRINT(text), problem);
    if (c < 0x20 || c == 0x7F)
        return irw_fail(parser->error, IMGRW_ERR_REFERENCE, at,
                        "\"%.*s\": byte 0x%02X where %s", IRW_PRINT(text), c,
                        problem);
    return irw_fail(parser->error, IMGRW_ERR_REFERENCE, at,
                    "\"%.*s\": '%.*s' where %s", IRW_PRINT(text),
                    (int)character_size(text, offset), text.data + offset,
                    problem);
}

static enum imgrw_status
fail_here(struct parser *parser, const char *problem)
{
    return fail_at(parser, parser->at, problem);
}

/* Fails for the text from `offset` on as a whole. */
static enum imgrw_status
fail_whole(struct parser *parser, size_t offset, const char *problem)
{
    return irw_fail(parser->error, IMGRW_ERR_REFERENCE, locate(parser, offset),
                    "\"%.*s\" %s", IRW_PRINT(parser->text), problem);
}

/* The character at the cursor; NUL at the end. */
static char
peek(const struct parser *parser)
{
    imgrw_str text = parser->text;

    return parser->at < text.size ? text.data[parser->at] : '\0';
}

static bool
at_end(const struct parser *parser)
{
    return parser->at == parser->text.size;
}

/* Whether the character at the cursor is one of `chars`; NUL never is. */
static bool
at_any(const struct parser *parser, const char *chars)
{
    return peek(parser) != '\0' && strchr(chars, peek(parser));
}

/* Passes letters, digits and the characters of `others`. */
static void
skip(struct parser *parser, const char *others)
{
    while (irw_is_alnum(peek(parser)) || at_any(parser, others))
        parser->at++;
}

/* One label of a host name: letters, digits and, inside, hyphens. */
static enum imgrw_status
parse_label(struct parser *parser)
{
    if (!irw_is_alnum(peek(parser)))
        return fail_here(parser, "a label of a host name would start");
    skip(parser, "-");
    if (parser->text.data[parser->at - 1] == '-')
        return fail_at(parser, parser->at - 1,
                       "a label of a host name would end");
    return IMGRW_OK;
}

static enum imgrw_status
parse_ipv6(struct parser *parser)
{
    size_t start = ++parser->at;

    while (at_any(parser, "0123456789abcdefABCDEF:"))
        parser->at++;
    if (peek(parser) != ']' || parser->at == start)
        return fail_here(parser, "an IPv6 address would go on");
    parser->at++;
    return IMGRW_OK;
}

static enum imgrw_status
parse_host(struct parser *parser)
{
    enum imgrw_status status;

    if (peek(parser) == '[')
        return parse_ipv6(parser);
    status = parse_label(parser);
    while (status == IMGRW_OK && peek(parser) == '.') {
        parser->at++;
        status = parse_label(parser);
    }
    return status;
}

/* A registry, up to and with the "/" at `slash`. */
static enum imgrw_status
parse_registry(struct parser *parser, size_t slash, imgrw_str *registry)
{
    enum imgrw_status status = parse_host(parser);

    if (status != IMGRW_OK)
        return status;
    if (peek(parser) == ':') {
        parser->at++;
        if (!irw_is_digit(peek(parser)))
            return fail_here(parser, "a port number would start");
        while (irw_is_digit(peek(parser)))
            parser->at++;
    }
    if (parser->at != slash)
        return fail_here(parser, "a registry would go on or end");
    *registry = irw_slice(parser->text, 0, slash);
    parser->at++;
    return IMGRW_OK;
}

static bool
is_component_char(char c)
{
    return irw_is_lower(c) || irw_is_digit(c);
}

/* Passes one separator inside a component: ".", "_", "__" or hyphens. */
static void
skip_separator(struct parser *parser)
{
    const char mark = peek(parser);
    const size_t most = mark == '.' ? 1 : mark == '_' ? 2 : SIZE_MAX;

    for (size_t i = 0; i < most && peek(parser) == mark; i++)
        parser->at++;
}

static enum imgrw_status
parse_component(struct parser *parser)
{
    for (;;) {
        if (irw_is_upper(peek(parser)))
            return fail_here(parser,
                             "a repository has lower-case letters only");
        if (!is_component_char(peek(parser)))
            return fail_here(parser,
                             "a letter or digit of a repository is due");
        while (is_component_char(peek(parser)))
            parser->at++;
        if (!at_any(parser, "._-"))
            return IMGRW_OK;
        skip_separator(parser);
    }
}

static enum imgrw_status
parse_repository(struct parser *parser, imgrw_str *repository)
{
    size_t start = parser->at;
    enum imgrw_status status = parse_component(parser);

    while (status == IMGRW_OK && peek(parser) == '/') {
        parser->at++;
        status = parse_component(parser);
    }
    if (status != IMGRW_OK)
        return status;
    if (irw_is_upper(peek(parser)))
        return fail_here(parser, "a repository has lower-case letters only");
    if (!at_end(parser) && peek(parser) != ':' && peek(parser) != '@')
        return fail_here(parser, "a repository would go on or end");
    *repository = irw_slice(parser->text, start, parser->at);
    return IMGRW_OK;
}

static enum imgrw_status
parse_tag(struct parser *parser, imgrw_str *tag)
{
    size_t start = ++parser->at;

    if (!irw_is_alnum(peek(parser)) && peek(parser) != '_')
        return fail_here(parser, "a tag would start");
    skip(parser, "_.-");
    if (parser->at - start > TAG_MAX)
        return fail_at(parser, start + TAG_MAX,
                       "a tag is over: it has at most 128 characters");
    if (!at_end(parser) && peek(parser) != '@')
        return fail_here(parser, "a tag would go on or end");
    *tag = irw_slice(parser->text, start, parser->at);
    return IMGRW_OK;
}

/* How many hexadecimal digits a digest of `algorithm` has; 0: unknown. */
static size_t
digest_length(imgrw_str algorithm)
{
    static const struct {
        imgrw_str name;
        size_t digits;
    } known[] = {
        {{"sha256", 6}, 64},
        {{"sha384", 6}, 96},
        {{"sha512", 6}, 128},
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (irw_equal(algorithm, known[i].name))
            return known[i].digits;
    return 0;
}

static enum imgrw_status
parse_digest(struct parser *parser, imgrw_str *digest)
{
    size_t start = ++parser->at, first, digits;

    skip(parser, "+._-");
    if (peek(parser) != ':' || parser->at == start)
        return fail_here(parser, "a digest's algorithm and \":\" are due");
    digits = digest_length(irw_slice(parser->text, start, parser->at));
    if (digits == 0)
        return fail_whole(parser, start,
                          "has a digest that is not sha256, sha384 or sha512");
    first = ++parser->at;
    while (irw_is_digit(peek(parser)) ||
           (peek(parser) >= 'a' && peek(parser) <= 'f'))
        parser->at++;
    if (!at_end(parser))
        return fail_here(parser,
                         "a lower-case hexadecimal digit of a digest is due");
    if (parser->at - first != digits)
        return fail_whole(parser, first, "has a digest of the wrong length");
    *digest = irw_slice(parser->text, start, parser->at);
    return IMGRW_OK;
}

/* The registry, if the text names one, and the repository. */
static enum imgrw_status
parse_name(struct parser *parser, struct imgrw_reference *found)
{
    size_t slash = irw_find(parser->text, '/');
    struct parser as_path = *parser;
    enum imgrw_status status;

    if (slash == SIZE_MAX || !irw_is_host(irw_slice(parser->text, 0, slash)))
        return parse_repository(parser, &found->repository);
    status = parse_registry(parser, slash, &found->registry);
    if (status == IMGRW_OK)
        return parse_repository(parser, &found->repository);

    /* `reg_host.io` is not a host name because of its "_", and yet the
     * reference package reads `reg_host.io/x`: as a repository, without a
     * registry. */
    as_path.error = NULL;
    as_path.at = 0;
    if (parse_repository(&as_path, &found->repository) != IMGRW_OK ||
        as_path.at <= slash)
        return status;
    parser->at = as_path.at;
    return IMGRW_OK;
}

/* The length rules of a whole name. */
static enum imgrw_status
check_length(struct parser *parser, const struct imgrw_reference *found)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_reference full = *found;

    if (found->repository.size <= REPOSITORY_MAX)
        irw_reference_normalize(found, buffer.bytes, &full);
    if (full.repository.size > REPOSITORY_MAX)
        return fail_whole(parser, 0,
                          "has a repository of more than 255 characters");
    if (parser->text.size >= IMGRW_REFERENCE_MAX)
        return fail_whole(parser, 0, "is longer than any reference");
    return IMGRW_OK;
}

enum imgrw_status
imgrw_reference_parse(imgrw_str text, struct imgrw_reference *reference,
                      struct imgrw_error *error)
{
    struct imgrw_reference found = {0};
    struct imgrw_error failure; /* the caller's `error` stays on success */
    struct parser parser = {text, 0, &failure};
    enum imgrw_status status;

    if (!reference)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "there is nowhere to put the reference");
    if (!irw_has_bytes(text))
        return irw_fail_null(error, "text");
    if (text.size == 0)
        status = fail_whole(&parser, 0, "is empty");
    else if (irw_is_image_id(text))
        status = fail_whole(&parser, 0, "is an image ID, not a name");
    else
        status = parse_name(&parser, &found);
    if (status == IMGRW_OK)
        status = check_length(&parser, &found);
    if (status == IMGRW_OK && peek(&parser) == ':')
        status = parse_tag(&parser, &found.tag);
    if (status == IMGRW_OK && peek(&parser) == '@')
        status = parse_digest(&parser, &found.digest);
    if (status == IMGRW_OK)
        *reference = found;
    else if (error)
        *error = failure;
    return status;
}

/* A tag or a digest with placeholders in it, which begins after the cursor;
 * `others` are the characters beside letters and digits that it may have. */
static bool
parse_filled_in(struct parser *parser, const char *others, imgrw_str *part)
{
    size_t start = ++parser->at, passed = 0;

    while (!at_end(parser)) {
        size_t size = irw_placeholder_size(parser->text, parser->at);

        if (size == 0 && !irw_is_alnum(peek(parser)) && !at_any(parser, others))
            break;
        parser->at += size > 0 ? size : 1;
        passed += size > 0;
    }
    *part = irw_slice(parser->text, start, parser->at);
    return passed > 0;
}

/* The tag or the digest at the cursor, with placeholders or without. */
static bool
parse_end(struct parser *parser, bool digest, imgrw_str *part)
{
    struct parser as_it_is = *parser;
    enum imgrw_status status = digest ? parse_digest(&as_it_is, part)
                                      : parse_tag(&as_it_is, part);

    if (status == IMGRW_OK &&
        irw_placeholder_size(parser->text, as_it_is.at) == 0) {
        *parser = as_it_is;
        return true;
    }
    if (digest)
        return parse_filled_in(parser, "+._-:", part) && at_end(parser);
    return parse_filled_in(parser, "_.-", part) && !strchr(".-", *part->data) &&
           (at_end(parser) || peek(parser) == '@');
}

/* Reads the name before the first placeholder, and then what is behind it: a
 * name in which there is a placeholder is not known. */
static bool
parse_unfinished(imgrw_str text, struct imgrw_reference *reference)
{
    struct imgrw_reference found = {0};
    size_t first = text.size < IMGRW_REFERENCE_MAX ? irw_placeholder_find(text)
                                                   : SIZE_MAX;
    struct parser parser = {irw_slice(text, 0, first), 0, NULL};

    if (first == SIZE_MAX || parse_name(&parser, &found) != IMGRW_OK ||
        check_length(&parser, &found) != IMGRW_OK || at_end(&parser))
        return false;
    parser.text = text;
    if (peek(&parser) == ':' && !parse_end(&parser, false, &found.tag))
        return false;
    if (peek(&parser) == '@' && !parse_end(&parser, true, &found.digest))
        return false;
    *reference = found;
    return at_end(&parser);
}

enum imgrw_status
irw_reference_read(imgrw_str text, struct imgrw_reference *reference,
                   bool *filled_in, struct imgrw_error *error)
{
    struct imgrw_error failure;
    enum imgrw_status status =
        imgrw_reference_parse(text, reference, error ? &failure : NULL);

    *filled_in = status == IMGRW_ERR_REFERENCE && text.size > 0 &&
                 parse_unfinished(text, reference);
    if (*filled_in)
        return IMGRW_OK;
    if (status != IMGRW_OK && error)
        *error = failure;
    return status;
}
