#include "rules/kustomize.h"
#include "base/str.h"
#include "reference/name.h"
#include "reference/print.h"

#include <stdio.h>

struct irw_kustomize_image
irw_kustomize_split(imgrw_str image)
{
    size_t slash = irw_find(image, '/');
    size_t from = slash != SIZE_MAX ? slash : 0;
    imgrw_str tail = irw_slice(image, from, image.size), rest;
    struct irw_kustomize_image parts;

    irw_cut(tail, '@', &rest, &parts.digest);
    irw_cut(rest, ':', &rest, &parts.tag);
    parts.name = irw_slice(image, 0, from + rest.size);
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
    const imgrw_str mark = IRW_STR("@" IRW_SHA256);

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
irw_kustomize_set(const struct irw_kustomize_entry *entry,
                  const struct irw_kustomize_image *old,
                  struct imgrw_reference_buffer *buffer, imgrw_str *result)
{
    struct imgrw_reference parts = {
        .repository = entry->new_name.size > 0 ? entry->new_name : old->name,
        .tag = old->tag,
        .digest = old->digest,
    };
    char tag[IMGRW_REFERENCE_MAX];

    /* A new tag alone drops the old digest, which would win over it, and a new
     * digest alone drops the old tag, which might be of another image. */
    if (entry->new_tag.size > 0 || entry->digest.size > 0) {
        parts.tag = entry->new_tag;
        parts.digest = entry->digest;
    } else if (entry->tag_suffix.size > 0) {
        parts.tag.data = tag;
        parts.tag.size = (size_t)snprintf(
            tag, sizeof(tag), "%.*s%.*s", (int)old->tag.size,
            old->tag.size > 0 ? old->tag.data : "", (int)entry->tag_suffix.size,
            entry->tag_suffix.data);
        parts.digest = (imgrw_str){0};
    }
    *result = (imgrw_str){0};
    return parts.tag.size < sizeof(tag) &&
           irw_reference_print(&parts, buffer, result);
}

bool
irw_kustomize_apply(const struct irw_kustomize_entry *entry, imgrw_str image,
                    struct imgrw_reference_buffer *buffer, imgrw_str *result)
{
    const struct irw_kustomize_image old = irw_kustomize_split(image);

    return irw_kustomize_set(entry, &old, buffer, result);
}
