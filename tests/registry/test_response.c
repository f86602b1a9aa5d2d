/*
 * Heads of responses, and what they say of waiting and of limits. The dates are
 * in the three formats of RFC 7231.
 */
#include "answer.h"
#include "support.h"

#include <string.h>

static const struct {
    const char *name, *value;
    long wait; /* milliseconds */
} retries[] = {
    {"seconds", "Retry-After: 3\n", 3000},
    {"none", "Retry-After: 0\n", 0},
    {"an hour", "Retry-After: 3600\n", 3600000},
    {"no header", "X: y\n", -1},
    {"empty", "Retry-After:\n", -1},
    {"negative", "Retry-After: -1\n", -1},
    {"word", "Retry-After: soon\n", -1},
    {"fraction", "Retry-After: 1.5\n", -1},
    {"too large", "Retry-After: 99999999999999999999\n", -1},
    {"date",
     "Date: Sun, 06 Nov 1994 08:49:37 GMT\n"
     "Retry-After: Sun, 06 Nov 1994 08:49:40 GMT\n",
     3000},
    {"date that has passed",
     "Date: Sun, 06 Nov 1994 08:49:37 GMT\n"
     "Retry-After: Sun, 06 Nov 1994 08:00:00 GMT\n",
     0},
    {"date of RFC 850",
     "Date: Sunday, 06-Nov-94 08:49:37 GMT\n"
     "Retry-After: Sunday, 06-Nov-94 08:50:37 GMT\n",
     60000},
    {"date of asctime",
     "Date: Sun Nov  6 08:49:37 1994\nRetry-After: Sun Nov  6 08:49:38 1994\n",
     1000},
    {"date without a Date", "Retry-After: Sun, 06 Nov 1994 08:49:40 GMT\n", -1},
    {"date and a wrong Date",
     "Date: today\nRetry-After: Sun, 06 Nov 1994 08:49:40 GMT\n", -1},
};

static void
test_retry_after(void **state)
{
    struct support_tally tally = {0};
    char text[300];

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(retries); i++) {
        struct irw_response response;

        support_row(&tally, "%s", retries[i].name);
        strcat(strcpy(text, "HTTP/1.1 429\n"), retries[i].value);
        make_response(text, &response);
        support_check(&tally,
                      irw_response_retry_after(&response) == retries[i].wait,
                      "to wait are %ld",
                      irw_response_retry_after(&response));
        irw_response_clear(&response);
    }
    support_finish(&tally);
}

static const struct {
    const char *value;
    long remaining;
} limits[] = {
    {"76;w=21600", 76}, {"0;w=21600", 0}, {"5", 5}, {"", -1},
    {";w=1", -1},       {"-1", -1},       {"x", -1},
};

static void
test_remaining(void **state)
{
    struct support_tally tally = {0};
    char text[100];

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(limits); i++) {
        struct irw_response response;

        support_row(&tally, "\"%s\"", limits[i].value);
        strcat(strcat(strcpy(text, "HTTP/1.1 200\nRateLimit-Remaining: "),
                      limits[i].value), "\n");
        make_response(text, &response);
        support_check(&tally,
                      irw_response_remaining(&response) ==
                          limits[i].remaining,
                      "%ld remain", irw_response_remaining(&response));
        irw_response_clear(&response);
    }
    support_finish(&tally);
}

/* The head that counts is the last one, its first value of each header, without
 * regard to case or to blanks around. */
static void
test_heads(void **state)
{
    struct irw_response response;

    (void)state;
    make_response("HTTP/1.1 401\nLocation: /old\n"
                  "WWW-Authenticate: Basic realm=\"x\"\n"
                  "HTTP/1.1 200\nLOCATION : /odd\nno header\n: nameless\n"
                  "CONTENT-type: \t a/b \r\nContent-Type: c/d\n"
                  "docker-content-digest:sha256:0\n",
                  &response);
    assert_true(support_equal(irw_response_header(&response,
                                                  IRW_HEADER_CONTENT_TYPE),
                              support_str("a/b")));
    assert_true(support_equal(irw_response_header(&response,
                                                  IRW_HEADER_DIGEST),
                              support_str("sha256:0")));
    assert_int_equal(irw_response_header(&response, IRW_HEADER_LOCATION).size,
                     0);
    assert_false(response.challenges.basic);
    irw_response_clear(&response);
}

/* Challenges of too many or too long lines are not silently less. */
static void
test_challenge_lines(void **state)
{
    static char line[IRW_CHALLENGE_MAX + 100];
    struct irw_response response = {0};

    (void)state;
    for (int i = 0; i < 40; i++)
        irw_response_add_line(&response,
                              support_str("WWW-Authenticate: Negotiate\r\n"));
    irw_response_finish(&response);
    assert_true(response.challenges.other);
    assert_true(response.challenges.malformed);
    irw_response_clear(&response);
    memset(line, 'a', sizeof(line));
    memcpy(line, "WWW-Authenticate: Bearer realm=", 31);
    irw_response_add_line(&response, (imgrw_str){line, sizeof(line)});
    irw_response_finish(&response);
    assert_false(response.challenges.bearer);
    assert_true(response.challenges.malformed);
    irw_response_clear(&response);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_retry_after),
        cmocka_unit_test(test_remaining),
        cmocka_unit_test(test_heads),
        cmocka_unit_test(test_challenge_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
