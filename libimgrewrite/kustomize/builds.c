#include "kustomize/builds.h"
#include "base/error.h"
#include "base/file.h"
#include "base/str.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define BYTES ((size_t)64 << 20)

static enum imgrw_status
add_build(struct irw_builds *builds, size_t file, struct imgrw_error *error)
{
    const struct irw_build_file *from = &builds->files[file];
    struct irw_build build = {.file = file};
    enum imgrw_status status = irw_kustomization_read(
        from->text, from->path, &builds->arena, &build.before, error);

    build.broken = build.before.invalid;
    if (status == IMGRW_OK && !IRW_APPEND(&builds->items, build))
        status = irw_fail_memory(error);
    if (status != IMGRW_OK)
        irw_kustomization_clear(&build.before);
    else
        builds->build_of[file] = builds->items.count;
    return status;
}

/* Whether a path that is none of a file may be an address of a repository, of
 * which kustomize knows many forms: a scheme, a user, or a host and a path. */
static bool
is_address(imgrw_str text)
{
    imgrw_str host, rest;

    return memmem(text.data, text.size, "://", 3) ||
           irw_find(text, '@') != SIZE_MAX ||
           (irw_cut(text, '/', &host, &rest) && host.size > 2 &&
            irw_find(host, '.') != SIZE_MAX && host.data[0] != '.');
}

/* Sets what the folder leads to: it is built by its kustomization. */
static bool
resolve_folder(const struct irw_builds *builds, const char *folder,
               struct irw_build_step *step)
{
    const char *name;

    step->target = IRW_TARGET_NOWHERE;
    for (size_t i = 0; (name = irw_kustomization_name(i)); i++) {
        char *path;
        size_t file;
        struct stat info;

        if (asprintf(&path, "%s/%s", folder, name) < 0)
            return false;
        file = irw_map_get(&builds->by_real, irw_str(path));
        if (file > 0 && builds->build_of[file - 1] > 0) {
            step->target = IRW_TARGET_BUILD;
            step->index = builds->build_of[file - 1] - 1;
        } else if (stat(path, &info) == 0) {
            step->target = IRW_TARGET_ELSEWHERE;
        }
        free(path);
        if (step->target != IRW_TARGET_NOWHERE)
            break;
    }
    return true;
}

/* Sets what the path `real`, without links, leads to. */
static bool
resolve_real(const struct irw_builds *builds, const char *real,
             struct irw_build_step *step)
{
    struct stat info;
    size_t file;

    if (stat(real, &info) == 0 && S_ISDIR(info.st_mode))
        return resolve_folder(builds, real, step);
    file = irw_map_get(&builds->by_real, irw_str(real));
    step->target = file > 0 ? IRW_TARGET_FILE : IRW_TARGET_ELSEWHERE;
    step->index = file > 0 ? file - 1 : 0;
    return true;
}

/* Sets the path without links that a path leads to from the folder of the
 * kustomization at `from`, malloc'ed; NULL: there is nothing. False when memory
 * is out. */
static bool
find_real(const char *from, imgrw_str text, char **real)
{
    const char *slash = strrchr(from, '/');
    bool absolute = irw_starts_with(text, IRW_STR("/")), done;
    char *joined;

    if (asprintf(&joined, "%.*s%.*s",
                 absolute || !slash ? 0 : (int)(slash + 1 - from), from,
                 (int)text.size, text.data) < 0)
        return false;
    *real = realpath(joined, NULL);
    done = *real || errno != ENOMEM;
    free(joined);
    return done;
}

/* Sets what a path leads to from the folder of the kustomization at `from`;
 * false when memory is out. */
static bool
resolve(const struct irw_builds *builds, const char *from, imgrw_str text,
        struct irw_build_step *step)
{
    char *real;
    bool done = find_real(from, text, &real);

    if (!done)
        return false;
    if (real)
        done = resolve_real(builds, real, step);
    else
        step->target = is_address(text) ? IRW_TARGET_ELSEWHERE
                                        : IRW_TARGET_NOWHERE;
    free(real);
    return done;
}

/* Notes what a step means for its build. */
static void
judge_step(struct irw_builds *builds, struct irw_build *build,
           const struct irw_build_step *step)
{
    bool component = step->target == IRW_TARGET_BUILD &&
                     builds->items.items[step->index].before.is_component;

    if (step->target == IRW_TARGET_NOWHERE)
        build->broken = true;
    else if (step->target == IRW_TARGET_ELSEWHERE &&
             step->role < IRW_PATH_REPLACEMENT && build->elsewhere.line == 0)
        build->elsewhere = step->at;
    /* kustomize takes components as such, and nothing else for one */
    if ((step->role == IRW_PATH_RESOURCE || step->role == IRW_PATH_COMPONENT) &&
        component != (step->role == IRW_PATH_COMPONENT) &&
        step->target == IRW_TARGET_BUILD)
        build->broken = true;
    build->waiting += step->target == IRW_TARGET_BUILD;
}

/* Adds the step for the path with this number; a text that is not in a file of
 * its own is in `file`. */
