/*
 * Selectors of labels, as far as they compare labels with words.
 */
#pragma once

#include "kustomize/value.h"

enum irw_selection {
    IRW_SELECTION_NO,
    IRW_SELECTION_MAYBE,
    IRW_SELECTION_YES,
};

/* Whether a selector such as `a=b,c!=d` selects what has these labels, a
 * mapping, or NULL where there are none. What has other words in it may. */
enum irw_selection irw_labels_match(struct irw_value_work *work,
                                    imgrw_str selector,
                                    const struct irw_value *labels);
