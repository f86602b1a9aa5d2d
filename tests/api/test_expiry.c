/*
 * Passwords that expire: what is read and written of that, what a Secret says,
 * and what is warned of. Seconds are those of GNU date.
 */
#include "secret_text.h"

#include <stdlib.h>
#include <string.h>

#define SOON  "2026-01-02T03:04:05Z"
#define LATER "2026-01-02T15:04:05Z"

#define SOON_SECONDS  1767323045
#define LATER_SECONDS 1767366245

/* A list of entries, of which each has a host and more. */
#define ENTRY(host, more) \
    "{endpoint: " host ", username: u, password: hunter2" more "}"

/* Texts, and what the Secret of them says and warnings do. */
static const struct taken_row {
    const char *name, *text;
    const char *annotation; /* NULL: none */
    int64_t seconds;        /* of the first entry */
    size_t warnings;
    const char *word; /* of these */
} taken_rows[] = {
    {"none", ENTRY("a.io", ""), NULL, 0, 0, NULL},
    {"plain", ENTRY("a.io", ", expiresAt: " SOON), SOON, SOON_SECONDS, 1, SOON},
    {"in quotes", ENTRY("a.io", ", expiresAt: '" SOON "'"), SOON, SOON_SECONDS,
     1, "a.io"},
    {"JSON",
     "[{\"endpoint\":\"a.io\",\"username\":\"u\",\"password\":\"hunter2\","
     "\"expiresAt\":\"" SOON "\"}]",
     SOON, SOON_SECONDS, 1, "proxy"},
    {"another zone", ENTRY("a.io", ", expiresAt: 2026-01-02T04:04:05.9+01:00"),
     SOON, SOON_SECONDS, 1, SOON},
    {"the first of two",
     "[" ENTRY("a.io", ", expiresAt: " LATER) ","
         ENTRY("b.io", ", expiresAt: " SOON) "]",
     SOON, LATER_SECONDS, 2, LATER},
    {"one of two", "[" ENTRY("a.io", "") "," ENTRY("b.io", ", expiresAt: "
                                                           SOON) "]",
     SOON, 0, 1, "b.io"},
    {"user AWS, which is said once",
     "{endpoint: a.io, username: AWS, password: hunter2, expiresAt: " SOON "}",
     SOON, SOON_SECONDS, 1, "expires at " SOON},
    {"user AWS without a time",
     "{endpoint: a.io, username: AWS, password: hunter2}", NULL, 0, 1,
     "12 hours"},
};

static void
check_taken(struct support_tally *tally, const struct taken_row *row,
            struct imgrw_credentials *credentials)
{
    struct secret_text warned = {0};
    imgrw_str secret = {NULL, 0}, annotation;
    struct imgrw_error error = {0};
    char wanted[64] = "";

    if (!support_check(tally,
                       imgrw_credentials_read(credentials,
                                              support_str(row->text), "a.json",
                                              secret_text_warn, &warned,
                                              &error) == IMGRW_OK,
                       "%s", error.message))
        return;
    support_check(tally, warned.warnings == row->warnings, "warnings: %s",
                  warned.text);
    support_check(tally, !row->word || strstr(warned.text, row->word), "%s",
                  warned.text);
    support_check(tally, !strstr(warned.text, "hunter2"), "%s", warned.text);
    support_check(tally,
                  imgrw_credentials_expires_at(credentials, 0) == row->seconds,
                  "%lld seconds",
                  (long long)imgrw_credentials_expires_at(credentials, 0));
    support_check(tally,
                  imgrw_credentials_secret(credentials, "a", NULL, &secret,
                                           &error) == IMGRW_OK,
                  "%s", error.message);
    annotation = secret_text_value(secret, "    imgrewrite/expires-at");
    if (row->annotation)
        strcat(strcat(strcat(wanted, "\""), row->annotation), "\"");
    support_check_str(tally, "annotation", annotation, support_str(wanted));
}

