/*
 * Nothing of a secret is in the memory that the library for registries gives
 * back. What jansson has read while it made sense of it is its own.
 */
#include "registry/credential_helper.h"
#include "registry/ecr.h"
#include "registry/ecr_answer.h"
#include "registry/logins.h"
#include "doorkeeper.h"
#include "support.h"
#include "watch.h"

#include <imgrewrite/registry.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A password, base64 of it after "u:" and after "AWS:", and a key that is made
 * of it for a signature. */
static const char *const needles[] = {
    "hunter2-hunter2",
    "dTpodW50ZXIyLWh1bnRlcjI",
    "QVdTOmh1bnRlcjItaHVudGVyM",
    "AWS4hunter2",
};

/* A use of the library with the text. */
typedef void use_fn(struct support_tally *tally, const char *text);

static void
use_logins(struct support_tally *tally, const char *text)
{
    char *folder = support_temp_new(), *path = support_path(folder, "a.json");
    const struct irw_logins_options options = {.file = path,
                                               .milliseconds = 10000};
    struct irw_logins *logins;
    const struct irw_login *login;
    struct irw_login *copy;
    struct imgrw_error error = {0};

    support_write_file(path, support_str(text));
    if (irw_logins_new(&options, &logins, &error) == IMGRW_OK) {
        if (irw_logins_find(logins, IMGRW_STR("reg.io"), IMGRW_STR("a"), &login,
                            &error) == IMGRW_OK) {
            copy = irw_login_copy(login);
            support_check(tally,
                          strcmp(login->identity_token ? login->identity_token
                                                       : login->password,
                                 needles[0]) == 0,
                          "password \"%s\"", login->password);
            irw_login_free(copy);
        }
        irw_logins_free(logins);
    }
    support_check(tally, !strstr(error.message, "hunter"), "%s",
                  error.message);
    free(path);
    support_temp_remove(folder);
}

/* Has a program asked that prints the text. */
static void
use_helper(struct support_tally *tally, const char *text)
{
    char *folder = support_temp_new();
    char *path = support_path(folder, "docker-credential-x"), script[500];
    struct irw_login *login = NULL;
    struct imgrw_error error = {0};

    snprintf(script, sizeof(script), "#!/bin/sh\necho '%s'\n", text);
    support_write_file(path, support_str(script));
    explicit_bzero(script, sizeof(script));
    assert_int_equal(chmod(path, 0700), 0);
    assert_int_equal(setenv("PATH", folder, 1), 0);
    (void)!irw_credential_helper_get("x", IMGRW_STR("reg.io"), 10000, &login,
                                     &error);
    irw_login_free(login);
    support_check(tally, !strstr(error.message, "hunter"), "%s",
                  error.message);
    free(path);
    support_temp_remove(folder);
}

static void
use_request(struct support_tally *tally, const char *text)
{
    const struct irw_ecr_keys keys = {IMGRW_STR("ASIDEXAMPLE"),
                                      support_str(text), support_str(text)};
    struct irw_ecr_host ecr;
    struct irw_ecr_request request;

    irw_ecr_parse(IMGRW_STR("public.ecr.aws"), &ecr);
    support_check(tally,
                  irw_ecr_request_make(&ecr, &keys, NULL, 0, &request, NULL) ==
                      IMGRW_OK,
                  "no request");
    irw_ecr_request_clear(&request);
}

static void
use_answer(struct support_tally *tally, const char *text)
{
    struct irw_ecr_token token = {0};
    struct imgrw_error error = {0};

    (void)!irw_ecr_answer_read(support_str(text), &token, &error);
    irw_login_free(token.login);
    support_check(tally, !strstr(error.message, "hunter"), "%s",
                  error.message);
}

