/*
 * Origins, addresses, and what a server may name. Classes of addresses are
 * those of IANA's special-purpose registries; the realms and redirects are what
 * hostile registries have tried.
 */
#include "registry/origin.h"
#include "support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

static const struct {
    const char *text;
    enum irw_reach reach;
} addresses[] = {
    {"8.8.8.8", IRW_REACH_GLOBAL},
    {"1.1.1.1", IRW_REACH_GLOBAL},
    {"11.0.0.0", IRW_REACH_GLOBAL},
    {"9.255.255.255", IRW_REACH_GLOBAL},
    {"10.0.0.0", IRW_REACH_PRIVATE},
    {"10.255.255.255", IRW_REACH_PRIVATE},
    {"172.15.255.255", IRW_REACH_GLOBAL},
    {"172.16.0.0", IRW_REACH_PRIVATE},
    {"172.31.255.255", IRW_REACH_PRIVATE},
    {"172.32.0.0", IRW_REACH_GLOBAL},
    {"192.167.255.255", IRW_REACH_GLOBAL},
    {"192.168.0.1", IRW_REACH_PRIVATE},
    {"192.169.0.0", IRW_REACH_GLOBAL},
    {"100.63.255.255", IRW_REACH_GLOBAL},
    {"100.64.0.0", IRW_REACH_PRIVATE},
    {"100.127.255.255", IRW_REACH_PRIVATE},
    {"100.128.0.0", IRW_REACH_GLOBAL},
    {"100.100.100.200", IRW_REACH_LINK},
    {"192.0.0.192", IRW_REACH_LINK},
    {"192.0.0.8", IRW_REACH_PRIVATE},
    {"168.63.129.16", IRW_REACH_LINK},
    {"168.63.129.17", IRW_REACH_GLOBAL},
    {"198.18.0.0", IRW_REACH_PRIVATE},
    {"198.20.0.0", IRW_REACH_GLOBAL},
    {"127.0.0.1", IRW_REACH_LOOPBACK},
    {"127.255.255.255", IRW_REACH_LOOPBACK},
    {"126.255.255.255", IRW_REACH_GLOBAL},
    {"128.0.0.0", IRW_REACH_GLOBAL},
    {"0.0.0.0", IRW_REACH_LOOPBACK},
    {"0.1.2.3", IRW_REACH_LOOPBACK},
    {"169.254.169.254", IRW_REACH_LINK},
    {"169.253.0.0", IRW_REACH_GLOBAL},
    {"224.0.0.1", IRW_REACH_NOWHERE},
    {"255.255.255.255", IRW_REACH_NOWHERE},
    {"2001:4860:4860::8888", IRW_REACH_GLOBAL},
    {"::1", IRW_REACH_LOOPBACK},
    {"::", IRW_REACH_LOOPBACK},
    {"::2", IRW_REACH_GLOBAL},
    {"fc00::1", IRW_REACH_PRIVATE},
    {"fdff:ffff::1", IRW_REACH_PRIVATE},
    {"fe00::1", IRW_REACH_GLOBAL},
    {"fe80::1", IRW_REACH_LINK},
    {"febf::1", IRW_REACH_LINK},
    {"fec0::1", IRW_REACH_PRIVATE},
    {"fd00:ec2::254", IRW_REACH_LINK},
    {"fd00:ec3::254", IRW_REACH_PRIVATE},
    {"fd20:ce::254", IRW_REACH_LINK},
    {"ff02::1", IRW_REACH_NOWHERE},
    {"::ffff:8.8.8.8", IRW_REACH_GLOBAL},
    {"::ffff:127.0.0.1", IRW_REACH_LOOPBACK},
    {"::ffff:169.254.169.254", IRW_REACH_LINK},
    {"64:ff9b::10.0.0.1", IRW_REACH_PRIVATE},
    {"64:ff9b:1::169.254.1.1", IRW_REACH_LINK},
    {"64:ff9b::8.8.8.8", IRW_REACH_GLOBAL},
    {"2002:7f00:1::", IRW_REACH_LOOPBACK},
    {"2002:808:808::", IRW_REACH_GLOBAL},
};

