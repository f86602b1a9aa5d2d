#include "kustomize/patched_resources.h"
#include "base/error.h"
#include "base/str.h"
#include "kustomize/built_resources.h"
#include "kustomize/kind_changes.h"
#include "kustomize/text.h"

#include <stdlib.h>

/* Resources that are being checked. */
struct resource_check {
    struct irw_trees *trees;
    const struct irw_tree_options *options;
    irw_refusal_list *refusals;
    struct irw_value_texts texts;
    struct irw_built_resources built;
    struct imgrw_error *error;
};

/* A resource as it is built now, as it will be, and as it should be. */
struct value_comparison {
    struct irw_value_work *work;
    const struct imgrw_manifest *manifest; /* of the first */
    const struct irw_value *differs; /* a value of the first that will not be
                                        what it should; NULL: none was met */
};

/* Whether what is in a value is followed elsewhere: images that are one text,
 * or stay because their line says so. */
static bool
is_followed(const struct value_comparison *all, const struct irw_value *value)
{
    const struct irw_findings *findings = &all->manifest->findings;
    bool followed = false;

    if (!irw_value_take(all->work, findings->site_count))
        return false;
    for (size_t i = 0; i < findings->site_count; i++) {
        const struct irw_site *site = &findings->sites[i];
        size_t offset = site->image.at.offset;

        if (offset < value->from || offset >= value->to)
            continue;
        if (site->part_count > 1 || site->parts[0].role != IRW_ROLE_WHOLE ||
            site->image.reason == IMGRW_REASON_BASE)
            return false;
        followed = true;
    }
    return followed;
}

static void compare(struct value_comparison *all, const struct irw_value *now,
                    const struct irw_value *then,
                    const struct irw_value *wanted);

static void
note(struct value_comparison *all, const struct irw_value *value)
{
    if (!all->differs)
        all->differs = value;
}

/* The child with a key, which is mostly the one that is next. */
static const struct irw_value *
find_child(struct value_comparison *all, const struct irw_value *mapping,
     const struct irw_value *next, imgrw_str key)
{
    return next && irw_equal(next->key, key)
               ? next
               : irw_value_find(all->work, mapping, key);
}

/* Compares what one of two mappings has that is not there now: the rules may
 * add a part of an image. */
static void
compare_added(struct value_comparison *all, const struct irw_value *now,
              const struct irw_value *one, const struct irw_value *other)
{
    const struct irw_value *next = now->first;

    for (const struct irw_value *child = one->first;
         child && irw_value_take(all->work, 1); child = child->next) {
        const struct irw_value *found = find_child(all, now, next, child->key);

        next = found ? found->next : next;
        if (child->type != IRW_VALUE_SCALAR || found)
            continue;
        found = irw_value_find(all->work, other, child->key);
        if (!found || !irw_equal(found->text, child->text))
            note(all, now);
    }
}

static void
compare_children(struct value_comparison *all, const struct irw_value *now,
                 const struct irw_value *then, const struct irw_value *wanted)
{
    bool mapping = now->type == IRW_VALUE_MAPPING;
    const struct irw_value *there = then->first, *right = wanted->first;

    for (const struct irw_value *child = now->first;
         child && !all->differs; child = child->next) {
        if (mapping) {
            there = find_child(all, then, there, child->key);
            right = find_child(all, wanted, right, child->key);
        }
        if (!there || !right) {
            note(all, child);
            return;
        }
        compare(all, child, there, right);
        there = there->next;
        right = right->next;
    }
    if (!mapping)
        return;
    compare_added(all, now, then, wanted);
    compare_added(all, now, wanted, then);
}

/* Notes where a resource differs, in the order of its values. */
static void
compare(struct value_comparison *all, const struct irw_value *now,
        const struct irw_value *then, const struct irw_value *wanted)
{
    if (all->differs || !irw_value_take(all->work, 1))
        return;
    if (then->type != now->type || wanted->type != now->type)
        note(all, now);
    else if (now->type != IRW_VALUE_SCALAR)
        compare_children(all, now, then, wanted);
    else if (!irw_equal(then->text, wanted->text) &&
             !is_followed(all, now))
        note(all, now);
}

/* Where a value of a resource stands; what stands in a patch that is part of a
 * kustomization is where that names it. */
