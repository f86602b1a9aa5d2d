#include "function/result.h"
#include "base/error.h"
#include "base/json_write.h"
#include "base/text.h"
#include "function/place.h"
#include "kubernetes/resource.h"

/* Results that are being made. */
struct telling {
    struct irw_results *results;
    const struct irw_resource_list *list;
    const struct imgrw_plan *plan;
    struct irw_arena *arena;
    struct irw_item_cursors cursors;
};

/* Sets the message, which is made of up to three parts. False when memory is
 * out. */
static bool
say(struct telling *job, struct imgrw_list_result *result, imgrw_str first,
    const char *middle, imgrw_str last)
{
    struct irw_text text = {0};

    irw_text_add(&text, first);
    irw_text_add(&text, irw_str(middle));
    irw_text_add(&text, last);
    return irw_text_keep(&text, job->arena, &result->message);
}

/* The rules that took part. False when memory is out. */
static bool
name_rules(struct telling *job, const struct imgrw_outcome *outcome,
           imgrw_str *names)
{
    const struct imgrw_rules *rules = imgrw_plan_rules(job->plan);
    struct irw_text text = {0};

    for (size_t i = 0; i < outcome->rule_count; i++)
        irw_text_printf(&text, "%s%s", i > 0 ? ", " : "",
                        imgrw_rules_name(rules, outcome->rules[i]));
    return irw_text_keep(&text, job->arena, names);
}

/* Of what keeps an image as it is, the first that deserves a warning; NULL:
 * nothing does. `*last` may become a text that ends the sentence. */
static const char *
find_warning(const struct imgrw_image *image,
             const struct imgrw_decision *decision, imgrw_str *last)
{
    const struct imgrw_outcome *outcome = &decision->outcome;

    *last = (imgrw_str){0};
    if (decision->obstacle.size > 0) {
        *last = decision->obstacle;
        return " is left alone: ";
    }
    if (image->ignored || image->is_override_name || decision->kept.size > 0)
        return NULL;
    if (imgrw_reason_names_image(image->reason)) {
        if (outcome->access_unknown && outcome->rule_count == 0)
            return " is left alone: it is not known whether it is private";
        return outcome->result == IMGRW_UNMATCHED ? " matches no rule"
               : outcome->result == IMGRW_UNDECIDED
                   ? " is left alone until its end is filled in"
                   : NULL;
    }
    if (image->reason == IMGRW_REASON_EMPTY ||
        image->reason == IMGRW_REASON_BASE)
        return NULL;
    *last = irw_str(imgrw_reason_text(image->reason));
    return " is left alone: this is ";
}

/* Says what became of an image. `*tells` is false where there is nothing to
 * tell. False when memory is out. */
static bool
judge(struct telling *job, const struct imgrw_image *image,
      const struct imgrw_decision *decision,
      struct imgrw_list_result *result, bool *tells)
{
    bool changes = decision->edit != SIZE_MAX;
    imgrw_str last, proposed = decision->outcome.text;
    const char *warning = find_warning(image, decision, &last);

    *tells = changes || warning;
    if (!*tells)
        return true;
    result->severity =
        changes ? IMGRW_SEVERITY_INFO : IMGRW_SEVERITY_WARNING;
    if (changes || decision->obstacle.size > 0)
        result->proposed = proposed;
    return changes ? say(job, result, image->text, " -> ", proposed)
                   : say(job, result, image->text, warning, last);
}

/* Takes the place of an item. What does not say its kind has none: that of the
 * list is no name for it. */
static void
take_place(struct telling *job, struct imgrw_list_result *result,
           const struct irw_list_place *place)
{
    struct irw_budget budget = irw_budget_again();
    struct irw_resource resource;

    result->path = place->path;
    result->index = place->index;
    if (place->item == IRW_NO_NODE)
        return;
    resource = irw_resource_read(&job->list->tree, place->item, &budget);
    if (resource.kind.size > 0 && result->kind.size > 0)
        return;
    result->api_version = resource.api_version;
    result->kind = resource.kind;
    result->name = resource.name;
    result->namespace_ = resource.name_space;
}

/* Adds the result of one image. False when memory is out. */
static bool
add_image(struct telling *job, const struct imgrw_image *image, size_t number)
{
    const struct imgrw_decision *decision =
        imgrw_plan_decision(job->plan, number);
    struct irw_list_place place = irw_list_place_of(job->list, image->field);
    struct imgrw_list_result result = {
        .api_version = image->api_version,
        .kind = image->kind,
        .name = image->name,
        .namespace_ = image->namespace_,
        .current = image->text,
        .at = image->at,
        .image = number,
    };
    bool tells;

    take_place(job, &result, &place);
    if (!judge(job, image, decision, &result, &tells))
        return false;
    return !tells ||
           (irw_list_field(job->list, image->field, &job->cursors, job->arena,
                           &result.field) &&
            name_rules(job, &decision->outcome, &result.rule) &&
            IRW_APPEND(&job->results->list, result));
}

