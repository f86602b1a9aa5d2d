#include "kustomize/text.h"
#include "base/str.h"

#define BYTES ((size_t)64 << 20)
#define DEPTH 256

enum imgrw_status
irw_kustomize_text_read(imgrw_str bytes, const char *path,
                        struct irw_arena *arena,
                        struct irw_kustomize_text *text)
{
    enum imgrw_status status;

    *text = (struct irw_kustomize_text){.budget = irw_budget_again()};
    if (!bytes.data)
        return IMGRW_ERR_ARGUMENT;
    status = irw_source_open(bytes, path, BYTES, &text->source, NULL);
    if (status != IMGRW_OK)
        return status;
    return irw_tree_read(
        &irw_libyaml,
        (struct irw_extract){bytes, text->source.start, bytes.size}, DEPTH,
        arena, &text->tree, NULL);
}

void
irw_kustomize_text_clear(struct irw_kustomize_text *text)
{
    irw_tree_clear(&text->tree);
}

uint32_t
irw_kustomize_root(const struct irw_kustomize_text *text, size_t index)
{
    return irw_tree_follow(&text->tree, text->tree.documents[index].root);
}

uint32_t
irw_kustomize_find(struct irw_kustomize_text *text, uint32_t mapping,
                   const char *key)
{
    return mapping == IRW_NO_NODE
               ? IRW_NO_NODE
               : irw_mapping_find(&text->tree, mapping, irw_str(key),
                                  &text->budget);
}

imgrw_str
irw_kustomize_find_text(struct irw_kustomize_text *text, uint32_t mapping,
                        const char *key)
{
    uint32_t node = irw_kustomize_find(text, mapping, key);

    return node == IRW_NO_NODE ? (imgrw_str){0}
                               : irw_tree_text(&text->tree, node);
}

struct imgrw_location
irw_kustomize_locate(struct irw_kustomize_text *text, uint32_t node)
{
    if (text->around.line > 0)
        return text->around;
    return irw_source_locate(&text->source, &text->cursor,
                             text->tree.nodes[node].start);
}