static void
test_taken(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(taken_rows); i++) {
        struct imgrw_credentials *credentials = secret_text_new();

        support_row(&tally, "%s", taken_rows[i].name);
        check_taken(&tally, &taken_rows[i], credentials);
        imgrw_credentials_free(credentials);
    }
    support_finish(&tally);
}

/* What is no time, and where. The warning has its place as well. */
static void
test_places(void **state)
{
    static const struct {
        const char *name, *value;
        unsigned column;
        const char *word;
    } rows[] = {
        {"a word", "hunter2", 12, "2026-01-02T"},
        {"date alone", "2026-01-02", 12, "2026-01-02T"},
        {"no zone", "2026-01-02T03:04:05", 12, "2026-01-02T"},
        {"null", "null", 12, "leave it out"},
        {"empty", "''", 12, "leave it out"},
        {"nothing", "", 11, "leave it out"},
        {"a number", "1767323045", 12, "quotes"},
        {"a list", "[" SOON "]", 12, "string"},
        {"before 1970", "1969-12-31T23:59:59Z", 12, "1970"},
        {"no such day", "2026-02-30T00:00:00Z", 12, "2026-01-02T"},
        {"a NUL", "\"" SOON "\\0\"", 12, "NUL"},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct imgrw_credentials *credentials = secret_text_new();
        struct imgrw_error error = {0};
        char text[200] = "endpoint: a.io\nusername: u\npassword: p\n"
                         "expiresAt: ";

        strcat(strcat(text, rows[i].value), "\n");
        support_row(&tally, "%s", rows[i].name);
        support_check(&tally,
                      imgrw_credentials_read(credentials, support_str(text),
                                             "a", NULL, NULL, &error) ==
                          IMGRW_ERR_INPUT,
                      "status %d", (int)error.status);
        support_check(&tally,
                      error.at.line == 4 && error.at.column == rows[i].column,
                      "at %u:%u", (unsigned)error.at.line,
                      (unsigned)error.at.column);
        support_check(&tally, strstr(error.message, rows[i].word), "%s",
                      error.message);
        support_check(&tally, !strstr(error.message, "hunter2"), "%s",
                      error.message);
        imgrw_credentials_free(credentials);
    }
    support_finish(&tally);
}

/* Adds an entry whose password expires then. */
static enum imgrw_status
add(struct imgrw_credentials *credentials, const char *endpoint,
    int64_t expires_at, struct secret_text *warned)
{
    const struct imgrw_credential entry = {.size = sizeof(entry),
                                           .endpoint = endpoint,
                                           .username = "u",
                                           .password = "hunter2",
                                           .expires_at = expires_at};

    return imgrw_credentials_add(credentials, &entry,
                                 warned ? secret_text_warn : NULL, warned,
                                 NULL);
}

/* Callers that know of no expiry, times that are none, and a set for logging
 * in. */
