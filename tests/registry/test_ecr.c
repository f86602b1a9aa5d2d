/*
 * Amazon's registries. Expected hosts are those of its credential helper
 * (amazon-ecr-credential-helper), endpoints those of aws-sdk-go-v2, and
 * signatures those of botocore 1.43.
 */
#include "registry/ecr.h"
#include "support.h"

#include <string.h>

static const struct host_row {
    const char *name, *host;
    enum irw_ecr_kind kind;
    const char *account, *region;
    bool fips;
    const char *url;
} host_rows[] = {
    {"E01", "123456789012.dkr.ecr.us-west-2.amazonaws.com", IRW_ECR_PRIVATE,
     "123456789012", "us-west-2", false,
     "https://api.ecr.us-west-2.amazonaws.com/"},
    {"E02", "4999999999999.dkr.ecr.us-east-2.amazonaws.com",
     IRW_ECR_MISNUMBERED, "4999999999999", "us-east-2", false,
     "https://api.ecr.us-east-2.amazonaws.com/"},
    {"E03", "123456789012.dkr-ecr.us-west-2.on.aws", IRW_ECR_PRIVATE,
     "123456789012", "us-west-2", false, "https://ecr.us-west-2.api.aws/"},
    {"E04", "123456789012.dkr-ecr-fips.us-west-2.on.aws", IRW_ECR_PRIVATE,
     "123456789012", "us-west-2", true, "https://ecr-fips.us-west-2.api.aws/"},
    {"E05", "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
     IRW_ECR_PRIVATE, "123456789012", "us-gov-west-1", true,
     "https://ecr-fips.us-gov-west-1.amazonaws.com/"},
    {"E06", "210987654321.dkr.ecr.cn-north-1.amazonaws.com.cn",
     IRW_ECR_PRIVATE, "210987654321", "cn-north-1", false,
     "https://api.ecr.cn-north-1.amazonaws.com.cn/"},
    {"E07", "210987654321.dkr.ecr.cn-north-1.on.amazonwebservices.com.cn",
     IRW_ECR_PRIVATE, "210987654321", "cn-north-1", false,
     "https://ecr.cn-north-1.api.amazonwebservices.com.cn/"},
    {"E08", "123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu",
     IRW_ECR_PRIVATE, "123456789012", "eusc-de-east-1", false,
     "https://api.ecr.eusc-de-east-1.amazonaws.eu/"},
    {"E09", "123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov", IRW_ECR_PRIVATE,
     "123456789012", "us-iso-east-1", false,
     "https://api.ecr.us-iso-east-1.c2s.ic.gov/"},
    {"E10", "123456789012.dkr.ecr.us-west-2.amazonaws.com.fake.example.com",
     IRW_ECR_NONE, NULL, NULL, false, NULL},
    {"E11, public", "public.ecr.aws", IRW_ECR_PUBLIC, "", "us-east-1", false,
     "https://api.ecr-public.us-east-1.amazonaws.com/"},
    {"E11, its other name", "ecr-public.aws.com", IRW_ECR_PUBLIC, "",
     "us-east-1", false, "https://api.ecr-public.us-east-1.amazonaws.com/"},
    {"E12, S3", "s3.amazonaws.com", IRW_ECR_NONE, NULL, NULL, false, NULL},
    {"E12, another service", "evil.amazonaws.com", IRW_ECR_NONE, NULL, NULL,
     false, NULL},
    {"E13", "123456789012.dkr.ecr.us-west-2.amazonaws.com:443",
     IRW_ECR_PRIVATE, "123456789012", "us-west-2", false,
     "https://api.ecr.us-west-2.amazonaws.com/"},
    {"us-isob", "123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov",
     IRW_ECR_PRIVATE, "123456789012", "us-isob-east-1", false,
     "https://api.ecr.us-isob-east-1.sc2s.sgov.gov/"},
    {"eu-isoe", "123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk",
     IRW_ECR_PRIVATE, "123456789012", "eu-isoe-west-1", false,
     "https://api.ecr.eu-isoe-west-1.cloud.adc-e.uk/"},
    {"us-isof with FIPS",
     "123456789012.dkr.ecr-fips.us-isof-south-1.csp.hci.ic.gov",
     IRW_ECR_PRIVATE, "123456789012", "us-isof-south-1", true,
     "https://api.ecr-fips.us-isof-south-1.csp.hci.ic.gov/"},
    {"China with FIPS",
     "123456789012.dkr.ecr-fips.cn-north-1.amazonaws.com.cn", IRW_ECR_PRIVATE,
     "123456789012", "cn-north-1", true,
     "https://api.ecr-fips.cn-north-1.amazonaws.com.cn/"},
    {"eleven digits", "12345678901.dkr.ecr.us-west-2.amazonaws.com",
     IRW_ECR_MISNUMBERED, "12345678901", "us-west-2", false,
     "https://api.ecr.us-west-2.amazonaws.com/"},
    {"no digits", ".dkr.ecr.us-west-2.amazonaws.com", IRW_ECR_NONE, NULL, NULL,
     false, NULL},
    {"letters in the account", "12345678901a.dkr.ecr.us-west-2.amazonaws.com",
     IRW_ECR_NONE, NULL, NULL, false, NULL},
    {"something before it", "x.123456789012.dkr.ecr.us-west-2.amazonaws.com",
     IRW_ECR_NONE, NULL, NULL, false, NULL},
    {"no region", "123456789012.dkr.ecr..amazonaws.com", IRW_ECR_NONE, NULL,
     NULL, false, NULL},
    {"region of two labels", "123456789012.dkr.ecr.evil.com.amazonaws.com",
     IRW_ECR_NONE, NULL, NULL, false, NULL},
    {"region with a slash", "123456789012.dkr.ecr.e/x.amazonaws.com",
     IRW_ECR_NONE, NULL, NULL, false, NULL},
    {"region begins with a dash", "123456789012.dkr.ecr.-a.amazonaws.com",
     IRW_ECR_NONE, NULL, NULL, false, NULL},
    {"suffix of no label", "123456789012.dkr.ecr.us-west-2.evilamazonaws.com",
     IRW_ECR_NONE, NULL, NULL, false, NULL},
    {"only an account", "123456789012", IRW_ECR_NONE, NULL, NULL, false, NULL},
    {"only a port", ":443", IRW_ECR_NONE, NULL, NULL, false, NULL},
    {"nothing", "", IRW_ECR_NONE, NULL, NULL, false, NULL},
};

