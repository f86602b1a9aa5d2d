/*
 * An entry should turn what the rules make of an image into what they make of
 * its own result. So each image is followed through the builds as it is and as
 * it should be, and where an entry applies to it, the two show what the entry
 * has to become. Whether it then works for all of them is for check.c to find
 * out.
 */
#include "kustomize/follow.h"
#include "kustomize/data_copies.h"
#include "base/str.h"
#include "base/error.h"

/* How often names that are no aliases after all are sorted out one by one. */
#define MOST_ROUNDS 4

/* A search for what entries become. */
struct following {
    struct irw_flows *flows;
    struct irw_answers *answers;
    struct irw_build_changes *changes;
    bool looking;  /* for aliases, before anything else */
    bool conflict; /* an alias stands in the way of an image */
};

/* An image at an entry: before and after it, as it is and as it should be. */
struct passage {
    struct irw_image_origin *origin;
    imgrw_str from, to;
    imgrw_str new_from, new_to;
};

/* The bytes that both texts end with. */
static size_t
common_end(imgrw_str one, imgrw_str other)
{
    size_t size = 0;

    while (size < one.size && size < other.size &&
           one.data[one.size - 1 - size] == other.data[other.size - 1 - size])
        size++;
    return size;
}

/* How many bytes at its beginning an entry's name takes to say `start`, which
 * may need backslashes there; SIZE_MAX: it does not begin so. */
static size_t
size_of_start(imgrw_str name, imgrw_str start)
{
    size_t at = 0;

    for (size_t i = 0; i < start.size; i++) {
        at += at < name.size && name.data[at] == '\\';
        if (at >= name.size || name.data[at] != start.data[i])
            return SIZE_MAX;
        at++;
    }
    return at;
}

/* What becomes of the name of an entry: its beginning becomes what the
 * beginning of the image's name becomes, unless it matches as it is. */
static enum imgrw_status
make_name(struct following *search, const struct irw_entry *entry,
          const struct passage *passage, imgrw_str *name,
          struct imgrw_error *error)
{
    imgrw_str from = irw_kustomize_split(passage->from).name;
    imgrw_str to = irw_kustomize_split(passage->new_from).name;
    size_t end = common_end(from, to), added = to.size - end;
    size_t start =
        size_of_start(entry->text.name, irw_slice(from, 0, from.size - end));
    char *made;
    bool matches;
    enum imgrw_status status = irw_name_pattern_match(
        &entry->name, passage->new_from, &matches, error);

    *name = entry->text.name;
    if (status != IMGRW_OK || matches || start == SIZE_MAX)
        return status;
    made =
        irw_arena_alloc(&search->flows->arena, added + name->size - start + 1);
    if (!made)
        return irw_fail_memory(error);
    memcpy(made, to.data, added);
    memcpy(made + added, name->data + start, name->size - start);
    *name = (imgrw_str){made, added + name->size - start};
    return IMGRW_OK;
}

/* Has an entry make `text` of an image of the name `from`. */
static void
set_result(imgrw_str from, imgrw_str text, struct irw_kustomize_entry *to)
{
    struct irw_kustomize_image result = irw_kustomize_split(text);

    if (to->new_name.size > 0 ||
        !irw_equal(irw_kustomize_split(from).name, result.name))
        to->new_name = result.name;
    if (to->new_tag.size > 0 && result.tag.size > 0)
        to->new_tag = result.tag;
    if (to->digest.size > 0 && result.digest.size > 0)
        to->digest = result.digest;
}

/* What becomes of an entry for the sake of one image. */
static enum imgrw_status
make_entry(struct following *search, const struct irw_entry *entry,
           const struct passage *passage, struct irw_kustomize_entry *to,
           struct imgrw_error *error)
{
    *to = entry->text;
    if (!irw_equal(passage->to, passage->new_to))
        set_result(passage->new_from, passage->new_to, to);
    return make_name(search, entry, passage, &to->name, error);
}

static bool
is_same(const struct irw_kustomize_entry *one,
        const struct irw_kustomize_entry *other)
{
    return irw_equal(one->name, other->name) &&
           irw_equal(one->new_name, other->new_name) &&
           irw_equal(one->new_tag, other->new_tag) &&
           irw_equal(one->digest, other->digest);
}

