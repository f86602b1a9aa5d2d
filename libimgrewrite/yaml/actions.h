/*
 * The actions of a template, of Helm's and other Go templates, of KOTS and of
 * Jinja: where each begins and ends, and what it may make.
 *
 *     {{ ... }}             a value, or flow control, by its first word
 *     repl{{ ... }}         the same in a manifest of KOTS, {{repl ... }} too
 *     {% ... %}, {# ... #}  flow control and comments of Jinja
 */
#pragma once

#include "base/list.h"

#include <imgrewrite/base.h>

#include <stdint.h>

/* What an action makes of a template. */
enum irw_template_action_kind {
    IRW_ACTION_VALUE, /* text */
    IRW_ACTION_FLOW,  /* none: it is flow control, a comment, an assignment */
    IRW_ACTION_LINES, /* lines, indented to where they belong */
};

/* An action: its bytes in the text, braces included. */
struct irw_template_action {
    uint32_t start, end;
    enum irw_template_action_kind kind;
    bool is_alone; /* with blanks, and with other actions, on its lines */
    bool begins_line; /* nothing but blanks is before it */
};

typedef IRW_LIST(struct irw_template_action) irw_action_list;

/* Whether a text may have actions. */
bool irw_may_have_actions(imgrw_str text);

/* Adds the actions of a text to an empty list, in their order. It ends with the
 * first one that has no end, as a template would not be taken with it; `{{`
 * that no action can begin with is text. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_actions_read(imgrw_str text, irw_action_list *actions,
                                   struct imgrw_error *error);
