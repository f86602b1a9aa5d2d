#include "files/progress.h"
#include "base/error.h"

bool
irw_progress_tell(const struct irw_progress *progress,
                  const struct imgrw_progress *state)
{
    return !progress->function ||
           progress->function(state, progress->user) == 0;
}

enum imgrw_status
irw_fail_stopped(struct imgrw_error *error)
{
    return irw_fail(error, IMGRW_ERR_STOPPED, IRW_NO_LOCATION,
                    "stopped; nothing is written");
}
