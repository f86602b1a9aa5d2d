/*
 * What ECR answers when it is asked for a password.
 */
#pragma once

#include "registry/login.h"
#include "registry/outcome.h"

/* The most that an answer may have; those of Amazon have about 3 KiB. */
#define IRW_ECR_ANSWER_BYTES ((size_t)64 << 10)

/* A login that expires. */
struct irw_ecr_token {
    struct irw_login *login; /* of user AWS; irw_login_free releases it */
    int64_t expires_at;      /* seconds since 1970 */
};

/* Reads an answer of status 200. IMGRW_ERR_INPUT: it is none; IMGRW_ERR_LIMIT:
 * it is too large; IMGRW_ERR_MEMORY. */
enum imgrw_status irw_ecr_answer_read(imgrw_str answer,
                                      struct irw_ecr_token *token,
                                      struct imgrw_error *error);

/* Why ECR answers with another status, and what to do: a sentence that quotes
 * nothing of the answer; never NULL. `*verdict` changes where the answer says
 * what the failure is. */
const char *irw_ecr_answer_explain(imgrw_str answer,
                                   enum irw_verdict *verdict);
