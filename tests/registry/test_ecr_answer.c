/*
 * What ECR answers: as in its documentation, and as it should not.
 */
#include "registry/ecr_answer.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

#define STR(literal) IMGRW_STR_INIT(literal)

#define PAIR "QVdTOnMzY3I6dA==" /* AWS:s3cr:t */
#define PRIVATE(data) STR("{\"authorizationData\":[{" data "}]}")
#define TOKEN(text) "\"authorizationToken\":\"" text "\""
#define EXPIRY(text) ",\"expiresAt\":" text

static const struct row {
    const char *name;
    imgrw_str answer;
    enum imgrw_status status;
    int64_t expires_at;
    const char *message; /* a word of it */
} rows[] = {
    {"private",
     PRIVATE(TOKEN(PAIR) EXPIRY("1.772366399123E9")
             ",\"proxyEndpoint\":\"https://123456789012.dkr.ecr.us-west-2."
             "amazonaws.com\""),
     IMGRW_OK, 1772366399, NULL},
    {"several registries",
     STR("{\"authorizationData\":[{" TOKEN(PAIR) EXPIRY("1772366399") "},{}]}"),
     IMGRW_OK, 1772366399, NULL},
    {"public",
     STR("{\"authorizationData\":{" TOKEN(PAIR) EXPIRY("1772366399.5") "}}"),
     IMGRW_OK, 1772366399, NULL},
    {"further members",
     STR("{\"a\":[],\"authorizationData\":{\"b\":null," TOKEN(PAIR)
         EXPIRY("1772366399.5") "}}"),
     IMGRW_OK, 1772366399, NULL},
    {"nothing", {0}, IMGRW_ERR_INPUT, 0, "JSON"},
    {"a page", STR("<html>s3cr:t</html>"), IMGRW_ERR_INPUT, 0, "JSON"},
    {"cut", STR("{\"authorizationData\":[{" TOKEN("s3cr:t")), IMGRW_ERR_INPUT,
     0, "JSON"},
    {"a list", STR("[]"), IMGRW_ERR_INPUT, 0, "authorizationData"},
    {"no data", STR("{}"), IMGRW_ERR_INPUT, 0, "authorizationData"},
    {"no registry", STR("{\"authorizationData\":[]}"), IMGRW_ERR_INPUT, 0,
     "authorizationData"},
    {"data are a text", STR("{\"authorizationData\":\"" PAIR "\"}"),
     IMGRW_ERR_INPUT, 0, "authorizationData"},
    {"no token", PRIVATE("\"expiresAt\":1772366399"), IMGRW_ERR_INPUT, 0,
     "authorizationToken"},
    {"token is a number",
     PRIVATE("\"authorizationToken\":7" EXPIRY("1772366399")),
     IMGRW_ERR_INPUT, 0, "authorizationToken"},
    {"token is not base64", PRIVATE(TOKEN("AWS:s3cr:t") EXPIRY("1772366399")),
     IMGRW_ERR_INPUT, 0, "authorizationToken"},
    {"no colon", PRIVATE(TOKEN("QVdT") EXPIRY("1772366399")), IMGRW_ERR_INPUT,
     0, "authorizationToken"},
    {"no user", PRIVATE(TOKEN("OnA=") EXPIRY("1772366399")), IMGRW_ERR_INPUT,
     0, "authorizationToken"},
    {"no password", PRIVATE(TOKEN("QVdTOg==") EXPIRY("1772366399")),
     IMGRW_ERR_INPUT, 0, "authorizationToken"},
    {"line break in the password",
     PRIVATE(TOKEN("QVdTOmENCmI=") EXPIRY("1772366399")), IMGRW_ERR_INPUT, 0,
     "authorizationToken"},
    {"NUL in the password",
     PRIVATE(TOKEN("QVdTOmEAYg==") EXPIRY("1772366399")), IMGRW_ERR_INPUT, 0,
     "authorizationToken"},
    {"NUL in the token", PRIVATE(TOKEN(PAIR "\\u0000") EXPIRY("1772366399")),
     IMGRW_ERR_INPUT, 0, "JSON"},
    {"no expiry", PRIVATE(TOKEN(PAIR)), IMGRW_ERR_INPUT, 0, "expiry"},
    {"expiry is a text", PRIVATE(TOKEN(PAIR) EXPIRY("\"1772366399\"")),
     IMGRW_ERR_INPUT, 0, "expiry"},
    {"expiry before 1970", PRIVATE(TOKEN(PAIR) EXPIRY("-1")), IMGRW_ERR_INPUT,
     0, "expiry"},
    {"expiry beyond all years", PRIVATE(TOKEN(PAIR) EXPIRY("1e300")),
     IMGRW_ERR_INPUT, 0, "expiry"},
    {"member twice", PRIVATE(TOKEN(PAIR) "," TOKEN(PAIR)), IMGRW_ERR_INPUT, 0,
     "JSON"},
    {"something behind it", STR("{}{}"), IMGRW_ERR_INPUT, 0, "JSON"},
};

