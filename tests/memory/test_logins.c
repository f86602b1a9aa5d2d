/*
 * Logins at registries, with every allocation failing in turn: see
 * test_memory.c.
 */
#include "callbacks.h"
#include "scenario.h"

#include "registry/auth.h"
#include "registry/credential_helper.h"
#include "registry/docker_config.h"
#include "registry/ecr.h"
#include "registry/ecr_answer.h"
#include "registry/logins.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Reads a file, looks an image up in it, and copies the login. */
static enum imgrw_status
use_file(const char *text)
{
    const struct irw_config_source source = {"config.json", IRW_CONFIG_ANY,
                                             hear, NULL};
    const struct irw_login_place place = {IMGRW_STR("reg.io"),
                                          IMGRW_STR("a/b")};
    struct irw_login_file *file;
    struct irw_login_answer answer;
    struct irw_login *copy = NULL;
    struct imgrw_error error;
    enum imgrw_status status = irw_docker_config_read(
        imgrw_str_from(text), &source, &file, &error);

    if (status != IMGRW_OK)
        return status;
    status = irw_login_file_find(file, &place, &answer, &error);
    if (status == IMGRW_OK && answer.login) {
        copy = irw_login_copy(answer.login);
        status = copy ? IMGRW_OK : IMGRW_ERR_MEMORY;
    }
    irw_login_free(copy);
    irw_login_file_free(file);
    return status;
}

/* Has a file read that is the only one. */
static enum imgrw_status
use_logins(const char *path)
{
    const struct irw_logins_options options = {
        .file = path, .warn = hear, .milliseconds = 10000};
    struct irw_logins *logins;
    const struct irw_login *login;
    struct imgrw_error error;
    enum imgrw_status status = irw_logins_new(&options, &logins, &error);

    if (status != IMGRW_OK)
        return status;
    for (int i = 0; i < 2 && status == IMGRW_OK; i++)
        status = irw_logins_find(logins, IMGRW_STR("reg.io"), IMGRW_STR("a"),
                                 &login, &error);
    irw_logins_free(logins);
    return status;
}

/* Looks where Podman and Docker do, in a home that has nothing. */
static enum imgrw_status
use_home(const char *home)
{
    const struct irw_logins_options options = {
        .home = home, .xdg_runtime_dir = home, .warn = hear};
    struct irw_logins *logins;
    struct imgrw_error error;
    enum imgrw_status status = irw_logins_new(&options, &logins, &error);

    if (status == IMGRW_OK)
        irw_logins_free(logins);
    return status;
}

/* Has a text read that a variable holds. */
static enum imgrw_status
use_variable(const char *text)
{
    const struct irw_logins_options options = {
        .docker_auth_config = text, .xdg_runtime_dir = "/nowhere"};
    struct irw_logins *logins;
    const struct irw_login *login;
    struct imgrw_error error;
    enum imgrw_status status = irw_logins_new(&options, &logins, &error);

    if (status != IMGRW_OK)
        return status;
    status = irw_logins_find(logins, IMGRW_STR("reg.io"), IMGRW_STR("a"),
                             &login, &error);
    irw_logins_free(logins);
    return status;
}

/* Makes a request to ECR. */
static enum imgrw_status
use_request(const char *endpoint)
{
    const struct irw_ecr_keys keys = {IMGRW_STR("ASIDEXAMPLE"),
                                      IMGRW_STR("secret"), IMGRW_STR("token")};
    struct irw_ecr_host ecr;
    struct irw_ecr_request request;
    struct imgrw_error error;
    enum imgrw_status status;

    irw_ecr_parse(IMGRW_STR("123456789012.dkr.ecr.us-west-2.amazonaws.com"),
                  &ecr);
    status = irw_ecr_request_make(&ecr, &keys,
                                  endpoint[0] == '\0' ? NULL : endpoint, 0,
                                  &request, &error);
    if (status == IMGRW_OK)
        irw_ecr_request_clear(&request);
    return status;
}

static enum imgrw_status
use_answer(const char *text)
{
    struct irw_ecr_token token;
    struct imgrw_error error;
    enum imgrw_status status =
        irw_ecr_answer_read(imgrw_str_from(text), &token, &error);

    if (status == IMGRW_OK)
        irw_login_free(token.login);
    return status;
}

/* Explains an error; without memory there is no explanation. */
static enum imgrw_status
use_explanation(const char *text)
{
    enum irw_verdict verdict;
    const char *why = irw_ecr_answer_explain(imgrw_str_from(text), &verdict);

    return strstr(why, "clock") ? IMGRW_OK : IMGRW_ERR_MEMORY;
}

static enum imgrw_status
use_helper(const char *text)
{
    struct irw_login *login = NULL;
    struct imgrw_error error;
    enum imgrw_status status = irw_credential_helper_read(
        "x", imgrw_str_from(text), true, &login, &error);

    irw_login_free(login);
    return status;
}

