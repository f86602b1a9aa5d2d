/*
 * The tables of fixtures/presets: what presets make of images, and which are
 * refused. What a preset gives, it leaves alone.
 */
#include "rules_text.h"

#include <stdlib.h>
#include <string.h>

enum { PRESET, IMAGE, BECOMES };
enum { NAME, REFUSED, WORDS };

static struct support_table
read_table(const char *name)
{
    char *folder = support_path(support_fixtures(), "presets");
    struct support_table table = support_table_read(folder, name);

    free(folder);
    return table;
}

/* The set of one preset. */
static struct imgrw_rules *
new_rules(struct support_tally *tally, const char *preset)
{
    struct imgrw_rules *rules = NULL;
    struct imgrw_error error = {.message = "success"};

    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    support_check(tally,
                  imgrw_rules_add_preset(rules, preset, &error) == IMGRW_OK &&
                      imgrw_rules_check(rules, NULL, NULL, &error) == IMGRW_OK,
                  "%s", error.message);
    return rules;
}

/* An image that no name can be found for: an error that names the preset. */
static void
check_refusal(struct support_tally *tally, const struct imgrw_rules *rules,
              const char *image)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome;
    struct imgrw_error error = {.message = "success"};

    support_check(tally,
                  imgrw_rules_apply(rules, support_str(image), &buffer,
                                    &outcome, &error) == IMGRW_ERR_RULE &&
                      strstr(error.message, "preset "),
                  "%s", error.message);
}

/* What a preset gave, it leaves as it is. */
static void
check_rest(struct support_tally *tally, const struct imgrw_rules *rules,
           const char *image)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome;
    struct imgrw_error error = {.message = "success"};

    if (support_check(tally,
                      imgrw_rules_apply(rules, support_str(image), &buffer,
                                        &outcome, &error) == IMGRW_OK,
                      "a second time: %s", error.message))
        support_check_str(tally, "a second time", outcome.text,
                          support_str(image));
}

static void
test_layouts(void **state)
{
    struct support_table table = read_table("layouts.tsv");
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < table.count; i++) {
        const char *image = table.lines[i].columns[IMAGE];
        const char *becomes = table.lines[i].columns[BECOMES];
        struct imgrw_rules *rules;

        support_row(&tally, "%s, %s", table.lines[i].columns[PRESET], image);
        rules = new_rules(&tally, table.lines[i].columns[PRESET]);
        if (becomes[0] == '!') {
            check_refusal(&tally, rules, image);
        } else {
            rules_text_check(&tally, rules, image,
                             becomes[0] == '-'   ? UNMATCHED
                             : becomes[0] == '=' ? UNCHANGED
                                                 : becomes);
            if (becomes[1] != '\0')
                check_rest(&tally, rules, becomes);
        }
        imgrw_rules_free(rules);
    }
    support_table_free(&table);
    support_finish(&tally);
}

static void
test_errors(void **state)
{
    struct support_table table = read_table("errors.tsv");
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < table.count; i++) {
        const char *const *columns =
            (const char *const *)table.lines[i].columns;
        struct imgrw_rules *rules = NULL;
        struct imgrw_error error = {.message = "success"};

        support_row(&tally, "%s", columns[NAME]);
        assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
        support_check(&tally,
                      imgrw_rules_add_preset(rules, columns[REFUSED],
                                             &error) == IMGRW_ERR_RULE,
                      "it is taken");
        support_check(&tally, strstr(error.message, columns[WORDS]),
                      "message: %s", error.message);
        support_check(&tally, imgrw_rules_count(rules) == 0, "there is a rule");
        imgrw_rules_free(rules);
    }
    support_table_free(&table);
    support_finish(&tally);
}

/* Presets side by side and beside prefixes: sets that are refused, with words
 * of the message; NULL: taken. */
static const struct {
    const char *name;
    const char *rules[RULES_MAX];
    const char *words;
} sets[] = {
    {"several upstreams",
     {"preset harbor:host=h.io,project=hub",
      "preset harbor:host=h.io,project=q,upstream=quay.io"}, NULL},
    {"one upstream twice",
     {"preset harbor:host=h.io,project=hub", "preset nexus:host=n.io:80"},
     "does nothing"},
    {"behind one for all",
     {"preset full-host:base=m.io", "preset gcr-mirror"}, "does nothing"},
    {"behind one for private images",
     {"preset replicated:app=a,only=private", "preset gcr-mirror"}, NULL},
    {"a prefix beside one for all",
     {"prefix docker.io h.io/hub", "preset full-host:base=m.io"}, NULL},
    {"a prefix that moves what it gives",
     {"prefix m.io other.io", "preset full-host:base=m.io"},
     "rewrite again on a second run"},
    {"a prefix that moves a part of that",
     {"prefix m.io/quay.io other.io", "preset full-host:base=m.io"},
     "rewrite again on a second run"},
    {"unless it is excluded",
     {"prefix m.io other.io", "preset full-host:base=m.io", "exclude m.io"},
     NULL},
};

