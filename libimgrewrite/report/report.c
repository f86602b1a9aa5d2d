/*
 * The JSON report: a file at a time, so that its memory is that of one file.
 */
#include "base/error.h"
#include "base/json_write.h"
#include "base/str.h"
#include "report/stream.h"

#include <imgrewrite/report.h>

#include <stdlib.h>

struct imgrw_report {
    const struct imgrw_rules *rules; /* NULL: none */
    struct irw_stream stream;
    size_t rule_count; /* when the report was opened */
    size_t *matched;   /* images a rule took part in, one a rule */
    size_t files, rewritten, images, edits, errors, skipped, possible;
};

static size_t
count_rules(const struct imgrw_rules *rules)
{
    return rules ? imgrw_rules_count(rules) : 0;
}

enum imgrw_status
imgrw_report_new(const struct imgrw_rules *rules, imgrw_write_fn *write,
                 void *user, struct imgrw_report **report,
                 struct imgrw_error *error)
{
    struct imgrw_report *made;
    enum imgrw_status status;

    if (!write || !report)
        return irw_fail_null(error, "write or report");
    made = calloc(1, sizeof(*made));
    if (!made)
        return irw_fail_memory(error);
    made->rules = rules;
    made->rule_count = count_rules(rules);
    made->matched = calloc(made->rule_count + 1, sizeof(*made->matched));
    status = made->matched
                 ? irw_stream_open(&made->stream, write, user,
                                   IRW_STR("{\"version\": 1,\n \"files\": ["),
                                   error)
                 : irw_fail_memory(error);
    if (status == IMGRW_OK)
        *report = made;
    else
        imgrw_report_free(made);
    return status;
}

void
imgrw_report_free(struct imgrw_report *report)
{
    if (!report)
        return;
    irw_text_clear(&report->stream.text);
    free(report->matched);
    free(report);
}

/* The names of the rules that took part, or null. */
static void
add_rule_names(struct irw_text *text, const struct imgrw_rules *rules,
               const struct imgrw_outcome *outcome)
{
    struct irw_text names = {0};

    for (size_t i = 0; i < outcome->rule_count; i++)
        irw_text_printf(&names, "%s%s", i > 0 ? ", " : "",
                        imgrw_rules_name(rules, outcome->rules[i]));
    irw_json_member(text, "rule", (imgrw_str){names.data, names.size});
    text->failed |= names.failed;
    irw_text_clear(&names);
}

/* Why an image stays as it is. */
static const char *
reason_to_stay(const struct imgrw_image *image,
               const struct imgrw_outcome *outcome)
{
    if (!imgrw_reason_names_image(image->reason))
        return imgrw_reason_text(image->reason);
    if (image->ignored)
        return "imgrewrite:ignore";
    switch (outcome->result) {
    case IMGRW_UNMATCHED:
        return "no rule matches";
    case IMGRW_EXCLUDED:
        return "excluded";
    default:
        return "it is so already";
    }
}

/* The bytes that an edit takes and puts. */
static void
add_edit(struct irw_text *text, const struct imgrw_plan *plan,
         const struct imgrw_edit *edit)
{
    irw_text_printf(text, "{\"offset\": %zu, \"length\": %zu, \"old\": ",
                    edit->at.offset, edit->length);
    irw_json_string(text, irw_slice(imgrw_plan_source(plan), edit->at.offset,
                                    edit->at.offset + edit->length));
    irw_text_add(text, IRW_STR(", \"new\": "));
    irw_json_string(text, edit->replacement);
    if (edit->kind == IMGRW_EDIT_PULL_SECRET)
        irw_text_add(text, IRW_STR(", \"kind\": \"pull-secret\""));
    irw_text_add(text, IRW_STR("}"));
}

/* The edits that are made for an image, and for its sake: the very bytes, so
 * that they can be undone. An alias has no edits of its own. */
