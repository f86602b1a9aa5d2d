/*
 * The table of decisions, one row or more for each of its numbers. The numbers
 * are those of the table that the library was built after; what is not numbered
 * follows from it.
 */
#include "answer.h"
#include "registry/decide.h"
#include "support.h"

#include <string.h>

#define OCI    "application/vnd.oci.image.manifest.v1+json"
#define TYPE   "Content-Type: " OCI "\n"
#define A16    "aaaaaaaaaaaaaaaa"
#define B16    "bbbbbbbbbbbbbbbb"
#define A64    A16 A16 A16 A16
#define B64    B16 B16 B16 B16
#define DIGEST "Docker-Content-Digest: sha256:" A64 "\n"
#define BEARER "WWW-Authenticate: Bearer realm=\"https://t/\",service=\"s\"\n"
#define BASIC  "WWW-Authenticate: Basic realm=\"x\"\n"
#define WAIT(seconds) "Retry-After: " #seconds "\n"

/* What the inquiry is, besides the request. */
enum {
    PLAIN = 0,
    RESOLVE = 1,
    LOGIN = 2,
    AUTHORIZED = 4,
    STALE = 8,
    ELSEWHERE = 16,
    PINGED = 32,
    AGAIN = 64,    /* each retry was made once */
    TWICE = 128,   /* or twice */
    FAR = 256,     /* five redirects were followed */
    UNKNOWN = 512, /* the body says that there is no such image */
    BAD_PLACE = 1024, /* the redirect must not be followed */
};

/* What follows. */
#define ENDS(name)     .action = IRW_ACTION_END, .verdict = IRW_VERDICT_##name
#define GOES(name)     .action = IRW_ACTION_##name
#define WAITS(seconds) .action = IRW_ACTION_RETRY, .wait = (seconds)*1000

struct row {
    const char *name;
    enum irw_request request;
    int inquiry;
    const char *response;
    enum irw_action action;
    enum irw_verdict verdict;
    unsigned wait;
    const char *wanted, *computed;
};

#define HEAD  IRW_REQUEST_HEAD
#define GET   IRW_REQUEST_GET
#define PING  IRW_REQUEST_PING
#define TOKEN IRW_REQUEST_TOKEN

static const struct row found[] = {
    {"D01 manifest", HEAD, PLAIN, "HTTP/1.1 200\n" TYPE DIGEST, ENDS(OPEN)},
    {"D01 type with a parameter", HEAD, PLAIN,
     "HTTP/1.1 200\nContent-Type: " OCI " ; charset=utf-8\n" DIGEST,
     ENDS(OPEN)},
    {"D01 index", HEAD, PLAIN,
     "HTTP/1.1 200\nContent-Type: application/vnd.oci.image.index.v1+json\n"
     DIGEST,
     ENDS(OPEN)},
    {"D01 sha512", HEAD, PLAIN,
     "HTTP/1.1 200\n" TYPE "Docker-Content-Digest: sha512:" A64 A64 "\n",
     ENDS(OPEN)},
    {"D01 resolved", HEAD, RESOLVE, "HTTP/1.1 200\n" TYPE DIGEST, GOES(GET)},
    {"D02 no digest", HEAD, PLAIN, "HTTP/1.1 200\n" TYPE, GOES(GET)},
    {"D02 malformed digest", HEAD, PLAIN,
     "HTTP/1.1 200\n" TYPE "Docker-Content-Digest: sha256:\"><script>\n",
     GOES(GET)},
    {"D02 digest in capitals", HEAD, PLAIN,
     "HTTP/1.1 200\n" TYPE "Docker-Content-Digest: sha256:A" B64 "\n",
     GOES(GET)},
    {"D02 body", GET, PLAIN, "HTTP/1.1 200\n" TYPE, ENDS(OPEN),
     .computed = "sha256:" A64},
    {"D02 body that agrees", GET, PLAIN, "HTTP/1.1 200\n" TYPE DIGEST,
     ENDS(OPEN),
     .computed = "sha256:" A64},
    {"D02 body that does not", GET, PLAIN, "HTTP/1.1 200\n" TYPE DIGEST,
     ENDS(FALSE_DIGEST),
     .computed = "sha256:" B64},
    {"D02 compressed body", GET, PLAIN,
     "HTTP/1.1 200\n" TYPE "Content-Encoding: gzip\n", ENDS(ENCODED),
     .computed = "sha256:" B64},
    {"D02 body that is not compressed", GET, PLAIN,
     "HTTP/1.1 200\n" TYPE "Content-Encoding: identity\n", ENDS(OPEN),
     .computed = "sha256:" B64},
    {"D03 HTML", HEAD, PLAIN, "HTTP/1.1 200\nContent-Type: text/html\n" DIGEST,
     ENDS(NO_MANIFEST)},
    {"D03 no type", HEAD, PLAIN, "HTTP/1.1 200\n" DIGEST, ENDS(NO_MANIFEST)},
    {"D03 schema 1", HEAD, PLAIN,
     "HTTP/1.1 200\nContent-Type: "
     "application/vnd.docker.distribution.manifest.v1+prettyjws\n" DIGEST,
     ENDS(NO_MANIFEST)},
    {"D03 other success", HEAD, PLAIN, "HTTP/1.1 204\n" TYPE DIGEST,
     ENDS(ODD_STATUS)},
    {"D04 digest that was asked for", HEAD, PLAIN,
     "HTTP/1.1 200\n" TYPE DIGEST, ENDS(OPEN),
     .wanted = "sha256:" A64},
    {"D04 another", HEAD, PLAIN, "HTTP/1.1 200\n" TYPE DIGEST,
     ENDS(OTHER_DIGEST),
     .wanted = "sha256:" B64},
    {"D04 another, in the body", GET, PLAIN, "HTTP/1.1 200\n" TYPE,
     ENDS(OTHER_DIGEST),
     .wanted = "sha256:" B64,
     .computed = "sha256:" A64},
    {"D04 another, with a login", HEAD, LOGIN | AUTHORIZED,
     "HTTP/1.1 200\n" TYPE DIGEST, ENDS(OTHER_DIGEST),
     .wanted = "sha256:" B64},
    {"D10 with a token", HEAD, AUTHORIZED, "HTTP/1.1 200\n" TYPE DIGEST,
     ENDS(OPEN)},
};