static enum imgrw_status
use_auth(const char *text)
{
    struct irw_bytes pair = {0}, again = {0};
    imgrw_str user, password;
    enum irw_auth_status read =
        irw_auth_read(imgrw_str_from(text), &pair, &user, &password);

    if (read == IRW_AUTH_FINE)
        irw_auth_write(&again, user, password);
    irw_bytes_wipe(&pair);
    read = again.failed ? IRW_AUTH_MEMORY : read;
    irw_bytes_wipe(&again);
    return read == IRW_AUTH_FINE     ? IMGRW_OK
           : read == IRW_AUTH_MEMORY ? IMGRW_ERR_MEMORY
                                     : IMGRW_ERR_INPUT;
}

#define AUTHS(members) "{\"auths\":{\"reg.io\":{" members "}}}"
#define DATA(token) \
    "{\"authorizationData\":[{\"authorizationToken\":\"" token \
    "\",\"expiresAt\":1.7e9}]}"

static const struct {
    const char *name;
    scenario_fn *use;
    const char *text;
    enum imgrw_status status;
} rows[] = {
    {"auth", use_file, AUTHS("\"auth\":\"dTpw\""), IMGRW_OK},
    {"names", use_file, AUTHS("\"username\":\"u\",\"password\":\"p\""),
     IMGRW_OK},
    {"identity token", use_file, AUTHS("\"identitytoken\":\"t\""), IMGRW_OK},
    {"helpers and a store", use_file,
     "{\"credHelpers\":{\"reg.io\":\"x\",\"b.io\":\"y\"},\"credsStore\":\"z\"}",
     IMGRW_OK},
    {"escapes in a key", use_file,
     "{\"auths\":{\"https:\\/\\/reg.io\":{\"auth\":\"?\"}}}", IMGRW_ERR_INPUT},
    {"wrong entry", use_file, AUTHS("\"auth\":7"), IMGRW_ERR_INPUT},
    {"not JSON", use_file, "{\"auths\":", IMGRW_ERR_INPUT},
    {"old file", use_file, "{\"reg.io\":{\"auth\":\"dTpw\"}}", IMGRW_OK},
    {"our own, JSON", use_file,
     "[{\"endpoint\":\"reg.io\",\"username\":\"u\",\"password\":\"p\"}]",
     IMGRW_OK},
    {"our own, YAML", use_file,
     "endpoint: reg.io\nusername: u\npassword: p\n", IMGRW_OK},
    {"a file that is not there", use_logins, "/nowhere/config.json",
     IMGRW_ERR_IO},
    {"a home that is not there", use_home, "/nowhere", IMGRW_OK},
    {"a variable", use_variable, AUTHS("\"auth\":\"dTpw\""), IMGRW_OK},
    {"nonsense in a variable", use_variable, "{", IMGRW_ERR_INPUT},
    {"request", use_request, "", IMGRW_OK},
    {"request to another endpoint", use_request, "http://127.0.0.1:1/",
     IMGRW_OK},
    {"request to a wrong endpoint", use_request, "http://example.com/",
     IMGRW_ERR_ARGUMENT},
    {"answer", use_answer, DATA("dTpw"), IMGRW_OK},
    {"answer without a login", use_answer, DATA("dXA="), IMGRW_ERR_INPUT},
    {"answer that is not JSON", use_answer, "<html>", IMGRW_ERR_INPUT},
    {"explanation", use_explanation,
     "{\"__type\":\"InvalidSignatureException\"}", IMGRW_OK},
    {"helper", use_helper, "{\"Username\":\"u\",\"Secret\":\"p\"}", IMGRW_OK},
    {"helper with a token", use_helper,
     "{\"Username\":\"<token>\",\"Secret\":\"t\"}", IMGRW_OK},
    {"helper with nonsense", use_helper, "{\"Username\":7}", IMGRW_ERR_INPUT},
    {"pair", use_auth, "dTpwYXNzd29yZA==", IMGRW_OK},
};

static void
test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("%s\n", rows[i].name);
        scenario_run(rows[i].use, rows[i].text, rows[i].status);
    }
}

/* A file that asks a program, and the program. */
static void
test_program(void **state)
{
    static const char script[] =
        "#!/bin/sh\necho '{\"Username\":\"u\",\"Secret\":\"p\"}'\n";
    static const char config[] = "{\"credHelpers\":{\"reg.io\":\"x\"}}";
    char folder[] = "/tmp/imgrewrite-XXXXXX", program[100], file[100];
    const struct {
        const char *path, *text;
        mode_t mode;
    } files[] = {{program, script, 0700}, {file, config, 0600}};

    (void)state;
    assert_non_null(mkdtemp(folder));
    strcat(strcpy(program, folder), "/docker-credential-x");
    strcat(strcpy(file, folder), "/auth.json");
    for (size_t i = 0; i < 2; i++) {
        FILE *made = fopen(files[i].path, "w");

        assert_non_null(made);
        fputs(files[i].text, made);
        assert_int_equal(fclose(made), 0);
        assert_int_equal(chmod(files[i].path, files[i].mode), 0);
    }
    assert_int_equal(setenv("PATH", folder, 1), 0);
    scenario_run(use_logins, file, IMGRW_OK);
    unlink(program);
    unlink(file);
    rmdir(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_program),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