static void
add_edits(struct irw_text *text, const struct imgrw_plan *plan, size_t index)
{
    const struct imgrw_decision *decision = imgrw_plan_decision(plan, index);
    const struct imgrw_edit *edit = imgrw_plan_edit(plan, decision->edit);
    size_t left = decision->insertion_count;
    size_t first = decision->insertion;
    const char *mark = ", \"edits\": [";

    if (edit && edit->image == index) {
        left += decision->edit_count;
        first = decision->edit < first ? decision->edit : first;
    }
    for (size_t i = first; left > 0 && (edit = imgrw_plan_edit(plan, i)); i++) {
        if (edit->image != index)
            continue;
        irw_text_printf(text, "%s", mark);
        add_edit(text, plan, edit);
        mark = ", ";
        if (--left == 0)
            irw_text_add(text, IRW_STR("]"));
    }
}

/* What becomes of an image. */
static void
add_decision(struct irw_text *text, const struct imgrw_plan *plan, size_t index,
             const struct imgrw_rules *rules)
{
    const struct imgrw_image *image =
        imgrw_manifest_image(imgrw_plan_manifest(plan), index);
    const struct imgrw_decision *decision = imgrw_plan_decision(plan, index);
    const struct imgrw_outcome *outcome = &decision->outcome;
    bool rewritten = outcome->result == IMGRW_REWRITTEN &&
                     decision->obstacle.size == 0;

    irw_json_member(text, "new", rewritten ? outcome->text : (imgrw_str){0});
    add_rule_names(text, rules, outcome);
    if (decision->obstacle.size > 0)
        irw_json_member(text, "reason", decision->obstacle);
    else if (decision->kept.size > 0)
        irw_json_member(text, "reason", decision->kept);
    else if (!rewritten)
        irw_json_member(text, "reason",
                        irw_str(reason_to_stay(image, outcome)));
    else
        add_edits(text, plan, index);
}

/* Counts an image for the rules and the summary. */
static void
count_decision(struct imgrw_report *report,
               const struct imgrw_decision *decision)
{
    report->images++;
    report->edits += decision->edit != SIZE_MAX;
    for (size_t i = 0; i < decision->outcome.rule_count; i++)
        report->matched[decision->outcome.rules[i]]++;
}

static void
add_plan(struct imgrw_report *report, const struct imgrw_plan *plan)
{
    struct irw_text *text = &report->stream.text;
    const struct imgrw_manifest *manifest = imgrw_plan_manifest(plan);

    report->possible += imgrw_manifest_possible_count(manifest);
    for (size_t i = 0; i < imgrw_manifest_count(manifest); i++) {
        irw_text_printf(text, "%s\n   {", i > 0 ? "," : "");
        irw_stream_image(&report->stream, imgrw_manifest_image(manifest, i));
        add_decision(text, plan, i, report->rules);
        irw_text_add(text, IRW_STR("}"));
        count_decision(report, imgrw_plan_decision(plan, i));
    }
}

static void
add_failure(struct irw_text *text, const struct imgrw_error *failure)
{
    irw_text_printf(text, ", \"error\": {\"status\": \"%s\"",
                    imgrw_status_text(failure->status));
    irw_json_number(text, "line", failure->at.line);
    irw_json_number(text, "column", failure->at.column);
    irw_json_member(text, "message", irw_str(failure->message));
    irw_text_add(text, IRW_STR("}"));
}

/* Refuses what cannot be an entry of the report. */
static enum imgrw_status
check_entry(const struct imgrw_report *report, const char *path,
            enum imgrw_file_status file_status, const struct imgrw_plan *plan,
            struct imgrw_error *error)
{
    if (!report || !path)
        return irw_fail_null(error, "report or path");
    if ((unsigned)file_status > IMGRW_FILE_ERROR)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "there is no file status %u", (unsigned)file_status);
    /* The numbers of rules in a decision are indices of `matched`. */
    if (plan && (imgrw_plan_rules(plan) != report->rules ||
                 count_rules(report->rules) != report->rule_count))
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "the plan was made with other rules than the report");
    return IMGRW_OK;
}

