/*
 * What asking about an image ends with: a verdict, which is an outcome and the
 * reason for it.
 */
#pragma once

#include <imgrewrite/registry.h>

enum irw_verdict {
#define VERDICT(name, outcome, sentence) IRW_VERDICT_##name,
#include "registry/verdicts.def"
#undef VERDICT
    IRW_VERDICTS
};

enum imgrw_registry_outcome irw_verdict_outcome(enum irw_verdict verdict);

/* The reason, a sentence without a full stop; never NULL. */
const char *irw_verdict_reason(enum irw_verdict verdict);