static struct imgrw_location
locate(struct resource_check *check, const struct irw_built *resource,
       const struct irw_value *value)
{
    struct irw_builds *builds = &check->trees->builds;
    struct imgrw_location at = {.line = 0};
    struct irw_line_cursor cursor = {0};
    struct irw_source source;
    imgrw_str text;

    if (value->file != SIZE_MAX &&
        irw_builds_text(builds, value->file, &text, check->error) == IMGRW_OK &&
        irw_source_open(text, builds->files[value->file].path, text.size + 1,
                        &source, NULL) == IMGRW_OK)
        at = irw_source_locate(&source, &cursor, value->offset);
    return at.line > 0 ? at : resource->patch;
}

/* Refuses a resource for the sake of a value. */
static enum imgrw_status
refuse(struct resource_check *check, const struct irw_built *resource,
       const struct irw_value *value)
{
    const struct imgrw_location *patch = &resource->patch;
    const char *then = resource->is_unknown
                           ? "it is not known what image kustomize would build "
                             "here: write the patch in another way"
                           : "kustomize would build another image here than "
                             "the rules ask for: have the patch set all parts "
                             "of it";

    return irw_refuse(check->refusals,
                      value->file == SIZE_MAX ? resource->patch_file
                                              : value->file,
                      locate(check, resource, value),
                      "with the patch (%.80s:%u:%u), %s, or leave this tree "
                      "out",
                      patch->path, (unsigned)patch->line,
                      (unsigned)patch->column, then)
               ? IMGRW_OK
               : irw_fail_memory(check->error);
}

/* Sets what the rules make of a text, in an arena. */
static enum imgrw_status
rewrite(struct resource_check *check, const struct imgrw_manifest *manifest,
        imgrw_str *made)
{
    const struct irw_tree_options *options = check->options;
    struct imgrw_plan *plan = NULL;
    enum imgrw_status status = imgrw_plan_new(
        manifest, options->rules, options->plan, &plan, NULL);

    if (status == IMGRW_OK && imgrw_plan_count(plan) > 0) {
        *made = imgrw_plan_text(plan);
        if (!irw_arena_keep(check->built.work.arena, made))
            status = IMGRW_ERR_MEMORY;
    }
    imgrw_plan_free(plan);
    return status;
}

/* Reads a text that has been written. */
static enum imgrw_status
read_again(struct resource_check *check, imgrw_str text,
           struct irw_value **value)
{
    struct irw_value_work *work = &check->built.work;
    struct irw_kustomize_text read;
    enum imgrw_status status =
        irw_kustomize_text_read(text, NULL, work->arena, &read);

    *value = NULL;
    if (status == IMGRW_OK && read.tree.document_count > 0)
        *value = irw_value_read(work, &read.tree, irw_kustomize_root(&read, 0),
                                SIZE_MAX);
    irw_kustomize_text_clear(&read);
    return status;
}

/* Sets the value of a resource that will not be what it should; NULL: there is
 * none. `text` is what it is now. */
static enum imgrw_status
find_difference(struct resource_check *check, const struct irw_built *resource,
                imgrw_str text, const struct irw_value **differs)
{
    struct value_comparison comparison = {.work = &check->built.work};
    struct imgrw_manifest *manifest = NULL;
    struct irw_value *wanted = NULL;
    imgrw_str made = text;
    enum imgrw_status status = imgrw_manifest_parse(
        text, NULL, check->options->parse, &manifest, NULL);

    if (status == IMGRW_OK)
        status = rewrite(check, manifest, &made);
    if (status == IMGRW_OK)
        status = read_again(check, made, &wanted);
    comparison.manifest = manifest;
    if (status != IMGRW_OK || resource->fails)
        note(&comparison, resource->before);
    else if (resource->is_unknown || !resource->after)
        comparison.differs = made.data != text.data || resource->may_have_parts
                                 ? resource->before
                                 : NULL;
    else if (wanted)
        compare(&comparison, resource->before, resource->after, wanted);
    *differs = comparison.differs;
    imgrw_manifest_free(manifest);
    return status == IMGRW_ERR_MEMORY
               ? irw_fail_memory(check->error)
               : irw_value_work_end(&check->built.work, check->error);
}

