/*
 * The Secret: its data byte by byte, as KOTS and the kubelet have it, and the
 * YAML around them.
 */
#include "secret_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES_MAX 3

/* Entries, and the JSON text that the data are base64 of. The numbers are those
 * of the vectors from which rows come. */
static const struct data_row {
    const char *name;
    const char *entries[ENTRIES_MAX][3]; /* endpoint, user name, password */
    const char *json;
    const char *data; /* where a vector has it */
} data_rows[] = {
    {"6.6 proxy and registry of Replicated",
     {{"registry.replicated.com", "LICENSE_ID", "abc"},
      {"proxy.replicated.com", "LICENSE_ID", "abc"}},
     "{\"auths\":{\"proxy.replicated.com\":{\"auth\":\"TElDRU5TRV9JRDphYmM=\"},"
     "\"registry.replicated.com\":{\"auth\":\"TElDRU5TRV9JRDphYmM=\"}}}",
     NULL},
    {"6.7 custom registry",
     {{"somebigbank.registry.org", "LICENSE_ID", "abc"},
      {"proxy.replicated.com", "LICENSE_ID", "abc"}},
     "{\"auths\":{\"proxy.replicated.com\":{\"auth\":\"TElDRU5TRV9JRDphYmM=\"},"
     "\"somebigbank.registry.org\":{\"auth\":\"TElDRU5TRV9JRDphYmM=\"}}}",
     NULL},
    {"6.8 local registry",
     {{"ttl.sh", "test", "fake-pass"}},
     "{\"auths\":{\"ttl.sh\":{\"auth\":\"dGVzdDpmYWtlLXBhc3M=\"}}}",
     "eyJhdXRocyI6eyJ0dGwuc2giOnsiYXV0aCI6ImRHVnpkRHBtWVd0bExYQmhjM009In19fQ="
     "="},
    {"6.9 host with a namespace",
     {{"reg.io/ns", "user", "password"}},
     "{\"auths\":{\"reg.io\":{\"auth\":\"dXNlcjpwYXNzd29yZA==\"}}}",
     NULL},
    {"6.10 no user",
     {{"reg.io", "", ""}},
     "{\"auths\":{\"reg.io\":{\"auth\":\"Og==\"}}}",
     NULL},
    {"6.11 user and password",
     {{"reg.io", "user", "password"}},
     "{\"auths\":{\"reg.io\":{\"auth\":\"dXNlcjpwYXNzd29yZA==\"}}}",
     NULL},
    {"6.12 nothing", {{NULL}}, "{\"auths\":{}}", NULL},
    {"6.13 empty license",
     {{"proxy.replicated.com", "LICENSE_ID", ""}},
     "{\"auths\":{\"proxy.replicated.com\":{\"auth\":\"TElDRU5TRV9JRDo=\"}}}",
     NULL},
    {"S01, S02 Replicated",
     {{"proxy.replicated.com", "LICENSEID", "LICENSEID"},
      {"registry.replicated.com", "LICENSEID", "LICENSEID"}},
     "{\"auths\":{\"proxy.replicated.com\":{\"auth\":"
     "\"TElDRU5TRUlEOkxJQ0VOU0VJRA==\"},\"registry.replicated.com\":{\"auth\":"
     "\"TElDRU5TRUlEOkxJQ0VOU0VJRA==\"}}}",
     "eyJhdXRocyI6eyJwcm94eS5yZXBsaWNhdGVkLmNvbSI6eyJhdXRoIjoiVEVsRFJVNVRSVWxF"
     "T2t4SlEwVk9VMFZKUkE9PSJ9LCJyZWdpc3RyeS5yZXBsaWNhdGVkLmNvbSI6eyJhdXRoIjoi"
     "VEVsRFJVNVRSVWxFT2t4SlEwVk9VMFZKUkE9PSJ9fX0="},
    /* kubectl repeats user and password; a Secret needs only their base64 */
    {"S03 token of ECR",
     {{"499999999999.dkr.ecr.us-east-2.amazonaws.com", "AWS",
       "ecr-password-us-east-2"}},
     "{\"auths\":{\"499999999999.dkr.ecr.us-east-2.amazonaws.com\":{\"auth\":"
     "\"QVdTOmVjci1wYXNzd29yZC11cy1lYXN0LTI=\"}}}",
     NULL},
    /* base64 of the bytes themselves, as Go has it: <, >, & and U+2028 are
     * escaped in JSON strings only */
    {"S05 what Go escapes",
     {{"reg.io", "u", "<&>\xE2\x80\xA8"}},
     "{\"auths\":{\"reg.io\":{\"auth\":\"dTo8Jj7igKg=\"}}}",
     NULL},
    {"S06 Docker Hub, as KOTS has it",
     {{"https://index.docker.io/v1/", "user", "password"}},
     "{\"auths\":{\"index.docker.io\":{\"auth\":\"dXNlcjpwYXNzd29yZA==\"}}}",
     NULL},
    {"password with colons",
     {{"reg.io", "u", "p:q:r"}},
     "{\"auths\":{\"reg.io\":{\"auth\":\"dTpwOnE6cg==\"}}}",
     NULL},
    {"order of bytes: a port before a longer name",
     {{"reg.io.example", "u", "p"}, {"reg.io:5000", "u", "p"},
      {"Reg.example", "u", "p"}},
     "{\"auths\":{\"Reg.example\":{\"auth\":\"dTpw\"},"
     "\"reg.io.example\":{\"auth\":\"dTpw\"},"
     "\"reg.io:5000\":{\"auth\":\"dTpw\"}}}",
     NULL},
};

