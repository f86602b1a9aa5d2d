/*
 * The Secret. Each buffer with credentials in it has its size from the start,
 * because one that grows leaves copies in the memory it gives back.
 */
#include "base/error.h"
#include "base/base64.h"
#include "base/rfc3339.h"
#include "credentials/set.h"
#include "kubernetes/names.h"
#include "yaml/scalar.h"

#include <stdio.h>
#include <stdlib.h>

/* The size of the JSON text without its NUL; put_json writes it. */
static size_t
json_size(const struct imgrw_credentials *credentials)
{
    size_t size = strlen("{\"auths\":{}}");

    for (size_t i = 0; i < credentials->list.count; i++) {
        const struct irw_credential *item = credentials->list.items[i];

        size += strlen("\"\":{\"auth\":\"\"}") + item->host.size +
                irw_base64_size(item->pair.size) + (i > 0);
    }
    return size;
}

/* Writes the JSON text without blanks, and a NUL. It is what Go would write,
 * which escapes "<", ">" and "&", but neither a host nor base64 has these. */
static void
put_json(char *end, const struct imgrw_credentials *credentials)
{
    end = stpcpy(end, "{\"auths\":{");
    for (size_t i = 0; i < credentials->list.count; i++) {
        const struct irw_credential *item = credentials->list.items[i];

        end = stpcpy(stpcpy(end, i > 0 ? ",\"" : "\""), item->host.data);
        end = irw_base64_encode(item->pair, stpcpy(end, "\":{\"auth\":\""));
        end = stpcpy(end, "\"}");
    }
    strcpy(end, "}}");
}

/* Writes a line of the metadata, or nothing for an empty name. A name like 123
 * or true gets quotes, so that it stays a string. */
static char *
put_name(char *end, const char *key, imgrw_str name)
{
    bool plain = irw_plain_kind(name) == IRW_PLAIN_STRING;

    if (name.size == 0)
        return end;
    return end + sprintf(end, plain ? "  %s: %.*s\n" : "  %s: \"%.*s\"\n", key,
                         (int)name.size, name.data);
}

/* Writes when the first of the passwords expires, if one does. */
static char *
put_expiry(char *end, const struct imgrw_credentials *credentials)
{
    int64_t first = INT64_MAX;
    char time[IRW_TIME_SIZE];

    for (size_t i = 0; i < credentials->list.count; i++) {
        int64_t expires_at = credentials->list.items[i]->expires_at;

        if (expires_at > 0 && expires_at < first)
            first = expires_at;
    }
    if (first == INT64_MAX)
        return end;
    irw_time_write(first, time);
    return end + sprintf(end, "    imgrewrite/expires-at: \"%s\"\n", time);
}

/* Writes the Secret, with the JSON text in base64. */
static char *
put_secret(char *end, const struct imgrw_credentials *credentials,
           imgrw_str json, imgrw_str name, imgrw_str namespace_)
{
    end = stpcpy(end, "apiVersion: v1\ndata:\n  .dockerconfigjson: ");
    end = stpcpy(irw_base64_encode(json, end),
                 "\nkind: Secret\nmetadata:\n  annotations:\n"
                 "    helm.sh/hook: pre-install,pre-upgrade\n"
                 "    helm.sh/hook-weight: \"-9999\"\n");
    end = stpcpy(put_expiry(end, credentials),
                 "    kots.io/creation-phase: \"-9999\"\n");
    end = put_name(put_name(end, "name", name), "namespace", namespace_);
    return stpcpy(end, "type: kubernetes.io/dockerconfigjson\n");
}

/* Makes the text of the Secret, malloc'ed. */
static enum imgrw_status
make_text(const struct imgrw_credentials *credentials, imgrw_str name,
          imgrw_str namespace_, imgrw_str *text, struct imgrw_error *error)
{
    size_t size = json_size(credentials);
    size_t around = 600; /* bytes, enough for all but the data and the names */
    char *json, *made;

    if (size > IRW_SECRET_BYTES)
        return irw_fail(error, IMGRW_ERR_LIMIT, IRW_NO_LOCATION,
                        "the credentials make %zu bytes, and a secret holds "
                        "at most %zu",
                        size, IRW_SECRET_BYTES);
    json = malloc(size + 1);
    made = malloc(irw_base64_size(size) + name.size + namespace_.size + around);
    if (json && made) {
        put_json(json, credentials);
        text->data = made;
        text->size = (size_t)(put_secret(made, credentials,
                                         (imgrw_str){json, size}, name,
                                         namespace_) - made);
    }
    irw_wipe((imgrw_str){json, size});
    if (json && made)
        return IMGRW_OK;
    free(made);
    return irw_fail_memory(error);
}

static enum imgrw_status
check_names(imgrw_str name, imgrw_str namespace_, struct imgrw_error *error)
{
    bool named = irw_is_dns_name(name);

    if (named && (namespace_.size == 0 || irw_is_dns_label(namespace_)))
        return IMGRW_OK;
    return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                    "\"%.*s\" cannot be the name of a %s",
                    IRW_PRINT(named ? namespace_ : name),
                    named ? "namespace" : "secret");
}

enum imgrw_status
imgrw_credentials_secret(struct imgrw_credentials *credentials,
                         const char *name, const char *namespace_,
                         imgrw_str *text, struct imgrw_error *error)
{
    imgrw_str made;
    enum imgrw_status status;

    if (!credentials || !text)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "a secret needs credentials and a place for its text");
    status = check_names(irw_str(name), irw_str(namespace_), error);
    if (status == IMGRW_OK)
        status = irw_credentials_check(credentials, error);
    if (status == IMGRW_OK)
        status = make_text(credentials, irw_str(name), irw_str(namespace_),
                           &made, error);
    if (status != IMGRW_OK)
        return status;
    irw_credentials_keep(credentials, made);
    *text = made;
    return IMGRW_OK;
}
