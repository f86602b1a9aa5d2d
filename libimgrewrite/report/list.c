/*
 * The images of many manifests as one JSON array.
 */
#include "base/error.h"
#include "base/json_write.h"
#include "base/str.h"
#include "report/stream.h"

#include <imgrewrite/report.h>

#include <stdlib.h>

struct imgrw_list_report {
    struct irw_stream stream;
};

enum imgrw_status
imgrw_list_report_new(imgrw_write_fn *write, void *user,
                      struct imgrw_list_report **report,
                      struct imgrw_error *error)
{
    struct imgrw_list_report *made;
    enum imgrw_status status;

    if (!write || !report)
        return irw_fail_null(error, "write or report");
    made = calloc(1, sizeof(*made));
    if (!made)
        return irw_fail_memory(error);
    status = irw_stream_open(&made->stream, write, user, IRW_STR("["), error);
    if (status == IMGRW_OK)
        *report = made;
    else
        imgrw_list_report_free(made);
    return status;
}

void
imgrw_list_report_free(struct imgrw_list_report *report)
{
    if (!report)
        return;
    irw_text_clear(&report->stream.text);
    free(report);
}

/* Adds an image of the manifest. */
static void
add_image(struct irw_stream *stream, const struct imgrw_image *image)
{
    irw_stream_entry(stream, image->at.path);
    irw_text_add(&stream->text, IRW_STR(", "));
    irw_stream_image(stream, image);
    if (image->reason != IMGRW_REASON_NONE)
        irw_json_member(&stream->text, "reason",
                        irw_str(imgrw_reason_text(image->reason)));
    if (image->fieldspec.size > 0)
        irw_json_member(&stream->text, "fieldSpec", image->fieldspec);
    irw_text_add(&stream->text, IRW_STR("}"));
}

enum imgrw_status
imgrw_list_report_add(struct imgrw_list_report *report,
                      const struct imgrw_manifest *manifest,
                      struct imgrw_error *error)
{
    if (!report || !manifest)
        return irw_fail_null(error, "report or manifest");
    for (size_t i = 0; i < imgrw_manifest_count(manifest); i++)
        add_image(&report->stream, imgrw_manifest_image(manifest, i));
    return irw_stream_flush(&report->stream, error);
}

enum imgrw_status
imgrw_list_report_add_possible(struct imgrw_list_report *report,
                               const struct imgrw_manifest *manifest,
                               struct imgrw_error *error)
{
    if (!report || !manifest)
        return irw_fail_null(error, "report or manifest");
    for (size_t i = 0; i < imgrw_manifest_possible_count(manifest); i++)
        add_image(&report->stream, imgrw_manifest_possible(manifest, i));
    return irw_stream_flush(&report->stream, error);
}

enum imgrw_status
imgrw_list_report_finish(struct imgrw_list_report *report,
                         struct imgrw_error *error)
{
    if (!report)
        return irw_fail_null(error, "report");
    irw_text_add(&report->stream.text, IRW_STR("]\n"));
    return irw_stream_end(&report->stream, error);
}
