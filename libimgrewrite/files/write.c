/*
 * Writing files that were made and not read.
 */
#include "base/error.h"
#include "files/targets.h"
#include "files/transaction.h"

#include <imgrewrite/files.h>

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
    enum imgrw_status status = look_at(directory, output->path, &there, error);

    if (status != IMGRW_OK || (output->keep && there.st_mode != 0))
        return status;
    if (S_ISREG(there.st_mode))
        like.st_mode &= there.st_mode;
    return irw_stage_file(transaction, directory, output->path, output->text,
                          &like, error);
}

enum imgrw_status
imgrw_files_write(const char *directory,
                  const struct imgrw_output *const *outputs, size_t count,
                  struct imgrw_error *error)
{
    struct irw_transaction transaction = {0};
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < count && status == IMGRW_OK; i++)
        status = stage(&transaction, directory, outputs[i], error);
    if (status == IMGRW_OK)
        status = irw_commit(&transaction, error);
    irw_transaction_clear(&transaction);
    return status;
}