static void
test_sets(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(sets); i++) {
        struct imgrw_rules *rules;
        struct imgrw_error error = {.message = "success"};
        enum imgrw_status status;

        support_row(&tally, "%s", sets[i].name);
        rules = rules_text_new(&tally, sets[i].rules);
        if (!rules)
            continue;
        status = imgrw_rules_check(rules, NULL, NULL, &error);
        if (sets[i].words)
            support_check(&tally,
                          status == IMGRW_ERR_RULE &&
                              strstr(error.message, sets[i].words),
                          "%s", error.message);
        else
            support_check(&tally, status == IMGRW_OK, "%s", error.message);
        imgrw_rules_free(rules);
    }
    support_finish(&tally);
}

/* Rules of other kinds beside presets, and what is known of images. */
static const struct rules_row beside[] = {
    {"a prefix comes first",
     {"preset full-host:base=m.io", "prefix docker.io h.io"}, "nginx:1",
     "h.io/library/nginx:1"},
    {"a preset for the rest",
     {"preset full-host:base=m.io", "prefix docker.io h.io"}, "quay.io/a:1",
     "m.io/quay.io/a:1"},
    {"what a prefix gives is left alone",
     {"preset full-host:base=m.io", "prefix docker.io h.io"}, "h.io/a:1",
     UNCHANGED},
    {"an override, then a preset",
     {"preset harbor:host=h.io,project=q,upstream=quay.io",
      "override name=nginx newName=quay.io/nginx"}, "nginx:1",
     "h.io/q/nginx:1"},
    {"excluded", {"preset full-host:base=m.io", "exclude quay.io"},
     "quay.io/a:1", EXCLUDED},
    {"the first that is for it",
     {"preset harbor:host=h.io,project=q,upstream=quay.io",
      "preset full-host:base=m.io"}, "quay.io/a:1", "h.io/q/a:1"},
    {"and the second for the rest",
     {"preset harbor:host=h.io,project=q,upstream=quay.io",
      "preset full-host:base=m.io"}, "nginx:1",
     "m.io/docker.io/library/nginx:1"},
    {"private", {"preset full-host:base=m.io,only=private",
                 "known quay.io/a:1 private"}, "quay.io/a:1",
     "m.io/quay.io/a:1"},
    {"public", {"preset full-host:base=m.io,only=private",
                "known quay.io/a:1 public"}, "quay.io/a:1", UNMATCHED},
    {"unknown", {"preset full-host:base=m.io,only=private",
                 "known quay.io/a:1 private"}, "quay.io/a:2", UNMATCHED},
    {"private, whatever the tag",
     {"preset full-host:base=m.io,only=private", "known quay.io/a private"},
     "quay.io/a:2", "m.io/quay.io/a:2"},
    {"public, but for this tag",
     {"preset full-host:base=m.io,only=private", "known quay.io/a private",
      "known quay.io/a:2 public"}, "quay.io/a:2", UNMATCHED},
    {"known by another spelling",
     {"preset full-host:base=m.io,only=private",
      "known docker.io/library/nginx:1 private"}, "nginx:1",
     "m.io/docker.io/library/nginx:1"},
    {"known as it came",
     {"preset full-host:base=m.io,only=private", "known nginx:1 private",
      "override name=nginx newTag=2"}, "nginx:1",
     "m.io/docker.io/library/nginx:2"},
    {"exactly", {"exact nginx:1 quay.io/a/nginx:2"}, "nginx:1",
     "quay.io/a/nginx:2"},
    {"exactly, by another spelling", {"exact nginx:1 quay.io/a/nginx:2"},
     "docker.io/library/nginx:1", "quay.io/a/nginx:2"},
    {"another tag", {"exact nginx:1 quay.io/a/nginx:2"}, "nginx:2", UNMATCHED},
    {"no tag", {"exact nginx:1 quay.io/a/nginx:2"}, "nginx", UNMATCHED},
    {"with a digest", {"exact nginx:1 quay.io/a/nginx:2"},
     "nginx:1@" DIGEST, UNMATCHED},
    {"one entry of a map", {"exact a b", "also b c"}, "a", "b"},
    {"an entry of each map", {"exact a b", "exact b c"}, "a", "c"},
    {"digests only", {"mirror quay.io m.io digest"}, "quay.io/a@" DIGEST,
     "m.io/a@" DIGEST},
    {"digests only, with a tag", {"mirror quay.io m.io digest"},
     "quay.io/a:1@" DIGEST, "m.io/a:1@" DIGEST},
    {"digests only, a tag", {"mirror quay.io m.io digest"}, "quay.io/a:1",
     UNMATCHED},
    {"tags only", {"mirror quay.io m.io tag"}, "quay.io/a:1", "m.io/a:1"},
    {"tags only, implied", {"mirror quay.io m.io tag"}, "quay.io/a", "m.io/a"},
    {"tags only, a digest", {"mirror quay.io m.io tag"},
     "quay.io/a:1@" DIGEST, UNMATCHED},
    {"one for each",
     {"mirror quay.io m.io tag", "mirror quay.io d.io digest"},
     "quay.io/a@" DIGEST, "d.io/a@" DIGEST},
};

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layouts),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_sets),
        RULES_TEST(beside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
