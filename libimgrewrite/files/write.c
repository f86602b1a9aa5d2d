/*
 * Writing files that were made and not read.
 */
#include "base/error.h"
#include "files/targets.h"
#include "files/transaction.h"

#include <imgrewrite/files.h>

#include <stdlib.h>
#include <unistd.h>

/* Whether there is something of that name below the directory. */
static bool
is_there(const char *directory, const char *name)
{
    char *path = irw_target_path(directory, name);
    bool there = path && access(path, F_OK) == 0;

    free(path);
    return there;
}

enum imgrw_status
imgrw_files_write(const char *directory,
                  const struct imgrw_output *const *outputs, size_t count,
                  struct imgrw_error *error)
{
    struct irw_transaction transaction = {0};
    enum imgrw_status status = IMGRW_OK;

    for (size_t i = 0; i < count && status == IMGRW_OK; i++) {
        const struct stat like = {.st_mode = outputs[i]->mode};

        if (outputs[i]->keep && is_there(directory, outputs[i]->path))
            continue;
        status = irw_stage_file(&transaction, directory, outputs[i]->path,
                                outputs[i]->text, &like, error);
    }
    if (status == IMGRW_OK)
        status = irw_commit(&transaction, error);
    irw_transaction_clear(&transaction);
    return status;
}
