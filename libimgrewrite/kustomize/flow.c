#include "kustomize/flow.h"
#include "base/error.h"
#include "base/str.h"
#include "kustomize/data_origins.h"

#include <stdio.h>
#include <stdlib.h>

/* More images than any cluster runs: builds that double in every layer would
 * never end. */
#define MOST_FLOWS        ((size_t)8 << 20)
#define DEEPEST_COMPONENT 50
#define MOST_COMPONENTS   10000

/* A run through the builds. */
struct run {
    struct irw_flows *flows;
    const struct irw_flow_visitor *visitor;
    irw_flow_list *list; /* of the build that is run */
    size_t total;        /* images in builds so far */
    size_t components;   /* uses of components in this build */
    unsigned depth;      /* of components in each other */
    struct imgrw_error *error;
};

enum imgrw_status
irw_flows_open(struct irw_flows *flows, struct irw_builds *builds,
               struct imgrw_error *error)
{
    bool failed = false;

    flows->builds = builds;
    for (int i = 0; i < IRW_ORIGIN_USES; i++) {
        flows->first_origin[i] =
            irw_arena_calloc(&flows->arena, builds->file_count + 1,
                             sizeof(*flows->first_origin[i]));
        flows->origin_count[i] =
            irw_arena_calloc(&flows->arena, builds->file_count + 1,
                             sizeof(*flows->origin_count[i]));
        failed |= !flows->first_origin[i] || !flows->origin_count[i];
    }
    flows->made = irw_arena_calloc(&flows->arena, builds->items.count + 1,
                                   sizeof(*flows->made));
    flows->first_of_build =
        irw_arena_calloc(&flows->arena, builds->items.count + 1,
                         sizeof(*flows->first_of_build));
    flows->count_of_build =
        irw_arena_calloc(&flows->arena, builds->items.count + 1,
                         sizeof(*flows->count_of_build));
    flows->copies_data = irw_data_is_copied(builds);
    return failed || !flows->made || !flows->first_of_build ||
                   !flows->count_of_build
               ? irw_fail_memory(error)
               : IMGRW_OK;
}

unsigned
irw_flow_passes(const struct irw_flows *flows, const struct irw_flow *flow)
{
    return flow->copy ? IRW_PASS_LISTS
                      : flows->origins.items[flow->origin].passes;
}

bool
irw_flows_guess(const struct irw_flows *flows, const struct irw_build *build)
{
    return build->is_list || (build->elsewhere.line > 0 && flows->guesses);
}

enum imgrw_status
irw_flows_make(struct irw_flows *flows, const struct irw_kustomize_entry *entry,
               imgrw_str *made, struct imgrw_error *error)
{
    struct imgrw_reference_buffer buffer;

    if (!irw_kustomize_apply(entry, IRW_STR("x"), &buffer, made))
        *made = entry->new_name; /* it is too long to be an image */
    return irw_arena_keep(&flows->arena, made) ? IMGRW_OK
                                               : irw_fail_memory(error);
}

/* Sets what an entry is for elsewhere: a name or, where it has many, what it
 * makes of them all. Empty where nobody knows. */
static enum imgrw_status
guess_image(struct irw_flows *flows, const struct irw_entry *entry,
            struct irw_image_origin *origin, struct imgrw_error *error)
{
    bool whole;
    imgrw_str start =
        irw_name_pattern_start(&entry->name, &flows->arena, &whole);

    if (!start.data)
        return irw_fail_memory(error);
    if (whole) {
        origin->before = origin->after = start;
        origin->made_by = 0;
        return IMGRW_OK;
    }
    if (entry->text.new_name.size == 0)
        return IMGRW_OK;
    origin->after = IRW_STR("");
    return irw_flows_make(flows, &entry->text, &origin->before, error);
}

/* Takes the names of the entries of a build for images of something elsewhere,
 * which stay what they are until an entry applies to them: those of one name,
 * those that are for many, or both. */
static enum imgrw_status
guess_origins(struct irw_flows *flows, const struct irw_build *build,
              bool names, bool many, struct imgrw_error *error)
{
    for (size_t i = 0; i < build->before.entries.count; i++) {
        const struct irw_entry *entry = &build->before.entries.items[i];
        struct irw_image_origin origin = {
            .file = build->file,
            .use = IRW_ORIGIN_GUESS,
            .at = entry->at,
            .passes = IRW_PASS_LISTS,
            .is_guess = true,
            .is_ignored = build->is_list && !build->list.moves,
            .made_by = i + 1,
        };
        enum imgrw_status status = guess_image(flows, entry, &origin, error);

        if (status != IMGRW_OK)
            return status;
        if (origin.before.size > 0 && (origin.made_by > 0 ? many : names) &&
            !IRW_APPEND(&flows->origins, origin))
            return irw_fail_memory(error);
    }
    return IMGRW_OK;
}

