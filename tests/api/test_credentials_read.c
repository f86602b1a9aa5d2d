/*
 * Files of credentials: every format, and what is refused, with its place. A
 * password is hunter2 wherever there is one, and no message may hold it.
 */
#include "secret_text.h"

#include <stdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AUTH "dTpodW50ZXIy" /* base64 of u:hunter2 */

/* Texts, and what is in them, as JSON of a Secret. L numbers are those of the
 * vectors of registries. */
static const struct taken_row {
    const char *name, *text, *json;
    const char *word; /* of a warning; NULL: none */
} taken_rows[] = {
    {"auth", "{\"auths\":{\"reg.io\":{\"auth\":\"" AUTH "\"}}}",
     "{\"auths\":{\"reg.io\":{\"auth\":\"" AUTH "\"}}}", NULL},
    {"L02, L03 keys that are addresses",
     "{\"auths\":{\"https://a.io\":{\"auth\":\"" AUTH "\"},"
     "\"https://b.io/v1/\":{\"auth\":\"" AUTH "\"}}}",
     "{\"auths\":{\"a.io\":{\"auth\":\"" AUTH "\"},\"b.io\":{\"auth\":\"" AUTH
     "\"}}}",
     NULL},
    {"as Docker writes it",
     "{\n\t\"auths\": {\n\t\t\"https://index.docker.io/v1/\": {\n"
     "\t\t\t\"auth\": \"" AUTH "\"\n\t\t}\n\t},\n"
     "\t\"HttpHeaders\": {\n\t\t\"User-Agent\": \"Docker-Client/19.03\"\n\t},\n"
     "\t\"currentContext\": \"default\",\n\t\"plugins\": {}\n}",
     "{\"auths\":{\"index.docker.io\":{\"auth\":\"" AUTH "\"}}}", NULL},
    {"S03 as kubectl writes it",
     "{\"auths\":{\"499999999999.dkr.ecr.us-east-2.amazonaws.com\":{"
     "\"username\":\"AWS\",\"password\":\"ecr-password-us-east-2\","
     "\"auth\":\"QVdTOmVjci1wYXNzd29yZC11cy1lYXN0LTI=\"}}}",
     "{\"auths\":{\"499999999999.dkr.ecr.us-east-2.amazonaws.com\":{\"auth\":"
     "\"QVdTOmVjci1wYXNzd29yZC11cy1lYXN0LTI=\"}}}",
     "12 hours"},
    {"L14 password with colons",
     "{\"auths\":{\"reg.io\":{\"auth\":\"dTpwOnE6cg==\"}}}",
     "{\"auths\":{\"reg.io\":{\"auth\":\"dTpwOnE6cg==\"}}}", NULL},
    {"L15 zero bytes behind the password",
     "{\"auths\":{\"reg.io\":{\"auth\":\"dTpwAAA=\"}}}",
     "{\"auths\":{\"reg.io\":{\"auth\":\"dTpw\"}}}", NULL},
    {"L19 base64 in lines",
     "{\"auths\":{\"reg.io\":{\"auth\":\"dTpw\\r\\nOnE6cg==\\n\"}}}",
     "{\"auths\":{\"reg.io\":{\"auth\":\"dTpwOnE6cg==\"}}}", NULL},
    {"L22 user name and password",
     "{\"auths\":{\"reg.io\":{\"username\":\"u\",\"password\":\"hunter2\","
     "\"email\":\"a@b.c\",\"identitytoken\":\"\"}}}",
     "{\"auths\":{\"reg.io\":{\"auth\":\"" AUTH "\"}}}", NULL},
    {"anonymous, as KOTS writes it",
     "{\"auths\":{\"reg.io\":{\"auth\":\"Og==\"}}}",
     "{\"auths\":{\"reg.io\":{\"auth\":\"Og==\"}}}", NULL},
    {"L31 credsStore beside an entry",
     "{\"auths\":{\"reg.io\":{\"auth\":\"" AUTH "\"}},\"credsStore\":\"pass\"}",
     "{\"auths\":{\"reg.io\":{\"auth\":\"" AUTH "\"}}}", "credsStore"},
    {"credHelpers beside an entry",
     "{\"auths\":{\"reg.io\":{\"auth\":\"" AUTH "\"}},"
     "\"credHelpers\":{\"gcr.io\":\"gcloud\"}}",
     "{\"auths\":{\"reg.io\":{\"auth\":\"" AUTH "\"}}}", "credHelpers"},
    {"stores that are none",
     "{\"auths\":{},\"credsStore\":\"\",\"credHelpers\":{}}", "{\"auths\":{}}",
     NULL},
    {"nulls", "{\"auths\":null,\"credsStore\":null,\"credHelpers\":null}",
     "{\"auths\":{}}", NULL},
    {"escapes of JSON",
     "{\"auths\":{\"reg\\u002eio\":{\"username\":\"u\",\"password\":"
     "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\uDE00\"}}}",
     /* u:"\/ BS FF LF CR TAB e-acute euro-sign grinning-face */
     "{\"auths\":{\"reg.io\":{\"auth\":"
     "\"dToiXC8IDAoNCcOp4oKs8J+YgA==\"}}}",
     NULL},
    {"byte order mark",
     "\xEF\xBB\xBF{\"auths\":{\"reg.io\":{\"auth\":\"" AUTH "\"}}}",
     "{\"auths\":{\"reg.io\":{\"auth\":\"" AUTH "\"}}}", NULL},
    {"config.json as YAML", "auths:\n  reg.io:\n    auth: " AUTH "\n",
     "{\"auths\":{\"reg.io\":{\"auth\":\"" AUTH "\"}}}", NULL},
    {"own, YAML", "endpoint: reg.io\nusername: u\npassword: hunter2\n",
     "{\"auths\":{\"reg.io\":{\"auth\":\"" AUTH "\"}}}", NULL},
    {"own, JSON",
     "{\"endpoint\":\"reg.io\",\"username\":\"u\",\"password\":\"hunter2\"}",
     "{\"auths\":{\"reg.io\":{\"auth\":\"" AUTH "\"}}}", NULL},
    {"own, in braces without quotes",
     "{endpoint: reg.io, username: u, password: hunter2}",
     "{\"auths\":{\"reg.io\":{\"auth\":\"" AUTH "\"}}}", NULL},
    {"own, list",
     "- {endpoint: b.io, username: u, password: 'p:q:r'}\n"
     "- endpoint: https://a.io/ns\n  username: u\n  password: \"hunter2\"\n",
     "{\"auths\":{\"a.io\":{\"auth\":\"" AUTH
     "\"},\"b.io\":{\"auth\":\"dTpwOnE6cg==\"}}}",
     NULL},
    {"own, JSON list",
     "[{\"endpoint\":\"reg.io\",\"username\":\"u\",\"password\":\"hunter2\"}]",
     "{\"auths\":{\"reg.io\":{\"auth\":\"" AUTH "\"}}}", NULL},
    {"own, one password for two",
     "- {endpoint: a.io, username: u, password: &p hunter2}\n"
     "- {endpoint: b.io, username: u, password: *p }\n",
     "{\"auths\":{\"a.io\":{\"auth\":\"" AUTH "\"},\"b.io\":{\"auth\":\"" AUTH
     "\"}}}",
     NULL},
    {"own, a number in quotes",
     "{endpoint: reg.io, username: '0', password: \"123\"}",
     "{\"auths\":{\"reg.io\":{\"auth\":\"MDoxMjM=\"}}}", NULL},
    {"own, a date, which is what it looks like",
     "{endpoint: reg.io, username: u, password: 2026-11-26}",
     "{\"auths\":{\"reg.io\":{\"auth\":\"dToyMDI2LTExLTI2\"}}}", NULL},
    {"own, nothing in the list", "[]", "{\"auths\":{}}", NULL},
    {"own, markers and comments",
     "# mine\n---\nendpoint: reg.io\nusername: u\npassword: hunter2\n...\n",
     "{\"auths\":{\"reg.io\":{\"auth\":\"" AUTH "\"}}}", NULL},
};