static const struct row challenged[] = {
    {"D05 Bearer", HEAD, PLAIN, "HTTP/1.1 401\n" BEARER, GOES(TOKEN)},
    {"D05 Bearer after Basic", HEAD, PLAIN, "HTTP/1.1 401\n" BASIC BEARER,
     GOES(TOKEN)},
    {"D05 Bearer in a line with Basic", HEAD, PLAIN,
     "HTTP/1.1 401\nWWW-Authenticate: Basic realm=\"x\", Bearer "
     "realm=\"https://t/\"\n",
     GOES(TOKEN)},
    {"D05 Bearer after Negotiate", HEAD, PLAIN,
     "HTTP/1.1 401\nWWW-Authenticate: Negotiate\n" BEARER, GOES(TOKEN)},
    {"D05 no realm", HEAD, PLAIN,
     "HTTP/1.1 401\nWWW-Authenticate: Bearer realm=\"\",service=\"s\"\n",
     ENDS(NO_REALM)},
    {"D05 broken Bearer", HEAD, PLAIN,
     "HTTP/1.1 401\nWWW-Authenticate: Bearer realm=\"\n" BASIC,
     ENDS(BAD_CHALLENGE)},
    {"D06 Basic", HEAD, PLAIN, "HTTP/1.1 401\n" BASIC, ENDS(BASIC)},
    {"D06 Basic that is malformed", HEAD, PLAIN,
     "HTTP/1.1 401\nWWW-Authenticate: Basic realm=Registry Realm\n",
     ENDS(BASIC)},
    {"D06 Basic and Negotiate", HEAD, PLAIN,
     "HTTP/1.1 401\nWWW-Authenticate: Negotiate\n" BASIC, ENDS(BASIC)},
    {"D07 nothing", HEAD, PLAIN, "HTTP/1.1 401\n", GOES(PING)},
    {"D07 nothing to GET", GET, PLAIN, "HTTP/1.1 401\n", GOES(PING)},
    {"D07 ping, Bearer", PING, PINGED, "HTTP/1.1 401\n" BEARER, GOES(TOKEN)},
    {"D07 ping, Basic", PING, PINGED, "HTTP/1.1 401\n" BASIC, ENDS(BASIC)},
    {"D07 ping, nothing", PING, PINGED, "HTTP/1.1 401\n", ENDS(NO_CHALLENGE)},
    {"D07 ping, 200", PING, PINGED, "HTTP/1.1 200\n", ENDS(NO_CHALLENGE)},
    {"D07 ping, 404", PING, PINGED, "HTTP/1.1 404\n", ENDS(NO_CHALLENGE)},
    {"D07 ping, 403", PING, PINGED, "HTTP/1.1 403\n", ENDS(NO_CHALLENGE)},
    {"D07 ping, redirect", PING, PINGED, "HTTP/1.1 302\nLocation: /x\n",
     ENDS(NO_CHALLENGE)},
    {"D07 ping, failure", PING, PINGED | AGAIN, "HTTP/1.1 500\n",
     ENDS(SERVER_FAILED)},
    {"D07 ping, limit", PING, PINGED, "HTTP/1.1 429\n",
     ENDS(TOO_MANY_REQUESTS)},
    {"D07 ping, odd challenge", PING, PINGED,
     "HTTP/1.1 401\nWWW-Authenticate: Negotiate\n", ENDS(ODD_CHALLENGE)},
    {"D08 Negotiate, NTLM", HEAD, PLAIN,
     "HTTP/1.1 401\nWWW-Authenticate: Negotiate\nWWW-Authenticate: NTLM\n",
     ENDS(ODD_CHALLENGE)},
    {"D08 what cannot be read", HEAD, PLAIN,
     "HTTP/1.1 401\nWWW-Authenticate: \"\n", ENDS(BAD_CHALLENGE)},
    {"D11 insufficient scope", HEAD, AUTHORIZED,
     "HTTP/1.1 401\nWWW-Authenticate: Bearer realm=\"https://t/\","
     "error=\"insufficient_scope\"\n",
     ENDS(WEAK_TOKEN)},
    {"D11 nothing", HEAD, AUTHORIZED, "HTTP/1.1 401\n", ENDS(WEAK_TOKEN)},
    {"D11 GET", GET, AUTHORIZED, "HTTP/1.1 401\n" BEARER, ENDS(WEAK_TOKEN)},
    {"token for another challenge", HEAD, AUTHORIZED | STALE,
     "HTTP/1.1 401\n" BEARER, GOES(TOKEN)},
    {"token that is not wanted", HEAD, AUTHORIZED | STALE,
     "HTTP/1.1 401\n" BASIC, ENDS(WEAK_TOKEN)},
    {"D15 403", HEAD, PLAIN, "HTTP/1.1 403\n", ENDS(FORBIDDEN)},
    {"D15 403 with a token", HEAD, AUTHORIZED, "HTTP/1.1 403\n",
     ENDS(FORBIDDEN)},
};

