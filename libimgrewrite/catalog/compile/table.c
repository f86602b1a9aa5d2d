#include "catalog/compile/table.h"
#include "base/str.h"
#include "catalog/pods.h"

#include <string.h>

/* The places that are printed, in the order of their numbers. */
struct table {
    FILE *out;
    const struct irw_place *places[20000];
    size_t count;
};

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

/* Numbers a place and everything that it leads to. */
static void
number_place(struct table *table, const struct irw_place *place)
{
    if (symbol_of(place))
        return;
    table->places[table->count++] = place;
    for (size_t i = 0; i < place->step_count; i++)
        number_place(table, place->steps[i].to);
    if (place->other)
        number_place(table, place->other);
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
        print_place_name(table, place->item);
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
print_kinds(const struct table *table, const struct definitions *definitions)
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
        print_place_name(table, entry->block->place);
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
        number_place(&table, definitions->blocks[i].place);
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
}
