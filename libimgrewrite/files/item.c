#include "files/item.h"
#include "base/error.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

void
irw_item_drop(struct irw_item *item)
{
    imgrw_plan_free((struct imgrw_plan *)item->file.plan);
    imgrw_manifest_free((struct imgrw_manifest *)item->file.manifest);
    free(item->text.data);
    item->file.plan = NULL;
    item->file.manifest = NULL;
    item->file.text = (imgrw_str){0};
    item->text.data = NULL;
}

/* How the text of an item is parsed: as the run says, but for that of a chart.
 */
static struct imgrw_parse_options
parse_options(const struct irw_item *item, const struct irw_item_source *source)
{
    struct imgrw_parse_options options = *source->parse;
    enum irw_chart_part part =
        item->found ? item->found->chart : IRW_CHART_NONE;

    if (part == IRW_CHART_TEMPLATES &&
        options.templates == IMGRW_TEMPLATES_AUTO)
        options.templates = IMGRW_TEMPLATES_ALWAYS;
    if (part != IRW_CHART_NONE && source->finds_charts)
        options.find |= IMGRW_FIND(IMGRW_CLASS_HELM_VALUES);
    if (part == IRW_CHART_FILE && source->finds_charts &&
        irw_equal(irw_path_name(irw_str(item->file.path)),
                  IRW_STR("Chart.yaml")))
        options.find |= IMGRW_FIND(IMGRW_CLASS_ANNOTATIONS);
    return options;
}

enum imgrw_status
irw_item_plan_text(struct irw_item *item, const struct irw_item_source *source)
{
    const struct imgrw_parse_options options = parse_options(item, source);
    struct imgrw_file *file = &item->file;
    struct imgrw_error *error = &item->failure;
    struct imgrw_manifest *manifest = NULL;
    struct imgrw_plan *plan = NULL;
    enum imgrw_status status = imgrw_manifest_parse(
        file->text, file->path, &options, &manifest, error);

    if (status == IMGRW_OK && source->rules)
        status =
            imgrw_plan_new(manifest, source->rules, source->plan, &plan, error);
    file->manifest = manifest;
    file->plan = plan;
    item->bytes = file->text.size;
    item->unread = imgrw_manifest_unread(manifest);
    return status;
}

enum imgrw_status
irw_item_plan(struct irw_item *item, const struct irw_item_source *source)
{
    struct imgrw_file *file = &item->file;
    struct imgrw_location at = {.path = file->path};
    struct imgrw_error *error = &item->failure;
    enum imgrw_status status;

    if (item->found->failed)
        return irw_fail(error, IMGRW_ERR_IO, at, "cannot be read: %s",
                        strerror(item->found->failed));
    file->text = item->found->text;
    if (file->text.data)
        return irw_item_plan_text(item, source);
    status =
        irw_read_file(file->path, source->parse->max_bytes, &item->text, error);
    if (S_ISREG(item->text.info.st_mode))
        file->mode = item->text.info.st_mode & 07777;
    if (status != IMGRW_OK)
        return status;
    file->text = (imgrw_str){item->text.data, item->text.size};
    return irw_item_plan_text(item, source);
}

enum imgrw_status
irw_item_read_again(const struct irw_item *item, size_t max_bytes,
                    struct irw_file_text *text, struct imgrw_error *error)
{
    enum imgrw_status status =
        irw_read_file(item->file.path, max_bytes, text, error);

    if (status != IMGRW_OK || irw_is_same_file(&item->text.info, &text->info))
        return status;
    free(text->data);
    return irw_fail(error, IMGRW_ERR_IO,
                    (struct imgrw_location){.path = item->file.path},
                    "has changed since it was read; run again");
}

void
irw_item_fail(struct irw_item *item, const struct imgrw_run_options *options,
              enum imgrw_status status)
{
    bool skip = options->skip_unparsable &&
                (status == IMGRW_ERR_SYNTAX || status == IMGRW_ERR_ENCODING);

    item->file.status = skip ? IMGRW_FILE_SKIPPED : IMGRW_FILE_ERROR;
    item->failure.status = status;
    item->failure.at.path = item->file.path;
    item->file.failure = &item->failure;
}
