/*
 * What is read of a folder of certificates. That these are used is shown beside
 * servers, by test_certificate_folders.py. What is an error, and what is passed
 * over, is that of containers/image (skopeo 1.9.3), except for files without a
 * certificate, which it does not tell of.
 */
#include "registry/certificates.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PEM(name) "-----BEGIN CERTIFICATE-----\n" name "\n"

static const struct row {
    const char *name;
    struct {
        const char *path, *text; /* NULL: the text is a link to nowhere */
    } files[5];
    const char *folder;  /* that counts; NULL: none */
    const char *trusted; /* names, in their order */
    const char *client;  /* NULL: none is shown */
    const char *trouble; /* words of it; NULL: there is none */
} rows[] = {
    {"nothing", {{NULL, NULL}}, NULL, "", NULL, NULL},
    {"another registry", {{"one/b.io/ca.crt", PEM("A")}}, NULL, "", NULL, NULL},
    {"another port", {{"one/r.io:1/ca.crt", PEM("A")}}, NULL, "", NULL, NULL},
    {"an authority", {{"one/r.io/ca.crt", PEM("A")}}, "one", "AU", NULL, NULL},
    {"without a line break at the end",
     {{"one/r.io/a.crt", "-----BEGIN X\nA"}, {"one/r.io/b.crt", PEM("B")}},
     "one", "ABU", NULL, NULL},
    {"in the order of their names",
     {{"one/r.io/b.crt", PEM("B")}, {"one/r.io/a.crt", PEM("A")}}, "one",
     "ABU", NULL, NULL},
    {"only the first folder",
     {{"one/r.io/a.crt", PEM("A")}, {"two/r.io/b.crt", PEM("B")}}, "one",
     "AU", NULL, NULL},
    {"the second one", {{"two/r.io/b.crt", PEM("B")}}, "two", "BU", NULL, NULL},
    {"the first one without certificates",
     {{"one/r.io/README", "A"}, {"two/r.io/b.crt", PEM("B")}}, "one", "", NULL,
     NULL},
    {"other names", {{"one/r.io/ca.pem", PEM("A")}, {"one/r.io/.crt", "B"},
                     {"one/r.io/crt", "C"}, {"one/r.io/a.CRT", PEM("D")}},
     "one", "", NULL, NULL},
    {"a link to nowhere",
     {{"one/r.io/a.crt", NULL}, {"one/r.io/b.crt", PEM("B")}}, "one", "BU",
     NULL, NULL},
    {"no certificate", {{"one/r.io/a.crt", "A"}}, "one", "AU", NULL,
     "a.crt: there is no certificate in it"},
    {"empty", {{"one/r.io/a.crt", ""}}, "one", "U", NULL,
     "a.crt: there is no certificate in it"},
    {"a folder", {{"one/r.io/a.crt/x", ""}}, "one", "", NULL,
     "a.crt: it is no file"},
    {"a pair", {{"one/r.io/a.cert", PEM("A")}, {"one/r.io/a.key", "K"}}, "one",
     "", "a", NULL},
    {"a pair and an authority",
     {{"one/r.io/a.cert", PEM("A")}, {"one/r.io/a.key", "K"},
      {"one/r.io/a.crt", PEM("B")}},
     "one", "BU", "a", NULL},
    {"a key alone", {{"one/r.io/a.key", "K"}}, "one", "", NULL,
     "a.key: there is no certificate for this key"},
    {"a key with an authority",
     {{"one/r.io/a.key", "K"}, {"one/r.io/a.crt", PEM("A")}}, "one", "AU",
     NULL, "a.key: there is no certificate for this key"},
    {"a certificate alone", {{"one/r.io/a.cert", PEM("A")}}, "one", "", NULL,
     "a.cert: there is no key for this certificate"},
    {"halves of two", {{"one/r.io/a.cert", PEM("A")}, {"one/r.io/b.key", "K"}},
     "one", "", NULL, "a.cert: there is no key"},
    {"two pairs",
     {{"one/r.io/a.cert", PEM("A")}, {"one/r.io/a.key", "K"},
      {"one/r.io/b.cert", PEM("A")}, {"one/r.io/b.key", "K"}},
     "one", "", "a", "b.cert: only one certificate can be shown"},
    {"a file instead of the folder", {{"one/r.io", "A"}}, "one", "", NULL,
     "one/r.io: Not a directory"},
};

