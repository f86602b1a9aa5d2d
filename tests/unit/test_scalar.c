/*
 * Scalars: what a plain one means to those who read it.
 */
#include "yaml/scalar.h"
#include "last.h"
#include "support.h"

/* ---- plain scalars ---------------------------------------------------- */

#define STRING IRW_PLAIN_STRING
#define EMPTY IRW_PLAIN_NULL
#define OTHER IRW_PLAIN_OTHER
#define AMBIGUOUS IRW_PLAIN_AMBIGUOUS

static const struct {
    const char *text;
    enum irw_plain kind;
} plain[] = {
    /* strings */
    {"nginx", STRING}, {"nginx:1.25", STRING}, {"quay.io/a/b", STRING},
    {"a1", STRING}, {"1a", STRING}, {"v1", STRING}, {"1.2.x", STRING},
    {"1-2", STRING}, {"1/2", STRING}, {"-", STRING}, {"+", STRING},
    {".", STRING}, {"e3", STRING}, {"1e", STRING}, {"1e+", STRING},
    {"1e3x", STRING}, {"0x", STRING}, {"0xg", STRING}, {"0x1g", STRING},
    {"0b2", STRING}, {"0b", STRING}, {"0o8", STRING}, {"inf", STRING},
    {"nan", STRING}, {".info", STRING}, {".nanx", STRING}, {"nil", STRING},
    {"none", STRING}, {"nUll", STRING}, {"tRUE", STRING}, {"yEs", STRING},
    {"yesterday", STRING}, {"nope", STRING}, {"one", STRING}, {"offs", STRING},
    {"truetrue", STRING}, {"~a", STRING}, {"sha256:12", STRING},
    {"2001-01", STRING}, {"2001-01-01x", STRING}, {"20001-01-01", STRING},
    {"2001-01-01-01", STRING}, {"2001/01/01", STRING}, {"12:30x", STRING},
    {"12:x", STRING}, {":30", STRING}, {"a:30", STRING}, {"-a", STRING},
    {"5000/a", STRING}, {"\xC3\xA4", STRING},
    /* null */
    {"", EMPTY}, {"~", EMPTY}, {"null", EMPTY}, {"Null", EMPTY},
    {"NULL", EMPTY},
    /* booleans of YAML 1.1 */
    {"true", OTHER}, {"True", OTHER}, {"TRUE", OTHER}, {"false", OTHER},
    {"False", OTHER}, {"FALSE", OTHER}, {"yes", OTHER}, {"Yes", OTHER},
    {"YES", OTHER}, {"no", OTHER}, {"No", OTHER}, {"NO", OTHER}, {"on", OTHER},
    {"On", OTHER}, {"ON", OTHER}, {"off", OTHER}, {"Off", OTHER},
    {"OFF", OTHER}, {"y", OTHER}, {"Y", OTHER}, {"n", OTHER}, {"N", OTHER},
    /* integers */
    {"0", OTHER}, {"5", OTHER}, {"42", OTHER}, {"+5", OTHER}, {"-5", OTHER},
    {"007", OTHER}, {"010", OTHER}, {"08", OTHER}, {"1_000", OTHER},
    {"0x1f", OTHER}, {"0xDEADBEEF", OTHER}, {"-0x1f", OTHER}, {"0o17", OTHER},
    {"0b101", OTHER}, {"0x1_0", OTHER},
    {"123456789012345678901234567890", OTHER},
    /* floats */
    {"1.5", OTHER}, {"1.20", OTHER}, {"1.", OTHER}, {".5", OTHER},
    {"-.5", OTHER}, {"+1.5", OTHER}, {"1e3", OTHER}, {"1E3", OTHER},
    {"1e+3", OTHER}, {"1.5e-3", OTHER}, {"1_0.5", OTHER}, {".inf", OTHER},
    {".Inf", OTHER}, {".INF", OTHER}, {"-.inf", OTHER}, {"+.inf", OTHER},
    {".nan", OTHER}, {".NaN", OTHER}, {".NAN", OTHER},
    /* dates */
    {"2001-01-01", OTHER}, {"2001-1-1", OTHER},
    {"2001-01-01T10:00:00Z", OTHER}, {"2001-01-01t10:00:00+01:00", OTHER},
    {"2001-01-01 10:00:00", OTHER}, {"2001-01-01 10:00:00.5 Z", OTHER},
    /* strings to kubectl, numbers of YAML 1.1: base 60, and the floats of its
       own pattern, [0-9.]* after the point */
    {"12:30", AMBIGUOUS}, {"190:20:30", AMBIGUOUS}, {"190:20:30.15", AMBIGUOUS},
    {"-12:30", AMBIGUOUS}, {"1:1", AMBIGUOUS}, {"1.2.3", AMBIGUOUS},
    {"10.0.0.1", AMBIGUOUS},
};

static void
test_plain(void **state)
{
    static const char *const names[] = {
        [STRING] = "a string",
        [EMPTY] = "null",
        [OTHER] = "something else",
        [AMBIGUOUS] = "ambiguous",
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(plain); i++) {
        enum irw_plain kind = irw_plain_kind(support_str(plain[i].text));

        support_row(&tally, "%s", plain[i].text);
        support_check(&tally, kind == plain[i].kind, "it is %s, not %s",
                      names[plain[i].kind], names[kind]);
    }
    support_finish(&tally);
}

static void
test_is_string(void **state)
{
    static const struct {
        const char *text;
        bool is_string;
    } rows[] = {
        {"a", true},       {"5", false},        {"'5'", true},
        {"\"5\"", true},   {"|-\n 5", true},    {">-\n 5", true},
        {"!!str 5", true}, {"! 5", true},       {"&a 5", false},
        {"true", false},   {"\"true\"", true},  {"null", false},
        {"'null'", true},  {"''", true},        {"---\n", false},
        {"12:30", true},   {"2001-01-01", false}, {"1.2.3", true},
        {"&a x", true},    {"nginx:1", true},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct last last = last_read(rows[i].text);

        support_row(&tally, "%s", rows[i].text);
        support_check(&tally,
                      irw_scalar_is_string(&last.tree, last.node) ==
                          rows[i].is_string,
                      "it is %s string", rows[i].is_string ? "a" : "no");
        last_clear(&last);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_is_string),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
