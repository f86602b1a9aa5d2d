#include "registry/json.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Overwrites the strings of a value, which is not deeper than jansson reads. */
static void
wipe(json_t *value)
{
    const char *key;
    json_t *child;
    size_t index;

    if (json_is_string(value))
        explicit_bzero((char *)(uintptr_t)json_string_value(value),
                       json_string_length(value));
    json_array_foreach(value, index, child)
        wipe(child);
    json_object_foreach(value, key, child)
        wipe(child);
}

void
irw_json_free(json_t *root)
{
    if (root)
        wipe(root);
    json_decref(root);
}

/* Whether memory is out. jansson does not say so: a token that it could not
 * copy is invalid to it, and where its buffer could not grow it goes on, with a
 * text that lacks some bytes. That is why texts are read twice. */
static bool
is_out_of_memory(void)
{
    void *volatile probe = malloc(64);

    free(probe);
    return !probe;
}

/* Cuts from a message of jansson what it quotes of the text. */
static void
cut_quotation(char *message)
{
    static const char *const marks[] = {" near '", " '\\u", " 0x"};

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        char *quotation = strstr(message, marks[i]);

        if (quotation)
            *quotation = '\0';
    }
}

/* Fails because of what jansson says of a text. */
static enum imgrw_status
fail_at(const char *path, json_error_t *why, struct imgrw_error *error)
{
    cut_quotation(why->text);
    irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
             "not JSON: %s", why->text);
    /* jansson counts what it has read; its last character is the place */
    if (error)
        error->at = (struct imgrw_location){
            .path = path,
            .offset = why->position > 0 ? (size_t)why->position - 1 : 0,
            .line = (uint32_t)why->line,
            .column = why->column > 0 ? (uint32_t)why->column : 1,
        };
    return IMGRW_ERR_INPUT;
}

enum imgrw_status
irw_json_read(imgrw_str text, size_t flags, const char *path, json_t **root,
              struct imgrw_error *error)
{
    json_error_t why = {0};
    const char *bytes = text.size > 0 ? text.data : "";
    json_t *once = json_loadb(bytes, text.size, flags, &why);
    json_t *again = json_loadb(bytes, text.size, flags, &why);
    bool is_same = once ? json_equal(once, again) : !again;

    irw_json_free(again);
    if (once && is_same) {
        *root = once;
        return IMGRW_OK;
    }
    irw_json_free(once);
    *root = NULL;
    return is_same && !is_out_of_memory() ? fail_at(path, &why, error)
                                          : irw_fail_memory(error);
}

imgrw_str
irw_json_get_text(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return (imgrw_str){json_string_value(value), json_string_length(value)};
}
