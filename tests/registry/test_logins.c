/*
 * Where logins are looked for: the order of skopeo 1.9.3, with files in a
 * folder of each row's own and no environment.
 */
#include "registry/logins.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* An auths of reg.io with this base64. */
#define AUTHS(auth) "{\"auths\":{\"reg.io\":{\"auth\":\"" auth "\"}}}"
#define A "YTpw" /* a:p */
#define B "Yjpw"
#define C "Yzpw"
#define D "ZDpw"

enum { RUNTIME = 1, CONFIG = 2, DOCKER = 4, NO_HOME = 8 };

#define RUNTIME_FILE "run/containers/auth.json"
#define CONFIG_FILE "config/containers/auth.json"
#define DOCKER_FILE "docker/config.json"
#define HOME_CONFIG_FILE "home/.config/containers/auth.json"
#define HOME_DOCKER_FILE "home/.docker/config.json"
#define HOME_FILE "home/.dockercfg"
#define VARIABLE "DOCKER_AUTH_CONFIG" /* no file, but a text */

static const struct row {
    const char *name;
    int variables; /* those that are set */
    struct {
        const char *path, *text;
    } files[4];
    enum imgrw_status status;
    const char *found; /* "user:password", "" for none, or of the message */
} rows[] = {
    {"nothing", RUNTIME | CONFIG | DOCKER, {{NULL, NULL}}, IMGRW_OK, ""},
    {"no variables", NO_HOME, {{NULL, NULL}}, IMGRW_OK, ""},
    {"XDG_RUNTIME_DIR is first", RUNTIME | CONFIG | DOCKER,
     {{RUNTIME_FILE, AUTHS(A)}, {CONFIG_FILE, AUTHS(B)},
      {DOCKER_FILE, AUTHS(C)},
      {HOME_FILE, "{\"reg.io\":{\"auth\":\"" D "\"}}"}},
     IMGRW_OK, "a:p"},
    {"XDG_CONFIG_HOME is second", RUNTIME | CONFIG | DOCKER,
     {{CONFIG_FILE, AUTHS(B)}, {DOCKER_FILE, AUTHS(C)},
      {HOME_FILE, "{\"reg.io\":{\"auth\":\"" D "\"}}"}},
     IMGRW_OK, "b:p"},
    {"DOCKER_CONFIG is third", RUNTIME | CONFIG | DOCKER,
     {{DOCKER_FILE, AUTHS(C)},
      {HOME_FILE, "{\"reg.io\":{\"auth\":\"" D "\"}}"}},
     IMGRW_OK, "c:p"},
    {".dockercfg is last", RUNTIME | CONFIG | DOCKER,
     {{HOME_FILE, "{\"reg.io\":{\"auth\":\"" D "\"}}"}}, IMGRW_OK, "d:p"},
    {"home for XDG_CONFIG_HOME", 0,
     {{HOME_CONFIG_FILE, AUTHS(B)}, {HOME_DOCKER_FILE, AUTHS(C)}}, IMGRW_OK,
     "b:p"},
    {"home for DOCKER_CONFIG", 0, {{HOME_DOCKER_FILE, AUTHS(C)}}, IMGRW_OK,
     "c:p"},
    {"XDG_CONFIG_HOME, not home", CONFIG, {{HOME_CONFIG_FILE, AUTHS(B)}},
     IMGRW_OK, ""},
    {"DOCKER_CONFIG, not home", DOCKER, {{HOME_DOCKER_FILE, AUTHS(C)}},
     IMGRW_OK, ""},
    {"another registry first", RUNTIME,
     {{RUNTIME_FILE, "{\"auths\":{\"b.io\":{\"auth\":\"" A "\"}}}"},
      {HOME_DOCKER_FILE, AUTHS(C)}},
     IMGRW_OK, "c:p"},
    {"an empty entry first", RUNTIME,
     {{RUNTIME_FILE, AUTHS("")}, {HOME_DOCKER_FILE, AUTHS(C)}}, IMGRW_OK,
     "c:p"},
    {"the first match, not the best", RUNTIME,
     {{RUNTIME_FILE, AUTHS(A)},
      {HOME_DOCKER_FILE, "{\"auths\":{\"reg.io/a\":{\"auth\":\"" C "\"}}}"}},
     IMGRW_OK, "a:p"},
    {"nonsense behind the match", RUNTIME,
     {{RUNTIME_FILE, AUTHS(A)}, {HOME_DOCKER_FILE, "nonsense"}}, IMGRW_OK,
     "a:p"},
    {"nonsense before the match", RUNTIME,
     {{RUNTIME_FILE, "nonsense"}, {HOME_DOCKER_FILE, AUTHS(A)}},
     IMGRW_ERR_INPUT, RUNTIME_FILE ": not JSON"},
    {"a wrong entry before the match", RUNTIME,
     {{RUNTIME_FILE, AUTHS("?")}, {HOME_DOCKER_FILE, AUTHS(A)}},
     IMGRW_ERR_INPUT, RUNTIME_FILE ": \"reg.io\": auth is not base64"},
    {"a folder instead of a file", RUNTIME,
     {{RUNTIME_FILE "/x", ""}, {HOME_DOCKER_FILE, AUTHS(A)}}, IMGRW_ERR_IO,
     RUNTIME_FILE ": cannot be read"},
    {"a file instead of a folder", RUNTIME,
     {{"run/containers", ""}, {HOME_DOCKER_FILE, AUTHS(A)}}, IMGRW_OK, "a:p"},
    {"helper without a login first", RUNTIME,
     {{RUNTIME_FILE, "{\"credHelpers\":{\"reg.io\":\"none\"}}"},
      {HOME_DOCKER_FILE, AUTHS(C)}},
     IMGRW_OK, "c:p"},
    {"helper with a login first", RUNTIME,
     {{RUNTIME_FILE, "{\"credHelpers\":{\"reg.io\":\"log\"}}"},
      {HOME_DOCKER_FILE, AUTHS(C)}},
     IMGRW_OK, "u:reg.io"},
    {"helper that fails first", RUNTIME,
     {{RUNTIME_FILE, "{\"credHelpers\":{\"reg.io\":\"fail\"}}"},
      {HOME_DOCKER_FILE, AUTHS(C)}},
     IMGRW_ERR_INPUT, RUNTIME_FILE ": docker-credential-fail failed: boom"},
    {"helper that is not there first", RUNTIME,
     {{RUNTIME_FILE, "{\"credHelpers\":{\"reg.io\":\"gone\"}}"},
      {HOME_DOCKER_FILE, AUTHS(C)}},
     IMGRW_ERR_IO, RUNTIME_FILE ": docker-credential-gone is not installed"},
    {"store", 0, {{HOME_DOCKER_FILE, "{\"credsStore\":\"log\"}"}}, IMGRW_OK,
     "u:reg.io"},
    {"DOCKER_AUTH_CONFIG before all files", RUNTIME,
     {{RUNTIME_FILE, AUTHS(A)}, {HOME_DOCKER_FILE, AUTHS(B)},
      {VARIABLE, AUTHS(C)}},
     IMGRW_OK, "c:p"},
    {"DOCKER_AUTH_CONFIG of another registry", 0,
     {{HOME_DOCKER_FILE, AUTHS(B)},
      {VARIABLE, "{\"auths\":{\"b.io\":{\"auth\":\"" C "\"}}}"}},
     IMGRW_OK, "b:p"},
    {"DOCKER_AUTH_CONFIG alone", NO_HOME, {{VARIABLE, AUTHS(C)}}, IMGRW_OK,
     "c:p"},
    {"empty DOCKER_AUTH_CONFIG", 0,
     {{HOME_DOCKER_FILE, AUTHS(B)}, {VARIABLE, ""}}, IMGRW_OK, "b:p"},
    {"DOCKER_AUTH_CONFIG with helpers", 0,
     {{VARIABLE, "{\"credHelpers\":{\"reg.io\":\"log\"}}"}}, IMGRW_OK,
     "u:reg.io"},
    {"DOCKER_AUTH_CONFIG with a store", 0,
     {{VARIABLE, "{\"credsStore\":\"log\"}"}}, IMGRW_OK, "u:reg.io"},
    {"DOCKER_AUTH_CONFIG that is a path", 0,
     {{HOME_DOCKER_FILE, AUTHS(B)}, {VARIABLE, "/builds/config.json"}},
     IMGRW_ERR_INPUT, VARIABLE ": not JSON"},
    {"a wrong entry of DOCKER_AUTH_CONFIG", 0,
     {{HOME_DOCKER_FILE, AUTHS(B)}, {VARIABLE, AUTHS("?")}}, IMGRW_ERR_INPUT,
     VARIABLE ": \"reg.io\": auth is not base64"},
    {"store of Podman's", RUNTIME, {{RUNTIME_FILE, "{\"credsStore\":\"log\"}"}},
     IMGRW_OK, ""},
};

