/*
 * A witness that reads otherwise: whatever it says, the proof tells, and there
 * is no plan. Linked with --wrap=irw_libfyaml.
 */
#include "passes.h"
#include "base/str.h"
#include "base/error.h"
#include "child.h"
#include "seam.h"
#include "yaml/event.h"

#include <string.h>

#define SECONDS 20 /* of processor time, for one text */

extern const struct irw_backend __real_irw_libfyaml;
extern const struct irw_backend __wrap_irw_libfyaml;

/* What becomes of one event. */
enum lie {
    LIE_STYLE,
    LIE_START,       /* a byte later */
    LIE_END,         /* a byte earlier */
    LIE_END_LATER,
    LIE_SHIFT,       /* both a byte later */
    LIE_EMPTY,       /* nothing there */
    LIE_ANCHOR,      /* another, or one where there is none */
    LIE_NO_ANCHOR,
    LIE_TAG,         /* one where there is none */
    LIE_NO_TAG,
    LIE_SCALAR,      /* an alias is a scalar */
    LIE_MAPPING,     /* a list is a map */
    LIE_MISSING,     /* the event does not come */
    LIE_TWICE,
    LIE_LAST,        /* the text ends here */
    LIE_FAILURE,
    LIE_NO_DOCUMENT, /* it is where a document begins */
};

/* Which event: the one whose number it is among those of its type in the first
 * text that is read. */
static const struct row {
    const char *name;
    enum irw_event_type type;
    unsigned number;
    enum lie lie;
} rows[] = {
    {"style of a key", IRW_EVENT_SCALAR, 0, LIE_STYLE},
    {"style of the edit", IRW_EVENT_SCALAR, 12, LIE_STYLE},
    {"style of a list", IRW_EVENT_SEQUENCE, 0, LIE_STYLE},
    {"style of a map", IRW_EVENT_MAPPING, 1, LIE_STYLE},
    {"start of a key", IRW_EVENT_SCALAR, 0, LIE_START},
    {"start of the edit", IRW_EVENT_SCALAR, 12, LIE_START},
    {"end of the edit", IRW_EVENT_SCALAR, 12, LIE_END},
    {"later end of the edit", IRW_EVENT_SCALAR, 12, LIE_END_LATER},
    {"edit elsewhere", IRW_EVENT_SCALAR, 12, LIE_SHIFT},
    {"edit is empty", IRW_EVENT_SCALAR, 12, LIE_EMPTY},
    {"end of a quoted scalar", IRW_EVENT_SCALAR, 20, LIE_END},
    {"end of a block scalar", IRW_EVENT_SCALAR, 22, LIE_END},
    {"start of an alias", IRW_EVENT_ALIAS, 0, LIE_START},
    {"alias of another", IRW_EVENT_ALIAS, 0, LIE_ANCHOR},
    {"alias is a scalar", IRW_EVENT_ALIAS, 0, LIE_SCALAR},
    {"anchor of the edit", IRW_EVENT_SCALAR, 12, LIE_ANCHOR},
    {"anchor of a list", IRW_EVENT_SEQUENCE, 0, LIE_ANCHOR},
    {"anchor unseen", IRW_EVENT_SCALAR, 16, LIE_NO_ANCHOR},
    {"tag of the edit", IRW_EVENT_SCALAR, 12, LIE_TAG},
    {"tag of a map", IRW_EVENT_MAPPING, 0, LIE_TAG},
    {"tag unseen", IRW_EVENT_SCALAR, 22, LIE_NO_TAG},
    {"list is a map", IRW_EVENT_SEQUENCE, 1, LIE_MAPPING},
    {"key missing", IRW_EVENT_SCALAR, 2, LIE_MISSING},
    {"edit missing", IRW_EVENT_SCALAR, 12, LIE_MISSING},
    {"edit twice", IRW_EVENT_SCALAR, 12, LIE_TWICE},
    {"alias missing", IRW_EVENT_ALIAS, 0, LIE_MISSING},
    {"list begins twice", IRW_EVENT_SEQUENCE, 0, LIE_TWICE},
    {"list does not begin", IRW_EVENT_SEQUENCE, 1, LIE_MISSING},
    {"list ends twice", IRW_EVENT_SEQUENCE_END, 0, LIE_TWICE},
    {"list does not end", IRW_EVENT_SEQUENCE_END, 0, LIE_MISSING},
    {"map ends twice", IRW_EVENT_MAPPING_END, 0, LIE_TWICE},
    {"root ends twice", IRW_EVENT_MAPPING_END, 4, LIE_TWICE},
    {"root does not end", IRW_EVENT_MAPPING_END, 4, LIE_MISSING},
    {"document begins twice", IRW_EVENT_DOCUMENT, 0, LIE_TWICE},
    {"document does not begin", IRW_EVENT_DOCUMENT, 0, LIE_MISSING},
    {"document ends twice", IRW_EVENT_DOCUMENT_END, 0, LIE_TWICE},
    {"document does not end", IRW_EVENT_DOCUMENT_END, 0, LIE_MISSING},
    {"document within", IRW_EVENT_SCALAR, 12, LIE_NO_DOCUMENT},
    {"nothing at all", IRW_EVENT_DOCUMENT, 0, LIE_LAST},
    {"end before the edit", IRW_EVENT_SCALAR, 12, LIE_LAST},
    {"end after the root", IRW_EVENT_DOCUMENT_END, 0, LIE_LAST},
    {"failure at once", IRW_EVENT_DOCUMENT, 0, LIE_FAILURE},
    {"failure at the edit", IRW_EVENT_SCALAR, 12, LIE_FAILURE},
    {"failure at the end", IRW_EVENT_END, 0, LIE_FAILURE},
};

