/*
 * The pull secret of an overlay, from the files of credentials.
 */
#include "command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Neither a file of credentials nor a Secret may be larger. */
#define LARGEST ((size_t)2 << 20)

/* Memory that is overwritten before it is given back. It never grows, for that
 * would leave copies behind. */
struct vault {
    char *data;
    size_t size;
};

static bool
open_vault(struct vault *vault)
{
    *vault = (struct vault){calloc(1, LARGEST), 0};
    if (!vault->data)
        complain("out of memory");
    return vault->data != NULL;
}

static void
close_vault(struct vault *vault)
{
    if (vault->data)
        explicit_bzero(vault->data, LARGEST);
    free(vault->data);
}

/* Appends to the vault that `user` is; an imgrw_write_fn. */
static int
write_to_vault(const char *data, size_t size, void *user)
{
    struct vault *vault = user;

    if (size > LARGEST - vault->size)
        return 1;
    memcpy(vault->data + vault->size, data, size);
    vault->size += size;
    return 0;
}

/* Reads a whole file without a buffer of its own. */
static bool
read_to_vault(struct vault *vault, FILE *file, const char *name)
{
    size_t got;

    setvbuf(file, NULL, _IONBF, 0);
    do {
        got = fread(vault->data + vault->size, 1, LARGEST - vault->size, file);
        vault->size += got;
    } while (got > 0);
    if (!ferror(file) && vault->size < LARGEST)
        return true;
    complain("%s cannot be read: %s", name,
             ferror(file) ? strerror(errno) : "it is too large");
    return false;
}

static bool
check(enum imgrw_status status, const struct imgrw_error *error)
{
    if (status != IMGRW_OK)
        print_error(error);
    return status == IMGRW_OK;
}

static bool
read_file(struct imgrw_credentials *credentials, const char *path,
          struct settings *settings)
{
    struct vault vault;
    FILE *file = fopen(path, "re");
    struct imgrw_error error;
    bool good = file != NULL;

    if (!file)
        complain("%s cannot be read: %s", path, strerror(errno));
    good = open_vault(&vault) && good;
    good = good && read_to_vault(&vault, file, path) &&
           check(imgrw_credentials_read(
                     credentials, (imgrw_str){vault.data, vault.size}, path,
                     print_warning, settings, &error), &error);
    close_vault(&vault);
    if (file)
        fclose(file);
    return good;
}

static bool
read_password(struct imgrw_credentials *credentials)
{
    struct vault vault;
    struct imgrw_error error;
    bool good = open_vault(&vault) &&
                read_to_vault(&vault, stdin, "standard input") &&
                check(imgrw_credentials_set_password(
                          credentials, (imgrw_str){vault.data, vault.size},
                          &error), &error);

    close_vault(&vault);
    return good;
}

bool
make_secret(struct settings *settings, const char *name, imgrw_str *text)
{
    struct imgrw_credentials *credentials = NULL;
    struct vault vault = {NULL, 0};
    struct imgrw_error error;
    bool good =
        check(imgrw_credentials_new(&credentials, &error), &error) &&
        read_file(credentials, settings->registry_auth, settings) &&
        (!settings->password_stdin || read_password(credentials)) &&
        open_vault(&vault) &&
        check(imgrw_credentials_write_secret(credentials, name,
                                             settings->name_space,
                                             write_to_vault, &vault, &error),
              &error);

    imgrw_credentials_free(credentials);
    if (good)
        *text = (imgrw_str){vault.data, vault.size};
    else
        close_vault(&vault);
    return good;
}

void
drop_secret(imgrw_str text)
{
    struct vault vault = {(char *)text.data, text.size};

    close_vault(&vault);
}