static const struct row alone_rows[] = {
    {"Docker's", 0, {{"x", AUTHS(A)}, {HOME_DOCKER_FILE, AUTHS(C)}}, IMGRW_OK,
     "a:p"},
    {"our own", 0,
     {{"x", "endpoint: reg.io\nusername: u\npassword: p\n"}}, IMGRW_OK, "u:p"},
    {"nothing else is read", 0,
     {{"x", "{\"auths\":{}}"}, {HOME_DOCKER_FILE, AUTHS(C)}}, IMGRW_OK, ""},
    {"nor is DOCKER_AUTH_CONFIG", 0,
     {{"x", "{\"auths\":{}}"}, {VARIABLE, AUTHS(C)}}, IMGRW_OK, ""},
    {"not there", 0, {{HOME_DOCKER_FILE, AUTHS(C)}}, IMGRW_ERR_IO,
     "x: cannot be read"},
    {"nonsense", 0, {{"x", "{\"auths\":"}}, IMGRW_ERR_INPUT, "x: not JSON"},
    {"store, but no config.json", 0, {{"x", "{\"credsStore\":\"log\"}"}},
     IMGRW_OK, ""},
};

/* Makes the folders of a path that begins with `folder`. */
static void
make_folders(const char *folder, char *path)
{
    for (char *c = path + strlen(folder) + 1; (c = strchr(c, '/')); c++) {
        *c = '\0';
        mkdir(path, 0700);
        *c = '/';
    }
}