static const struct row *planted; /* NULL: none */
static unsigned seen;             /* events of its type */
static bool of_original;          /* only those of the old text count */
static bool reads_original;
static unsigned opened, forbidden; /* readers, and those of what is held back */
static bool repeats;              /* the next event is `again` */
static struct irw_event again;

static void
lie_about(struct irw_event *event, enum lie lie)
{
    switch (lie) {
    case LIE_STYLE:
        event->style = event->style == IRW_STYLE_FLOW    ? IRW_STYLE_BLOCK
                       : event->style == IRW_STYLE_BLOCK ? IRW_STYLE_FLOW
                       : event->style == IRW_STYLE_PLAIN ? IRW_STYLE_DOUBLE
                                                         : IRW_STYLE_PLAIN;
        break;
    case LIE_START:
        event->start++;
        break;
    case LIE_END:
        event->end--;
        break;
    case LIE_END_LATER:
        event->end++;
        break;
    case LIE_SHIFT:
        event->start++;
        event->end++;
        break;
    case LIE_EMPTY:
        event->end = event->start;
        break;
    default:
        break;
    }
}

static void
lie_about_names(struct irw_event *event, enum lie lie)
{
    static const imgrw_str other = {"other", 5}, tag = {"!tag", 4};

    switch (lie) {
    case LIE_ANCHOR:
        event->anchor = other;
        break;
    case LIE_NO_ANCHOR:
        event->anchor = (imgrw_str){0};
        break;
    case LIE_TAG:
        event->tag = tag;
        break;
    case LIE_NO_TAG:
        event->tag = (imgrw_str){0};
        break;
    case LIE_SCALAR:
        event->type = IRW_EVENT_SCALAR;
        event->style = IRW_STYLE_PLAIN;
        event->anchor = (imgrw_str){0};
        break;
    case LIE_MAPPING:
        event->type = IRW_EVENT_MAPPING;
        break;
    case LIE_NO_DOCUMENT:
        event->type = IRW_EVENT_DOCUMENT;
        break;
    case LIE_LAST:
        event->type = IRW_EVENT_END;
        break;
    default:
        break;
    }
}

static enum imgrw_status
open_wrapped(struct irw_extract extract, void **reader,
             struct imgrw_error *error)
{
    imgrw_str seen_text = irw_slice(extract.text, extract.start, extract.end);

    opened++;
    forbidden += !passes_gate(seen_text);
    reads_original = extract.text.data == seam_text;
    return __real_irw_libfyaml.open(extract, reader, error);
}

static enum imgrw_status
next_wrapped(void *reader, struct irw_event *event, struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    if (repeats) {
        *event = again;
        repeats = false;
        return IMGRW_OK;
    }
    status = __real_irw_libfyaml.next(reader, event, error);
    if (status != IMGRW_OK || !planted || event->type != planted->type ||
        reads_original != of_original || seen++ != planted->number)
        return status;
    if (planted->lie == LIE_MISSING)
        return __real_irw_libfyaml.next(reader, event, error);
    if (planted->lie == LIE_FAILURE)
        return irw_fail(error, IMGRW_ERR_SYNTAX, IRW_NO_LOCATION, "planted");
    repeats = planted->lie == LIE_TWICE;
    again = *event;
    lie_about(event, planted->lie);
    lie_about_names(event, planted->lie);
    return IMGRW_OK;
}

static void
close_wrapped(void *reader)
{
    __real_irw_libfyaml.close(reader);
}

const struct irw_backend __wrap_irw_libfyaml = {
    .name = "libfyaml",
    .has_values = false,
    .open = open_wrapped,
    .next = next_wrapped,
    .close = close_wrapped,
};

