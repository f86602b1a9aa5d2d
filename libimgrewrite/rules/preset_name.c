#include "rules/preset_name.h"
#include "base/error.h"
#include "base/str.h"
#include "reference/name.h"
#include "reference/print.h"
#include "rules/template.h"

#include <assert.h>
#include <stdio.h>

/* The prefixes that Amazon ECR suggests for its pull through caches. */
static const struct {
    imgrw_str registry, alias;
} aliases[] = {
    {IMGRW_STR_INIT("docker.io"), IMGRW_STR_INIT("docker-hub")},
    {IMGRW_STR_INIT("ghcr.io"), IMGRW_STR_INIT("github")},
    {IMGRW_STR_INIT("public.ecr.aws"), IMGRW_STR_INIT("ecr-public")},
    {IMGRW_STR_INIT("quay.io"), IMGRW_STR_INIT("quay")},
    {IMGRW_STR_INIT("registry.gitlab.com"), IMGRW_STR_INIT("gitlab")},
    {IMGRW_STR_INIT("registry.k8s.io"), IMGRW_STR_INIT("kubernetes")},
};

static imgrw_str
find_alias(imgrw_str registry)
{
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
        if (irw_equal(aliases[i].registry, registry))
            return aliases[i].alias;
    return (imgrw_str){0};
}

bool
irw_preset_match(const struct irw_preset *preset,
                 const struct irw_preset_image *image)
{
    switch (preset->layout->scope) {
    case IRW_SCOPE_UPSTREAM:
        return irw_pattern_match(&preset->upstream.under, &image->canonical,
                                 NULL);
    case IRW_SCOPE_HOSTLESS:
        return image->reference.registry.size == 0;
    case IRW_SCOPE_ALIAS:
        return find_alias(image->canonical.registry).size > 0;
    default:
        return true;
    }
}

bool
irw_preset_keeps(const struct irw_preset *preset,
                 const struct imgrw_reference *canonical)
{
    for (size_t i = 0; i < IRW_KEEPS_MAX && preset->keeps[i].text.size > 0; i++)
        if (irw_pattern_match(&preset->keeps[i].under, canonical, NULL))
            return true;
    return irw_pattern_match(&preset->location.under, canonical, NULL);
}

/* Leaves out the first `count` components of a path; empty where there are no
 * more. */
static imgrw_str
skip_components(imgrw_str path, unsigned count)
{
    while (count-- > 0) {
        size_t slash = irw_find(path, '/');

        path = slash == SIZE_MAX ? (imgrw_str){0}
                                 : irw_slice(path, slash + 1, path.size);
    }
    return path;
}

/* The text from byte `offset` of the full path on. A `library/` that is only
 * implied has no bytes, and what begins there is the same image without it. */
static imgrw_str
text_from(const struct irw_preset_image *image, size_t offset)
{
    imgrw_str path = image->reference.repository;
    size_t implied = image->canonical.repository.size - path.size;
    size_t start = (size_t)(path.data - image->text.data);

    if (offset > implied)
        start += offset - implied;
    return irw_slice(image->text, start, image->text.size);
}

imgrw_str
irw_preset_unwrap(const struct irw_preset *preset,
                  const struct irw_preset_image *image)
{
    const imgrw_str path = image->canonical.repository;
    struct irw_match match;

    for (size_t i = 0; i < IRW_UNWRAPS_MAX; i++) {
        imgrw_str rest;

        if (preset->unwraps[i].text.size == 0 ||
            !irw_pattern_match(&preset->unwraps[i].under, &image->canonical,
                               &match))
            continue;
        rest = skip_components(irw_match_rest(&match, path),
                               preset->layout->unwraps[i].skip);
        if (rest.size > 0)
            return text_from(image, path.size - rest.size);
    }
    return (imgrw_str){0};
}

/* An image whose name is being built. */
struct name_writer {
    const struct irw_preset *preset;
    const struct irw_preset_image *image;
    char buffer[IMGRW_REFERENCE_MAX]; /* for the registry */
    bool has_port; /* of the registry, which no path can hold */
};

/* A registry as a component of a path: in lower case, and without a colon. */
static bool
write_registry(struct name_writer *writer, imgrw_str registry,
               imgrw_str *written)
{
    const imgrw_str port = writer->preset->port;

    *written = (imgrw_str){writer->buffer, 0};
    for (size_t i = 0; i < registry.size; i++) {
        char c = irw_lower(registry.data[i]);
        imgrw_str part = c == ':' ? port : (imgrw_str){&c, 1};

        writer->has_port |= part.size == 0;
        if (part.size == 0 ||
            written->size + part.size >= sizeof(writer->buffer))
            return false;
        memcpy(writer->buffer + written->size, part.data, part.size);
        written->size += part.size;
    }
    return true;
}