/* The address as a socket has it. */
static enum irw_reach
reach_of_socket(const char *text)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
        return irw_reach_of((struct sockaddr *)&four);
    assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
    return irw_reach_of((struct sockaddr *)&six);
}

static void
test_addresses(void **state)
{
    static const char *const none[] = {"", "localhost", "1.2.3", "0x7f000001",
                                       "[::1]", "1.2.3.4 ", "fe80::1%eth0"};
    struct support_tally tally = {0};
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    enum irw_reach reach;

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(addresses); i++) {
        support_row(&tally, "%s", addresses[i].text);
        support_check(&tally,
                      irw_reach_of_text(addresses[i].text, &reach) &&
                          reach == addresses[i].reach,
                      "as text it is %d", (int)reach);
        reach = reach_of_socket(addresses[i].text);
        support_check(&tally, reach == addresses[i].reach,
                      "as a socket has it, it is %d", (int)reach);
    }
    for (size_t i = 0; i < SUPPORT_COUNT(none); i++) {
        support_row(&tally, "\"%s\"", none[i]);
        support_check(&tally, !irw_reach_of_text(none[i], &reach),
                      "it is an address");
    }
    support_finish(&tally);
    assert_int_equal(irw_reach_of((struct sockaddr *)&local),
                     IRW_REACH_NOWHERE);
}

/* An origin of NULL: the URL is none that may be asked. */
static const struct {
    const char *url, *origin;
    bool is_loopback;
} urls[] = {
    {"https://quay.io", "https://quay.io:443", false},
    {"https://quay.io/v2/a/manifests/1?x=y#z", "https://quay.io:443", false},
    {"HTTPS://QUAY.io:443/", "https://quay.io:443", false},
    {"http://quay.io", "http://quay.io:80", false},
    {"http://quay.io:443/", "http://quay.io:443", false},
    {"https://a_b-c.example:5000/", "https://a_b-c.example:5000", false},
    {"http://localhost:5000/v2/", "http://localhost:5000", true},
    {"http://LOCALHOST/", "http://localhost:80", true},
    {"http://localhost.example/", "http://localhost.example:80", false},
    {"http://127.0.0.1:5000/", "http://127.0.0.1:5000", true},
    {"http://0x7f000001/", "http://127.0.0.1:80", true},
    {"http://127.1/", "http://127.0.0.1:80", true},
    {"http://2130706433/", "http://127.0.0.1:80", true},
    {"http://017700000001/", "http://127.0.0.1:80", true},
    {"http://10.0.0.1/", "http://10.0.0.1:80", false},
    {"https://[::1]:5000/", "https://[::1]:5000", true},
    {"https://[2001:DB8::1]/", "https://[2001:db8::1]:443", false},
    {"http://[::ffff:127.0.0.1]/", "http://[::ffff:127.0.0.1]:80", true},
    {"", NULL, false},
    {"/token", NULL, false},
    {"//host/token", NULL, false},
    {"host/token", NULL, false},
    {"https:/host/", NULL, false},
    {"https:host/", NULL, false},
    {"https:///host/", NULL, false},
    {"https://", NULL, false},
    {"https://:443/", NULL, false},
    {"httpss://host/", NULL, false},
    {"httpx://host/", NULL, false},
    {"ftp://host/", NULL, false},
    {"file:///etc/passwd", NULL, false},
    {"gopher://127.0.0.1:6379/_x", NULL, false},
    {"https://user@host/", NULL, false},
    {"https://user:pw@host/", NULL, false},
    {"https://@host/", NULL, false},
    {"https://ho st/", NULL, false},
    {"https://host/a b", NULL, false},
    {"https://host/a\tb", NULL, false},
    {"https://host/a\r\nX-Evil: 1", NULL, false},
    {"https://host/\xC3\xA9", NULL, false},
    {"https://host\\@evil/", NULL, false},
    {"https://host/a\\b", NULL, false},
    {"https://h%6fst%00/", NULL, false},
    {"https://host:0/", NULL, false},
    {"https://host:65536/", NULL, false},
    {"https://host:1x/", NULL, false},
    {"https://[fe80::1%25eth0]/", NULL, false},
    {"https://[::1/", NULL, false},
    {"https://a,b/", NULL, false},
    {" https://host/", NULL, false},
};

