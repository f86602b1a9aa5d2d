/*
 * Files are joined into sets, those of one kustomization at a time.
 */
#include "kustomize/together.h"
#include "base/error.h"

#include <stdlib.h>

/* The file that stands for the set of another. */
static size_t
find(size_t *leader, size_t file)
{
    while (leader[file] != file) {
        leader[file] = leader[leader[file]];
        file = leader[file];
    }
    return file;
}

/* Joins two sets to the smaller one, so that the order of joining is no matter.
 */
static void
join(size_t *leader, size_t one, size_t other)
{
    leader[one > other ? one : other] = one > other ? other : one;
}

static void
join_all(const struct irw_builds *builds, size_t *leader)
{
    for (size_t i = 0; i < builds->items.count; i++) {
        const struct irw_build *build = &builds->items.items[i];

        for (size_t k = 0; k < build->steps.count; k++) {
            const struct irw_build_step *step = &build->steps.items[k];
            size_t one = find(leader, build->file), other = one;

            if (step->target == IRW_TARGET_FILE)
                other = find(leader, step->index);
            else if (step->target == IRW_TARGET_BUILD)
                other = find(leader, builds->items.items[step->index].file);
            join(leader, one, other);
        }
        for (size_t k = 0; k < build->data.count; k++)
            if (build->data.items[k].file > 0)
                join(leader, find(leader, build->file),
                     find(leader, build->data.items[k].file - 1));
    }
}

static bool
changes(const struct irw_builds *builds, const struct irw_tree_result *results,
        size_t file)
{
    const struct imgrw_plan *plan =
        results[file].plan ? results[file].plan : builds->files[file].plan;

    return imgrw_plan_count(plan) > 0;
}

/* Has the files of a set fail with the one of it that did, `failed`. */
static void
fail_set(const struct irw_builds *builds, struct irw_tree_result *results,
         size_t *leader, const size_t *failed)
{
    for (size_t i = 0; i < builds->file_count; i++) {
        size_t with = failed[find(leader, i)];
        const struct imgrw_error *cause;

        if (with == 0 || results[i].failure.status != IMGRW_OK ||
            !changes(builds, results, i))
            continue;
        cause = &results[with - 1].failure;
        irw_fail(&results[i].failure, IMGRW_ERR_EDIT,
                 (struct imgrw_location){builds->files[i].path, 0, 1, 1},
                 "left as it is: kustomize builds it together with what is "
                 "refused at %.100s:%u:%u",
                 cause->at.path, (unsigned)cause->at.line,
                 (unsigned)cause->at.column);
    }
}

enum imgrw_status
irw_fail_together(const struct irw_builds *builds,
                  struct irw_tree_result *results, struct imgrw_error *error)
{
    size_t count = builds->file_count;
    size_t *leader = calloc(count + 1, sizeof(*leader));
    size_t *failed = calloc(count + 1, sizeof(*failed));

    if (leader && failed) {
        for (size_t i = 0; i < count; i++)
            leader[i] = i;
        join_all(builds, leader);
        for (size_t i = count; i-- > 0;)
            if (results[i].failure.status != IMGRW_OK)
                failed[find(leader, i)] = i + 1;
        fail_set(builds, results, leader, failed);
    }
    free(leader);
    free(failed);
    return leader && failed ? IMGRW_OK : irw_fail_memory(error);
}
