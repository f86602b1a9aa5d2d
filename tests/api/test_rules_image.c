/*
 * The grammar of imgrw_rules_add_image, which is that of
 * `kustomize edit set image`.
 */
#include "rules_text.h"

#include <string.h>

/* Each form means the same as an override; what it makes of an image with a tag
 * and a digest shows which. */
static const struct rules_row forms[] = {
    {"NAME=NEW", {"image nginx=r.io/x"}, "nginx:1@" OTHER_DIGEST,
     "r.io/x:1@" OTHER_DIGEST},
    {"NAME=NEW:TAG", {"image nginx=r.io/x:2"}, "nginx:1@" OTHER_DIGEST,
     "r.io/x:2"},
    {"NAME=NEW@DIGEST", {"image nginx=r.io/x@" DIGEST},
     "nginx:1@" OTHER_DIGEST, "r.io/x@" DIGEST},
    {"NAME=NEW:TAG@DIGEST", {"image nginx=r.io/x:2@" DIGEST},
     "nginx:1@" OTHER_DIGEST, "r.io/x:2@" DIGEST},
    {"NAME:TAG", {"image nginx:2"}, "nginx:1@" OTHER_DIGEST, "nginx:2"},
    {"NAME@DIGEST", {"image nginx@" DIGEST}, "nginx:1@" OTHER_DIGEST,
     "nginx@" DIGEST},
    {"NAME:TAG@DIGEST", {"image nginx:2@" DIGEST}, "nginx:1@" OTHER_DIGEST,
     "nginx:2@" DIGEST},
    {"NAME=*:TAG", {"image nginx=*:2"}, "nginx:1@" OTHER_DIGEST, "nginx:2"},
    {"NAME=*@DIGEST", {"image nginx=*@" DIGEST}, "nginx:1@" OTHER_DIGEST,
     "nginx@" DIGEST},
    {"NAME=*:TAG@DIGEST", {"image nginx=*:2@" DIGEST},
     "nginx:1@" OTHER_DIGEST, "nginx:2@" DIGEST},
    {"NAME=*:*@DIGEST", {"image nginx=*:*@" DIGEST}, "nginx:1@" OTHER_DIGEST,
     "nginx:1@" DIGEST},
    {"NAME=*:*@DIGEST of no tag", {"image nginx=*:*@" DIGEST}, "nginx",
     "nginx@" DIGEST},
    {"NAME=*:*@DIGEST of a digest", {"image nginx=*:*@" DIGEST},
     "nginx@" OTHER_DIGEST, "nginx@" DIGEST},
    {"NAME=*:*@DIGEST of a port", {"image r:5000/a=*:*@" DIGEST},
     "r:5000/a:1", "r:5000/a:1@" DIGEST},
    {"NAME=*:*@DIGEST twice", {"image nginx=*:*@" DIGEST}, "nginx:1@" DIGEST,
     UNCHANGED},
    {"NAME=NEW:*@DIGEST", {"image nginx=r.io/x:*@" DIGEST},
     "nginx:1@" OTHER_DIGEST, "r.io/x:1@" DIGEST},
    {"NAME:*@DIGEST", {"image nginx:*@" DIGEST}, "nginx:1@" OTHER_DIGEST,
     "nginx:1@" DIGEST},
    {"NAME=*:*@DIGEST in a chain", {"image a=b:2", "image b=*:*@" DIGEST},
     "a:1", "b:2@" DIGEST},
    {"NAME=NEW:*", {"image nginx=r.io/x:*"}, "nginx:1@" OTHER_DIGEST,
     "r.io/x:1@" OTHER_DIGEST},
    {"NAME=NEW@*", {"image nginx=r.io/x@*"}, "nginx:1@" OTHER_DIGEST,
     "r.io/x:1@" OTHER_DIGEST},
    {"NAME=NEW:*@*", {"image nginx=r.io/x:*@*"}, "nginx:1@" OTHER_DIGEST,
     "r.io/x:1@" OTHER_DIGEST},
};