static void
test_added(void **state)
{
    const struct imgrw_credential older = {
        .size = offsetof(struct imgrw_credential, expires_at),
        .endpoint = "older.io",
        .username = "u",
        .password = "p",
        .expires_at = 1,
    };
    struct imgrw_credentials *credentials = secret_text_new();
    struct secret_text warned = {0};

    (void)state;
    assert_int_equal(add(credentials, "b.io", SOON_SECONDS, &warned), IMGRW_OK);
    assert_int_equal(warned.warnings, 1);
    assert_int_equal(warned.at.line, 0);
    assert_int_equal(add(credentials, "c.io", 253402300799, NULL), IMGRW_OK);
    assert_int_equal(add(credentials, "d.io", -1, NULL), IMGRW_ERR_ARGUMENT);
    assert_int_equal(add(credentials, "d.io", 253402300800, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_credentials_add(credentials, &older, NULL, NULL,
                                           NULL), IMGRW_OK);
    assert_int_equal(imgrw_credentials_expires_at(credentials, 0),
                     SOON_SECONDS);
    assert_int_equal(imgrw_credentials_expires_at(credentials, 1),
                     253402300799);
    assert_int_equal(imgrw_credentials_expires_at(credentials, 2), 0);
    assert_int_equal(imgrw_credentials_expires_at(credentials, 3), 0);
    assert_int_equal(imgrw_credentials_expires_at(NULL, 0), 0);
    imgrw_credentials_accept_access_keys(credentials);
    assert_int_equal(add(credentials, "e.io", SOON_SECONDS, &warned), IMGRW_OK);
    assert_int_equal(warned.warnings, 1);
    imgrw_credentials_free(credentials);
}

/* A password is good before the second in which it expires. */
static void
test_check(void **state)
{
    struct imgrw_credentials *credentials = secret_text_new();
    struct imgrw_error error;

    (void)state;
    assert_int_equal(imgrw_credentials_check_expiry(NULL, 0, &error),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_credentials_check_expiry(credentials, INT64_MAX,
                                                    &error), IMGRW_OK);
    assert_int_equal(add(credentials, "never.io", 0, NULL), IMGRW_OK);
    assert_int_equal(imgrw_credentials_check_expiry(credentials, INT64_MAX,
                                                    &error), IMGRW_OK);
    assert_int_equal(add(credentials, "later.io", LATER_SECONDS, NULL),
                     IMGRW_OK);
    assert_int_equal(add(credentials, "soon.io", SOON_SECONDS, NULL), IMGRW_OK);
    assert_int_equal(imgrw_credentials_check_expiry(
                         credentials, SOON_SECONDS - 1, &error), IMGRW_OK);
    assert_int_equal(imgrw_credentials_check_expiry(credentials, SOON_SECONDS,
                                                    &error), IMGRW_ERR_INPUT);
    assert_non_null(strstr(error.message, "soon.io"));
    assert_non_null(strstr(error.message, SOON));
    assert_null(strstr(error.message, "hunter2"));
    imgrw_credentials_free(credentials);
}

/* Passwords that JSON has to escape, or YAML may take for something else. */
static const struct text_row {
    const char *name, *user, *password;
    const char *text; /* of the two, in the text */
} text_rows[] = {
    {"ordinary", "u", "hunter2",
     "\"username\": \"u\", \"password\": \"hunter2\""},
    {"nothing", "", "", "\"username\": \"\", \"password\": \"\""},
    {"colons", "u", "p:q:r", "\"username\": \"u\", \"password\": \"p:q:r\""},
    {"quotes", "u", "a\"b\\c", "\"password\": \"a\\\"b\\\\c\""},
    {"controls", "u", "\x01\t\n\x7F", "\"password\": \"\\u0001\\t\\n\\u007f\""},
    {"a number", "0", "0123", "\"username\": \"0\", \"password\": \"0123\""},
    {"a template", "u", "{{ x }}", "\"password\": \"{{ x }}\""},
    {"breaks of lines", "u", "\xC2\x85\xE2\x80\xA8\xE2\x80\xA9",
     "\"password\": \"\\u0085\\u2028\\u2029\""},
    {"beyond the first plane", "\xC3\xA9", "\xF0\x9F\x98\x80\xEF\xBF\xBE",
     "\"username\": \"\xC3\xA9\", "
     "\"password\": \"\xF0\x9F\x98\x80\\ufffe\""},
};

/* Every text is read again as what it was made of. */
static void
test_text(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(text_rows); i++) {
        const struct text_row *row = &text_rows[i];
        struct imgrw_credentials *credentials = secret_text_new();
        struct imgrw_credentials *again = secret_text_new();
        struct imgrw_error error = {0};
        imgrw_str text = {NULL, 0};
        enum imgrw_status status = secret_text_add(
            credentials, "https://docker.io", row->user, row->password, NULL,
            &error);

        support_row(&tally, "%s", row->name);
        if (status == IMGRW_OK)
            status = imgrw_credentials_text(credentials, &text, &error);
        if (status == IMGRW_OK)
            status = imgrw_credentials_read(again, text, NULL, NULL, NULL,
                                            &error);
        support_check(&tally, status == IMGRW_OK, "%s", error.message);
        support_check(&tally,
                      memmem(text.data, text.size, row->text,
                             strlen(row->text)),
                      "%.*s", (int)text.size, text.data);
        support_check_str(&tally, "pair", imgrw_credentials_pair(again, 0),
                          imgrw_credentials_pair(credentials, 0));
        imgrw_credentials_free(credentials);
        imgrw_credentials_free(again);
    }
    support_finish(&tally);
}

