/*
 * Outcomes and verdicts: their words are the contract of the tool's output.
 */
#include "registry/outcome.h"
#include "support.h"

#include <string.h>

/* The words are those of the manual; which are facts is what its text says. */
static const struct {
    enum imgrw_registry_outcome outcome;
    const char *name;
    bool is_fact;
} rows[] = {
    {IMGRW_REGISTRY_NOT_ASKED, "not-asked", false},
    {IMGRW_REGISTRY_PUBLIC, "public", true},
    {IMGRW_REGISTRY_DENIED, "denied", true},
    {IMGRW_REGISTRY_ABSENT, "absent", true},
    {IMGRW_REGISTRY_PULLABLE, "pullable", true},
    {IMGRW_REGISTRY_BAD_CREDENTIALS, "bad-credentials", true},
    {IMGRW_REGISTRY_RATE_LIMITED, "rate-limited", false},
    {IMGRW_REGISTRY_UNREACHABLE, "unreachable", false},
    {IMGRW_REGISTRY_TIMEOUT, "timeout", false},
    {IMGRW_REGISTRY_TLS_ERROR, "tls-error", false},
    {IMGRW_REGISTRY_SERVER_ERROR, "server-error", false},
    {IMGRW_REGISTRY_PROTOCOL_ERROR, "protocol-error", false},
    {IMGRW_REGISTRY_REFUSED, "refused", false},
};

static void
test_words(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    assert_int_equal(SUPPORT_COUNT(rows), IMGRW_REGISTRY_OUTCOMES);
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        support_row(&tally, "%s", rows[i].name);
        support_check_str(&tally, "name",
                          support_str(imgrw_registry_outcome_name(
                              rows[i].outcome)),
                          support_str(rows[i].name));
        support_check(&tally,
                      imgrw_registry_outcome_is_fact(rows[i].outcome) ==
                          rows[i].is_fact,
                      "it is a fact or not");
    }
    support_finish(&tally);
    assert_string_equal(imgrw_registry_outcome_name(
                            (enum imgrw_registry_outcome)
                                IMGRW_REGISTRY_OUTCOMES),
                        "unknown");
    assert_int_equal(imgrw_registry_outcome_is_fact(
                         (enum imgrw_registry_outcome)
                             IMGRW_REGISTRY_OUTCOMES), 0);
}

/* Every outcome has a verdict, and every verdict a sentence of its own, which a
 * message can go on after. */
static void
test_reasons(void **state)
{
    struct support_tally tally = {0};
    bool seen[IMGRW_REGISTRY_OUTCOMES] = {false};

    (void)state;
    for (int i = 0; i < IRW_VERDICTS; i++) {
        const char *reason = irw_verdict_reason((enum irw_verdict)i);

        support_row(&tally, "verdict %d", i);
        support_check(&tally, reason && strlen(reason) > 10, "no sentence");
        support_check(&tally, !strpbrk(reason, "\n."), "%s", reason);
        seen[irw_verdict_outcome((enum irw_verdict)i)] = true;
        for (int k = 0; k < i; k++)
            support_check(&tally,
                          strcmp(reason, irw_verdict_reason(
                                             (enum irw_verdict)k)) != 0,
                          "the sentence of verdict %d", k);
    }
    support_finish(&tally);
    for (int i = 0; i < IMGRW_REGISTRY_OUTCOMES; i++)
        assert_true(seen[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_reasons),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
