/*
 * Credentials one by one: the registries that endpoints are, what is refused,
 * what is warned of, and the password that comes later.
 */
#include "secret_text.h"

#include <string.h>

/* Endpoints and their registries; NULL where there is none. The numbers are
 * those of the vectors of KOTS; "kots:" says what it makes of a row that it
 * has wrong. */
static const struct host_row {
    const char *name, *endpoint, *host;
} host_rows[] = {
    {"7.30 Docker Hub", "docker.io", "index.docker.io"},
    {"7.30 Docker Hub with a scheme", "https://docker.io", "index.docker.io"},
    {"7.31 path of the API", "https://reg.io/v2/", "reg.io"},
    {"7.31 http", "http://reg.io/v2", "reg.io"},
    {"7.32 old API", "reg.io/v1/", "reg.io"},
    {"7.33 twice the API: a path", "reg.io/v2/v2", "reg.io"},
    {"7.34 slash", "reg.io/", "reg.io"},
    {"7.34a two schemes", "http://https://x", "x"},
    {"7.34b two schemes, kots: http:", "https://http://x", "x"},
    {"7.34c two APIs", "reg.io/v1/v2", "reg.io"},
    {"7.35 localhost", "localhost", "localhost"},
    {"7.36 localhost with a port", "localhost:3000", "localhost:3000"},
    {"7.37 localhost with a scheme, kots: https:", "https://localhost",
     "localhost"},
    {"7.38 namespace", "reg.io/ns", "reg.io"},
    {"7.39 path", "reg.io/a/b/", "reg.io"},
    {"7.40 begins like a scheme, kots: nothing", "httpd.reg.io/ns",
     "httpd.reg.io"},
    {"7.41 blank", "reg io", NULL},
    {"6.9 namespace", "reg.io/ns", "reg.io"},
    {"key of docker login", "https://index.docker.io/v1/", "index.docker.io"},
    {"Docker Hub's registry", "registry-1.docker.io", "index.docker.io"},
    {"Docker Hub with a port", "docker.io:443", "docker.io:443"},
    {"port", "reg.io:5000/ns", "reg.io:5000"},
    {"IPv4", "127.0.0.1:5000", "127.0.0.1:5000"},
    {"IPv6", "https://[2001:db8::1]:5000/v2/", "[2001:db8::1]:5000"},
    {"service with a port", "registry:5000", "registry:5000"},
    {"upper case stays", "Reg.io", "Reg.io"},
    {"founding guide",
     "4999999999999.dkr.ecr.us-east-2.amazonaws.com",
     "4999999999999.dkr.ecr.us-east-2.amazonaws.com"},
    {"empty", "", NULL},
    {"scheme alone", "https://", NULL},
    {"path alone", "/v2/", NULL},
    {"other scheme", "oci://reg.io", NULL},
    {"no port", "reg.io:", NULL},
    {"port that is a word", "reg.io:https", NULL},
    {"wildcard", "*.reg.io", NULL},
    {"two dots", "reg..io", NULL},
    {"hyphen in front", "-reg.io", NULL},
    {"underscore", "my_reg.io", NULL},
    {"tag", "reg.io:v1", NULL},
    {"quote", "reg.io\"", NULL},
    {"line break", "reg.io\n", NULL},
    {"query", "reg.io?a=b", NULL},
    {"user in it", "https://hunter2@reg.io", NULL},
    {"user and password in it", "https://u:hunter2@reg.io/v2/", NULL},
    {"blank before a secret", "reg.io hunter2", NULL},
};

