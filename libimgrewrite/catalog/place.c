#include "catalog/place.h"
#include "base/str.h"

#include <assert.h>

const struct irw_place *
irw_place_step(const struct irw_place *place, imgrw_str key)
{
    for (size_t i = 0; i < place->step_count; i++)
        if (irw_equal(place->steps[i].key, key))
            return place->steps[i].to;
    return place->other;
}

void
irw_places_add(struct irw_places *places, const struct irw_place *place)
{
    if (!place)
        return;
    for (unsigned i = 0; i < places->count; i++)
        if (places->at[i] == place)
            return;
    assert(places->count < IRW_PLACES_MAX);
    places->at[places->count++] = place;
}

void
irw_places_step(const struct irw_places *from, imgrw_str key,
                struct irw_places *to)
{
    to->count = 0;
    for (unsigned i = 0; i < from->count; i++)
        irw_places_add(to, irw_place_step(from->at[i], key));
}

void
irw_places_item(const struct irw_places *from, struct irw_places *to)
{
    to->count = 0;
    for (unsigned i = 0; i < from->count; i++)
        irw_places_add(to, from->at[i]->item);
}
