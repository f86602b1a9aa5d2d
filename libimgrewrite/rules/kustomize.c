#include "rules/kustomize.h"
#include "base/str.h"

#include <imgrewrite/reference.h>

#include <stdio.h>

struct irw_kustomize_image
irw_kustomize_split(imgrw_str image)
{
    size_t slash = irw_find(image, '/');
    size_t from = slash != SIZE_MAX && slash > 0 ? slash : 0;
    imgrw_str tail = irw_slice(image, from, image.size);
    size_t at = irw_find(tail, '@'), colon = irw_find(tail, ':');
    size_t end = at < colon ? at : colon;
    struct irw_kustomize_image parts = {.name = image};

    if (at != SIZE_MAX)
        parts.digest = irw_slice(tail, at + 1, tail.size);
    if (colon < at)
        parts.tag = irw_slice(tail, colon + 1,
                              at == SIZE_MAX ? tail.size : at);
    if (end != SIZE_MAX)
        parts.name = irw_slice(image, 0, from + end);
    return parts;
}

/* How many bytes from the start of `text` a tag or a digest may hold. */
static size_t
span_of_tag(imgrw_str text)
{
    size_t i = 0;

    while (i < text.size &&
           (irw_is_alnum(text.data[i]) || strchr("_.{}-", text.data[i])))
        i++;
    return i;
}

bool
irw_kustomize_is_tail(imgrw_str rest)
{
    static const imgrw_str mark = {"@sha256:", 8};

    if (rest.size > 0 && rest.data[0] == ':') {
        rest = irw_slice(rest, 1, rest.size);
        rest = irw_slice(rest, span_of_tag(rest), rest.size);
    }
    if (irw_starts_with(rest, mark)) {
        rest = irw_slice(rest, mark.size, rest.size);
        rest = irw_slice(rest, span_of_tag(rest), rest.size);
    }
    return rest.size == 0;
}

bool
irw_kustomize_match(imgrw_str name, imgrw_str image)
{
    if (image.size < name.size)
        return false;
    for (size_t i = 0; i < name.size; i++)
        if (name.data[i] != image.data[i] && name.data[i] != '.')
            return false;
    return irw_kustomize_is_tail(irw_slice(image, name.size, image.size));
}

bool
irw_kustomize_apply(const struct irw_kustomize_entry *entry, imgrw_str image,
                    char *buffer, imgrw_str *result)
{
    struct irw_kustomize_image parts = irw_kustomize_split(image);
    imgrw_str suffix = {0};
    int size;

    if (entry->new_name.size > 0)
        parts.name = entry->new_name;
    /* A new tag alone drops the old digest, which would win over it, and a new
     * digest alone drops the old tag, which might be of another image. */
    if (entry->new_tag.size > 0 || entry->digest.size > 0) {
        parts.tag = entry->new_tag;
        parts.digest = entry->digest;
    } else if (entry->tag_suffix.size > 0) {
        suffix = entry->tag_suffix;
        parts.digest = (imgrw_str){0};
    }
    size = snprintf(buffer, IMGRW_REFERENCE_MAX, "%.*s%s%.*s%.*s%s%.*s",
                    (int)parts.name.size, parts.name.data,
                    parts.tag.size + suffix.size > 0 ? ":" : "",
                    (int)parts.tag.size, parts.tag.size ? parts.tag.data : "",
                    (int)suffix.size, suffix.size > 0 ? suffix.data : "",
                    parts.digest.size > 0 ? "@" : "", (int)parts.digest.size,
                    parts.digest.size > 0 ? parts.digest.data : "");
    *result = (imgrw_str){buffer, size < IMGRW_REFERENCE_MAX
                                      ? (size_t)size
                                      : IMGRW_REFERENCE_MAX - 1};
    return size < IMGRW_REFERENCE_MAX;
}