/* Takes a word for an image, where it was one of two that do not agree. */
static void
settle_alias(struct following *search, struct irw_image_origin *origin)
{
    search->conflict |= origin->is_alias;
    origin->is_alias = false;
}

/* Takes what an entry has to become for the sake of an image, where others want
 * something else: words make way, and then it becomes two. */
static void
take_other(struct following *search, struct irw_entry_change *change,
           struct irw_image_origin *origin,
           const struct irw_kustomize_entry *to)
{
    struct irw_image_origin *first = (struct irw_image_origin *)change->origin;

    if (origin->is_alias || (first && first->is_alias)) {
        settle_alias(search, origin);
        if (first)
            settle_alias(search, first);
    } else if (!change->has_second) {
        change->has_second = true;
        change->second = *to;
    }
}

/* Notes what an entry has to become for the sake of one image. */
static enum imgrw_status
take_passage(struct following *search, const struct irw_entry *entry,
             struct irw_entry_change *change, const struct passage *passage,
             struct imgrw_error *error)
{
    struct irw_kustomize_entry to;
    enum imgrw_status status = make_entry(search, entry, passage, &to, error);

    if (status != IMGRW_OK)
        return status;
    if (!change->is_met) {
        change->is_met = true;
        change->to = to;
        change->origin = passage->origin;
    } else if (!is_same(&to, &change->to)) {
        take_other(search, change, passage->origin, &to);
    }
    return IMGRW_OK;
}

/* Has an entry work on an image, and notes what it has to become. */
static enum imgrw_status
pass(struct following *search, const struct irw_entry *entry,
     struct irw_entry_change *change, struct irw_flow *flow,
     struct imgrw_error *error)
{
    struct irw_image_origin *origin =
        &search->flows->origins.items[flow->origin];
    struct irw_entry_image image = {flow->before,
                                    irw_flow_passes(search->flows, flow)};
    struct passage passage = {
        .origin = origin,
        .from = flow->before,
        .new_from = flow->after,
    };
    bool matched;
    enum imgrw_status status =
        irw_entry_apply(entry, &image, &search->flows->arena, &matched, error);

    if (status != IMGRW_OK || !matched)
        return status;
    passage.to = passage.new_to = image.text;
    if (!origin->is_ignored)
        status = irw_answers_get(search->answers, image.text, &passage.new_to,
                                 error);
    if (status == IMGRW_OK && !search->looking)
        status = take_passage(search, entry, change, &passage, error);
    if (!flow->first)
        flow->first = entry;
    flow->last = entry;
    flow->before = passage.to;
    flow->after = passage.new_to;
    return status;
}

/* Notes what becomes of an entry that is for many names, for the sake of what
 * it is for elsewhere: it goes on being for that. */
static enum imgrw_status
take_many(struct following *search, const struct irw_build *build,
          size_t index, struct irw_entry_change *change,
          struct imgrw_error *error)
{
    const struct irw_kustomize_entry *entry =
        &build->before.entries.items[index].text;
    imgrw_str made, wanted;
    enum imgrw_status status;

    change->is_met = true;
    change->to = *entry;
    if (entry->new_name.size == 0 || (build->is_list && !build->list.moves))
        return IMGRW_OK;
    status = irw_flows_make(search->flows, entry, &made, error);
    if (status == IMGRW_OK)
        status = irw_answers_get(search->answers, made, &wanted, error);
    if (status == IMGRW_OK && !irw_equal(made, wanted))
        set_result(made, wanted, &change->to);
    return status;
}

/* Has an entry, by its number, work on all images. */
static enum imgrw_status
apply_entry(struct following *search, const struct irw_build *build,
            size_t index, irw_flow_list *flows, struct imgrw_error *error)
{
    const struct irw_build *first = search->flows->builds->items.items;
    const struct irw_entry *entry = &build->before.entries.items[index];
    struct irw_entry_change *change =
        &search->changes[build - first].entries[index];
    enum imgrw_status status = IMGRW_OK;

    if (irw_name_is_many(&entry->name) && !search->looking &&
        irw_flows_guess(search->flows, build))
        status = take_many(search, build, index, change, error);
    for (size_t i = 0; i < flows->count && status == IMGRW_OK; i++) {
        struct irw_flow *flow = &flows->items[i];

        if (flow->enter <= index)
            status = pass(search, entry, change, flow, error);
        else if (flow->enter == index + 1 && !search->looking)
            status = irw_flows_make(search->flows, &change->to, &flow->after,
                                    error);
    }
    return status;
}