static void
check_taken(struct support_tally *tally, const struct taken_row *row,
            struct imgrw_credentials *credentials)
{
    struct secret_text warned = {0};
    imgrw_str secret = {NULL, 0};
    char json[SECRET_TEXT_MAX] = "";
    struct imgrw_error error = {0};
    enum imgrw_status status =
        imgrw_credentials_read(credentials, support_str(row->text), "a.json",
                               secret_text_warn, &warned, &error);

    if (!support_check(tally, status == IMGRW_OK, "%u:%u: %s",
                       (unsigned)error.at.line, (unsigned)error.at.column,
                       error.message))
        return;
    support_check(tally, warned.warnings == !!row->word, "%s", warned.text);
    if (row->word)
        support_check(tally,
                      strstr(warned.text, row->word) && warned.at.line == 1 &&
                          strcmp(warned.at.path, "a.json") == 0,
                      "%u: %s", (unsigned)warned.at.line, warned.text);
    support_check(tally,
                  imgrw_credentials_secret(credentials, "a", NULL, &secret,
                                           &error) == IMGRW_OK,
                  "%s", error.message);
    secret_text_decode(secret_text_value(secret, ".dockerconfigjson"), json,
                       sizeof(json));
    support_check_str(tally, "JSON", support_str(json), support_str(row->json));
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

#define ENTRY(rest) "{\"auths\":{\"reg.io\":{" rest "}}}"
#define OWN(password) "endpoint: reg.io\nusername: u\npassword: " password "\n"

/* Texts that are refused: where, and a word of why. */
static const struct refused_row {
    const char *name, *text;
    unsigned line, column;
    const char *word;
    enum imgrw_status status; /* 0: IMGRW_ERR_INPUT */
} refused_rows[] = {
    {"L34 empty", "", 1, 1, "empty", 0},
    {"comment alone", "# hunter2\n", 1, 1, "empty", 0},
    {"L35 a word", "hunter2", 1, 1, "config.json", 0},
    {"user and password", "u:hunter2\n", 1, 1, "config.json", 0},
    {"nothing known", "{\"hunter2\":1}", 1, 1, "config.json", 0},
    {"empty mapping", "{}", 1, 1, "config.json", 0},
    {"L36 auths is no mapping", "{\"auths\":[\"hunter2\"]}", 1, 10, "auths", 0},
    {"L37 AUTHS", "{\"AUTHS\":{\"reg.io\":{\"auth\":\"" AUTH "\"}}}", 1, 1,
     "config.json", 0},
    {"L39 something behind", ENTRY("\"auth\":\"" AUTH "\"") " hunter2", 1, 46,
     "document", IMGRW_ERR_SYNTAX},
    {"two documents", OWN("hunter2") "---\n" OWN("hunter2"), 5, 1, "list", 0},
    {"unknown setting", "{\"auths\":{},\n \"hunter2\":{}}", 2, 2, "no such key",
     0},
    {"unknown key of an entry", ENTRY("\"auth\":\"\",\"hunter2\":1"), 1, 31,
     "no such key", 0},
    {"entry is no mapping", "{\"auths\":{\"reg.io\":\"" AUTH "\"}}", 1, 20,
     "mapping", 0},
    {"auth is a number", ENTRY("\"auth\":12345"), 1, 28, "quotes", 0},
    {"auth is a list", ENTRY("\"auth\":[\"" AUTH "\"]"), 1, 28, "string", 0},
    {"L16 no colon", ENTRY("\"auth\":\"aHVudGVyMg==\""), 1, 28, "\":\"", 0},
    {"L17 no base64", ENTRY("\"auth\":\"hunter2!\""), 1, 28, "base64", 0},
    {"L18 no padding", ENTRY("\"auth\":\"dTpodW50ZXI\""), 1, 28, "base64", 0},
    {"L20 empty auth", ENTRY("\"auth\":\"\""), 1, 11, "credential store", 0},
    {"L21 no user name", ENTRY("\"auth\":\"Omh1bnRlcjI=\""), 1, 28,
     "no user name", 0},
    {"NUL in a password", ENTRY("\"auth\":\"dTpodQBudA==\""), 1, 28, "NUL", 0},
    {"NUL in a user name", ENTRY("\"auth\":\"dQA6aHVudA==\""), 1, 28,
     "control", 0},
    {"L23 identity token",
     ENTRY("\"auth\":\"dTo=\",\n\"identitytoken\":\"hunter2\""), 2, 17,
     "identitytoken", 0},
    {"registry token", ENTRY("\"registrytoken\":\"hunter2\""), 1, 37,
     "registrytoken", 0},
    {"empty entry", ENTRY(""), 1, 11, "credential store", 0},
    {"null for an entry", "{\"auths\":{\"reg.io\":null}}", 1, 11,
     "credential store", 0},
    {"L30 empty entry of a store",
     "{\"auths\":{\"reg.io\":{}},\"credsStore\":\"desktop\"}", 1, 11,
     "credential store", 0},
    {"store alone", "{\"credsStore\":\"desktop\"}", 1, 15, "credsStore", 0},
    {"L24 helpers alone",
     "{\"auths\":{},\n\"credHelpers\":{\"reg.io\":\"x\"}}", 2, 15,
     "credHelpers", 0},
    {"user name alone", ENTRY("\"username\":\"u\""), 1, 20, "password", 0},
    {"password alone", ENTRY("\"password\":\"hunter2\""), 1, 20, "username", 0},
    {"two user names", ENTRY("\"auth\":\"" AUTH "\",\"username\":\"v\""), 1, 54,
     "another username", 0},
    {"two passwords", ENTRY("\"auth\":\"dTpw\",\"password\":\"hunter2\""), 1,
     46, "another password", 0},
    {"auth twice", ENTRY("\"auth\":\"" AUTH "\",\"auth\":\"" AUTH "\""), 1, 43,
     "twice", 0},
    {"L38 one registry twice",
     "{\"auths\":{\"reg.io\":{\"auth\":\"dTpw\"},\n\"reg.io\":{\"auth\":\"" AUTH
     "\"}}}",
     2, 1, "reg.io", 0},
    {"one registry by two names",
     "{\"auths\":{\"docker.io\":{\"auth\":\"dTpw\"},\n"
     "\"https://index.docker.io/v1/\":{\"auth\":\"" AUTH "\"}}}",
     2, 1, "index.docker.io", 0},
    {"L32 wildcard", "{\"auths\":{\"*.reg.io\":{\"auth\":\"" AUTH "\"}}}", 1,
     11, "not a registry", 0},
    {"password in the endpoint",
     "{\"auths\":{\"https://u:hunter2@reg.io\":{\"auth\":\"dTpw\"}}}", 1, 11,
     "separately", 0},
    {"access key",
     "endpoint: 1.dkr.ecr.us-east-1.amazonaws.com\n"
     "username: AKIAIOSFODNN7EXAMPLE\npassword: hunter2\n",
     2, 11, "kubelet", 0},
    {"own, unknown key", OWN("hunter2") "hunter2: x\n", 4, 1, "no such key", 0},
    {"own, password of another name",
     "{endpoint: reg.io, username: u, pasword: hunter2}", 1, 33, "no such key",
     0},
    {"own, merge", "<<: {endpoint: a}\nusername: u\n", 1, 1, "<<", 0},
    {"own, a list for a key", "endpoint: reg.io\n[hunter2]: x\n", 2, 1,
     "string", 0},
    {"own, no endpoint", "username: u\npassword: hunter2\n", 1, 1, "endpoint",
     0},
    {"own, no user name", "- endpoint: reg.io\n  password: hunter2\n", 1, 3,
     "username", 0},
    {"own, an item that is none", "- hunter2\n", 1, 3, "mapping", 0},
    {"own, list in a list", "[[hunter2]]", 1, 2, "mapping", 0},
    {"own, colon in the user name",
     "endpoint: reg.io\nusername: u:hunter2\npassword: p\n", 2, 11, "\":\"", 0},
    {"own, number", OWN("0123"), 3, 11, "quotes", 0},
    {"own, boolean", OWN("yes"), 3, 11, "quotes", 0},
    {"own, null", OWN("null"), 3, 11, "quotes", 0},
    {"own, nothing", OWN(""), 3, 10, "quotes", 0},
    {"own, begins like a tag", OWN("!hunter2 x"), 3, 20, "quotes", 0},
    {"own, begins like an anchor", OWN("&hunter2"), 3, 19, "quotes", 0},
    {"own, begins like an alias", OWN("*hunter2"), 3, 11, "quotes",
     IMGRW_ERR_SYNTAX},
    {"own, begins like a directive", OWN("%hunter2"), 3, 11, "token",
     IMGRW_ERR_SYNTAX},
    {"own, begins like a list", OWN("[hunter2"), 4, 1, "expected",
     IMGRW_ERR_SYNTAX},
    {"own, NUL", OWN("\"hunter2\\0\""), 3, 11, "NUL", 0},
    {"template", OWN("{{ .Values.hunter2 }}"), 3, 11, "string", 0},
    {"too deep",
     "{\"plugins\":[[[[[[[[[[[[[[[[[[[[\"hunter2\"]]]]]]]]]]]]]]]]]]]]}", 1,
     27, "deeper", IMGRW_ERR_LIMIT},
    {"not UTF-8", OWN("hunter2\xFF"), 3, 18, "UTF-8", IMGRW_ERR_ENCODING},
};

static void
check_refused(struct support_tally *tally, const struct refused_row *row,
              struct imgrw_credentials *credentials)
{
    enum imgrw_status wanted =
        row->status ? row->status : IMGRW_ERR_INPUT;
    struct imgrw_error error = {0};
    enum imgrw_status status = imgrw_credentials_read(
        credentials, support_str(row->text), "a.json", NULL, NULL, &error);

