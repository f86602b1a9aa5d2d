/*
 * A function is a run over one text, between two readings of the list: the
 * first finds the rules and the items, the second the place for results.
 */
#include "base/error.h"
#include "base/sizes.h"
#include "base/text.h"
#include "config/function_config.h"
#include "files/run.h"
#include "function/list.h"
#include "function/result.h"
#include "function/write.h"
#include "manifest/manifest.h"
#include "plan/plan.h"

#include <imgrewrite/function.h>

#include <stdlib.h>

struct imgrw_function {
    struct imgrw_rules *rules;
    struct imgrw_function_options options;
    struct imgrw_run_options run_options;
    struct irw_list_limits limits;
    struct imgrw_plan_options plan;
    struct irw_arena arena;
    struct irw_resource_list list; /* as it came */
    struct imgrw_run *run;
    struct irw_results results;
    imgrw_str text;
};

/* Takes the options, with defaults for what is zero. */
static enum imgrw_status
take_options(struct imgrw_function *function,
             const struct imgrw_function_options *given,
             struct imgrw_error *error)
{
    struct imgrw_run_options *run = &function->run_options;
    struct imgrw_parse_options parse;
    enum imgrw_status status =
        irw_sized_copy(&function->options, sizeof(function->options), given,
                       "function options", error);

    if (status == IMGRW_OK)
        status = irw_sized_copy(run, sizeof(*run), function->options.run,
                                "run options", error);
    if (status == IMGRW_OK)
        status = irw_parse_options(run->parse, &parse, error);
    if (status == IMGRW_OK)
        status = irw_plan_options(run->plan, &function->plan, error);
    if (status != IMGRW_OK)
        return status;
    if (run->mode != IMGRW_RUN_PLAN || run->out_dir)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "a function plans, and writes no files");
    run->size = sizeof(*run);
    run->keep_going = run->skip_unparsable = 0;
    function->limits =
        (struct irw_list_limits){parse.max_bytes, parse.max_depth};
    return IMGRW_OK;
}

/* Whether there is a rule that could change an image. */
static bool
has_rules(const struct imgrw_rules *rules)
{
    for (size_t i = 0; i < rules->list.count; i++)
        if (rules->list.items[i]->kind != IRW_RULE_EXCLUDE)
            return true;
    return false;
}

/* Reads the list, and the rules in it. */
static enum imgrw_status
read_list(struct imgrw_function *function, imgrw_str text,
          struct imgrw_error *error)
{
    const struct imgrw_function_options *options = &function->options;
    struct irw_resource_list *list = &function->list;
    struct irw_function_config config = {
        .source = &list->source,
        .tree = &list->tree,
        .warn = options->warn,
        .user = options->user,
    };
    enum imgrw_status status = irw_resource_list_read(
        text, &function->limits, &function->arena, list, error);

    config.node = list->config;
    if (status == IMGRW_OK && list->config != IRW_NO_NODE)
        status = irw_function_config_read(&config, function->rules, error);
    if (status != IMGRW_OK)
        return status;
    if (!has_rules(function->rules))
        return irw_fail(error, IMGRW_ERR_RULE,
                        irw_resource_list_locate(
                            list, list->config == IRW_NO_NODE ? list->root
                                                              : list->config),
                        "there is no rule: neither the functionConfig nor the "
                        "command line has one that could change an image");
    return imgrw_rules_check(function->rules, options->warn, options->user,
                             error);
}

/* Plans what becomes of the images. An error outlives the run, and so must its
 * path. */
static enum imgrw_status
plan(struct imgrw_function *function, imgrw_str text,
     struct imgrw_error *error)
{
    enum imgrw_status status =
        imgrw_run_new(function->rules, &function->run_options, &function->run,
                      error);

    if (status == IMGRW_OK)
        status = irw_run_add_text(function->run, text, error);
    if (status == IMGRW_OK)
        status = imgrw_run_plan(function->run, error);
    if (status != IMGRW_OK && error && error->at.path)
        error->at.path = function->list.source.path;
    return status;
}

/* Reads the new list and adds the results to it. */
static enum imgrw_status
write_results(struct imgrw_function *function, imgrw_str printed,
              struct imgrw_error *error)
{
    struct irw_resource_list list = {.root = IRW_NO_NODE};
    const struct irw_list_limits limits = {SIZE_MAX, IRW_LIST_DEPTH_MAX};
    enum imgrw_status status = irw_resource_list_read(
        function->text, &limits, &function->arena, &list, error);

    if (status == IMGRW_OK)
        status = irw_results_write(&list, printed, &function->plan,
                                   &function->arena, &function->text, error);
    irw_resource_list_clear(&list);
    return status;
}

/* Adds the results, or says why there are none. */
static enum imgrw_status
add_results(struct imgrw_function *function, struct imgrw_error *error)
{
    const struct imgrw_function_options *options = &function->options;
    struct irw_text text = {0};
    struct imgrw_error why, told;
    imgrw_str printed;
    enum imgrw_status status =
        irw_results_add(&function->results, &function->list, function->run,
                        &function->arena, error);

    if (status != IMGRW_OK || function->results.list.count == 0)
        return status;
    irw_results_print(&function->results, &text);
    if (!irw_text_keep(&text, &function->arena, &printed))
        return irw_fail_memory(error);
    status = write_results(function, printed, &why);
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(error);
    if (status != IMGRW_OK && options->warn) {
        irw_fail(&told, status, why.at, "no results are written: %s",
                 why.message);
        options->warn(&told.at, told.message, options->user);
    }
    return IMGRW_OK;
}

static enum imgrw_status
run(struct imgrw_function *function, imgrw_str text,
    const struct imgrw_function_options *options, struct imgrw_error *error)
{
    enum imgrw_status status = take_options(function, options, error);

    if (status == IMGRW_OK)
        status = read_list(function, text, error);
    if (status == IMGRW_OK)
        status = plan(function, text, error);
    if (status != IMGRW_OK)
        return status;
    function->text = imgrw_plan_text(imgrw_run_file(function->run, 0)->plan);
    return add_results(function, error);
}

enum imgrw_status
imgrw_function_new(struct imgrw_rules *rules, imgrw_str text,
                   const struct imgrw_function_options *options,
                   struct imgrw_function **function, struct imgrw_error *error)
{
    struct imgrw_function *made;
    enum imgrw_status status;

    if (!rules || !function)
        return irw_fail_null(error, "rules or function");
    made = calloc(1, sizeof(*made));
    if (!made)
        return irw_fail_memory(error);
    made->rules = rules;
    status = run(made, text, options, error);
    if (status == IMGRW_OK)
        *function = made;
    else
        imgrw_function_free(made);
    return status;
}

void
imgrw_function_free(struct imgrw_function *function)
{
    if (!function)
        return;
    free(function->results.list.items);
    imgrw_run_free(function->run);
    irw_resource_list_clear(&function->list);
    irw_arena_clear(&function->arena);
    free(function);
}

imgrw_str
imgrw_function_text(const struct imgrw_function *function)
{
    return function ? function->text : (imgrw_str){0};
}

size_t
imgrw_function_result_count(const struct imgrw_function *function)
{
    return function ? function->results.list.count : 0;
}

const struct imgrw_list_result *
imgrw_function_result(const struct imgrw_function *function, size_t index)
{
    return index < imgrw_function_result_count(function)
               ? &function->results.list.items[index]
               : NULL;
}

const struct imgrw_run *
imgrw_function_run(const struct imgrw_function *function)
{
    return function ? function->run : NULL;
}
