/*
 * Keys of credentials. The numbers are of configurations that skopeo 1.9.3 was
 * given for 127.0.0.1:5130/ns/app/img, whose whole files are rows of
 * test_docker_config.c; which of two keys it takes is what it sent.
 */
#include "registry/login_key.h"
#include "support.h"

#include <string.h>

#define HOST "127.0.0.1:5130"

static const struct row {
    const char *name, *host, *repository;
    const char *taken, *other; /* the best key; one that fits less, or not */
} rows[] = {
    {"L01 host", HOST, "ns/app/img", HOST, "example.com"},
    {"L02 https", HOST, "ns/app/img", "https://" HOST, "https://example.com"},
    {"L03 old API", HOST, "ns/app/img", "https://" HOST "/v1/", ""},
    {"L04 http", HOST, "ns/app/img", "http://" HOST "/v2/", "ftp://" HOST},
    {"L05 slash", HOST, "ns/app/img", NULL, HOST "/"},
    {"L06 repository", HOST, "ns/app/img", HOST "/ns/app/img", HOST "/ns/app"},
    {"L06 repository, before the host", HOST, "ns/app/img",
     HOST "/ns/app/img", HOST},
    {"L07 namespace", HOST, "ns/app/img", HOST "/ns", HOST},
    {"L08 inner namespace", HOST, "ns/app/img", HOST "/ns/app", HOST "/ns"},
    {"L09 sibling", HOST, "ns/app/img", NULL, HOST "/ns2"},
    {"L09 part of a name", HOST, "ns/app/img", NULL, HOST "/ns/ap"},
    {"L10 tag", HOST, "ns/app/img", NULL, HOST "/ns/app/img:t"},
    {"L11 no port", HOST, "ns/app/img", NULL, "127.0.0.1"},
    {"L11 other port", HOST, "ns/app/img", NULL, "127.0.0.1:5131"},
    {"L12 upper case", "reg.io", "a", NULL, "REG.io"},
    {"L13 exact before a URL", HOST, "ns/app/img", HOST, "https://" HOST},
    {"L29 URL with a path", HOST, "ns/app/img", "https://" HOST "/ns/app/img",
     "https://" HOST "x"},
    {"L32 wildcard", "reg.io", "a", NULL, "*.io"},
    {"namespace before a URL", HOST, "ns/app/img", HOST "/ns",
     "https://" HOST "/ns/app"},
    {"slash after a namespace", HOST, "ns/app/img", NULL, HOST "/ns/"},
    {"more than the repository", HOST, "ns/app/img", NULL,
     HOST "/ns/app/img/x"},
    {"longer host", "reg.io", "a", NULL, "reg.io.example.com"},
    {"nothing", "reg.io", "a", NULL, ""},
    {"scheme alone", "reg.io", "a", NULL, "https://"},
    {"two schemes", "reg.io", "a", NULL, "https://http://reg.io"},
    {"Docker Hub as docker login has it", "docker.io", "library/nginx",
     "https://index.docker.io/v1/", "https://docker.io.example.com/v1/"},
    {"Docker Hub", "docker.io", "library/nginx", "docker.io",
     "index.docker.io"},
    {"Docker Hub's index", "docker.io", "library/nginx", "index.docker.io",
     "auth.docker.io"},
    {"Docker Hub's registry", "docker.io", "library/nginx",
     "registry-1.docker.io", "docker.io:443"},
    {"Docker Hub's registry is asked", "registry-1.docker.io", "library/nginx",
     "registry-1.docker.io", "docker.io"},
    {"Docker Hub, namespace", "docker.io", "library/nginx",
     "docker.io/library", "https://index.docker.io/v1/"},
    {"Docker Hub, namespace of another name", "docker.io", "library/nginx",
     NULL, "index.docker.io/library"},
    {"IPv6", "[2001:db8::1]:5000", "a", "https://[2001:db8::1]:5000/v2/",
     "[2001:db8::1]"},
};

static size_t
fit(const struct row *row, const char *key)
{
    const struct irw_login_place place = {support_str(row->host),
                                          support_str(row->repository)};

    return irw_login_key_fit(support_str(key), false, &place);
}

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        const struct row *row = &rows[i];
        size_t other = fit(row, row->other);

        support_row(&tally, "%s", row->name);
        if (row->taken)
            support_check(&tally, fit(row, row->taken) > other,
                          "%zu and %zu", fit(row, row->taken), other);
        else
            support_check(&tally, other == 0, "fits: %zu", other);
    }
    support_finish(&tally);
}

/* Keys of .dockercfg: whether they are for reg.io/ns/a. */
static const struct host_row {
    const char *name, *key;
    bool fits;
} host_rows[] = {
    {"host", "reg.io", true},
    {"slash", "reg.io/", true},
    {"URL", "https://reg.io/v1/", true},
    {"path counts as nothing", "reg.io/ns2", true},
    {"other host", "reg.io.example.com/ns", false},
    {"port", "reg.io:443", false},
};

static void
test_host_rows(void **state)
{
    const struct irw_login_place place = {IMGRW_STR("reg.io"),
                                          IMGRW_STR("ns/a")};
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(host_rows); i++) {
        size_t got = irw_login_key_fit(support_str(host_rows[i].key), true,
                                       &place);

        support_row(&tally, "%s", host_rows[i].name);
        support_check(&tally, (got > 0) == host_rows[i].fits, "fits: %zu",
                      got);
    }
    support_finish(&tally);
}

/* Keys of credHelpers, and what Docker asks helpers for. */
static const struct helper_row {
    const char *name, *key, *host;
    bool fits;
    const char *server;
} helper_rows[] = {
    {"L24 host", HOST, HOST, true, HOST},
    {"L29 URL", "https://" HOST, HOST, false, HOST},
    {"other port", "127.0.0.1:5131", HOST, false, HOST},
    {"namespace", HOST "/ns", HOST, false, HOST},
    {"Docker Hub", "docker.io", "docker.io", true,
     "https://index.docker.io/v1/"},
    {"Docker Hub's index", "index.docker.io", "docker.io", true,
     "https://index.docker.io/v1/"},
    {"Docker Hub as docker login has it", "https://index.docker.io/v1/",
     "docker.io", true, "https://index.docker.io/v1/"},
    {"Docker Hub for another", "https://index.docker.io/v1/", "reg.io", false,
     "reg.io"},
};

static void
test_helper_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(helper_rows); i++) {
        const struct helper_row *row = &helper_rows[i];
        imgrw_str host = support_str(row->host);

        support_row(&tally, "%s", row->name);
        support_check(&tally,
                      irw_login_key_is_host(support_str(row->key), host) ==
                          row->fits,
                      "fits: %d", !row->fits);
        support_check_str(&tally, "server", irw_login_key_of_docker(host),
                          support_str(row->server));
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_host_rows),
        cmocka_unit_test(test_helper_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