static enum imgrw_status
add_step(struct irw_builds *builds, struct irw_build *build, size_t index,
         size_t file, struct imgrw_error *error)
{
    const char *real = builds->files[build->file].real;
    const struct irw_kustomization_path *path =
        &build->before.paths.items[index];
    struct irw_build_step step = {
        .role = path->role,
        .path = index,
        .target = IRW_TARGET_INLINE,
        .index = file,
        .at = path->at,
    };

    if ((!path->is_inline && !resolve(builds, real, path->text, &step)) ||
        !IRW_APPEND(&build->steps, step))
        return irw_fail_memory(error);
    judge_step(builds, build, &step);
    return IMGRW_OK;
}

static enum imgrw_status
add_steps(struct irw_builds *builds, struct irw_build *build,
          struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < build->before.paths.count && status == IMGRW_OK &&
                       builds->files[build->file].real; i++)
        status = add_step(builds, build, i, build->file, error);
    return status;
}

enum imgrw_status
irw_build_add_path(struct irw_builds *builds, struct irw_build *build,
                   const struct irw_kustomization_path *path, size_t file,
                   struct imgrw_error *error)
{
    return IRW_APPEND(&build->before.paths, *path)
               ? add_step(builds, build, build->before.paths.count - 1, file,
                          error)
               : irw_fail_memory(error);
}

/* Looks for the file of a generator. That one is not there, because something
 * makes it first, is nothing to stop at. */
static bool
add_data_step(struct irw_builds *builds, struct irw_build *build,
              const struct irw_data_source *source)
{
    struct irw_data_step step = {.source = source};
    char *real;

    if (!find_real(builds->files[build->file].real, source->text, &real))
        return false;
    if (!real)
        return true;
    step.file = irw_map_get(&builds->by_real, irw_str(real));
    step.real = irw_arena_copy(&builds->arena, irw_str(real));
    free(real);
    return step.real && IRW_APPEND(&build->data, step);
}

enum imgrw_status
irw_build_find_data(struct irw_builds *builds, struct irw_build *build,
                    struct imgrw_error *error)
{
    const irw_data_list *data = &build->before.data;

    build->data.count = 0;
    for (size_t i = 0; i < data->count && builds->files[build->file].real; i++)
        if (data->items[i].form != IRW_DATA_LITERAL &&
            !add_data_step(builds, build, &data->items[i]))
            return irw_fail_memory(error);
    return IMGRW_OK;
}

/* The builds that have a step to each, as lists in one array. */
struct users {
    size_t *first; /* of each build, in `users`; and the end of the last */
    size_t *users;
};

static void
list_users(const struct irw_builds *builds, struct users *made)
{
    const struct irw_build *items = builds->items.items;
    size_t count = builds->items.count;

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < items[i].steps.count; k++)
            if (items[i].steps.items[k].target == IRW_TARGET_BUILD)
                made->first[items[i].steps.items[k].index + 1]++;
    for (size_t i = 0; i < count; i++)
        made->first[i + 1] += made->first[i];
    made->first[count + 1] = made->first[count];
    /* filled from the ends, which become the starts */
    for (size_t i = count; i-- > 0;)
        for (size_t k = items[i].steps.count; k-- > 0;)
            if (items[i].steps.items[k].target == IRW_TARGET_BUILD)
                made->users[--made->first[items[i].steps.items[k].index + 1]] =
                    i;
}

/* Puts the builds in order: always one that waits for no other. */
static bool
order_builds(struct irw_builds *builds, const struct users *users)
{
    struct irw_build *items = builds->items.items;

    for (size_t i = 0; i < builds->items.count; i++)
        if (items[i].waiting == 0 && !IRW_APPEND(&builds->order, i))
            return false;
    for (size_t i = 0; i < builds->order.count; i++) {
        size_t done = builds->order.items[i];

        for (size_t k = users->first[done + 1]; k < users->first[done + 2];
             k++) {
            struct irw_build *user = &items[users->users[k]];

            if (--user->waiting == 0 &&
                !IRW_APPEND(&builds->order, users->users[k]))
                return false;
        }
    }
    return true;
}

void
irw_builds_inherit(struct irw_builds *builds)
{
    struct irw_build *items = builds->items.items;

    for (size_t i = 0; i < builds->order.count; i++) {
        struct irw_build *build = &items[builds->order.items[i]];

        if (build->elsewhere.line == 0)
            build->elsewhere = build->before.generator;
        for (size_t k = 0; k < build->steps.count; k++) {
            const struct irw_build_step *step = &build->steps.items[k];
            const struct irw_build *below = &items[step->index];

            if (step->target != IRW_TARGET_BUILD)
                continue;
            build->broken |= below->broken;
            if (build->elsewhere.line == 0)
                build->elsewhere = below->elsewhere;
        }
    }
}

