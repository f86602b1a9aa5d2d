/*
 * kustomize compiles names with Go's regexp; here they are translated for
 * regcomp, as far as both mean the same.
 */
#include "kustomize/name_pattern.h"
#include "base/error.h"
#include "base/str.h"
#include "base/text.h"
#include "rules/kustomize.h"

#include <stdlib.h>

/* Longer ones, and larger counts, would let a few bytes take gigabytes. */
#define LONGEST       512
#define LARGEST_COUNT 20

#define TAIL "(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$"

/* A name that is being translated. */
struct translation {
    imgrw_str from;
    size_t at;
    struct irw_text to;
    bool strange, nocase, counted;
};

/* Whether what comes next is `text`, which is then passed. */
static bool
pass(struct translation *made, const char *text)
{
    imgrw_str rest = irw_slice(made->from, made->at, made->from.size);

    if (!irw_starts_with(rest, irw_str(text)))
        return false;
    made->at += strlen(text);
    return true;
}

/* The class of characters that a letter after a backslash stands for, to be
 * written in brackets; NULL: it stands for none. */
static const char *
class_of(char letter)
{
    return letter == 'd'   ? "0-9"
           : letter == 'w' ? "a-zA-Z0-9_"
           : letter == 's' ? " \t\n\f\r"
                           : NULL;
}

/* What a backslash begins. */
static void
translate_escape(struct translation *made, bool in_brackets)
{
    char letter = made->at < made->from.size ? made->from.data[made->at] : 'z';
    const char *class = class_of(letter);

    made->at++;
    if (class)
        irw_text_printf(&made->to, in_brackets ? "%s" : "[%s]", class);
    else if (irw_is_alnum(letter) || (in_brackets && strchr("]^-\\", letter)))
        made->strange = true;
    else
        irw_text_printf(&made->to, in_brackets ? "%c" : "\\%c", letter);
}

/* A bracket expression, behind its opening bracket. */
static void
translate_brackets(struct translation *made)
{
    irw_text_add(&made->to, IRW_STR("["));
    if (pass(made, "^"))
        irw_text_add(&made->to, IRW_STR("^"));
    if (pass(made, "]"))
        irw_text_add(&made->to, IRW_STR("]"));
    while (made->at < made->from.size && made->from.data[made->at] != ']') {
        char c = made->from.data[made->at++];

        made->strange |= c == '[';
        if (c == '\\')
            translate_escape(made, true);
        else
            irw_text_add(&made->to, (imgrw_str){&c, 1});
    }
    made->strange |= !pass(made, "]");
    irw_text_add(&made->to, IRW_STR("]"));
}

/* A brace, which is a count or means itself. */
static void
translate_brace(struct translation *made)
{
    size_t end = made->at, number = 0;

    while (end < made->from.size && irw_is_digit(made->from.data[end]) &&
           number <= LARGEST_COUNT)
        number = number * 10 + (size_t)(made->from.data[end++] - '0');
    if (end == made->at) {
        irw_text_add(&made->to, IRW_STR("\\{"));
        return;
    }
    made->strange |= number > LARGEST_COUNT || made->counted ||
                     end == made->from.size || made->from.data[end] != '}';
    made->counted = true;
    irw_text_printf(&made->to, "{%zu}", number);
    made->at = end + 1;
}

/* What repeats: whether it does as rarely as possible changes nothing, for only
 * whether there is a match counts. At the start it repeats nothing. */
static void
translate_repetition(struct translation *made, char c)
{
    if (made->at == 1)
        irw_text_add(&made->to, IRW_STR("()"));
    irw_text_add(&made->to, (imgrw_str){&c, 1});
    pass(made, "?");
    if (made->at < made->from.size && strchr("*+?", made->from.data[made->at]))
        made->strange = true; /* kustomize crashes */
}

static void
translate_next(struct translation *made)
{
    char c = made->from.data[made->at++];

    if (c == '\\')
        translate_escape(made, false);
    else if (c == '[')
        translate_brackets(made);
    else if (c == '{')
        translate_brace(made);
    else if (strchr("*+?", c))
        translate_repetition(made, c);
    else if (c == '(' && pass(made, "?:"))
        irw_text_add(&made->to, IRW_STR("("));
    else if (c == '(' && made->at == 1 && pass(made, "?i)"))
        made->nocase = true;
    else if (c == '(' && pass(made, "?"))
        made->strange = true;
    else if (c == '}')
        irw_text_add(&made->to, IRW_STR("\\}"));
    else
        irw_text_add(&made->to, (imgrw_str){&c, 1});
}

