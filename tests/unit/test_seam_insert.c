/*
 * An insertion that goes wrong: it says which nodes it adds and where, and its
 * text is another one, or stands elsewhere. The proof tells, and there is no
 * plan. Linked with --wrap=irw_pull_secret_write.
 */
#include "plan/pull_secret/write.h"
#include "seam.h"

#include <stdlib.h>
#include <string.h>

enum imgrw_status __real_irw_pull_secret_write(const struct irw_tree *tree,
                                               uint32_t pod, uint32_t key,
                                               imgrw_str name,
                                               struct irw_arena *arena,
                                               struct irw_text_edit *change,
                                               struct imgrw_error *error);
enum imgrw_status __wrap_irw_pull_secret_write(const struct irw_tree *tree,
                                               uint32_t pod, uint32_t key,
                                               imgrw_str name,
                                               struct irw_arena *arena,
                                               struct irw_text_edit *change,
                                               struct imgrw_error *error);

static const char text[] =
    "kind: List\n"
    "items:\n"
    "- kind: Pod\n"
    "  metadata: {name: a, labels: {b: c}}\n"
    "  spec:\n"
    "    volumes:\n"
    "    - name: v\n"
    "    containers:\n"
    "    - name: d\n"
    "      image: nginx\n"
    "      args: [e, f]\n"
    "- kind: Pod\n"
    "  spec:\n"
    "    imagePullSecrets:\n"
    "    - name: old\n"
    "    tolerations:\n"
    "    - key: g\n"
    "    containers: [{image: busybox}]\n"
    "---\n"
    "kind: Pod\n"
    "spec: {a: {b: c}, containers: [{image: alpine}]}\n";

#define NEW_LIST "imagePullSecrets:\n    - name: regcred\n    "

enum which {
    BLOCK, /* the list of the first pod */
    ENTRY, /* the entry of the second */
    FLOW,  /* the list of the third */
};

/* What is done to an insertion: `put` stands for the whole of its text, if it
 * is not NULL; and it is moved to where `mark` begins, if that is not NULL. */
static const struct damage {
    const char *name;
    enum which which;
    const char *put, *mark;
} damages[] = {
    {"wrong name", BLOCK,
     "imagePullSecrets:\n    - name: regcrex\n    ", NULL},
    {"wrong key", BLOCK,
     "imagePullSecretz:\n    - name: regcred\n    ", NULL},
    {"wrong key in the entry", BLOCK,
     "imagePullSecrets:\n    - mane: regcred\n    ", NULL},
    {"dash one to the right", BLOCK,
     "imagePullSecrets:\n     - name: regcred\n    ", NULL},
    {"dash one to the left", BLOCK,
     "imagePullSecrets:\n   - name: regcred\n    ", NULL},
    {"dash one to the right, and a blank less", BLOCK,
     "imagePullSecrets:\n     - name: regcred\n   ", NULL},
    {"name one to the right", BLOCK,
     "imagePullSecrets:\n    -  name: regcred\n    ", NULL},
    {"key below the entry", BLOCK,
     "imagePullSecrets:\n    - name: regcred\n      ", NULL},
    {"key beside the pod", BLOCK,
     "imagePullSecrets:\n    - name: regcred\n  ", NULL},
    {"no blank behind the colon", BLOCK,
     "imagePullSecrets:\n    - name:regcred\n    ", NULL},
    {"no dash", BLOCK, "imagePullSecrets:\n      name: regcred\n    ", NULL},
    {"quotes", BLOCK, "imagePullSecrets:\n    - name: \"regcred\"\n    ", NULL},
    {"brackets", BLOCK, "imagePullSecrets: [{name: regcred}]\n    ", NULL},
    {"two entries", BLOCK,
     "imagePullSecrets:\n    - name: regcred\n    - name: regcred\n    ",
     NULL},
    {"comment instead", BLOCK, "# imagePullSecrets\n    ", NULL},
    {"nothing", BLOCK, "", NULL},
    {"before a sibling key", BLOCK, NULL, "volumes:"},
    {"in the next pod", BLOCK, NULL, "tolerations:"},
    {"among the containers", BLOCK, "name: regcred\n      ", "image: nginx"},
    {"around the pod", BLOCK, NULL, "kind: Pod"},
    {"in a label", BLOCK, "imagePullSecrets: [{name: regcred}], ", "b: c}}"},
    {"in an argument", BLOCK, "[imagePullSecrets, [{name: regcred}]], ",
     "e, f"},

    {"wrong name of an entry", ENTRY, "    - name: regcrex\n", NULL},
    {"entry below the last one", ENTRY, "      name: regcred\n", NULL},
    {"entry further in", ENTRY, "     - name: regcred\n", NULL},
    {"entry further out", ENTRY, "  - name: regcred\n", NULL},
    {"key instead of an entry", ENTRY, "    name: regcred\n", NULL},
    {"entry in a sibling", ENTRY, NULL, "    containers: [{image: busy"},
    {"entry in another list", ENTRY, NULL, "    - key: g"},
    {"entry of the first pod", ENTRY, NULL, "    - name: d"},
    {"entry in brackets", ENTRY, "    - {name: regcred}\n", NULL},

    {"wrong name in braces", FLOW, "imagePullSecrets: [{name: regcrex}], ",
     NULL},
    {"no comma", FLOW, "imagePullSecrets: [{name: regcred}]  ", NULL},
    {"in braces of a sibling", FLOW, NULL, "b: c}, containers"},
    {"in braces of a container", FLOW, NULL, "image: alpine"},
    {"in braces, before a sibling", FLOW, NULL, "a: {b"},
    {"in braces, with a bracket too many", FLOW,
     "imagePullSecrets: [[name: regcred]], ", NULL},
};

