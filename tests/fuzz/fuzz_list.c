/*
 * Any bytes as a list of resources: what is wrong with it is said, and what is
 * taken comes out as a list again, with only the images changed and with
 * results, in which a second run finds nothing to do.
 */
#include "fuzz.h"

#include <imgrewrite/function.h>

#include <string.h>

static void
take_warning(const struct imgrw_location *at, const char *message, void *user)
{
    (void)at;
    (void)user;
    fuzz_claim(message[0] != '\0', "a warning without words");
}

/* Runs the function with a rule of its own; NULL where it fails. */
static struct imgrw_function *
run(imgrw_str text, struct imgrw_rules **rules, struct imgrw_error *error)
{
    const struct imgrw_function_options options = {
        .size = sizeof(options),
        .warn = take_warning,
    };
    struct imgrw_function *function = NULL;
    enum imgrw_status status = imgrw_rules_new(rules, error);

    fuzz_claim(status == IMGRW_OK, "no rules");
    status = imgrw_rules_add_prefix(*rules, "docker.io", "m.io/hub", error);
    fuzz_claim(status == IMGRW_OK, "no rule");
    status = imgrw_function_new(*rules, text, &options, &function, error);
    fuzz_claim(status == IMGRW_OK ? function != NULL : !function,
               "status %d and %s function", status, function ? "a" : "no");
    return function;
}

/* Claims that the text is the rewritten one with nothing taken away. */
static void
check_text(const struct imgrw_function *function)
{
    const struct imgrw_file *file =
        imgrw_run_file(imgrw_function_run(function), 0);
    imgrw_str planned = imgrw_plan_text(file->plan);
    imgrw_str text = imgrw_function_text(function);
    size_t same = 0, end = 0;

    fuzz_claim(text.size >= planned.size && text.size > 0,
               "%zu bytes became %zu", planned.size, text.size);
    while (same < planned.size && planned.data[same] == text.data[same])
        same++;
    while (end < planned.size - same &&
           planned.data[planned.size - 1 - end] == text.data[text.size - 1 -
                                                             end])
        end++;
    /* a null may have gone */
    fuzz_claim(same + end + 4 >= planned.size, "%zu bytes are lost",
               planned.size - same - end);
}

/* Claims what holds of each result. */
static void
check_results(const struct imgrw_function *function, size_t size)
{
    const struct imgrw_list_result *result;

    for (size_t i = 0; (result = imgrw_function_result(function, i)); i++) {
        fuzz_claim(result->message.size > 0, "a result without words");
        fuzz_claim(result->at.offset <= size, "a result of byte %zu of %zu",
                   result->at.offset, size);
        fuzz_claim(result->path.size > 0 || result->index == SIZE_MAX,
                   "an index of no file");
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    imgrw_str text = {(const char *)data, size};
    struct imgrw_rules *rules, *again_rules;
    struct imgrw_error error = {.message = ""};
    struct imgrw_function *function = run(text, &rules, &error), *again;

    if (!function) {
        fuzz_claim(error.message[0] != '\0', "a failure without words");
        fuzz_claim(error.status != IMGRW_ERR_PROOF, "%s", error.message);
        imgrw_rules_free(rules);
        return 0;
    }
    check_text(function);
    check_results(function, size);
    again = run(imgrw_function_text(function), &again_rules, &error);
    fuzz_claim(again != NULL, "no second run: %s", error.message);
    if (imgrw_rules_count(rules) == 1)
        fuzz_claim(imgrw_run_summary(imgrw_function_run(again))->edits == 0,
                   "a second run changes something");
    imgrw_function_free(again);
    imgrw_rules_free(again_rules);
    imgrw_function_free(function);
    imgrw_rules_free(rules);
    return 0;
}