static void
test_hosts(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(host_rows); i++) {
        const struct host_row *row = &host_rows[i];
        struct imgrw_credentials *credentials = secret_text_new();
        struct imgrw_error error = {0};
        enum imgrw_status status = secret_text_add(
            credentials, row->endpoint, "u", "p", NULL, &error);

        support_row(&tally, "%s", row->name);
        support_check(&tally,
                      status == (row->host ? IMGRW_OK : IMGRW_ERR_INPUT),
                      "status %d: %s", (int)status, error.message);
        support_check(&tally, !strstr(error.message, "hunter2"),
                      "a secret: %s", error.message);
        support_check(&tally,
                      imgrw_credentials_count(credentials) == !!row->host,
                      "%zu entries", imgrw_credentials_count(credentials));
        support_check_str(
            &tally, "host",
            support_str(imgrw_credentials_host(credentials, 0)),
            support_str(row->host));
        imgrw_credentials_free(credentials);
    }
    support_finish(&tally);
}

/* User names and passwords that are refused; the message has a word of why. */
static const struct refused_row {
    const char *name, *endpoint, *user, *password, *word;
} refused_rows[] = {
    {"colon in the user name", "reg.io", "u:hunter2", "p", "\":\""},
    {"line break in the user name", "reg.io", "hunter2\n", "p", "control"},
    {"delete in the user name", "reg.io", "hunter2\x7F", "p", "control"},
    {"password alone", "reg.io", "", "hunter2", "no user name"},
    {"no user name, password to come", "reg.io", "", NULL, "no user name"},
    {"access key of a person", "reg.io", "AKIAIOSFODNN7EXAMPLE", "hunter2",
     "kubelet"},
    {"access key that expires", "reg.io", "ASIAIOSFODNN7EXAMPLE", "hunter2",
     "kubelet"},
    {"access key, password to come", "reg.io", "AKIAIOSFODNN7EXAMPLE", NULL,
     "kubelet"},
    {"entry that is there", "there.io", "u", "hunter2", "there.io"},
    {"entry that is there, as an address", "https://there.io/v2/", "u",
     "hunter2", "there.io"},
    {"entry that is there, in other letters", "THERE.io", "u", "hunter2",
     "THERE.io"},
};

static void
test_refused(void **state)
{
    struct support_tally tally = {0};
    struct imgrw_credentials *credentials = secret_text_new();
    struct imgrw_error error;

    (void)state;
    assert_int_equal(secret_text_add(credentials, "there.io", "u", "p", NULL,
                                     &error),
                     IMGRW_OK);
    for (size_t i = 0; i < SUPPORT_COUNT(refused_rows); i++) {
        const struct refused_row *row = &refused_rows[i];
        enum imgrw_status status =
            secret_text_add(credentials, row->endpoint, row->user,
                            row->password, NULL, &error);

        support_row(&tally, "%s", row->name);
        if (!support_check(&tally, status == IMGRW_ERR_INPUT, "status %d",
                           (int)status))
            continue;
        support_check(&tally, error.status == status && error.at.line == 0,
                      "error of status %d", (int)error.status);
        support_check(&tally, strstr(error.message, row->word), "%s",
                      error.message);
        support_check(&tally,
                      !strstr(error.message, "hunter2") &&
                          !strstr(error.message, "EXAMPLE"),
                      "a secret: %s", error.message);
        support_check(&tally, imgrw_credentials_count(credentials) == 1,
                      "%zu entries", imgrw_credentials_count(credentials));
    }
    support_finish(&tally);
    imgrw_credentials_free(credentials);
}

/* Of two entries that wait, each gets its own. */
static void
test_two_passwords(void **state)
{
    struct imgrw_credentials *credentials = secret_text_new();
    struct imgrw_error error;
    imgrw_str secret;
    char json[SECRET_TEXT_MAX] = "";

    (void)state;
    assert_int_equal(secret_text_add(credentials, "a.io", "u", NULL, NULL,
                                     &error), IMGRW_OK);
    assert_int_equal(secret_text_add(credentials, "b.io", "u", NULL, NULL,
                                     &error), IMGRW_OK);
    assert_int_equal(imgrw_credentials_set_password(
                         credentials, "b.io", support_str("q"), &error),
                     IMGRW_OK);
    assert_int_equal(imgrw_credentials_set_password(
                         credentials, NULL, support_str("p"), &error),
                     IMGRW_OK);
    assert_int_equal(imgrw_credentials_secret(credentials, "a", NULL, &secret,
                                              &error), IMGRW_OK);
    secret_text_decode(secret_text_value(secret, ".dockerconfigjson"), json,
                       sizeof(json));
    assert_string_equal(json, "{\"auths\":{\"a.io\":{\"auth\":\"dTpw\"},"
                              "\"b.io\":{\"auth\":\"dTpx\"}}}");
    imgrw_credentials_free(credentials);
}

