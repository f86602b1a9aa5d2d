/*
 * Registries of charts, whose charts are named elsewhere: they move where the
 * rules move all that lies below them alike, and the plan says why where they
 * do not. What they become follows from the documents of the rules: it is what
 * comes before the name of any image below.
 */
#include "rules_text.h"

#include <imgrewrite/plan.h>

#include <stdio.h>
#include <string.h>

#define APART "a rule is for a part of what lies below it only"
#define UNLIKE "the rules do not move all that lies below it alike"
#define NAMELESS "the rules have no name for what lies below it"

static const struct {
    const char *name;
    const char *rules[RULES_MAX];
    const char *registry;
    const char *becomes;  /* NULL: it stays */
    const char *obstacle; /* NULL: there is none */
} rows[] = {
    {"a registry", {"prefix ghcr.io m.example.com/ghcr"}, "ghcr.io",
     "m.example.com/ghcr", NULL},
    {"a path", {"prefix ghcr.io m.example.com/ghcr"}, "ghcr.io/acme/charts",
     "m.example.com/ghcr/acme/charts", NULL},
    {"the path of the rule", {"prefix ghcr.io/acme m.example.com"},
     "ghcr.io/acme", "m.example.com", NULL},
    {"Docker Hub", {"prefix docker.io m.example.com/hub"},
     "registry-1.docker.io/bitnamicharts", "m.example.com/hub/bitnamicharts",
     NULL},
    {"any registry", {"any m.example.com keep"}, "ghcr.io/acme",
     "m.example.com/acme", NULL},
    {"any registry, as written", {"any m.example.com written"}, "ghcr.io/acme",
     "m.example.com/ghcr.io/acme", NULL},
    {"a preset", {"preset full-host:base=m.example.com/all"}, "ghcr.io/acme",
     "m.example.com/all/ghcr.io/acme", NULL},
    {"a preset that keeps the last component",
     {"preset kots:host=m.example.com,namespace=app"}, "ghcr.io/acme/charts",
     "m.example.com/app", NULL},
    {"no rule", {"prefix quay.io m.example.com/quay"}, "ghcr.io/acme", NULL,
     NULL},
    {"excluded", {"prefix ghcr.io m.example.com/ghcr", "exclude ghcr.io/acme"},
     "ghcr.io/acme/charts", NULL, NULL},
    {"where a rule puts images", {"prefix ghcr.io m.example.com/ghcr"},
     "m.example.com/ghcr/acme", NULL, NULL},
    {"above where a rule puts images", {"prefix ghcr.io m.example.com/ghcr"},
     "m.example.com", NULL, NULL},
    {"a longer prefix",
     {"prefix ghcr.io m.example.com/ghcr",
      "prefix ghcr.io/acme/charts/web m.example.com/web"},
     "ghcr.io/acme/charts", NULL, APART},
    {"a prefix below alone",
     {"prefix ghcr.io/acme/charts/web m.example.com/web"},
     "ghcr.io/acme/charts", NULL, APART},
    {"an exclude below",
     {"prefix ghcr.io m.example.com/ghcr", "exclude ghcr.io/acme/charts/web"},
     "ghcr.io/acme/charts", NULL, APART},
    {"an exclude below alone", {"exclude ghcr.io/acme/charts/web"},
     "ghcr.io/acme/charts", NULL, NULL},
    {"an override below",
     {"prefix ghcr.io m.example.com/ghcr",
      "image ghcr.io/acme/charts/web=m.example.com/web"},
     "ghcr.io/acme/charts", NULL, APART},
    {"an override elsewhere",
     {"prefix ghcr.io m.example.com/ghcr",
      "image ghcr.io/acme/web=m.example.com/web"},
     "ghcr.io/acme/charts", "m.example.com/ghcr/acme/charts", NULL},
    {"an exact reference below",
     {"exact ghcr.io/acme/charts/web:1 m.example.com/web:1"},
     "ghcr.io/acme/charts", NULL, APART},
    {"targets below", {"any ghcr.io/acme keep"}, "ghcr.io", NULL, APART},
    {"pulls by digest only",
     {"mirror ghcr.io m.example.com/ghcr digest"}, "ghcr.io/acme", NULL,
     UNLIKE},
    {"a preset that changes tags", {"preset zarf:host=m.example.com"},
     "ghcr.io/acme", NULL, UNLIKE},
    {"a preset that cannot name a port",
     {"preset full-host:base=m.example.com/all"}, "r.example.com:5000/acme",
     NULL, NAMELESS},
};

/* A HelmRepository. */
struct trial {
    char text[512]; /* from which the manifest borrows */
    struct imgrw_manifest *manifest;
    struct imgrw_plan *plan;
};

static bool
plan_registry(struct support_tally *tally, const char *registry,
              const struct imgrw_rules *rules, struct trial *trial)
{
    static const struct imgrw_parse_options options = {
        .size = sizeof(options),
        .find = IMGRW_FIND(IMGRW_CLASS_CHARTS),
    };
    struct imgrw_error error = {.message = "success"};

    snprintf(trial->text, sizeof(trial->text),
             "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\n"
             "spec: {type: oci, url: 'oci://%s'}\n", registry);
    return support_check(
        tally,
        imgrw_manifest_parse(support_str(trial->text), NULL, &options,
                             &trial->manifest, &error) == IMGRW_OK &&
            imgrw_plan_new(trial->manifest, rules, NULL, &trial->plan,
                           &error) == IMGRW_OK,
        "%s", error.message);
}

static void
check_row(struct support_tally *tally, size_t row)
{
    struct imgrw_rules *rules = rules_text_new(tally, rows[row].rules);
    const char *becomes =
        rows[row].becomes ? rows[row].becomes : rows[row].registry;
    struct trial trial = {.manifest = NULL};
    char end[256];

    if (rules && plan_registry(tally, rows[row].registry, rules, &trial)) {
        imgrw_str text = imgrw_plan_text(trial.plan);
        const struct imgrw_decision *decision =
            imgrw_plan_decision(trial.plan, 0);
        size_t size = (size_t)snprintf(end, sizeof(end), "oci://%s'}\n",
                                       becomes);

        support_check(tally,
                      text.size > size &&
                          memcmp(text.data + text.size - size, end, size) == 0,
                      "no \"%s\" in %.*s", end, (int)text.size, text.data);
        support_check_str(tally, "obstacle", decision->obstacle,
                          support_str(rows[row].obstacle));
        support_check(tally, (decision->edit != SIZE_MAX) ==
                                 (rows[row].becomes != NULL), "edits");
    }
    imgrw_plan_free(trial.plan);
    imgrw_manifest_free(trial.manifest);
    imgrw_rules_free(rules);
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