static enum imgrw_status
connect_builds(struct irw_builds *builds, struct imgrw_error *error)
{
    struct users users;
    size_t steps = 0;
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < builds->items.count && status == IMGRW_OK; i++) {
        status = add_steps(builds, &builds->items.items[i], error);
        if (status == IMGRW_OK)
            status =
                irw_build_find_data(builds, &builds->items.items[i], error);
        steps += builds->items.items[i].steps.count;
    }
    if (status != IMGRW_OK)
        return status;
    users.first = calloc(builds->items.count + 2, sizeof(*users.first));
    users.users = calloc(steps + 1, sizeof(*users.users));
    if (users.first && users.users)
        list_users(builds, &users);
    if (!users.first || !users.users || !order_builds(builds, &users))
        status = irw_fail_memory(error);
    free(users.first);
    free(users.users);
    return status;
}

/* Reads the kustomizations, so that folders can be told from those without. */
static enum imgrw_status
read_all(struct irw_builds *builds, struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < builds->file_count && status == IMGRW_OK; i++) {
        const char *real = builds->files[i].real;

        if (!real)
            continue;
        if (!irw_map_get(&builds->by_real, irw_str(real)) &&
            !irw_map_set(&builds->by_real, irw_str(real), i + 1))
            return irw_fail_memory(error);
        /* one that could not be read fails by itself */
        if (irw_is_kustomization_path(real) && builds->files[i].text.data)
            status = add_build(builds, i, error);
    }
    return status;
}

enum imgrw_status
irw_builds_read(struct irw_builds *builds, struct irw_build_file *files,
                size_t count, struct imgrw_error *error)
{
    enum imgrw_status status;

    builds->files = files;
    builds->file_count = count;
    builds->build_of = calloc(count + 1, sizeof(*builds->build_of));
    builds->first_list = calloc(count + 1, sizeof(*builds->first_list));
    if (!builds->build_of || !builds->first_list)
        return irw_fail_memory(error);
    status = read_all(builds, error);
    return status == IMGRW_OK ? connect_builds(builds, error) : status;
}

enum imgrw_status
irw_builds_read_file(struct irw_builds *builds, const char *real, size_t most,
                     imgrw_str *text, struct imgrw_error *error)
{
    struct irw_file_text read;
    enum imgrw_status status = irw_read_file(real, most, &read, NULL);

    *text = (imgrw_str){0};
    if (status != IMGRW_OK)
        return status == IMGRW_ERR_MEMORY ? irw_fail_memory(error) : IMGRW_OK;
    *text = (imgrw_str){read.data, read.size};
    if (!irw_arena_keep(&builds->arena, text)) {
        *text = (imgrw_str){0};
        status = irw_fail_memory(error);
    }
    free(read.data);
    return status;
}

enum imgrw_status
irw_builds_text(struct irw_builds *builds, size_t file, imgrw_str *text,
                struct imgrw_error *error)
{
    enum imgrw_status status = IMGRW_OK;

    *text = builds->files[file].text;
    if (text->data || !builds->files[file].real)
        return IMGRW_OK;
    if (!builds->texts)
        builds->texts = irw_arena_calloc(&builds->arena, builds->file_count,
                                         sizeof(*builds->texts));
    if (!builds->texts)
        return irw_fail_memory(error);
    if (!builds->texts[file].data)
        status = irw_builds_read_file(builds, builds->files[file].real, BYTES,
                                      &builds->texts[file], error);
    *text = builds->texts[file];
    return status;
}

void
irw_builds_clear(struct irw_builds *builds)
{
    for (size_t i = 0; i < builds->items.count; i++) {
        struct irw_build *build = &builds->items.items[i];

        irw_kustomization_clear(&build->before);
        irw_kustomization_clear(&build->after);
        free(build->steps.items);
        free(build->data.items);
    }
    free(builds->items.items);
    free(builds->order.items);
    free(builds->build_of);
    free(builds->first_list);
    irw_map_clear(&builds->by_real);
    irw_map_clear(&builds->variables);
    irw_arena_clear(&builds->arena);
}

imgrw_str
irw_folder_name(imgrw_str path)
{
    while (path.size > 0 && (irw_starts_with(path, IRW_STR("/")) ||
                             irw_starts_with(path, IRW_STR("./"))))
        path = irw_slice(path, path.data[0] == '/' ? 1 : 2, path.size);
    while (path.size > 0 && irw_ends_with(path, IRW_STR("/")))
        path = irw_slice(path, 0, path.size - 1);
    return irw_equal(path, IRW_STR(".")) ? (imgrw_str){0} : path;
}

bool
irw_is_in_folder(const char *real, imgrw_str folder, bool below)
{
    imgrw_str path = irw_str(real);
    size_t size = folder.size;

    for (size_t at = 0; path.size >= size + 2 && at <= path.size - size - 2;
         at++)
        if (path.data[at] == '/' && path.data[at + 1 + size] == '/' &&
            memcmp(path.data + at + 1, folder.data, size) == 0 &&
            (below || !memchr(path.data + at + 2 + size, '/',
                              path.size - at - 2 - size)))
            return true;
    return false;
}

bool
irw_build_is_in(const struct irw_builds *builds, const struct irw_build *build,
                imgrw_str folder)
{
    const char *real = builds->files[build->file].real;

    return !build->is_list && !build->broken && !build->before.is_component &&
           real && irw_is_in_folder(real, folder, false);
}
