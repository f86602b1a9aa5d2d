/*
 * Writing files that were made and not read.
 */
#include "base/error.h"
#include "base/file.h"
#include "base/map.h"
#include "base/sizes.h"
#include "base/str.h"
#include "files/progress.h"
#include "files/targets.h"
#include "files/transaction.h"

#include <stdlib.h>
#include <sys/stat.h>

/* What is of that name below the directory; its mode is 0 where nothing is. */
static enum imgrw_status
look_at(const char *directory, const char *name, struct stat *there,
        struct imgrw_error *error)
{
    const struct imgrw_location at = {.path = name};
    char *path = irw_target_path(directory, name);
    bool found = path && lstat(path, there) == 0;

    free(path);
    if (!path)
        return irw_fail_memory(error);
    if (!found)
        there->st_mode = 0;
    return S_ISDIR(there->st_mode)
               ? irw_fail(error, IMGRW_ERR_IO, at,
                          "is a folder where a file has to go")
               : IMGRW_OK;
}

/* Stages a file, which gets no permission that one of its name did not have. */
static enum imgrw_status
stage(struct irw_transaction *transaction, const char *directory,
      const struct imgrw_output *output, struct imgrw_error *error)
{
    struct stat like = {.st_mode = output->mode}, there;
    const struct irw_new_file file = {
        .path = output->path,
        .text = output->text,
        .like = &like,
    };
    enum imgrw_status status = look_at(directory, output->path, &there, error);

    if (status != IMGRW_OK || (output->keep && there.st_mode != 0))
        return status;
    if (S_ISREG(there.st_mode))
        like.st_mode &= there.st_mode;
    return irw_stage_file(transaction, directory, &file, error);
}

/* Takes what the caller filled and checks where it is to go. */
static enum imgrw_status
take_output(const struct imgrw_output *given, struct imgrw_output *output,
            struct imgrw_error *error)
{
    enum imgrw_status status;

    if (!given)
        return irw_fail_null(error, "an output");
    status = irw_sized_copy(output, sizeof(*output), given, "output", error);
    if (status != IMGRW_OK)
        return status;
    if (!output->path || !irw_has_bytes(output->text))
        return irw_fail_null(error, "path or text of an output");
    if (output->mode == 0)
        output->mode = 0644;
    if (!irw_is_path_below(output->path))
        return irw_fail(error, IMGRW_ERR_ARGUMENT,
                        (struct imgrw_location){.path = output->path},
                        "is no name of a file below the folder");
    return IMGRW_OK;
}

/* Fails where two outputs have one path: the later one would silently replace
 * the other. */
static enum imgrw_status
claim_path(struct irw_map *paths, const char *path, struct imgrw_error *error)
{
    const struct imgrw_location at = {.path = path};

    if (irw_map_get(paths, irw_str(path)))
        return irw_fail(error, IMGRW_ERR_ARGUMENT, at,
                        "is the path of two outputs");
    return irw_map_set(paths, irw_str(path), 1) ? IMGRW_OK
                                                : irw_fail_memory(error);
}

/* Checks all outputs before the first is staged. */
static enum imgrw_status
check_outputs(const struct imgrw_output *const *outputs, size_t count,
              struct imgrw_error *error)
{
    struct irw_map paths = {0};
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < count && status == IMGRW_OK; i++) {
        struct imgrw_output output;

        status = take_output(outputs[i], &output, error);
        if (status == IMGRW_OK)
            status = claim_path(&paths, output.path, error);
    }
    irw_map_clear(&paths);
    return status;
}

static enum imgrw_status
stage_all(struct irw_transaction *transaction, const char *directory,
          const struct imgrw_output *const *outputs,
          const struct irw_progress *progress, struct imgrw_progress *state,
          struct imgrw_error *error)
{
    for (; state->done < state->total; state->done++) {
        struct imgrw_output output;
        enum imgrw_status status =
            take_output(outputs[state->done], &output, error);

        if (status != IMGRW_OK)
            return status;
        state->path = output.path;
        if (!irw_progress_tell(progress, state))
            return irw_fail_stopped(error);
        status = stage(transaction, directory, &output, error);
        if (status != IMGRW_OK)
            return status;
    }
    state->path = NULL;
    return irw_progress_tell(progress, state) ? IMGRW_OK
                                              : irw_fail_stopped(error);
}

enum imgrw_status
imgrw_files_write(const char *directory,
                  const struct imgrw_output *const *outputs, size_t count,
                  const struct imgrw_write_options *given,
                  struct imgrw_error *error)
{
    struct irw_transaction transaction = {0};
    struct imgrw_progress state = {.phase = IMGRW_PHASE_WRITE, .total = count};
    struct imgrw_write_options options;
    struct irw_progress progress;
    enum imgrw_status status;

    if (!directory || *directory == '\0' || (!outputs && count > 0))
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "there is no directory, or are no outputs");
    status = irw_sized_copy(&options, sizeof(options), given, "write options",
                            error);
    if (status != IMGRW_OK)
        return status;
    status = check_outputs(outputs, count, error);
    if (status != IMGRW_OK)
        return status;
    progress = (struct irw_progress){options.progress, options.user};
    status = stage_all(&transaction, directory, outputs, &progress, &state,
                       error);
    if (status == IMGRW_OK)
        status = irw_commit(&transaction, error);
    irw_transaction_clear(&transaction);
    return status;
}
