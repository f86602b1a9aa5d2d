#include "kustomize/data_copies.h"
#include "base/str.h"
#include "manifest/classify.h"

/* Whether a path in kustomize's grammar says `data.KEY`. */
static bool
leads_to(imgrw_str path, imgrw_str key)
{
    irw_copy_step(&path);
    return irw_copy_step_is_key(irw_copy_step(&path), key) && path.size == 0;
}

/* Whether the copy takes the value. Names may have got prefixes before. */
static bool
takes(const struct irw_copy *copy, const struct irw_data_value *value)
{
    return (copy->from.name.size == 0 || value->map.size == 0 ||
            memmem(copy->from.name.data, copy->from.name.size,
                   value->map.data, value->map.size)) &&
           leads_to(copy->from.path, value->key);
}

static const struct irw_data_value *
value_of(const struct irw_flows *flows, const struct irw_flow *flow)
{
    return flows->origins.items[flow->origin].data;
}

void
irw_data_copies_make(const struct irw_flows *flows,
                     const struct irw_build *build, irw_flow_list *values)
{
    const irw_copy_list *copies = &build->before.copies;

    for (size_t i = 0; i < copies->count && !build->data_changes; i++) {
        const struct irw_copy *copy = &copies->items[i];

        if (!irw_copy_is_of_data(copy) || copy->to.field != IRW_COPIED_IMAGE)
            continue;
        for (size_t k = 0; k < values->count; k++) {
            struct irw_flow *flow = &values->items[k];
            const struct irw_data_value *value = value_of(flows, flow);

            if (value && takes(copy, value))
                flow->copy = copy;
        }
    }
}

/* Whether what a copy makes of a value, which is no image of a container, is
 * what it should be; `*sure` is made false where that is not known. */
static bool
is_right(const struct irw_flows *flows, const struct irw_copy *copy,
         const struct irw_flow *flow, bool *sure)
{
    const struct irw_data_value *value = value_of(flows, flow);
    imgrw_str variable = irw_copy_variable(copy->to.path), wanted = value->text;

    *sure &= !irw_copy_is_several(value->text);
    if (irw_equal(value->wanted, value->text))
        return true;
    *sure &= variable.size > 0;
    if (variable.size > 0 && (flows->find & IMGRW_FIND(IMGRW_CLASS_ENV)) &&
        irw_is_image_variable(variable, value->text))
        wanted = value->wanted;
    return irw_equal(flow->after, wanted);
}

bool
irw_data_copy_is_known(const struct irw_flows *flows,
                       const struct irw_copy *copy,
                       const irw_flow_list *values,
                       struct irw_copy_conflict *conflict)
{
    bool sure = true, known = false;

    for (size_t i = 0; i < values->count; i++) {
        const struct irw_flow *flow = &values->items[i];
        const struct irw_data_value *value = value_of(flows, flow);

        if (!value || !takes(copy, value))
            continue;
        known = true;
        if (copy->to.field == IRW_COPIED_IMAGE ||
            is_right(flows, copy, flow, &sure))
            continue;
        *conflict = (struct irw_copy_conflict){
            copy, flows->origins.items[flow->origin].file,
            flows->origins.items[flow->origin].at};
        return true;
    }
    return known && sure;
}