    support_check(tally, status == wanted && error.status == wanted,
                  "status %d: %s", (int)status, error.message);
    support_check(tally,
                  error.at.line == row->line && error.at.column == row->column,
                  "at %u:%u: %s", (unsigned)error.at.line,
                  (unsigned)error.at.column, error.message);
    support_check(tally, error.at.path && strcmp(error.at.path, "a.json") == 0,
                  "no path");
    support_check(tally, strstr(error.message, row->word), "%s", error.message);
    support_check(tally,
                  !strstr(error.message, "hunter2") &&
                      !strstr(error.message, "aHVudGVy") &&
                      !strstr(error.message, AUTH) &&
                      !strstr(error.message, "EXAMPLE"),
                  "a secret: %s", error.message);
    support_check(tally, imgrw_credentials_count(credentials) == 1,
                  "%zu entries", imgrw_credentials_count(credentials));
}

static void
test_refused(void **state)
{
    struct support_tally tally = {0};
    struct imgrw_credentials *credentials = secret_text_new();

    (void)state;
    assert_int_equal(secret_text_add(credentials, "there.io", "u", "p", NULL,
                                     NULL),
                     IMGRW_OK);
    for (size_t i = 0; i < SUPPORT_COUNT(refused_rows); i++) {
        support_row(&tally, "%s", refused_rows[i].name);
        check_refused(&tally, &refused_rows[i], credentials);
    }
    support_finish(&tally);
    imgrw_credentials_free(credentials);
}

/* What a call that fails had taken is gone, and its hosts are free again. What
 * was there before stays, wherever it is in the order. */
static void
test_all_or_nothing(void **state)
{
    struct imgrw_credentials *credentials = secret_text_new();
    struct imgrw_error error;

    (void)state;
    assert_int_equal(imgrw_credentials_read(
                         credentials,
                         support_str("- {endpoint: b.io, username: u}\n"
                                     "- {endpoint: d.io, username: u}\n"),
                         NULL, NULL, NULL, &error),
                     IMGRW_OK);
    assert_int_equal(imgrw_credentials_read(
                         credentials,
                         support_str("- {endpoint: e.io, username: u}\n"
                                     "- {endpoint: a.io, username: u}\n"
                                     "- {endpoint: c.io, username: u}\n"
                                     "- {endpoint: d.io, username: u}\n"),
                         NULL, NULL, NULL, &error),
                     IMGRW_ERR_INPUT);
    assert_int_equal(error.at.line, 4);
    assert_int_equal(error.at.column, 14);
    assert_int_equal(imgrw_credentials_count(credentials), 2);
    assert_string_equal(imgrw_credentials_host(credentials, 0), "b.io");
    assert_string_equal(imgrw_credentials_host(credentials, 1), "d.io");
    assert_int_equal(imgrw_credentials_read(
                         credentials,
                         support_str("{endpoint: A.io, username: u}"), NULL,
                         NULL, NULL, &error),
                     IMGRW_OK);
    assert_int_equal(imgrw_credentials_read(
                         credentials,
                         support_str("{endpoint: B.io, username: u}"), NULL,
                         NULL, NULL, &error),
                     IMGRW_ERR_INPUT);
    assert_string_equal(imgrw_credentials_host(credentials, 0), "A.io");
    imgrw_credentials_free(credentials);
}

/* A file is no longer than a Secret may be. */
static void
test_limit(void **state)
{
    static char text[(1 << 20) + 1];
    struct imgrw_credentials *credentials = secret_text_new();
    struct imgrw_error error;

    (void)state;
    memset(text, '\n', sizeof(text));
    memcpy(text, "[]", 2);
    assert_int_equal(imgrw_credentials_read(
                         credentials, (imgrw_str){text, sizeof(text) - 1},
                         "a.json", NULL, NULL, &error),
                     IMGRW_OK);
    assert_int_equal(imgrw_credentials_read(
                         credentials, (imgrw_str){text, sizeof(text)}, "a.json",
                         NULL, NULL, &error),
                     IMGRW_ERR_LIMIT);
    imgrw_credentials_free(credentials);
}

static const char *
write_file(const char *path, const char *text, size_t size)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* Files: what is read, and what cannot be. */
static void
test_files(void **state)
{
    static char text[(1 << 20) + 1];
    char folder[] = "/tmp/credentials-XXXXXX", path[64];
    struct imgrw_credentials *credentials = secret_text_new();
    struct imgrw_error error;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/a.json", folder);
    assert_int_equal(imgrw_credentials_read_file(credentials, path, NULL, NULL,
                                                 &error), IMGRW_ERR_IO);
    assert_string_equal(error.at.path, path);
    assert_int_equal(imgrw_credentials_read_file(credentials, folder, NULL,
                                                 NULL, &error), IMGRW_ERR_IO);
    memset(text, '\n', sizeof(text));
    assert_int_equal(imgrw_credentials_read_file(
                         credentials, write_file(path, text, sizeof(text)),
                         NULL, NULL, &error), IMGRW_ERR_LIMIT);
    memcpy(text, "[]", 2);
    assert_int_equal(imgrw_credentials_read_file(
                         credentials, write_file(path, text, sizeof(text) - 1),
                         NULL, NULL, &error), IMGRW_OK);
    write_file(path, OWN("hunter2"), strlen(OWN("hunter2")));
    assert_int_equal(imgrw_credentials_read_file(credentials, path, NULL, NULL,
                                                 &error), IMGRW_OK);
    assert_string_equal(imgrw_credentials_host(credentials, 0), "reg.io");
    assert_int_equal(imgrw_credentials_read_file(credentials, path, NULL, NULL,
                                                 &error), IMGRW_ERR_INPUT);
    assert_string_equal(error.at.path, path);
    assert_int_equal(error.at.line, 1);
    unlink(path);
    rmdir(folder);
    imgrw_credentials_free(credentials);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_all_or_nothing),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
