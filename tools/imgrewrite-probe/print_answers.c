#include "print_answers.h"
#include "print_lock.h"
#include "targets.h"
#include "troubles.h"

#include <string.h>
#include <time.h>

/* Prints as a JSON string. What could not be printed is said at the end. */
static void
print_string(imgrw_str text)
{
    (void)!imgrw_json_write_string(text, write_to_file, stdout, NULL);
}

static void
print_member(const char *name, imgrw_str value)
{
    if (value.size == 0)
        return;
    printf(", \"%s\": ", name);
    print_string(value);
}

static void
print_platform(const struct imgrw_registry_platform *platform)
{
    fputs("{\"os\": ", stdout);
    print_string(platform->os);
    print_member("architecture", platform->architecture);
    print_member("variant", platform->variant);
    print_member("digest", platform->digest);
    putchar('}');
}

/* Prints until when a login is good, if it expires. */
static void
print_expiry(int64_t expires_at)
{
    time_t seconds = (time_t)expires_at;
    struct tm parts;
    char text[32];

    if (expires_at > 0 && gmtime_r(&seconds, &parts) &&
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts) > 0)
        print_member("loginExpires", as_str(text));
}

/* Prints where an image that rules move is from, and whether it is there. */
static void
print_target(const struct probe *probe, size_t index)
{
    enum target_state state = state_of_target(probe, index);

    print_member("source", copy_of_answer(probe, index)->source);
    if (state != TARGET_UNKNOWN)
        printf(", \"isThere\": %s", state == TARGET_THERE ? "true" : "false");
}

/* Prints an answer as a line, as --known-images reads it. */
static void
print_json(const struct probe *probe, size_t index)
{
    const struct imgrw_answer *answer =
        imgrw_registry_answer(probe->client, index);

    fputs("{\"ref\": ", stdout);
    print_string(answer->reference);
    if (has_rules(probe))
        print_target(probe, index);
    print_member("outcome",
                 as_str(imgrw_registry_outcome_name(answer->outcome)));
    if (answer->anonymous != answer->outcome)
        print_member("anonymous",
                     as_str(imgrw_registry_outcome_name(answer->anonymous)));
    print_member("reason", as_str(reason_of(probe, index)));
    if (answer->http_status > 0)
        printf(", \"status\": %u", answer->http_status);
    print_member("digest", answer->digest);
    if (answer->digest.size > 0)
        printf(", \"digestIsProved\": %s",
               answer->digest_is_proved ? "true" : "false");
    print_member("mediaType", answer->media_type);
    for (size_t i = 0; i < answer->platform_count; i++) {
        fputs(i == 0 ? ", \"platforms\": [" : ", ", stdout);
        print_platform(&answer->platforms[i]);
    }
    if (answer->platform_count > 0)
        putchar(']');
    if (answer->rate_remaining >= 0)
        printf(", \"rateRemaining\": %ld", answer->rate_remaining);
    if (answer->login)
        print_member("login", as_str(answer->login));
    print_expiry(answer->login_expires_at);
    puts("}");
}

/* Whether an image is private, by what is known or by the policy; -1: there is
 * no saying. */
static int
is_private(const struct probe *probe, const struct imgrw_answer *answer)
{
    switch (answer->anonymous) {
    case IMGRW_REGISTRY_PUBLIC:
        return 0;
    case IMGRW_REGISTRY_DENIED:
        return 1;
    case IMGRW_REGISTRY_ABSENT:
        return -1;
    default:
        return probe->unknown == UNKNOWN_ERROR
                   ? -1
                   : probe->unknown == UNKNOWN_PRIVATE;
    }
}

static void
print_known(const struct probe *probe)
{
    const struct imgrw_answer *answer;

    puts("# Written by imgrewrite probe, for --known-images.\n"
         "apiVersion: imgrewrite/v1\nkind: RewriteRules\nknownImages:");
    for (size_t i = 0; (answer = imgrw_registry_answer(probe->client, i));
         i++) {
        int answered = is_private(probe, answer);

        if (answered < 0)
            continue;
        fputs("- image: ", stdout);
        print_string(answer->reference);
        printf("\n  isPrivate: %s\n", answered ? "true" : "false");
    }
}

/* What the last column has: the digest of what can be pulled, or the reason. */
static imgrw_str
last_cell(const struct probe *probe, size_t index)
{
    const struct imgrw_answer *answer =
        imgrw_registry_answer(probe->client, index);

    return probe->options.resolve && answer->digest.size > 0
               ? answer->digest
               : as_str(reason_of(probe, index));
}

static void
print_padded(imgrw_str text, size_t width)
{
    print_plain(stdout, text);
    printf("%*s", (int)(width - text.size) + 2, "");
}

static imgrw_str
outcome_of(const struct imgrw_answer *answer)
{
    return as_str(imgrw_registry_outcome_name(answer->outcome));
}

