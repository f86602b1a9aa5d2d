#include "config/config.h"

#define DEPTH 64 /* of a rules file */

enum imgrw_status
irw_config_documents(struct irw_config *config, size_t start, size_t end,
                     irw_config_fn *read)
{
    struct irw_reader *reader = config->reader;
    struct irw_tree *tree = &reader->tree;
    enum imgrw_status status = irw_source_explain(
        &reader->source,
        irw_tree_read(&irw_libyaml,
                      (struct irw_extract){reader->source.text, start, end},
                      DEPTH, reader->arena, tree, reader->error),
        reader->error);

    for (size_t i = 0; i < tree->document_count && status == IMGRW_OK; i++) {
        uint32_t root = tree->documents[i].root;

        imgrw_rules_begin_map(config->rules);
        if (tree->nodes[root].style == IRW_STYLE_PLAIN &&
            irw_tree_value(tree, root).size == 0)
            continue; /* nothing is in it */
        status = read(config, root);
        config->documents++;
    }
    irw_tree_clear(tree);
    return status;
}

enum imgrw_status
irw_config_place(struct irw_config *config, uint32_t node,
                 enum imgrw_status status)
{
    struct imgrw_rules *rules = config->rules;
    struct imgrw_error *error = config->reader->error;
    struct imgrw_location at = irw_reader_locate(config->reader, node);

    while (config->placed < rules->list.count)
        rules->list.items[config->placed++]->at = at;
    if (status != IMGRW_OK && status != IMGRW_ERR_MEMORY && error)
        error->at = at;
    return status;
}

enum imgrw_status
irw_config_list(struct irw_config *config, uint32_t node, const char *what,
                irw_config_fn *read)
{
    const struct irw_tree *tree = &config->reader->tree;
    struct irw_items items;
    uint32_t item, index;
    enum imgrw_status status = IMGRW_OK;

    if (node == IRW_NO_NODE || irw_reader_is_null(config->reader, node))
        return IMGRW_OK;
    if (tree->nodes[node].type != IRW_NODE_SEQUENCE)
        return irw_reader_fail(config->reader, node, "%s has to be a list",
                               what);
    items = irw_items(tree, node);
    while (status == IMGRW_OK && irw_items_next(&items, &item, &index))
        status = read(config, irw_tree_follow(tree, item));
    return status;
}

enum imgrw_status
irw_config_member_list(struct irw_config *config, uint32_t mapping,
                       const char *key, irw_config_fn *read)
{
    struct irw_member list[] = {IRW_ANY(key)};
    struct irw_members members = IRW_MEMBERS("", list);
    enum imgrw_status status;

    members.open = true;
    status = irw_reader_members(config->reader, mapping, &members);
    return status == IMGRW_OK
               ? irw_config_list(config, list->value, key, read)
               : status;
}
