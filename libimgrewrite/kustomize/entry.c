#include "kustomize/entry.h"
#include "base/error.h"
#include "base/str.h"
#include "yaml/merge.h"
#include "yaml/scalar.h"

static const char *const keys[IRW_ENTRY_KEYS] = {
    [IRW_ENTRY_NAME] = "name",      [IRW_ENTRY_NEW_NAME] = "newName",
    [IRW_ENTRY_NEW_TAG] = "newTag", [IRW_ENTRY_TAG_SUFFIX] = "tagSuffix",
    [IRW_ENTRY_DIGEST] = "digest",
};

static imgrw_str *
text_at(struct irw_kustomize_entry *entry, int key)
{
    imgrw_str *const texts[IRW_ENTRY_KEYS] = {
        [IRW_ENTRY_NAME] = &entry->name,
        [IRW_ENTRY_NEW_NAME] = &entry->new_name,
        [IRW_ENTRY_NEW_TAG] = &entry->new_tag,
        [IRW_ENTRY_TAG_SUFFIX] = &entry->tag_suffix,
        [IRW_ENTRY_DIGEST] = &entry->digest,
    };

    return texts[key];
}

imgrw_str
irw_entry_text(const struct irw_kustomize_entry *entry, enum irw_entry_key key)
{
    return *text_at((struct irw_kustomize_entry *)entry, (int)key);
}

/* An entry that is being read. */
struct entry_reading {
    const struct irw_tree *tree;
    struct irw_entry *entry;
    bool valid;
};

/* Whether kustomize takes the value for a text: no number and no boolean, but a
 * date as it is written. */
static bool
is_taken_as_text(const struct irw_tree *tree, uint32_t node)
{
    imgrw_str text = irw_tree_value(tree, node);
    bool date = irw_find(text, '-') == 4 && irw_is_digit(text.data[0]) &&
                irw_is_digit(text.data[3]);

    return tree->nodes[node].type == IRW_NODE_SCALAR &&
           (irw_scalar_is_string(tree, node) || date ||
            irw_plain_kind(text) == IRW_PLAIN_AMBIGUOUS);
}

/* Takes a key of an entry; an irw_entry_fn. kustomize knows keys in any case.
 */
static void
take_key(uint32_t key, uint32_t value, uint32_t via, void *user)
{
    struct entry_reading *reading = user;
    const struct irw_tree *tree = reading->tree;
    uint32_t held = irw_tree_follow(tree, value);
    int number = 0;

    while (number < IRW_ENTRY_KEYS &&
           !irw_equal_nocase(irw_tree_text(tree, key), irw_str(keys[number])))
        number++;
    if (number == IRW_ENTRY_KEYS) {
        reading->valid = false;
        return;
    }
    if (irw_scalar_is_null(tree, held))
        return;
    reading->valid &= is_taken_as_text(tree, held);
    *text_at(&reading->entry->text, number) = irw_tree_value(tree, held);
    reading->entry->starts[number] = via == 0 ? tree->nodes[value].start
                                              : SIZE_MAX;
}

enum imgrw_status
irw_entry_read(const struct irw_tree *tree, uint32_t node,
               struct irw_entry *entry, bool *valid, struct imgrw_error *error)
{
    struct irw_budget budget = irw_budget_again();
    struct entry_reading reading = {tree, entry, true};

    *entry = (struct irw_entry){.text = {.name = {0}}};
    for (int i = 0; i < IRW_ENTRY_KEYS; i++)
        entry->starts[i] = SIZE_MAX;
    irw_mapping_each(tree, node, &budget, take_key, &reading);
    if (!reading.valid || budget.spent ||
        tree->nodes[node].type != IRW_NODE_MAPPING)
        *valid = false;
    return irw_name_pattern_read(entry->text.name, &entry->name, error);
}

void
irw_entry_clear(struct irw_entry *entry)
{
    irw_name_pattern_clear(&entry->name);
}

/* One pass. What is too long to be an image stays. */
static enum imgrw_status
apply_once(const struct irw_entry *entry, struct irw_entry_image *image,
           struct irw_arena *arena, bool *matched, struct imgrw_error *error)
{
    struct imgrw_reference_buffer buffer;
    imgrw_str result;
    bool matches;
    enum imgrw_status status =
        irw_name_pattern_match(&entry->name, image->text, &matches, error);

    if (status != IMGRW_OK || !matches)
        return status;
    *matched = true;
    if (!irw_kustomize_apply(&entry->text, image->text, &buffer, &result) ||
        irw_equal(result, image->text))
        return IMGRW_OK;
    if (!irw_arena_keep(arena, &result))
        return irw_fail_memory(error);
    image->text = result;
    return IMGRW_OK;
}

enum imgrw_status
irw_entry_apply(const struct irw_entry *entry, struct irw_entry_image *image,
                struct irw_arena *arena, bool *matched,
                struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    *matched = false;
    for (unsigned pass = IRW_PASS_LISTS; pass <= IRW_PASS_FIELDS; pass <<= 1)
        if (status == IMGRW_OK && (image->passes & pass))
            status = apply_once(entry, image, arena, matched, error);
    return status;
}
