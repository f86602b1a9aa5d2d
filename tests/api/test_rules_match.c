/*
 * Which images a rule speaks of: prefixes, overrides and excludes.
 */
#include "rules_text.h"

/* All of Docker Hub is under one host, however the host is written. */
static const struct rules_row prefix_hub[] = {
    {"short name", {"prefix docker.io h.io/hub"}, "nginx:1",
     "h.io/hub/library/nginx:1"},
    {"library", {"prefix docker.io h.io/hub"}, "library/nginx:1",
     "h.io/hub/library/nginx:1"},
    {"host", {"prefix docker.io h.io/hub"}, "docker.io/nginx:1",
     "h.io/hub/library/nginx:1"},
    {"full name", {"prefix docker.io h.io/hub"},
     "docker.io/library/nginx:1", "h.io/hub/library/nginx:1"},
    {"old name", {"prefix docker.io h.io/hub"},
     "index.docker.io/library/nginx:1", "h.io/hub/library/nginx:1"},
    {"namespace", {"prefix docker.io h.io/hub"}, "bitnami/redis:7",
     "h.io/hub/bitnami/redis:7"},
    {"old name in the rule", {"prefix index.docker.io h.io/hub"}, "nginx",
     "h.io/hub/library/nginx"},
    {"host case in the rule", {"prefix Docker.IO h.io/hub"}, "nginx",
     "h.io/hub/library/nginx"},
    {"another registry", {"prefix docker.io h.io/hub"}, "quay.io/nginx:1",
     UNMATCHED},
    {"a host without a dot", {"prefix docker.io h.io/hub"},
     "localhost/nginx:1", UNMATCHED},
    {"the host that serves the Hub", {"prefix docker.io h.io/hub"},
     "registry-1.docker.io/library/nginx:1", "h.io/hub/library/nginx:1"},
    {"the Hub's host for people", {"prefix docker.io h.io/hub"},
     "registry.hub.docker.com/bitnami/redis", "h.io/hub/bitnami/redis"},
    {"the Hub's host in the rule", {"prefix registry-1.docker.io h.io/hub"},
     "nginx", "h.io/hub/library/nginx"},
    {"a host beside the Hub", {"prefix docker.io h.io/hub"},
     "hub.docker.com/library/nginx", UNMATCHED},
    {"no registry is implied", {"prefix docker.io h.io/hub"},
     "reg_host.io/1", UNMATCHED},};

static const struct rules_row prefix_path[] = {
    {"official images", {"prefix docker.io/library h.io/o"}, "nginx:1",
     "h.io/o/nginx:1"},
    {"official images by a short prefix", {"prefix library h.io/o"},
     "docker.io/nginx:1", "h.io/o/nginx:1"},
    {"not a namespace", {"prefix docker.io/library h.io/o"},
     "bitnami/redis", UNMATCHED},
    {"namespace", {"prefix docker.io/bitnami h.io/b"}, "bitnami/redis:7",
     "h.io/b/redis:7"},
    {"one image", {"prefix nginx h.io/web"}, "nginx:1", "h.io/web:1"},
    {"one image by its full name", {"prefix nginx h.io/web"},
     "docker.io/library/nginx:1", "h.io/web:1"},
    {"full prefix and short name",
     {"prefix docker.io/library/nginx h.io/web"}, "nginx", "h.io/web"},
    {"one image with a namespace", {"prefix bitnami/redis h.io/redis"},
     "docker.io/bitnami/redis:7", "h.io/redis:7"},
    {"path below", {"prefix quay.io/a h.io/x"}, "quay.io/a/b/c:1",
     "h.io/x/b/c:1"},
    {"boundary at a slash", {"prefix quay.io/a h.io/x"}, "quay.io/a/b",
     "h.io/x/b"},
    {"boundary at a tag", {"prefix quay.io/a h.io/x"}, "quay.io/a:1",
     "h.io/x:1"},
    {"boundary at a digest", {"prefix quay.io/a h.io/x"},
     "quay.io/a@" DIGEST, "h.io/x@" DIGEST},
    {"boundary at the end", {"prefix quay.io/a h.io/x"}, "quay.io/a",
     "h.io/x"},
    {"no boundary at a letter", {"prefix quay.io/a h.io/x"}, "quay.io/ab",
     UNMATCHED},
    {"no boundary at a hyphen", {"prefix quay.io/a h.io/x"},
     "quay.io/a-b:1", UNMATCHED},
    {"no boundary at a dot", {"prefix quay.io/a h.io/x"}, "quay.io/a.b:1",
     UNMATCHED},
    {"no boundary at an underscore", {"prefix quay.io/a h.io/x"},
     "quay.io/a_b/c", UNMATCHED},
    {"no boundary in an official name", {"prefix nginx h.io/x"},
     "nginx-unit", UNMATCHED},
    {"not elsewhere in the path", {"prefix quay.io/a h.io/x"},
     "quay.io/b/a/c", UNMATCHED},
    {"same path of another registry", {"prefix quay.io/a h.io/x"}, "a/b",
     UNMATCHED},
    {"one image is not all of its host", {"prefix nginx h.io/web"},
     "httpd", UNMATCHED},
    {"one image of another registry", {"prefix nginx h.io/web"},
     "quay.io/library/nginx", UNMATCHED},
    {"slash at the end of the prefix", {"prefix quay.io/a/ h.io/x"},
     "quay.io/a/b", "h.io/x/b"},};

