/*
 * The public functions, as far as they need no registry: what they refuse, and
 * how a run ends when nobody answers. Port 1 of this machine is closed.
 */
#include "doorkeeper.h"
#include "support.h"

#include <imgrewrite/registry.h>

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct imgrw_registry_client *
make_client(const struct imgrw_registry_options *options)
{
    struct imgrw_registry_client *client = NULL;
    struct imgrw_error error;

    assert_int_equal(imgrw_registry_new(options, &client, &error), IMGRW_OK);
    return client;
}

static void
add(struct imgrw_registry_client *client, const char *reference)
{
    assert_int_equal(imgrw_registry_add(client, support_str(reference), NULL),
                     IMGRW_OK);
}

/* Options that are refused, with a word of the message. */
static const struct {
    const char *name;
    struct imgrw_registry_options options;
    enum imgrw_status status;
    const char *word;
} refused[] = {
#define SIZE .size = sizeof(struct imgrw_registry_options)
#define LIST(entry) (const char *const[]){entry, NULL}
    {"no size", {.in_flight = 1}, IMGRW_ERR_ARGUMENT, "size"},
    {"insecure URL", {SIZE, .insecure_registries = LIST("http://reg/")},
     IMGRW_ERR_INPUT, "http://reg/"},
    {"insecure pattern", {SIZE, .insecure_registries = LIST("*.example")},
     IMGRW_ERR_INPUT, "HOST:PORT"},
    {"short connection", {SIZE, .connect_to = LIST("a:443:b")},
     IMGRW_ERR_INPUT, "CONNECT_HOST"},
    {"connection to a word", {SIZE, .connect_to = LIST("a:443:b:c")},
     IMGRW_ERR_INPUT, "a:443:b:c"},
    {"connection from a word", {SIZE, .connect_to = LIST("a:x:b:1")},
     IMGRW_ERR_INPUT, "CONNECT_HOST"},
    {"no file", {SIZE, .ca_file = "/nosuch/ca.pem"}, IMGRW_ERR_IO,
     "/nosuch/ca.pem"},
    {"no certificate", {SIZE, .ca_file = "/dev/null"}, IMGRW_ERR_IO, "PEM"},
    {"folder of certificates", {SIZE, .ca_file = "/"}, IMGRW_ERR_IO, "PEM"},
    {"endpoint over http", {SIZE, .ecr_endpoint = "http://ecr.example/"},
     IMGRW_ERR_INPUT, "https"},
    {"endpoint that is no URL", {SIZE, .ecr_endpoint = "ecr"}, IMGRW_ERR_INPUT,
     "https"},
};

static const struct {
    const char *name;
    struct imgrw_registry_options options;
} accepted[] = {
    {"nothing but a size", {SIZE}},
    {"connections",
     {SIZE, .connect_to = (const char *const[]){"a:443:127.0.0.1:5143",
                                                "::[::1]:1", "[::1]:1:b:",
                                                NULL}}},
    {"folders of certificates",
     {SIZE, .certificate_folders = (const char *const[]){"/nosuch", "", NULL}}},
    {"empty lists", {SIZE, .connect_to = LIST(NULL),
                     .certificate_folders = LIST(NULL),
                     .insecure_registries = LIST(NULL)}},
    {"endpoint on this machine", {SIZE, .ecr_endpoint = "http://127.0.0.1:1/"}},
    {"endpoint", {SIZE, .ecr_endpoint = "https://ecr.example/"}},
    {"limits", {SIZE, .in_flight = 4000000000u, .request_timeout = 4000000000u,
                .connect_timeout = 4000000000u}},
};

static void
test_options(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(refused); i++) {
        struct imgrw_registry_client *client = NULL;
        struct imgrw_error error = {.status = IMGRW_OK};

        support_row(&tally, "%s", refused[i].name);
        support_check(&tally,
                      imgrw_registry_new(&refused[i].options, &client,
                                         &error) == refused[i].status &&
                          error.status == refused[i].status,
                      "the status is %d: %s", (int)error.status,
                      error.message);
        support_check(&tally, strstr(error.message, refused[i].word), "%s",
                      error.message);
        support_check(&tally, !client, "there is a client");
    }
    for (size_t i = 0; i < SUPPORT_COUNT(accepted); i++) {
        struct imgrw_registry_client *client = NULL;
        struct imgrw_error error = {.status = IMGRW_OK};

        support_row(&tally, "%s", accepted[i].name);
        support_check(&tally,
                      imgrw_registry_new(&accepted[i].options, &client,
                                         &error) == IMGRW_OK,
                      "%s", error.message);
        imgrw_registry_free(client);
    }
    support_finish(&tally);
}