/* Reads the origins in a file, once for each use. */
static enum imgrw_status
read_origins(struct irw_flows *flows, size_t file, enum irw_origin_use use,
             struct imgrw_error *error)
{
    const struct irw_builds *builds = flows->builds;
    const struct irw_build_file *from = &builds->files[file];
    size_t first = flows->origins.count;
    struct irw_image_origin origin;
    enum imgrw_status status = IMGRW_OK;

    if (flows->first_origin[use][file] > 0)
        return IMGRW_OK;
    if (use == IRW_ORIGIN_GUESS)
        status = guess_origins(
            flows, &builds->items.items[builds->build_of[file] - 1], true, true,
            error);
    for (size_t i = 0;
         use != IRW_ORIGIN_GUESS && i < imgrw_manifest_count(from->manifest);
         i++) {
        if (!irw_origin_read(from->manifest, from->plan, i, use, &origin))
            continue;
        origin.file = file;
        if (!IRW_APPEND(&flows->origins, origin))
            return irw_fail_memory(error);
    }
    flows->first_origin[use][file] = first + 1;
    flows->origin_count[use][file] = flows->origins.count - first;
    return status;
}

/* Reads the origins of the part of a resource that `field` leads to. */
static bool
read_origins_below(struct irw_flows *flows, const struct irw_build *build,
                   imgrw_str field)
{
    const struct irw_build_file *from = &flows->builds->files[build->file];
    struct irw_image_origin origin;

    for (size_t i = 0; i < imgrw_manifest_count(from->manifest); i++) {
        if (!irw_origin_read_below(from->manifest, from->plan, i,
                                   build->list.document, field, &origin))
            continue;
        origin.file = build->file;
        if (!IRW_APPEND(&flows->origins, origin))
            return false;
    }
    return true;
}

/* Reads what is elsewhere for a list in a resource. Where another list comes
 * before it, its names are images there already. */
static enum imgrw_status
guess_for_list(struct irw_flows *flows, size_t index, struct imgrw_error *error)
{
    const struct irw_builds *builds = flows->builds;
    const struct irw_build *items = builds->items.items;
    bool first = items[index].list.below == 0;
    enum imgrw_status status =
        guess_origins(flows, &items[index], first, true, error);

    for (size_t i = index + 1; first && i < builds->items.count &&
                               items[i].list.below == i &&
                               status == IMGRW_OK;
         i++)
        status = guess_origins(flows, &items[i], true, false, error);
    return status;
}

/* Reads the origins of a list in a resource, once: what is elsewhere, the
 * values of the chart, and the patches beside the list. */
static enum imgrw_status
read_list(struct irw_flows *flows, size_t index, struct imgrw_error *error)
{
    const struct irw_build *build = &flows->builds->items.items[index];
    const struct irw_entry_list *list = &build->list;
    size_t first = flows->origins.count;
    char *patches;
    enum imgrw_status status;
    bool done;

    if (flows->first_of_build[index] > 0)
        return IMGRW_OK;
    if (asprintf(&patches, "%.*spatches", (int)list->field.size,
                 list->field.data) < 0)
        return irw_fail_memory(error);
    status = guess_for_list(flows, index, error);
    done = (list->below > 0 ||
            read_origins_below(flows, build, list->values)) &&
           read_origins_below(flows, build, irw_str(patches));
    free(patches);
    flows->first_of_build[index] = first + 1;
    flows->count_of_build[index] = flows->origins.count - first;
    return done ? status : irw_fail_memory(error);
}

static enum imgrw_status
add_flow(struct run *run, struct irw_flow flow)
{
    if (++run->total > MOST_FLOWS)
        return irw_fail(run->error, IMGRW_ERR_LIMIT, IRW_NO_LOCATION,
                        "the kustomizations have more than %zu images, taken "
                        "together; rewrite fewer of them at once",
                        MOST_FLOWS);
    return IRW_APPEND(run->list, flow) ? IMGRW_OK : irw_fail_memory(run->error);
}

