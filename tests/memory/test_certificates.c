/*
 * Folders of certificates, with every allocation failing in turn: see
 * test_memory.c.
 */
#include "scenario.h"

#include "registry/certificates.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Reads the certificates of r.io in a folder, whose trouble is a failure. */
static enum imgrw_status
use_folder(const char *folder)
{
    const char *const folders[] = {"/nosuch", folder, NULL};
    const struct irw_certificate_places places = {folders, "/dev/null"};
    struct irw_certificates found;
    enum imgrw_status status = IMGRW_ERR_MEMORY;

    if (irw_certificates_read(&found, &places, "r.io"))
        status = found.trouble ? IMGRW_ERR_INPUT : IMGRW_OK;
    irw_certificates_clear(&found);
    return status;
}

/* Names of files in a folder, with which all is well or not. */
static const struct {
    const char *names[4];
    enum imgrw_status status;
} rows[] = {
    {{NULL}, IMGRW_OK},
    {{"a.crt", "b.crt", "a.cert", "a.key"}, IMGRW_OK},
    {{"a.cert"}, IMGRW_ERR_INPUT},
    {{"a.key"}, IMGRW_ERR_INPUT},
    {{"a.cert", "a.key", "b.cert", "b.key"}, IMGRW_ERR_INPUT},
};

static void
test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char folder[] = "/tmp/imgrewrite-XXXXXX", paths[4][200], own[100];

        assert_non_null(mkdtemp(folder));
        snprintf(own, sizeof(own), "%s/r.io", folder);
        assert_int_equal(mkdir(own, 0700), 0);
        for (int k = 0; k < 4 && rows[i].names[k]; k++) {
            FILE *made;

            snprintf(paths[k], sizeof(paths[k]), "%s/%s", own,
                     rows[i].names[k]);
            made = fopen(paths[k], "w");
            assert_non_null(made);
            fputs("-----BEGIN CERTIFICATE-----\n", made);
            assert_int_equal(fclose(made), 0);
        }
        scenario_run(use_folder, folder, rows[i].status);
        for (int k = 0; k < 4 && rows[i].names[k]; k++)
            unlink(paths[k]);
        rmdir(own);
        rmdir(folder);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