/* The whole of a text, in the order of hosts. */
static void
test_whole_text(void **state)
{
    struct imgrw_credentials *credentials = secret_text_new();
    imgrw_str text, secret;
    struct imgrw_error error;

    (void)state;
    assert_int_equal(imgrw_credentials_text(credentials, &text, &error),
                     IMGRW_OK);
    assert_true(support_equal(text, support_str("[]\n")));
    assert_int_equal(add(credentials, "b.io", SOON_SECONDS, NULL), IMGRW_OK);
    assert_int_equal(add(credentials, "a.io:5000", 0, NULL), IMGRW_OK);
    assert_int_equal(imgrw_credentials_secret(credentials, "a", NULL, &secret,
                                              &error), IMGRW_OK);
    assert_int_equal(imgrw_credentials_text(credentials, &text, &error),
                     IMGRW_OK);
    assert_true(support_equal(
        text,
        support_str("[\n"
                    "  {\"endpoint\": \"a.io:5000\", \"username\": \"u\", "
                    "\"password\": \"hunter2\"},\n"
                    "  {\"endpoint\": \"b.io\", \"username\": \"u\", "
                    "\"password\": \"hunter2\", \"expiresAt\": \"" SOON "\"}\n"
                    "]\n")));
    imgrw_credentials_free(credentials);
}

/* What makes no text. */
static void
test_no_text(void **state)
{
    struct imgrw_credentials *credentials = secret_text_new();
    imgrw_str text = {NULL, 0};
    struct imgrw_error error;
    char *password = malloc(1 << 20);

    (void)state;
    assert_non_null(password);
    assert_int_equal(imgrw_credentials_text(NULL, &text, &error),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_credentials_text(credentials, NULL, &error),
                     IMGRW_ERR_ARGUMENT);
    memset(password, 'x', (1 << 20) - 1);
    password[(1 << 20) - 1] = '\0';
    assert_int_equal(secret_text_add(credentials, "a.io", "u", password, NULL,
                                     &error), IMGRW_OK);
    assert_int_equal(imgrw_credentials_text(credentials, &text, &error),
                     IMGRW_ERR_LIMIT);
    free(password);
    assert_int_equal(secret_text_add(credentials, "b.io", "u", "hunter2\xFF",
                                     NULL, &error), IMGRW_OK);
    assert_int_equal(imgrw_credentials_text(credentials, &text, &error),
                     IMGRW_ERR_ENCODING);
    assert_non_null(strstr(error.message, "b.io"));
    assert_null(strstr(error.message, "hunter2"));
    assert_int_equal(secret_text_add(credentials, "c.io", "u", NULL, NULL,
                                     &error), IMGRW_OK);
    assert_int_equal(imgrw_credentials_text(credentials, &text, &error),
                     IMGRW_ERR_INPUT);
    assert_null(text.data);
    imgrw_credentials_free(credentials);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken), cmocka_unit_test(test_places),
        cmocka_unit_test(test_added), cmocka_unit_test(test_check),
        cmocka_unit_test(test_text),  cmocka_unit_test(test_whole_text),
        cmocka_unit_test(test_no_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
