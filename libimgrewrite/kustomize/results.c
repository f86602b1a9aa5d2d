#include "kustomize/results.h"
#include "base/file.h"

#include <stdlib.h>

enum imgrw_status
irw_tree_result_text(struct irw_tree_result *result,
                     const struct irw_build_file *file, size_t most,
                     imgrw_str *text, struct imgrw_error *error)
{
    struct irw_file_text read;
    enum imgrw_status status = IMGRW_OK;

    *text = file->text.data ? file->text : result->text;
    if (text->data)
        return IMGRW_OK;
    status = irw_read_file(file->path, most, &read, error);
    if (status == IMGRW_OK)
        *text = result->text = (imgrw_str){read.data, read.size};
    return status;
}

void
irw_tree_result_clear(struct irw_tree_result *result)
{
    imgrw_plan_free(result->plan);
    imgrw_plan_free(result->first_plan);
    imgrw_manifest_free(result->manifest);
    imgrw_manifest_free(result->first_manifest);
    imgrw_manifest_free(result->rewritten);
    free((char *)result->text.data);
}
