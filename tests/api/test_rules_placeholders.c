/*
 * Images of which the tag or the digest is filled in later: rules for the name
 * move them, and keep that end byte for byte; those that need it say so. The
 * expected values follow from that by hand.
 */
#include "rules_text.h"

#include <string.h>

#define MOVE {"prefix r.io m.io/r"}

/* What is a placeholder, and where. */
static const struct rules_row syntaxes[] = {
    {"braces", MOVE, "r.io/a:${TAG}", "m.io/r/a:${TAG}"},
    {"a default", MOVE, "r.io/a:${TAG:=1}", "m.io/r/a:${TAG:=1}"},
    {"a default with a slash and an at sign", MOVE, "r.io/a:${T:-b/c@d}",
     "m.io/r/a:${T:-b/c@d}"},
    {"one in the other", MOVE, "r.io/a:${T:-${U}}", "m.io/r/a:${T:-${U}}"},
    {"parentheses", MOVE, "r.io/a:$(TAG)", "m.io/r/a:$(TAG)"},
    {"a name alone", MOVE, "r.io/a:$TAG", "m.io/r/a:$TAG"},
    {"a name with an underscore", MOVE, "r.io/a:$_T1", "m.io/r/a:$_T1"},
    {"an action", MOVE, "r.io/a:{{ .tag }}", "m.io/r/a:{{ .tag }}"},
    {"no blanks", MOVE, "r.io/a:{{.tag}}", "m.io/r/a:{{.tag}}"},
    {"an action with a slash", MOVE, "r.io/a:{{ b/c }}", "m.io/r/a:{{ b/c }}"},
    {"an action with braces in a string", MOVE, "r.io/a:{{ \"}}\" }}",
     "m.io/r/a:{{ \"}}\" }}"},
    {"braces in a raw string", MOVE, "r.io/a:{{ `}}` }}",
     "m.io/r/a:{{ `}}` }}"},
    {"a string that does not end", MOVE, "r.io/a:{{ don\"t }}",
     "m.io/r/a:{{ don\"t }}"},
    {"three braces", MOVE, "r.io/a:{{{ tag }}}", "m.io/r/a:{{{ tag }}}"},
    {"of KOTS, before", MOVE, "r.io/a:repl{{ ConfigOption \"t\" }}",
     "m.io/r/a:repl{{ ConfigOption \"t\" }}"},
    {"of KOTS, inside", MOVE, "r.io/a:{{repl ConfigOption \"t\" }}",
     "m.io/r/a:{{repl ConfigOption \"t\" }}"},
    {"of a workflow", MOVE, "r.io/a:${{ github.sha }}",
     "m.io/r/a:${{ github.sha }}"},
    {"per cent", MOVE, "r.io/a:%V%", "m.io/r/a:%V%"},
    {"at signs", MOVE, "r.io/a:@@T@@", "m.io/r/a:@@T@@"},
    {"one at sign", MOVE, "r.io/a:@project.version@",
     "m.io/r/a:@project.version@"},
    {"angles", MOVE, "r.io/a:<your tag>", "m.io/r/a:<your tag>"},
    {"a hash", MOVE, "r.io/a:#{Build.Id}#", "m.io/r/a:#{Build.Id}#"},
    {"a hash at one end", MOVE, "r.io/a:#{Build.Id}", "m.io/r/a:#{Build.Id}"},
    {"a hash in a tag", MOVE, "r.io/a:1-#{T}#", "m.io/r/a:1-#{T}#"},
    {"of Levant", MOVE, "r.io/a:[[ .tag ]]", "m.io/r/a:[[ .tag ]]"},
    {"square brackets with one in them", MOVE, "r.io/a:[[ index .t[0] ]]",
     "m.io/r/a:[[ index .t[0] ]]"},
    {"of Concourse", MOVE, "r.io/a:((tag))", "m.io/r/a:((tag))"},
    {"of spruce", MOVE, "r.io/a:(( grab meta.tag ))",
     "m.io/r/a:(( grab meta.tag ))"},
    {"of spruce, with a call", MOVE, "r.io/a:(( (a b) ))",
     "m.io/r/a:(( (a b) ))"},
    {"statements of Jinja", MOVE,
     "r.io/a:{% if x %}1{% else %}{{ t }}{% endif %}",
     "m.io/r/a:{% if x %}1{% else %}{{ t }}{% endif %}"},
    {"a comment of Jinja", MOVE, "r.io/a:1{# the tag #}",
     "m.io/r/a:1{# the tag #}"},
    {"two per cent", MOVE, "r.io/a:%%T%%", "m.io/r/a:%%T%%"},
    {"per cent and braces", MOVE, "r.io/a:%{T}", "m.io/r/a:%{T}"},
    {"per cent and parentheses", MOVE, "r.io/a:%(T)s", "m.io/r/a:%(T)s"},
    {"one brace", MOVE, "r.io/a:{TAG}", "m.io/r/a:{TAG}"},
    {"a number", MOVE, "r.io/a:v{0}.{1}", "m.io/r/a:v{0}.{1}"},
    {"of a pipeline in Azure", MOVE, "r.io/a:$[variables.tag]",
     "m.io/r/a:$[variables.tag]"},
    {"at signs in a tag", MOVE, "r.io/a:1-@T@", "m.io/r/a:1-@T@"},
    {"two at signs in a tag", MOVE, "r.io/a:1-@@T@@", "m.io/r/a:1-@@T@@"},
    {"underscores", MOVE, "r.io/a@__D__", "m.io/r/a@__D__"},
    {"underscores in a digest", MOVE, "r.io/a@sha256:__D__",
     "m.io/r/a@sha256:__D__"},
    {"underscores beside another", MOVE, "r.io/a:__A__-${B}",
     "m.io/r/a:__A__-${B}"},
    {"underscores of a name", MOVE, "r.io/a__b__c/d:${T}",
     "m.io/r/a__b__c/d:${T}"},
    {"beyond ASCII", MOVE, "r.io/a:{{ \"\xC3\xA4\" }}",
     "m.io/r/a:{{ \"\xC3\xA4\" }}"},
    {"a tag like any other", MOVE, "r.io/a:__TAG__", "m.io/r/a:__TAG__"},
    {"the end of a tag", MOVE, "r.io/a:1.2-${S}", "m.io/r/a:1.2-${S}"},
    {"the start of a tag", MOVE, "r.io/a:${T}-fips", "m.io/r/a:${T}-fips"},
    {"two in a tag", MOVE, "r.io/a:v$(A).$(B)", "m.io/r/a:v$(A).$(B)"},
    {"a digest", MOVE, "r.io/a@$(D)", "m.io/r/a@$(D)"},
    {"a digest of at signs", MOVE, "r.io/a@@@D@@", "m.io/r/a@@@D@@"},
    {"the end of a digest", MOVE, "r.io/a@sha256:${D}",
     "m.io/r/a@sha256:${D}"},
    {"behind a tag", MOVE, "r.io/a:1@$(D)", "m.io/r/a:1@$(D)"},
    {"before a digest", MOVE, "r.io/a:${T}@" DIGEST, "m.io/r/a:${T}@" DIGEST},
    {"both", MOVE, "r.io/a:${T}@${D}", "m.io/r/a:${T}@${D}"},
    {"a port", {"prefix r.io:5000 m.io"}, "r.io:5000/a:${T}", "m.io/a:${T}"},
    {"Docker Hub", {"prefix docker.io m.io"}, "nginx:${T}",
     "m.io/library/nginx:${T}"},
};

