/*
 * Challenges, by the grammar of RFC 7235, and as registries write them: the
 * lines of Docker Hub, ghcr.io, quay.io, ECR and of nginx are from their own
 * answers.
 */
#include "registry/challenge.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

enum { NONE = 0, BEARER = 1, BASIC = 2, OTHER = 4, BROKEN = 8, MALFORMED = 16 };

static const struct row {
    const char *name, *line;
    unsigned what;
    const char *realm, *service;
} rows[] = {
    {"nothing", "", NONE, "", ""},
    {"commas", " , ,\t,", NONE, "", ""},
    {"Docker Hub",
     "Bearer realm=\"https://auth.docker.io/token\","
     "service=\"registry.docker.io\",scope=\"repository:a/b:pull\"",
     BEARER, "https://auth.docker.io/token", "registry.docker.io"},
    {"ghcr.io",
     "Bearer realm=\"https://ghcr.io/token\",service=\"ghcr.io\","
     "scope=\"repository:user/image:pull\"",
     BEARER, "https://ghcr.io/token", "ghcr.io"},
    {"quay.io, without a scope",
     "Bearer realm=\"https://quay.io/v2/auth\",service=\"quay.io\"", BEARER,
     "https://quay.io/v2/auth", "quay.io"},
    {"ECR",
     "Basic realm=\"https://499999999999.dkr.ecr.us-east-2.amazonaws.com/\","
     "service=\"ecr.amazonaws.com\"",
     BASIC, "", ""},
    {"htpasswd", "Basic realm=\"imgrewrite-basic\"", BASIC, "", ""},
    {"error of a token",
     "Bearer realm=\"http://t/\",service=\"s\",error=\"insufficient_scope\"",
     BEARER, "http://t/", "s"},
    {"two in a line", "Basic realm=\"x\", Bearer realm=\"r\",service=\"s\"",
     BEARER | BASIC, "r", "s"},
    {"two in a line, the other way round",
     "Bearer realm=\"r\",service=\"s\", Basic realm=\"x\"", BEARER | BASIC, "r",
     "s"},
    {"service of Basic is not that of Bearer",
     "Basic realm=\"x\",service=\"y\",Bearer realm=\"r\"", BEARER | BASIC, "r",
     ""},
    {"Negotiate alone", "Negotiate", OTHER, "", ""},
    {"Negotiate with a token", "Negotiate YII=, NTLM", OTHER, "", ""},
    {"Negotiate with a longer token", "Negotiate a/b+c==, Bearer realm=r",
     OTHER | BEARER, "r", ""},
    {"token that looks like a parameter", "Negotiate abc=, Bearer realm=r",
     OTHER | BEARER, "r", ""},
    {"three", "NTLM, Basic realm=x, Bearer realm=r", OTHER | BASIC | BEARER,
     "r", ""},
    {"case", "bEARER REALM=\"r\",Service=\"s\"", BEARER, "r", "s"},
    {"tokens as values", "Bearer realm=r,service=s", BEARER, "r", "s"},
    {"blanks around =", "Bearer realm = \"r\" , service\t=\ts", BEARER, "r",
     "s"},
    {"empty item first", "Bearer ,realm=r", BEARER, "r", ""},
    {"empty items between", "Bearer realm=r,, ,service=s,", BEARER, "r", "s"},
    {"comma in quotes", "Bearer realm=\"a,Basic realm=b\",service=s", BEARER,
     "a,Basic realm=b", "s"},
    {"escapes", "Bearer realm=\"a\\\"b\\\\c\\d\"", BEARER, "a\"b\\cd", ""},
    {"empty realm", "Bearer realm=\"\",service=\"s\"", BEARER, "", "s"},
    {"no realm", "Bearer service=\"s\"", BEARER, "", "s"},
    {"Bearer alone", "Bearer", BEARER, "", ""},
    {"Bearer and a comma", "Bearer,", BEARER, "", ""},
    {"first of two Bearers", "Bearer realm=a,service=b, Bearer realm=c", BEARER,
     "a", "b"},
    {"realm twice", "Bearer realm=a,realm=b", MALFORMED | BROKEN, "", ""},
    {"service twice", "Bearer service=a,realm=r,service=b", MALFORMED | BROKEN,
     "", ""},
    {"another parameter twice", "Bearer realm=a,x=b,x=c", BEARER, "a", ""},
    {"quotes without an end", "Bearer realm=\"a", MALFORMED | BROKEN, "", ""},
    {"backslash at the end", "Bearer realm=\"a\\", MALFORMED | BROKEN, "", ""},
    {"text after quotes", "Bearer realm=\"a\"b", MALFORMED | BROKEN, "", ""},
    {"control in quotes", "Bearer realm=\"a\x01\"", MALFORMED | BROKEN, "", ""},
    {"escaped control", "Bearer realm=\"a\\\x01\"", MALFORMED | BROKEN, "", ""},
    {"delete in quotes", "Bearer realm=\"a\x7F\"", MALFORMED | BROKEN, "", ""},
    {"tab in quotes", "Bearer realm=\"a\tb\"", BEARER, "a\tb", ""},
    {"bytes beyond ASCII", "Bearer realm=\"\xC3\xA9\"", BEARER, "\xC3\xA9", ""},
    {"unquoted URL", "Bearer realm=http://t/", MALFORMED | BROKEN, "", ""},
    {"two words", "Basic realm=Registry Realm", BASIC | MALFORMED, "", ""},
    {"quotes alone", "\"x\"", MALFORMED, "", ""},
    {"parameter without a scheme", "realm=\"x\"", OTHER | MALFORMED, "", ""},
    {"Bearer after what cannot be read", "X a b, Bearer realm=r",
     OTHER | MALFORMED, "", ""},
    {"Bearer before what cannot be read", "Bearer realm=r, X a b",
     BEARER | OTHER | MALFORMED, "r", ""},
    {"semicolon", "Bearer realm=r; service=s", MALFORMED | BROKEN, "", ""},
    {"like Bearer", "Bearers realm=r", OTHER, "", ""},
};

