#include "use_stream.h"
#include "hub_rules.h"

#include <imgrewrite/files.h>

#include <string.h>

static long
feed(char *data, size_t size, void *user)
{
    const char **rest = user;
    size_t left = strlen(*rest), got = left < 100 ? left : 100;

    got = got < size ? got : size;
    memcpy(data, *rest, got);
    *rest += got;
    return (long)got;
}

static int
take(const struct imgrw_file *part, void *user)
{
    (void)user;
    return part->text.size == 0;
}

enum imgrw_status
use_stream(const char *text)
{
    const struct imgrw_stream stream = {
        .size = sizeof(stream), .read = feed, .take = take, .user = &text};
    const struct imgrw_run_options options = {.size = sizeof(options)};
    struct imgrw_rules *rules;
    struct imgrw_run *run = NULL;
    struct imgrw_error error;
    enum imgrw_status status = hub_rules_new(&rules);

    if (status != IMGRW_OK)
        return status;
    status = imgrw_run_new(rules, &options, &run, &error);
    if (status == IMGRW_OK)
        status = imgrw_run_stream(run, &stream, &error);
    imgrw_run_free(run);
    imgrw_rules_free(rules);
    return status;
}
