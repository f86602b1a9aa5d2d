#include "registry/outcome.h"

static const struct {
    enum imgrw_registry_outcome outcome;
    const char *reason;
} verdicts[] = {
#define VERDICT(name, outcome, sentence) \
    [IRW_VERDICT_##name] = {IMGRW_REGISTRY_##outcome, sentence},
#include "registry/verdicts.def"
#undef VERDICT
};

enum imgrw_registry_outcome
irw_verdict_outcome(enum irw_verdict verdict)
{
    return verdicts[verdict].outcome;
}

const char *
irw_verdict_reason(enum irw_verdict verdict)
{
    return verdicts[verdict].reason;
}

const char *
imgrw_registry_outcome_name(enum imgrw_registry_outcome outcome)
{
    static const char *const names[IMGRW_REGISTRY_OUTCOMES] = {
        [IMGRW_REGISTRY_NOT_ASKED] = "not-asked",
        [IMGRW_REGISTRY_PUBLIC] = "public",
        [IMGRW_REGISTRY_DENIED] = "denied",
        [IMGRW_REGISTRY_ABSENT] = "absent",
        [IMGRW_REGISTRY_PULLABLE] = "pullable",
        [IMGRW_REGISTRY_BAD_CREDENTIALS] = "bad-credentials",
        [IMGRW_REGISTRY_RATE_LIMITED] = "rate-limited",
        [IMGRW_REGISTRY_UNREACHABLE] = "unreachable",
        [IMGRW_REGISTRY_TIMEOUT] = "timeout",
        [IMGRW_REGISTRY_TLS_ERROR] = "tls-error",
        [IMGRW_REGISTRY_SERVER_ERROR] = "server-error",
        [IMGRW_REGISTRY_PROTOCOL_ERROR] = "protocol-error",
        [IMGRW_REGISTRY_REFUSED] = "refused",
    };

    if ((unsigned)outcome >= IMGRW_REGISTRY_OUTCOMES)
        return "unknown";
    return names[outcome];
}

int
imgrw_registry_outcome_is_fact(enum imgrw_registry_outcome outcome)
{
    return outcome >= IMGRW_REGISTRY_PUBLIC &&
           outcome <= IMGRW_REGISTRY_BAD_CREDENTIALS;
}
