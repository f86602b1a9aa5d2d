/*
 * The Secret. Each buffer with credentials in it has its size from the start,
 * so that growing leaves no copies behind.
 */
#include "credentials/base64.h"
#include "kubernetes/names.h"
#include "base/error.h"
#include "credentials/set.h"
#include "yaml/scalar.h"

#include <stdio.h>
#include <stdlib.h>

/* A buffer that is filled from the front. */
struct buffer {
    char *data;
    size_t size, used;
};

static bool
buffer_new(struct buffer *buffer, size_t size)
{
    *buffer = (struct buffer){malloc(size), size, 0};
    return buffer->data != NULL;
}

static void
buffer_free(struct buffer *buffer)
{
    if (buffer->data)
        explicit_bzero(buffer->data, buffer->size);
    free(buffer->data);
}

static void
add(struct buffer *buffer, imgrw_str text)
{
    memcpy(buffer->data + buffer->used, text.data, text.size);
    buffer->used += text.size;
}

static void
add_base64(struct buffer *buffer, imgrw_str data)
{
    irw_base64_encode(data, buffer->data + buffer->used);
    buffer->used += irw_base64_size(data.size);
}

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
        size += strlen(credentials->items[i].host) + json_middle.size +
                irw_base64_size(credentials->items[i].pair.size) + 3 + (i > 0);
    return size;
}

/* Writes the JSON text, without a blank. Go would escape "<", ">" and "&" in
 * it; no host and no base64 has them. */
static void
add_json(const struct imgrw_credentials *credentials, struct buffer *json)
{
    add(json, json_start);
    for (size_t i = 0; i < credentials->count; i++) {
        const struct irw_credential *item = &credentials->items[i];

        add(json, i > 0 ? IRW_STR(",\"") : IRW_STR("\""));
        add(json, irw_str(item->host));
        add(json, json_middle);
        add_base64(json, item->pair);
        add(json, IRW_STR("\"}"));
    }
    add(json, json_end);
}

/* The JSON text in base64. */
static enum imgrw_status
encode(const struct imgrw_credentials *credentials, struct buffer *data,
       struct imgrw_error *error)
{
    struct buffer json;
    size_t size = json_size(credentials);

    *data = (struct buffer){0};
    if (size > IRW_SECRET_BYTES)
        return irw_fail(error, IMGRW_ERR_LIMIT, IRW_NOWHERE,
                        "the credentials make %zu bytes, and a secret holds "
                        "at most %zu",
                        size, IRW_SECRET_BYTES);
    if (!buffer_new(&json, size))
        return irw_fail_memory(error);
    if (buffer_new(data, irw_base64_size(size))) {
        add_json(credentials, &json);
        add_base64(data, (imgrw_str){json.data, json.used});
    }
    buffer_free(&json);
    return data->data ? IMGRW_OK : irw_fail_memory(error);
}

static enum imgrw_status
check_names(imgrw_str name, imgrw_str name_space, struct imgrw_error *error)
{
    if (!irw_is_dns_name(name))
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                        "\"%.*s\" cannot be the name of a secret",
                        IRW_PRINT(name));
    if (name_space.size > 0 && !irw_is_dns_label(name_space))
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                        "\"%.*s\" cannot be the name of a namespace",
                        IRW_PRINT(name_space));
    return IMGRW_OK;
}

static enum imgrw_status
check_passwords(const struct imgrw_credentials *credentials,
                struct imgrw_error *error)
{
    for (size_t i = 0; i < credentials->count; i++)
        if (credentials->items[i].incomplete)
            return irw_fail(error, IMGRW_ERR_CREDENTIALS, IRW_NOWHERE,
                            "the entry for \"%.*s\" has no password",
                            IRW_PRINT(irw_str(credentials->items[i].host)));
    return IMGRW_OK;
}

/* The quotes that keep a name a string: 123, true. */
static const char *
quotes_of(imgrw_str name)
{
    return irw_plain_kind(name) == IRW_PLAIN_STRING ? "" : "\"";
}

/* What comes behind the data; 600 bytes and the names are enough for it. */
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
imgrw_credentials_write_secret(const struct imgrw_credentials *credentials,
                               const char *name, const char *name_space,
                               imgrw_write_fn *write, void *user,
                               struct imgrw_error *error)
{
    static const char head[] = "apiVersion: v1\ndata:\n  .dockerconfigjson: ";
    imgrw_str names[] = {irw_str(name), irw_str(name_space)};
    char text[IRW_DNS_NAME_MAX + IRW_DNS_LABEL_MAX + 600];
    imgrw_str tail;
    struct buffer data;
    enum imgrw_status status = check_names(names[0], names[1], error);

    if (status == IMGRW_OK)
        status = check_passwords(credentials, error);
    if (status == IMGRW_OK)
        status = encode(credentials, &data, error);
    if (status != IMGRW_OK)
        return status;
    tail = format_tail(names[0], names[1], text, sizeof(text));
    if (write(head, sizeof(head) - 1, user) != 0 ||
        write(data.data, data.used, user) != 0 ||
        write(tail.data, tail.size, user) != 0)
        status = irw_fail(error, IMGRW_ERR_STOPPED, IRW_NOWHERE,
                          "stopped by the caller");
    buffer_free(&data);
    return status;
}
