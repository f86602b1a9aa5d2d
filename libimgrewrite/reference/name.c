/*
 * Full names, short names, comparison.
 */
#include "reference/name.h"
#include "base/error.h"

bool
irw_is_host(imgrw_str component)
{
    if (irw_equal(component, IRW_STR("localhost")))
        return true;
    for (size_t i = 0; i < component.size; i++) {
        char c = component.data[i];

        if (c == '.' || c == ':' || irw_is_upper(c))
            return true;
    }
    return false;
}

bool
irw_is_image_id(imgrw_str text)
{
    if (text.size != 64)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (!irw_is_digit(text.data[i]) &&
            !(text.data[i] >= 'a' && text.data[i] <= 'f'))
            return false;
    return true;
}

struct imgrw_reference
irw_reference_name(const struct imgrw_reference *reference)
{
    return (struct imgrw_reference){
        .registry = reference->registry,
        .repository = reference->repository,
    };
}

imgrw_str
irw_reference_short_path(const struct imgrw_reference *full)
{
    imgrw_str path = full->repository;

    return irw_equal(full->registry, IRW_HUB) &&
                   irw_starts_with(path, IRW_OFFICIAL)
               ? irw_slice(path, IRW_OFFICIAL.size, path.size)
               : path;
}

bool
irw_reference_same(const struct imgrw_reference *one,
                   const struct imgrw_reference *other)
{
    return irw_equal(one->repository, other->repository) &&
           irw_equal(one->registry, other->registry) &&
           irw_equal(one->tag, other->tag) &&
           irw_equal(one->digest, other->digest);
}

/* Whether `repository`, which was written without a registry, is one for which
 * none is implied: its first component looks like a host and is not one. */
static bool
lacks_registry(imgrw_str repository)
{
    size_t slash = irw_find(repository, '/');

    return slash != SIZE_MAX && irw_is_host(irw_slice(repository, 0, slash));
}

void
irw_reference_normalize(const struct imgrw_reference *reference, char *bytes,
                        struct imgrw_reference *full)
{
    imgrw_str name = reference->repository;

    *full = *reference;
    if (irw_equal(full->registry, IRW_LEGACY_HUB) ||
        (full->registry.size == 0 && !lacks_registry(name)))
        full->registry = IRW_HUB;
    if (!irw_equal(full->registry, IRW_HUB) || irw_find(name, '/') != SIZE_MAX)
        return;
    if (name.size > 0) /* an empty one may have no bytes to move */
        memmove(bytes + IRW_OFFICIAL.size, name.data, name.size);
    memcpy(bytes, IRW_OFFICIAL.data, IRW_OFFICIAL.size);
    full->repository = (imgrw_str){bytes, IRW_OFFICIAL.size + name.size};
}

/* Whether the host, which is in lower case, serves Docker Hub. References with
 * these are no short ones to the reference package, and yet the same images. */
static bool
serves_hub(imgrw_str host)
{
    return irw_equal(host, IRW_STR("registry-1.docker.io")) ||
           irw_equal(host, IRW_STR("registry.hub.docker.com"));
}

void
irw_reference_canonical(const struct imgrw_reference *reference,
                        struct imgrw_reference_buffer *buffer,
                        struct imgrw_reference *canonical)
{
    struct imgrw_reference lower = *reference;
    imgrw_str host = reference->registry;

    /* Lower case comes first, because it may make a host Docker Hub. A
     * parsed reference is so short that the buffer holds its host and, after
     * that, the longest repository. */
    for (size_t i = 0; i < host.size; i++)
        buffer->bytes[i] = irw_lower(host.data[i]);
    lower.registry = (imgrw_str){buffer->bytes, host.size};
    if (irw_ends_with(lower.registry, IRW_STR(":443")))
        lower.registry.size -= 4;
    if (serves_hub(lower.registry))
        lower.registry = IRW_HUB;
    irw_reference_normalize(&lower, buffer->bytes + host.size, canonical);
}

/* Whether the name is so short that normalising it stays within a buffer. */
static bool
fits(const struct imgrw_reference *reference)
{
    size_t room = IMGRW_REFERENCE_MAX - IRW_OFFICIAL.size;

    return reference->registry.size <= room &&
           reference->repository.size <= room - reference->registry.size;
}

enum imgrw_status
imgrw_reference_normalize(const struct imgrw_reference *reference,
                          struct imgrw_reference_buffer *buffer,
                          struct imgrw_reference *full,
                          struct imgrw_error *error)
{
    if (!reference || !buffer || !full || reference->repository.size == 0)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "a reference with a repository, a buffer and a result "
                        "are needed");
    if (!fits(reference))
        return irw_fail(error, IMGRW_ERR_LIMIT, IRW_NO_LOCATION,
                        "the name is longer than any reference");
    irw_reference_normalize(reference, buffer->bytes, full);
    return IMGRW_OK;
}

void
imgrw_reference_shorten(const struct imgrw_reference *full,
                        struct imgrw_reference *shortest)
{
    struct imgrw_reference result;
    imgrw_str name;

    if (!full || !shortest)
        return;
    result = *full;
    name = full->repository;
    if (irw_equal(result.registry, IRW_HUB) && !lacks_registry(name)) {
        result.registry = (imgrw_str){0};
        if (irw_starts_with(name, IRW_OFFICIAL))
            name = irw_slice(name, IRW_OFFICIAL.size, name.size);
        /* 64 hexadecimal digits alone would be taken for an image ID. */
        if (irw_find(name, '/') == SIZE_MAX &&
            (full->tag.size + full->digest.size > 0 || !irw_is_image_id(name)))
            result.repository = name;
    }
    *shortest = result;
}

int
imgrw_reference_equal(const struct imgrw_reference *one,
                      const struct imgrw_reference *other)
{
    struct imgrw_reference_buffer buffers[2];
    struct imgrw_reference a, b;

    if (!one || !other || !fits(one) || !fits(other))
        return 0;
    irw_reference_canonical(one, &buffers[0], &a);
    irw_reference_canonical(other, &buffers[1], &b);
    return irw_reference_same(&a, &b);
}
