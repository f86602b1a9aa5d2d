#include "registry/certificates.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARKER "-----BEGIN "

/* Joins texts; NULL when memory is out. */
static char *
join(const char *one, const char *two, const char *three)
{
    struct irw_bytes text = {0};

    irw_bytes_add_text(&text, one);
    irw_bytes_add_text(&text, two);
    irw_bytes_add_text(&text, three);
    if (text.failed)
        irw_bytes_clear(&text);
    return text.data;
}

/* Says why a file cannot be used, unless something is wrong already. */
static bool
fail(struct irw_certificates *certificates, const char *path, const char *why)
{
    if (!certificates->trouble)
        certificates->trouble = join(path, ": ", why);
    return certificates->trouble;
}

static bool
ends_with(const char *name, const char *end)
{
    size_t size = strlen(name), end_size = strlen(end);

    return size > end_size && strcmp(name + size - end_size, end) == 0;
}

/* Adds what a file has. `*problem` is why it cannot be read, or NULL. False
 * when memory is out. */
static bool
add_file(struct irw_bytes *bytes, const char *path, const char **problem)
{
    FILE *file = fopen(path, "re");
    char block[4096];
    size_t size, whole = 0;

    *problem = file ? NULL : strerror(errno);
    if (!file)
        return errno != ENOMEM;
    while ((size = fread(block, 1, sizeof(block), file)) > 0 &&
           (whole += size) <= IRW_CERTIFICATES_BYTES)
        irw_bytes_add(bytes, (imgrw_str){block, size});
    if (ferror(file))
        *problem = strerror(errno);
    else if (whole > IRW_CERTIFICATES_BYTES)
        *problem = "it is too large for certificates";
    fclose(file);
    irw_bytes_add_text(bytes, "\n");
    return !bytes->failed;
}

/* Adds an authority. A link that leads nowhere is none, as for Podman. */
static bool
add_authority(struct irw_certificates *certificates, const char *path)
{
    struct irw_bytes *trusted = &certificates->trusted;
    size_t before = trusted->size;
    const char *problem;
    struct stat info;

    if (stat(path, &info) != 0)
        return errno == ENOENT || fail(certificates, path, strerror(errno));
    if (!S_ISREG(info.st_mode))
        return fail(certificates, path, "it is no file");
    if (!add_file(trusted, path, &problem))
        return false;
    if (!problem && !memmem(trusted->data + before, trusted->size - before,
                            MARKER, strlen(MARKER)))
        problem = "there is no certificate in it; it has to be PEM";
    return !problem || fail(certificates, path, problem);
}

/* Takes a certificate that is to be shown, and its key. */
static bool
take_client(struct irw_certificates *certificates, char *certificate,
            char *key)
{
    const char *path = access(certificate, R_OK) != 0 ? certificate : key;

    if (certificates->client)
        return fail(certificates, certificate,
                    "only one certificate can be shown, and there are two");
    certificates->client = irw_bytes_copy(imgrw_str_from(certificate));
    certificates->key = irw_bytes_copy(imgrw_str_from(key));
    if (!certificates->client || !certificates->key)
        return false;
    return access(path, R_OK) == 0 ||
           fail(certificates, path, strerror(errno));
}

/* Looks at a half of a pair: a certificate or its key. */
static bool
add_half(struct irw_certificates *certificates, const char *path)
{
    bool is_key = ends_with(path, ".key");
    struct irw_bytes stem = {0};
    char *certificate, *key;
    bool good;

    irw_bytes_add(&stem, (imgrw_str){path, (size_t)(strrchr(path, '.') -
                                                    path)});
    certificate = stem.failed ? NULL : join(stem.data, ".cert", "");
    key = stem.failed ? NULL : join(stem.data, ".key", "");
    good = certificate && key;
    if (good && is_key && access(certificate, F_OK) != 0)
        good = fail(certificates, path, "there is no certificate for this key, "
                    "in a file of the same name with .cert at the end");
    else if (good && !is_key && access(key, F_OK) != 0)
        good = fail(certificates, path, "there is no key for this certificate, "
                    "in a file of the same name with .key at the end; the file "
                    "of an authority would have .crt there");
    else if (good && !is_key)
        good = take_client(certificates, certificate, key);
    irw_bytes_clear(&stem);
    free(certificate);
    free(key);
    return good;
}

static bool
add_entry(struct irw_certificates *certificates, const char *name)
{
    char *path;
    bool good = true;

    if (!ends_with(name, ".crt") && !ends_with(name, ".cert") &&
        !ends_with(name, ".key"))
        return true;
    path = join(certificates->folder, "/", name);
    if (!path)
        return false;
    good = ends_with(name, ".crt") ? add_authority(certificates, path)
                                   : add_half(certificates, path);
    free(path);
    return good;
}

/* Reads the folder. One that this user must not list is as good as none: it is
 * for others, such as a daemon. */
static bool
read_folder(struct irw_certificates *certificates)
{
    struct dirent **entries;
    int count = scandir(certificates->folder, &entries, NULL, alphasort);
    bool good = true;

    if (count < 0 && errno == ENOMEM)
        return false;
    if (count < 0)
        return errno == EACCES ||
               fail(certificates, certificates->folder, strerror(errno));
    for (int i = 0; i < count; i++) {
        good = good && add_entry(certificates, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return good;
}

/* Finds the folder of a registry; false when memory is out. */
static bool
find_folder(struct irw_certificates *certificates,
            const char *const *folders, const char *registry)
{
    struct stat info;

    for (; folders && *folders; folders++) {
        certificates->folder = join(*folders, "/", registry);
        if (!certificates->folder)
            return false;
        if (stat(certificates->folder, &info) == 0)
            return true;
        free(certificates->folder);
        certificates->folder = NULL;
    }
    return true;
}

/* Adds what is trusted anyway to what the folder adds. */
static bool
add_usual(struct irw_certificates *certificates, const char *path)
{
    const char *problem;

    if (certificates->trusted.size == 0 || !path)
        return true;
    /* where there is no such file, nobody else is trusted */
    return add_file(&certificates->trusted, path, &problem);
}

bool
irw_certificates_read(struct irw_certificates *certificates,
                      const struct irw_certificate_places *places,
                      const char *registry)
{
    *certificates = (struct irw_certificates){.folder = NULL};
    if (!find_folder(certificates, places->folders, registry))
        return false;
    return !certificates->folder ||
           (read_folder(certificates) &&
            add_usual(certificates, places->trusted));
}

void
irw_certificates_clear(struct irw_certificates *certificates)
{
    free(certificates->folder);
    irw_bytes_clear(&certificates->trusted);
    free(certificates->client);
    free(certificates->key);
    free(certificates->trouble);
}
