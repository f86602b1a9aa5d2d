#include "overlay/distinct.h"
#include "base/str.h"

#include <imgrewrite/reference.h>

#include <stdlib.h>

/* The parts of an image; empty for what is not a reference. */
static struct irw_kustomize_image
split(imgrw_str image)
{
    struct imgrw_reference parsed;

    if (imgrw_reference_parse(image, &parsed, NULL) != IMGRW_OK)
        return (struct irw_kustomize_image){0};
    return irw_kustomize_split(image);
}

bool
irw_distinct_add(struct irw_distinct_changes *changes, imgrw_str before,
                 imgrw_str after, size_t *number)
{
    size_t first = irw_map_get(&changes->by_text, before) - 1;

    for (size_t i = first; i != IRW_NONE; i = changes->list.items[i].same_text)
        if (irw_equal(changes->list.items[i].after, after)) {
            *number = i;
            return true;
        }
    *number = changes->list.count;
    if (!IRW_APPEND(&changes->list,
                    (struct irw_distinct_change){
                        .before = before,
                        .after = after,
                        .from = split(before),
                        .to = split(after),
                        .same_text = first,
                        .same_name = IRW_NONE,
                        .same_entry = IRW_NONE,
                        .entry = IRW_NONE,
                        .ambiguous = first != IRW_NONE,
                    }))
        return false;
    if (first != IRW_NONE)
        changes->list.items[first].ambiguous = true;
    return irw_map_set(&changes->by_text, before, *number + 1);
}

bool
irw_distinct_chain(struct irw_distinct_changes *changes)
{
    for (size_t i = changes->list.count; i-- > 0;) {
        struct irw_distinct_change *change = &changes->list.items[i];

        if (change->from.name.size == 0)
            continue;
        change->same_name =
            irw_map_get(&changes->by_name, change->from.name) - 1;
        if (!irw_map_set(&changes->by_name, change->from.name, i + 1))
            return false;
    }
    return true;
}

bool
irw_distinct_is_first(const struct irw_distinct_changes *changes, size_t number)
{
    imgrw_str name = changes->list.items[number].from.name;

    return name.size > 0 && irw_map_get(&changes->by_name, name) == number + 1;
}

void
irw_distinct_clear(struct irw_distinct_changes *changes)
{
    free(changes->list.items);
    irw_map_clear(&changes->by_text);
    irw_map_clear(&changes->by_name);
}
