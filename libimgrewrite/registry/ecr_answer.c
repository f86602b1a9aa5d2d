#include "registry/ecr_answer.h"
#include "base/str.h"
#include "registry/auth.h"
#include "base/error.h"
#include "registry/json.h"

#include <string.h>

#define LAST_SECOND 253402300799.0 /* of the year 9999 */

/* Takes the time after which the password is of no use. */
static bool
read_expiry(const json_t *data, int64_t *expires_at)
{
    const json_t *value = json_object_get(data, "expiresAt");
    double seconds = json_number_value(value);

    if (!json_is_number(value) || !(seconds > 0 && seconds <= LAST_SECOND))
        return false;
    *expires_at = (int64_t)seconds;
    return true;
}

/* Makes a login of user and password in base64. */
static enum imgrw_status
make_login(imgrw_str text, struct irw_login **login, struct imgrw_error *error)
{
    struct irw_login_parts parts = {.source = IMGRW_STR("ECR")};
    struct irw_bytes pair = {0};
    enum irw_auth_status read =
        irw_auth_read(text, &pair, &parts.user, &parts.password);
    enum imgrw_status status = IMGRW_OK;

    if (read == IRW_AUTH_MEMORY)
        status = irw_fail_memory(error);
    else if (read != IRW_AUTH_FINE || parts.user.size == 0 ||
             parts.password.size == 0 || irw_login_fault(&parts))
        status = irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                          "the authorizationToken of ECR's answer is "
                          "not base64 of user and password");
    else if (!(*login = irw_login_new(&parts)))
        status = irw_fail_memory(error);
    irw_bytes_wipe(&pair);
    return status;
}

/* Reads what an answer has for the first registry, or the public one. */
static enum imgrw_status
read_data(const json_t *data, struct irw_ecr_token *token,
          struct imgrw_error *error)
{
    struct irw_ecr_token made = {0};
    enum imgrw_status status;

    if (json_is_array(data))
        data = json_array_get(data, 0);
    if (!json_is_object(data))
        return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                        "ECR's answer has no authorizationData");
    if (!read_expiry(data, &made.expires_at))
        return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                        "ECR's answer has no time of expiry");
    status = make_login(irw_json_get_text(data, "authorizationToken"),
                        &made.login, error);
    if (status == IMGRW_OK)
        *token = made;
    return status;
}

enum imgrw_status
irw_ecr_answer_read(imgrw_str answer, struct irw_ecr_token *token,
                    struct imgrw_error *error)
{
    json_t *root;
    enum imgrw_status status;

    if (answer.size > IRW_ECR_ANSWER_BYTES)
        return irw_fail(error, IMGRW_ERR_LIMIT, IRW_NO_LOCATION,
                        "ECR's answer has more than %zu KiB",
                        IRW_ECR_ANSWER_BYTES >> 10);
    status = irw_json_read(answer, JSON_REJECT_DUPLICATES, NULL, &root, error);
    if (status != IMGRW_OK)
        return status;
    status = read_data(json_object_get(root, "authorizationData"), token,
                       error);
    irw_json_free(root);
    return status;
}

/* Errors of Amazon's services, by their names. */
static const struct {
    const char *name;
    enum irw_verdict verdict;
    const char *sentence;
} errors[] = {
    {"UnrecognizedClientException", IRW_VERDICT_ACCESS_KEY,
     "AWS does not know the access key or the session token"},
    {"InvalidClientTokenId", IRW_VERDICT_ACCESS_KEY,
     "AWS does not know the access key"},
    {"InvalidSignatureException", IRW_VERDICT_ACCESS_KEY,
     "the secret key does not belong to the access key, or the clock of this "
     "machine is wrong"},
    {"SignatureDoesNotMatch", IRW_VERDICT_ACCESS_KEY,
     "the secret key does not belong to the access key"},
    {"IncompleteSignature", IRW_VERDICT_ODD_TOKEN_STATUS,
     "AWS takes the signature for incomplete"},
    {"RequestExpired", IRW_VERDICT_ODD_TOKEN_STATUS,
     "the clock of this machine is wrong"},
    {"ExpiredTokenException", IRW_VERDICT_ACCESS_KEY,
     "the session token has expired; make another one"},
    {"ExpiredToken", IRW_VERDICT_ACCESS_KEY,
     "the session token has expired; make another one"},
    {"MissingAuthenticationTokenException", IRW_VERDICT_ODD_TOKEN_STATUS,
     "AWS has not seen the signature; a proxy may have removed it"},
    {"AccessDeniedException", IRW_VERDICT_ACCESS_KEY,
     "the access key lacks the permission ecr:GetAuthorizationToken, or that "
     "of ecr-public"},
    {"OptInRequired", IRW_VERDICT_ACCESS_KEY,
     "the account has no access to ECR in this region"},
    {"ThrottlingException", IRW_VERDICT_TOO_MANY_TOKENS,
     "AWS is asked too often; try again later"},
    {"InvalidParameterException", IRW_VERDICT_ODD_TOKEN_STATUS,
     "ECR does not accept the request"},
    {"UnknownOperationException", IRW_VERDICT_ODD_TOKEN_STATUS,
     "the endpoint is no ECR, which would know the request"},
    {"ServerException", IRW_VERDICT_TOKEN_SERVER_FAILED,
     "ECR failed; try again later"},
    {"InternalFailure", IRW_VERDICT_TOKEN_SERVER_FAILED,
     "ECR failed; try again later"},
    {"ServiceUnavailable", IRW_VERDICT_TOKEN_SERVER_FAILED,
     "ECR failed; try again later"},
};

/* The sentence and the verdict for the name of an error; NULL where it is
 * unknown. */
static const char *
find_sentence(imgrw_str name, enum irw_verdict *verdict)
{
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        if (!irw_equal(name, imgrw_str_from(errors[i].name)))
            continue;
        *verdict = errors[i].verdict;
        return errors[i].sentence;
    }
    return NULL;
}

const char *
irw_ecr_answer_explain(imgrw_str answer, enum irw_verdict *verdict)
{
    const char *sentence = NULL, *hash;
    imgrw_str name;
    json_t *root;

    if (answer.size <= IRW_ECR_ANSWER_BYTES &&
        irw_json_read(answer, 0, NULL, &root, NULL) == IMGRW_OK) {
        name = irw_json_get_text(root, "__type");
        /* it may be in a namespace: "com.amazonaws.ecr#ServerException" */
        hash = name.size > 0 ? memrchr(name.data, '#', name.size) : NULL;
        if (hash)
            name = (imgrw_str){
                hash + 1, name.size - (size_t)(hash + 1 - name.data)};
        sentence = find_sentence(name, verdict);
        irw_json_free(root);
    }
    return sentence ? sentence : "ECR refuses, and does not say why";
}