static void
check_token(struct support_tally *tally, const struct row *row,
            struct irw_ecr_token *token)
{
    support_check_str(tally, "user", support_str(token->login->user),
                      support_str("AWS"));
    support_check_str(tally, "password", support_str(token->login->password),
                      support_str("s3cr:t"));
    support_check_str(tally, "source", support_str(token->login->source),
                      support_str("ECR"));
    support_check(tally, !token->login->identity_token, "an identity token");
    support_check(tally, token->expires_at == row->expires_at, "expires at %ld",
                  (long)token->expires_at);
    irw_login_free(token->login);
}

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct irw_ecr_token token;
        struct imgrw_error error = {0};
        enum imgrw_status status =
            irw_ecr_answer_read(rows[i].answer, &token, &error);

        support_row(&tally, "%s", rows[i].name);
        support_check(&tally, status == rows[i].status, "status %d: %s",
                      (int)status, error.message);
        if (status == IMGRW_OK)
            check_token(&tally, &rows[i], &token);
        else if (rows[i].message)
            support_check(&tally,
                          strstr(error.message, rows[i].message) &&
                              !strstr(error.message, "s3cr"),
                          "message \"%s\"", error.message);
    }
    support_finish(&tally);
}

/* The largest answer that is read, and one more byte. */
static void
test_size(void **state)
{
    size_t size = IRW_ECR_ANSWER_BYTES + 1;
    char *answer = malloc(size);
    struct irw_ecr_token token;
    struct imgrw_error error;
    enum irw_verdict verdict = IRW_VERDICT_NONE;

    (void)state;
    assert_non_null(answer);
    memset(answer, ' ', size);
    memcpy(answer, rows[0].answer.data, rows[0].answer.size);
    assert_int_equal(irw_ecr_answer_read((imgrw_str){answer, size}, &token,
                                         &error),
                     IMGRW_ERR_LIMIT);
    assert_non_null(strstr(error.message, "64 KiB"));
    assert_string_equal(irw_ecr_answer_explain((imgrw_str){answer, size},
                                               &verdict),
                        "ECR refuses, and does not say why");
    assert_int_equal(irw_ecr_answer_read((imgrw_str){answer, size - 1}, &token,
                                         NULL),
                     IMGRW_OK);
    irw_login_free(token.login);
    free(answer);
}

/* Deeper than any answer. */
static void
test_depth(void **state)
{
    size_t size = 60000;
    char *answer = malloc(size);

    (void)state;
    assert_non_null(answer);
    memset(answer, '[', size);
    assert_int_equal(irw_ecr_answer_read((imgrw_str){answer, size}, NULL, NULL),
                     IMGRW_ERR_INPUT);
    free(answer);
}

static const struct error_row {
    const char *name;
    imgrw_str answer;
    const char *sentence; /* a part of it */
    enum irw_verdict verdict; /* NONE: the answer does not say */
} error_rows[] = {
    {"unknown key",
     STR("{\"__type\":\"UnrecognizedClientException\",\"message\":\"The "
         "security token included in the request is invalid.\"}"),
     "does not know the access key", IRW_VERDICT_ACCESS_KEY},
    {"wrong secret",
     STR("{\"__type\":\"InvalidSignatureException\",\"message\":\"x\"}"),
     "the clock", IRW_VERDICT_ACCESS_KEY},
    {"namespace",
     STR("{\"__type\":\"com.amazonaws.ecr#AccessDeniedException\"}"),
     "ecr:GetAuthorizationToken", IRW_VERDICT_ACCESS_KEY},
    {"too often", STR("{\"__type\":\"ThrottlingException\"}"), "later",
     IRW_VERDICT_TOO_MANY_TOKENS},
    {"failure", STR("{\"__type\":\"ServerException\"}"), "later",
     IRW_VERDICT_TOKEN_SERVER_FAILED},
    {"no ECR", STR("{\"__type\":\"UnknownOperationException\"}"), "no ECR",
     IRW_VERDICT_ODD_TOKEN_STATUS},
    {"unknown name", STR("{\"__type\":\"\\u001b[31mException\"}"),
     "does not say why",
     IRW_VERDICT_NONE},
    {"no name", STR("{\"message\":\"x\"}"), "does not say why",
     IRW_VERDICT_NONE},
    {"name is a number", STR("{\"__type\":7}"), "does not say why",
     IRW_VERDICT_NONE},
    {"list", STR("[\"__type\"]"), "does not say why",
     IRW_VERDICT_NONE},
    {"a page", STR("<html>"), "does not say why",
     IRW_VERDICT_NONE},
    {"nothing", {0}, "does not say why",
     IRW_VERDICT_NONE},
};

static void
test_errors(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(error_rows); i++) {
        enum irw_verdict verdict = IRW_VERDICT_NONE;
        const char *got =
            irw_ecr_answer_explain(error_rows[i].answer, &verdict);

        support_row(&tally, "%s", error_rows[i].name);
        support_check(&tally, strstr(got, error_rows[i].sentence), "%s", got);
        support_check(&tally, verdict == error_rows[i].verdict, "verdict %d",
                      (int)verdict);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_size),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
