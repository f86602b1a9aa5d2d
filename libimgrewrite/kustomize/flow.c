#include "kustomize/flow.h"
#include "base/error.h"

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
    return failed || !flows->made ? irw_fail_memory(error) : IMGRW_OK;
}

/* Takes the names of the entries of a build for images of something elsewhere,
 * which stay what they are until an entry applies to them. */
static bool
guess_origins(struct irw_flows *flows, size_t file)
{
    const struct irw_builds *builds = flows->builds;
    const struct irw_build *build =
        &builds->items.items[builds->build_of[file] - 1];

    for (size_t i = 0; i < build->before.entries.count; i++) {
        const struct irw_entry *entry = &build->before.entries.items[i];
        const struct irw_image_origin origin = {
            .file = file,
            .use = IRW_ORIGIN_GUESS,
            .at = entry->at,
            .before = entry->text.name,
            .after = entry->text.name,
            .passes = IRW_PASS_LISTS,
            .is_guess = true,
        };

        if (entry->name.kind == IRW_NAME_PLAIN && entry->text.name.size > 0 &&
            !IRW_APPEND(&flows->origins, origin))
            return false;
    }
    return true;
}

/* Reads the origins in a file, once for each use. */
static bool
read_origins(struct irw_flows *flows, size_t file, enum irw_origin_use use)
{
    const struct irw_build_file *from = &flows->builds->files[file];
    size_t first = flows->origins.count;
    struct irw_image_origin origin;

    if (flows->first_origin[use][file] > 0)
        return true;
    if (use == IRW_ORIGIN_GUESS && !guess_origins(flows, file))
        return false;
    for (size_t i = 0;
         use != IRW_ORIGIN_GUESS && i < imgrw_manifest_count(from->manifest);
         i++) {
        if (!irw_origin_read(from->manifest, from->plan, i, use, &origin))
            continue;
        origin.file = file;
        if (!IRW_APPEND(&flows->origins, origin))
            return false;
    }
    flows->first_origin[use][file] = first + 1;
    flows->origin_count[use][file] = flows->origins.count - first;
    return true;
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

/* Adds the images of a file. */
static enum imgrw_status
add_file(struct run *run, size_t file, enum irw_origin_use use)
{
    struct irw_flows *flows = run->flows;
    enum imgrw_status status = IMGRW_OK;
    size_t first;

    if (!read_origins(flows, file, use))
        return irw_fail_memory(run->error);
    first = flows->first_origin[use][file] - 1;
    for (size_t i = 0; i < flows->origin_count[use][file] && status == IMGRW_OK;
         i++) {
        struct irw_image_origin *origin = &flows->origins.items[first + i];

        origin->is_built = true;
        status = add_flow(
            run, (struct irw_flow){
                     .origin = first + i,
                     .before = origin->before,
                     .after = origin->is_alias ? origin->before : origin->after,
                     .is_fresh = true,
                 });
    }
    return status;
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
    if (build->elsewhere.line > 0 && run->flows->guesses)
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
        status = visitor->apply(build, run->list, visitor->user, run->error);
    if (status == IMGRW_OK)
        status = add_steps(run, build, IRW_PATH_TRANSFORMER);
    return status == IMGRW_OK
               ? add_file(run, build->file, IRW_ORIGIN_TRANSFORMER)
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
        status = accumulate(&run, build);
        if (status == IMGRW_OK)
            status = visitor->end(build, run.list, visitor->user, error);
    }
    return status;
}

void
irw_flows_clear(struct irw_flows *flows)
{
    for (size_t i = 0; flows->made && i < flows->builds->items.count; i++)
        free(flows->made[i].items);
    free(flows->origins.items);
    irw_arena_clear(&flows->arena);
}