static const struct row other[] = {
    {"D16 404", HEAD, PLAIN, "HTTP/1.1 404\n", GOES(GET)},
    {"D16 404 with a token", HEAD, AUTHORIZED, "HTTP/1.1 404\n", GOES(GET)},
    {"D16 404 to GET", GET, UNKNOWN, "HTTP/1.1 404\n", ENDS(UNKNOWN_IMAGE)},
    {"D16 404 of something else", GET, PLAIN, "HTTP/1.1 404\n",
     ENDS(NOT_FOUND)},
    {"D17 405", HEAD, PLAIN, "HTTP/1.1 405\n", GOES(GET)},
    {"D17 501", HEAD, PLAIN, "HTTP/1.1 501\n", GOES(GET)},
    {"D17 405 to GET", GET, PLAIN, "HTTP/1.1 405\n", ENDS(ODD_STATUS)},
    {"D17 501 to GET", GET, AGAIN, "HTTP/1.1 501\n", ENDS(SERVER_FAILED)},
    {"D18 one second", HEAD, PLAIN, "HTTP/1.1 429\n" WAIT(1), WAITS(1)},
    {"D18 again", HEAD, AGAIN, "HTTP/1.1 429\n" WAIT(5), WAITS(5)},
    {"D18 once too often", HEAD, TWICE, "HTTP/1.1 429\n" WAIT(1),
     ENDS(TOO_MANY_REQUESTS)},
    {"D18 too long", HEAD, PLAIN, "HTTP/1.1 429\n" WAIT(6),
     ENDS(TOO_MANY_REQUESTS)},
    {"D18 not said", HEAD, PLAIN, "HTTP/1.1 429\n", ENDS(TOO_MANY_REQUESTS)},
    {"D18 date", HEAD, PLAIN,
     "HTTP/1.1 429\nDate: Sun, 06 Nov 1994 08:49:37 GMT\n"
     "Retry-After: Sun, 06 Nov 1994 08:49:39 GMT\n",
     WAITS(2)},
    {"D19 503 that says when", HEAD, PLAIN, "HTTP/1.1 503\n" WAIT(3), WAITS(3)},
    {"D19 again", HEAD, AGAIN, "HTTP/1.1 503\n" WAIT(3), ENDS(SERVER_FAILED)},
    {"D19 too long", HEAD, PLAIN, "HTTP/1.1 503\n" WAIT(60),
     ENDS(SERVER_FAILED)},
    {"D19 503", HEAD, PLAIN, "HTTP/1.1 503\n", WAITS(1)},
    {"D19 500", HEAD, PLAIN, "HTTP/1.1 500\n", WAITS(1)},
    {"D19 500 that says when", HEAD, PLAIN, "HTTP/1.1 500\n" WAIT(3), WAITS(1)},
    {"D19 500 again", GET, AGAIN, "HTTP/1.1 500\n", ENDS(SERVER_FAILED)},
    {"D20 301", HEAD, PLAIN, "HTTP/1.1 301\nLocation: /x\n", GOES(FOLLOW)},
    {"D20 302", HEAD, PLAIN, "HTTP/1.1 302\nLocation: /x\n", GOES(FOLLOW)},
    {"D20 303", GET, PLAIN, "HTTP/1.1 303\nLocation: /x\n", GOES(FOLLOW)},
    {"D20 307", HEAD, PLAIN, "HTTP/1.1 307\nLocation: /x\n", GOES(FOLLOW)},
    {"D20 308", HEAD, AUTHORIZED, "HTTP/1.1 308\nLocation: /x\n",
     GOES(FOLLOW)},
    {"D20 304", HEAD, PLAIN, "HTTP/1.1 304\nLocation: /x\n", ENDS(ODD_STATUS)},
    {"D20 no Location", HEAD, PLAIN, "HTTP/1.1 307\n", ENDS(NO_LOCATION)},
    {"D20 empty Location", HEAD, PLAIN, "HTTP/1.1 307\nLocation:\n",
     ENDS(NO_LOCATION)},
    {"D20 to http", HEAD, BAD_PLACE, "HTTP/1.1 307\nLocation: http://x\n",
     ENDS(REDIRECT_HTTP)},
    {"D20 sixth", HEAD, FAR, "HTTP/1.1 307\nLocation: /x\n",
     ENDS(MANY_REDIRECTS)},
    {"D20 challenge elsewhere", HEAD, ELSEWHERE, "HTTP/1.1 401\n" BEARER,
     GOES(TOKEN)},
    {"D20 Basic elsewhere", HEAD, ELSEWHERE, "HTTP/1.1 401\n" BASIC,
     ENDS(BASIC)},
    {"D21 no such host", HEAD, PLAIN, "NO_HOST", WAITS(1)},
    {"D21 no such host again", HEAD, AGAIN, "NO_HOST", ENDS(NO_SUCH_HOST)},
    {"D21 no connection", HEAD, PLAIN, "NO_CONNECTION", WAITS(1)},
    {"D21 no connection again", HEAD, AGAIN, "NO_CONNECTION",
     ENDS(NO_CONNECTION)},
    {"D21 reset", GET, PLAIN, "LOST", WAITS(1)},
    {"D21 reset again", GET, AGAIN, "LOST", ENDS(CONNECTION_LOST)},
    {"D21 empty", HEAD, PLAIN, "EMPTY", WAITS(1)},
    {"D21 empty again", HEAD, AGAIN, "EMPTY", ENDS(NO_ANSWER)},
    {"proxy", HEAD, PLAIN, "PROXY", ENDS(PROXY)},
    {"D22 certificate", HEAD, PLAIN, "CERTIFICATE", ENDS(BAD_CERTIFICATE)},
    {"its own certificate", HEAD, PLAIN, "OWN_CERTIFICATE",
     ENDS(CLIENT_CERTIFICATE)},
    {"D22 handshake", HEAD, PLAIN, "HANDSHAKE", ENDS(NO_TLS)},
    {"D23 timeout", HEAD, PLAIN, "TIMEOUT", ENDS(TOO_SLOW)},
    {"D23 connecting", HEAD, PLAIN, "NO_CONNECTION_IN_TIME", ENDS(TOO_SLOW)},
    {"D24 too large", GET, PLAIN, "TOO_LARGE", ENDS(TOO_LARGE)},
    {"no HTTP", HEAD, PLAIN, "NO_HTTP", ENDS(NO_HTTP)},
    {"address", HEAD, PLAIN, "INTERNAL", ENDS(REDIRECT_INTERNAL)},
    {"status 400", HEAD, PLAIN, "HTTP/1.1 400\n", ENDS(ODD_STATUS)},
    {"status 418", HEAD, PLAIN, "HTTP/1.1 418\n", ENDS(ODD_STATUS)},
};

