/*
 * An insertion that goes wrong: its text is another one, or is elsewhere, or it
 * says that it adds something else. The proof must refuse the plan, unless the
 * new text means what it should. Linked with --wrap=irw_pull_secret_write.
 */
#include "edit/fragment.h"
#include "meaning.h"
#include "plan/pull_secret/write.h"
#include "seam.h"

#include <stdlib.h>
#include <string.h>

enum imgrw_status
__real_irw_pull_secret_write(const struct irw_pull_secret *secret,
                             const struct irw_pod_list *list,
                             struct irw_arena *arena,
                             struct irw_text_edit *edit,
                             struct imgrw_error *error);
enum imgrw_status
__wrap_irw_pull_secret_write(const struct irw_pull_secret *secret,
                             const struct irw_pod_list *list,
                             struct irw_arena *arena,
                             struct irw_text_edit *edit,
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
    "spec: {a: {b: c}, containers: [{image: alpine}]}\n"
    "---\n"
    "kind: Pod\n"
    "spec:\n"
    "  imagePullSecrets: ~\n"
    "  hostname: ~\n"
    "  containers: [{image: redis}]\n";

#define NEW_LIST "imagePullSecrets:\n    - name: regcred\n    "

enum which {
    BLOCK, /* the list of the first pod */
    ENTRY, /* the entry of the second */
    FLOW,  /* the list of the third */
    VALUE, /* the list of the fourth, in the place of a null */
    WHICH_COUNT,
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
    {"dash one to the left", BLOCK,
     "imagePullSecrets:\n   - name: regcred\n    ", NULL},
    {"dash one to the right, and a blank less", BLOCK,
     "imagePullSecrets:\n     - name: regcred\n   ", NULL},
    {"key below the entry", BLOCK,
     "imagePullSecrets:\n    - name: regcred\n      ", NULL},
    {"key beside the pod", BLOCK,
     "imagePullSecrets:\n    - name: regcred\n  ", NULL},
    {"no blank after the colon", BLOCK,
     "imagePullSecrets:\n    - name:regcred\n    ", NULL},
    {"no dash", BLOCK, "imagePullSecrets:\n      name: regcred\n    ", NULL},
    {"two entries", BLOCK,
     "imagePullSecrets:\n    - name: regcred\n    - name: regcred\n    ",
     NULL},
    {"comment instead", BLOCK, "# imagePullSecrets\n    ", NULL},
    {"nothing", BLOCK, "", NULL},
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

    {"wrong name in braces", FLOW, "imagePullSecrets: [{name: regcrex}], ",
     NULL},
    {"no comma", FLOW, "imagePullSecrets: [{name: regcred}]  ", NULL},
    {"in braces of a sibling", FLOW, NULL, "b: c}, containers"},
    {"in braces of a container", FLOW, NULL, "image: alpine"},
    {"in braces, with a bracket too many", FLOW,
     "imagePullSecrets: [[name: regcred]], ", NULL},
    {"wrong name in the place of a null", VALUE, "[{name: regcrex}]", NULL},
    {"mapping in the place of a null", VALUE, "{name: regcred}", NULL},
    {"null twice", VALUE, "~", NULL},
    {"list in the place of another null", VALUE, NULL, "~\n  containers"},
    {"list deeper", VALUE, "[[{name: regcred}]]", NULL},

    {"anchor", BLOCK, "imagePullSecrets: &a\n    - name: regcred\n    ", NULL},
    {"tag", BLOCK, "imagePullSecrets:\n    - name: !x regcred\n    ", NULL},
    {"tag of the list", BLOCK,
     "imagePullSecrets: !!set\n    - name: regcred\n    ", NULL},
    {"anchor of the next key", BLOCK, NEW_LIST "&a ", NULL},
    {"tag of the next key", BLOCK, NEW_LIST "!x ", NULL},
    {"next key in a comment", BLOCK, NEW_LIST "# ", NULL},
    {"next key in a text", BLOCK, NEW_LIST "x: |\n      ", NULL},
    {"next key in quotes", BLOCK, NEW_LIST "\"", NULL},
    {"key before the next one", BLOCK, NEW_LIST "? ", NULL},
    {"merge key", BLOCK, NEW_LIST "<<: {}\n    ", NULL},
    {"list twice", BLOCK, NEW_LIST NEW_LIST, NULL},
    {"another pair besides", BLOCK, NEW_LIST "more: 1\n    ", NULL},
    {"document in between", BLOCK, NEW_LIST "\n---\n    ", NULL},
    {"end of the document", BLOCK, NEW_LIST "\n...\n    ", NULL},
    {"two names", BLOCK,
     "imagePullSecrets:\n    - name: regcred\n      name: regcred\n    ",
     NULL},
    {"number for a name", ENTRY, "    - name: 7\n", NULL},
    {"entry twice", ENTRY, "    - name: regcred\n    - name: regcred\n",
     NULL},
    {"entry and a key", ENTRY, "    - name: regcred\n    hostname: x\n", NULL},
    {"alias of an entry", ENTRY, "    - *a\n", NULL},
    {"out of the braces", FLOW,
     "imagePullSecrets: [{name: regcred}]}\nmore: {", NULL},
};

/* What is written otherwise and means the same. */
static const struct damage harmless[] = {
    {"dash one to the right", BLOCK,
     "imagePullSecrets:\n     - name: regcred\n    ", NULL},
    {"name one to the right", BLOCK,
     "imagePullSecrets:\n    -  name: regcred\n    ", NULL},
    {"before a sibling key", BLOCK, NULL, "volumes:"},
    {"entry in brackets", ENTRY, "    - {name: regcred}\n", NULL},
    {"in braces, before a sibling", FLOW, NULL, "a: {b"},

    {"pair without braces", FLOW, "imagePullSecrets: [name: regcred], ", NULL},
    {"quotes", BLOCK, "imagePullSecrets:\n    - name: 'regcred'\n    ", NULL},
    {"brackets", BLOCK, "imagePullSecrets: [{name: regcred}]\n    ", NULL},
    {"comment", BLOCK, "# more\n    " NEW_LIST, NULL},
    {"dashes for brackets", VALUE, "\n  - name: regcred", NULL},
};

static const struct damage *planted; /* NULL: none */

/* Which insertion is damaged by `damage_edit`, if that is not NULL. */
static enum which damaged;
static void (*damage_edit)(struct irw_arena *arena, struct irw_text_edit *edit,
                           struct irw_insertion *insertion);

/* Whether the insertion is the one that is to be damaged. */
static bool
is_which(const struct irw_text_edit *edit, enum which which)
{
    static const char *const marks[] = {
        [BLOCK] = "containers:\n",
        [ENTRY] = "    tolerations",
        [FLOW] = "containers: [{image: alpine",
        [VALUE] = "~\n  hostname",
    };

    return strncmp(text + edit->start, marks[which], strlen(marks[which])) == 0;
}

static void
move_to(struct irw_text_edit *edit, size_t offset)
{
    edit->end = (uint32_t)(offset + (edit->end - edit->start));
    edit->start = (uint32_t)offset;
}

static void
damage(struct irw_arena *arena, struct irw_text_edit *edit)
{
    struct irw_insertion *insertion = irw_arena_calloc(arena, 1,
                                                       sizeof(*insertion));

    assert_non_null(insertion);
    *insertion = *edit->insertion;
    edit->insertion = insertion;
    if (damage_edit && is_which(edit, damaged))
        damage_edit(arena, edit, insertion);
    if (!planted || !is_which(edit, planted->which))
        return;
    if (planted->put)
        edit->replacement = support_str(planted->put);
    if (planted->mark) {
        assert_non_null(strstr(text, planted->mark));
        move_to(edit, (size_t)(strstr(text, planted->mark) - text));
    }
}

enum imgrw_status
__wrap_irw_pull_secret_write(const struct irw_pull_secret *secret,
                             const struct irw_pod_list *list,
                             struct irw_arena *arena,
                             struct irw_text_edit *edit,
                             struct imgrw_error *error)
{
    enum imgrw_status status =
        __real_irw_pull_secret_write(secret, list, arena, edit, error);

    assert_int_equal(status, IMGRW_OK);
    damage(arena, edit);
    return status;
}

/* The sound text, which has all the insertions, malloc'ed. */
static char *
sound_text(void)
{
    struct imgrw_error error = {.message = "success"};
    enum imgrw_status status;
    struct imgrw_plan *plan =
        seam_plan(text, IMGRW_PROOF_FULL, &status, &error);
    imgrw_str result;
    char *copy;

    assert_string_equal(error.message, "success");
    assert_non_null(plan);
    assert_int_equal(imgrw_plan_count(plan), 8);
    assert_int_equal(imgrw_plan_unwitnessed_count(plan), 0);
    result = imgrw_plan_text(plan);
    copy = strndup(result.data, result.size);
    seam_free(plan);
    return copy;
}

static void
test_sound(void **state)
{
    char *sound = sound_text();

    (void)state;
    assert_non_null(strstr(sound, NEW_LIST "containers"));
    free(sound);
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

/* Without a proof there is a plan, whose text means something else or nothing,
 * which shows that the damage is real. */
static void
test_none(void **state)
{
    struct support_tally tally = {0};
    char *sound = sound_text();

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(damages); i++) {
        enum imgrw_status status;
        struct imgrw_plan *plan;

        planted = &damages[i];
        support_row(&tally, "%s", damages[i].name);
        plan = seam_plan(text, IMGRW_PROOF_NONE, &status, NULL);
        if (support_check(&tally, plan, "status %d", status))
            support_check(&tally,
                          !support_equal(support_str(sound),
                                         imgrw_plan_text(plan)),
                          "it does no damage");
        seam_free(plan);
    }
    planted = NULL;
    free(sound);
    support_finish(&tally);
}

/* The proof is about what is read, and does not mind how it is written. */
static void
test_harmless(void **state)
{
    struct support_tally tally = {0};
    char *sound = sound_text();

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(harmless); i++) {
        struct imgrw_error error = {.message = "success"};
        enum imgrw_status status;
        struct imgrw_plan *plan;

        planted = &harmless[i];
        support_row(&tally, "%s", harmless[i].name);
        plan = seam_plan(text, IMGRW_PROOF_FULL, &status, &error);
        if (support_check(&tally, plan, "%s", error.message))
            support_check(&tally,
                          meaning_equal(support_str(sound),
                                        imgrw_plan_text(plan)),
                          "it does not mean the same");
        seam_free(plan);
    }
    planted = NULL;
    free(sound);
    support_finish(&tally);
}

