#include "kustomize/generators.h"
#include "base/str.h"

/* A generator that is being read. */
struct generator {
    struct irw_generator_reading *reading;
    uint32_t node;
    struct irw_data_source source; /* what is the same for all of its data */
};

static uint32_t
find(const struct generator *generator, const char *key)
{
    return irw_kustomize_find(generator->reading->text, generator->node, key);
}

/* Takes off the quotes that kustomize takes off a literal's value. */
static imgrw_str
without_quotes(imgrw_str text)
{
    char first = text.size > 1 ? text.data[0] : '\0';

    return (first == '"' || first == '\'') && text.data[text.size - 1] == first
               ? irw_slice(text, 1, text.size - 1)
               : text;
}

/* Takes an entry; false when memory is out. */
static bool
take_entry(const struct generator *generator, uint32_t node,
           enum irw_data_form form)
{
    const struct irw_generator_reading *reading = generator->reading;
    struct irw_data_source source = generator->source;
    imgrw_str text = irw_tree_text(&reading->text->tree, node);
    bool has_key = form != IRW_DATA_LINES &&
                   irw_cut(text, '=', &source.key, &source.text);

    if (text.size == 0)
        return true;
    if (!has_key)
        source.text = text;
    if (form == IRW_DATA_FILE && !has_key)
        source.key = irw_path_name(text);
    if (form == IRW_DATA_LITERAL)
        source.text = without_quotes(source.text);
    source.form = form;
    source.at = irw_kustomize_locate(reading->text, node);
    return IRW_APPEND(reading->data, source);
}

/* Takes the entries of a list, or the one that is there without a list. */
static bool
take_entries(const struct generator *generator, const char *key,
             enum irw_data_form form)
{
    const struct irw_tree *tree = &generator->reading->text->tree;
    uint32_t list = find(generator, key), item, index;
    struct irw_items items;

    if (list == IRW_NO_NODE)
        return true;
    if (irw_is_scalar(tree, list))
        return take_entry(generator, list, form);
    items = irw_items(tree, list);
    while (irw_items_next(&items, &item, &index))
        if (irw_is_scalar(tree, item) && !take_entry(generator, item, form))
            return false;
    return true;
}

static bool
take_generator(struct generator *generator)
{
    generator->source.name = irw_kustomize_find_text(
        generator->reading->text, generator->node, "name");
    return take_entries(generator, "files", IRW_DATA_FILE) &&
           take_entries(generator, "envs", IRW_DATA_LINES) &&
           take_entries(generator, "env", IRW_DATA_LINES) &&
           take_entries(generator, "literals", IRW_DATA_LITERAL);
}

bool
irw_generator_read(struct irw_generator_reading *reading, uint32_t node,
                   bool is_secret)
{
    struct generator one = {
        reading,
        irw_tree_follow(&reading->text->tree, node),
        {.is_secret = is_secret},
    };

    return take_generator(&one);
}

bool
irw_generators_read(struct irw_generator_reading *reading, uint32_t root)
{
    static const char *const lists[] = {"configMapGenerator",
                                        "secretGenerator"};

    for (int i = 0; i < 2; i++) {
        uint32_t list = irw_kustomize_find(reading->text, root, lists[i]);
        struct irw_items items;
        uint32_t item, index;

        if (list == IRW_NO_NODE)
            continue;
        items = irw_items(&reading->text->tree, list);
        while (irw_items_next(&items, &item, &index))
            if (!irw_generator_read(reading, item, i == 1))
                return false;
    }
    return true;
}