static void
write_file(const char *folder, const char *name, const char *text)
{
    char *path = support_path(folder, name);

    for (char *c = path + strlen(folder) + 1; (c = strchr(c, '/')); c++) {
        *c = '\0';
        mkdir(path, 0700);
        *c = '/';
    }
    if (text)
        support_write_file(path, support_str(text));
    else
        assert_int_equal(symlink("gone", path), 0);
    free(path);
}

/* The names of the certificates, which are single letters on lines. */
static void
names_of(const struct irw_bytes *bytes, char *names)
{
    for (size_t i = 0; i < bytes->size; i++)
        if (bytes->data[i] >= 'A' && bytes->data[i] <= 'Z' &&
            (i == 0 || bytes->data[i - 1] == '\n'))
            *names++ = bytes->data[i];
    *names = '\0';
}

static void
run_row(struct support_tally *tally, const struct row *row)
{
    char *folder = support_temp_new(), *one = support_path(folder, "one");
    char *two = support_path(folder, "two"), *usual = support_path(folder, "u");
    const char *const folders[] = {one, two, NULL};
    const struct irw_certificate_places places = {folders, usual};
    struct irw_certificates found;
    char names[100] = "", expected[400];

    for (size_t i = 0; i < SUPPORT_COUNT(row->files) && row->files[i].path; i++)
        write_file(folder, row->files[i].path, row->files[i].text);
    write_file(folder, "u", PEM("U"));
    support_check(tally, irw_certificates_read(&found, &places, "r.io"),
                  "no memory");
    snprintf(expected, sizeof(expected), "%s/%s/r.io", folder,
             row->folder ? row->folder : "");
    support_check(tally, row->folder ? found.folder &&
                             strcmp(found.folder, expected) == 0
                                     : !found.folder,
                  "folder %s", found.folder);
    if (found.trusted.size > 0)
        names_of(&found.trusted, names);
    support_check(tally, strcmp(names, row->trusted) == 0, "trusted: \"%s\"",
                  names);
    snprintf(expected, sizeof(expected), "%s/one/r.io/%s.cert", folder,
             row->client ? row->client : "");
    support_check(tally, row->client ? found.client &&
                             strcmp(found.client, expected) == 0
                                     : !found.client,
                  "client %s", found.client);
    support_check(tally, row->trouble ? found.trouble &&
                             strstr(found.trouble, row->trouble)
                                      : !found.trouble,
                  "trouble: %s", found.trouble);
    irw_certificates_clear(&found);
    free(one);
    free(two);
    free(usual);
    support_temp_remove(folder);
}

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        support_row(&tally, "%s", rows[i].name);
        run_row(&tally, &rows[i]);
    }
    support_finish(&tally);
}

/* No place, and nothing that is trusted anyway. */
static void
test_no_places(void **state)
{
    char *folder = support_temp_new();
    const char *const folders[] = {folder, NULL};
    struct irw_certificate_places places = {NULL, NULL};
    struct irw_certificates found;

    (void)state;
    assert_true(irw_certificates_read(&found, &places, "r.io"));
    assert_null(found.folder);
    irw_certificates_clear(&found);
    write_file(folder, "r.io/a.crt", PEM("A"));
    places.folders = folders;
    assert_true(irw_certificates_read(&found, &places, "r.io"));
    assert_null(found.trouble);
    assert_true(found.trusted.size > 0);
    irw_certificates_clear(&found);
    places.trusted = "/nosuch/ca.pem";
    assert_true(irw_certificates_read(&found, &places, "r.io"));
    assert_null(found.trouble);
    irw_certificates_clear(&found);
    support_temp_remove(folder);
}

/* More than certificates are. */
static void
test_large(void **state)
{
    char *folder = support_temp_new(), *path = support_path(folder, "r.io");
    const char *const folders[] = {folder, NULL};
    const struct irw_certificate_places places = {folders, NULL};
    struct irw_certificates found;

    (void)state;
    write_file(folder, "r.io/a.crt", PEM("A"));
    free(path);
    path = support_path(folder, "r.io/a.crt");
    assert_int_equal(truncate(path, (off_t)IRW_CERTIFICATES_BYTES + 1), 0);
    assert_true(irw_certificates_read(&found, &places, "r.io"));
    assert_non_null(strstr(found.trouble, "a.crt: it is too large"));
    irw_certificates_clear(&found);
    free(path);
    support_temp_remove(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_no_places),
        cmocka_unit_test(test_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