/* Options of an older caller, and of a newer one. */
static void
test_sizes(void **state)
{
    struct {
        struct imgrw_registry_options known;
        int more;
    } newer = {.known.size = sizeof(newer)};
    struct imgrw_registry_options older = {
        .size = offsetof(struct imgrw_registry_options, connect_timeout),
        .connect_timeout = 1,
        .ca_file = "/nosuch",
    };
    struct imgrw_registry_client *client = NULL;

    (void)state;
    imgrw_registry_free(make_client(&older));
    imgrw_registry_free(make_client(&newer.known));
    imgrw_registry_free(make_client(NULL));
    newer.more = 1;
    assert_int_equal(imgrw_registry_new(&newer.known, &client, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_registry_new(NULL, NULL, NULL), IMGRW_ERR_ARGUMENT);
}

static void
test_references(void **state)
{
    static const char *const wrong[] = {"", "UPPER", "a b", "a/", "a:b:c",
                                        "reg.example:99999/x",
                                        "reg.example:0/x"};
    struct support_tally tally = {0};
    struct imgrw_registry_client *client = make_client(NULL);

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(wrong); i++) {
        struct imgrw_error error = {.status = IMGRW_OK};

        support_row(&tally, "\"%s\"", wrong[i]);
        support_check(&tally,
                      imgrw_registry_add(client, support_str(wrong[i]),
                                         &error) == IMGRW_ERR_REFERENCE &&
                          error.message[0] != '\0',
                      "it is taken");
    }
    support_finish(&tally);
    assert_int_equal(imgrw_registry_count(client), 0);
    assert_null(imgrw_registry_answer(client, 0));
    assert_int_equal(imgrw_registry_run(client, NULL), IMGRW_OK);
    assert_int_equal(imgrw_registry_run(client, NULL), IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_registry_add(client, support_str("a"), NULL),
                     IMGRW_ERR_ARGUMENT);
    imgrw_registry_free(client);
}