/* What is NULL and must not be; what may be, is. */
static void
test_arguments(void **state)
{
    struct imgrw_credentials *credentials = secret_text_new();
    const struct imgrw_credential anonymous = {
        .size = sizeof(anonymous), .endpoint = "reg.io", .password = ""};
    const struct imgrw_credential unsized = {.endpoint = "reg.io"};
    imgrw_str text = {NULL, 0};
    enum imgrw_status statuses[] = {
        imgrw_credentials_new(NULL, NULL),
        secret_text_add(credentials, NULL, "u", "p", NULL, NULL),
        secret_text_add(NULL, "reg.io", "u", "p", NULL, NULL),
        imgrw_credentials_add(credentials, NULL, NULL, NULL, NULL),
        imgrw_credentials_add(credentials, &unsized, NULL, NULL, NULL),
        imgrw_credentials_read(NULL, text, NULL, NULL, NULL, NULL),
        imgrw_credentials_read_file(NULL, "a", NULL, NULL, NULL),
        imgrw_credentials_read_file(credentials, NULL, NULL, NULL, NULL),
        imgrw_credentials_set_password(NULL, NULL, text, NULL),
        imgrw_credentials_secret(NULL, "a", NULL, &text, NULL),
        imgrw_credentials_secret(credentials, "a", NULL, NULL, NULL),
    };

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(statuses); i++)
        if (statuses[i] != IMGRW_ERR_ARGUMENT)
            fail_msg("call %zu: status %d", i, (int)statuses[i]);
    assert_int_equal(imgrw_credentials_count(NULL), 0);
    assert_string_equal(imgrw_credentials_host(NULL, 0), "");
    assert_string_equal(imgrw_credentials_host(credentials, 0), "");
    assert_int_equal(imgrw_credentials_add(credentials, &anonymous, NULL, NULL,
                                           NULL), IMGRW_OK);
    imgrw_credentials_free(credentials);
    imgrw_credentials_free(NULL);
}

/* What is taken, and what is said of it; "" for nothing. */
static const struct taken_row {
    const char *name, *endpoint, *user, *password, *word;
} taken_rows[] = {
    {"ordinary", "reg.io", "u", "hunter2", ""},
    {"no user", "reg.io", "", "", ""},
    {"no password", "reg.io", "LICENSE_ID", "", ""},
    {"token of ECR", "1.dkr.ecr.us-east-1.amazonaws.com", "AWS", "hunter2",
     "12 hours"},
    {"token of ECR to come", "1.dkr.ecr.us-east-1.amazonaws.com", "AWS", NULL,
     "12 hours"},
    {"aws is nobody", "reg.io", "aws", "hunter2", ""},
    {"word alone", "registry", "u", "hunter2", "Docker Hub"},
    {"line break at the end", "reg.io", "u", "hunter2\n", "line break"},
    {"key of Google, line breaks inside", "gcr.io", "_json_key",
     "{\n\"private_key\": \"hunter2\"\n}", ""},
    {"token of Google", "gcr.io", "oauth2accesstoken", "hunter2", ""},
    {"not an access key: short", "reg.io", "AKIAIOSFODNN7EXAMPL", "p", ""},
    {"not an access key: long", "reg.io", "AKIAIOSFODNN7EXAMPLEE", "p", ""},
    {"not an access key: small letter", "reg.io", "AKIAIOSFODNN7EXAMPLe", "p",
     ""},
    {"not an access key: a role", "reg.io", "AROAIOSFODNN7EXAMPLE", "p", ""},
};

