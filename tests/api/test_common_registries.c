/*
 * Registries that several images of a chart are joined to: the registry moves
 * where the rules move all of these images alike, and the plan says why where
 * they do not. What a row becomes follows from what a template makes of it: the
 * registry, a slash, and the name of the image.
 */
#include "rules_text.h"

#include <imgrewrite/plan.h>

#include <stdio.h>
#include <string.h>

#define QUAY "prefix quay.io m.example.com/quay"
#define RELEASE "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
#define CHART \
    "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nspec:\n" \
    "  valuesContent: |\n"
#define NAME_IT "name its field with --field"
#define ISTIO \
    "global: {hub: docker.io/istio, tag: 1.20.0, proxy: {image: proxyv2}}\n" \
    "pilot: {hub: '', tag: '', image: pilot}\n"
#define TWO \
    "hub: quay.io\n" \
    "a: {image: {repository: acme/a, tag: v1}}\n" \
    "b: {image: {repository: acme/b, tag: v1}}\n"

static const struct {
    const char *name;
    const char *rules[RULES_MAX];
    const char *values;
    const char *becomes;  /* NULL: it stays */
    const char *obstacle; /* words of that of the first image with one; NULL:
                             no image has one */
} rows[] = {
    {"all alike", {QUAY}, TWO,
     "hub: m.example.com/quay\n"
     "a: {image: {repository: acme/a, tag: v1}}\n"
     "b: {image: {repository: acme/b, tag: v1}}\n", NULL},
    {"a path of the registry", {"prefix quay.io/acme m.example.com/x"}, TWO,
     NULL, "quay.io/acme/a:v1 would get another name"},
    {"one is excluded", {QUAY, "exclude quay.io/acme/b"}, TWO, NULL,
     "on line 1, is that of quay.io/acme/b:v1 on line 3 as well, which stays "
     "below quay.io"},
    {"the first is excluded", {QUAY, "exclude quay.io/acme/a"}, TWO, NULL,
     "quay.io/acme/a:v1 on line 2 as well, which stays below quay.io"},
    {"one goes elsewhere",
     {QUAY, "prefix quay.io/acme/b m.example.com/b/acme/b"}, TWO, NULL,
     "quay.io/acme/b:v1 on line 3 as well, which goes to m.example.com/b"},
    {"one is renamed", {QUAY, "image quay.io/acme/b=m.example.com/other"}, TWO,
     NULL, "by the rules quay.io/acme/b:v1 would get another name"},
    {"one is of no rule", {"prefix quay.io/acme/a m.example.com/acme/a"}, TWO,
     NULL, "which stays below quay.io"},
    {"one is pinned, and moves as all do",
     {QUAY, "override name=quay.io/acme/b newTag=v2"}, TWO,
     "hub: m.example.com/quay\n"
     "a: {image: {repository: acme/a, tag: v1}}\n"
     "b: {image: {repository: acme/b, tag: v2}}\n", NULL},
    {"one is pinned, and none moves",
     {"override name=quay.io/acme/b newTag=v2"}, TWO,
     "hub: quay.io\n"
     "a: {image: {repository: acme/a, tag: v1}}\n"
     "b: {image: {repository: acme/b, tag: v2}}\n", NULL},
    {"one is ignored", {QUAY},
     "hub: quay.io\n"
     "a: {image: {repository: acme/a, tag: v1}}\n"
     "b: {image: {repository: acme/b, tag: v1}} # imgrewrite:ignore\n",
     NULL, "which stays below quay.io"},
    {"one has a tag that is filled in later", {QUAY},
     "hub: quay.io\n"
     "a: {image: {repository: acme/a, tag: v1}}\n"
     "b: {image: {repository: acme/b, tag: '${TAG}'}}\n",
     "hub: m.example.com/quay\n"
     "a: {image: {repository: acme/a, tag: v1}}\n"
     "b: {image: {repository: acme/b, tag: '${TAG}'}}\n", NULL},
    {"one waits for its tag",
     {QUAY, "override name=quay.io/acme/b:v2 newName=m.example.com/b"},
     "hub: quay.io\n"
     "a: {image: {repository: acme/a, tag: v1}}\n"
     "b: {image: {repository: acme/b, tag: '${TAG}'}}\n", NULL,
     "which stays below quay.io"},
    {"a registry of its own", {QUAY},
     "hub: quay.io\n"
     "a: {image: {repository: acme/a, tag: v1}}\n"
     "b: {image: {registry: ghcr.io, repository: acme/b, tag: v1}}\n",
     "hub: m.example.com/quay\n"
     "a: {image: {repository: acme/a, tag: v1}}\n"
     "b: {image: {registry: ghcr.io, repository: acme/b, tag: v1}}\n", NULL},
    {"library of some only", {"prefix docker.io m.example.com/hub"},
     "hub: docker.io\n"
     "a: {image: {repository: nginx, tag: v1}}\n"
     "b: {image: {repository: acme/b, tag: v1}}\n",
     "hub: m.example.com/hub\n"
     "a: {image: {repository: library/nginx, tag: v1}}\n"
     "b: {image: {repository: acme/b, tag: v1}}\n", NULL},
    {"library of some only, one of which is written",
     {"prefix docker.io m.example.com/hub"},
     "hub: docker.io\n"
     "a: {image: {repository: nginx, tag: v1}}\n"
     "b: {image: {repository: library/redis, tag: v1}}\n"
     "c: {image: {name: httpd, tag: v1}}\n",
     "hub: m.example.com/hub\n"
     "a: {image: {repository: library/nginx, tag: v1}}\n"
     "b: {image: {repository: library/redis, tag: v1}}\n"
     "c: {image: {name: library/httpd, tag: v1}}\n", NULL},
    {"library of some only, whose registry has a slash",
     {"prefix docker.io m.example.com/hub"},
     "hub: docker.io/\n"
     "a: {image: {repository: nginx, tag: v1}}\n"
     "b: {image: {repository: acme/redis, tag: v1}}\n",
     "hub: m.example.com/hub/\n"
     "a: {image: {repository: library/nginx, tag: v1}}\n"
     "b: {image: {repository: acme/redis, tag: v1}}\n", NULL},
    {"a library of one and a rule for another",
     {"prefix docker.io m.io/library"},
     "hub: docker.io\n"
     "a: {image: {repository: nginx, tag: v1}}\n"
     "b: {image: {repository: acme/b, tag: v1}}\n",
     "hub: m.io/library\n"
     "a: {image: {repository: library/nginx, tag: v1}}\n"
     "b: {image: {repository: acme/b, tag: v1}}\n", NULL},
    {"library of one that is excluded",
     {"prefix docker.io m.example.com/hub", "exclude nginx"},
     "hub: docker.io\n"
     "a: {image: {repository: nginx, tag: v1}}\n"
     "b: {image: {repository: acme/b, tag: v1}}\n", NULL,
     "which stays below docker.io; give one of them a registry of its own"},
    {"library of all", {"prefix docker.io m.example.com/hub"},
     "hub: docker.io\n"
     "a: {image: {repository: nginx, tag: v1}}\n"
     "b: {image: {repository: redis, tag: v1}}\n",
     "hub: m.example.com/hub/library\n"
     "a: {image: {repository: nginx, tag: v1}}\n"
     "b: {image: {repository: redis, tag: v1}}\n", NULL},
    {"a layout that keeps the last component",
     {"preset kots:host=m.example.com,namespace=app"}, TWO, NULL,
     "would get another name"},
    {"to Docker Hub", {"prefix quay.io acmehub"}, TWO,
     "hub: docker.io/acmehub\n"
     "a: {image: {repository: acme/a, tag: v1}}\n"
     "b: {image: {repository: acme/b, tag: v1}}\n", NULL},
    {"any registry, as written", {"any m.example.com written"}, TWO,
     "hub: m.example.com/quay.io\n"
     "a: {image: {repository: acme/a, tag: v1}}\n"
     "b: {image: {repository: acme/b, tag: v1}}\n", NULL},
    {"a tag of all moves with them", {"prefix docker.io m.io/hub"}, ISTIO,
     "global: {hub: m.io/hub/istio, tag: 1.20.0, proxy: {image: proxyv2}}\n"
     "pilot: {hub: '', tag: '', image: pilot}\n", NULL},
    {"a tag of all stays", {"override name=docker.io/istio/pilot newTag=2"},
     ISTIO, NULL, "docker.io/istio/pilot:1.20.0 would get another tag there"},
    {"a tag of all, which a rule is for",
     {"image docker.io/istio/pilot:1.20.0=m.io/istio/pilot:1.20.0",
      "image docker.io/istio/proxyv2:1.20.0=m.io/istio/proxyv2:1.20.0"}, ISTIO,
     "global: {hub: m.io/istio, tag: 1.20.0, proxy: {image: proxyv2}}\n"
     "pilot: {hub: '', tag: '', image: pilot}\n", NULL},
    {"one of a hub is for no rule",
     {"image docker.io/istio/pilot=m.io/istio/pilot"}, ISTIO, NULL,
     "on line 1, is that of docker.io/istio/proxyv2:1.20.0 on line 1 as well, "
     "which stays below docker.io/istio"},
    {"what has a slash moves by itself",
     {"image acme/proxyv2=m.io/acme/proxyv2"},
     "global: {hub: docker.io/istio, proxy: {image: acme/proxyv2}}\n"
     "pilot: {image: pilot}\n",
     "global: {hub: docker.io/istio, proxy: {image: m.io/acme/proxyv2}}\n"
     "pilot: {image: pilot}\n", NULL},
    {"two registries of one name", {QUAY, "exclude quay.io/acme/b"},
     "a: {hub: quay.io, x: {image: {repository: acme/a, tag: v1}}}\n"
     "b: {hub: quay.io, x: {image: {repository: acme/b, tag: v1}}}\n",
     "a: {hub: m.example.com/quay, x: {image: {repository: acme/a, tag: v1}}}\n"
     "b: {hub: quay.io, x: {image: {repository: acme/b, tag: v1}}}\n", NULL},
    {"values in a resource", {QUAY},
     RELEASE "spec: {values: {global: {imageRegistry: quay.io},\n"
     "  image: {registry: docker.io, repository: acme/a, tag: v1}}}\n",
     RELEASE "spec: {values: {global: {imageRegistry: m.example.com/quay},\n"
     "  image: {registry: docker.io, repository: acme/a, tag: v1}}}\n", NULL},
    {"values in a text", {QUAY},
     CHART "    hub: \"quay.io\"\n"
     "    image: {repository: acme/a, tag: v1}\n",
     CHART "    hub: \"m.example.com/quay\"\n"
     "    image: {repository: acme/a, tag: v1}\n", NULL},
    {"no image is joined", {QUAY}, "global: {imageRegistry: quay.io}\n", NULL,
     NAME_IT},
    {"no image is joined in a text", {QUAY},
     CHART "    hub: quay.io/acme\n", NULL, NAME_IT},
    {"no image is joined, and no rule is for it", {"prefix gcr.io m.io/gcr"},
     CHART "    global: {image: {registry: quay.io}}\n", NULL, NULL},
    {"no image is joined, and a rule is for a part",
     {QUAY, "prefix quay.io/acme m.example.com/acme"},
     "imageRepository: quay.io\n", NULL, "a part of what lies below it only"},
    {"a registry of something else", {QUAY}, "npm: {registry: quay.io}\n", NULL,
     NULL},
    {"the field is named", {QUAY},
     RELEASE "spec: {values: {global: {imageRegistry: quay.io/}}}\n",
     RELEASE "spec: {values: {global: {imageRegistry: m.example.com/quay/}}}\n",
     NULL},
    {"the field is named, and a rule is for a part",
     {QUAY, "exclude quay.io/acme"},
     RELEASE "spec: {values: {global: {imageRegistry: quay.io}}}\n", NULL,
     "a part of what lies below it only"},
    {"the field is named, and its images move",
     {"prefix quay.io/acme m.io/acme"},
     RELEASE "spec: {values: {global: {imageRegistry: quay.io/acme}, image: {\n"
             "  repository: a, tag: v1}}}\n",
     RELEASE "spec: {values: {global: {imageRegistry: m.io/acme}, image: {\n"
             "  repository: a, tag: v1}}}\n", NULL},
    {"the field is named, and an image stays", {QUAY, "exclude quay.io/a"},
     RELEASE "spec: {values: {global: {imageRegistry: quay.io}, image: {\n"
             "  repository: a, tag: v1}}}\n", NULL,
     "the images that are joined to it do not move with it"},
    {"the field has a path, and an image stays",
     {QUAY, "exclude quay.io/acme/a"},
     RELEASE "spec: {values: {global: {imageRegistry: quay.io/acme}, image: {\n"
             "  repository: a, tag: v1}}}\n", NULL,
     "the images that are joined to it do not move with it"},
    {"a registry behind an anchor", {QUAY},
     "hub: &r quay.io\n"
     "a: {image: {repository: acme/a, tag: v1}}\n"
     "b: {hub: *r, image: {repository: acme/b, tag: v1}}\n",
     "hub: &r m.example.com/quay\n"
     "a: {image: {repository: acme/a, tag: v1}}\n"
     "b: {hub: *r, image: {repository: acme/b, tag: v1}}\n", NULL},
    {"an alias of it, whose image is excluded",
     {QUAY, "exclude quay.io/acme/b"},
     "hub: &r quay.io\n"
     "a: {image: {repository: acme/a, tag: v1}}\n"
     "b: {hub: *r, image: {repository: acme/b, tag: v1}}\n", NULL,
     "which stays below quay.io"},
    {"aliases of something else", {QUAY},
     "x: &r quay.io\n"
     "a: {hub: *r, image: {repository: acme/a, tag: v1}}\n"
     "b: {hub: *r, image: {repository: acme/b, tag: v1}}\n",
     "x: &r quay.io\n"
     "a: {hub: m.example.com/quay, image: {repository: acme/a, tag: v1}}\n"
     "b: {hub: m.example.com/quay, image: {repository: acme/b, tag: v1}}\n",
     NULL},
};