static void
test_urls(void **state)
{
    struct support_tally tally = {0};
    struct irw_web_origin origin;

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(urls); i++) {
        enum irw_url_status status = irw_web_origin_of(urls[i].url, &origin);

        support_row(&tally, "%s", urls[i].url);
        support_check(&tally,
                      status ==
                          (urls[i].origin ? IRW_URL_FINE : IRW_URL_ODD),
                      "the status is %d", (int)status);
        if (status != IRW_URL_FINE || !urls[i].origin)
            continue;
        support_check_str(&tally, "origin", support_str(origin.text),
                          support_str(urls[i].origin));
        support_check(&tally,
                      irw_web_origin_is_loopback(&origin) ==
                          urls[i].is_loopback,
                      "it is this machine or not");
    }
    support_finish(&tally);
}

/* By RFC 3986, section 5. */
static const struct {
    const char *reference, *url;
} joins[] = {
    {"/v2/x", "https://host:1/v2/x"},
    {"y", "https://host:1/v2/a/y"},
    {"../b", "https://host:1/v2/b"},
    {"?q=1", "https://host:1/v2/a/b?q=1"},
    {"//other/x", "https://other/x"},
    {"http://other/x#frag", "http://other/x"},
    {"/x#frag", "https://host:1/x"},
    {"file:///etc/passwd", "file:///etc/passwd"},
    {"https://user:pw@other/", NULL},
    {"/a b", NULL},
    {"/a\r\nb", NULL},
    {"https://other:99999/", NULL},
};

static void
test_joining(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(joins); i++) {
        char *url = NULL;

        support_row(&tally, "%s", joins[i].reference);
        support_check(&tally,
                      irw_url_join("https://host:1/v2/a/b",
                                   joins[i].reference, &url) ==
                          (joins[i].url ? IRW_URL_FINE : IRW_URL_ODD),
                      "the status is another");
        support_check_str(&tally, "URL", support_str(url),
                          support_str(joins[i].url));
        free(url);
    }
    support_finish(&tally);
}

/* Realms and redirects that a registry on loopback names over http (B), or one
 * on the internet over https (P), or such a private one (V). */