static const struct damage *planted; /* NULL: none */

/* Whether the insertion is the one that is to be damaged. */
static bool
is_planted(const struct irw_text_edit *change)
{
    static const char *const marks[] = {
        [BLOCK] = "containers:\n", [ENTRY] = "    tolerations",
        [FLOW] = "containers: [{image: alpine",
    };

    return planted && strncmp(text + change->start, marks[planted->which],
                              strlen(marks[planted->which])) == 0;
}

static void
damage(struct irw_arena *arena, struct irw_text_edit *change)
{
    struct irw_graft *graft;

    if (!is_planted(change))
        return;
    if (planted->put)
        change->replacement = support_str(planted->put);
    if (!planted->mark)
        return;
    graft = irw_arena_calloc(arena, 1, sizeof(*graft));
    assert_non_null(graft);
    assert_non_null(strstr(text, planted->mark));
    *graft = *change->graft;
    change->start = change->end = graft->start =
        (uint32_t)(strstr(text, planted->mark) - text);
    change->graft = graft;
}

enum imgrw_status
__wrap_irw_pull_secret_write(const struct irw_tree *tree, uint32_t pod,
                             uint32_t key, imgrw_str name,
                             struct irw_arena *arena,
                             struct irw_text_edit *change,
                             struct imgrw_error *error)
{
    enum imgrw_status status = __real_irw_pull_secret_write(
        tree, pod, key, name, arena, change, error);

    assert_int_equal(status, IMGRW_OK);
    damage(arena, change);
    return status;
}

/* The sound text, which has all three insertions. */
static void
test_sound(void **state)
{
    enum imgrw_status status;
    struct imgrw_error error = {.message = "success"};
    struct imgrw_plan *plan;
    imgrw_str result;

    (void)state;
    planted = NULL;
    plan = seam_plan(text, IMGRW_PROOF_FULL, &status, &error);
    assert_string_equal(error.message, "success");
    assert_non_null(plan);
    assert_int_equal(imgrw_plan_count(plan), 6);
    assert_int_equal(imgrw_plan_single_proofs(plan), 0);
    result = imgrw_plan_text(plan);
    assert_non_null(memmem(result.data, result.size, NEW_LIST "containers",
                           strlen(NEW_LIST "containers")));
    seam_free(plan);
}

static void
test_damages(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(damages); i++) {
        planted = &damages[i];
        seam_check_failures(&tally, damages[i].name, text);
    }
    planted = NULL;
    support_finish(&tally);
}

/* Without a proof there is a plan, which shows that the damage is real. */
static void
test_none(void **state)
{
    struct support_tally tally = {0};
    enum imgrw_status status;
    struct imgrw_plan *plan;
    imgrw_str sound;
    char *kept;

    (void)state;
    plan = seam_plan(text, IMGRW_PROOF_NONE, &status, NULL);
    sound = imgrw_plan_text(plan);
    kept = strndup(sound.data, sound.size);
    sound.data = kept;
    seam_free(plan);
    for (size_t i = 0; i < SUPPORT_COUNT(damages); i++) {
        planted = &damages[i];
        support_row(&tally, "%s", damages[i].name);
        plan = seam_plan(text, IMGRW_PROOF_NONE, &status, NULL);
        if (support_check(&tally, plan, "status %d", status))
            support_check(&tally, !support_equal(sound, imgrw_plan_text(plan)),
                          "it does no damage");
        seam_free(plan);
    }
    planted = NULL;
    free(kept);
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sound),
        cmocka_unit_test(test_damages),
        cmocka_unit_test(test_none),
    };

    seam_secret = "regcred";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
