/*
 * Any bytes as an answer of ECR: a login of it can be sent and expires, and
 * what is made of it again is the same login.
 */
#include "registry/ecr_answer.h"
#include "registry/auth.h"
#include "fuzz.h"

#include <stdio.h>
#include <string.h>

#define LAST_SECOND 253402300799 /* of the year 9999 */

/* Claims that a login can be sent. */
static void
claim_login(const struct irw_login *login)
{
    const struct irw_login_parts parts = {.user = fuzz_str(login->user),
                                          .password =
                                              fuzz_str(login->password)};

    fuzz_claim(!irw_login_fault(&parts), "a login with a fault");
    fuzz_claim(parts.user.size > 0 && parts.password.size > 0,
               "a login without a part");
    fuzz_claim(!login->identity_token, "an identity token");
}

/* Claims that the answer which would have this login has it. */
static void
claim_again(const struct irw_ecr_token *token)
{
    struct irw_bytes text = {0};
    struct irw_ecr_token again;
    struct imgrw_error error;
    char end[64];

    irw_bytes_add_text(&text,
                       "{\"authorizationData\":{\"authorizationToken\":\"");
    irw_auth_write(&text, fuzz_str(token->login->user),
                   fuzz_str(token->login->password));
    snprintf(end, sizeof(end), "\",\"expiresAt\":%lld}}",
             (long long)token->expires_at);
    irw_bytes_add_text(&text, end);
    if (text.size <= IRW_ECR_ANSWER_BYTES && token->expires_at > 0) {
        fuzz_must(irw_ecr_answer_read((imgrw_str){text.data, text.size}, &again,
                                      &error),
                  &error);
        fuzz_claim(strcmp(again.login->user, token->login->user) == 0 &&
                       strcmp(again.login->password,
                              token->login->password) == 0 &&
                       again.expires_at == token->expires_at,
                   "another login");
        irw_login_free(again.login);
    }
    irw_bytes_wipe(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    imgrw_str text = {(const char *)data, size};
    enum irw_verdict verdict = IRW_VERDICT_NONE;
    const char *why = irw_ecr_answer_explain(text, &verdict);
    struct irw_ecr_token token;
    struct imgrw_error error;
    enum imgrw_status status = irw_ecr_answer_read(text, &token, &error);

    fuzz_claim(why[0] != '\0' && strlen(why) < sizeof(error.message),
               "no sentence");
    if (status != IMGRW_OK) {
        fuzz_claim_error(&error, status, text);
        return 0;
    }
    fuzz_claim(token.expires_at >= 0 && token.expires_at <= LAST_SECOND,
               "it expires at %lld", (long long)token.expires_at);
    claim_login(token.login);
    claim_again(&token);
    irw_login_free(token.login);
    return 0;
}