/* What the insertion says of itself is not so. */
static void
lie_into(struct irw_arena *arena, struct irw_text_edit *edit,
         struct irw_insertion *insertion)
{
    (void)arena;
    (void)edit;
    insertion->into = insertion->into == 0 ? 1 : 0;
}

static void
lie_replaces(struct irw_arena *arena, struct irw_text_edit *edit,
             struct irw_insertion *insertion)
{
    (void)arena;
    (void)edit;
    insertion->replaces = insertion->replaces == IRW_NO_NODE
                              ? insertion->into + 1
                              : insertion->replaces - 1;
}

static void
lie_fragment(struct irw_arena *arena, struct irw_text_edit *edit,
             struct irw_insertion *insertion)
{
    struct irw_tree *fragment = irw_arena_calloc(arena, 1, sizeof(*fragment));

    (void)edit;
    assert_non_null(fragment);
    assert_int_equal(irw_fragment_read(IRW_STR("[a]"), arena, fragment, NULL),
                     IMGRW_OK);
    insertion->fragment = fragment;
}

static void
lie_value(struct irw_arena *arena, struct irw_text_edit *edit,
          struct irw_insertion *insertion)
{
    (void)arena;
    (void)edit;
    insertion->claim.value = IRW_STR("other");
}

static void
lie_list(struct irw_arena *arena, struct irw_text_edit *edit,
         struct irw_insertion *insertion)
{
    (void)arena;
    (void)edit;
    insertion->claim.list = IRW_STR("containers");
}