static void
write_file(const char *folder, const char *name, const char *text, mode_t mode)
{
    char *path = support_path(folder, name);

    make_folders(folder, path);
    support_write_file(path, support_str(text));
    assert_int_equal(chmod(path, mode), 0);
    free(path);
}

/* A folder with the row's files, and helpers where they are looked for: one has
 * no login, one fails, and one has a login whose password is the server, and
 * writes down that it was asked. */
static char *
make_world(const struct row *row)
{
    char *folder = support_temp_new(), path[1000];

    snprintf(path, sizeof(path),
             "#!/bin/sh\nread -r s\necho $s >> '%s/log'\necho "
             "'{\"Username\":\"u\",\"Secret\":\"'\"$s\"'\"}'\n",
             folder);
    write_file(folder, "bin/docker-credential-log", path, 0700);
    write_file(folder, "bin/docker-credential-none",
               "#!/bin/sh\necho credentials not found in native keychain\n"
               "exit 1\n",
               0700);
    write_file(folder, "bin/docker-credential-fail",
               "#!/bin/sh\necho asked >> \"${0%/bin/*}/log\"\necho boom\n"
               "exit 1\n",
               0700);
    snprintf(path, sizeof(path), "%s/bin:/usr/bin:/bin", folder);
    assert_int_equal(setenv("PATH", path, 1), 0);
    for (size_t i = 0; i < SUPPORT_COUNT(row->files) && row->files[i].path; i++)
        if (strcmp(row->files[i].path, VARIABLE) != 0)
            write_file(folder, row->files[i].path, row->files[i].text, 0600);
    return folder;
}