static const struct irw_ecr_keys keys = {
    .access_key = IMGRW_STR_INIT("AKIDEXAMPLE"),
    .secret_key = IMGRW_STR_INIT("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
};

static void
check_url(struct support_tally *tally, const struct irw_ecr_host *ecr,
          const char *url)
{
    struct irw_ecr_request request;
    struct imgrw_error error;

    if (!support_check(tally,
                       irw_ecr_request_make(ecr, &keys, NULL, 0, &request,
                                            &error) == IMGRW_OK,
                       "no request"))
        return;
    support_check_str(tally, "URL", support_str(request.url),
                      support_str(url));
    irw_ecr_request_clear(&request);
}

static void
test_hosts(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(host_rows); i++) {
        const struct host_row *row = &host_rows[i];
        struct irw_ecr_host ecr;
        enum irw_ecr_kind kind = irw_ecr_parse(support_str(row->host), &ecr);

        support_row(&tally, "%s", row->name);
        if (!support_check(&tally, kind == row->kind && kind == ecr.kind,
                           "kind %d", (int)kind) ||
            kind == IRW_ECR_NONE)
            continue;
        support_check_str(&tally, "account", ecr.account,
                          support_str(row->account));
        support_check_str(&tally, "region", ecr.region,
                          support_str(row->region));
        support_check(&tally, ecr.fips == row->fips, "FIPS: %d", ecr.fips);
        check_url(&tally, &ecr, row->url);
    }
    support_finish(&tally);
}

static void
test_doubts(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(host_rows); i++) {
        struct irw_ecr_host ecr;
        bool is_odd = irw_ecr_parse(support_str(host_rows[i].host), &ecr) ==
                      IRW_ECR_MISNUMBERED;
        const char *doubt = irw_ecr_doubt(&ecr);

        support_row(&tally, "%s", host_rows[i].name);
        support_check(&tally, is_odd ? doubt && strstr(doubt, "12 digits")
                                     : !doubt,
                      "%s", doubt ? doubt : "no doubt");
    }
    support_finish(&tally);
}

