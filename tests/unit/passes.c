#include "passes.h"
#include "yaml/gate.h"

bool
passes_gate(imgrw_str text)
{
    struct irw_arena arena = {0};
    struct irw_tree tree = {0}, none = {0};
    struct irw_source source;
    struct irw_extract extract = irw_extract_all(text);
    enum imgrw_status status =
        irw_source_open(text, NULL, text.size, &source, NULL);
    bool passes;

    if (status == IMGRW_OK)
        status = irw_tree_read(&irw_libyaml, extract, 256, &arena, &tree, NULL);
    passes = irw_gate_passes(extract, status == IMGRW_OK ? &tree : &none);
    irw_tree_clear(&tree);
    irw_arena_clear(&arena);
    return passes;
}