static const struct row logins[] = {
    {"200", HEAD, LOGIN | AUTHORIZED, "HTTP/1.1 200\n" TYPE DIGEST,
     ENDS(LOGIN_WORKS)},
    {"Basic", HEAD, LOGIN, "HTTP/1.1 401\n" BASIC, GOES(LOGIN)},
    {"Bearer", HEAD, LOGIN, "HTTP/1.1 401\n" BEARER BASIC, GOES(TOKEN)},
    {"ping, Basic", PING, LOGIN | PINGED, "HTTP/1.1 401\n" BASIC, GOES(LOGIN)},
    {"401 to the login", HEAD, LOGIN | AUTHORIZED, "HTTP/1.1 401\n" BASIC,
     ENDS(LOGIN_REJECTED)},
    {"401 to a token", HEAD, LOGIN | AUTHORIZED, "HTTP/1.1 401\n" BEARER,
     ENDS(LOGIN_REJECTED)},
    {"403 to the login", HEAD, LOGIN | AUTHORIZED, "HTTP/1.1 403\n",
     ENDS(LOGIN_REJECTED)},
    {"403 before the login", HEAD, LOGIN, "HTTP/1.1 403\n", GOES(PING)},
    {"403 and no challenge", HEAD, LOGIN | PINGED, "HTTP/1.1 403\n",
     ENDS(NO_CHALLENGE)},
    {"404", HEAD, LOGIN | AUTHORIZED, "HTTP/1.1 404\n", GOES(GET)},
    {"404 to GET", GET, LOGIN | AUTHORIZED | UNKNOWN, "HTTP/1.1 404\n",
     ENDS(UNKNOWN_IMAGE)},
    {"Basic elsewhere", HEAD, LOGIN | ELSEWHERE, "HTTP/1.1 401\n" BASIC,
     ENDS(LOGIN_ELSEWHERE)},
    {"Bearer elsewhere", HEAD, LOGIN | ELSEWHERE, "HTTP/1.1 401\n" BEARER,
     GOES(TOKEN)},
    {"anonymous token elsewhere", HEAD, LOGIN | ELSEWHERE | AUTHORIZED,
     "HTTP/1.1 401\n" BEARER, ENDS(LOGIN_ELSEWHERE)},
    {"403 elsewhere", HEAD, LOGIN | ELSEWHERE, "HTTP/1.1 403\n",
     ENDS(LOGIN_ELSEWHERE)},
    {"429", HEAD, LOGIN | AUTHORIZED, "HTTP/1.1 429\n",
     ENDS(TOO_MANY_REQUESTS)},
};

