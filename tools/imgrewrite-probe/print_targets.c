#include "print_targets.h"
#include "print_answers.h"
#include "targets.h"

/* What a target is taken for. */
static enum target_state
judge_target(const struct probe *probe, size_t index)
{
    enum target_state state = state_of_target(probe, index);

    return state == TARGET_UNKNOWN ? probe->target_unknown : state;
}

bool
print_targets(const struct probe *probe)
{
    struct imgrw_copy_list *list = probe->copies.list;
    struct imgrw_error error;

    for (size_t i = 0; i < imgrw_registry_count(probe->client); i++)
        if (judge_target(probe, i) != TARGET_MISSING &&
            !went_well(imgrw_copy_list_leave_out(list, probe->asked[i], &error),
                       &error))
            return false;
    return write_copies(&probe->copies);
}

/* Says which targets nothing is known of, and why, as a table does. */
static void
tell_unknown(const struct probe *probe)
{
    const char *kind =
        probe->target_unknown == TARGET_UNKNOWN ? "error" : "warning";
    const struct imgrw_answer *answer;
    size_t told = 0;

    for (size_t i = 0; (answer = imgrw_registry_answer(probe->client, i));
         i++) {
        if (state_of_target(probe, i) != TARGET_UNKNOWN ||
            (told++ >= MANY && !probe->settings.verbose))
            continue;
        print_head(kind);
        print_plain(stderr, answer->reference);
        fprintf(stderr, ": %s: %s\n",
                imgrw_registry_outcome_name(answer->outcome),
                reason_of(probe, i));
    }
    if (told > MANY && !probe->settings.verbose) {
        print_head(kind);
        fprintf(stderr, "and so for %zu more; -v says which\n", told - MANY);
    }
}

static void
print_summary(const struct probe *probe,
              const size_t states[TARGET_THERE + 1])
{
    const struct copies *copies = &probe->copies;
    size_t outcomes[IMGRW_REGISTRY_OUTCOMES] = {0};
    size_t count = imgrw_registry_count(probe->client);
    size_t images = count_gathered(copies);

    (void)!count_outcomes(probe, outcomes);
    if (count == 0 && images > 0 && count_missing(copies) == 0)
        fputs("imgrewrite: no image moves; leave the rules out to ask for "
              "those of manifests that were rewritten already\n", stderr);
    fprintf(stderr, "imgrewrite: %zu new place%s for %zu of %zu image%s asked "
                    "for", count, count == 1 ? "" : "s",
            copies->results[IMGRW_COPY_LISTED], images, images == 1 ? "" : "s");
    print_outcomes(outcomes);
    fprintf(stderr, "; %zu to copy", states[TARGET_MISSING]);
    print_ungathered(copies);
    fputc('\n', stderr);
}

/* Of how many images nothing is known, unless the user says what to think of
 * them. For a login it is enough to know that a place is not public. */
static size_t
count_unknown(const struct probe *probe, const size_t states[TARGET_THERE + 1])
{
    size_t outcomes[IMGRW_REGISTRY_OUTCOMES] = {0};

    if (probe->target_unknown != TARGET_UNKNOWN)
        return 0;
    return count_missing(&probe->copies) +
           (probe->output == OUTPUT_REGISTRY_AUTH
                ? count_outcomes(probe, outcomes)
                : states[TARGET_UNKNOWN]);
}

/* Says that nothing is known of so many images, and what to do. */
static void
refuse_unknown(const struct probe *probe, size_t unknown)
{
    if (probe->output == OUTPUT_REGISTRY_AUTH)
        complain("of %zu image%s it is not known which login the new place "
                 "wants; ask again, or have the logins of the others printed: "
                 "--unknown there",
                 unknown, unknown == 1 ? "" : "s");
    else
        complain("of %zu image%s it is not known whether %s at the new place; "
                 "ask again, with a login (--auth) where that is denied, or "
                 "say what to think of it: --unknown missing or there", unknown,
                 unknown == 1 ? "" : "s", unknown == 1 ? "it is" : "they are");
}

int
judge_targets(const struct probe *probe)
{
    size_t states[TARGET_THERE + 1] = {0}, unknown;

    for (size_t i = 0; i < imgrw_registry_count(probe->client); i++)
        states[judge_target(probe, i)]++;
    unknown = count_unknown(probe, states);
    fflush(stdout);
    if (prints_copies(probe) &&
        (unknown > 0 || !probe->settings.quiet))
        tell_unknown(probe);
    if (!probe->settings.quiet)
        print_summary(probe, states);
    if (unknown > 0) {
        refuse_unknown(probe, unknown);
        return EXIT_TROUBLE;
    }
    if (probe->output == OUTPUT_REGISTRY_AUTH)
        return EXIT_DONE;
    return states[TARGET_MISSING] > 0 ||
                   (probe->target_unknown == TARGET_MISSING &&
                    count_missing(&probe->copies) > 0)
               ? EXIT_FOUND
               : EXIT_DONE;
}
