/*
 * User and password in base64. Expected texts are those of Go's
 * base64.StdEncoding, and of the examples of RFC 7617.
 */
#include "registry/auth.h"
#include "support.h"

#define STR(literal) IMGRW_STR_INIT(literal)

/* What is written, and read back. */
static const struct pair_row {
    const char *name;
    imgrw_str user, password, text;
} pair_rows[] = {
    {"RFC 7617", STR("Aladdin"), STR("open sesame"),
     STR("QWxhZGRpbjpvcGVuIHNlc2FtZQ==")},
    {"RFC 7617, UTF-8", STR("test"), STR("123\xC2\xA3"),
     STR("dGVzdDoxMjPCow==")},
    {"nothing", {0}, {0}, STR("Og==")},
    {"no user", {0}, STR("p"), STR("OnA=")},
    {"no password", STR("u"), {0}, STR("dTo=")},
    {"colons", STR("u"), STR("p:q:r"), STR("dTpwOnE6cg==")},
    {"no padding", STR("u"), STR("p"), STR("dTpw")},
    {"last digits", STR("\xFF\xFE"), STR("\xFB\xEF\xBE\xFF\xFF"),
     STR("//46++++//8=")},
};

static void
test_pairs(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(pair_rows); i++) {
        const struct pair_row *row = &pair_rows[i];
        struct irw_bytes text = {0}, pair = {0};
        imgrw_str user = {0}, password = {0};
        enum irw_auth_status status;

        support_row(&tally, "%s", row->name);
        irw_auth_write(&text, row->user, row->password);
        support_check_str(&tally, "text", (imgrw_str){text.data, text.size},
                          row->text);
        status = irw_auth_read(row->text, &pair, &user, &password);
        support_check(&tally, status == IRW_AUTH_FINE, "status %d",
                      (int)status);
        support_check_str(&tally, "user", user, row->user);
        support_check_str(&tally, "password", password, row->password);
        irw_bytes_wipe(&text);
        irw_bytes_wipe(&pair);
    }
    support_finish(&tally);
}

/* What else is read, as Go reads it, or not. */
static const struct text_row {
    const char *name;
    imgrw_str text;
    enum irw_auth_status status;
    const char *password; /* of user u */
} text_rows[] = {
    {"line feed at the end", STR("dTpw\n"), IRW_AUTH_FINE, "p"},
    {"line break inside", STR("dT\r\npw"), IRW_AUTH_FINE, "p"},
    {"line break in the padding", STR("dTo=\n"), IRW_AUTH_FINE, ""},
    {"zero bytes at the end", STR("dTpwAAA="), IRW_AUTH_FINE, "p"},
    {"bits after the end", STR("dTp="), IRW_AUTH_FINE, ""},
    {"nothing", {0}, IRW_AUTH_NO_COLON, NULL},
    {"no colon", STR("dXA="), IRW_AUTH_NO_COLON, NULL},
    {"no padding", STR("dTpwcQ"), IRW_AUTH_NOT_BASE64, NULL},
    {"one padding of two", STR("dTpwcQ="), IRW_AUTH_NOT_BASE64, NULL},
    {"only padding", STR("===="), IRW_AUTH_NOT_BASE64, NULL},
    {"one digit", STR("d==="), IRW_AUTH_NOT_BASE64, NULL},
    {"digit after padding", STR("dTo=dTpw"), IRW_AUTH_NOT_BASE64, NULL},
    {"digit inside of padding", STR("dT=w"), IRW_AUTH_NOT_BASE64, NULL},
    {"padding after a group", STR("dTpw="), IRW_AUTH_NOT_BASE64, NULL},
    {"letters of file names", STR("dTp-"), IRW_AUTH_NOT_BASE64, NULL},
    {"blank", STR("dT pw"), IRW_AUTH_NOT_BASE64, NULL},
    {"NUL", STR("dTp\0"), IRW_AUTH_NOT_BASE64, NULL},
    {"plain text", STR("u:p"), IRW_AUTH_NOT_BASE64, NULL},
};

static void
test_texts(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(text_rows); i++) {
        const struct text_row *row = &text_rows[i];
        struct irw_bytes pair = {0};
        imgrw_str user = {0}, password = {0};
        enum irw_auth_status status =
            irw_auth_read(row->text, &pair, &user, &password);

        support_row(&tally, "%s", row->name);
        support_check(&tally, status == row->status, "status %d", (int)status);
        if (status == IRW_AUTH_FINE) {
            support_check_str(&tally, "user", user, support_str("u"));
            support_check_str(&tally, "password", password,
                              support_str(row->password));
        }
        irw_bytes_wipe(&pair);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
