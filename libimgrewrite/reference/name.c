/*
 * Full names, short names, comparison, formatting.
 */
#include "reference/reference.h"
#include "base/error.h"
#include "base/str.h"

#include <stdio.h>

static const imgrw_str hub = {"docker.io", 9};
static const imgrw_str legacy_hub = {"index.docker.io", 15};
static const imgrw_str official = {"library/", 8};

/* Whether `repository`, which stands without a registry, is one for which none
 * is implied: its first component looks like a host and is not one. */
static bool
lacks_registry(imgrw_str repository)
{
    size_t slash = irw_find(repository, '/');

    return slash != SIZE_MAX && irw_is_host(irw_slice(repository, 0, slash));
}

/* Gives a Docker Hub repository of one component its "library/". */
static void
add_official(struct imgrw_reference *full, char *buffer)
{
    imgrw_str name = full->repository;

    if (irw_find(name, '/') != SIZE_MAX)
        return;
    memcpy(buffer, official.data, official.size);
    memmove(buffer + official.size, name.data, name.size);
    full->repository = (imgrw_str){buffer, official.size + name.size};
}

void
imgrw_reference_normalize(const struct imgrw_reference *reference, char *buffer,
                          struct imgrw_reference *full)
{
    struct imgrw_reference result = *reference;

    if (irw_equal(result.registry, legacy_hub) ||
        (result.registry.size == 0 && !lacks_registry(result.repository)))
        result.registry = hub;
    if (irw_equal(result.registry, hub))
        add_official(&result, buffer);
    *full = result;
}

void
imgrw_reference_shorten(const struct imgrw_reference *full,
                        struct imgrw_reference *shortest)
{
    struct imgrw_reference result = *full;
    imgrw_str name = full->repository;
    bool bare = full->tag.size + full->digest.size == 0;

    if (irw_equal(result.registry, hub) && !lacks_registry(name)) {
        result.registry = (imgrw_str){0};
        if (irw_starts_with(name, official)) {
            name = irw_slice(name, official.size, name.size);
            if (irw_find(name, '/') == SIZE_MAX &&
                !(bare && irw_is_image_id(name)))
                result.repository = name;
        }
    }
    *shortest = result;
}

void
irw_reference_canonical(const struct imgrw_reference *reference, char *buffer,
                        struct imgrw_reference *canonical)
{
    static const imgrw_str default_port = {":443", 4};
    struct imgrw_reference result = *reference;
    imgrw_str host = reference->registry;

    for (size_t i = 0; i < host.size; i++)
        buffer[i] = irw_lower(host.data[i]);
    result.registry = (imgrw_str){buffer, host.size};
    if (irw_ends_with(result.registry, default_port))
        result.registry.size -= default_port.size;
    imgrw_reference_normalize(&result, buffer + host.size, canonical);
}

int
imgrw_reference_equal(const struct imgrw_reference *one,
                      const struct imgrw_reference *other)
{
    char buffers[2][IMGRW_REFERENCE_MAX];
    struct imgrw_reference a, b;

    irw_reference_canonical(one, buffers[0], &a);
    irw_reference_canonical(other, buffers[1], &b);
    return irw_equal(a.registry, b.registry) &&
           irw_equal(a.repository, b.repository) && irw_equal(a.tag, b.tag) &&
           irw_equal(a.digest, b.digest);
}

enum imgrw_status
imgrw_reference_format(const struct imgrw_reference *reference, char *buffer,
                       size_t size, imgrw_str *text, struct imgrw_error *error)
{
    const struct imgrw_reference *r = reference;
    const struct {
        const char *mark; /* before the part */
        imgrw_str part;
    } parts[] = {
        {"", r->registry},
        {r->registry.size > 0 ? "/" : "", r->repository},
        {":", r->tag},
        {"@", r->digest},
    };
    size_t used = 0;

    if (r->repository.size == 0)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NOWHERE,
                        "a reference needs a repository");
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        int written = 0;

        if (parts[i].part.size >= size - used)
            return irw_fail(error, IMGRW_ERR_LIMIT, IRW_NOWHERE,
                            "the reference does not fit in %zu bytes", size);
        if (parts[i].part.size > 0)
            written = snprintf(buffer + used, size - used, "%s%.*s",
                               parts[i].mark, (int)parts[i].part.size,
                               parts[i].part.data);
        if (written < 0 || (size_t)written >= size - used)
            return irw_fail(error, IMGRW_ERR_LIMIT, IRW_NOWHERE,
                            "the reference does not fit in %zu bytes", size);
        used += (size_t)written;
    }
    *text = (imgrw_str){buffer, used};
    return IMGRW_OK;
}