/* Asks a registry for an image, with the login, and is handed it out. */
static void
use_client(struct support_tally *tally, const char *text)
{
    char *folder = support_temp_new(), *path = support_path(folder, "a.json");
    const struct imgrw_login_places places = {.size = sizeof(places),
                                              .file = path};
    struct imgrw_registry_client *client;
    const struct imgrw_login *login;
    struct doorkeeper doorkeeper;
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    setvbuf(file, NULL, _IONBF, 0);
    doorkeeper_start(&doorkeeper);
    fprintf(file, text, (int)strcspn(doorkeeper.image, "/"), doorkeeper.image);
    fclose(file);
    assert_int_equal(imgrw_registry_new(NULL, &client, NULL), IMGRW_OK);
    assert_int_equal(imgrw_registry_use_logins(client, &places, NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_registry_add(client, support_str(doorkeeper.image),
                                        NULL), IMGRW_OK);
    assert_int_equal(imgrw_registry_run(client, NULL), IMGRW_OK);
    login = imgrw_registry_login(client, 0);
    support_check(tally, login && strcmp(login->password, needles[0]) == 0,
                  "%s", imgrw_registry_answer(client, 0)->reason);
    imgrw_registry_free(client);
    doorkeeper_stop(&doorkeeper);
    free(path);
    support_temp_remove(folder);
}

#define AUTHS(members) "{\"auths\":{\"reg.io\":{" members "}}}"

static const struct row {
    const char *name;
    use_fn *use;
    const char *text;
} rows[] = {
    {"auth", use_logins, AUTHS("\"auth\":\"dTpodW50ZXIyLWh1bnRlcjI=\"")},
    {"names", use_logins,
     AUTHS("\"username\":\"u\",\"password\":\"hunter2-hunter2\"")},
    {"identity token", use_logins,
     AUTHS("\"identitytoken\":\"hunter2-hunter2\"")},
    {"our own, JSON", use_logins,
     "{\"endpoint\":\"reg.io\",\"username\":\"u\",\"password\":"
     "\"hunter2-hunter2\"}"},
    {"our own, YAML", use_logins,
     "endpoint: reg.io\nusername: u\npassword: hunter2-hunter2\n"},
    {"user without a name", use_logins,
     AUTHS("\"password\":\"hunter2-hunter2\"")},
    {"wrong entry behind it", use_logins,
     "{\"auths\":{\"reg.io\":{\"auth\":\"dTpodW50ZXIyLWh1bnRlcjI=\"},\"b\":7}"
     "}"},
    {"broken behind it", use_logins,
     "{\"auths\":{\"reg.io\":{\"auth\":\"dTpodW50ZXIyLWh1bnRlcjI=\"}"},
    {"helper", use_helper,
     "{\"Username\":\"u\",\"Secret\":\"hunter2-hunter2\"}"},
    {"helper with a token", use_helper,
     "{\"Username\":\"<token>\",\"Secret\":\"hunter2-hunter2\"}"},
    {"helper without a name", use_helper,
     "{\"Username\":7,\"Secret\":\"hunter2-hunter2\"}"},
    {"helper without JSON", use_helper, "hunter2-hunter2"},
    {"a run", use_client,
     "{\"auths\":{\"%.*s\":{\"auth\":\"dTpodW50ZXIyLWh1bnRlcjI=\"}}}"},
    {"request", use_request, "hunter2-hunter2"},
    {"answer", use_answer,
     "{\"authorizationData\":[{\"authorizationToken\":"
     "\"QVdTOmh1bnRlcjItaHVudGVyMg==\",\"expiresAt\":1.7e9}]}"},
    {"answer without an expiry", use_answer,
     "{\"authorizationData\":[{\"authorizationToken\":"
     "\"QVdTOmh1bnRlcjItaHVudGVyMg==\"}]}"},
};

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct watch_count count;

        support_row(&tally, "%s", rows[i].name);
        watch_begin(needles, SUPPORT_COUNT(needles));
        rows[i].use(&tally, rows[i].text);
        count = watch_end();
        support_check(&tally, count.leaked == 0,
                      "%zu of %zu blocks hold a secret", count.leaked,
                      count.freed);
        support_check(&tally, count.freed > 1 || rows[i].use == use_answer,
                      "%zu blocks are seen", count.freed);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