/* The marks count after the first slash only, and the first "=" is the one. */
static const struct rules_row splitting[] = {
    {"port in NAME", {"image localhost:5000/a:2"}, "localhost:5000/a:1",
     "localhost:5000/a:2"},
    {"port in NAME and no tag", {"image localhost:5000/a=b"},
     "localhost:5000/a:1", "b:1"},
    {"port in NEW", {"image a=localhost:6000/b"}, "a:1", "localhost:6000/b:1"},
    {"port and tag in NEW", {"image a=localhost:6000/b:2"}, "a:1",
     "localhost:6000/b:2"},
    {"port in both", {"image r:5000/a=s:6000/b:2@" DIGEST}, "r:5000/a",
     "s:6000/b:2@" DIGEST},
    {"a lone name with a tag, not a registry", {"image localhost:5000"},
     "localhost:1", "localhost:5000"},
    {"a lone name with a tag in NEW", {"image a=localhost:5000"}, "a:1",
     "localhost:5000"},
    {"IPv6", {"image [::1]:5000/a:2"}, "[::1]:5000/a:1", "[::1]:5000/a:2"},
    {"IPv6 in NEW", {"image a=[::1]:5000/b:2"}, "a:1", "[::1]:5000/b:2"},
    {"deep path", {"image r.io/x/a:2"}, "r.io/x/a:1", "r.io/x/a:2"},
    {"tag in NAME before =", {"image nginx:1=nginx:2"}, "nginx:1", "nginx:2"},
    {"tag in NAME before =, another", {"image nginx:1=nginx:2"}, "nginx:3",
     UNMATCHED},
    {"digest in NAME before =", {"image nginx@" DIGEST "=*:2"},
     "nginx@" DIGEST, "nginx:2"},
    {"tag and digest in NAME before =", {"image nginx:1@" DIGEST "=r.io/x"},
     "nginx:1@" DIGEST, "r.io/x:1@" DIGEST},
    {"NAME is normalised", {"image docker.io/library/nginx:2"}, "nginx:1",
     "nginx:2"},
    {"tag that looks like a number", {"image nginx:1.20"}, "nginx:1",
     "nginx:1.20"},
    {"the same name", {"image a=a"}, "a:1", UNCHANGED},
    {"appended in order", {"image a=b", "image b=c:2"}, "a:1", "c:2"},
    {"beside an override", {"override name=a newName=b", "image b:2"}, "a:1",
     "b:2"},
};

static void
test_malformed(void **state)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"empty", ""},
        {"name alone", "nginx"},
        {"name with a path", "quay.io/a"},
        {"name with a port", "localhost:5000/a"},
        {"no name", "=b"},
        {"no name and a tag", "=b:2"},
        {"equals sign alone", "="},
        {"nothing after the equals sign", "a="},
        {"tag without a name", ":2"},
        {"digest without a name", "@" DIGEST},
        {"empty tag", "a:"},
        {"empty digest", "a@"},
        {"nothing but stars", "a=*"},
        {"nothing but stars, with a tag", "a=*:*"},
        {"nothing but stars, with both", "a=*:*@*"},
        {"star for a tag alone", "a:*"},
        {"star for a digest alone", "a@*"},
        {"star for NAME", "*=b"},
        {"star for NAME and a tag", "*:2"},
        {"pattern for NAME", ".*=b:1"},
        {"upper case in NAME", "A:2"},
        {"NAME begins with a hyphen", "-x:1"},
        {"space in NEW", "a=b c:1"},
        {"space before a tag", "a: 2"},
        {"two tags", "a:2:3"},
        {"two equals signs", "a==b"},
        {"equals sign in NEW", "a=b=c:1"},
        {"equals sign in a tag", "a=b:2=3"},
        {"scheme in NEW", "a=http://b/c:1"},
        {"outside ASCII in NEW", "a=\xC3\xA9:1"},
        {"plus in a tag", "a:1+b"},
        {"braces in a tag", "a:{T}"},
        {"digest without an algorithm", "a@abc"},
        {"short digest", "a:2@sha512:abc"},
        {"tag after a digest", "a@" DIGEST ":2"},
        {"tag for a registry", "a:1/b"},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct imgrw_error error = {0};
        struct imgrw_rules *rules;
        enum imgrw_status status;

        support_row(&tally, "%s", rows[i].name);
        assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
        status = imgrw_rules_add_image(rules, rows[i].text, &error);
        support_check(&tally, status == IMGRW_ERR_RULE, "status %d", status);
        support_check(&tally, error.status == status, "error.status is %d",
                      error.status);
        support_check(&tally, error.message[0] != '\0', "no message");
        support_check(&tally, imgrw_rules_count(rules) == 0, "it was added");
        imgrw_rules_free(rules);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        RULES_TEST(forms),
        RULES_TEST(splitting),
        cmocka_unit_test(test_malformed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
