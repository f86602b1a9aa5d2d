/*
 * The events of a text as words; see events.h.
 */
#include "events.h"

/* A scalar or an alias. */
static void
add_leaf(struct irw_text *notation, imgrw_str text, size_t origin,
         const struct irw_event *event)
{
    static const char styles[] = {
        [IRW_STYLE_NONE] = '*',    [IRW_STYLE_PLAIN] = ':',
        [IRW_STYLE_SINGLE] = '\'', [IRW_STYLE_DOUBLE] = '"',
        [IRW_STYLE_LITERAL] = '|', [IRW_STYLE_FOLDED] = '>',
    };

    irw_text_printf(notation, "%c", styles[event->style]);
    if (event->start != event->end)
        irw_text_printf(notation, "%zu", event->start - origin);
    irw_text_printf(notation, "(%.*s)", (int)(event->end - event->start),
                    text.data + event->start);
}

static void
add_properties(struct irw_text *notation, const struct irw_event *event)
{
    if (event->type == IRW_EVENT_ALIAS)
        return;
    if (event->anchor.size > 0)
        irw_text_printf(notation, "&%.*s ", (int)event->anchor.size,
                        event->anchor.data);
    if (event->tag.size > 0)
        irw_text_printf(notation, "! ");
}

static void
add_event(struct irw_text *notation, imgrw_str text, size_t origin,
          const struct irw_event *event)
{
    static const char *const words[] = {
        [IRW_EVENT_DOCUMENT] = "+doc",     [IRW_EVENT_DOCUMENT_END] = "-doc",
        [IRW_EVENT_MAPPING] = "+map",      [IRW_EVENT_MAPPING_END] = "-map",
        [IRW_EVENT_SEQUENCE] = "+seq",     [IRW_EVENT_SEQUENCE_END] = "-seq",
    };
    bool flow = event->style == IRW_STYLE_FLOW;

    if (event->type == IRW_EVENT_END)
        return;
    irw_text_printf(notation, "%s", notation->size > 0 ? " " : "");
    add_properties(notation, event);
    if (event->type == IRW_EVENT_SCALAR || event->type == IRW_EVENT_ALIAS) {
        add_leaf(notation, text, origin, event);
        return;
    }
    irw_text_printf(notation, "%s", words[event->type]);
    if (event->type == IRW_EVENT_MAPPING && flow)
        irw_text_printf(notation, "{");
    if (event->type == IRW_EVENT_SEQUENCE && flow)
        irw_text_printf(notation, "[");
}

enum imgrw_status
events_read(const struct irw_backend *backend, imgrw_str text, size_t start,
            size_t end, size_t origin, struct irw_text *notation,
            struct imgrw_error *error)
{
    struct irw_event event;
    void *reader = NULL;
    enum imgrw_status status =
        backend->open((struct irw_extract){text, start, end}, &reader, error);

    if (status != IMGRW_OK)
        return status;
    do {
        status = backend->next(reader, &event, error);
        if (status == IMGRW_OK)
            add_event(notation, text, origin, &event);
    } while (status == IMGRW_OK && event.type != IRW_EVENT_END);
    backend->close(reader);
    return status;
}
