/*
 * Signatures for AWS: what AWS has published, in its test suite and in its
 * documentation. Dates are those of Python's datetime.
 */
#include "registry/sigv4.h"
#include "support.h"

#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define NOW 1440938160 /* 2015-08-30 12:36:00 UTC */

static const struct date_row {
    const char *name;
    int64_t now;
    const char *date;
} date_rows[] = {
    {"the first second", 0, "19700101T000000Z"},
    {"the last second of a year", 946684799, "19991231T235959Z"},
    {"a leap day of a full century", 951825601, "20000229T120001Z"},
    {"the day after it", 951868800, "20000301T000000Z"},
    {"the examples", NOW, "20150830T123600Z"},
    {"a leap day", 1709168523, "20240229T010203Z"},
    {"no leap day follows", 4107542399, "21000228T235959Z"},
    {"the first of March", 4107542400, "21000301T000000Z"},
    {"the last second", 253402300799, "99991231T235959Z"},
};

static void
test_dates(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(date_rows); i++) {
        char date[IRW_SIGV4_DATE_SIZE];

        support_row(&tally, "%s", date_rows[i].name);
        irw_sigv4_date(date_rows[i].now, date);
        support_check_str(&tally, "date", support_str(date),
                          support_str(date_rows[i].date));
    }
    support_finish(&tally);
}

/* "Deriving the signing key", an example of the AWS General Reference. */
static void
test_key(void **state)
{
    const struct irw_sigv4_signer signer = {
        .secret_key = IMGRW_STR(SECRET),
        .region = IMGRW_STR("us-east-1"),
        .service = IMGRW_STR("iam"),
        .now = NOW,
    };
    uint8_t key[IRW_SHA256_SIZE];
    char digits[2 * IRW_SHA256_SIZE + 1];

    (void)state;
    assert_true(irw_sigv4_key(&signer, key));
    irw_sha256_hex(key, digits);
    assert_string_equal(
        digits,
        "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
}

static const struct row {
    const char *name, *service;
    struct irw_sigv4_request request;
    const char *value; /* behind the algorithm */
} rows[] = {
    {"get-vanilla", "service",
     {"GET", "/", "",
      (const struct irw_sigv4_header[]){
          {"host", IMGRW_STR_INIT("example.amazonaws.com")},
          {"x-amz-date", IMGRW_STR_INIT("20150830T123600Z")}},
      2, {0}},
     "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
     "SignedHeaders=host;x-amz-date, Signature="
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"post-vanilla", "service",
     {"POST", "/", "",
      (const struct irw_sigv4_header[]){
          {"host", IMGRW_STR_INIT("example.amazonaws.com")},
          {"x-amz-date", IMGRW_STR_INIT("20150830T123600Z")}},
      2, {0}},
     "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
     "SignedHeaders=host;x-amz-date, Signature="
     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"post-x-www-form-urlencoded", "service",
     {"POST", "/", "",
      (const struct irw_sigv4_header[]){
          {"content-type",
           IMGRW_STR_INIT("application/x-www-form-urlencoded")},
          {"host", IMGRW_STR_INIT("example.amazonaws.com")},
          {"x-amz-date", IMGRW_STR_INIT("20150830T123600Z")}},
      3, IMGRW_STR_INIT("Param1=value1")},
     "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
     "SignedHeaders=content-type;host;x-amz-date, Signature="
     "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
    {"ListUsers", "iam",
     {"GET", "/", "Action=ListUsers&Version=2010-05-08",
      (const struct irw_sigv4_header[]){
          {"content-type", IMGRW_STR_INIT("application/x-www-form-urlencoded; "
                                          "charset=utf-8")},
          {"host", IMGRW_STR_INIT("iam.amazonaws.com")},
          {"x-amz-date", IMGRW_STR_INIT("20150830T123600Z")}},
      3, {0}},
     "Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
     "SignedHeaders=content-type;host;x-amz-date, Signature="
     "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"},
};

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        const struct irw_sigv4_signer signer = {
            .access_key = IMGRW_STR("AKIDEXAMPLE"),
            .secret_key = IMGRW_STR(SECRET),
            .region = IMGRW_STR("us-east-1"),
            .service = support_str(rows[i].service),
            .now = NOW,
        };
        struct irw_bytes value = {0}, expected = {0};

        support_row(&tally, "%s", rows[i].name);
        irw_sigv4_sign(&signer, &rows[i].request, &value);
        irw_bytes_add_text(&expected, "AWS4-HMAC-SHA256 ");
        irw_bytes_add_text(&expected, rows[i].value);
        assert_false(value.failed || expected.failed);
        support_check_str(&tally, "value", (imgrw_str){value.data, value.size},
                          (imgrw_str){expected.data, expected.size});
        irw_bytes_clear(&value);
        irw_bytes_clear(&expected);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_key),
        cmocka_unit_test(test_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