static const struct rules_row prefix_host[] = {
    {"case of the image", {"prefix quay.io h.io/q"}, "Quay.IO/a:1",
     "h.io/q/a:1"},
    {"case of the rule", {"prefix QUAY.io h.io/q"}, "quay.io/a:1",
     "h.io/q/a:1"},
    {"case of a tag is kept", {"prefix quay.io h.io/q"}, "QUAY.IO/a:RC_1",
     "h.io/q/a:RC_1"},
    {"default port of the image", {"prefix quay.io h.io/q"},
     "quay.io:443/a:1", "h.io/q/a:1"},
    {"default port of the rule", {"prefix quay.io:443 h.io/q"},
     "quay.io/a:1", "h.io/q/a:1"},
    {"default port of the Hub", {"prefix docker.io h.io/q"},
     "docker.io:443/nginx", "h.io/q/library/nginx"},
    {"another port", {"prefix quay.io h.io/q"}, "quay.io:5000/a:1",
     UNMATCHED},
    {"no port", {"prefix quay.io:5000 h.io/q"}, "quay.io/a:1", UNMATCHED},
    {"same port", {"prefix registry:5000 h.io/q"}, "registry:5000/a:1",
     "h.io/q/a:1"},
    {"port that goes on", {"prefix registry:500 h.io/q"},
     "registry:5000/a:1", UNMATCHED},
    {"localhost", {"prefix localhost h.io/q"}, "localhost/a",
     "h.io/q/a"},
    {"IPv6", {"prefix [::1]:5000 h.io/q"}, "[::1]:5000/a:1",
     "h.io/q/a:1"},
    {"IPv6 in another case", {"prefix [FE80::1] h.io/q"}, "[fe80::1]/a",
     "h.io/q/a"},
    {"host that goes on", {"prefix quay.io h.io/q"}, "quay.io.example/a",
     UNMATCHED},
    {"host that ends so", {"prefix quay.io h.io/q"}, "myquay.io/a",
     UNMATCHED},
    {"host below", {"prefix quay.io h.io/q"}, "eu.quay.io/a", UNMATCHED},
    {"to a host with a port", {"prefix quay.io r:5000"}, "quay.io/a:1",
     "r:5000/a:1"},
    {"to localhost", {"prefix quay.io localhost/q"}, "quay.io/a",
     "localhost/q/a"},
    {"to IPv6", {"prefix quay.io [::1]:5000/q"}, "quay.io/a",
     "[::1]:5000/q/a"},
    {"slash at the end of the location", {"prefix quay.io h.io/q/"},
     "quay.io/a", "h.io/q/a"},};

