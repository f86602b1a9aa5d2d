#include "files/targets.h"
#include "base/error.h"
#include "base/map.h"
#include "base/str.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

char *
irw_target_path(const char *directory, const char *name)
{
    char *path = NULL;

    return asprintf(&path, "%s/%s", directory, name) < 0 ? NULL : path;
}

static enum imgrw_status
refuse(struct imgrw_error *error, const char *path, const char *why)
{
    struct imgrw_location at = {.path = NULL};

    return irw_fail(error, IMGRW_ERR_ARGUMENT, at, "%.150s %s", path, why);
}

/* Refuses a name that is taken, as a file or as a folder of an earlier one, and
 * takes it. */
static enum imgrw_status
take_name(struct irw_map *names, const struct irw_walk_file *file,
          struct imgrw_error *error)
{
    imgrw_str name = irw_str(file->name);
    const struct irw_walk_file *other =
        (const struct irw_walk_file *)irw_map_get(names, name);

    for (size_t i = 0; !other && i < name.size; i++)
        if (name.data[i] == '/')
            other = (const struct irw_walk_file *)irw_map_get(
                names, irw_slice(name, 0, i));
    if (other)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "%.90s and %.90s cannot both be written below the "
                        "output folder",
                        other->path, file->path);
    return irw_map_set(names, name, (uintptr_t)file) ? IMGRW_OK
                                                     : irw_fail_memory(error);
}

/* Refuses a name that is the folder of another one, which was taken before. */
static enum imgrw_status
check_folders(const struct irw_walk *walk, const struct irw_map *names,
              struct imgrw_error *error)
{
    for (size_t i = 0; i < walk->files.count; i++) {
        imgrw_str name = irw_str(walk->files.items[i].name);

        for (size_t k = 0; k < name.size; k++)
            if (name.data[k] == '/' &&
                irw_map_get(names, irw_slice(name, 0, k)) != 0)
                return refuse(error, walk->files.items[i].path,
                              "needs a folder where another input needs a "
                              "file");
    }
    return IMGRW_OK;
}

/* The bytes of what a file is, by which a map knows it. */
static imgrw_str
id_key(const struct irw_file_id *id)
{
    static_assert(sizeof(*id) == sizeof(id->device) + sizeof(id->inode),
                  "there is nothing between the members");
    return (imgrw_str){(const char *)id, sizeof(*id)};
}

/* Notes what the inputs are. */
static enum imgrw_status
note_inputs(const struct irw_walk *walk, struct irw_map *inputs,
            struct imgrw_error *error)
{
    for (size_t i = 0; i < walk->files.count; i++) {
        const struct irw_file_id *id = &walk->files.items[i].id;

        if (id->inode != 0 && !irw_map_set(inputs, id_key(id), 1))
            return irw_fail_memory(error);
    }
    return IMGRW_OK;
}

static enum imgrw_status
check_target(const struct irw_map *inputs, const char *path,
             struct imgrw_error *error)
{
    struct irw_file_id id;
    struct stat there;

    if (lstat(path, &there) != 0) /* a link is replaced, not followed */
        return IMGRW_OK;
    if (S_ISDIR(there.st_mode))
        return refuse(error, path, "is a folder where a file has to go");
    id = (struct irw_file_id){there.st_dev, there.st_ino};
    if (irw_map_get(inputs, id_key(&id)))
        return refuse(error, path, "is an input and would be overwritten");
    return IMGRW_OK;
}

enum imgrw_status
irw_check_targets(const struct irw_walk *walk, const char *directory,
                  struct imgrw_error *error)
{
    struct irw_map names = {0}, inputs = {0};
    enum imgrw_status status = note_inputs(walk, &inputs, error);

    for (size_t i = 0; i < walk->files.count && status == IMGRW_OK; i++) {
        const struct irw_walk_file *file = &walk->files.items[i];
        char *path = irw_target_path(directory, file->name);

        status = path ? take_name(&names, file, error)
                      : irw_fail_memory(error);
        if (status == IMGRW_OK)
            status = check_target(&inputs, path, error);
        free(path);
    }
    if (status == IMGRW_OK)
        status = check_folders(walk, &names, error);
    irw_map_clear(&names);
    irw_map_clear(&inputs);
    return status;
}
