/*
 * Where manifests are, what says that there is none, and platforms. The bodies
 * of errors are those of distribution, Harbor, Gitea and ghcr.io.
 */
#include "registry/manifest_answer.h"
#include "support.h"

#include <string.h>

#define SHA "sha256:" \
    "8e3f30816c71fd56298ad576c2137b07e234fa55d4eef7ac92f35b1925a7cc15"

static const struct {
    const char *reference, *host, *path;
} places[] = {
    {"nginx", "registry-1.docker.io", "/v2/library/nginx/manifests/latest"},
    {"nginx:1", "registry-1.docker.io", "/v2/library/nginx/manifests/1"},
    {"docker.io/a/b", "registry-1.docker.io", "/v2/a/b/manifests/latest"},
    {"index.docker.io/b:c", "registry-1.docker.io",
     "/v2/library/b/manifests/c"},
    {"quay.io/a/b:c", "quay.io", "/v2/a/b/manifests/c"},
    {"quay.io/a/b:c@" SHA, "quay.io", "/v2/a/b/manifests/" SHA},
    {"localhost:5000/x@" SHA, "localhost:5000", "/v2/x/manifests/" SHA},
    {"[::1]:5000/x", "[::1]:5000", "/v2/x/manifests/latest"},
};

static void
test_places(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(places); i++) {
        struct imgrw_reference_buffer buffer;
        struct imgrw_reference full;
        struct irw_bytes host = {0}, path = {0};

        support_row(&tally, "%s", places[i].reference);
        assert_int_equal(imgrw_reference_parse(
                             support_str(places[i].reference), &full, NULL),
                         IMGRW_OK);
        assert_int_equal(imgrw_reference_normalize(&full, &buffer, &full,
                                                   NULL), IMGRW_OK);
        irw_registry_host(&full, &host);
        irw_manifest_path(&full, &path);
        support_check_str(&tally, "host", (imgrw_str){host.data, host.size},
                          support_str(places[i].host));
        support_check_str(&tally, "path", (imgrw_str){path.data, path.size},
                          support_str(places[i].path));
        irw_bytes_clear(&host);
        irw_bytes_clear(&path);
    }
    support_finish(&tally);
}

static const struct {
    const char *name, *body;
    bool is_unknown;
} errors[] = {
    {"distribution",
     "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest "
     "unknown\",\"detail\":{\"Tag\":\"nosuch\"}}]}\n",
     true},
    {"repository", "{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}", true},
    {"Harbor",
     "{\"errors\":[{\"code\":\"NOT_FOUND\",\"message\":\"artifact x not "
     "found\"}]}",
     true},
    {"UNKNOWN and words",
     "{\"errors\":[{\"code\":\"UNKNOWN\",\"message\":\"Not Found\"}]}", true},
    {"UNKNOWN alone",
     "{\"errors\":[{\"code\":\"UNKNOWN\",\"message\":\"it broke\"}]}", false},
    {"second of two",
     "{\"errors\":[{\"code\":\"DENIED\"},{\"code\":\"MANIFEST_UNKNOWN\"}]}",
     true},
    {"denied", "{\"errors\":[{\"code\":\"DENIED\"}]}", false},
    {"no code", "{\"errors\":[{\"message\":\"manifest unknown\"}]}", false},
    {"code that is no string", "{\"errors\":[{\"code\":404}]}", false},
    {"errors that are no objects", "{\"errors\":[\"MANIFEST_UNKNOWN\"]}",
     false},
    {"errors that are no list", "{\"errors\":{\"code\":\"NAME_UNKNOWN\"}}",
     false},
    {"no errors", "{}", false},
    {"list", "[]", false},
    {"HTML", "<html>captive portal", false},
    {"text", "404 page not found\n", false},
    {"nothing", "", false},
    {"cut", "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\"", false},
};

static void
test_errors(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(errors); i++) {
        support_row(&tally, "%s", errors[i].name);
        support_check(&tally,
                      irw_error_is_unknown(support_str(errors[i].body)) ==
                          errors[i].is_unknown,
                      "there is no image or there is");
    }
    support_finish(&tally);
}

/* The platforms, as OS/ARCHITECTURE/VARIANT@DIGEST with a blank between. */
static const struct {
    const char *name, *body, *platforms;
} indexes[] = {
    {"two",
     "{\"manifests\":[{\"digest\":\"sha256:1\",\"platform\":"
     "{\"architecture\":\"amd64\",\"os\":\"linux\"}},{\"digest\":"
     "\"sha256:2\",\"platform\":{\"os\":\"linux\",\"architecture\":\"arm\","
     "\"variant\":\"v7\"}}]}",
     "linux/amd64/@sha256:1 linux/arm/v7@sha256:2 "},
    {"attestation",
     "{\"manifests\":[{\"digest\":\"sha256:1\",\"platform\":{\"os\":"
     "\"unknown\",\"architecture\":\"unknown\"}},{\"digest\":\"sha256:2\","
     "\"platform\":{\"os\":\"windows\",\"architecture\":\"amd64\"}}]}",
     "windows/amd64/@sha256:2 "},
    {"no platform", "{\"manifests\":[{\"digest\":\"sha256:1\"}]}", ""},
    {"controls",
     "{\"manifests\":[{\"digest\":\"sha256:1\",\"platform\":{\"os\":\"linux\","
     "\"architecture\":\"a\\u001b[2J\"}}]}",
     "linux//@sha256:1 "},
    {"other types", "{\"manifests\":[1,null,{\"platform\":{\"os\":[]}}]}", ""},
    {"no index", "{\"config\":{}}", ""},
    {"no JSON", "<html>", ""},
    {"nothing", "", ""},
};

static void
test_platforms(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(indexes); i++) {
        struct imgrw_registry_platform *platforms;
        struct irw_bytes text = {0};
        size_t count;

        support_row(&tally, "%s", indexes[i].name);
        assert_true(irw_platforms_read(support_str(indexes[i].body), &platforms,
                                       &count));
        for (size_t k = 0; k < count; k++) {
            irw_bytes_add(&text, platforms[k].os);
            irw_bytes_add_text(&text, "/");
            irw_bytes_add(&text, platforms[k].architecture);
            irw_bytes_add_text(&text, "/");
            irw_bytes_add(&text, platforms[k].variant);
            irw_bytes_add_text(&text, "@");
            irw_bytes_add(&text, platforms[k].digest);
            irw_bytes_add_text(&text, " ");
        }
        support_check_str(&tally, "platforms",
                          (imgrw_str){text.data, text.size},
                          support_str(indexes[i].platforms));
        irw_bytes_clear(&text);
        irw_platforms_free(platforms, count);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_platforms),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