/* Paths in the folder. */
struct paths {
    char run[200], config[200], docker[200], home[200], alone[200];
};

static struct irw_logins_options
make_options(const char *folder, int variables, struct paths *paths)
{
    struct irw_logins_options options = {.user_id = 4000000000};

    snprintf(paths->run, sizeof(paths->run), "%s/run", folder);
    snprintf(paths->config, sizeof(paths->config), "%s/config", folder);
    snprintf(paths->docker, sizeof(paths->docker), "%s/docker", folder);
    snprintf(paths->home, sizeof(paths->home), "%s/home", folder);
    snprintf(paths->alone, sizeof(paths->alone), "%s/x", folder);
    options.xdg_runtime_dir = variables & RUNTIME ? paths->run : "";
    options.xdg_config_home = variables & CONFIG ? paths->config : NULL;
    options.docker_config = variables & DOCKER ? paths->docker : "";
    options.home = variables & NO_HOME ? NULL : paths->home;
    return options;
}

/* Checks what was found: a login, or an error with its path. */
static void
check(struct support_tally *tally, const struct row *row,
      enum imgrw_status status, const struct irw_login *login,
      const struct imgrw_error *error)
{
    char text[1000] = "";

    if (!support_check(tally, status == row->status, "status %d: %s",
                       (int)status, status ? error->message : ""))
        return;
    if (status == IMGRW_OK && login)
        snprintf(text, sizeof(text), "%s:%s", login->user, login->password);
    if (status != IMGRW_OK)
        snprintf(text, sizeof(text), "%s: %s",
                 error->at.path ? error->at.path : "nowhere", error->message);
    support_check(tally,
                  status == IMGRW_OK ? strcmp(text, row->found) == 0
                                     : !!strstr(text, row->found),
                  "expected \"%s\", got \"%s\"", row->found, text);
}

static void
run_row(struct support_tally *tally, const struct row *row, bool is_alone)
{
    char *folder = make_world(row);
    struct paths paths;
    struct irw_logins_options options =
        make_options(folder, row->variables, &paths);
    struct irw_logins *logins = NULL;
    const struct irw_login *login = NULL;
    struct imgrw_error error = {0};
    enum imgrw_status status;

    options.file = is_alone ? paths.alone : NULL;
    for (size_t i = 0; i < SUPPORT_COUNT(row->files); i++)
        if (row->files[i].path && strcmp(row->files[i].path, VARIABLE) == 0)
            options.docker_auth_config = row->files[i].text;
    status = irw_logins_new(&options, &logins, &error);
    support_check(tally, is_alone || status == IMGRW_OK, "%s", error.message);
    for (int i = 0; i < 2; i++) {
        if (logins)
            status = irw_logins_find(logins, support_str("reg.io"),
                                     support_str("a"), &login, &error);
        check(tally, row, status, login, &error);
    }
    irw_logins_free(logins);
    support_temp_remove(folder);
}

static void
test_order(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        support_row(&tally, "%s", rows[i].name);
        run_row(&tally, &rows[i], false);
    }
    support_finish(&tally);
}

static void
test_alone(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(alone_rows); i++) {
        support_row(&tally, "%s", alone_rows[i].name);
        run_row(&tally, &alone_rows[i], true);
    }
    support_finish(&tally);
}

