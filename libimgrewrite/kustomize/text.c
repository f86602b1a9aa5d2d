#include "kustomize/text.h"

#define BYTES ((size_t)64 << 20)
#define DEPTH 256

enum imgrw_status
irw_kustomize_text_read(imgrw_str text, const char *path,
                        struct irw_arena *arena, struct irw_source *source,
                        struct irw_tree *tree)
{
    enum imgrw_status status;

    if (!text.data)
        return IMGRW_ERR_ARGUMENT;
    status = irw_source_open(text, path, BYTES, source, NULL);
    if (status != IMGRW_OK)
        return status;
    return irw_tree_read(&irw_libyaml,
                         (struct irw_extract){text, source->start, text.size},
                         DEPTH, arena, tree, NULL);
}