enum imgrw_status
imgrw_report_add(struct imgrw_report *report, const char *path,
                 enum imgrw_file_status file_status,
                 const struct imgrw_plan *plan,
                 const struct imgrw_error *failure, struct imgrw_error *error)
{
    static const char *const words[] = {
        [IMGRW_FILE_UNCHANGED] = "unchanged",
        [IMGRW_FILE_REWRITTEN] = "rewritten",
        [IMGRW_FILE_PLANNED] = "planned",
        [IMGRW_FILE_SKIPPED] = "skipped",
        [IMGRW_FILE_ERROR] = "error",
    };
    enum imgrw_status status =
        check_entry(report, path, file_status, plan, error);
    struct irw_text *text;

    if (status != IMGRW_OK)
        return status;
    text = &report->stream.text;
    irw_stream_entry(&report->stream, path);
    irw_text_printf(text, ", \"status\": \"%s\"", words[file_status]);
    if (failure)
        add_failure(text, failure);
    if (plan && imgrw_plan_unwitnessed_count(plan) > 0)
        irw_json_number(text, "provedByLibyamlAlone",
                        imgrw_plan_unwitnessed_count(plan));
    irw_text_add(text, IRW_STR(", \"images\": ["));
    if (plan)
        add_plan(report, plan);
    irw_text_add(text, IRW_STR("]}"));
    report->files++;
    report->rewritten += file_status == IMGRW_FILE_REWRITTEN;
    report->errors += file_status == IMGRW_FILE_ERROR;
    report->skipped += file_status == IMGRW_FILE_SKIPPED;
    return irw_stream_flush(&report->stream, error);
}

/* The rules with the number of images each took part in. */
static void
add_rules(struct imgrw_report *report)
{
    struct irw_text *text = &report->stream.text;

    irw_text_add(text, IRW_STR(" \"rules\": ["));
    for (size_t i = 0; i < report->rule_count; i++) {
        irw_text_printf(text, "%s\n  {\"rule\": ", i > 0 ? "," : "");
        irw_json_string(text, irw_str(imgrw_rules_name(report->rules, i)));
        irw_json_number(text, "matched", report->matched[i]);
        irw_text_add(text, IRW_STR("}"));
    }
    irw_text_add(text, IRW_STR("],\n"));
}

enum imgrw_status
imgrw_report_finish(struct imgrw_report *report, struct imgrw_error *error)
{
    struct irw_text *text;

    if (!report)
        return irw_fail_null(error, "report");
    text = &report->stream.text;
    irw_text_add(text, IRW_STR("],\n"));
    add_rules(report);
    irw_text_printf(text, " \"summary\": {\"files\": %zu", report->files);
    irw_json_number(text, "rewritten", report->rewritten);
    irw_json_number(text, "images", report->images);
    irw_json_number(text, "edits", report->edits);
    irw_json_number(text, "errors", report->errors);
    irw_json_number(text, "skipped", report->skipped);
    irw_json_number(text, "possible", report->possible);
    irw_text_add(text, IRW_STR("}}\n"));
    return irw_stream_end(&report->stream, error);
}

enum imgrw_status
imgrw_json_write_string(imgrw_str str, imgrw_write_fn *write, void *user,
                        struct imgrw_error *error)
{
    struct irw_text text = {0};
    enum imgrw_status status = IMGRW_OK;

    if (!write || !irw_has_bytes(str))
        return irw_fail_null(error, "write or text");
    irw_json_string(&text, str);
    if (text.failed)
        status = irw_fail_memory(error);
    else if (write(text.data, text.size, user) != 0)
        status = irw_fail(error, IMGRW_ERR_STOPPED, IRW_NO_LOCATION,
                          "the string was not taken");
    irw_text_clear(&text);
    return status;
}