static const struct rules_row wildcard_host[] = {
    {"host below", {"prefix *.gcr.io h.io/g"}, "eu.gcr.io/p/a:1",
     "h.io/g/p/a:1"},
    {"host far below", {"prefix *.gcr.io h.io/g"}, "a.b.gcr.io/p",
     "h.io/g/p"},
    {"the host itself", {"prefix *.gcr.io h.io/g"}, "gcr.io/p/a:1",
     UNMATCHED},
    {"no dot between", {"prefix *.gcr.io h.io/g"}, "mygcr.io/p",
     UNMATCHED},
    {"host that goes on", {"prefix *.gcr.io h.io/g"}, "eu.gcr.io.example/p",
     UNMATCHED},
    {"in the path", {"prefix *.gcr.io h.io/g"}, "quay.io/eu.gcr.io/p",
     UNMATCHED},
    {"case of the image", {"prefix *.gcr.io h.io/g"}, "EU.GCR.IO/p",
     "h.io/g/p"},
    {"case of the rule", {"prefix *.GCR.io h.io/g"}, "eu.gcr.io/p",
     "h.io/g/p"},
    {"default port", {"prefix *.gcr.io h.io/g"}, "eu.gcr.io:443/p",
     "h.io/g/p"},
    {"below Docker Hub", {"prefix *.docker.io h.io/g"},
     "mirror.docker.io/a", "h.io/g/a"},
    {"not the host that serves Docker Hub", {"prefix *.docker.io h.io/g"},
     "registry-1.docker.io/a/b", UNMATCHED},
    {"not Docker Hub", {"prefix *.docker.io h.io/g"}, "nginx", UNMATCHED},
    {"not Docker Hub by its old name", {"prefix *.docker.io h.io/g"},
     "index.docker.io/library/nginx", UNMATCHED},
    {"one label", {"prefix *.local h.io/g"}, "r.local/a", "h.io/g/a"},};

/* The longest prefix wins, in whichever order they were added. */
static void
test_longest_prefix(void **state)
{
    static const struct {
        const char *name, *shorter, *longer, *image, *becomes;
    } rows[] = {
        {"host and path", "prefix quay.io s.io", "prefix quay.io/a l.io/x",
         "quay.io/a/b:1", "l.io/x/b:1"},
        {"only the shorter matches", "prefix quay.io s.io",
         "prefix quay.io/a l.io/x", "quay.io/ab:1", "s.io/ab:1"},
        {"path and longer path", "prefix quay.io/a s.io/x",
         "prefix quay.io/a/b l.io/y", "quay.io/a/b/c", "l.io/y/c"},
        {"the Hub and library", "prefix docker.io s.io",
         "prefix docker.io/library l.io/x", "nginx", "l.io/x/nginx"},
        {"the Hub and one image", "prefix docker.io s.io",
         "prefix nginx l.io/x", "docker.io/library/nginx:1", "l.io/x:1"},
        {"library and one image", "prefix docker.io/library s.io/x",
         "prefix nginx l.io/y", "nginx:1", "l.io/y:1"},
        {"any host and the host", "prefix *.gcr.io s.io/x",
         "prefix eu.gcr.io l.io/y", "eu.gcr.io/p", "l.io/y/p"},
        {"any host and the host, elsewhere", "prefix *.gcr.io s.io/x",
         "prefix eu.gcr.io l.io/y", "us.gcr.io/p", "s.io/x/p"},
        {"any host and any below", "prefix *.gcr.io s.io/x",
         "prefix *.eu.gcr.io l.io/y", "a.eu.gcr.io/p", "l.io/y/p"},
        {"any host and a path", "prefix *.gcr.io s.io/x",
         "prefix eu.gcr.io/p l.io/y", "eu.gcr.io/p/a", "l.io/y/a"},
        {"length of the whole, not of the host", "prefix *.eu.gcr.io s.io/x",
         "prefix a.eu.gcr.io/p l.io/y", "a.eu.gcr.io/p/q", "l.io/y/q"},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < 2 * SUPPORT_COUNT(rows); i++) {
        size_t at = i / 2;
        const char *const lines[] = {
            i % 2 ? rows[at].longer : rows[at].shorter,
            i % 2 ? rows[at].shorter : rows[at].longer,
            NULL,
        };
        struct imgrw_rules *rules;

        support_row(&tally, "%s, %s first", rows[at].name,
                    i % 2 ? "longer" : "shorter");
        rules = rules_text_new(&tally, lines);
        if (rules)
            rules_text_check(&tally, rules, rows[at].image, rows[at].becomes);
        imgrw_rules_free(rules);
    }
    support_finish(&tally);
}

