/*
 * Logins that ECR makes of access keys: who needs one, and what becomes of
 * those that cannot be asked for. What ECR answers is test_ecr_logins.py's.
 */
#include "registry/ecr_login.h"
#include "registry/clock.h"
#include "registry/login.h"
#include "support.h"

#include <string.h>

#define HOST  "123456789012.dkr.ecr.us-west-2.amazonaws.com"
#define OTHER "123456789012.dkr.ecr.us-east-1.amazonaws.com"

/* A login of these parts, to be released. */
static struct irw_login *
make_login(const char *user, const char *password)
{
    const struct irw_login_parts parts = {
        .user = support_str(user),
        .password = support_str(password),
        .source = IMGRW_STR("file"),
    };
    struct irw_login *login = irw_login_new(&parts);

    assert_non_null(login);
    return login;
}

static const struct row {
    const char *name, *host, *user, *password;
    bool wants;
} rows[] = {
    {"access key", HOST, "AKIDEXAMPLE", "s", true},
    {"with a port", HOST ":443", "AKIDEXAMPLE", "s", true},
    {"public", "public.ecr.aws", "AKIDEXAMPLE", "s", true},
    {"an account that cannot be",
     "4999999999999.dkr.ecr.us-east-2.amazonaws.com", "AKIDEXAMPLE", "s", true},
    {"what is no key", HOST, "alice", "s", true},
    {"a password of ECR", HOST, "AWS", "s", false},
    {"no user", HOST, "", "", false},
    {"no secret key", HOST, "AKIDEXAMPLE", "", false},
    {"another registry", "reg.example.com", "AKIDEXAMPLE", "s", false},
    {"one that looks like it", HOST ".example.com", "AKIDEXAMPLE", "s", false},
};

static void
test_wants(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct irw_login *login = make_login(rows[i].user, rows[i].password);

        support_row(&tally, "%s", rows[i].name);
        support_check(&tally,
                      irw_ecr_wants_key(rows[i].host, login) == rows[i].wants,
                      "it is the other way round");
        irw_login_free(login);
    }
    support_finish(&tally);
}

static bool
go_on(void *user)
{
    int *calls = user;

    return (*calls)-- > 0;
}

/* Asks where nobody is; there are so many `calls` of the callback. */
static enum imgrw_status
get(struct irw_ecr_logins *logins, int calls, long long deadline)
{
    const struct irw_ecr_logins_options options = {
        .transport = {.in_flight = 1, .wire = {.connect_timeout = 5000,
                                               .request_timeout = 5000}},
        .endpoint = "http://127.0.0.1:1",
        .deadline = deadline,
        .go_on = go_on,
        .user = &calls,
    };

    return irw_ecr_logins_get(logins, &options);
}

/* The same key for the same registry is one question. */
static void
test_same(void **state)
{
    struct irw_ecr_logins logins = {NULL};
    struct irw_login *key = make_login("AKIDEXAMPLE", "s");
    struct irw_login *other = make_login("AKIDEXAMPLE", "s");
    struct irw_ecr_login *login = irw_ecr_logins_add(&logins, HOST, key);

    (void)state;
    assert_non_null(login);
    assert_ptr_equal(irw_ecr_logins_add(&logins, HOST, key), login);
    assert_ptr_not_equal(irw_ecr_logins_add(&logins, OTHER, key), login);
    assert_ptr_not_equal(irw_ecr_logins_add(&logins, HOST, other), login);
    irw_ecr_logins_clear(&logins);
    assert_null(logins.first);
    irw_login_free(key);
    irw_login_free(other);
}

/* What ends without an answer. */
static void
test_ends(void **state)
{
    static const struct {
        const char *name, *user;
        int calls;
        bool is_late;
        enum imgrw_status status;
        enum irw_verdict verdict;
        const char *word;
    } ends[] = {
        {"nobody there", "AKIDEXAMPLE", 1000, false, IMGRW_OK,
         IRW_VERDICT_NO_CONNECTION, "--ecr-endpoint"},
        {"no key", "no key", 1000, false, IMGRW_OK, IRW_VERDICT_ACCESS_KEY,
         "letters and digits"},
        {"stopped", "AKIDEXAMPLE", 0, false, IMGRW_ERR_STOPPED,
         IRW_VERDICT_STOPPED, "stopped"},
        {"too late", "AKIDEXAMPLE", 1000, true, IMGRW_OK,
         IRW_VERDICT_DEADLINE, "deadline"},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(ends); i++) {
        struct irw_ecr_logins logins = {NULL};
        struct irw_login *key = make_login(ends[i].user, "hunter2");
        struct irw_ecr_login *login = irw_ecr_logins_add(&logins, HOST, key);
        enum imgrw_status status = get(&logins, ends[i].calls,
                                       ends[i].is_late ? irw_clock_now() : 0);
        struct irw_ecr_grant grant = irw_ecr_login_grant(login);

        support_row(&tally, "%s", ends[i].name);
        support_check(&tally, status == ends[i].status, "status %d",
                      (int)status);
        support_check(&tally, !grant.login && grant.expires_at == 0, "a login");
        support_check(&tally, grant.verdict == ends[i].verdict, "verdict %d",
                      (int)grant.verdict);
        support_check(&tally,
                      strstr(grant.reason, ends[i].word) &&
                          !strstr(grant.reason, "hunter2"),
                      "%s", grant.reason);
        irw_ecr_logins_clear(&logins);
        irw_login_free(key);
    }
    support_finish(&tally);
}

/* Nothing to ask for needs no transport. */
static void
test_none(void **state)
{
    struct irw_ecr_logins logins = {NULL};

    (void)state;
    assert_int_equal(get(&logins, 0, 0), IMGRW_OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wants),
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
