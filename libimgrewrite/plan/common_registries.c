#include "plan/common_registries.h"
#include "base/error.h"
#include "base/str.h"
#include "manifest/reference_parts.h"

#include <stdio.h>
#include <stdlib.h>

/* A site that is joined to such a registry, or that is the registry itself, as
 * a field that a user named. */
struct member {
    uint64_t registry; /* the id of its scalar */
    uint32_t node;     /* that, or an alias of it */
    bool alias;
    bool itself;
    size_t site;
    imgrw_str wanted;  /* what the registry must become for it; data NULL: it
                          has another name, which no registry gives it */
    bool into_name; /* where its name takes "library" */
    bool has_tag; /* it has that name or, where this is set, another tag, which
                     others read as well */
};

/* The members with one registry. */
struct joined {
    struct irw_common_registries *common;
    const struct irw_piece *piece;
    struct member *members;
    size_t count;       /* of images; what is the registry follows them */
    imgrw_str registry; /* as it is */
    unsigned line;      /* where that is */
};

/* Those that have the scalar itself come first, then those with one alias; what
 * is the registry comes last. */
static int
by_registry(const void *one, const void *other)
{
    const struct member *a = one, *b = other;

    if (a->registry != b->registry)
        return a->registry > b->registry ? 1 : -1;
    if (a->itself != b->itself)
        return a->itself ? 1 : -1;
    if (a->alias != b->alias)
        return a->alias ? 1 : -1;
    if (a->node != b->node)
        return a->node > b->node ? 1 : -1;
    return (a->site > b->site) - (a->site < b->site);
}

static bool
is_changed(const struct irw_common_registries *common, size_t site)
{
    return common->decisions[site].outcome.result == IMGRW_REWRITTEN &&
           common->decisions[site].obstacle.size == 0;
}

/* Sets what the registry of a member must become. */
static enum imgrw_status
find_wanted(const struct irw_common_registries *common,
            const struct irw_piece *piece, struct member *member)
{
    const struct irw_site *site =
        &common->manifest->findings.sites[member->site];
    const struct irw_part *registry =
        member->itself ? site->parts : irw_common_registry(site);
    struct irw_split split = {
        .tree = irw_findings_tree(&common->manifest->findings, &piece->tree,
                                  site->document),
        .site = site,
        .arena = common->arena,
        .into_registry = common->into_registry,
        .into_name = member->into_name,
    };
    enum imgrw_status status = IMGRW_OK;

    member->wanted = irw_tree_text(split.tree, registry->node);
    if (member->itself || !is_changed(common, member->site))
        return IMGRW_OK;
    status = irw_split(&split, common->decisions[member->site].outcome.text,
                       NULL);
    if (status == IMGRW_ERR_EDIT)
        member->wanted = (imgrw_str){0};
    member->has_tag = split.is_fixed;
    for (size_t i = 0; status == IMGRW_OK && i < split.count; i++)
        if (split.wishes[i].node == registry->node)
            member->wanted = split.wishes[i].with;
    return status == IMGRW_ERR_MEMORY ? status : IMGRW_OK;
}

/* Whether the member would have its registry changed. */
static bool
moves(const struct joined *joined, const struct member *member)
{
    return !member->wanted.data || !irw_equal(member->wanted, joined->registry);
}

/* Whether two members want the same; what cannot be said is never the same. */
static bool
are_alike(const struct member *one, const struct member *other)
{
    return one->wanted.data && other->wanted.data &&
           irw_equal(one->wanted, other->wanted);
}

/* The first member that is not like the first of all; NULL: all are alike. */
static const struct member *
find_odd(const struct joined *joined)
{
    for (size_t i = 0; i < joined->count; i++)
        if (!are_alike(&joined->members[i], joined->members))
            return &joined->members[i];
    return NULL;
}

static bool
ends_in_library(imgrw_str registry)
{
    registry.size -= irw_ends_with(registry, IRW_STR("/"));
    return irw_ends_with(registry, IRW_STR("/library"));
}

/* Has the names of Docker Hub's library take that word, which none of the other
 * names has, where all agree on the registry then. */