/* Files of logins that are there, or have to be. */
static void
test_logins(void **state)
{
    struct imgrw_registry_client *client = make_client(NULL);
    struct imgrw_login_places places = {.size = sizeof(places)};
    struct imgrw_error error;

    (void)state;
    assert_int_equal(imgrw_registry_use_logins(NULL, &places, NULL),
                     IMGRW_ERR_ARGUMENT);
    places.file = "/nosuch/auth.json";
    assert_int_equal(imgrw_registry_use_logins(client, &places, &error),
                     IMGRW_ERR_IO);
    assert_int_equal(error.status, IMGRW_ERR_IO);
    places.file = "/dev/null";
    assert_int_equal(imgrw_registry_use_logins(client, &places, &error),
                     IMGRW_ERR_INPUT);
    places.file = NULL;
    places.xdg_runtime_dir = places.home = "/nosuch";
    assert_int_equal(imgrw_registry_use_logins(client, &places, NULL),
                     IMGRW_OK);
    assert_int_equal(imgrw_registry_use_logins(client, &places, NULL),
                     IMGRW_OK);
    places.size = 0;
    assert_int_equal(imgrw_registry_use_logins(client, &places, NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_registry_run(client, NULL), IMGRW_OK);
    places.size = sizeof(places);
    assert_int_equal(imgrw_registry_use_logins(client, &places, NULL),
                     IMGRW_ERR_ARGUMENT);
    imgrw_registry_free(client);
}

static void
test_null(void **state)
{
    (void)state;
    assert_int_equal(imgrw_registry_add(NULL, support_str("a"), NULL),
                     IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_registry_run(NULL, NULL), IMGRW_ERR_ARGUMENT);
    assert_int_equal(imgrw_registry_count(NULL), 0);
    assert_null(imgrw_registry_answer(NULL, 0));
    assert_null(imgrw_registry_login(NULL, 0));
    imgrw_registry_free(NULL);
}

/* What the callback was told, and whether it wants to go on. */
struct told {
    size_t calls, done, total;
    size_t stop_at; /* done images; SIZE_MAX: never */
};

static int
hear(const struct imgrw_registry_progress *progress, void *user)
{
    struct told *told = user;

    told->calls++;
    assert_true(progress->done >= told->done);
    assert_true(progress->done <= progress->total);
    assert_true((progress->done > 0) == (progress->reference.size > 0));
    told->done = progress->done;
    told->total = progress->total;
    return progress->done >= told->stop_at;
}

static void
check_answer(const struct imgrw_registry_client *client, size_t index,
             const char *reference, enum imgrw_registry_outcome outcome)
{
    const struct imgrw_answer *answer = imgrw_registry_answer(client, index);

    assert_non_null(answer);
    assert_true(support_equal(answer->reference, support_str(reference)));
    assert_int_equal(answer->outcome, outcome);
    assert_int_equal(answer->anonymous, outcome);
    assert_non_null(answer->reason);
    assert_null(answer->login);
    assert_int_equal(answer->http_status, 0);
    assert_int_equal(answer->digest.size, 0);
    assert_int_equal(answer->rate_remaining, -1);
    assert_int_equal(answer->platform_count, 0);
    assert_int_equal(answer->login_failed, 0);
    assert_null(imgrw_registry_login(client, index));
}

/* Answers are in the order of the references; what is the same is asked once;
 * what a host that cannot be reached has is not asked for one by one. */
static void
test_unreachable(void **state)
{
    static const char *const references[] = {
        "127.0.0.1:1/b", "127.0.0.1:1/a:x", "127.0.0.1:1/b:latest",
        "127.0.0.1:1/a:x", "127.0.0.1:1/c",
    };
    struct told told = {.stop_at = SIZE_MAX};
    struct imgrw_registry_options options = {
        SIZE, .progress = hear, .user = &told};
    struct imgrw_registry_client *client = make_client(&options);

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(references); i++)
        add(client, references[i]);
    assert_int_equal(imgrw_registry_run(client, NULL), IMGRW_OK);
    assert_int_equal(imgrw_registry_count(client), SUPPORT_COUNT(references));
    for (size_t i = 0; i < SUPPORT_COUNT(references); i++)
        check_answer(client, i, references[i], IMGRW_REGISTRY_UNREACHABLE);
    assert_int_equal(told.done, 3);
    assert_int_equal(told.total, 3);
    assert_true(told.calls >= 3);
    imgrw_registry_free(client);
}

/* A port that takes connections and never answers. */
static int
open_deaf_port(char *reference, size_t size)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(file >= 0);
    assert_int_equal(bind(file, (struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(file, 8), 0);
    assert_int_equal(getsockname(file, (struct sockaddr *)&address, &length),
                     0);
    snprintf(reference, size, "127.0.0.1:%u/x",
             (unsigned)ntohs(address.sin_port));
    return file;
}

/* A run is stopped at the first call, with nothing known. */
static void
test_stopping(void **state)
{
    struct told told = {.stop_at = 0};
    struct imgrw_registry_options options = {
        SIZE, .progress = hear, .user = &told};
    struct imgrw_registry_client *client = make_client(&options);
    struct imgrw_error error;
    char reference[40];
    int file = open_deaf_port(reference, sizeof(reference));

    (void)state;
    add(client, reference);
    assert_int_equal(imgrw_registry_run(client, &error), IMGRW_ERR_STOPPED);
    assert_int_equal(error.status, IMGRW_ERR_STOPPED);
    check_answer(client, 0, reference, IMGRW_REGISTRY_NOT_ASKED);
    imgrw_registry_free(client);
    close(file);
}

/* A silent server costs no more than the time that a request has, or that all
 * have. */
static void
test_time(void **state)
{
    struct imgrw_registry_options options[] = {
        {SIZE, .request_timeout = 200}, {SIZE, .deadline = 200}};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(options); i++) {
        struct imgrw_registry_client *client = make_client(&options[i]);
        char reference[40];
        int file = open_deaf_port(reference, sizeof(reference));

        add(client, reference);
        assert_int_equal(imgrw_registry_run(client, NULL), IMGRW_OK);
        check_answer(client, 0, reference, IMGRW_REGISTRY_TIMEOUT);
        imgrw_registry_free(client);
        close(file);
    }
}