/* Names are literal and compared as full names. */
static const struct rules_row override_name[] = {
    {"short name", {"override name=nginx newTag=2"}, "nginx:1", "nginx:2"},
    {"library", {"override name=nginx newTag=2"}, "library/nginx:1",
     "library/nginx:2"},
    {"host", {"override name=nginx newTag=2"}, "docker.io/nginx:1",
     "docker.io/nginx:2"},
    {"full name", {"override name=nginx newTag=2"},
     "docker.io/library/nginx:1", "docker.io/library/nginx:2"},
    {"old name", {"override name=nginx newTag=2"},
     "index.docker.io/library/nginx", "index.docker.io/library/nginx:2"},
    {"full name in the rule",
     {"override name=docker.io/library/nginx newTag=2"}, "nginx:1",
     "nginx:2"},
    {"old name in the rule",
     {"override name=index.docker.io/nginx newTag=2"}, "nginx:1",
     "nginx:2"},
    {"host case", {"override name=quay.io/a newTag=2"}, "QUAY.io/a:1",
     "QUAY.io/a:2"},
    {"default port", {"override name=quay.io/a newTag=2"},
     "quay.io:443/a:1", "quay.io:443/a:2"},
    {"default port in the rule", {"override name=quay.io:443/a newTag=2"},
     "quay.io/a:1", "quay.io/a:2"},
    {"another port", {"override name=quay.io/a newTag=2"},
     "quay.io:5000/a:1", UNMATCHED},
    {"a port is of the name", {"override name=r:5000/a newTag=2"},
     "r:5000/a:1", "r:5000/a:2"},
    {"another registry", {"override name=nginx newTag=2"},
     "quay.io/nginx:1", UNMATCHED},
    {"another namespace", {"override name=nginx newTag=2"},
     "bitnami/nginx:1", UNMATCHED},
    {"not a prefix", {"override name=quay.io/a newTag=2"}, "quay.io/a/b:1",
     UNMATCHED},
    {"not the start of a word", {"override name=nginx newTag=2"},
     "nginx-unit:1", UNMATCHED},
    {"not the end of a word", {"override name=nginx newTag=2"},
     "my-nginx:1", UNMATCHED},
    {"a dot is a dot", {"override name=quay.io/a.b newTag=2"},
     "quay.io/axb:1", UNMATCHED},
    {"a dot of the host is a dot", {"override name=k8s.gcr.io/a newTag=2"},
     "k8s-gcr.io/a:1", UNMATCHED},
    {"sha512", {"override name=nginx newTag=2"},
     "nginx@sha512:"
     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
     "nginx:2"},};

/* With a tag or a digest in the name, only that one matches; as in kustomize, a
 * name with a tag matches with any digest, and one with a digest does not match
 * with a tag between. */