static void
plant(const struct row *row)
{
    planted = row;
    seen = opened = forbidden = 0;
    repeats = false;
}

/* Nothing is planted: the seam itself does no harm. */
static void
test_sound(void **state)
{
    enum imgrw_status status;
    struct imgrw_error error = {.message = "success"};
    struct imgrw_plan *plan;

    (void)state;
    plant(NULL);
    plan = seam_plan(seam_text, IMGRW_PROOF_FULL, &status, &error);
    assert_string_equal(error.message, "success");
    assert_non_null(plan);
    assert_int_equal(imgrw_plan_unwitnessed_count(plan), 0);
    seam_free(plan);
}

/* Not asked, it does not matter what the witness would say. */
static void
test_not_asked(void **state)
{
    enum imgrw_status status;
    struct imgrw_plan *plan;

    (void)state;
    plant(&rows[0]);
    plan = seam_plan(seam_text, IMGRW_PROOF_REREAD, &status, NULL);
    assert_int_equal(status, IMGRW_OK);
    assert_int_equal(seen, 0);
    seam_free(plan);
}

/* In a child: 0 if the plan fails as it should. */
static int
check_row(void *user)
{
    const struct row *row = user;
    struct support_tally tally = {0};

    support_row(&tally, "%s", row->name);
    plant(row);
    if (!seam_check_failure(&tally, seam_text, IMGRW_PROOF_DEFAULT))
        return 1;
    return !support_check(&tally, seen > row->number,
                          "there is no such event to lie about");
}

static void
test_lies(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        struct row row = rows[i];
        char how[100];
        bool ok = child_run(check_row, &row, SECONDS, how, sizeof(how));

        support_row(&tally, "%s", row.name);
        support_check(&tally, ok, "%s", how);
    }
    support_finish(&tally);
}

/* What it says of the original counts as well, when it is asked for that. */
static void
test_original(void **state)
{
    struct support_tally tally = {0};
    enum imgrw_status status;
    struct imgrw_plan *plan;

    (void)state;
    of_original = true;
    plant(&rows[0]);
    support_row(&tally, "%s", rows[0].name);
    seam_check_failure(&tally, seam_text, IMGRW_PROOF_FULL);
    support_finish(&tally);
    plant(&rows[0]);
    plan = seam_plan(seam_text, IMGRW_PROOF_DEFAULT, &status, NULL);
    assert_int_equal(status, IMGRW_OK);
    assert_int_equal(seen, 0);
    seam_free(plan);
    of_original = false;
}

/* The message has room for a reference with a digest and for both readings. */
static void
test_long_reference(void **state)
{
    static const char text[] =
        "apiVersion: v1\n"
        "kind: Pod\n"
        "spec: {containers: [{image: 'nginx:1.25@sha256:"
        "0123456789abcdef0123456789abcdef"
        "0123456789abcdef0123456789abcdef'}]}\n";
    static const struct row row = {"style of the edit", IRW_EVENT_SCALAR, 7,
                                   LIE_STYLE};
    struct support_tally tally = {0};

    (void)state;
    plant(&row);
    support_row(&tally, "%s", row.name);
    seam_check_failure(&tally, text, IMGRW_PROOF_DEFAULT);
    support_finish(&tally);
}

/* Documents that the gate holds back, edited or not, between others: the
 * witness is not shown a byte of them. */
static void
test_gate(void **state)
{
#define PLAIN "kind: Pod\nspec: {containers: [{image: nginx}]}\n"
#define HELD "? kind\n: Pod\nspec: {containers: [{image: nginx}]}\n"
#define UNTOUCHED "? kind\n: None\n"
    static const char text[] =
        UNTOUCHED "---\n" PLAIN "---\n" HELD "---\n" PLAIN "---\n" PLAIN
        "---\n" UNTOUCHED "---\n" PLAIN "---\n" HELD "---\n" HELD
        "---\n" PLAIN "---\n" UNTOUCHED;
    enum imgrw_status status;
    struct imgrw_plan *plan;

    (void)state;
    plant(NULL);
    plan = seam_plan(text, IMGRW_PROOF_FULL, &status, NULL);
    assert_int_equal(status, IMGRW_OK);
    assert_int_equal(imgrw_plan_count(plan), 8);
    assert_int_equal(imgrw_plan_unwitnessed_count(plan), 3);
    assert_true(opened > 0);
    assert_int_equal(forbidden, 0);
    seam_free(plan);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sound),
        cmocka_unit_test(test_not_asked),
        cmocka_unit_test(test_lies),
        cmocka_unit_test(test_original),
        cmocka_unit_test(test_long_reference),
        cmocka_unit_test(test_gate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