/* Logins for the registry of the doorkeeper, and what is handed out. */
static const struct login_row {
    const char *name, *format; /* of the file, with the registry in it */
    const char *user, *password, *identity_token; /* NULL user: nothing is */
    int64_t expires_at;
    int login_failed;
} login_rows[] = {
    {"user and password",
     "{\"auths\":{\"%s\":{\"auth\":\"dTpwOnE=\"}}}", "u", "p:q", NULL, 0,
     0},
    {"our own",
     "{endpoint: %s, username: u, password: p, "
     "expiresAt: 2026-01-02T03:04:05Z}",
     "u", "p", NULL, 1767323045, 0},
    {"no password",
     "{\"auths\":{\"%s\":{\"username\":\"u\",\"identitytoken\":\"t\"}}}",
     "u", "", "t", 0, 0},
    {"of another registry",
     "{\"auths\":{\"a.io\":{\"auth\":\"dTpw\"},\"b.io:%s\":{}}}", NULL,
     NULL, NULL, 0, 0},
    {"a program that is not there", "{\"credHelpers\":{\"%s\":\"nosuch\"}}",
     NULL, NULL, NULL, 0, 1},
    {"one that makes no sense", "{\"auths\":{\"%s\":{\"auth\":\"?\"}}}", NULL,
     NULL, NULL, 0, 1},
};

/* Asks for an image twice, with the file of logins. */
static struct imgrw_registry_client *
ask_with_file(const struct doorkeeper *doorkeeper, const char *path)
{
    const struct imgrw_login_places places = {.size = sizeof(places),
                                              .file = path};
    struct imgrw_registry_client *client = make_client(NULL);

    assert_int_equal(imgrw_registry_use_logins(client, &places, NULL),
                     IMGRW_OK);
    add(client, doorkeeper->image);
    add(client, doorkeeper->image);
    assert_null(imgrw_registry_login(client, 0));
    assert_int_equal(imgrw_registry_run(client, NULL), IMGRW_OK);
    return client;
}

static void
check_login(struct support_tally *tally, const struct login_row *row,
            const struct imgrw_registry_client *client, const char *registry)
{
    for (size_t i = 0; i < 2; i++) {
        const struct imgrw_login *login = imgrw_registry_login(client, i);
        const struct imgrw_answer *answer = imgrw_registry_answer(client, i);

        support_check(tally, answer->login_failed == row->login_failed,
                      "failed: %d, %s", answer->login_failed, answer->reason);
        if (!support_check(tally, !login == !row->user, "%s", answer->reason) ||
            !login)
            continue;
        support_check_str(tally, "registry", support_str(login->registry),
                          support_str(registry));
        support_check_str(tally, "user", support_str(login->username),
                          support_str(row->user));
        support_check_str(tally, "password", support_str(login->password),
                          support_str(row->password));
        support_check_str(tally, "token", support_str(login->identity_token),
                          support_str(row->identity_token));
        support_check(tally,
                      login->expires_at == row->expires_at &&
                          answer->login_expires_at == row->expires_at,
                      "it expires at %lld", (long long)login->expires_at);
    }
    support_check(tally, !imgrw_registry_login(client, 2), "a third one");
}

/* The login is handed out with which an image can be pulled. */
static void
test_handed_out(void **state)
{
    struct support_tally tally = {0};
    struct doorkeeper doorkeeper;
    char registry[40], *folder = support_temp_new();
    char *path = support_path(folder, "logins");

    (void)state;
    doorkeeper_start(&doorkeeper);
    strcpy(registry, doorkeeper.image);
    *strchr(registry, '/') = '\0';
    for (size_t i = 0; i < SUPPORT_COUNT(login_rows); i++) {
        struct imgrw_registry_client *client;
        FILE *file = fopen(path, "w");

        assert_non_null(file);
        fprintf(file, login_rows[i].format, registry);
        assert_int_equal(fclose(file), 0);
        support_row(&tally, "%s", login_rows[i].name);
        client = ask_with_file(&doorkeeper, path);
        check_login(&tally, &login_rows[i], client, registry);
        imgrw_registry_free(client);
    }
    doorkeeper_stop(&doorkeeper);
    free(path);
    support_temp_remove(folder);
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_logins),
        cmocka_unit_test(test_null),
        cmocka_unit_test(test_unreachable),
        cmocka_unit_test(test_stopping),
        cmocka_unit_test(test_time),
        cmocka_unit_test(test_handed_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
