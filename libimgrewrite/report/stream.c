#include "report/stream.h"
#include "base/error.h"
#include "base/json_write.h"
#include "base/str.h"

enum imgrw_status
irw_stream_open(struct irw_stream *stream, imgrw_write_fn *write, void *user,
                imgrw_str opening, struct imgrw_error *error)
{
    stream->write = write;
    stream->user = user;
    irw_text_add(&stream->text, opening);
    return irw_stream_flush(stream, error);
}

void
irw_stream_entry(struct irw_stream *stream, const char *path)
{
    irw_text_printf(&stream->text, "%s\n  {\"path\": ",
                    stream->entries++ > 0 ? "," : "");
    irw_json_string(&stream->text, irw_str(path));
}

void
irw_stream_image(struct irw_stream *stream, const struct imgrw_image *image)
{
    struct irw_text *text = &stream->text;

    irw_text_printf(text, "\"class\": \"%s\"",
                    imgrw_class_name(image->image_class));
    irw_json_member(text, "apiVersion", image->api_version);
    irw_json_member(text, "kind", image->kind);
    irw_json_member(text, "name", image->name);
    irw_json_member(text, "namespace", image->namespace_);
    irw_json_number(text, "document", image->document);
    irw_json_member(text, "field", image->field);
    irw_json_number(text, "line", image->at.line);
    irw_json_number(text, "column", image->at.column);
    irw_json_number(text, "offset", image->at.offset);
    irw_json_number(text, "length", image->length);
    irw_text_add(text, IRW_STR(", \"old\": "));
    irw_json_string(text, image->text);
    if (image->anchor.line > 0)
        irw_text_printf(text, ", \"anchor\": {\"line\": %u, \"column\": %u}",
                        (unsigned)image->anchor.line,
                        (unsigned)image->anchor.column);
}

enum imgrw_status
irw_stream_flush(struct irw_stream *stream, struct imgrw_error *error)
{
    struct irw_text *text = &stream->text;
    bool ended = stream->ended, failed = text->failed;
    bool stopped =
        !ended && !failed && text->size > 0 &&
        stream->write(text->data, text->size, stream->user) != 0;

    text->size = 0;
    text->failed = false;
    stream->ended = ended || failed || stopped;
    if (ended)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "the report has ended already");
    if (failed)
        return irw_fail_memory(error);
    if (stopped)
        return irw_fail(error, IMGRW_ERR_STOPPED, IRW_NO_LOCATION,
                        "the report was not taken");
    return IMGRW_OK;
}

enum imgrw_status
irw_stream_end(struct irw_stream *stream, struct imgrw_error *error)
{
    enum imgrw_status status = irw_stream_flush(stream, error);

    stream->ended = true;
    return status;
}
