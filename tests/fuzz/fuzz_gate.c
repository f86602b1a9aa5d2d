/*
 * What the gate lets through: libfyaml reads it without harm, and as libyaml
 * does. It is the promise on which a failed proof can be called a bug.
 */
#include "fuzz.h"
#include "edit/compare.h"
#include "yaml/gate.h"
#include "yaml/source.h"
#include "yaml/tree.h"

#define LARGEST_INPUT 65536
#define DEPTH 256

static void
claim_agreement(imgrw_str text, size_t start, size_t end,
                const struct irw_tree *tree)
{
    static const struct irw_expectation same = {0};
    struct irw_arena arena = {0};
    struct irw_tree witness = {0};
    struct irw_text difference = {0};
    struct imgrw_error error;
    bool agree;

    fuzz_must(irw_tree_read(&irw_libfyaml,
                            (struct irw_extract){text, start, end}, DEPTH,
                            &arena, &witness, &error),
              &error);
    agree = irw_tree_compare(tree, &witness, &same, &difference);
    fuzz_claim(agree, "libfyaml reads it otherwise: %.*s",
               (int)difference.size, difference.data);
    irw_text_clear(&difference);
    irw_tree_clear(&witness);
    irw_arena_clear(&arena);
}

/* One piece; false where libyaml cannot read it. */
static bool
run_piece(const struct irw_source *source, size_t start, size_t end)
{
    struct irw_arena arena = {0};
    struct irw_tree tree = {0}, again = {0};
    struct irw_text difference = {0};
    const struct irw_expectation same = {.same_reader = true};
    struct imgrw_error error;
    enum imgrw_status status = irw_tree_read(
        &irw_libyaml, (struct irw_extract){source->text, start, end}, DEPTH,
        &arena, &tree, &error);

    if (status != IMGRW_OK) {
        fuzz_claim_error(&error, status, source->text);
    } else if (irw_gate_passes(
                   (struct irw_extract){source->text, start, end}, &tree)) {
        fuzz_must(irw_tree_read(&irw_libyaml,
                                (struct irw_extract){source->text, start, end},
                                DEPTH, &arena, &again, &error),
                  &error);
        fuzz_claim(irw_tree_compare(&tree, &again, &same, &difference),
                   "libyaml reads it otherwise the second time");
        claim_agreement(source->text, start, end, &tree);
    }
    irw_text_clear(&difference);
    irw_tree_clear(&again);
    irw_tree_clear(&tree);
    irw_arena_clear(&arena);
    return status == IMGRW_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    imgrw_str text = {(const char *)data, size};
    struct irw_source source;
    struct imgrw_error error;
    enum imgrw_status status;
    size_t start, end;

    if (size > LARGEST_INPUT)
        return 0;
    status = irw_source_open(text, NULL, LARGEST_INPUT, &source, &error);
    if (status != IMGRW_OK) {
        fuzz_claim_error(&error, status, text);
        return 0;
    }
    for (start = source.start; start < size; start = end) {
        end = irw_source_piece_end(&source, start);
        if (!run_piece(&source, start, end))
            return 0;
    }
    return 0;
}