/* Adds a warning that is of no image. False when memory is out. */
static bool
add_warning(struct telling *job, const struct imgrw_warning *warning)
{
    struct irw_list_place place =
        irw_list_place_at(job->list, warning->at.offset);
    struct imgrw_list_result result = {
        .severity = IMGRW_SEVERITY_WARNING,
        .message = warning->message,
        .at = warning->at,
        .image = SIZE_MAX,
    };

    take_place(job, &result, &place);
    return IRW_APPEND(&job->results->list, result);
}

enum imgrw_status
irw_results_add(struct irw_results *results,
                const struct irw_resource_list *list,
                const struct imgrw_run *run, struct irw_arena *arena,
                struct imgrw_error *error)
{
    const struct imgrw_file *file = imgrw_run_file(run, 0);
    struct telling job = {
        .results = results,
        .list = list,
        .plan = file->plan,
        .arena = arena,
    };
    const struct imgrw_warning *warning;
    const struct imgrw_image *image;
    bool good = true;

    for (size_t i = 0; good && (image = imgrw_manifest_image(file->manifest,
                                                             i)); i++)
        good = add_image(&job, image, i);
    for (size_t i = 0;
         good && (warning = imgrw_manifest_warning(file->manifest, i)); i++)
        good = add_warning(&job, warning);
    for (size_t i = 0; good && (warning = imgrw_run_warning(run, i)); i++)
        good = add_warning(&job, warning);
    return good ? IMGRW_OK : irw_fail_memory(error);
}

/* Adds `"name": "text"` where there is a text, after a comma unless it is the
 * first in its braces. */
static void
print_member(struct irw_text *text, const char *name, imgrw_str str)
{
    if (str.size == 0)
        return;
    if (text->size > 0 && text->data[text->size - 1] != '{')
        irw_text_add(text, IRW_STR(", "));
    irw_text_printf(text, "\"%s\": ", name);
    irw_json_string(text, str);
}

static void
print_resource(struct irw_text *text,
               const struct imgrw_list_result *result)
{
    irw_text_add(text, IRW_STR(", \"resourceRef\": {"));
    print_member(text, "apiVersion", result->api_version);
    print_member(text, "kind", result->kind);
    print_member(text, "name", result->name);
    print_member(text, "namespace", result->namespace_);
    irw_text_add(text, IRW_STR("}"));
    if (result->field.size == 0)
        return;
    irw_text_add(text, IRW_STR(", \"field\": {"));
    print_member(text, "path", result->field);
    print_member(text, "currentValue", result->current);
    print_member(text, "proposedValue", result->proposed);
    irw_text_add(text, IRW_STR("}"));
}

/* Prints one. A field is of a resource: without one it is not said. */
static void
print_result(struct irw_text *text, const struct imgrw_list_result *result)
{
    static const char *const severities[] = {
        [IMGRW_SEVERITY_INFO] = "info",
        [IMGRW_SEVERITY_WARNING] = "warning",
    };

    irw_text_add(text, IRW_STR("{"));
    print_member(text, "message", result->message);
    print_member(text, "severity", irw_str(severities[result->severity]));
    if (result->kind.size > 0)
        print_resource(text, result);
    if (result->path.size > 0) {
        irw_text_add(text, IRW_STR(", \"file\": {"));
        print_member(text, "path", result->path);
        if (result->index != SIZE_MAX)
            irw_text_printf(text, ", \"index\": %zu", result->index);
        irw_text_add(text, IRW_STR("}"));
    }
    if (result->rule.size > 0) {
        irw_text_add(text, IRW_STR(", \"tags\": {"));
        print_member(text, "rule", result->rule);
        irw_text_add(text, IRW_STR("}"));
    }
    irw_text_add(text, IRW_STR("}"));
}

void
irw_results_print(const struct irw_results *results, struct irw_text *text)
{
    irw_text_add(text, IRW_STR("["));
    for (size_t i = 0; i < results->list.count; i++) {
        if (i > 0)
            irw_text_add(text, IRW_STR(", "));
        print_result(text, &results->list.items[i]);
    }
    irw_text_add(text, IRW_STR("]"));
}