static enum imgrw_status
try_names(struct joined *joined)
{
    struct member *tried =
        irw_arena_calloc(joined->common->arena, joined->count, sizeof(*tried));
    const struct joined trial = {.members = tried, .count = joined->count};
    enum imgrw_status status = tried ? IMGRW_OK : IMGRW_ERR_MEMORY;

    for (size_t i = 0; i < joined->count && status == IMGRW_OK; i++) {
        tried[i] = joined->members[i];
        if (!ends_in_library(tried[i].wanted))
            continue;
        tried[i].into_name = true;
        status = find_wanted(joined->common, joined->piece, &tried[i]);
        if (!tried[i].wanted.data)
            tried[i] = joined->members[i];
    }
    if (status != IMGRW_OK || find_odd(&trial))
        return status;
    for (size_t i = 0; i < joined->count; i++) {
        joined->members[i] = tried[i];
        joined->common->into_names[tried[i].site] = tried[i].into_name;
    }
    return IMGRW_OK;
}

/* Why the member stays: `other`, which may be itself, goes another way. */
static char *
explain(const struct joined *joined, const struct member *member,
        const struct member *other)
{
    const struct irw_common_registries *common = joined->common;
    const struct irw_site *site =
        &common->manifest->findings.sites[other->site];
    char text[512];

    if (!other->wanted.data)
        snprintf(text, sizeof(text),
                 "its registry, on line %u, stands before the names of other "
                 "images as well, and %s%.*s would get another %s there; give "
                 "it a registry of its own",
                 joined->line, other == member ? "" : "by the rules ",
                 IRW_PRINT(site->image.text), other->has_tag ? "tag" : "name");
    else
        snprintf(text, sizeof(text),
                 "its registry, on line %u, is that of %.*s on line %u as "
                 "well, which %s%.*s; give one of them a registry of its own",
                 joined->line, IRW_PRINT(site->image.text),
                 (unsigned)site->image.at.line,
                 moves(joined, other) ? "goes to " : "stays below ",
                 IRW_PRINT(other->wanted));
    return irw_arena_copy(common->arena, irw_str(text));
}

/* Has all members follow the first one, as aliases follow the scalar that they
 * repeat. Where nothing has that scalar itself, it may be something else, and
 * each alias is replaced. */
static void
lead(const struct joined *joined)
{
    const struct member *first = joined->members;

    for (size_t i = 0; i < joined->count; i++) {
        const struct member *member = &joined->members[i];

        if (first->alias && member->node != first->node)
            first = member;
        if (moves(joined, member))
            joined->common->leaders[member->site] = (uint32_t)first->site;
    }
}

static bool
settle_joined(struct joined *joined)
{
    struct irw_common_registries *common = joined->common;
    const struct member *odd = find_odd(joined);
    const struct irw_site *first =
        &common->manifest->findings.sites[joined->members->site];

    if (odd && try_names(joined) != IMGRW_OK)
        return false;
    odd = find_odd(joined);
    if (!odd)
        lead(joined);
    else
        joined->line = irw_source_locate(&common->manifest->source,
                                        &common->cursor, first->common_offset)
                          .line;
    for (size_t i = 0; odd && i < joined->count; i++) {
        const struct member *member = &joined->members[i];
        char *why;

        if (!moves(joined, member))
            continue;
        why = explain(joined, member,
                      !member->wanted.data               ? member
                      : are_alike(member, joined->members) ? odd
                                                          : joined->members);
        if (!why)
            return false;
        common->decisions[member->site].obstacle = irw_str(why);
    }
    return true;
}

/* Whether the site has such a registry, or is one. */
static bool
is_member(const struct irw_common_registries *common,
          const struct irw_piece *piece, const struct irw_site *site)
{
    const struct irw_tree *tree = irw_findings_tree(
        &common->manifest->findings, &piece->tree, site->document);

    return irw_common_registry(site) ||
           (site->parts[0].role == IRW_ROLE_WHOLE &&
            tree->nodes[site->parts[0].node].joined);
}