static const struct row tokens[] = {
    {"D09 200", TOKEN, PLAIN, "HTTP/1.1 200\n", GOES(TOKEN)},
    {"D12 401", TOKEN, PLAIN, "HTTP/1.1 401\n", ENDS(NO_TOKEN)},
    {"D12 403", TOKEN, PLAIN, "HTTP/1.1 403\n", ENDS(NO_TOKEN)},
    {"D12 404", TOKEN, PLAIN, "HTTP/1.1 404\n", ENDS(NO_TOKEN)},
    {"D12 401 to a login", TOKEN, LOGIN, "HTTP/1.1 401\n",
     ENDS(LOGIN_NO_TOKEN)},
    {"D12 403 to a login", TOKEN, LOGIN, "HTTP/1.1 403\n",
     ENDS(LOGIN_NO_TOKEN)},
    {"D13 429", TOKEN, PLAIN, "HTTP/1.1 429\n" WAIT(1), ENDS(TOO_MANY_TOKENS)},
    {"D13 500", TOKEN, PLAIN, "HTTP/1.1 500\n", ENDS(TOKEN_SERVER_FAILED)},
    {"D13 503", TOKEN, PLAIN, "HTTP/1.1 503\n" WAIT(1),
     ENDS(TOKEN_SERVER_FAILED)},
    {"D13 timeout", TOKEN, PLAIN, "TIMEOUT", ENDS(TOO_SLOW)},
    {"D13 302", TOKEN, PLAIN, "HTTP/1.1 302\nLocation: /x\n",
     ENDS(TOKEN_REDIRECT)},
    {"D13 too large", TOKEN, PLAIN, "TOO_LARGE", ENDS(BAD_TOKEN)},
    {"D13 400", TOKEN, PLAIN, "HTTP/1.1 400\n", ENDS(ODD_TOKEN_STATUS)},
    {"D13 204", TOKEN, PLAIN, "HTTP/1.1 204\n", ENDS(ODD_TOKEN_STATUS)},
    {"D14 address", TOKEN, PLAIN, "INTERNAL", ENDS(REALM_INTERNAL)},
    {"D21 no such host", TOKEN, PLAIN, "NO_HOST", WAITS(1)},
    {"D21 no such host again", TOKEN, AGAIN, "NO_HOST", ENDS(NO_SUCH_HOST)},
    {"D22 certificate", TOKEN, PLAIN, "CERTIFICATE", ENDS(BAD_CERTIFICATE)},
};

