#include "kustomize/answers.h"
#include "base/error.h"

/* Asks the rules. */
static enum imgrw_status
ask(struct irw_answers *answers, imgrw_str text, imgrw_str *answer,
    struct imgrw_error *error)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome;
    enum imgrw_status status =
        imgrw_rules_apply(answers->rules, text, &buffer, &outcome, NULL);

    *answer = text;
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(error);
    if (status != IMGRW_OK || outcome.result != IMGRW_REWRITTEN)
        return IMGRW_OK;
    *answer = outcome.text;
    return irw_arena_keep(&answers->arena, answer) ? IMGRW_OK
                                                   : irw_fail_memory(error);
}

enum imgrw_status
irw_answers_get(struct irw_answers *answers, imgrw_str text, imgrw_str *answer,
                struct imgrw_error *error)
{
    imgrw_str *known;
    enum imgrw_status status;

    *answer = text;
    if (text.size == 0)
        return IMGRW_OK;
    known = (imgrw_str *)irw_map_get(&answers->known, text);
    if (known) {
        *answer = *known;
        return IMGRW_OK;
    }
    status = ask(answers, text, answer, error);
    if (status != IMGRW_OK)
        return status;
    known = irw_arena_calloc(&answers->arena, 1, sizeof(*known));
    if (!known || !irw_map_set(&answers->known, text, (uintptr_t)known))
        return irw_fail_memory(error);
    *known = *answer;
    return IMGRW_OK;
}

void
irw_answers_clear(struct irw_answers *answers)
{
    irw_map_clear(&answers->known);
    irw_arena_clear(&answers->arena);
}
