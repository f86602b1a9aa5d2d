/*
 * Nothing of a secret is in the memory that the library gives back; that of the
 * YAML library is its own.
 */
#include "support.h"
#include "watch.h"

#include <imgrewrite/credentials.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The password, the auth of user u with it, and a piece of the data of a Secret
 * for reg.io: base64 of base64. */
static const char *const needles[] = {
    "hunter2-hunter2",
    "dTpodW50ZXIyLWh1bnRlcjI",
    "b2RXNTBaWEl5TFdoMWJuUmxj",
};

/* Texts with the password; whether they are taken. */
static const struct row {
    const char *name, *text;
    bool taken;
} rows[] = {
    {"auth", "{\"auths\":{\"reg.io\":{\"auth\":\"dTpodW50ZXIyLWh1bnRlcjI=\"}}}",
     true},
    {"names",
     "{\"auths\":{\"reg.io\":{\"username\":\"u\","
     "\"password\":\"\\u0068unter2-hunter2\"}}}",
     true},
    {"own, JSON",
     "[{\"endpoint\":\"reg.io\",\"username\":\"u\",\"password\":"
     "\"\\u0068unter2-hunter2\"}]",
     true},
    {"own, YAML",
     "endpoint: reg.io\nusername: u\npassword: \"\\x68unter2-hunter2\"\n",
     true},
    {"password to come", "{endpoint: reg.io, username: u}", true},
    {"the second entry is refused",
     "[{\"endpoint\":\"reg.io\",\"username\":\"u\",\"password\":"
     "\"\\u0068unter2-hunter2\"},{}]",
     false},
    {"broken behind the password",
     "[{\"endpoint\":\"reg.io\",\"password\":\"\\u0068unter2-hunter2\"}",
     false},
};

/* Has the text read from a pipe, whose size is not known, and larger than one
 * reading of it takes. */
static enum imgrw_status
read_text(struct imgrw_credentials *credentials, const char *text)
{
    static char blanks[100000];
    char path[32];
    int ends[2];
    ssize_t size = (ssize_t)strlen(text);
    enum imgrw_status status;

    memset(blanks, '\n', sizeof(blanks));
    assert_int_equal(pipe(ends), 0);
    assert_true(fcntl(ends[1], F_SETPIPE_SZ, 1 << 18) >= 0);
    assert_true(write(ends[1], text, (size_t)size) == size);
    assert_true(write(ends[1], blanks, sizeof(blanks)) == sizeof(blanks));
    close(ends[1]);
    snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
    status = imgrw_credentials_read_file(credentials, path, NULL, NULL, NULL);
    close(ends[0]);
    return status;
}

static void
use(struct support_tally *tally, const struct row *row)
{
    struct imgrw_credentials *credentials;
    struct imgrw_credential added = {.size = sizeof(added),
                                     .username = "u",
                                     .password = "hunter2-hunter2"};
    imgrw_str secret, text;
    enum imgrw_status status = imgrw_credentials_new(&credentials, NULL);

    assert_int_equal(status, IMGRW_OK);
    status = read_text(credentials, row->text);
    support_check(tally, (status == IMGRW_OK) == row->taken, "status %d",
                  (int)status);
    if (strcmp(row->name, "password to come") == 0)
        support_check(tally,
                      imgrw_credentials_set_password(
                          credentials, NULL, support_str("hunter2-hunter2\n"),
                          NULL) == IMGRW_OK,
                      "no password");
    for (char host[] = "a.io"; row->taken && host[0] <= 'z'; host[0]++) {
        added.endpoint = host;
        support_check(tally,
                      imgrw_credentials_add(credentials, &added, NULL, NULL,
                                            NULL) == IMGRW_OK,
                      "not added");
    }
    for (int i = 0; row->taken && i < 2; i++) {
        support_check(tally,
                      imgrw_credentials_text(credentials, &text, NULL) ==
                              IMGRW_OK &&
                          memmem(text.data, text.size, needles[0],
                                 strlen(needles[0])),
                      "no text is made");
        support_check(tally,
                      imgrw_credentials_secret(credentials, "a", NULL, &secret,
                                               NULL) == IMGRW_OK &&
                          memmem(secret.data, secret.size, needles[2],
                                 strlen(needles[2])),
                      "no secret is made");
    }
    imgrw_credentials_free(credentials);
}

static void
test_rows(void **state)
{
    struct support_tally tally = {0};
    struct watch_count count;

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        support_row(&tally, "%s", rows[i].name);
        watch_begin(needles, SUPPORT_COUNT(needles));
        use(&tally, &rows[i]);
        count = watch_end();
        support_check(&tally, count.freed > 3, "%zu blocks are seen",
                      count.freed);
        support_check(&tally, count.leaked == 0,
                      "%zu of %zu blocks hold a secret", count.leaked,
                      count.freed);
    }
    support_finish(&tally);
}

/* The watch sees what it is for. */
static void
test_watch(void **state)
{
    char *block = malloc(100);
    struct watch_count count;

    (void)state;
    assert_non_null(block);
    strcpy(block + 7, needles[0]);
    watch_begin(needles, SUPPORT_COUNT(needles));
    watch_free(block);
    count = watch_end();
    assert_int_equal(count.freed, 1);
    assert_int_equal(count.leaked, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_watch),
        cmocka_unit_test(test_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
