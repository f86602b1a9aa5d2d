/*
 * The Secret. Each buffer with credentials in it has its size from the start,
 * because one that grows leaves copies in the memory it gives back.
 */
#include "base/error.h"
#include "credentials/base64.h"
#include "credentials/set.h"
#include "kubernetes/names.h"
#include "yaml/scalar.h"

#include <stdio.h>
#include <stdlib.h>

static const imgrw_str json_start = {"{\"auths\":{", 10};
static const imgrw_str json_middle = {"\":{\"auth\":\"", 11};
static const imgrw_str json_end = {"}}", 2};

/* The size of the JSON text; an entry has two quotes and a brace around its
 * parts, and a comma before it where there is another. */
static size_t
json_size(const struct imgrw_credentials *credentials)
{
    size_t size = json_start.size + json_end.size;

    for (size_t i = 0; i < credentials->count; i++)
        size += credentials->items[i].host.size + json_middle.size +
                irw_base64_size(credentials->items[i].pair.size) + 3 + (i > 0);
    return size;
}

/* Writes at `end`, and returns the new end. */
static char *
put(char *end, imgrw_str text)
{
    return mempcpy(end, text.data, text.size);
}

static char *
put_base64(char *end, imgrw_str data)
{
    irw_base64_encode(data, end);
    return end + irw_base64_size(data.size);
}

/* Writes the JSON text, without a blank. Go would escape "<", ">" and "&" in
 * it, but neither a host nor base64 has them. */
static void
put_json(char *end, const struct imgrw_credentials *credentials)
{
    end = put(end, json_start);
    for (size_t i = 0; i < credentials->count; i++) {
        const struct irw_credential *item = &credentials->items[i];

        end = put(end, i > 0 ? IRW_STR(",\"") : IRW_STR("\""));
        end = put(end, item->host);
        end = put(end, json_middle);
        end = put_base64(end, item->pair);
        end = put(end, IRW_STR("\"}"));
    }
    put(end, json_end);
}

/* Makes the text of the Secret, malloc'ed: the JSON text in base64, and `tail`
 * after it. */
static enum imgrw_status
make_text(const struct imgrw_credentials *credentials, imgrw_str tail,
          imgrw_str *text, struct imgrw_error *error)
{
    const imgrw_str head = IRW_STR("apiVersion: v1\ndata:\n"
                                   "  .dockerconfigjson: ");
    size_t size = json_size(credentials);
    size_t whole = head.size + irw_base64_size(size) + tail.size;
    char *json, *made;

    if (size > IRW_SECRET_BYTES)
        return irw_fail(error, IMGRW_ERR_LIMIT, IRW_NOWHERE,
                        "the credentials make %zu bytes, and a secret holds "
                        "at most %zu",
                        size, IRW_SECRET_BYTES);
    json = malloc(size);
    made = malloc(whole);
    if (json && made) {
        put_json(json, credentials);
        put(put_base64(put(made, head), (imgrw_str){json, size}), tail);
        *text = (imgrw_str){made, whole};
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
    if (!irw_is_dns_name(name))
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                        "\"%.*s\" cannot be the name of a secret",
                        IRW_PRINT(name));
    if (namespace_.size > 0 && !irw_is_dns_label(namespace_))
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                        "\"%.*s\" cannot be the name of a namespace",
                        IRW_PRINT(namespace_));
    return IMGRW_OK;
}

static enum imgrw_status
check_passwords(const struct imgrw_credentials *credentials,
                struct imgrw_error *error)
{
    for (size_t i = 0; i < credentials->count; i++)
        if (credentials->items[i].incomplete)
            return irw_fail(error, IMGRW_ERR_INPUT, IRW_NOWHERE,
                            "the entry for \"%.*s\" has no password",
                            IRW_PRINT(credentials->items[i].host));
    return IMGRW_OK;
}

/* The quotes that keep a name a string: 123, true. */
static const char *
quotes_of(imgrw_str name)
{
    return irw_plain_kind(name) == IRW_PLAIN_STRING ? "" : "\"";
}

/* What comes after the data; 600 bytes and the names are enough for it. */
static imgrw_str
format_tail(imgrw_str name, imgrw_str space, char *tail, size_t size)
{
    const char *quote = quotes_of(name), *mark = quotes_of(space);
    int length = snprintf(
        tail, size,
        "\nkind: Secret\nmetadata:\n  annotations:\n"
        "    helm.sh/hook: pre-install,pre-upgrade\n"
        "    helm.sh/hook-weight: \"-9999\"\n"
        "    kots.io/creation-phase: \"-9999\"\n"
        "  name: %s%.*s%s\n%s%s%.*s%s%s"
        "type: kubernetes.io/dockerconfigjson\n",
        quote, (int)name.size, name.data, quote,
        space.size > 0 ? "  namespace: " : "", space.size > 0 ? mark : "",
        (int)space.size, space.size > 0 ? space.data : "",
        space.size > 0 ? mark : "", space.size > 0 ? "\n" : "");

    return (imgrw_str){tail, (size_t)length};
}

enum imgrw_status
imgrw_credentials_secret(struct imgrw_credentials *credentials,
                         const char *name, const char *namespace_,
                         imgrw_str *text, struct imgrw_error *error)
{
    imgrw_str names[] = {irw_str(name), irw_str(namespace_)};
    char tail[IRW_DNS_NAME_MAX + IRW_DNS_LABEL_MAX + 600];
    imgrw_str made;
    enum imgrw_status status;

    if (!credentials || !text)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                        "a secret needs credentials and a place for its text");
    status = check_names(names[0], names[1], error);
    if (status == IMGRW_OK)
        status = check_passwords(credentials, error);
    if (status == IMGRW_OK)
        status = make_text(
            credentials, format_tail(names[0], names[1], tail, sizeof(tail)),
            &made, error);
    if (status != IMGRW_OK)
        return status;
    irw_wipe(credentials->secret);
    credentials->secret = *text = made;
    return IMGRW_OK;
}
