#include "print_lock.h"

#include <stdlib.h>
#include <string.h>

bool
is_lock(const struct probe *probe)
{
    return probe->output == OUTPUT_LOCK || probe->output == OUTPUT_DIGEST_LOCK;
}

/* Splits the reference of an answer; one that was asked for is good. */
static struct imgrw_reference
split(const struct imgrw_answer *answer)
{
    struct imgrw_reference reference = {.tag = as_str("")};

    (void)!imgrw_reference_parse(answer->reference, &reference, NULL);
    return reference;
}

bool
is_unpinned(const struct imgrw_answer *answer)
{
    return !answer->digest_is_proved && split(answer).digest.size == 0;
}

/* Orders answers by their references; for qsort. */
static int
by_reference(const void *a, const void *b)
{
    imgrw_str one = (*(const struct imgrw_answer *const *)a)->reference;
    imgrw_str other = (*(const struct imgrw_answer *const *)b)->reference;
    int order = memcmp(one.data, other.data,
                       one.size < other.size ? one.size : other.size);

    return order ? order : (one.size > other.size) - (one.size < other.size);
}

static bool
is_same(const struct imgrw_answer *one, const struct imgrw_answer *other)
{
    return one->reference.size == other->reference.size &&
           memcmp(one->reference.data, other->reference.data,
                  one->reference.size) == 0;
}

/* Prints what an image becomes: with its digest, and its tag where that is
 * kept. References have no characters that a quoted scalar would escape. */
static void
print_pin(const struct probe *probe, const struct imgrw_answer *answer)
{
    struct imgrw_reference reference = split(answer);
    imgrw_str kept = answer->reference;

    if (probe->output == OUTPUT_DIGEST_LOCK)
        kept.size = (size_t)(reference.repository.data +
                             reference.repository.size - kept.data);
    printf("- image: \"%.*s\"\n  newImage: \"%.*s@%.*s\"\n"
           "  preresolved: true\n",
           PRINT(answer->reference), PRINT(kept), PRINT(answer->digest));
}

bool
print_lock(const struct probe *probe)
{
    size_t count = imgrw_registry_count(probe->client), pins = 0;
    const struct imgrw_answer **list = calloc(count + 1, sizeof(*list));

    if (!list) {
        complain("out of memory");
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct imgrw_answer *answer =
            imgrw_registry_answer(probe->client, i);

        if (answer->digest_is_proved && split(answer).digest.size == 0)
            list[pins++] = answer;
    }
    if (pins > 0)
        qsort(list, pins, sizeof(*list), by_reference);
    puts("# Written by imgrewrite probe, for --rules, and for kbld.\n"
         "apiVersion: kbld.k14s.io/v1alpha1\nkind: Config");
    puts(pins > 0 ? "overrides:" : "overrides: []");
    for (size_t i = 0; i < pins; i++)
        if (i == 0 || !is_same(list[i - 1], list[i]))
            print_pin(probe, list[i]);
    free(list);
    return true;
}
