/*
 * Requests for tokens, and their answers. The forms are those of the token
 * protocol of distribution, and the values of "Basic" those of RFC 7617.
 */
#include "registry/token.h"
#include "support.h"

#include <string.h>

static const struct {
    const char *name, *realm, *service, *repository, *account, *url;
} urls[] = {
    {"Docker Hub", "https://auth.docker.io/token", "registry.docker.io",
     "library/nginx", "",
     "https://auth.docker.io/token?service=registry.docker.io&"
     "scope=repository%3Alibrary%2Fnginx%3Apull"},
    {"query of the realm", "http://t/token?a=b", "s", "x", "",
     "http://t/token?a=b&service=s&scope=repository%3Ax%3Apull"},
    {"no service", "http://t/", "", "x", "",
     "http://t/?scope=repository%3Ax%3Apull"},
    {"account", "http://t/", "s", "x", "a&b",
     "http://t/?account=a%26b&service=s&scope=repository%3Ax%3Apull"},
    {"service with separators", "http://t/", "a b&scope=c", "x", "",
     "http://t/?service=a%20b%26scope%3Dc&scope=repository%3Ax%3Apull"},
};

static void
test_requests(void **state)
{
    struct support_tally tally = {0};
    struct irw_bytes form = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(urls); i++) {
        struct irw_token_wish wish = {
            .realm = support_str(urls[i].realm),
            .service = support_str(urls[i].service),
            .repository = support_str(urls[i].repository),
            .account = support_str(urls[i].account),
        };
        struct irw_bytes url = {0};

        support_row(&tally, "%s", urls[i].name);
        irw_token_url(&wish, &url);
        support_check_str(&tally, "URL", (imgrw_str){url.data, url.size},
                          support_str(urls[i].url));
        irw_bytes_clear(&url);
    }
    support_finish(&tally);
    irw_token_form(&(struct irw_token_wish){.service = support_str("s"),
                                            .repository = support_str("a/b"),
                                            .identity = support_str("i=d")},
                   &form);
    assert_string_equal(form.data,
                        "grant_type=refresh_token&client_id=imgrewrite&"
                        "service=s&scope=repository%3Aa%2Fb%3Apull&"
                        "refresh_token=i%3Dd");
    irw_bytes_wipe(&form);
}

static const struct {
    const char *user, *password, *value;
} basics[] = {
    {"Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
    {"test", "123\xC2\xA3", "Basic dGVzdDoxMjPCow=="},
    {"", "", "Basic Og=="},
    {"a", "", "Basic YTo="},
    {"a", "b", "Basic YTpi"},
    {"\xFF\xFE", "\xFB\xEF", "Basic //46++8="},
};

static void
test_basic(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(basics); i++) {
        struct irw_bytes value = {0};

        support_row(&tally, "%s", basics[i].value);
        irw_basic_value(support_str(basics[i].user),
                        support_str(basics[i].password), &value);
        support_check_str(&tally, "value", (imgrw_str){value.data, value.size},
                          support_str(basics[i].value));
        irw_bytes_wipe(&value);
    }
    support_finish(&tally);
}

/* A token of NULL: the answer holds none. */
static const struct {
    const char *name, *body, *token;
    unsigned seconds;
} answers[] = {
    {"token", "{\"token\":\"good\",\"expires_in\":300}", "good", 300},
    {"access_token", "{\"access_token\":\"good\"}", "good", 60},
    {"both", "{\"access_token\":\"b\",\"token\":\"a\"}", "a", 60},
    {"empty token", "{\"access_token\":\"b\",\"token\":\"\"}", "b", 60},
    {"token null", "{\"access_token\":\"b\",\"token\":null}", "b", 60},
    {"a second", "{\"token\":\"a\",\"expires_in\":1}", "a", 60},
    {"negative", "{\"token\":\"a\",\"expires_in\":-5}", "a", 60},
    {"a year", "{\"token\":\"a\",\"expires_in\":31536000}", "a", 86400},
    {"seconds as a string", "{\"token\":\"a\",\"expires_in\":\"9\"}", "a", 60},
    {"more keys", "{\"issued_at\":\"x\",\"token\":\"a.b-c_d\"}", "a.b-c_d", 60},
    {"line break", "{\"token\":\"abc\\r\\nX-Injected: 1\"}", NULL, 0},
    {"blank", "{\"token\":\"a b\"}", NULL, 0},
    {"beyond ASCII", "{\"token\":\"\\u00e9\"}", NULL, 0},
    {"NUL", "{\"token\":\"a\\u0000b\"}", NULL, 0},
    {"delete", "{\"token\":\"a\\u007f\"}", NULL, 0},
    {"HTML", "<html>login</html>", NULL, 0},
    {"nothing", "", NULL, 0},
    {"no token", "{}", NULL, 0},
    {"number", "{\"token\":1}", NULL, 0},
    {"list", "[\"token\"]", NULL, 0},
    {"string", "\"token\"", NULL, 0},
    {"twice", "{\"token\":\"a\",\"token\":\"b\"}", NULL, 0},
    {"something after", "{\"token\":\"a\"}x", NULL, 0},
};

static void
test_answers(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(answers); i++) {
        struct irw_bytes token = {0};
        unsigned seconds = 0;
        enum irw_verdict verdict = irw_token_read(
            support_str(answers[i].body), &token, &seconds);

        support_row(&tally, "%s", answers[i].name);
        support_check(&tally,
                      verdict == (answers[i].token ? IRW_VERDICT_NONE
                                                   : IRW_VERDICT_BAD_TOKEN),
                      "%s", irw_verdict_reason(verdict));
        support_check_str(&tally, "token", (imgrw_str){token.data, token.size},
                          support_str(answers[i].token));
        support_check(&tally, seconds == answers[i].seconds, "%u seconds",
                      seconds);
        irw_bytes_wipe(&token);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests),
        cmocka_unit_test(test_basic),
        cmocka_unit_test(test_answers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