/* The `apply` of the visitor. */
static enum imgrw_status
apply(struct irw_build *build, irw_flow_list *flows, void *user,
      struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0;
         i < build->before.entries.count && status == IMGRW_OK; i++)
        status = apply_entry(user, build, i, flows, error);
    for (size_t i = 0; i < flows->count; i++)
        flows->items[i].enter = 0;
    irw_data_copies_make(((struct following *)user)->flows, build, flows);
    return status;
}

/* The `end` of the visitor, while aliases are looked for: what no entry has
 * given a new name to is an image. */
static enum imgrw_status
end_looking(struct irw_build *build, irw_flow_list *flows, void *user,
            struct imgrw_error *error)
{
    struct following *search = user;

    (void)build;
    (void)error;
    for (size_t i = 0; i < flows->count; i++) {
        const struct irw_flow *flow = &flows->items[i];

        if (flow->is_fresh &&
            !(flow->first && flow->first->text.new_name.size > 0))
            search->flows->origins.items[flow->origin].is_alias = false;
    }
    return IMGRW_OK;
}

/* Forgets what the entries become. */
static enum imgrw_status
clear_changes(struct following *search, struct imgrw_error *error)
{
    struct irw_flows *flows = search->flows;

    for (size_t i = 0; i < flows->builds->items.count; i++) {
        struct irw_build_changes *changes = &search->changes[i];
        size_t count = flows->builds->items.items[i].before.entries.count;

        if (!changes->entries)
            changes->entries = irw_arena_calloc(&flows->arena, count,
                                                sizeof(*changes->entries));
        if (!changes->entries && count > 0)
            return irw_fail_memory(error);
        for (size_t k = 0; k < count; k++)
            changes->entries[k] = (struct irw_entry_change){.is_met = false};
    }
    return IMGRW_OK;
}

/* Has all aliases, and nothing else that is a word, stay what they are. */
static void
keep_aliases(struct irw_flows *flows, bool all_are_images)
{
    for (size_t i = 0; i < flows->origins.count; i++) {
        struct irw_image_origin *origin = &flows->origins.items[i];

        origin->is_alias &= origin->is_built && !all_are_images;
    }
}

/* Runs through all builds once. */
static enum imgrw_status
run_once(struct following *search, struct imgrw_error *error)
{
    const struct irw_flow_visitor visitor = {
        .apply = apply,
        .end = search->looking ? end_looking : NULL,
        .user = search,
    };
    enum imgrw_status status = clear_changes(search, error);

    search->conflict = false;
    return status == IMGRW_OK ? irw_flows_run(search->flows, &visitor, error)
                              : status;
}

enum imgrw_status
irw_follow(struct irw_flows *flows, struct irw_answers *answers,
           struct irw_build_changes *changes, struct imgrw_error *error)
{
    struct following search = {
        .flows = flows,
        .answers = answers,
        .changes = changes,
        .looking = true,
    };
    enum imgrw_status status = run_once(&search, error);

    search.looking = false;
    for (int round = 0; status == IMGRW_OK; round++) {
        keep_aliases(flows, round == MOST_ROUNDS);
        status = run_once(&search, error);
        if (!search.conflict)
            break;
    }
    return status;
}

void
irw_number_entries(struct irw_build *build,
                   const struct irw_build_changes *changes)
{
    struct irw_entry *entries = build->after.entries.items;
    size_t count = build->after.entries.count, at = 0;

    for (size_t i = 0; i < build->before.entries.count && at < count; i++) {
        entries[at++].number = i;
        if (!changes->entries[i].has_second || at == count)
            continue;
        entries[at].number = i;
        entries[at++].is_second = true;
    }
}

bool
irw_entry_changes(const struct irw_entry *entry,
                  const struct irw_entry_change *change)
{
    return change->is_met && !is_same(&entry->text, &change->to);
}