/* Adds the entries of a row. */
static struct imgrw_credentials *
make(const char *const entries[ENTRIES_MAX][3])
{
    struct imgrw_credentials *credentials = secret_text_new();
    struct imgrw_error error;

    for (size_t i = 0; i < ENTRIES_MAX && entries[i][0]; i++)
        if (secret_text_add(credentials, entries[i][0], entries[i][1],
                            entries[i][2], NULL, &error) != IMGRW_OK)
            fail_msg("%s: %s", entries[i][0], error.message);
    return credentials;
}

static void
test_data(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(data_rows); i++) {
        const struct data_row *row = &data_rows[i];
        struct imgrw_credentials *credentials = make(row->entries);
        imgrw_str secret;
        struct imgrw_error error;
        char json[SECRET_TEXT_MAX];
        imgrw_str data;

        support_row(&tally, "%s", row->name);
        if (support_check(&tally,
                          imgrw_credentials_secret(credentials, "a", NULL,
                                                   &secret, &error) ==
                              IMGRW_OK,
                          "%s", error.message)) {
            data = secret_text_value(secret, ".dockerconfigjson");
            support_check(&tally, secret_text_decode(data, json, sizeof(json)),
                          "no base64: %.*s", (int)data.size, data.data);
            support_check_str(&tally, "JSON", support_str(json),
                              support_str(row->json));
            if (row->data)
                support_check_str(&tally, "data", data, support_str(row->data));
        }
        imgrw_credentials_free(credentials);
    }
    support_finish(&tally);
}

#define SECRET(metadata) \
    "apiVersion: v1\ndata:\n" \
    "  .dockerconfigjson: " \
    "eyJhdXRocyI6eyJ0dGwuc2giOnsiYXV0aCI6ImRHVnpkRHBtWVd0bExYQmhjM009In19fQ==" \
    "\n" \
    "kind: Secret\nmetadata:\n  annotations:\n" \
    "    helm.sh/hook: pre-install,pre-upgrade\n" \
    "    helm.sh/hook-weight: \"-9999\"\n" \
    "    kots.io/creation-phase: \"-9999\"\n" metadata \
    "type: kubernetes.io/dockerconfigjson\n"

#define LABEL_63 \
    "a23456789012345678901234567890123456789012345678901234567890123"