/* Each program is asked once for a registry, whether it has a login or not. */
static void
test_asked_once(void **state)
{
    static const struct row row = {
        .files = {{HOME_DOCKER_FILE,
                   "{\"credsStore\":\"log\",\"credHelpers\":{\"c.io\":"
                   "\"fail\"}}"}}};
    static const char *const hosts[] = {"reg.io", "reg.io", "b.io",      "c.io",
                                        "c.io",   "reg.io", "docker.io", "c.io",
                                        "docker.io"};
    char *folder = make_world(&row), *path = support_path(folder, "log");
    struct paths paths;
    const struct irw_logins_options options = make_options(folder, 0, &paths);
    struct irw_logins *logins;
    struct imgrw_error error;
    imgrw_str log;

    (void)state;
    assert_int_equal(irw_logins_new(&options, &logins, &error), IMGRW_OK);
    for (size_t i = 0; i < SUPPORT_COUNT(hosts); i++) {
        const struct irw_login *login;
        bool fails = strcmp(hosts[i], "c.io") == 0;

        assert_int_equal(irw_logins_find(logins, support_str(hosts[i]),
                                         support_str(i % 2 ? "a" : "b"), &login,
                                         &error),
                         fails ? IMGRW_ERR_INPUT : IMGRW_OK);
        assert_true(!login == fails);
    }
    irw_logins_free(logins);
    log = support_read_file(path);
    assert_string_equal(log.data,
                        "reg.io\nb.io\nasked\nhttps://index.docker.io/v1/\n");
    free((char *)(uintptr_t)log.data);
    free(path);
    support_temp_remove(folder);
}

static void
hear(const struct imgrw_location *at, const char *message, void *user)
{
    char *heard = user;

    snprintf(heard, 1000, "%s: %s", at->path, message);
}

/* Permissions of a file, and whether it is warned of. */
static const struct mode_row {
    const char *name, *text;
    mode_t mode;
    bool warns;
} mode_rows[] = {
    {"only the owner", AUTHS(A), 0600, false},
    {"the group", AUTHS(A), 0640, true},
    {"everybody", AUTHS(A), 0604, true},
    {"everybody, but no login", AUTHS(""), 0644, false},
};

static void
test_modes(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(mode_rows); i++) {
        char *folder = support_temp_new(), heard[1000] = "";
        struct paths paths;
        struct irw_logins_options options = make_options(folder, 0, &paths);
        struct irw_logins *logins;

        options.warn = hear;
        options.user = heard;
        support_row(&tally, "%s", mode_rows[i].name);
        write_file(folder, HOME_DOCKER_FILE, mode_rows[i].text,
                   mode_rows[i].mode);
        assert_int_equal(irw_logins_new(&options, &logins, NULL), IMGRW_OK);
        support_check(&tally,
                      !!strstr(heard, HOME_DOCKER_FILE
                               ": other users of this machine") ==
                          mode_rows[i].warns,
                      "heard \"%s\"", heard);
        irw_logins_free(logins);
        support_temp_remove(folder);
    }
    support_finish(&tally);
}

/* The largest file, and one more byte; and a name that is empty. */
static void
test_limits(void **state)
{
    static const struct row row = {.name = NULL};
    size_t size = IRW_LOGINS_FILE_BYTES + 1;
    char *folder = make_world(&row), *text = malloc(size);
    struct paths paths;
    struct irw_logins_options options = make_options(folder, 0, &paths);
    struct irw_logins *logins;
    struct imgrw_error error;

    (void)state;
    assert_non_null(text);
    memset(text, ' ', size);
    memcpy(text, AUTHS(A), strlen(AUTHS(A)));
    options.file = paths.alone;
    support_write_file(paths.alone, (imgrw_str){text, size});
    assert_int_equal(irw_logins_new(&options, &logins, &error),
                     IMGRW_ERR_LIMIT);
    assert_string_equal(error.at.path, paths.alone);
    support_write_file(paths.alone, (imgrw_str){text, size - 1});
    assert_int_equal(irw_logins_new(&options, &logins, &error), IMGRW_OK);
    irw_logins_free(logins);
    options.file = "";
    assert_int_equal(irw_logins_new(&options, &logins, &error), IMGRW_ERR_IO);
    irw_logins_free(NULL);
    free(text);
    support_temp_remove(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),      cmocka_unit_test(test_alone),
        cmocka_unit_test(test_asked_once), cmocka_unit_test(test_modes),
        cmocka_unit_test(test_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