/* What each kind of rule makes of it. */
static const struct rules_row kinds[] = {
    {"no rule", {"prefix q.io m.io"}, "r.io/a:${T}", UNMATCHED},
    {"in its place", MOVE, "m.io/r/a:${T}", UNCHANGED},
    {"excluded", {"exclude r.io", "prefix r.io m.io"}, "r.io/a:${T}", EXCLUDED},
    {"any registry", {"prefix * m.io"}, "r.io/a:${T}", "m.io/a:${T}"},
    {"any registry, as written", {"any m.io written"}, "r.io/a:${T}",
     "m.io/r.io/a:${T}"},
    {"a preset", {"preset harbor:host=h.io,project=p"}, "nginx:${T}",
     "h.io/p/library/nginx:${T}"},
    {"out of another location of the layout",
     {"preset byo:host=h.io/p"}, "proxy.replicated.com/proxy/old/r.io/b/a:${T}",
     "h.io/p/b/a:${T}"},
    {"a new name", {"override name=r.io/a newName=m.io/b"}, "r.io/a:${T}",
     "m.io/b:${T}"},
    {"a new name, in its place", {"override name=r.io/a newName=m.io/b"},
     "m.io/b:${T}", UNCHANGED},
    {"a new name for a digest", {"override name=r.io/a newName=m.io/b"},
     "r.io/a:1@$(D)", "m.io/b:1@$(D)"},
    {"a new name, and then a prefix",
     {"override name=a newName=r.io/b", "prefix r.io m.io"}, "a:{{ b/c@d:e }}",
     "m.io/b:{{ b/c@d:e }}"},
    /* as kustomize, where it takes the text for a tag: {{.t}} */
    {"a new tag", {"override name=r.io/a newTag=2"}, "r.io/a:${T}",
     "r.io/a:2"},
    {"a new tag for a tag and a digest", {"override name=r.io/a newTag=2"},
     "r.io/a:${T}@${D}", "r.io/a:2"},
    {"a new digest", {"override name=r.io/a digest=" DIGEST}, "r.io/a:{{.t}}",
     "r.io/a@" DIGEST},
    {"a new name and tag", {"image r.io/a=m.io/b:2"}, "r.io/a:1-${T}",
     "m.io/b:2"},
    {"by tag", {"mirror r.io m.io tag"}, "r.io/a:${T}", "m.io/a:${T}"},
    {"by tag, with a digest", {"mirror r.io m.io tag"}, "r.io/a@${D}",
     UNMATCHED},
    {"by digest", {"mirror r.io m.io digest"}, "r.io/a:1@${D}",
     "m.io/a:1@${D}"},
    {"by digest, with a tag", {"mirror r.io m.io digest"}, "r.io/a:${T}",
     UNMATCHED},
    {"a private name",
     {"known r.io/a private", "preset replicated:app=x,only=private"},
     "r.io/a:${T}", "proxy.replicated.com/proxy/x/r.io/a:${T}"},
    {"a public name",
     {"known r.io/a public", "preset replicated:app=x,only=private"},
     "r.io/a:${T}", UNMATCHED},
};

