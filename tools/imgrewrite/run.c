/*
 * The runs over files of several commands.
 */
#include "command.h"

enum imgrw_status
plan_run(const struct settings *settings, const struct imgrw_rules *rules,
         struct imgrw_run **run, struct imgrw_error *error)
{
    enum imgrw_status status = imgrw_run_new(rules, &settings->run, run, error);

    for (int i = 0; i < settings->argument_count && status == IMGRW_OK; i++)
        status = imgrw_run_add(*run, settings->arguments[i], error);
    if (status == IMGRW_OK)
        status = imgrw_run_plan(*run, error);
    clear_bar();
    return status;
}