/* Compiles the translation; what that refuses is strange. */
static enum imgrw_status
compile(const struct translation *made, struct irw_name_pattern *pattern,
        struct imgrw_error *error)
{
    int flags = REG_EXTENDED | REG_NOSUB | (made->nocase ? REG_ICASE : 0);
    int failure;

    pattern->expression = malloc(sizeof(*pattern->expression));
    if (!pattern->expression)
        return irw_fail_memory(error);
    failure = regcomp(pattern->expression, made->to.data, flags);
    if (failure) {
        free(pattern->expression);
        pattern->expression = NULL;
    }
    if (failure == REG_ESPACE)
        return irw_fail_memory(error);
    pattern->kind = failure ? IRW_NAME_STRANGE : IRW_NAME_PATTERN;
    return IMGRW_OK;
}

/* Whether all of its characters mean just themselves, or are dots. */
static bool
is_plain(imgrw_str text)
{
    for (size_t i = 0; i < text.size; i++)
        if (strchr("*+?()|[]{}^$\\", text.data[i]))
            return false;
    return true;
}

enum imgrw_status
irw_name_pattern_read(imgrw_str text, struct irw_name_pattern *pattern,
                      struct imgrw_error *error)
{
    struct translation made = {.from = text};
    enum imgrw_status status = IMGRW_OK;

    *pattern = (struct irw_name_pattern){.text = text};
    if (is_plain(text))
        return IMGRW_OK;
    pattern->kind = IRW_NAME_STRANGE;
    if (text.size > LONGEST)
        return IMGRW_OK;
    irw_text_add(&made.to, IRW_STR("^"));
    while (made.at < text.size && !made.strange)
        translate_next(&made);
    irw_text_add(&made.to, IRW_STR(TAIL));
    irw_text_add(&made.to, (imgrw_str){"", 1});
    if (made.to.failed)
        status = irw_fail_memory(error);
    else if (!made.strange)
        status = compile(&made, pattern, error);
    irw_text_clear(&made.to);
    return status;
}

void
irw_name_pattern_clear(struct irw_name_pattern *pattern)
{
    if (pattern->expression)
        regfree(pattern->expression);
    free(pattern->expression);
    pattern->expression = NULL;
}

/* The bytes of the name that mean just one character, without those that are
 * repeated: `*whole` says whether these are all. */
static size_t
plain_size(imgrw_str text, bool *whole)
{
    size_t size = 0, last = 0;

    *whole = false;
    while (size < text.size && !strchr("*+?()|[]{}^$", text.data[size])) {
        bool escaped = text.data[size] == '\\';

        if (escaped && (size + 1 == text.size ||
                        irw_is_alnum(text.data[size + 1])))
            return size;
        last = size;
        size += escaped ? 2 : 1;
    }
    *whole = size == text.size;
    return !*whole && strchr("*+?{", text.data[size]) ? last : size;
}

bool
irw_name_is_many(const struct irw_name_pattern *pattern)
{
    bool whole;

    plain_size(pattern->text, &whole);
    return !whole;
}

imgrw_str
irw_name_pattern_start(const struct irw_name_pattern *pattern,
                       struct irw_arena *arena, bool *whole)
{
    imgrw_str text = pattern->text;
    size_t size = plain_size(text, whole), used = 0;
    char *made = irw_arena_alloc(arena, size + 1);

    if (irw_find(text, '|') != SIZE_MAX)
        size = 0;
    for (size_t i = 0; made && i < size; i++)
        if (text.data[i] != '\\' || (i > 0 && text.data[i - 1] == '\\'))
            made[used++] = text.data[i];
    return (imgrw_str){made, used};
}

enum imgrw_status
irw_name_pattern_match(const struct irw_name_pattern *pattern, imgrw_str image,
                       bool *matches, struct imgrw_error *error)
{
    char text[1024];
    int result;

    *matches = pattern->kind == IRW_NAME_PLAIN &&
               irw_kustomize_match(pattern->text, image);
    if (pattern->kind != IRW_NAME_PATTERN || image.size >= sizeof(text))
        return IMGRW_OK;
    memcpy(text, image.data, image.size);
    text[image.size] = '\0';
    result = regexec(pattern->expression, text, 0, NULL, 0);
    *matches = result == 0;
    return result == REG_ESPACE ? irw_fail_memory(error) : IMGRW_OK;
}