static void
test_taken(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(taken_rows); i++) {
        const struct taken_row *row = &taken_rows[i];
        struct imgrw_credentials *credentials = secret_text_new();
        struct secret_text warned = {0};
        struct imgrw_error error = {0};
        enum imgrw_status status = secret_text_add(
            credentials, row->endpoint, row->user, row->password, &warned,
            &error);

        support_row(&tally, "%s", row->name);
        support_check(&tally, status == IMGRW_OK, "status %d: %s", (int)status,
                      error.message);
        support_check(&tally, warned.warnings == (row->word[0] != '\0'),
                      "%zu warnings", warned.warnings);
        support_check(&tally, strstr(warned.text, row->word), "%s",
                      warned.text);
        support_check(&tally, !strstr(warned.text, "hunter2"), "a secret: %s",
                      warned.text);
        imgrw_credentials_free(credentials);
    }
    support_finish(&tally);
}

/* A password for the entries that have none, and the auth that becomes of it;
 * NULL where it is refused, with a word of why. */
static const struct later_row {
    const char *name;
    const char *passwords[2]; /* of a.io and b.io */
    const char *endpoint;
    imgrw_str later;
    const char *auth; /* the JSON text has it */
    const char *word;
} later_rows[] = {
    {"one lacks it", {NULL, "x"}, NULL, {"hunter2", 7},
     "\"a.io\":{\"auth\":\"dTpodW50ZXIy\"}", NULL},
    {"the other lacks it", {"x", NULL}, NULL, {"hunter2", 7},
     "\"b.io\":{\"auth\":\"dTpodW50ZXIy\"}", NULL},
    {"line break", {NULL, "x"}, NULL, {"hunter2\n", 8},
     "\"a.io\":{\"auth\":\"dTpodW50ZXIy\"}", NULL},
    {"line break of Windows", {NULL, "x"}, NULL, {"hunter2\r\n", 9},
     "\"a.io\":{\"auth\":\"dTpodW50ZXIy\"}", NULL},
    {"only one line break", {NULL, "x"}, NULL, {"p\n\n", 3},
     "\"a.io\":{\"auth\":\"dTpwCg==\"}", NULL},
    {"colon", {NULL, "x"}, NULL, {"p:q:r", 5},
     "\"a.io\":{\"auth\":\"dTpwOnE6cg==\"}", NULL},
    {"by its host", {NULL, "x"}, "a.io", {"hunter2", 7},
     "\"a.io\":{\"auth\":\"dTpodW50ZXIy\"}", NULL},
    {"by its address", {"x", NULL}, "https://B.io/v2", {"hunter2", 7},
     "\"b.io\":{\"auth\":\"dTpodW50ZXIy\"}", NULL},
    {"none lacks it", {"x", "x"}, NULL, {"hunter2", 7}, NULL, "no entry"},
    {"both lack it", {NULL, NULL}, NULL, {"hunter2", 7}, NULL, "a.io"},
    {"the one of the host has it", {NULL, "x"}, "b.io", {"hunter2", 7}, NULL,
     "b.io"},
    {"no such host", {NULL, "x"}, "c.io", {"hunter2", 7}, NULL, "c.io"},
    {"not a host", {NULL, "x"}, "u:hunter2@c.io", {"hunter2", 7}, NULL,
     "separately"},
    {"empty", {NULL, "x"}, NULL, {"", 0}, NULL, "empty"},
    {"empty without data", {NULL, "x"}, NULL, {NULL, 0}, NULL, "empty"},
    {"line break alone", {NULL, "x"}, NULL, {"\n", 1}, NULL, "empty"},
    {"NUL", {NULL, "x"}, NULL, {"hunter2\0", 8}, NULL, "NUL"},
};

