/*
 * imgrewrite: rewrite the container images of Kubernetes manifests.
 *
 * The work is libimgrewrite's; this reads the command line and reports.
 */
#include "command.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

/* The command that the first word names; options that stand in its place are
 * those of `help`. */
static const struct command *
choose_command(const char *word)
{
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ||
        strcmp(word, "--version") == 0)
        return find_command("help");
    return find_command(word);
}

static int
run_command(const struct command *command, int argc, char **argv,
            struct settings *settings)
{
    char *explain[] = {(char *)command->name};

    if (!read_options(command, argc, argv, settings))
        return EXIT_TROUBLE;
    settings->command = command->bit;
    settings->parse.size = sizeof(settings->parse);
    settings->plan.size = sizeof(settings->plan);
    settings->run.size = sizeof(settings->run);
    settings->run.parse = &settings->parse;
    settings->run.plan = &settings->plan;
    if (settings->help && command->run != run_help) {
        settings->arguments = explain;
        settings->argument_count = 1;
    }
    return settings->help || settings->version ? run_help(settings)
                                               : command->run(settings);
}

/* Opens what is closed of the standard streams, the wrong way round, so that no
 * file that is opened later gets its messages, and using it is an error. */
static void
keep_streams(void)
{
    for (int stream = 0; stream <= 2; stream++)
        if (fcntl(stream, F_GETFD) < 0)
            (void)!open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY);
}

int
main(int argc, char **argv)
{
    struct settings settings = {0};
    const struct command *command;
    struct imgrw_error error;
    bool in_place_of_command;
    int result;

    keep_streams();
    if (argc < 2) {
        settings.quiet = true;
        run_help(&settings);
        return EXIT_TROUBLE;
    }
    command = choose_command(argv[1]);
    if (!command)
        return EXIT_TROUBLE;
    if (command->bit == COMMAND_PROBE)
        return run_probe_program(argv + 1);
    if (!went_well(imgrw_rules_new(&settings.rules, &error), &error))
        return EXIT_TROUBLE;
    in_place_of_command = argv[1][0] == '-';
    result = run_command(command, argc - !in_place_of_command,
                         argv + !in_place_of_command, &settings);
    imgrw_rules_free(settings.rules);
    free(settings.fields);
    raise_signal();
    if (!finish_output(stdout, "standard output"))
        return EXIT_TROUBLE;
    return result;
}
