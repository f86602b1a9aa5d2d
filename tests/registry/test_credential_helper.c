/*
 * Programs that keep logins: shell scripts that answer as such programs do
 * (docker-credential-helpers 0.7), and as they should not. The numbers are rows
 * of what skopeo 1.9.3 does with them.
 */
#include "registry/credential_helper.h"
#include "support.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STR(literal) IMGRW_STR_INIT(literal)

#define LOGIN(user, secret) \
    "{\"ServerURL\":\"reg.io\",\"Username\":\"" user "\",\"Secret\":\"" \
    secret "\"}"

/* Answers; "user:password", and an identity token behind it; "" for none. */
static const struct answer_row {
    const char *name;
    imgrw_str answer;
    bool succeeded;
    enum imgrw_status status;
    const char *found; /* or words of the message */
} answer_rows[] = {
    {"L24 login", STR(LOGIN("helperuser", "helperpw")), true, IMGRW_OK,
     "helperuser:helperpw"},
    {"line break behind it", STR(LOGIN("u", "p") "\n"), true, IMGRW_OK, "u:p"},
    {"L26 identity token", STR(LOGIN("<token>", "t")), true, IMGRW_OK, ": t"},
    {"nothing in it", STR(LOGIN("", "")), true, IMGRW_OK, ""},
    {"no login", STR("credentials not found in native keychain\n"), false,
     IMGRW_OK, ""},
    {"no login, and success",
     STR("credentials not found in native keychain\n"), true, IMGRW_ERR_INPUT,
     "docker-credential-x has not answered with JSON"},
    {"L28 failure", STR("boom\nhunter2"), false, IMGRW_ERR_INPUT,
     "docker-credential-x failed: boom"},
    {"failure without a word", {0}, false, IMGRW_ERR_INPUT,
     "docker-credential-x failed"},
    {"failure with escapes", STR("\x1B[31mno"), false, IMGRW_ERR_INPUT,
     "failed: ?[31mno"},
    {"login, and failure", STR(LOGIN("u", "hunter2")), false, IMGRW_ERR_INPUT,
     "docker-credential-x failed"},
    {"nothing", {0}, true, IMGRW_ERR_INPUT, "JSON"},
    {"no JSON", STR("u:hunter2"), true, IMGRW_ERR_INPUT, "JSON"},
    {"a list", STR("[\"u\",\"hunter2\"]"), true, IMGRW_ERR_INPUT,
     "Username and Secret"},
    {"no user", STR("{\"Secret\":\"hunter2\"}"), true, IMGRW_ERR_INPUT,
     "Username and Secret"},
    {"secret is a number", STR("{\"Username\":\"u\",\"Secret\":7}"), true,
     IMGRW_ERR_INPUT, "Username and Secret"},
    {"line break in the secret", STR(LOGIN("u", "hunter2\\n")), true,
     IMGRW_ERR_INPUT, "docker-credential-x: a password cannot hold a control"},
    {"NUL in the secret", STR(LOGIN("u", "hunter2\\u0000")), true,
     IMGRW_ERR_INPUT, "JSON"},
    {"colon in the user name", STR(LOGIN("u:v", "hunter2")), true,
     IMGRW_ERR_INPUT, "docker-credential-x: a user name cannot hold"},
    {"blank in the token", STR(LOGIN("<token>", "hunter 2")), true,
     IMGRW_ERR_INPUT, "docker-credential-x: an identity token cannot hold"},
};

static void
describe(const struct irw_login *login, char text[static 200])
{
    text[0] = '\0';
    if (login)
        snprintf(text, 200, "%s:%s%s%s", login->user, login->password,
                 login->identity_token ? " " : "",
                 login->identity_token ? login->identity_token : "");
}

/* Checks what came of asking, and releases it. */
static void
check(struct support_tally *tally, enum imgrw_status status,
      const char *expected, struct irw_login *login,
      const struct imgrw_error *error)
{
    char text[200];

    if (status != IMGRW_OK) {
        support_check(tally,
                      strstr(error->message, expected) &&
                          !strstr(error->message, "hunter"),
                      "message \"%s\"", error->message);
        return;
    }
    describe(login, text);
    support_check_str(tally, "login", support_str(text), support_str(expected));
    irw_login_free(login);
}

static void
test_answers(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(answer_rows); i++) {
        const struct answer_row *row = &answer_rows[i];
        struct irw_login *login = NULL;
        struct imgrw_error error = {0};
        enum imgrw_status status = irw_credential_helper_read(
            "x", row->answer, row->succeeded, &login, &error);

        support_row(&tally, "%s", row->name);
        if (support_check(&tally, status == row->status, "status %d: %s",
                          (int)status, error.message))
            check(&tally, status, row->found, login, &error);
    }
    support_finish(&tally);
}

/* Scripts. SECRET prints a login whose secret is the argument. */
#define SECRET \
    "s() { printf '{\"Username\":\"u\",\"Secret\":\"%s\"}' \"$1\"; }\n"

