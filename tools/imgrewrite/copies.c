/*
 * imgrewrite list -o mapping, skopeo-copy, crane-copy or regsync: what to copy
 * where, so that the images are there when the rewritten manifests ask for
 * them. All or nothing: half a list would be carried out as if it were whole.
 */
#include "gather_copies.h"

/* The last line on standard error. */
static void
print_summary(const struct copies *copies)
{
    size_t count = imgrw_copy_list_count(copies->list);
    size_t images = count_gathered(copies);

    fflush(stdout);
    if (copies->settings->quiet)
        return;
    fputs("imgrewrite: ", stderr);
    if (copies->failed)
        fputs("nothing is listed; ", stderr);
    fprintf(stderr, "%zu cop%s for %zu of %zu image%s", count,
            count == 1 ? "y" : "ies", copies->results[IMGRW_COPY_LISTED],
            images, images == 1 ? "" : "s");
    print_ungathered(copies);
    fputc('\n', stderr);
}

static int
list_copies(struct copies *copies)
{
    if (!gather_copies(copies))
        return EXIT_TROUBLE;
    if (!copies->failed)
        copies->failed = !write_copies(copies);
    tell_gathered(copies);
    print_summary(copies);
    if (copies->failed)
        return EXIT_TROUBLE;
    return count_missing(copies) > 0
               ? EXIT_FOUND
               : judge_possible(copies->settings, copies->run);
}

int
run_copies(struct settings *settings)
{
    struct copies copies = {
        .settings = settings,
        .missing = "not in the list",
    };
    int result = EXIT_TROUBLE;

    watch_runs(settings);
    if (begin_copies(&copies, "list"))
        result = list_copies(&copies);
    end_copies(&copies);
    return result;
}
