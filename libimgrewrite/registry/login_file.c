#include "registry/login_file.h"
#include "base/error.h"
#include "registry/json_place.h"

#include <stdlib.h>
#include <string.h>

struct imgrw_location
irw_login_file_place(const struct irw_login_file *file,
                     const char *const names[])
{
    struct imgrw_location at;

    if (file->is_own)
        return (struct imgrw_location){.path = file->path};
    irw_json_place((imgrw_str){file->text, file->size}, names, &at);
    at.path = file->path;
    return at;
}

enum imgrw_status
irw_login_file_fail(const struct irw_login_file *file,
                    const char *const names[], const char *key,
                    const char *sentence, struct imgrw_error *error)
{
    if (key)
        irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                 "\"%.100s\": %s", key,
                 sentence);
    else
        irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                 "%s", sentence);
    if (error)
        error->at = irw_login_file_place(file, names);
    return IMGRW_ERR_INPUT;
}

void
irw_login_file_free(struct irw_login_file *file)
{
    if (!file)
        return;
    for (size_t i = 0; i < file->entry_count; i++) {
        free(file->entries[i].key);
        irw_login_free(file->entries[i].login);
    }
    for (size_t i = 0; i < file->helper_count; i++) {
        free(file->helpers[i].key);
        free(file->helpers[i].name);
    }
    if (file->text)
        explicit_bzero(file->text, file->size);
    free(file->text);
    free(file->path);
    free(file->entries);
    free(file->helpers);
    free(file->store);
    free(file);
}

bool
irw_login_file_has_logins(const struct irw_login_file *file)
{
    for (size_t i = 0; i < file->entry_count; i++)
        if (file->entries[i].login)
            return true;
    return false;
}

/* Whether a program may be called docker-credential-NAME: no path leads away
 * from where programs are looked for, and nothing looks like an option. */
static bool
is_helper_name(const char *name)
{
    for (const char *c = name; *c != '\0'; c++) {
        bool is_alnum = (*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') ||
                        (*c >= 'A' && *c <= 'Z');

        if (!is_alnum && (c == name || !strchr("._-", *c)))
            return false;
    }
    return name[0] != '\0';
}

#define NO_HELPER \
    "a helper is named with letters, digits, \".\", \"_\" and \"-\""

/* Finds the helper of a registry, if it has one. */
static const struct irw_login_helper *
find_helper(const struct irw_login_file *file, imgrw_str host)
{
    for (size_t i = 0; i < file->helper_count; i++)
        if (file->helpers[i].name[0] != '\0' &&
            irw_login_key_is_host(imgrw_str_from(file->helpers[i].key), host))
            return &file->helpers[i];
    return NULL;
}

/* Finds the entry that fits best, the last of several. */
static const struct irw_login_entry *
find_entry(const struct irw_login_file *file,
           const struct irw_login_place *place)
{
    const struct irw_login_entry *found = NULL;
    size_t best = 1;

    for (size_t i = 0; i < file->entry_count; i++) {
        size_t fit = irw_login_key_fit(imgrw_str_from(file->entries[i].key),
                                       file->hosts_only, place);

        if (fit < best)
            continue;
        best = fit;
        found = &file->entries[i];
    }
    return found;
}

/* Fails because of an entry. */
static enum imgrw_status
fail_entry(const struct irw_login_file *file,
           const struct irw_login_entry *entry, struct imgrw_error *error)
{
    const char *names[] = {"auths", entry->key, entry->member, NULL};

    return irw_login_file_fail(file, file->hosts_only ? names + 1 : names,
                               entry->key, entry->fault, error);
}

enum imgrw_status
irw_login_file_find(const struct irw_login_file *file,
                    const struct irw_login_place *place,
                    struct irw_login_answer *answer, struct imgrw_error *error)
{
    const struct irw_login_helper *helper = find_helper(file, place->host);
    const struct irw_login_entry *entry = NULL;

    *answer = (struct irw_login_answer){.login = NULL};
    if (helper && !is_helper_name(helper->name))
        return irw_login_file_fail(file, IRW_NAMES("credHelpers", helper->key),
                                   helper->key, NO_HELPER, error);
    if (!helper)
        entry = find_entry(file, place);
    if (entry && entry->fault)
        return fail_entry(file, entry, error);
    if (entry && entry->login) {
        answer->login = entry->login;
        return IMGRW_OK;
    }
    answer->helper = helper ? helper->name : file->store;
    if (!helper && file->store && !is_helper_name(file->store))
        return irw_login_file_fail(file, IRW_NAMES("credsStore"), "credsStore",
                                   NO_HELPER, error);
    if (answer->helper)
        answer->server = file->is_docker ? irw_login_key_of_docker(place->host)
                                         : place->host;
    return IMGRW_OK;
}
