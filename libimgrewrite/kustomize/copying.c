#include "kustomize/copying.h"
#include "base/str.h"
#include "kustomize/data_copies.h"

/* Whether one end of a copy may be the resource that has the image. Prefixes
 * and suffixes of names may have been added before. */
static bool
may_select(const struct irw_copy_end *end,
           const struct irw_image_origin *origin)
{
    const struct imgrw_image *image = origin->site ? &origin->site->image
                                                   : NULL;

    if (!image || image->kind.size == 0)
        return true;
    if (end->kind.size > 0 && !irw_equal(end->kind, image->kind))
        return false;
    return end->name.size == 0 || image->name.size == 0 ||
           memmem(end->name.data, end->name.size, image->name.data,
                  image->name.size);
}

/* The end of an image from its first tag or digest on: what most copies of a
 * part are about. */
static imgrw_str
tag_of(imgrw_str image)
{
    const char *slash = memrchr(image.data, '/', image.size);
    imgrw_str last =
        irw_slice(image, slash ? (size_t)(slash - image.data) : 0, image.size);
    size_t at = irw_find(last, ':');

    return at == SIZE_MAX ? (imgrw_str){0} : irw_slice(last, at, last.size);
}

static size_t
count_of(imgrw_str text, char character)
{
    size_t count = 0;

    for (size_t i = 0; i < text.size; i++)
        count += text.data[i] == character;
    return count;
}

/* Whether the part that is copied of the image stays the same: of the two
 * between colons the tag, where no host has a port. */
static bool
is_same_part(const struct irw_copy_end *from, const struct irw_flow *flow)
{
    return irw_equal(from->delimiter, IRW_STR(":")) && !from->first_part &&
           count_of(flow->before, ':') == count_of(flow->after, ':') &&
           irw_equal(tag_of(flow->before), tag_of(flow->after));
}

/* Whether the copy concerns the image, which changes. */
static bool
concerns(const struct irw_copy *copy, const struct irw_image_origin *origin,
         const struct irw_flow *flow)
{
    if (copy->from.field == IRW_COPIED_IMAGE &&
        may_select(&copy->from, origin) && !is_same_part(&copy->from, flow))
        return true;
    return copy->to.field == IRW_COPIED_IMAGE && may_select(&copy->to, origin);
}

/* Whether both ends are whole images, so that the copy moves as what it is a
 * copy of; or no image at all. */
static bool
is_harmless(const struct irw_copy *copy)
{
    if (copy->from.field == IRW_COPIED_IMAGE)
        return copy->from.exact && copy->to.exact;
    return copy->to.field != IRW_COPIED_IMAGE &&
           !(copy->to.field == IRW_COPIED_TEXT &&
             copy->from.field == IRW_COPIED_ANY);
}

void
irw_copies_judge(const struct irw_flows *flows, struct irw_build *build,
                 const irw_flow_list *images,
                 struct irw_copy_conflict *conflict)
{
    const irw_copy_list *copies = &build->before.copies;

    *conflict = (struct irw_copy_conflict){0};
    for (size_t i = 0; i < copies->count; i++) {
        const struct irw_copy *copy = &copies->items[i];

        if (is_harmless(copy))
            continue;
        if (irw_copy_is_of_data(copy) &&
            irw_data_copy_is_known(flows, copy, images, conflict)) {
            if (conflict->copy)
                return;
            continue;
        }
        for (size_t k = 0; k < images->count; k++) {
            const struct irw_flow *flow = &images->items[k];

            if (irw_equal(flow->before, flow->after) ||
                !concerns(copy, &flows->origins.items[flow->origin], flow))
                continue;
            *conflict = (struct irw_copy_conflict){copy, flow};
            return;
        }
        if ((copy->from.field == IRW_COPIED_ANY || irw_copy_is_of_data(copy)) &&
            build->before.writer.line == 0)
            build->before.writer = copy->at;
    }
}