/* Adds images from number `first` on. */
static enum imgrw_status
add_origins(struct run *run, size_t first, size_t count)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < count && status == IMGRW_OK; i++) {
        struct irw_image_origin *origin =
            &run->flows->origins.items[first + i];

        origin->is_built = true;
        status = add_flow(
            run, (struct irw_flow){
                     .origin = first + i,
                     .before = origin->before,
                     .after = origin->is_alias ? origin->before : origin->after,
                     .enter = origin->made_by,
                     .is_fresh = true,
                 });
    }
    return status;
}

/* Adds the images of a file. */
static enum imgrw_status
add_file(struct run *run, size_t file, enum irw_origin_use use)
{
    struct irw_flows *flows = run->flows;
    enum imgrw_status status = read_origins(flows, file, use, run->error);

    return status == IMGRW_OK
               ? add_origins(run, flows->first_origin[use][file] - 1,
                             flows->origin_count[use][file])
               : status;
}

/* Adds what another build made. */
static enum imgrw_status
add_build(struct run *run, size_t index)
{
    const irw_flow_list *from = &run->flows->made[index];
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < from->count && status == IMGRW_OK; i++) {
        struct irw_flow flow = from->items[i];

        flow.is_fresh = false;
        status = add_flow(run, flow);
    }
    return status;
}

/* Adds the images of the files of a folder with transformers. */
static enum imgrw_status
add_transformers(struct run *run, const struct irw_build *folder)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < folder->steps.count && status == IMGRW_OK; i++)
        if (folder->steps.items[i].target == IRW_TARGET_FILE)
            status = add_file(run, folder->steps.items[i].index,
                              IRW_ORIGIN_PATCH);
    return status;
}

/* Adds what the steps of one role lead to, but for components. */
static enum imgrw_status
add_steps(struct run *run, const struct irw_build *build,
          enum irw_path_role role)
{
    const struct irw_build *builds = run->flows->builds->items.items;
    enum irw_origin_use use =
        role == IRW_PATH_RESOURCE ? IRW_ORIGIN_RESOURCE : IRW_ORIGIN_PATCH;
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < build->steps.count && status == IMGRW_OK; i++) {
        const struct irw_build_step *step = &build->steps.items[i];

        if (step->role != role)
            continue;
        if (step->target == IRW_TARGET_FILE)
            status = add_file(run, step->index, use);
        else if (step->target == IRW_TARGET_BUILD && role == IRW_PATH_RESOURCE)
            status = add_build(run, step->index);
        else if (step->target == IRW_TARGET_BUILD &&
                 role == IRW_PATH_TRANSFORMER)
            status = add_transformers(run, &builds[step->index]);
    }
    return status;
}

/* Adds the values of the ConfigMaps of a build, where something copies any. */
static enum imgrw_status
add_data(struct run *run, const struct irw_build *build)
{
    struct irw_flows *flows = run->flows;
    size_t index = (size_t)(build - flows->builds->items.items);
    size_t first = flows->origins.count;
    enum imgrw_status status = IMGRW_OK;

    if (!flows->copies_data)
        return IMGRW_OK;
    if (flows->first_of_build[index] == 0) {
        status = irw_data_origins_read(flows, build, run->error);
        flows->first_of_build[index] = first + 1;
        flows->count_of_build[index] = flows->origins.count - first;
    }
    return status == IMGRW_OK
               ? add_origins(run, flows->first_of_build[index] - 1,
                             flows->count_of_build[index])
               : status;
}

static enum imgrw_status accumulate(struct run *run, struct irw_build *build);

/* Has the components of a build work on what it has so far. */
static enum imgrw_status
run_components(struct run *run, const struct irw_build *build)
{
    struct irw_build *items = run->flows->builds->items.items;
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < build->steps.count && status == IMGRW_OK; i++) {
        const struct irw_build_step *step = &build->steps.items[i];

        if (step->role != IRW_PATH_COMPONENT ||
            step->target != IRW_TARGET_BUILD)
            continue;
        if (run->depth == DEEPEST_COMPONENT ||
            run->components++ == MOST_COMPONENTS)
            return irw_fail(run->error, IMGRW_ERR_LIMIT, step->at,
                            "too many components inside of each other");
        run->depth++;
        items[step->index].used = true;
        if (items[step->index].elsewhere.line == 0)
            items[step->index].elsewhere = build->elsewhere;
        status = accumulate(run, &items[step->index]);
        run->depth--;
    }
    return status;
}