/* What is made of a row. */
struct trial {
    struct imgrw_rules *rules;
    struct imgrw_manifest *manifest;
    struct imgrw_plan *plan;
};

static bool
start(struct support_tally *tally, size_t row, const char *values,
      struct trial *trial)
{
    static const struct imgrw_fieldspec field = {
        .kind = "HelmRelease",
        .path = "spec/values/global/imageRegistry",
    };
    static const struct imgrw_parse_options options = {
        .size = sizeof(options),
        .fields = &field,
        .field_count = 1,
        .find = IMGRW_FIND_DEFAULT | IMGRW_FIND(IMGRW_CLASS_HELM_VALUES),
    };
    struct imgrw_error error = {.message = "success"};

    *trial = (struct trial){.rules = rules_text_new(tally, rows[row].rules)};
    return support_check(
        tally,
        trial->rules &&
            imgrw_manifest_parse(support_str(values), NULL, &options,
                                 &trial->manifest, &error) == IMGRW_OK &&
            imgrw_plan_new(trial->manifest, trial->rules, NULL, &trial->plan,
                           &error) == IMGRW_OK,
        "%s", error.message);
}

static void
end(struct trial *trial)
{
    imgrw_plan_free(trial->plan);
    imgrw_manifest_free(trial->manifest);
    imgrw_rules_free(trial->rules);
}