static const struct {
    const char *name, *from, *url;
    enum irw_verdict realm, redirect;
} named[] = {
#define BOTH(verdict) \
    IRW_VERDICT_REALM_##verdict, IRW_VERDICT_REDIRECT_##verdict
#define FINE IRW_VERDICT_NONE, IRW_VERDICT_NONE
    {"same host", "B", "http://127.0.0.1:5000/token", FINE},
    {"other port", "B", "http://127.0.0.1:5001/token", FINE},
    {"other name", "B", "http://localhost:5001/token", FINE},
    {"own query", "B", "http://127.0.0.1:5000/token?a=b", FINE},
    {"file", "B", "file:///etc/passwd", BOTH(URL)},
    {"ftp", "B", "ftp://127.0.0.1/x", BOTH(URL)},
    {"gopher", "B", "gopher://127.0.0.1:6379/_x", BOTH(URL)},
    {"metadata", "B", "http://169.254.169.254/latest/", BOTH(INTERNAL)},
    {"metadata, IPv6", "B", "http://[fd00:ec2::254]/x", BOTH(INTERNAL)},
    {"metadata, mapped", "B", "http://[::ffff:a9fe:a9fe]/", BOTH(INTERNAL)},
    {"metadata, hexadecimal", "B", "http://0xa9fea9fe/", BOTH(INTERNAL)},
    {"user name", "B", "http://evil:pw@127.0.0.1:5000/token", BOTH(URL)},
    {"relative", "B", "/token", BOTH(URL)},
    {"line break", "B", "http://127.0.0.1:5000/token\r\nX-Evil: 1", BOTH(URL)},
    {"fragment", "B", "http://127.0.0.1:5000/token#x", IRW_VERDICT_REALM_URL,
     IRW_VERDICT_NONE},
    {"name that a resolver may know", "B", "http://metadata.google.internal/x",
     FINE},
    {"the internet", "B", "https://auth.docker.io/token", FINE},
    {"private", "B", "https://10.0.0.1/token", FINE},
    {"other host", "P", "https://auth.example.com/token", FINE},
    {"http", "P", "http://auth.example.com/token", BOTH(HTTP)},
    {"http, this machine", "P", "http://127.0.0.1/token", BOTH(HTTP)},
    {"this machine", "P", "https://127.0.0.1/token", BOTH(INTERNAL)},
    {"this machine, short", "P", "https://127.1/token", BOTH(INTERNAL)},
    {"this machine, IPv6", "P", "https://[::1]/token", BOTH(INTERNAL)},
    {"no address", "P", "https://0/token", BOTH(INTERNAL)},
    {"private from the internet", "P", "https://10.1.2.3/", BOTH(INTERNAL)},
    {"link from the internet", "P", "https://169.254.0.1/", BOTH(INTERNAL)},
    {"multicast", "P", "https://224.0.0.1/", BOTH(INTERNAL)},
    {"another on the internet", "P", "https://8.8.8.8/", FINE},
    {"private from private", "V", "https://192.168.1.1/", FINE},
    {"this machine from private", "V", "https://127.0.0.1/", BOTH(INTERNAL)},
    {"link from private", "V", "https://169.254.169.254/", BOTH(INTERNAL)},
#undef BOTH
#undef FINE
};

static struct irw_namer
namer_of(const char *from)
{
    static const struct irw_insecure none;

    return (struct irw_namer){
        .is_https = *from != 'B',
        .reach = *from == 'B'   ? IRW_REACH_LOOPBACK
                 : *from == 'V' ? IRW_REACH_PRIVATE
                                : IRW_REACH_GLOBAL,
        .insecure = &none,
    };
}

static void
test_named(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(named); i++) {
        struct irw_namer namer = namer_of(named[i].from);
        enum irw_verdict realm = IRW_VERDICT_OPEN, redirect = IRW_VERDICT_OPEN;
        struct irw_web_origin origin;

        support_row(&tally, "%s", named[i].name);
        assert_int_equal(irw_judge_realm(&namer, named[i].url, &origin,
                                         &realm), IRW_URL_FINE);
        support_check(&tally, realm == named[i].realm, "as a realm: %s",
                      irw_verdict_reason(realm));
        assert_int_equal(irw_judge_redirect(&namer, named[i].url, &origin,
                                            &redirect), IRW_URL_FINE);
        support_check(&tally, redirect == named[i].redirect,
                      "as a redirect: %s", irw_verdict_reason(redirect));
    }
    support_finish(&tally);
}