/* Runs a build, or a component on top of what another build has so far: its
 * resources come first, then its components, patches, entries and
 * transformers. */
static enum imgrw_status
accumulate(struct run *run, struct irw_build *build)
{
    const struct irw_flow_visitor *visitor = run->visitor;
    enum imgrw_status status = IMGRW_OK;

    /* first, for an entry that goes on applying to them stays as it is */
    if (irw_flows_guess(run->flows, build))
        status = add_file(run, build->file, IRW_ORIGIN_GUESS);
    if (status == IMGRW_OK)
        status = add_steps(run, build, IRW_PATH_RESOURCE);
    if (status == IMGRW_OK)
        status = run_components(run, build);
    if (status == IMGRW_OK)
        status = add_steps(run, build, IRW_PATH_PATCH);
    if (status == IMGRW_OK)
        status = add_file(run, build->file, IRW_ORIGIN_INLINE);
    if (status == IMGRW_OK)
        status = add_data(run, build);
    if (status == IMGRW_OK)
        status = visitor->apply(build, run->list, visitor->user, run->error);
    if (status == IMGRW_OK)
        status = add_steps(run, build, IRW_PATH_TRANSFORMER);
    if (status == IMGRW_OK)
        status = add_steps(run, build, IRW_PATH_LATE_PATCH);
    return status == IMGRW_OK
               ? add_file(run, build->file, IRW_ORIGIN_TRANSFORMER)
               : status;
}

/* Adds what is built of a folder that may be one of the run: by its
 * kustomization, or of all files in it. */
static enum imgrw_status
add_folder(struct run *run, imgrw_str folder)
{
    const struct irw_builds *builds = run->flows->builds;
    enum imgrw_status status = IMGRW_OK;
    bool found = false;

    for (size_t i = 0; i < builds->items.count && status == IMGRW_OK; i++) {
        if (!irw_build_is_in(builds, &builds->items.items[i], folder))
            continue;
        found = true;
        status = add_build(run, i);
    }
    for (size_t i = 0; !found && i < builds->file_count && status == IMGRW_OK;
         i++)
        if (builds->files[i].real &&
            irw_is_in_folder(builds->files[i].real, folder, true))
            status = add_file(run, i, IRW_ORIGIN_RESOURCE);
    return status;
}

/* Runs a list in a resource, which comes after the one before it. */
static enum imgrw_status
run_list(struct run *run, struct irw_build *build)
{
    const struct irw_flow_visitor *visitor = run->visitor;
    struct irw_flows *flows = run->flows;
    size_t index = (size_t)(build - flows->builds->items.items);
    enum imgrw_status status = read_list(flows, index, run->error);

    if (status == IMGRW_OK && build->list.below > 0)
        status = add_build(run, build->list.below - 1);
    if (status == IMGRW_OK)
        status = add_origins(run, flows->first_of_build[index] - 1,
                             flows->count_of_build[index]);
    if (status == IMGRW_OK && build->list.path.size > 0)
        status = add_folder(run, build->list.path);
    return status == IMGRW_OK
               ? visitor->apply(build, run->list, visitor->user, run->error)
               : status;
}

enum imgrw_status
irw_flows_run(struct irw_flows *flows, const struct irw_flow_visitor *visitor,
              struct imgrw_error *error)
{
    struct irw_builds *builds = flows->builds;
    struct run run = {.flows = flows, .visitor = visitor, .error = error};
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < builds->items.count; i++)
        flows->made[i].count = 0;
    for (size_t i = 0; i < builds->order.count && status == IMGRW_OK; i++) {
        struct irw_build *build = &builds->items.items[builds->order.items[i]];

        if (build->broken || build->before.is_component)
            continue;
        run.list = &flows->made[builds->order.items[i]];
        run.components = 0;
        flows->root = build->is_list ? NULL : build;
        status = build->is_list ? run_list(&run, build)
                                : accumulate(&run, build);
        if (status == IMGRW_OK && visitor->end)
            status = visitor->end(build, run.list, visitor->user, error);
    }
    flows->root = NULL;
    return status;
}

void
irw_flows_clear(struct irw_flows *flows)
{
    for (size_t i = 0; flows->made && i < flows->builds->items.count; i++)
        free(flows->made[i].items);
    for (size_t i = 0; i < flows->manifests.count; i++)
        imgrw_manifest_free(flows->manifests.items[i]);
    free(flows->manifests.items);
    free(flows->origins.items);
    irw_arena_clear(&flows->arena);
}