static void
check_later(struct support_tally *tally, const struct later_row *row,
            struct imgrw_credentials *credentials)
{
    imgrw_str secret = {NULL, 0};
    char json[SECRET_TEXT_MAX] = "";
    struct imgrw_error error = {0};
    enum imgrw_status status =
        imgrw_credentials_set_password(credentials, row->endpoint,
                                       row->later, &error);

    support_check(tally, status == (row->auth ? IMGRW_OK
                                              : IMGRW_ERR_INPUT),
                  "status %d: %s", (int)status, error.message);
    support_check(tally, !strstr(error.message, "hunter2"), "a secret: %s",
                  error.message);
    if (!row->auth) {
        support_check(tally, strstr(error.message, row->word), "%s",
                      error.message);
        return;
    }
    support_check(tally,
                  imgrw_credentials_secret(credentials, "a", NULL, &secret,
                                           &error) == IMGRW_OK,
                  "%s", error.message);
    secret_text_decode(secret_text_value(secret, ".dockerconfigjson"), json,
                       sizeof(json));
    support_check(tally, strstr(json, row->auth), "%s", json);
}

static void
test_later(void **state)
{
    static const char *const hosts[] = {"a.io", "b.io"};
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(later_rows); i++) {
        const struct later_row *row = &later_rows[i];
        struct imgrw_credentials *credentials = secret_text_new();
        struct imgrw_error error;

        support_row(&tally, "%s", row->name);
        for (size_t j = 0; j < SUPPORT_COUNT(hosts); j++)
            support_check(&tally,
                          secret_text_add(credentials, hosts[j], "u",
                                          row->passwords[j], NULL,
                                          &error) == IMGRW_OK,
                          "%s", error.message);
        check_later(&tally, row, credentials);
        imgrw_credentials_free(credentials);
    }
    support_finish(&tally);
}

/* Whoever asks for it gets what was given, and entries with access keys, which
 * make no Secret. */
static void
test_pairs(void **state)
{
    struct imgrw_credentials *credentials;
    struct imgrw_credential key = {.size = sizeof(key),
                                   .endpoint = "b.io",
                                   .username = "AKIAIOSFODNN7EXAMPLE",
                                   .password = "hunter2"};
    const struct imgrw_credential later = {
        .size = sizeof(later), .endpoint = "c.io", .username = "u"};
    struct imgrw_error error;
    imgrw_str secret;

    (void)state;
    assert_int_equal(imgrw_credentials_new(&credentials, &error), IMGRW_OK);
    imgrw_credentials_accept_access_keys(NULL);
    imgrw_credentials_accept_access_keys(credentials);
    assert_int_equal(imgrw_credentials_add(credentials, &key, NULL, NULL,
                                           &error),
                     IMGRW_OK);
    assert_int_equal(imgrw_credentials_secret(credentials, "a", NULL, &secret,
                                              &error),
                     IMGRW_ERR_INPUT);
    assert_non_null(strstr(error.message, "access key"));
    assert_int_equal(imgrw_credentials_add(credentials, &later, NULL, NULL,
                                           &error),
                     IMGRW_OK);
    assert_true(support_equal(imgrw_credentials_pair(credentials, 0),
                              support_str("AKIAIOSFODNN7EXAMPLE:hunter2")));
    assert_int_equal(imgrw_credentials_pair(credentials, 1).size, 0);
    assert_int_equal(imgrw_credentials_set_password(
                         credentials, NULL, support_str("p:q\n"), &error),
                     IMGRW_OK);
    assert_true(support_equal(imgrw_credentials_pair(credentials, 1),
                              support_str("u:p:q")));
    assert_int_equal(imgrw_credentials_pair(credentials, 2).size, 0);
    assert_int_equal(imgrw_credentials_pair(NULL, 0).size, 0);
    imgrw_credentials_free(credentials);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hosts),     cmocka_unit_test(test_refused),
        cmocka_unit_test(test_arguments), cmocka_unit_test(test_taken),
        cmocka_unit_test(test_later),     cmocka_unit_test(test_two_passwords),
        cmocka_unit_test(test_pairs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