/* A login goes over http to this machine only, and to listed hosts. */
static void
test_logins_over_http(void **state)
{
    struct irw_insecure insecure = {0};
    struct irw_namer namer = namer_of("B");
    struct irw_web_origin origin;
    enum irw_verdict verdict;

    (void)state;
    namer.with_login = true;
    namer.insecure = &insecure;
    irw_judge_realm(&namer, "http://127.0.0.1/t", &origin, &verdict);
    assert_int_equal(verdict, IRW_VERDICT_NONE);
    irw_judge_realm(&namer, "https://token.example/t", &origin, &verdict);
    assert_int_equal(verdict, IRW_VERDICT_NONE);
    irw_judge_realm(&namer, "http://token.example/t", &origin, &verdict);
    assert_int_equal(verdict, IRW_VERDICT_LOGIN_HTTP);
    assert_int_equal(irw_insecure_add(&insecure, "token.example"),
                     IRW_URL_FINE);
    irw_judge_realm(&namer, "http://token.example/t", &origin, &verdict);
    assert_int_equal(verdict, IRW_VERDICT_NONE);
    irw_insecure_clear(&insecure);
}

static const struct {
    const char *listed, *url; /* a listed NULL: nothing */
    bool allowed;
} insecures[] = {
    {NULL, "https://127.0.0.1/", true},
    {NULL, "https://127.8.8.8:5000/", true},
    {NULL, "https://[::1]:5000/", true},
    {NULL, "https://localhost:5000/", true},
    {NULL, "https://x.localhost/", false},
    {NULL, "https://10.0.0.1/", false},
    {NULL, "https://reg.example/", false},
    {"reg.example", "https://reg.example/", true},
    {"REG.example", "https://reg.example/", true},
    {"reg.example", "https://reg.example:5000/", true},
    {"reg.example:5000", "https://reg.example:5000/", true},
    {"reg.example:5000", "https://reg.example/", false},
    {"reg.example:443", "https://reg.example/", true},
    {"reg.example:80", "https://reg.example/", false},
    {"reg.example", "https://a.reg.example/", false},
    {"[2001:db8::1]", "https://[2001:db8::1]:5000/", true},
    {"[2001:db8::1]:5000", "https://[2001:db8::1]/", false},
};

static void
test_insecure(void **state)
{
    static const char *const odd[] = {"", "http://reg.example", "reg.example/",
                                      "reg.example/x", "a b", "user@reg",
                                      "reg:0", "reg:x", "*.example"};
    struct support_tally tally = {0};
    struct irw_insecure none = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(insecures); i++) {
        struct irw_insecure insecure = {0};
        struct irw_web_origin origin;

        support_row(&tally, "%s, %s", insecures[i].listed, insecures[i].url);
        assert_int_equal(irw_web_origin_of(insecures[i].url, &origin),
                         IRW_URL_FINE);
        support_check(&tally,
                      !insecures[i].listed ||
                          irw_insecure_add(&insecure, insecures[i].listed) ==
                              IRW_URL_FINE,
                      "it is not taken");
        support_check(&tally,
                      irw_insecure_allows(&insecure, &origin) ==
                          insecures[i].allowed,
                      "it is allowed or not");
        irw_insecure_clear(&insecure);
    }
    for (size_t i = 0; i < SUPPORT_COUNT(odd); i++) {
        support_row(&tally, "\"%s\"", odd[i]);
        support_check(&tally, irw_insecure_add(&none, odd[i]) == IRW_URL_ODD,
                      "it is taken");
    }
    support_finish(&tally);
    assert_int_equal(none.count, 0);
}

/* Of two URLs with one origin one server is asked. */
static void
test_same_origin(void **state)
{
    struct irw_web_origin one, other;

    (void)state;
    irw_web_origin_of("https://Reg.example/a", &one);
    irw_web_origin_of("https://reg.example:443/b?c", &other);
    assert_true(irw_web_origin_equal(&one, &other));
    irw_web_origin_of("http://reg.example:443/", &other);
    assert_false(irw_web_origin_equal(&one, &other));
    irw_web_origin_of("https://reg.example:444/", &other);
    assert_false(irw_web_origin_equal(&one, &other));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_urls),
        cmocka_unit_test(test_joining),
        cmocka_unit_test(test_named),
        cmocka_unit_test(test_logins_over_http),
        cmocka_unit_test(test_insecure),
        cmocka_unit_test(test_same_origin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