#define SECRET IMGRW_STR_INIT("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")

static const struct keys_row {
    const char *name;
    struct irw_ecr_keys keys;
    const char *fault; /* a word of it; NULL: none */
} keys_rows[] = {
    {"a user's", {IMGRW_STR_INIT("AKIAIOSFODNN7EXAMPLE"), SECRET, {0}}, NULL},
    {"temporary",
     {IMGRW_STR_INIT("ASIAIOSFODNN7EXAMPLE"), SECRET,
      IMGRW_STR_INIT("FwoGZXIvYXdzEJr//+=")},
     NULL},
    {"temporary without its token",
     {IMGRW_STR_INIT("ASIAIOSFODNN7EXAMPLE"), SECRET, {0}}, "session token"},
    {"nothing", {{0}, {0}, {0}}, "access key"},
    {"no secret", {IMGRW_STR_INIT("AKIA"), {0}, {0}}, "no secret key"},
    {"slash in the key", {IMGRW_STR_INIT("AKIA/x"), SECRET, {0}}, "access key"},
    {"line break in the key",
     {IMGRW_STR_INIT("AKIA\r\nx"), SECRET, {0}}, "access key"},
    {"line break in the secret",
     {IMGRW_STR_INIT("AKIA"), IMGRW_STR_INIT("s\n"), {0}}, "secret key"},
    {"line break in the token",
     {IMGRW_STR_INIT("AKIA"), SECRET, IMGRW_STR_INIT("a\r\nX: y")},
     "session token"},
};

static void
test_keys(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(keys_rows); i++) {
        const char *fault = irw_ecr_keys_fault(&keys_rows[i].keys);

        support_row(&tally, "%s", keys_rows[i].name);
        support_check(&tally,
                      !fault ? !keys_rows[i].fault
                             : keys_rows[i].fault &&
                                   strstr(fault, keys_rows[i].fault),
                      "%s", fault ? fault : "accepted");
    }
    support_finish(&tally);
}

#define SIGNER(key, region, service) \
    "Authorization: AWS4-HMAC-SHA256 Credential=" key "/20260228/" region "/" \
    service "/aws4_request, SignedHeaders="
#define NAMES "content-type;host;x-amz-date;x-amz-target, Signature="
#define TARGET "x-amz-target: AmazonEC2ContainerRegistry_V20150921." \
    "GetAuthorizationToken"
#define TYPE "content-type: application/x-amz-json-1.1"
#define DATE "x-amz-date: 20260228T235959Z"

static const struct request_row {
    const char *name, *host, *endpoint, *access_key, *token, *url;
    const char *headers[IRW_ECR_HEADERS + 1];
} request_rows[] = {
    {"private", "123456789012.dkr.ecr.us-east-2.amazonaws.com", NULL,
     "AKIDEXAMPLE", NULL, "https://api.ecr.us-east-2.amazonaws.com/",
     {SIGNER("AKIDEXAMPLE", "us-east-2", "ecr") NAMES
      "5dd843feea49dafc76cb4655d436dfc0ca03e012ae841b049d3b6995a145e6f4",
      TYPE, DATE, TARGET}},
    {"session token", "123456789012.dkr.ecr.us-east-2.amazonaws.com", NULL,
     "ASIDEXAMPLE", "SESSIONTOKENEXAMPLE",
     "https://api.ecr.us-east-2.amazonaws.com/",
     {SIGNER("ASIDEXAMPLE", "us-east-2", "ecr")
      "content-type;host;x-amz-date;x-amz-security-token;x-amz-target, "
      "Signature="
      "27d3c5364ca2f727d8468244325ad74effe3611e12f6da5959bb0edd258b289d",
      TYPE, DATE, "x-amz-security-token: SESSIONTOKENEXAMPLE", TARGET}},
    {"public", "public.ecr.aws", NULL, "AKIDEXAMPLE", NULL,
     "https://api.ecr-public.us-east-1.amazonaws.com/",
     {SIGNER("AKIDEXAMPLE", "us-east-1", "ecr-public") NAMES
      "4cf3c266f4fd81ea275fcf9d66b6f6f4889236f9a2df9120308e25e419f778d6",
      TYPE, DATE,
      "x-amz-target: SpencerFrontendService.GetAuthorizationToken"}},
    {"this machine", "123456789012.dkr.ecr.us-east-2.amazonaws.com",
     "http://127.0.0.1:5107", "AKIDEXAMPLE", NULL, "http://127.0.0.1:5107/",
     {SIGNER("AKIDEXAMPLE", "us-east-2", "ecr") NAMES
      "3a656eb2488ffae071246a44c48cfe5c8b50c76379cf74095e6fdd56194795d5",
      TYPE, DATE, TARGET}},
    {"an address", "123456789012.dkr.ecr.us-east-2.amazonaws.com",
     "https://[::1]:8443/", "AKIDEXAMPLE", NULL, "https://[::1]:8443/",
     {SIGNER("AKIDEXAMPLE", "us-east-2", "ecr") NAMES
      "a990c9e5f91b323a3d167358aab527746a2afab0a65573050851d12a85b30937",
      TYPE, DATE, TARGET}},
    {"port of the scheme", "210987654321.dkr.ecr.cn-north-1.amazonaws.com.cn",
     "https://ECR.internal:443", "AKIDEXAMPLE", NULL, "https://ecr.internal/",
     {SIGNER("AKIDEXAMPLE", "cn-north-1", "ecr") NAMES
      "6e765f3b974e0efa0441045bcaa20ded8f5f23e9b4247ae7a6e7a81ba561c542",
      TYPE, DATE, TARGET}},
};

