/*
 * The set as a text that can be read again. It is JSON, because what the YAML
 * library reads stays in memory that is not ours to wipe.
 */
#include "base/error.h"
#include "base/json_write.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "credentials/set.h"

#include <stdlib.h>

/* The most bytes that the text may have, so that the buffer never grows: one
 * that does leaves copies behind. A byte of a string becomes six at most. */
static size_t
most_bytes(const struct imgrw_credentials *credentials)
{
    size_t size = sizeof("[\n]\n");

    for (size_t i = 0; i < credentials->list.count; i++) {
        const struct irw_credential *item = credentials->list.items[i];

        size += sizeof("  {\"endpoint\": \"\", \"username\": \"\", "
                       "\"password\": \"\", \"expiresAt\": \"\"},\n") +
                IRW_TIME_SIZE + item->host.size + 6 * item->pair.size;
    }
    return size;
}

static void
put_member(struct irw_text *text, const char *name, imgrw_str value)
{
    irw_text_printf(text, "\"%s\": ", name);
    irw_json_string(text, value);
}

/* Writes an entry; what follows it is written behind. */
static void
put_entry(struct irw_text *text, const struct irw_credential *item)
{
    imgrw_str user, password;
    char time[IRW_TIME_SIZE];

    irw_cut(item->pair, ':', &user, &password);
    irw_text_add(text, IRW_STR("  {"));
    put_member(text, "endpoint", item->host);
    irw_text_add(text, IRW_STR(", "));
    put_member(text, "username", user);
    irw_text_add(text, IRW_STR(", "));
    put_member(text, "password", password);
    if (item->expires_at > 0) {
        irw_time_write(item->expires_at, time);
        irw_text_add(text, IRW_STR(", "));
        put_member(text, "expiresAt", irw_str(time));
    }
    irw_text_add(text, IRW_STR("}"));
}

static bool
is_utf8(imgrw_str text)
{
    size_t at = 0, size;

    while (at < text.size) {
        size = irw_utf8_size(text.data + at, text.size - at);
        if (size == 0)
            return false;
        at += size;
    }
    return true;
}

/* Fails where an entry cannot be a text. */
static enum imgrw_status
check_texts(const struct imgrw_credentials *credentials,
            struct imgrw_error *error)
{
    for (size_t i = 0; i < credentials->list.count; i++) {
        const struct irw_credential *item = credentials->list.items[i];

        if (!is_utf8(item->pair))
            return irw_fail(error, IMGRW_ERR_ENCODING, IRW_NO_LOCATION,
                            "user name or password for \"%.*s\" is not UTF-8, "
                            "and can be in a config.json only",
                            IRW_PRINT(item->host));
    }
    return IMGRW_OK;
}

/* Makes the text, malloc'ed. */
static enum imgrw_status
make_text(const struct imgrw_credentials *credentials, imgrw_str *made,
          struct imgrw_error *error)
{
    struct irw_text text = {.capacity = most_bytes(credentials)};

    text.data = malloc(text.capacity);
    if (!text.data)
        return irw_fail_memory(error);
    irw_text_add(&text, IRW_STR("["));
    for (size_t i = 0; i < credentials->list.count; i++) {
        irw_text_add(&text, i > 0 ? IRW_STR(",\n") : IRW_STR("\n"));
        put_entry(&text, credentials->list.items[i]);
    }
    irw_text_add(&text, credentials->list.count > 0 ? IRW_STR("\n]\n")
                                                    : IRW_STR("]\n"));
    *made = (imgrw_str){text.data, text.size};
    return IMGRW_OK;
}

enum imgrw_status
imgrw_credentials_text(struct imgrw_credentials *credentials, imgrw_str *text,
                       struct imgrw_error *error)
{
    imgrw_str made;
    enum imgrw_status status;

    if (!credentials || !text)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "a text needs credentials and a place for it");
    status = irw_credentials_check(credentials, error);
    if (status == IMGRW_OK)
        status = check_texts(credentials, error);
    if (status == IMGRW_OK)
        status = make_text(credentials, &made, error);
    if (status != IMGRW_OK)
        return status;
    irw_credentials_keep(credentials, made);
    if (made.size > IRW_SECRET_BYTES)
        return irw_fail(error, IMGRW_ERR_LIMIT, IRW_NO_LOCATION,
                        "the credentials make %zu bytes, and a file of them "
                        "has at most %zu",
                        made.size, IRW_SECRET_BYTES);
    *text = made;
    return IMGRW_OK;
}
