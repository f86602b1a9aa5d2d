#include "files/counts.h"
#include "base/error.h"

#include <stdlib.h>

enum imgrw_status
irw_counts_open(struct irw_counts *counts, const struct imgrw_rules *rules,
                size_t field_count, struct imgrw_error *error)
{
    counts->field_count = field_count;
    counts->rule_images =
        calloc(imgrw_rules_count(rules) + 1, sizeof(*counts->rule_images));
    counts->field_files = calloc(field_count + 1, sizeof(*counts->field_files));
    return counts->rule_images && counts->field_files ? IMGRW_OK
                                                      : irw_fail_memory(error);
}

/* Counts the images of a file, which has a manifest. */
static void
count_images(struct irw_counts *counts, const struct imgrw_file *file)
{
    const struct imgrw_manifest *manifest = file->manifest;
    size_t count = imgrw_manifest_count(manifest);

    counts->summary.images += count;
    counts->summary.possible += imgrw_manifest_possible_count(manifest);
    for (size_t i = 0; i < count; i++) {
        const struct imgrw_image *image = imgrw_manifest_image(manifest, i);
        const struct imgrw_decision *decision =
            imgrw_plan_decision(file->plan, i);

        counts->summary.no_references +=
            !imgrw_reason_names_image(image->reason) &&
            !(decision &&
              (decision->edit != SIZE_MAX || decision->kept.size > 0));
        if (!decision)
            continue;
        counts->summary.edits += file->status == IMGRW_FILE_PLANNED &&
                                 decision->edit != SIZE_MAX;
        for (size_t k = 0; k < decision->outcome.rule_count; k++)
            counts->rule_images[decision->outcome.rules[k]]++;
    }
}

void
irw_counts_add(struct irw_counts *counts, const struct irw_item *item)
{
    const struct imgrw_file *file = &item->file;

    counts->summary.files++;
    counts->summary.errors += file->status == IMGRW_FILE_ERROR;
    counts->summary.skipped += file->status == IMGRW_FILE_SKIPPED;
    counts->summary.edited += file->status == IMGRW_FILE_PLANNED;
    counts->summary.bytes += item->bytes;
    counts->summary.unread += item->unread;
    if (file->manifest)
        count_images(counts, file);
    for (size_t i = 0; i < counts->field_count; i++)
        counts->field_files[i] +=
            (size_t)imgrw_manifest_field_met(file->manifest, i);
}

void
irw_counts_clear(struct irw_counts *counts)
{
    free(counts->rule_images);
    free(counts->field_files);
}
