#include "plan/pull_secret/fragment.h"
#include "base/error.h"
#include "base/str.h"
#include "yaml/scalar.h"

void
irw_fragment_blanks(struct irw_fragment *inset, size_t count)
{
    while (count-- > 0)
        irw_text_add(&inset->text, IRW_STR(" "));
}

/* Begins a node, which holds all that is written until it is closed. */
static struct irw_sprout *
open_node(struct irw_fragment *inset, enum irw_node_type type,
          enum irw_style style)
{
    struct irw_sprout *sprout = &inset->sprouts[inset->count++];

    *sprout = (struct irw_sprout){
        .type = type, .style = style, .start = (uint32_t)inset->text.size};
    return sprout;
}

static void
close_node(struct irw_fragment *inset, struct irw_sprout *sprout)
{
    sprout->end = (uint32_t)inset->text.size;
    sprout->size = inset->count - (uint32_t)(sprout - inset->sprouts);
}

/* What is a number or a truth without quotes gets some. */
static void
add_scalar(struct irw_fragment *inset, imgrw_str value, char quote)
{
    enum irw_style style = IRW_STYLE_PLAIN;
    struct irw_sprout *sprout;

    if (quote == 0 && irw_plain_kind(value) != IRW_PLAIN_STRING)
        quote = '"';
    if (quote != 0)
        style = quote == '"' ? IRW_STYLE_DOUBLE : IRW_STYLE_SINGLE;
    sprout = open_node(inset, IRW_NODE_SCALAR, style);
    sprout->value = value;
    irw_text_add(&inset->text, (imgrw_str){&quote, quote != 0});
    irw_text_add(&inset->text, value);
    irw_text_add(&inset->text, (imgrw_str){&quote, quote != 0});
    close_node(inset, sprout);
}

void
irw_fragment_key(struct irw_fragment *inset)
{
    add_scalar(inset, IRW_STR("imagePullSecrets"), inset->hand.key_quote);
}

/* A colon may touch what is behind it only where both sides are quoted. */
static void
add_pair(struct irw_fragment *inset)
{
    const struct irw_fragment_style *hand = &inset->hand;
    imgrw_str colon = hand->colon;
    bool quoted = hand->key_quote != 0 && hand->name_quote != 0;

    if (!quoted && irw_ends_with(colon, IRW_STR(":")))
        colon = IRW_STR(": ");
    add_scalar(inset, IRW_STR("name"), hand->key_quote);
    irw_text_add(&inset->text, colon);
    add_scalar(inset, inset->name, hand->name_quote);
}

void
irw_fragment_entry(struct irw_fragment *inset, bool flow)
{
    struct irw_sprout *map = open_node(inset, IRW_NODE_MAPPING,
                                       flow ? IRW_STYLE_FLOW : IRW_STYLE_BLOCK);

    if (flow) {
        irw_text_add(&inset->text, IRW_STR("{"));
        irw_text_add(&inset->text, inset->hand.behind_brace);
    }
    add_pair(inset);
    if (flow) {
        irw_text_add(&inset->text, inset->hand.before_brace);
        irw_text_add(&inset->text, IRW_STR("}"));
    }
    close_node(inset, map);
}

void
irw_fragment_flow_list(struct irw_fragment *inset)
{
    struct irw_sprout *list =
        open_node(inset, IRW_NODE_SEQUENCE, IRW_STYLE_FLOW);

    irw_text_add(&inset->text, IRW_STR("["));
    irw_text_add(&inset->text, inset->hand.behind_bracket);
    irw_fragment_entry(inset, true);
    irw_text_add(&inset->text, inset->hand.before_bracket);
    irw_text_add(&inset->text, IRW_STR("]"));
    close_node(inset, list);
}

void
irw_fragment_block_list(struct irw_fragment *inset, size_t indentation)
{
    struct irw_sprout *list;

    irw_fragment_blanks(inset, indentation);
    list = open_node(inset, IRW_NODE_SEQUENCE, IRW_STYLE_BLOCK);
    irw_text_add(&inset->text, inset->hand.dash);
    irw_fragment_entry(inset, inset->hand.flow);
    close_node(inset, list);
}

/* How many blanks and line breaks a text begins with. */
static uint32_t
count_lead(imgrw_str text)
{
    uint32_t lead = 0;

    while (lead < text.size && strchr(" \r\n", text.data[lead]))
        lead++;
    return lead;
}

/* Copies the nodes, which need not be there when the inset is gone. */
static struct irw_sprout *
keep_sprouts(const struct irw_fragment *inset, struct irw_arena *arena)
{
    struct irw_sprout *kept =
        irw_arena_calloc(arena, inset->count, sizeof(*kept));
    char *name = irw_arena_copy(arena, inset->name);

    if (!kept || !name)
        return NULL;
    memcpy(kept, inset->sprouts, inset->count * sizeof(*kept));
    kept[inset->count - 1].value.data = name; /* it is always the last */
    return kept;
}

enum imgrw_status
irw_fragment_finish(struct irw_fragment *inset, size_t start, size_t end,
                    struct irw_graft graft, struct irw_arena *arena,
                    struct irw_text_edit *change, struct imgrw_error *error)
{
    imgrw_str text = {inset->text.data, inset->text.size};
    struct irw_graft *kept = irw_arena_calloc(arena, 1, sizeof(*kept));
    char *bytes = NULL;

    graft.start = (uint32_t)start;
    graft.count = inset->count;
    if (!inset->text.failed) {
        graft.lead = count_lead(text);
        bytes = irw_arena_copy(arena, text);
        graft.sprouts = keep_sprouts(inset, arena);
    }
    irw_text_clear(&inset->text);
    if (!kept || !bytes || !graft.sprouts)
        return irw_fail_memory(error);
    *kept = graft;
    *change = (struct irw_text_edit){
        .of.node = IRW_NO_NODE,
        .start = (uint32_t)start,
        .end = (uint32_t)end,
        .replacement = {bytes, text.size},
        .graft = kept,
    };
    return IMGRW_OK;
}