static const struct rules_row override_name_with_tag[] = {
    {"its tag", {"override name=nginx:1 newTag=2"}, "nginx:1", "nginx:2"},
    {"its tag by the full name", {"override name=nginx:1 newTag=2"},
     "docker.io/library/nginx:1", "docker.io/library/nginx:2"},
    {"its tag and a digest", {"override name=nginx:1 newTag=2"},
     "nginx:1@" DIGEST, "nginx:2"},
    {"another tag", {"override name=nginx:1 newTag=2"}, "nginx:3",
     UNMATCHED},
    {"a longer tag", {"override name=nginx:1 newTag=2"}, "nginx:1.2",
     UNMATCHED},
    {"a tag of another case", {"override name=nginx:rc newTag=2"},
     "nginx:RC", UNMATCHED},
    {"no tag", {"override name=nginx:1 newTag=2"}, "nginx", UNMATCHED},
    {"latest is not implied", {"override name=nginx:latest newTag=2"},
     "nginx", UNMATCHED},
    {"a digest and no tag", {"override name=nginx:1 newTag=2"},
     "nginx@" DIGEST, UNMATCHED},
    {"its digest", {"override name=nginx@" DIGEST " newTag=2"},
     "nginx@" DIGEST, "nginx:2"},
    {"another digest", {"override name=nginx@" DIGEST " newTag=2"},
     "nginx@" OTHER_DIGEST, UNMATCHED},
    {"no digest", {"override name=nginx@" DIGEST " newTag=2"}, "nginx:1",
     UNMATCHED},
    {"both", {"override name=nginx:1@" DIGEST " newTag=2"},
     "nginx:1@" DIGEST, "nginx:2"},
    {"both and another tag", {"override name=nginx:1@" DIGEST " newTag=2"},
     "nginx:3@" DIGEST, UNMATCHED},
    {"both and another digest",
     {"override name=nginx:1@" DIGEST " newTag=2"},
     "nginx:1@" OTHER_DIGEST, UNMATCHED},
    {"its digest and a tag", {"override name=nginx@" DIGEST " newTag=2"},
     "nginx:1@" DIGEST, UNMATCHED},};

/* Excludes take what prefixes take, and "/" or "**" at the end. */
static const struct rules_row exclude[] = {
    {"registry", {"exclude quay.io"}, "quay.io/a:1", EXCLUDED},
    {"another registry", {"exclude quay.io"}, "ghcr.io/a:1", UNMATCHED},
    {"path", {"exclude quay.io/a"}, "quay.io/a/b:1", EXCLUDED},
    {"the path itself", {"exclude quay.io/a"}, "quay.io/a:1", EXCLUDED},
    {"no boundary", {"exclude quay.io/a"}, "quay.io/ab:1", UNMATCHED},
    {"slash after a registry", {"exclude quay.io/"}, "quay.io/a",
     EXCLUDED},
    {"slash after a path", {"exclude quay.io/a/"}, "quay.io/a/b",
     EXCLUDED},
    {"stars after a registry", {"exclude quay.io/**"}, "quay.io/a/b",
     EXCLUDED},
    {"stars after a path", {"exclude quay.io/a/**"}, "quay.io/a/b",
     EXCLUDED},
    {"stars after a path, no boundary", {"exclude quay.io/a/**"},
     "quay.io/ab", UNMATCHED},
    {"any host", {"exclude *.gcr.io"}, "eu.gcr.io/p", EXCLUDED},
    {"any host with stars", {"exclude *.gcr.io/**"}, "eu.gcr.io/p/a:1",
     EXCLUDED},
    {"any host, not the host itself", {"exclude *.gcr.io"}, "gcr.io/p",
     UNMATCHED},
    {"Docker Hub", {"exclude docker.io"}, "nginx", EXCLUDED},
    {"Docker Hub with stars", {"exclude docker.io/**"}, "bitnami/redis",
     EXCLUDED},
    {"one image", {"exclude nginx"}, "docker.io/library/nginx:1",
     EXCLUDED},
    {"one image and its likes", {"exclude nginx"}, "nginx-unit",
     UNMATCHED},
    {"official images", {"exclude library/**"}, "nginx", EXCLUDED},
    {"host case and port", {"exclude QUAY.io"}, "quay.io:443/a", EXCLUDED},
    {"no rule besides", {"exclude quay.io"}, "nginx", UNMATCHED},};

int
main(void)
{
    const struct CMUnitTest tests[] = {
        RULES_TEST(prefix_hub),
        RULES_TEST(prefix_path),
        RULES_TEST(prefix_host),
        RULES_TEST(wildcard_host),
        cmocka_unit_test(test_longest_prefix),
        RULES_TEST(override_name),
        RULES_TEST(override_name_with_tag),
        RULES_TEST(exclude),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