/* What depends on the tag or the digest. */
static const struct rules_row undecided[] = {
    {"a prefix with a tag", {"prefix r.io/a:1 m.io/b"}, "r.io/a:${T}",
     UNDECIDED},
    {"a prefix with a tag beside another",
     {"prefix r.io m.io", "prefix r.io/a:1 n.io/b"}, "r.io/a:${T}", UNDECIDED},
    {"a prefix with the tag of another name",
     {"prefix r.io m.io", "prefix r.io/b:1 n.io/b"}, "r.io/a:${T}",
     "m.io/a:${T}"},
    {"a prefix with a tag that it cannot be",
     {"prefix r.io m.io", "prefix r.io/a:1.2 n.io/b"}, "r.io/a:v${T}",
     "m.io/a:v${T}"},
    {"a prefix with a tag that ends otherwise",
     {"prefix r.io m.io", "prefix r.io/a:1.2 n.io/b"}, "r.io/a:${T}-fips",
     "m.io/a:${T}-fips"},
    {"a prefix with a tag that begins and ends so",
     {"prefix r.io m.io", "prefix r.io/a:1.2-fips n.io/b"},
     "r.io/a:1.${T}-fips", UNDECIDED},
    {"a prefix with a tag that is too short",
     {"prefix r.io m.io", "prefix r.io/a:aba n.io/b"}, "r.io/a:ab${T}ba",
     "m.io/a:ab${T}ba"},
    {"a prefix of any host with a tag",
     {"prefix *.r.io m.io", "prefix *.r.io/a:1 n.io/b"}, "x.r.io/a:${T}",
     UNDECIDED},
    {"a prefix with a tag of an official image", {"prefix nginx:1.25 m.io/b"},
     "nginx:${T}", UNDECIDED},
    {"the same by its full name", {"prefix nginx:1.25 m.io/b"},
     "docker.io/library/nginx:${T}", UNDECIDED},
    {"a prefix with a digest", {"prefix r.io/a@" DIGEST " m.io/b"},
     "r.io/a:1@$(D)", UNDECIDED},
    {"a prefix with a digest, where there is none",
     {"prefix r.io m.io", "prefix r.io/a@" DIGEST " n.io/b"}, "r.io/a:$(T)",
     "m.io/a:$(T)"},
    {"an exclude with a tag", {"exclude r.io/a:1", "prefix r.io m.io"},
     "r.io/a:${T}", UNDECIDED},
    {"an exclude with a tag beside another",
     {"exclude r.io/a:1", "exclude r.io", "prefix r.io m.io"}, "r.io/a:${T}",
     EXCLUDED},
    {"an override of a tag", {"image r.io/a:1=m.io/a:2", "prefix r.io n.io"},
     "r.io/a:${T}", UNDECIDED},
    {"an override of a tag that it cannot be",
     {"image r.io/a:1=m.io/a:2", "prefix r.io n.io"}, "r.io/a:2${T}",
     "n.io/a:2${T}"},
    {"an override of a digest",
     {"override name=r.io/a@" DIGEST " newName=m.io/a"}, "r.io/a@${D}",
     UNDECIDED},
    {"an override that keeps the tag", {"image r.io/a=*:*@" DIGEST},
     "r.io/a:${T}", UNDECIDED},
    {"a suffix", {"override name=r.io/a tagSuffix=-x"}, "r.io/a:${T}",
     UNDECIDED},
    {"a suffix after a new name",
     {"override name=r.io/a newName=m.io/b",
      "override name=m.io/b tagSuffix=-x"}, "r.io/a:${T}", UNDECIDED},
    {"an exact reference", {"exact r.io/a:1 m.io/a:1", "prefix r.io n.io"},
     "r.io/a:${T}", UNDECIDED},
    {"an exact reference without a tag",
     {"exact r.io/a m.io/a", "prefix r.io n.io"}, "r.io/a:${T}",
     "n.io/a:${T}"},
    {"an exact reference with a digest",
     {"exact r.io/a@" DIGEST " m.io/a:1", "prefix r.io n.io"}, "r.io/a:${T}",
     "n.io/a:${T}"},
    {"an exact reference with a digest, which is open",
     {"exact r.io/a@" DIGEST " m.io/a:1", "prefix r.io n.io"}, "r.io/a@${D}",
     UNDECIDED},
    {"a checksum of the tag", {"preset zarf:host=h.io"}, "r.io/a:${T}",
     UNDECIDED},
    {"a private tag",
     {"known r.io/a:1 private", "preset replicated:app=x,only=private"},
     "r.io/a:${T}", UNDECIDED},
    {"a public tag of a private name",
     {"known r.io/a private", "known r.io/a:1 public",
      "preset replicated:app=x,only=private"}, "r.io/a:${T}", UNDECIDED},
    {"a private tag of a private name",
     {"known r.io/a private", "known r.io/a:1 private",
      "preset replicated:app=x,only=private"}, "r.io/a:${T}",
     "proxy.replicated.com/proxy/x/r.io/a:${T}"},
    {"a private tag of what is renamed",
     {"known r.io/a:1 private", "override name=r.io/a newName=q.io/a",
      "preset replicated:app=x,only=private"}, "r.io/a:${T}", UNDECIDED},
};