/* Names, and the whole Secret of them; NULL where they are refused. */
static const struct name_row {
    const char *name, *name_space;
    const char *secret;
} name_rows[] = {
    {"my-app-registry", NULL, SECRET("  name: my-app-registry\n")},
    {"my-app-registry", "", SECRET("  name: my-app-registry\n")},
    {"my-app-registry", "app-namespace",
     SECRET("  name: my-app-registry\n  namespace: app-namespace\n")},
    {"a.b-c.d", "x", SECRET("  name: a.b-c.d\n  namespace: x\n")},
    {"123", "456", SECRET("  name: \"123\"\n  namespace: \"456\"\n")},
    {"1e5", "true", SECRET("  name: \"1e5\"\n  namespace: \"true\"\n")},
    {"null", "no", SECRET("  name: \"null\"\n  namespace: \"no\"\n")},
    {"1.5", "0x1f", SECRET("  name: \"1.5\"\n  namespace: \"0x1f\"\n")},
    {"y", "n", SECRET("  name: \"y\"\n  namespace: \"n\"\n")},
    {"2001-01-01", "x",
     SECRET("  name: \"2001-01-01\"\n  namespace: x\n")},
    {LABEL_63, LABEL_63,
     SECRET("  name: " LABEL_63 "\n  namespace: " LABEL_63 "\n")},
    {LABEL_63 "4", NULL, SECRET("  name: " LABEL_63 "4\n")},
    {LABEL_63 "." LABEL_63 "." LABEL_63 ".a2345678901234567890123456789012345"
              "67890123456789012345678901",
     NULL,
     SECRET("  name: " LABEL_63 "." LABEL_63 "." LABEL_63
            ".a2345678901234567890123456789012345"
            "67890123456789012345678901\n")},
    {LABEL_63 "." LABEL_63 "." LABEL_63 ".a2345678901234567890123456789012345"
              "678901234567890123456789012",
     NULL, NULL},
    {"a", LABEL_63 "4", NULL},
    {"a", "b.c", NULL},
    {NULL, NULL, NULL},
    {"", NULL, NULL},
    {"A", NULL, NULL},
    {"-a", NULL, NULL},
    {"a-", NULL, NULL},
    {".a", NULL, NULL},
    {"a.", NULL, NULL},
    {"a..b", NULL, NULL},
    {"a-.b", NULL, NULL},
    {"a.-b", NULL, NULL},
    {"a_b", NULL, NULL},
    {"a b", NULL, NULL},
    {"a\nkind: Pod", NULL, NULL},
    {"a", "a\nb: c", NULL},
};

static void
test_names(void **state)
{
    static const char *const entries[ENTRIES_MAX][3] = {
        {"ttl.sh", "test", "fake-pass"},
    };
    struct support_tally tally = {0};
    struct imgrw_credentials *credentials = make(entries);

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(name_rows); i++) {
        const struct name_row *row = &name_rows[i];
        imgrw_str secret = {NULL, 0};
        struct imgrw_error error = {0};
        enum imgrw_status status = imgrw_credentials_secret(
            credentials, row->name, row->name_space, &secret, &error);

        support_row(&tally, "%s in %s", row->name ? row->name : "NULL",
                    row->name_space ? row->name_space : "NULL");
        support_check(&tally,
                      status == (row->secret ? IMGRW_OK : IMGRW_ERR_ARGUMENT) &&
                          error.status == status,
                      "status %d: %s", (int)status, error.message);
        support_check_str(&tally, "text", secret,
                          support_str(row->secret));
    }
    support_finish(&tally);
    imgrw_credentials_free(credentials);
}

/* Kubernetes takes 1 MiB of data, to the byte. The JSON text around one auth of
 * "reg.io" is 32 bytes; auth is base64 of "u:" and the password. */
static void
test_limit(void **state)
{
    const size_t largest = ((1 << 20) - 32) / 4 * 3;

    (void)state;
    for (size_t over = 0; over < 2; over++) {
        struct imgrw_credentials *credentials = secret_text_new();
        size_t size = largest - 2 + over;
        char *password = malloc(size + 1);
        imgrw_str secret = {NULL, 0};
        struct imgrw_error error;

        assert_non_null(password);
        memset(password, 'x', size);
        password[size] = '\0';
        assert_int_equal(secret_text_add(credentials, "reg.io", "u", password,
                                         NULL, &error),
                         IMGRW_OK);
        assert_int_equal(imgrw_credentials_secret(credentials, "a", NULL,
                                                  &secret, &error),
                         over ? IMGRW_ERR_LIMIT : IMGRW_OK);
        free(password);
        imgrw_credentials_free(credentials);
    }
}

static void
test_incomplete(void **state)
{
    struct imgrw_credentials *credentials = secret_text_new();
    imgrw_str secret = {NULL, 0};
    struct imgrw_error error;

    (void)state;
    assert_int_equal(secret_text_add(credentials, "reg.io", "u", NULL, NULL,
                                     &error),
                     IMGRW_OK);
    assert_int_equal(imgrw_credentials_secret(credentials, "a", NULL, &secret,
                                              &error),
                     IMGRW_ERR_INPUT);
    assert_non_null(strstr(error.message, "reg.io"));
    assert_null(secret.data);
    imgrw_credentials_free(credentials);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data),    cmocka_unit_test(test_names),
        cmocka_unit_test(test_limit),   cmocka_unit_test(test_incomplete),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
