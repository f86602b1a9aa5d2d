#include "targets.h"

#include <stdlib.h>
#include <string.h>

bool
has_rules(const struct probe *probe)
{
    return probe->given.count > 0;
}

bool
prints_copies(const struct probe *probe)
{
    return probe->output >= OUTPUT_MAPPING && probe->output <= OUTPUT_REGSYNC;
}

/* Checks that the options make sense together. */
static bool
check_options(const struct probe *probe)
{
    bool is_of_places = probe->output == OUTPUT_TABLE ||
                        probe->output == OUTPUT_JSON ||
                        probe->output == OUTPUT_REGISTRY_AUTH ||
                        prints_copies(probe);

    if (has_rules(probe) && !is_of_places)
        complain("with rules the new places are asked for, of which there is "
                 "-o table, json, registry-auth, mapping, skopeo-copy, "
                 "crane-copy and regsync; for others leave the rules out, and "
                 "name the manifests as they are, or as they were rewritten");
    else if (!has_rules(probe) && probe->target_unknown != TARGET_UNKNOWN)
        complain("--unknown missing and there are of new places, for which "
                 "there have to be rules; for images there are error, private "
                 "and public");
    else
        return true;
    return false;
}

bool
begin_targets(struct probe *probe)
{
    probe->copies.settings = &probe->settings;
    probe->copies.missing = "not asked for";
    if (!check_options(probe))
        return false;
    return (!has_rules(probe) && !prints_copies(probe)) ||
           begin_copies(&probe->copies, "probe");
}

/* Adds the target of a copy. */
static bool
add_target(struct probe *probe, size_t index, const struct imgrw_copy *copy)
{
    struct imgrw_error error;

    if (imgrw_registry_add(probe->client, copy->target, &error) == IMGRW_OK) {
        probe->asked[imgrw_registry_count(probe->client) - 1] = index;
        return true;
    }
    error.at = copy->at;
    print_error(&error);
    return false;
}

bool
add_targets(struct probe *probe)
{
    struct imgrw_copy_list *list = probe->copies.list;
    const struct imgrw_copy *copy;
    bool good = !probe->copies.failed;

    tell_gathered(&probe->copies);
    probe->asked = calloc(imgrw_copy_list_count(list) + 1,
                          sizeof(*probe->asked));
    if (!probe->asked) {
        complain("out of memory");
        return false;
    }
    for (size_t i = 0; (copy = imgrw_copy_list_item(list, i)); i++)
        good &= add_target(probe, i, copy);
    return good;
}

const struct imgrw_copy *
copy_of_answer(const struct probe *probe, size_t index)
{
    return imgrw_copy_list_item(probe->copies.list, probe->asked[index]);
}

/* Whether a target has a tag alone, though the digest of the source is known.
 * The tag may have another image. */
static bool
has_tag_for_digest(const struct imgrw_copy *copy)
{
    return copy->digest.size > 0 &&
           !memchr(copy->target.data, '@', copy->target.size);
}

static bool
can_be_pulled(const struct imgrw_answer *answer)
{
    return answer->outcome == IMGRW_REGISTRY_PUBLIC ||
           answer->outcome == IMGRW_REGISTRY_PULLABLE;
}

static bool
begins_with(imgrw_str text, imgrw_str start)
{
    return text.size >= start.size &&
           memcmp(text.data, start.data, start.size) == 0;
}

/* Whether what a tag has is the source. Digests of two algorithms cannot be
 * compared. */
static enum target_state
compare_digests(imgrw_str source, imgrw_str target)
{
    const char *end = memchr(source.data, ':', source.size);
    imgrw_str algorithm = {source.data, end ? (size_t)(end - source.data) : 0};

    if (!begins_with(target, algorithm))
        return TARGET_UNKNOWN;
    return source.size == target.size && begins_with(target, source)
               ? TARGET_THERE
               : TARGET_MISSING;
}

enum target_state
state_of_target(const struct probe *probe, size_t index)
{
    const struct imgrw_answer *answer =
        imgrw_registry_answer(probe->client, index);
    const struct imgrw_copy *copy = copy_of_answer(probe, index);

    if (answer->outcome == IMGRW_REGISTRY_ABSENT)
        return TARGET_MISSING;
    if (!can_be_pulled(answer))
        return TARGET_UNKNOWN;
    return has_tag_for_digest(copy)
               ? compare_digests(copy->digest, answer->digest)
               : TARGET_THERE;
}

const char *
reason_of(const struct probe *probe, size_t index)
{
    const struct imgrw_answer *answer =
        imgrw_registry_answer(probe->client, index);

    if (!has_rules(probe) || !can_be_pulled(answer))
        return answer->reason;
    switch (state_of_target(probe, index)) {
    case TARGET_MISSING:
        return "the tag has another digest than the source";
    case TARGET_UNKNOWN:
        return "the tag has a digest of another algorithm than the source, and "
               "so there is no telling whether it is the same image";
    default:
        return answer->reason;
    }
}