/* What names no image: nothing fills in what is not a placeholder, or the name
 * itself is filled in. */
static void
test_no_image(void **state)
{
    static const char *const texts[] = {
        "nginx${S}", "nginx-${S}:1", "${R}/a:1", "r.io/${O}/a:1",
        "r.io/a/{{ .name }}:1", "{{ .image }}", "$(IMAGE)", "$IMAGE", "%I%",
        "@@IMAGE@@", "@I@", "<image>", "repl{{ x }}", "r.io/repl{{ x }}:1",
        "r.io:${PORT}/a:1", "r.io:${PORT}/a", "nginx@TAG@", "nginx@@TAG@@",
        "nginx:a b", "nginx:\xC3\xA4", "nginx:!x", "nginx:*", "nginx:1.*",
        "nginx:${", "nginx:${T", "nginx:${}", "nginx:$()", "nginx:$(T",
        "nginx:$", "nginx:$1", "nginx:{{", "nginx:{{ .t }", "nginx:{ .t }",
        "nginx:{{}}", "nginx:{{ .t }}}", "nginx:%T", "nginx:%%", "nginx:% T %",
        "nginx:@T", "nginx:@@T@", "nginx:@@@@", "nginx:<>", "nginx:<T",
        "nginx:#T", "nginx:#{T", "nginx:#{}", "nginx:-${T}", "nginx:.${T}",
        "nginx:${T} ", "nginx:${T}/a", "nginx:${T}:1", "nginx:${T}@1",
        "nginx@${D}@${D}", "nginx@${D}/a", "nginx:${T}@", "nginx@:${D}/",
        "nginx:${T}@sha256:0", "nginx:1@md5:0", "Nginx:${T}", "nginx:${\nT}",
        "nginx:[T]", "nginx:[[T]", "nginx:[[]]", "nginx:[[T] ]", "nginx:[T]]",
        "nginx:(T)", "nginx:((T)", "nginx:(())", "nginx:((T) )", "nginx:{%T}",
        "nginx:{% T }", "nginx:{%%}", "nginx:{#T}", "nginx:{T", "nginx:{}",
        "nginx:{a b}", "nginx:%{T", "nginx:%(T)", "nginx:%%T%", "nginx:$[T",
        "nginx@____", "[[I]]", "((I))/a:1", "r.io/{{% I %}}/a:1", "{I}",
        "__I__", "__i__", "__R__/a:1", "__r__/a:1", "r.io/__O__/a:1",
        "r.io/a__N__:1", "%%R%%/a:1", "r.io/%{O}/a:1", "{R}/a:1", "{0}/a:1",
        "nginx:{{ a\tb }}", ":${T}", "@${D}", "a/:${T}", "/a:${T}",
    };
    static const char *const lines[] = {"prefix docker.io m.io", NULL};
    struct support_tally tally = {0};
    struct imgrw_rules *rules;

    (void)state;
    support_row(&tally, "the set");
    rules = rules_text_new(&tally, lines);
    for (size_t i = 0; rules && i < SUPPORT_COUNT(texts); i++) {
        struct imgrw_reference_buffer buffer;
        struct imgrw_outcome outcome;
        struct imgrw_error error = {.message = ""};
        enum imgrw_status status = imgrw_rules_apply(
            rules, support_str(texts[i]), &buffer, &outcome, &error);

        support_row(&tally, "%s", texts[i]);
        support_check(&tally, status == IMGRW_ERR_REFERENCE, "status %d",
                      (int)status);
        support_check(&tally, status != IMGRW_ERR_REFERENCE ||
                                  error.message[0] != '\0',
                      "no message");
    }
    imgrw_rules_free(rules);
    support_finish(&tally);
}

