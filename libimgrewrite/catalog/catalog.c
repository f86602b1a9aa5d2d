#include "catalog/catalog.h"
#include "base/error.h"
#include "base/list.h"
#include "base/str.h"
#include "catalog/place_builder.h"
#include "catalog/pods.h"

/* The group under which the table has files that are no resources. */
#define FILES IRW_STR("(file)")

/* The fields of the same kinds, which become one place. An empty string selects
 * anything. */
struct irw_selector {
    imgrw_str group, version, kind;
    struct irw_place_builder builder;
    const struct irw_place *place;
};

/* Orders `kind`, whose case does not matter, and `group` before the row (< 0),
 * at it (0) or after it. */
static int
compare_kind(imgrw_str group, imgrw_str kind, const struct irw_kind *row)
{
    size_t size = kind.size < row->kind.size ? kind.size : row->kind.size;
    int order = 0;

    for (size_t i = 0; i < size && order == 0; i++)
        order = (unsigned char)irw_lower(kind.data[i]) -
                (unsigned char)row->kind.data[i];
    if (order == 0)
        order = (kind.size > row->kind.size) - (kind.size < row->kind.size);
    return order != 0 ? order : irw_compare(group, row->group);
}

const struct irw_kind *
irw_kind_find(imgrw_str group, imgrw_str kind)
{
    size_t low = 0, high = irw_kind_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_kind(group, kind, &irw_kinds[middle]);

        if (order == 0)
            return &irw_kinds[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct irw_place *
irw_catalog_file(imgrw_str kind)
{
    const struct irw_kind *row = irw_kind_find(FILES, kind);

    return row ? row->place : NULL;
}

/* A part of a selector; NULL, "" and "*" select anything. */
static imgrw_str
selector_part(const char *text)
{
    imgrw_str part = irw_str(text);

    return irw_equal(part, IRW_STR("*")) ? (imgrw_str){0} : part;
}

/* The selector of the same kinds, or a new one, for which there is room. */
static struct irw_selector *
find_selector(struct irw_fields *fields, const struct imgrw_fieldspec *spec)
{
    struct irw_selector wanted = {
        .group = selector_part(spec->group),
        .version = selector_part(spec->version),
        .kind = selector_part(spec->kind),
    };

    for (size_t i = 0; i < fields->count; i++) {
        struct irw_selector *selector = &fields->selectors[i];

        if (irw_equal(selector->group, wanted.group) &&
            irw_equal(selector->version, wanted.version) &&
            irw_equal(selector->kind, wanted.kind))
            return selector;
    }
    fields->selectors[fields->count] = wanted;
    return &fields->selectors[fields->count++];
}

/* Adds the field numbered `number` to its selector. */
static enum imgrw_status
read_field(const struct imgrw_fieldspec *specs, size_t number,
           struct irw_arena *arena, struct irw_fields *fields,
           struct imgrw_error *error)
{
    const struct imgrw_fieldspec *spec = &specs[number];
    struct irw_asked_field *asked = irw_arena_alloc(arena, sizeof(*asked));
    struct irw_path_steps steps;
    enum imgrw_status status;

    if (!asked)
        return irw_fail_memory(error);
    *asked = (struct irw_asked_field){.number = number};
    status = irw_path_parse(irw_str(spec->path), arena, &steps, error);
    if (status != IMGRW_OK)
        return status;
    return irw_place_builder_add(&find_selector(fields, spec)->builder, &steps,
                                 true,
                                 (struct irw_place_end){
                                     .shape = IRW_SHAPE_FIELD,
                                     .image_class = IMGRW_CLASS_CRD,
                                     .asked = asked,
                                 },
                                 arena, error);
}

enum imgrw_status
irw_fields_read(const struct imgrw_fieldspec *specs, size_t count,
                struct irw_arena *arena, struct irw_fields *fields,
                struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    fields->selectors =
        irw_arena_calloc(arena, count, sizeof(*fields->selectors));
    if (!fields->selectors)
        return irw_fail_memory(error);
    for (size_t i = 0; i < count && status == IMGRW_OK; i++)
        status = read_field(specs, i, arena, fields, error);
    for (size_t i = 0; i < fields->count && status == IMGRW_OK; i++) {
        struct irw_selector *selector = &fields->selectors[i];

        selector->place = irw_place_builder_finish(&selector->builder, arena);
        if (!selector->place)
            status = irw_fail_memory(error);
    }
    return status;
}

static bool
selects(imgrw_str wanted, imgrw_str part)
{
    return wanted.size == 0 || irw_equal(wanted, part);
}

/* Whether resources of the kind only describe others, so that what looks like a
 * pod spec in them is not one: a CRD's schema has properties named
 * `containers`, and the parameters of Gatekeeper's policies list what pods may
 * have. */
static bool
only_describes(imgrw_str group, imgrw_str kind)
{
    return irw_equal(kind, IRW_STR("CustomResourceDefinition")) ||
           irw_equal(group, IRW_STR("constraints.gatekeeper.sh")) ||
           irw_equal(group, IRW_STR("templates.gatekeeper.sh"));
}

struct irw_places
irw_catalog_kindless(const struct irw_fields *fields)
{
    struct irw_places places = {.count = 0};

    for (size_t i = 0; i < fields->count; i++) {
        const struct irw_selector *selector = &fields->selectors[i];

        if (selector->group.size == 0 && selector->version.size == 0 &&
            selector->kind.size == 0)
            irw_places_add(&places, selector->place);
    }
    return places;
}

struct irw_places
irw_catalog_places(const struct irw_fields *fields, imgrw_str api_version,
                   imgrw_str kind)
{
    size_t slash = irw_find(api_version, '/');
    bool grouped = slash != SIZE_MAX;
    imgrw_str group =
        grouped ? irw_slice(api_version, 0, slash) : (imgrw_str){0};
    imgrw_str version =
        grouped ? irw_slice(api_version, slash + 1, api_version.size)
                : api_version;
    const struct irw_kind *row = irw_kind_find(group, kind);
    struct irw_places places = {.count = 0};

    for (size_t i = 0; i < fields->count; i++) {
        const struct irw_selector *selector = &fields->selectors[i];

        if (selects(selector->group, group) &&
            selects(selector->version, version) &&
            selects(selector->kind, kind))
            irw_places_add(&places, selector->place);
    }
    /* The API's own kinds have pod specs only where the table says; in any
     * other kind, known or not, a list of containers makes one. */
    if (!only_describes(group, kind))
        irw_places_add(&places, row && row->is_builtin ? &irw_any_resource
                                                       : &irw_anywhere);
    if (row)
        irw_places_add(&places, row->place);
    return places;
}

/* Whether a part of a selector and one of a target may be the same. */
static bool
agrees(imgrw_str wanted, imgrw_str part)
{
    return part.size == 0 || selects(wanted, part);
}

/* The number of the first row of the kind, or of a later one. */
static size_t
first_of_kind(imgrw_str kind)
{
    size_t row, count = irw_kind_count;

    IRW_LOWER_BOUND(row, count,
                    compare_kind((imgrw_str){0}, kind, &irw_kinds[row]) > 0);
    return row;
}

void
irw_catalog_each_place(const struct irw_fields *fields,
                       const struct irw_patch_target *target,
                       irw_place_fn *take, void *user)
{
    bool known = false, builtin = true;

    for (size_t i = 0; i < fields->count; i++) {
        const struct irw_selector *selector = &fields->selectors[i];

        if (agrees(selector->group, target->group) &&
            agrees(selector->version, target->version) &&
            agrees(selector->kind, target->kind))
            take(selector->place, user);
    }
    for (size_t i = first_of_kind(target->kind); i < irw_kind_count; i++) {
        const struct irw_kind *row = &irw_kinds[i];

        if (compare_kind(row->group, target->kind, row) != 0)
            break;
        if (target->group.size > 0 && !irw_equal(row->group, target->group))
            continue;
        known = true;
        builtin &= row->is_builtin;
        take(row->place, user);
    }
    if (!only_describes(target->group, target->kind))
        take(known && builtin ? &irw_any_resource : &irw_anywhere, user);
}