static enum imgrw_status
make(const struct request_row *row, struct irw_ecr_request *request,
     struct imgrw_error *error)
{
    struct irw_ecr_keys own = keys;
    struct irw_ecr_host ecr;

    irw_ecr_parse(support_str(row->host), &ecr);
    own.access_key = support_str(row->access_key);
    own.session_token = support_str(row->token);
    return irw_ecr_request_make(&ecr, &own, row->endpoint, 1772323199, request,
                                error);
}

static void
test_requests(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(request_rows); i++) {
        const struct request_row *row = &request_rows[i];
        struct irw_ecr_request request;
        struct imgrw_error error;

        support_row(&tally, "%s", row->name);
        if (!support_check(&tally, make(row, &request, &error) == IMGRW_OK,
                           "%s", error.message))
            continue;
        support_check_str(&tally, "URL", support_str(request.url),
                          support_str(row->url));
        support_check_str(&tally, "body", support_str(request.body),
                          support_str("{}"));
        for (size_t at = 0; at <= IRW_ECR_HEADERS; at++)
            support_check_str(&tally, "header",
                              support_str(request.headers[at]),
                              support_str(row->headers[at]));
        irw_ecr_request_clear(&request);
    }
    support_finish(&tally);
}

static const struct endpoint_row {
    const char *name, *endpoint, *message; /* NULL: accepted */
} endpoint_rows[] = {
    {"localhost", "http://localhost:4566", NULL},
    {"another machine", "https://ecr.example.com:8443", NULL},
    {"another machine without TLS", "http://ecr.example.com", "https"},
    {"path", "https://ecr.example.com/x", "path"},
    {"query", "https://ecr.example.com?x", "path"},
    {"only a host", "ecr.example.com", "URL"},
    {"another scheme", "ftp://ecr.example.com", "URL"},
    {"user name", "https://u:p@ecr.example.com", "URL"},
    {"nothing", "", "URL"},
};

static void
test_endpoints(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(endpoint_rows); i++) {
        struct request_row row = request_rows[0];
        const char *message = endpoint_rows[i].message;
        struct irw_ecr_request request;
        struct imgrw_error error = {0};
        enum imgrw_status status;

        row.endpoint = endpoint_rows[i].endpoint;
        support_row(&tally, "%s", endpoint_rows[i].name);
        status = make(&row, &request, &error);
        support_check(&tally,
                      status == (message ? IMGRW_ERR_ARGUMENT : IMGRW_OK) &&
                          (!message || strstr(error.message, message)),
                      "status %d: %s", (int)status, error.message);
        if (status == IMGRW_OK)
            irw_ecr_request_clear(&request);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_doubts),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_requests),
        cmocka_unit_test(test_endpoints),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