/* The grammar of references has no placeholders: who asks for that gets it. */
static void
test_parsing_is_strict(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(syntaxes); i++) {
        struct imgrw_reference reference;
        bool plain = strcmp(syntaxes[i].image, "r.io/a:__TAG__") == 0;
        enum imgrw_status status = imgrw_reference_parse(
            support_str(syntaxes[i].image), &reference, NULL);

        support_row(&tally, "%s", syntaxes[i].name);
        support_check(&tally,
                      status == (plain ? IMGRW_OK : IMGRW_ERR_REFERENCE),
                      "status %d", (int)status);
    }
    support_finish(&tally);
}

/* The explanation names the rule that depends on the end. */
static void
test_explained(void **state)
{
    static const char *const lines[] = {"image r.io/a:1=m.io/a:2", NULL};
    struct support_tally tally = {0};
    struct imgrw_rules *rules;
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome;
    char why[200] = "";

    (void)state;
    support_row(&tally, "the set");
    rules = rules_text_new(&tally, lines);
    assert_non_null(rules);
    assert_int_equal(imgrw_rules_apply(rules, support_str("r.io/a:${T}"),
                                       &buffer, &outcome, NULL),
                     IMGRW_OK);
    imgrw_rules_explain(rules, support_str("r.io/a:${T}"), &outcome, why,
                        sizeof(why));
    assert_string_equal(why, "its full name is r.io/a; its tag or digest is "
                             "filled in later, and image r.io/a:1 depends on "
                             "it");
    imgrw_rules_free(rules);
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        RULES_TEST(syntaxes),
        RULES_TEST(kinds),
        RULES_TEST(undecided),
        cmocka_unit_test(test_no_image),
        cmocka_unit_test(test_parsing_is_strict),
        cmocka_unit_test(test_explained),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
