#include "catalog/compile/table.h"
#include "base/str.h"
#include "catalog/pods.h"

#include <string.h>

/* The places that are printed, in the order of their numbers. No two are the
 * same: what few places say takes few pages, which a program that is started
 * has to relocate. */
struct table {
    FILE *out;
    struct irw_arena arena;
    const struct irw_place *places[20000];
    size_t count;
};

/* Stands for a place that is its own item. */
static const struct irw_place itself;

/* The name in C of a place that is written by hand, or NULL. */
static const char *
symbol_of(const struct irw_place *place)
{
    if (place == &irw_values)
        return "irw_values";
    if (place == &irw_custom_values)
        return "irw_custom_values";
    for (size_t i = 0; i < CONTENT_COUNT; i++)
        if (contents[i].place == place)
            return contents[i].symbol;
    return NULL;
}

static bool
same_companions(const struct irw_companions *one,
                const struct irw_companions *other)
{
    if (!one || !other)
        return one == other;
    for (; one->key.data && other->key.data; one++, other++)
        if (!irw_equal(one->key, other->key) ||
            !irw_equal(one->list, other->list))
            return false;
    return one->key.data == other->key.data;
}

static bool
same_steps(const struct irw_place *one, const struct irw_place *other)
{
    if (one->step_count != other->step_count)
        return false;
    for (size_t i = 0; i < one->step_count; i++)
        if (one->steps[i].to != other->steps[i].to ||
            !irw_equal(one->steps[i].key, other->steps[i].key))
            return false;
    return true;
}

/* Whether two places that lead to places of the table are the same. */
static bool
same_place(const struct irw_place *one, const struct irw_place *other)
{
    return one->shape == other->shape &&
           one->image_class == other->image_class &&
           one->item == other->item && one->other == other->other &&
           irw_equal(one->target, other->target) && same_steps(one, other) &&
           same_companions(one->companions, other->companions);
}

static const struct irw_place *take_place(struct table *table,
                                          const struct irw_place *place);

/* A copy of a place that leads to places of the table. */
static struct irw_place *
copy_place(struct table *table, const struct irw_place *place)
{
    struct irw_place *copy = irw_arena_alloc(&table->arena, sizeof(*copy));
    struct irw_step *steps = irw_arena_calloc(
        &table->arena, place->step_count + 1, sizeof(*steps));

    if (!copy || !steps)
        definitions_fail("out of memory", "table");
    for (size_t i = 0; i < place->step_count; i++)
        steps[i] = (struct irw_step){
            place->steps[i].key, take_place(table, place->steps[i].to)};
    *copy = *place;
    copy->steps = steps;
    if (place->item == place)
        copy->item = &itself;
    if (place->other)
        copy->other = take_place(table, place->other);
    return copy;
}

/* The place of the table that says what `place` does. */
static const struct irw_place *
take_place(struct table *table, const struct irw_place *place)
{
    const struct irw_place *copy;

    if (symbol_of(place))
        return place;
    copy = copy_place(table, place);
    for (size_t i = 0; i < table->count; i++)
        if (same_place(table->places[i], copy))
            return table->places[i];
    table->places[table->count++] = copy;
    return copy;
}

static void
print_place_name(const struct table *table, const struct irw_place *place)
{
    const char *symbol = place ? symbol_of(place) : "NULL";
    size_t number = 0;

    if (!place || symbol) {
        fprintf(table->out, "%s%s", place ? "&" : "", symbol);
        return;
    }
    while (table->places[number] != place)
        number++;
    fprintf(table->out, "&places[%zu]", number);
}

static void
print_steps(const struct table *table)
{
    fputs("static const struct irw_step steps[] = {\n", table->out);
    for (size_t i = 0; i < table->count; i++)
        for (size_t k = 0; k < table->places[i]->step_count; k++) {
            const struct irw_step *step = &table->places[i]->steps[k];

            fprintf(table->out, "    {{\"%.*s\", %zu}, ", IRW_PRINT(step->key),
                    step->key.size);
            print_place_name(table, step->to);
            fputs("},\n", table->out);
        }
    fputs("};\n", table->out);
}

/* Prints the companions of all places, with an empty row after those of each
 * place. */
static void
print_companions(const struct table *table)
{
    fputs("static const struct irw_companions companions[] = {\n", table->out);
    for (size_t i = 0; i < table->count; i++) {
        const struct irw_companions *row = table->places[i]->companions;

        for (; row && row->key.data; row++)
            fprintf(table->out, "    {{\"%.*s\", %zu}, {\"%s\", %zu}},\n",
                    IRW_PRINT(row->key), row->key.size, row->list.data,
                    row->list.size);
        if (row)
            fputs("    {{0}, {0}},\n", table->out);
    }
    fputs("};\n", table->out);
}

/* Prints where the place's companions begin, and moves `*next` past them. */
static void
print_companions_of(const struct table *table, const struct irw_place *place,
                    size_t *next)
{
    if (!place->companions) {
        fputs("NULL", table->out);
        return;
    }
    fprintf(table->out, "companions + %zu", *next);
    for (size_t i = 0; place->companions[i].key.data; i++)
        ++*next;
    ++*next;
}

static void
print_places(const struct table *table)
{
    size_t step = 0, companions = 0;

    fprintf(table->out, "static const struct irw_place places[%zu] = {\n",
            table->count);
    for (size_t i = 0; i < table->count; i++) {
        const struct irw_place *place = table->places[i];

        fprintf(table->out, "    {steps + %zu, %zu, ", step,
                place->step_count);
        print_place_name(table, place->item == &itself ? place : place->item);
        fputs(", ", table->out);
        print_place_name(table, place->other);
        fprintf(table->out, ", %u, %u, ", (unsigned)place->shape,
                (unsigned)place->image_class);
        print_companions_of(table, place, &companions);
        fprintf(table->out, ", false, {\"%.*s\", %zu}, NULL},\n",
                IRW_PRINT(place->target), place->target.size);
        step += place->step_count;
    }
    fputs("};\n", table->out);
}

static void
print_kinds(struct table *table, const struct definitions *definitions)
{
    fputs("const struct irw_kind irw_kinds[] = {\n", table->out);
    for (size_t i = 0; i < definitions->entry_count; i++) {
        const struct entry *entry = &definitions->entries[i];
        const struct line *line = entry->line;

        fputs("    {{\"", table->out);
        for (const char *c = line->kind; *c; c++)
            fputc(irw_lower(*c), table->out);
        fprintf(table->out, "\", %zu}, {\"%s\", %zu}, ", strlen(line->kind),
                line->group, strlen(line->group));
        print_place_name(table, take_place(table, entry->block->place));
        fprintf(table->out, ", %d},\n", entry->block->is_builtin);
    }
    fprintf(table->out, "};\nconst size_t irw_kind_count = %zu;\n",
            definitions->entry_count);
}

void
table_print(const struct definitions *definitions, FILE *out)
{
    static struct table table;

    table.out = out;
    for (size_t i = 0; i < definitions->block_count; i++)
        take_place(&table, definitions->blocks[i].place);
    fprintf(out,
            "/* Made by compile-catalog from the .def files. */\n"
            "#include \"catalog/catalog.h\"\n"
            "#include \"catalog/pods.h\"\n\n"
            "static const struct irw_place places[%zu];\n",
            table.count);
    print_steps(&table);
    print_companions(&table);
    print_places(&table);
    print_kinds(&table, definitions);
    irw_arena_clear(&table.arena);
}