static void
lie_mapping(struct irw_arena *arena, struct irw_text_edit *edit,
            struct irw_insertion *insertion)
{
    (void)arena;
    (void)edit;
    insertion->claim.mapping = 0;
}

static void
test_lies(void **state)
{
    static const struct {
        const char *name;
        void (*lie)(struct irw_arena *arena, struct irw_text_edit *edit,
                    struct irw_insertion *insertion);
    } rows[] = {
        {"another collection", lie_into}, {"another null", lie_replaces},
        {"another fragment", lie_fragment}, {"another name", lie_value},
        {"another list", lie_list}, {"another pod", lie_mapping},
    };
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        damage_edit = rows[i].lie;
        for (damaged = 0; damaged < WHICH_COUNT; damaged++)
            seam_check_failures(&tally, rows[i].name, text);
    }
    damage_edit = NULL;
    support_finish(&tally);
}

/* ---- every byte ------------------------------------------------------- */

static size_t offset; /* where the damage is */
static char byte;     /* what is put there; NUL: nothing, a byte goes */
static bool was_there;

static void
move_anywhere(struct irw_arena *arena, struct irw_text_edit *edit,
              struct irw_insertion *insertion)
{
    (void)arena;
    (void)insertion;
    was_there = offset + (edit->end - edit->start) <= strlen(text);
    if (was_there)
        move_to(edit, offset);
}