/* Checks a resource. */
static enum imgrw_status
check_resource(struct resource_check *check, const struct irw_built *resource)
{
    struct irw_text text = {0};
    const struct irw_value *differs = NULL;
    enum imgrw_status status;

    irw_value_write(&check->built.work, resource->before, &text);
    status = irw_value_work_end(&check->built.work, check->error);
    if (status == IMGRW_OK)
        status = find_difference(check, resource,
                                 (imgrw_str){text.data, text.size}, &differs);
    if (status == IMGRW_OK && differs)
        status = refuse(check, resource, differs);
    irw_text_clear(&text);
    return status;
}

/* Checks the resources of a build, in one of the ways in which what is not sure
 * may be. */
static enum imgrw_status
check_build(struct resource_check *check, const struct irw_build *build,
            unsigned choices)
{
    enum imgrw_status status;

    check->built.choices = choices;
    status = irw_built_resources_make(&check->built, build);
    for (size_t i = 0; i < check->built.list.count && status == IMGRW_OK; i++) {
        const struct irw_built *resource = &check->built.list.items[i];

        if (resource->is_patched && !resource->is_gone)
            status = check_resource(check, resource);
    }
    return status;
}

/* Notes whether a build has patches, or is built from what has some, which is
 * noted before. */
static bool
note_patches(const struct irw_builds *builds, const struct irw_build *build,
             bool *has)
{
    bool *own = &has[build - builds->items.items];

    for (size_t i = 0; i < build->steps.count; i++) {
        const struct irw_build_step *step = &build->steps.items[i];

        *own |= step->role == IRW_PATH_PATCH ||
                step->role == IRW_PATH_LATE_PATCH ||
                (step->target == IRW_TARGET_BUILD && has[step->index]);
    }
    return *own && !build->broken && !build->is_list &&
           !build->before.is_component;
}

/* How many ways there are to build what patches may be for. */
static unsigned
count_choices(const struct irw_built_resources *built)
{
    return 1u << (built->unsure < IRW_MOST_UNSURE ? built->unsure
                                                  : IRW_MOST_UNSURE);
}

/* Refuses a build of which too much would have to be looked at. */
static enum imgrw_status
refuse_large(struct resource_check *check, const struct irw_build *build)
{
    const struct imgrw_location at = {
        check->trees->builds.files[build->file].path, 0, 1, 1};

    check->texts.work.spent = false;
    return irw_refuse(check->refusals, build->file, at,
                      "what the patches (%.80s:1:1) build is too much to be "
                      "checked: leave this tree out",
                      at.path)
               ? IMGRW_OK
               : irw_fail_memory(check->error);
}

static enum imgrw_status
check_all(struct resource_check *check, bool *has)
{
    const struct irw_builds *builds = &check->trees->builds;
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < builds->order.count && status == IMGRW_OK; i++) {
        const struct irw_build *build =
            &builds->items.items[builds->order.items[i]];

        status = irw_kind_changes_check(&check->texts, build, check->refusals);
        if (!note_patches(builds, build, has))
            continue;
        check->built.unsure = 0;
        for (unsigned choices = 0;
             status == IMGRW_OK && choices < count_choices(&check->built);
             choices++)
            status = check_build(check, build, choices);
        if (status == IMGRW_ERR_LIMIT)
            status = refuse_large(check, build);
    }
    return status;
}

enum imgrw_status
irw_patched_resources_check(struct irw_trees *trees,
                            const struct irw_tree_options *options,
                            irw_refusal_list *refusals,
                            struct imgrw_error *error)
{
    struct irw_arena arena = {0}, built = {0};
    struct resource_check check = {
        .trees = trees,
        .options = options,
        .refusals = refusals,
        .built = {.work = {.arena = &built}},
        .error = error,
    };
    bool *has = calloc(trees->builds.items.count + 1, sizeof(*has));
    enum imgrw_status status =
        irw_value_texts_open(&check.texts, trees, &arena, error);

    check.built.texts = &check.texts;
    if (status == IMGRW_OK)
        status = has ? check_all(&check, has) : irw_fail_memory(error);
    irw_built_resources_clear(&check.built);
    irw_value_texts_clear(&check.texts);
    irw_arena_clear(&arena);
    free(has);
    return status;
}