static void
widen(size_t *width, imgrw_str cell)
{
    *width = cell.size > *width ? cell.size : *width;
}

static void
print_table(const struct probe *probe)
{
    const struct imgrw_answer *answer;
    size_t widths[3] = {0};

    for (size_t i = 0; (answer = imgrw_registry_answer(probe->client, i));
         i++) {
        widen(&widths[0], answer->reference);
        widen(&widths[1], outcome_of(answer));
        if (has_rules(probe))
            widen(&widths[2], copy_of_answer(probe, i)->source);
    }
    for (size_t i = 0; (answer = imgrw_registry_answer(probe->client, i));
         i++) {
        print_padded(answer->reference, widths[0]);
        print_padded(outcome_of(answer), widths[1]);
        if (has_rules(probe))
            print_padded(copy_of_answer(probe, i)->source, widths[2]);
        print_plain(stdout, last_cell(probe, i));
        putchar('\n');
    }
}

bool
print_answers(const struct probe *probe)
{
    if (is_lock(probe))
        return print_lock(probe);
    if (probe->output == OUTPUT_TABLE)
        print_table(probe);
    else if (probe->output == OUTPUT_KNOWN_IMAGES)
        print_known(probe);
    else
        for (size_t i = 0; i < imgrw_registry_count(probe->client); i++)
            print_json(probe, i);
    return true;
}

size_t
count_outcomes(const struct probe *probe,
               size_t counts[IMGRW_REGISTRY_OUTCOMES])
{
    const struct imgrw_answer *answer;
    size_t unknown = probe->left_out;

    for (size_t i = 0; (answer = imgrw_registry_answer(probe->client, i));
         i++) {
        counts[answer->outcome]++;
        unknown += !imgrw_registry_outcome_is_fact(answer->outcome);
    }
    return unknown;
}

void
print_outcomes(const size_t counts[IMGRW_REGISTRY_OUTCOMES])
{
    const char *comma = ": ";

    for (int i = 0; i < IMGRW_REGISTRY_OUTCOMES; i++) {
        if (counts[i] == 0)
            continue;
        fprintf(stderr, "%s%zu %s", comma, counts[i],
                imgrw_registry_outcome_name((enum imgrw_registry_outcome)i));
        comma = ", ";
    }
}

static void
print_summary(const struct probe *probe,
              const size_t counts[IMGRW_REGISTRY_OUTCOMES])
{
    size_t total = imgrw_registry_count(probe->client);

    fprintf(stderr, "imgrewrite: %zu image%s asked for", total,
            total == 1 ? "" : "s");
    print_outcomes(counts);
    fputc('\n', stderr);
}

/* Whether an image is not in what was printed. */
static bool
is_missing(const struct probe *probe, const struct imgrw_answer *answer)
{
    return is_lock(probe) ? is_unpinned(answer)
                          : is_private(probe, answer) < 0;
}

/* Says which images are not in the list of known ones, or in a lock, and why:
 * the table says it by itself. Returns how many there are. */
static size_t
tell_missing(const struct probe *probe)
{
    const struct imgrw_answer *answer;
    size_t told = 0, missing = 0;

    for (size_t i = 0; (answer = imgrw_registry_answer(probe->client, i));
         i++) {
        bool is_absent = !is_lock(probe) &&
                         answer->anonymous == IMGRW_REGISTRY_ABSENT;

        missing += is_missing(probe, answer);
        if (!is_missing(probe, answer) ||
            (is_absent && probe->settings.quiet) ||
            (told++ >= MANY && !probe->settings.verbose))
            continue;
        print_head(is_absent ? "warning" : "error");
        print_plain(stderr, answer->reference);
        fputs(": ", stderr);
        print_plain(stderr, as_str(answer->reason));
        fputc('\n', stderr);
    }
    if (told > MANY && !probe->settings.verbose) {
        print_head("error");
        fprintf(stderr, "and so for %zu more; -v says which\n", told - MANY);
    }
    return missing;
}

int
judge_answers(const struct probe *probe)
{
    size_t counts[IMGRW_REGISTRY_OUTCOMES] = {0};
    size_t unknown = count_outcomes(probe, counts), missing = 0;

    fflush(stdout);
    if (probe->output == OUTPUT_KNOWN_IMAGES || is_lock(probe))
        missing = tell_missing(probe) + probe->left_out;
    if (!probe->settings.quiet)
        print_summary(probe, counts);
    if (is_lock(probe) && missing > 0) {
        complain("%zu image%s not in the lock: with it, %s would not be pinned",
                 missing, missing == 1 ? " is" : "s are",
                 missing == 1 ? "it" : "they");
        return EXIT_TROUBLE;
    }
    if (unknown == 0 || probe->unknown != UNKNOWN_ERROR)
        return EXIT_DONE;
    complain("nothing is known of %zu image%s; ask again, or say what such "
             "images are: --unknown private or public", unknown,
             unknown == 1 ? "" : "s");
    return EXIT_TROUBLE;
}