/* The path of the full name, without the namespace that a layout leaves out. */
static imgrw_str
path_of(const struct name_writer *writer)
{
    imgrw_str path = writer->image->canonical.repository;
    struct irw_match match;

    if (!writer->preset->layout->drops_namespace ||
        !irw_pattern_match(&writer->preset->upstream.under,
                           &writer->image->canonical, &match) ||
        match.path == 0 || match.path == path.size)
        return path;
    return irw_slice(path, match.path + 1, path.size);
}

/* The value of a name in the template of the rest; an irw_template_fn. */
static bool
look_up(imgrw_str name, imgrw_str *value, void *user)
{
    struct name_writer *writer = user;
    const struct imgrw_reference *reference = &writer->image->reference;
    const struct imgrw_reference *canonical = &writer->image->canonical;
    imgrw_str path = path_of(writer);
    size_t slash = path.size;

    *value = path;
    /* "own_" is as the image is written; the others are of the full name */
    if (irw_equal(name, IRW_STR("own_registry")))
        return write_registry(writer, reference->registry, value);
    if (irw_equal(name, IRW_STR("own_path")))
        *value = reference->repository;
    if (irw_equal(name, IRW_STR("registry")))
        return write_registry(writer, canonical->registry, value);
    if (irw_equal(name, IRW_STR("alias")))
        *value = find_alias(canonical->registry);
    if (irw_equal(name, IRW_STR("short")))
        *value = irw_reference_short_path(canonical);
    if (irw_equal(name, IRW_STR("last"))) {
        while (slash > 0 && path.data[slash - 1] != '/')
            slash--;
        *value = irw_slice(path, slash, path.size);
    }
    return true;
}

/* The template of the name. */
static const char *
rest_of(const struct name_writer *writer)
{
    const struct irw_layout *layout = writer->preset->layout;
    imgrw_str path = writer->image->reference.repository;

    return layout->lone_rest && irw_find(path, '/') == SIZE_MAX
               ? layout->lone_rest
               : layout->rest;
}

/* CRC-32 as in IEEE 802.3, a bit at a time. */
static uint32_t
add_crc(uint32_t crc, imgrw_str text)
{
    for (size_t i = 0; i < text.size; i++) {
        crc ^= (unsigned char)text.data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return crc;
}

/* Sets tag and digest as Zarf has them: the tag with a checksum of the full
 * name, written into `buffer`, or the digest without a tag. False: no room. */
static bool
set_checksum(const struct imgrw_reference *reference,
             struct imgrw_reference *parts, char *buffer, size_t size)
{
    imgrw_str tag = reference->tag.size > 0 ? reference->tag
                                            : IRW_STR("latest");
    struct imgrw_reference_buffer name;
    struct imgrw_reference full;
    uint32_t crc;

    parts->tag = (imgrw_str){0};
    if (reference->digest.size > 0)
        return true;
    /* Zarf has its full name from the reference package */
    irw_reference_normalize(reference, name.bytes, &full);
    crc = add_crc(0xFFFFFFFFu, full.registry);
    crc = add_crc(add_crc(crc, IRW_STR("/")), full.repository) ^ 0xFFFFFFFFu;
    parts->tag.data = buffer;
    parts->tag.size = (size_t)snprintf(buffer, size, "%.*s-zarf-%lu",
                                       (int)tag.size, tag.data,
                                       (unsigned long)crc);
    return parts->tag.size < size;
}

static enum imgrw_status
fail_build(const struct name_writer *writer, const char *why,
           struct imgrw_error *error)
{
    return irw_fail(error, IMGRW_ERR_RULE, IRW_NO_LOCATION, "preset %s: %s",
                    writer->preset->layout->preset.name, why);
}

enum imgrw_status
irw_preset_build(const struct irw_preset *preset,
                 const struct irw_preset_image *image,
                 struct imgrw_reference_buffer *buffer, imgrw_str *result,
                 struct imgrw_error *error)
{
    struct name_writer writer = {.preset = preset, .image = image};
    bool moved = preset->move.text.size > 0 &&
                 irw_pattern_match(&preset->moved.under, &image->canonical,
                                   NULL);
    struct imgrw_reference parts = {
        .registry = moved ? preset->move.text : preset->location.text,
        .tag = image->reference.tag,
        .digest = image->reference.digest,
    };
    char name[IMGRW_REFERENCE_MAX], tag[IMGRW_REFERENCE_MAX];

    if (!irw_template_write(moved ? "{path}" : rest_of(&writer), look_up,
                            &writer, name, sizeof(name), &parts.repository))
        return fail_build(&writer,
                          writer.has_port
                              ? "a registry with a port cannot be part of a "
                                "path; port=- writes - for the colon"
                              : "the name is longer than any reference",
                          error);
    assert(parts.repository.size > 0);
    if ((preset->layout->adds_checksum &&
         !set_checksum(&image->reference, &parts, tag, sizeof(tag))) ||
        !irw_reference_print(&parts, buffer, result))
        return fail_build(&writer, "the name is longer than any reference",
                          error);
    return IMGRW_OK;
}
