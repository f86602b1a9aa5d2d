/*
 * Logins: what may be one, and that copies are copies.
 */
#include "registry/login.h"
#include "support.h"

#include <string.h>

#define STR(literal) IMGRW_STR_INIT(literal)

/* Parts; a word of what is said against them, or NULL. */
static const struct row {
    const char *name;
    struct irw_login_parts parts;
    const char *fault;
} rows[] = {
    {"user and password", {STR("u"), STR("p"), {0}, {0}}, NULL},
    {"nothing", {{0}, {0}, {0}, {0}}, NULL},
    {"colon in the password", {STR("u"), STR("p:q"), {0}, {0}}, NULL},
    {"other letters", {STR("Ü"), STR("ß "), {0}, {0}}, NULL},
    {"token", {STR("u"), {0}, STR("aZ~!._-"), STR("a file")}, NULL},
    {"colon in the user name", {STR("u:v"), STR("p"), {0}, {0}}, "\":\""},
    {"line break in the user name", {STR("u\n"), STR("p"), {0}, {0}},
     "user name"},
    {"NUL in the password", {STR("u"), STR("p\0q"), {0}, {0}}, "password"},
    {"line break in the password", {STR("u"), STR("p\r\n"), {0}, {0}},
     "password"},
    {"DEL in the password", {STR("u"), STR("p\x7F"), {0}, {0}}, "password"},
    {"blank in the token", {STR("u"), {0}, STR("a b"), {0}}, "token"},
    {"line break in the token", {STR("u"), {0}, STR("a\r\nb"), {0}}, "token"},
    {"other letter in the token", {STR("u"), {0}, STR("\xC3\x9C"), {0}},
     "token"},
};

static void
test_faults(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        const char *fault = irw_login_fault(&rows[i].parts);

        support_row(&tally, "%s", rows[i].name);
        support_check(&tally, !fault == !rows[i].fault, "%s",
                      fault ? fault : "accepted");
        if (fault && rows[i].fault)
            support_check(&tally, strstr(fault, rows[i].fault), "%s", fault);
    }
    support_finish(&tally);
}

static void
check_login(struct support_tally *tally, const struct irw_login *login,
            const struct irw_login_parts *parts)
{
    support_check_str(tally, "user", support_str(login->user), parts->user);
    support_check_str(tally, "password", support_str(login->password),
                      parts->password);
    support_check_str(tally, "token", support_str(login->identity_token),
                      parts->identity_token);
    support_check(tally, !login->identity_token == !parts->identity_token.size,
                  "an empty token");
    support_check_str(tally, "source", support_str(login->source),
                      parts->source);
}

static void
test_copies(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct irw_login *login, *other;

        if (rows[i].fault)
            continue;
        support_row(&tally, "%s", rows[i].name);
        login = irw_login_new(&rows[i].parts);
        assert_non_null(login);
        check_login(&tally, login, &rows[i].parts);
        login->expires_at = (int64_t)i;
        other = irw_login_copy(login);
        irw_login_free(login);
        assert_non_null(other);
        check_login(&tally, other, &rows[i].parts);
        support_check(&tally, other->expires_at == (int64_t)i,
                      "it expires at another time");
        irw_login_free(other);
    }
    irw_login_free(NULL);
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_copies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
