#include "kustomize/label_selector.h"
#include "base/str.h"

static imgrw_str
trim(imgrw_str str)
{
    while (str.size > 0 && str.data[0] == ' ')
        str = irw_slice(str, 1, str.size);
    while (str.size > 0 && str.data[str.size - 1] == ' ')
        str.size--;
    return str;
}

/* Whether a word may be a key or a value, and is no operator. */
static bool
is_word(imgrw_str word)
{
    for (size_t i = 0; i < word.size; i++)
        if (memchr(" !=()<>", word.data[i], 7))
            return false;
    return true;
}

/* Whether one comparison is true. */
static enum irw_selection
match_one(struct irw_value_work *work, imgrw_str comparison,
          const struct irw_value *labels)
{
    const char *equals = memchr(comparison.data, '=', comparison.size);
    imgrw_str key, value;
    bool negated, same;
    const struct irw_value *found = NULL;

    if (!equals)
        return IRW_SELECTION_MAYBE;
    key = irw_slice(comparison, 0, (size_t)(equals - comparison.data));
    value = irw_slice(comparison, key.size + 1, comparison.size);
    negated = key.size > 0 && key.data[key.size - 1] == '!';
    key.size -= negated;
    if (!negated && value.size > 0 && value.data[0] == '=')
        value = irw_slice(value, 1, value.size);
    key = trim(key);
    value = trim(value);
    if (key.size == 0 || !is_word(key) || !is_word(value))
        return IRW_SELECTION_MAYBE;
    if (labels)
        found = irw_value_find(work, labels, key);
    same = found && irw_equal(found->text, value);
    return same != negated ? IRW_SELECTION_YES : IRW_SELECTION_NO;
}

enum irw_selection
irw_labels_match(struct irw_value_work *work, imgrw_str selector,
                 const struct irw_value *labels)
{
    enum irw_selection all = IRW_SELECTION_YES;

    /* the commas of `in (a, b)` are not told apart */
    if (selector.size > 0 && memchr(selector.data, '(', selector.size))
        return IRW_SELECTION_MAYBE;
    while (selector.data && selector.size > 0) {
        imgrw_str comparison;
        enum irw_selection one;

        irw_cut(selector, ',', &comparison, &selector);
        one = match_one(work, trim(comparison), labels);
        if (one < all)
            all = one;
    }
    return all;
}