static unsigned
describe(const struct irw_challenges *challenges)
{
    return (challenges->bearer ? BEARER : 0u) |
           (challenges->basic ? BASIC : 0u) |
           (challenges->other ? OTHER : 0u) |
           (challenges->bearer_is_broken ? BROKEN : 0u) |
           (challenges->malformed ? MALFORMED : 0u);
}

/* The line is on the heap without a NUL, so that reading on is noticed. */
static char *
copy_line(const char *text, size_t *size)
{
    char *line;

    *size = strlen(text);
    line = malloc(*size + (*size == 0));
    assert_non_null(line);
    memcpy(line, text, *size);
    return line;
}

static void
test_lines(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct irw_challenges challenges = {0};
        size_t size;
        char *line = copy_line(rows[i].line, &size);

        support_row(&tally, "%s", rows[i].name);
        irw_challenges_add(&challenges, line, size);
        support_check(&tally, describe(&challenges) == rows[i].what,
                      "the challenges are %u", describe(&challenges));
        support_check_str(&tally, "realm", challenges.realm,
                          support_str(rows[i].realm));
        support_check_str(&tally, "service", challenges.service,
                          support_str(rows[i].service));
        free(line);
    }
    support_finish(&tally);
}

/* Challenges of several lines are one set, whatever their order. */
static void
test_several_lines(void **state)
{
    char lines[][24] = {"Negotiate", "Bearer realm=\"r\"", "X \"", "Basic"};
    struct irw_challenges forth = {0}, back = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(lines); i++)
        irw_challenges_add(&forth, lines[i], strlen(lines[i]));
    assert_int_equal(describe(&forth), BEARER | BASIC | OTHER | MALFORMED);
    assert_true(support_equal(forth.realm, support_str("r")));
    strcpy(lines[1], "Bearer realm=\"r\"");
    for (size_t i = SUPPORT_COUNT(lines); i-- > 0;)
        irw_challenges_add(&back, lines[i], strlen(lines[i]));
    assert_int_equal(describe(&back), describe(&forth));
    assert_true(support_equal(back.realm, support_str("r")));
}

/* The longest line that is read, and one that is longer by a byte. */
static void
test_long_lines(void **state)
{
    static const char start[] = "Bearer realm=";
    size_t size = IRW_CHALLENGE_MAX + 1;
    char *line = malloc(size);
    struct irw_challenges fits = {0}, too_long = {0};

    (void)state;
    assert_non_null(line);
    memset(line, 'a', size);
    memcpy(line, start, sizeof(start) - 1);
    irw_challenges_add(&fits, line, size - 1);
    assert_int_equal(describe(&fits), BEARER);
    assert_int_equal(fits.realm.size, size - sizeof(start));
    irw_challenges_add(&too_long, line, size);
    assert_int_equal(describe(&too_long), MALFORMED);
    free(line);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_several_lines),
        cmocka_unit_test(test_long_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
