/*
 * A splice that goes wrong: whatever it does to the text, the proof tells, and
 * there is no plan. Linked with --wrap=irw_splice.
 */
#include "edit/splice.h"
#include "seam.h"

#include <string.h>

enum imgrw_status __real_irw_splice(imgrw_str text,
                                    struct irw_text_edit *changes, size_t count,
                                    struct irw_arena *arena, imgrw_str *spliced,
                                    struct imgrw_error *error);
enum imgrw_status __wrap_irw_splice(imgrw_str text,
                                    struct irw_text_edit *changes, size_t count,
                                    struct irw_arena *arena, imgrw_str *spliced,
                                    struct imgrw_error *error);

/* What is done to the right text: `remove` bytes go and `insert` comes at
 * `offset` from the place where `mark` is found. */
static const struct damage {
    const char *name, *mark;
    int offset;
    size_t remove;
    const char *insert;
} damages[] = {
    {"first byte", "apiVersion", 0, 1, "A"},
    {"last byte", "}]}\n", 3, 1, " "},
    {"byte before an edit", " r.example.com/hub/library/nginx", 0, 1, "\t"},
    {"byte after an edit", "nginx:1 #", 7, 1, "\t"},
    {"byte between two edits", "name: b", 6, 1, "c"},
    {"byte of a comment", "# first", 2, 1, "F"},
    {"line break gone", "# first\n", 7, 1, ""},
    {"line break became CRLF", "# first\n", 7, 0, "\r"},
    {"line break after an edit gone", "'\n      text", 1, 1, " "},
    {"line break within a scalar", "two\n", 3, 1, " "},
    {"final line break gone", "}]}\n", 3, 1, ""},
    {"marker gone", "---\n", 0, 4, ""},
    {"text appended", "}]}\n", 4, 0, "# more\n"},
    {"line break appended", "}]}\n", 4, 0, "\n"},
    {"document appended", "}]}\n", 4, 0, "---\n"},
    {"text in front", "apiVersion", 0, 0, "# more\n"},
    {"byte order mark in front", "apiVersion", 0, 0, "\xEF\xBB\xBF"},
    {"text cut", "spec: {", 0, 40, ""},
    {"edit missing", "r.example.com/hub/library/nginx:1", 0, 33, "nginx:1"},
    {"second edit missing", "r.example.com/hub/library/busybox", 0, 33,
     "busybox"},
    {"last edit missing", "r.example.com/hub/library/alpine:3", 0, 34,
     "alpine:3"},
    {"edit one to the left", " r.example.com/hub/library/nginx:1 ", 0, 35,
     "r.example.com/hub/library/nginx:1  "},
    {"edit one to the right", "r.example.com/hub/library/nginx:1 ", 0, 34,
     " r.example.com/hub/library/nginx:1"},
    {"edit one byte short", "nginx:1 #", 6, 1, ""},
    {"edit one byte long", "nginx:1 #", 7, 0, "1"},
    {"edit twice", "r.example.com", 0, 0, "r.example.com/hub/library/nginx:1"},
    {"old text left behind", "library/nginx:1 ", 15, 0, "nginx:1"},
    {"quote gone", "'r.example", 0, 1, " "},
    {"quotes changed", "'r.example.com/hub/library/busybox'", 0, 35,
     "\"r.example.com/hub/library/busybox\""},
    {"another letter in an edit", "hub/library/nginx", 0, 1, "p"},
    {"another tag in an edit", "nginx:1 #", 6, 1, "2"},
    {"edits exchanged", "library/nginx:1 ", 8, 7, "alpine1"},
    {"line break in an edit", "hub/library/nginx", 3, 1, "\n"},
    {"comment in an edit", "hub/library/nginx", 2, 2, " #"},
};

static const struct damage *planted; /* NULL: none */

enum imgrw_status
__wrap_irw_splice(imgrw_str text, struct irw_text_edit *changes, size_t count,
                  struct irw_arena *arena, imgrw_str *spliced,
                  struct imgrw_error *error)
{
    enum imgrw_status status = __real_irw_splice(text, changes, count, arena,
                                                 spliced, error);
    const char *mark;
    size_t at, insert, rest;
    char *bytes;

    if (!planted || status != IMGRW_OK || text.size != strlen(seam_text))
        return status; /* a value is put together in the same way */
    mark = memmem(spliced->data, spliced->size, planted->mark,
                  strlen(planted->mark));
    assert_non_null(mark);
    at = (size_t)(mark - spliced->data) + (size_t)planted->offset;
    assert_true(at + planted->remove <= spliced->size);
    insert = strlen(planted->insert);
    rest = spliced->size - at - planted->remove;
    bytes = irw_arena_alloc(arena, at + insert + rest + 1);
    assert_non_null(bytes);
    memcpy(bytes, spliced->data, at);
    memcpy(bytes + at, planted->insert, insert);
    memcpy(bytes + at + insert, spliced->data + at + planted->remove, rest);
    *spliced = (imgrw_str){bytes, at + insert + rest};
    return IMGRW_OK;
}

/* Nothing is planted: the seam itself does no harm. */
static void
test_sound(void **state)
{
    enum imgrw_status status;
    struct imgrw_error error = {.message = "success"};
    struct imgrw_plan *plan;

    (void)state;
    planted = NULL;
    plan = seam_plan(seam_text, IMGRW_PROOF_FULL, &status, &error);
    assert_string_equal(error.message, "success");
    assert_non_null(plan);
    assert_int_equal(imgrw_plan_count(plan), 3);
    assert_int_equal(imgrw_plan_unwitnessed_count(plan), 0);
    seam_free(plan);
}

static void
test_damages(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(damages); i++) {
        planted = &damages[i];
        seam_check_failures(&tally, damages[i].name, seam_text);
    }
    planted = NULL;
    support_finish(&tally);
}

/* Without a proof there is a plan, which shows that the damage is real. */
static void
test_none(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(damages); i++) {
        struct imgrw_plan *sound, *plan;
        enum imgrw_status status;
        imgrw_str text;
        char kept[2048];

        support_row(&tally, "%s", damages[i].name);
        planted = NULL;
        sound = seam_plan(seam_text, IMGRW_PROOF_NONE, &status, NULL);
        text = imgrw_plan_text(sound);
        assert_true(text.size < sizeof(kept));
        memcpy(kept, text.data, text.size);
        text.data = kept;
        seam_free(sound);
        planted = &damages[i];
        plan = seam_plan(seam_text, IMGRW_PROOF_NONE, &status, NULL);
        if (support_check(&tally, plan, "status %d", status))
            support_check(&tally, !support_equal(text, imgrw_plan_text(plan)),
                          "it does no damage");
        seam_free(plan);
    }
    planted = NULL;
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

    return cmocka_run_group_tests(tests, NULL, NULL);
}