/* Every image that is rewritten knows of an edit, and no other does. */
static imgrw_str
check_decisions(struct support_tally *tally, const struct trial *trial)
{
    imgrw_str first = {0};

    for (size_t i = 0; i < imgrw_manifest_count(trial->manifest); i++) {
        const struct imgrw_decision *decision =
            imgrw_plan_decision(trial->plan, i);
        bool changed = decision->outcome.result == IMGRW_REWRITTEN &&
                       decision->obstacle.size == 0;

        support_check(tally, (decision->edit != SIZE_MAX) == changed,
                      "the edit of image %zu", i);
        if (first.size == 0)
            first = decision->obstacle;
    }
    return first;
}

static void
check_row(struct support_tally *tally, size_t row)
{
    const char *expected =
        rows[row].becomes ? rows[row].becomes : rows[row].values;
    const char *words = rows[row].obstacle;
    struct trial trial;

    if (start(tally, row, rows[row].values, &trial)) {
        imgrw_str obstacle = check_decisions(tally, &trial);

        support_check_str(tally, "text", imgrw_plan_text(trial.plan),
                          support_str(expected));
        support_check(tally,
                      words ? obstacle.size > 0 &&
                                  memmem(obstacle.data, obstacle.size, words,
                                         strlen(words))
                            : obstacle.size == 0,
                      "obstacle: %.*s", (int)obstacle.size,
                      obstacle.size > 0 ? obstacle.data : "");
    }
    end(&trial);
    if (start(tally, row, expected, &trial))
        support_check(tally, imgrw_plan_count(trial.plan) == 0,
                      "a second run has %zu edits",
                      imgrw_plan_count(trial.plan));
    end(&trial);
}

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        support_row(&tally, "%s", rows[i].name);
        check_row(&tally, i);
    }
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