static struct irw_inquiry
make_inquiry(const struct row *row)
{
    unsigned retries = row->inquiry & TWICE ? 2 : row->inquiry & AGAIN ? 1 : 0;

    return (struct irw_inquiry){
        .request = row->request,
        .resolve = row->inquiry & RESOLVE,
        .with_login = row->inquiry & LOGIN,
        .authorized = row->inquiry & AUTHORIZED,
        .stale = row->inquiry & STALE,
        .elsewhere = row->inquiry & ELSEWHERE,
        .pinged = row->inquiry & PINGED,
        .redirects = row->inquiry & FAR ? 5 : 0,
        .rate_retries = retries,
        .server_retries = retries,
        .lost_retries = retries,
        .wanted = support_str(row->wanted),
        .computed = support_str(row->computed),
        .redirect = row->inquiry & BAD_PLACE ? IRW_VERDICT_REDIRECT_HTTP
                                             : IRW_VERDICT_NONE,
        .is_unknown_image = row->inquiry & UNKNOWN,
    };
}

static void
check_rows(const struct row *rows, size_t count)
{
    struct support_tally tally = {0};

    for (size_t i = 0; i < count; i++) {
        struct irw_inquiry inquiry = make_inquiry(&rows[i]);
        struct irw_response response;
        struct irw_probe_step step;

        make_response(rows[i].response, &response);
        step = rows[i].request == IRW_REQUEST_TOKEN
                   ? irw_decide_token(&inquiry, &response)
                   : irw_decide(&inquiry, &response);
        support_row(&tally, "%s", rows[i].name);
        support_check(&tally, step.action == rows[i].action, "the action is %d",
                      (int)step.action);
        support_check(&tally, step.verdict == rows[i].verdict,
                      "the verdict is: %s", irw_verdict_reason(step.verdict));
        support_check(&tally, step.wait == rows[i].wait, "the wait is %u",
                      step.wait);
        support_check(&tally,
                      (step.action == IRW_ACTION_RETRY) == !!step.retries,
                      "the retry is not counted");
        irw_response_clear(&response);
    }
    support_finish(&tally);
}

static void
test_found(void **state)
{
    (void)state;
    check_rows(found, SUPPORT_COUNT(found));
}

static void
test_challenged(void **state)
{
    (void)state;
    check_rows(challenged, SUPPORT_COUNT(challenged));
}

static void
test_other(void **state)
{
    (void)state;
    check_rows(other, SUPPORT_COUNT(other));
}

static void
test_logins(void **state)
{
    (void)state;
    check_rows(logins, SUPPORT_COUNT(logins));
}

static void
test_tokens(void **state)
{
    (void)state;
    check_rows(tokens, SUPPORT_COUNT(tokens));
}

static void
test_digests(void **state)
{
    static const char *const no_digests[] = {
        "", "sha256:", "sha256:" A64 "a", "sha512:" A64, "sha1:" A64, A64,
        "SHA256:" A64, "sha256:g" A64,
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(no_digests); i++) {
        support_row(&tally, "\"%s\"", no_digests[i]);
        support_check(&tally, !irw_is_digest(support_str(no_digests[i])),
                      "it is a digest");
    }
    support_finish(&tally);
    assert_true(irw_is_digest(support_str("sha256:" A64)));
    assert_true(irw_is_digest(support_str("sha512:" A64 B64)));
    assert_true(irw_is_index_type(support_str(
        "application/vnd.docker.distribution.manifest.list.v2+json; a=b")));
    assert_false(irw_is_index_type(support_str(OCI)));
    assert_true(support_equal(irw_manifest_type(support_str(OCI " ;a=b")),
                              support_str(OCI)));
    assert_int_equal(irw_manifest_type(support_str("application/json")).size,
                     0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found),
        cmocka_unit_test(test_challenged),
        cmocka_unit_test(test_other),
        cmocka_unit_test(test_logins),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_digests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