static const struct program_row {
    const char *name, *script; /* NULL: there is no such program */
    unsigned mode;
    int milliseconds;
    enum imgrw_status status;
    const char *found;
} program_rows[] = {
    {"server", SECRET "s \"$(cat)\"\n", 0755, 10000, IMGRW_OK,
     "u:127.0.0.1:5130"},
    {"server has no line break", SECRET "s \"$(wc -c)\"\n", 0755, 10000,
     IMGRW_OK, "u:14"},
    {"arguments", SECRET "s \"$# $*\"\n", 0755, 10000, IMGRW_OK, "u:1 get"},
    {"no pipe but input and output",
     SECRET "f() { find /proc/self/fd/ -lname 'pipe:*'; }\n"
            "s \"$(f | grep -vc '/[012]$')\"\n",
     0755, 10000, IMGRW_OK, "u:0"},
    {"it does not read", SECRET "exec 0<&-\ns p\n", 0755, 10000, IMGRW_OK,
     "u:p"},
    {"signals are as usual",
     SECRET "s \"$(grep -c 'SigBlk:.0000000000000000' /proc/self/status)\"\n",
     0755, 10000, IMGRW_OK, "u:1"},
    {"large, but not too large",
     SECRET "head -c 65000 /dev/zero | tr '\\0' ' '\ns p\n", 0755, 10000,
     IMGRW_OK, "u:p"},
    {"no login", "echo credentials not found in native keychain\nexit 1\n",
     0755, 10000, IMGRW_OK, ""},
    {"L28 failure", "echo boom\nexit 3\n", 0755, 10000, IMGRW_ERR_INPUT,
     "docker-credential-x failed: boom"},
    {"killed", SECRET "s hunter2\nkill -9 $$\n", 0755, 10000, IMGRW_ERR_INPUT,
     "docker-credential-x failed"},
    {"L27 not installed", NULL, 0, 10000, IMGRW_ERR_IO,
     "docker-credential-x is not installed"},
    {"too large", "cat /dev/zero\n", 0755, 10000, IMGRW_ERR_LIMIT, "64 KiB"},
    {"too slow", "exec sleep 600\n", 0755, 100, IMGRW_ERR_IO,
     "docker-credential-x takes too long"},
    {"it does not end", SECRET "s p\nexec >&-\nexec sleep 600\n", 0755, 300,
     IMGRW_ERR_IO, "docker-credential-x does not end"},
    {"its child keeps the output", SECRET "s p\nsleep 5 2>/dev/null &\n", 0755,
     300, IMGRW_ERR_IO, "docker-credential-x takes too long"},
};

/* Asks a program that is in a folder of its own. */
static void
ask(struct support_tally *tally, const struct program_row *row)
{
    char *folder = support_temp_new();
    char *path = support_path(folder, "docker-credential-x");
    char text[2000];
    struct irw_login *login = NULL;
    struct imgrw_error error = {0};
    enum imgrw_status status;

    if (row->script) {
        snprintf(text, sizeof(text), "#!/bin/sh\n%s", row->script);
        support_write_file(path, support_str(text));
        assert_int_equal(chmod(path, row->mode), 0);
    }
    snprintf(text, sizeof(text), "%s:/usr/bin:/bin", folder);
    assert_int_equal(setenv("PATH", text, 1), 0);
    status = irw_credential_helper_get("x", support_str("127.0.0.1:5130"),
                                       row->milliseconds, &login, &error);
    if (support_check(tally, status == row->status, "status %d: %s",
                      (int)status, error.message))
        check(tally, status, row->found, login, &error);
    free(path);
    support_temp_remove(folder);
}

static void
test_programs(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(program_rows); i++) {
        support_row(&tally, "%s", program_rows[i].name);
        ask(&tally, &program_rows[i]);
    }
    support_finish(&tally);
}

/* The same with signals blocked, and where nobody waits for programs. */
static void
test_odd_processes(void **state)
{
    struct support_tally tally = {0};
    sigset_t all, before;

    (void)state;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    support_row(&tally, "signals are blocked");
    ask(&tally, &program_rows[5]);
    sigprocmask(SIG_SETMASK, &before, NULL);
    support_row(&tally, "SIGCHLD is ignored");
    signal(SIGCHLD, SIG_IGN);
    ask(&tally, &program_rows[0]);
    signal(SIGCHLD, SIG_DFL);
    support_finish(&tally);
}

/* No program, no descriptor and no process of ours is left. */
static void
test_descriptors(void **state)
{
    struct support_tally tally = {0};
    int before = dup(STDERR_FILENO), after;

    (void)state;
    close(before);
    support_row(&tally, "again and again");
    for (size_t i = 0; i < 20; i++)
        ask(&tally, &program_rows[i % 2 == 0 ? 10 : 0]);
    after = dup(STDERR_FILENO);
    close(after);
    support_check(&tally, after == before, "descriptor %d instead of %d", after,
                  before);
    support_finish(&tally);
}

static void
test_names(void **state)
{
    char name[301];
    struct irw_login *login;
    struct imgrw_error error;

    (void)state;
    memset(name, 'a', 300);
    name[300] = '\0';
    assert_int_equal(irw_credential_helper_get(name, IMGRW_STR("reg.io"), 1000,
                                               &login, &error),
                     IMGRW_ERR_IO);
    assert_non_null(strstr(error.message, "docker-credential-aaa"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),     cmocka_unit_test(test_programs),
        cmocka_unit_test(test_odd_processes),
        cmocka_unit_test(test_descriptors), cmocka_unit_test(test_names),
    };

    /* what whoever started us has left open is not of interest */
    for (int i = STDERR_FILENO + 1; i < 1024; i++)
        close(i);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
