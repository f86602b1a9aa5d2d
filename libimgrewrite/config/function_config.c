#include "config/function_config.h"
#include "config/rules_file.h"

static imgrw_str
value_of(const struct irw_reader *reader, uint32_t root, const char *key)
{
    uint32_t value = irw_reader_find(reader, root, key);

    return value == IRW_NO_NODE ? (imgrw_str){0}
                                : irw_tree_value(&reader->tree, value);
}

static enum imgrw_status
fail_kind(struct irw_reader *reader, uint32_t node, imgrw_str version,
          imgrw_str kind)
{
    return irw_reader_fail(
        reader, node,
        "functionConfig%s%.*s%s%.*s holds no rules: expected kind RewriteRules "
        "(apiVersion imgrewrite/v1), ConfigMap (v1), SetImage "
        "(fn.kpt.dev/v1alpha1), ImageTagTransformer (builtin), or a format "
        "that --rules takes",
        kind.size > 0 ? " of kind " : "", kind.size > 40 ? 40 : (int)kind.size,
        kind.size > 0 ? kind.data : "", version.size > 0 ? ", apiVersion " : "",
        version.size > 40 ? 40 : (int)version.size,
        version.size > 0 ? version.data : "");
}

enum imgrw_status
irw_function_config_read(const struct irw_function_config *config,
                         struct imgrw_rules *rules, struct imgrw_error *error)
{
    struct irw_reader reader = {
        .source = *config->source,
        .tree = *config->tree,
        .arena = &rules->arena,
        .status = IMGRW_ERR_RULE,
        .rules = rules,
        .located = rules->list.count,
        .warn = config->warn,
        .user = config->user,
        .error = error,
    };
    uint32_t node = irw_tree_follow(config->tree, config->node);
    imgrw_str version, kind;
    irw_reader_fn *read;

    if (irw_reader_is_null(&reader, node))
        return IMGRW_OK;
    version = value_of(&reader, node, "apiVersion");
    kind = value_of(&reader, node, "kind");
    read = irw_config_find_kind(version, kind);
    if (!read)
        return fail_kind(&reader, node, version, kind);
    imgrw_rules_begin_map(rules);
    return read(&reader, node);
}