/* Takes out the byte at `offset` of the inserted text, or puts one there. */
static void
change_byte(struct irw_arena *arena, struct irw_text_edit *edit,
            struct irw_insertion *insertion)
{
    imgrw_str from = edit->replacement;
    char *bytes = irw_arena_alloc(arena, from.size + 2), *end = bytes;

    (void)insertion;
    was_there = offset < from.size + (byte != '\0');
    if (!was_there)
        return;
    end = mempcpy(end, from.data, offset);
    if (byte)
        *end++ = byte;
    end = mempcpy(end, from.data + offset + !byte,
                  from.size - offset - !byte);
    edit->replacement = (imgrw_str){bytes, (size_t)(end - bytes)};
}

/* Whether the damage is refused, or makes no difference to who reads. */
static bool
check_damage(struct support_tally *tally, const char *sound, unsigned *refused)
{
    enum imgrw_status status;
    struct imgrw_plan *plan =
        seam_plan(text, IMGRW_PROOF_DEFAULT, &status, NULL);
    bool same;

    *refused += !plan;
    same = !plan || meaning_equal(support_str(sound), imgrw_plan_text(plan));
    support_row(tally, "insertion %d, byte %zu, \"%c\"", damaged, offset,
                byte ? byte : ' ');
    support_check(tally, same, "it means something else: %.*s",
                  plan ? (int)imgrw_plan_text(plan).size : 0,
                  plan ? imgrw_plan_text(plan).data : "");
    seam_free(plan);
    return was_there;
}

/* Each insertion in every place of the text; with every byte of it gone; and
 * with many a byte put anywhere into it. */
static void
test_every_byte(void **state)
{
    static const char bytes[] = "\0 \n\t#:-,'\"[]{}&*!|>?%@x~";
    struct support_tally tally = {0};
    char *sound = sound_text();
    unsigned refused = 0, moved;

    (void)state;
    for (damaged = 0; damaged < WHICH_COUNT; damaged++) {
        damage_edit = move_anywhere;
        for (offset = 0; check_damage(&tally, sound, &refused); offset++)
            continue;
        moved = refused;
        damage_edit = change_byte;
        for (size_t i = 0; i < sizeof(bytes) - 1; i++) {
            byte = bytes[i];
            for (offset = 0; check_damage(&tally, sound, &refused); offset++)
                continue;
        }
        assert_true(refused > moved);
        byte = '\0';
    }
    damage_edit = NULL;
    free(sound);
    assert_true(refused > 2000);
    support_finish(&tally);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sound),
        cmocka_unit_test(test_damages),
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_harmless),
        cmocka_unit_test(test_lies),
        cmocka_unit_test(test_every_byte),
    };

    seam_secret = "regcred";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