/* Finds out about a site that is a member. */
static enum imgrw_status
read_member(const struct irw_common_registries *common,
            const struct irw_piece *piece, size_t number, struct member *member)
{
    const struct irw_findings *findings = &common->manifest->findings;
    const struct irw_site *site = &findings->sites[number];
    const struct irw_tree *tree =
        irw_findings_tree(findings, &piece->tree, site->document);
    const struct irw_part *registry = irw_common_registry(site);
    uint32_t node = registry ? registry->node : site->parts[0].node;
    uint32_t scalar = irw_tree_follow(tree, node);

    *member = (struct member){
        .registry = (uint64_t)site->document << 32 | scalar,
        .node = node,
        .alias = scalar != node,
        .itself = !registry,
        .site = number,
    };
    return find_wanted(common, piece, member);
}

/* Lists the members among the sites of the piece, those with one registry next
 * to each other. NULL: memory is out. */
static struct member *
list_members(const struct irw_common_registries *common,
             const struct irw_piece *piece, size_t *count)
{
    struct member *members = calloc(piece->site_count + 1, sizeof(*members));
    size_t end = piece->first_site + piece->site_count;
    bool good = members != NULL;

    *count = 0;
    for (size_t i = piece->first_site; good && i < end; i++)
        if (is_member(common, piece, &common->manifest->findings.sites[i]))
            good = read_member(common, piece, i, &members[(*count)++]) ==
                   IMGRW_OK;
    if (good) {
        qsort(members, *count, sizeof(*members), by_registry);
        return members;
    }
    free(members);
    return NULL;
}

/* What is the registry itself becomes what the images make of it. */
static void
settle_itself(const struct joined *joined, const struct member *itself)
{
    struct irw_common_registries *common = joined->common;
    struct imgrw_decision *decision = &common->decisions[itself->site];
    const struct member *first = joined->members;

    decision->obstacle = (imgrw_str){0};
    if (common->leaders[first->site] != UINT32_MAX) {
        decision->outcome = common->decisions[first->site].outcome;
        decision->outcome.text = first->wanted;
        common->leaders[itself->site] = common->leaders[first->site];
    } else if (decision->outcome.result == IMGRW_REWRITTEN) {
        decision->obstacle =
            IRW_STR("the images that are joined to it do not move with it");
    }
}

/* Settles what begins with the first of `left` members and has its registry;
 * returns how many that are. */
static size_t
settle_first(struct irw_common_registries *common,
             const struct irw_piece *piece, struct member *first, size_t left,
             bool *good)
{
    const struct irw_findings *findings = &common->manifest->findings;
    const struct irw_site *site = &findings->sites[first->site];
    struct joined joined = {
        .common = common, .piece = piece, .members = first};
    size_t same = 0;

    while (same < left && first[same].registry == first->registry)
        joined.count += !first[same++].itself;
    if (joined.count == 0) /* its images are not among those asked for */
        return same;
    joined.registry = irw_tree_text(
        irw_findings_tree(findings, &piece->tree, site->document),
        first->node);
    *good = settle_joined(&joined);
    for (size_t i = joined.count; i < same && *good; i++)
        settle_itself(&joined, &first[i]);
    return same;
}

enum imgrw_status
irw_common_registries_settle(struct irw_common_registries *common,
                             const struct irw_piece *piece,
                             struct imgrw_error *error)
{
    size_t count;
    struct member *members = list_members(common, piece, &count);
    bool good = members != NULL;

    for (size_t i = 0; good && i < count;)
        i += settle_first(common, piece, &members[i], count - i, &good);
    free(members);
    return good ? IMGRW_OK : irw_fail_memory(error);
}

void
irw_common_registries_follow(const struct irw_common_registries *common)
{
    for (size_t i = 0; i < common->manifest->findings.site_count; i++) {
        struct imgrw_decision *decision = &common->decisions[i];
        const struct imgrw_decision *leader;

        if (common->leaders[i] == UINT32_MAX || common->leaders[i] == i)
            continue;
        leader = &common->decisions[common->leaders[i]];
        if (decision->obstacle.size == 0)
            decision->obstacle = leader->obstacle;
        if (decision->edit == SIZE_MAX) {
            decision->edit = leader->edit;
            decision->edit_count = leader->edit_count;
        }
    }
}
