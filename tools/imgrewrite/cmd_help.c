/*
 * The commands, and the one that explains them: imgrewrite help.
 */
#include "command.h"

#include <string.h>

static const struct command commands[] = {
    {
        .name = "rewrite",
        .bit = COMMAND_REWRITE,
        .synopsis = "RULES [OPTION]... PATH...",
        .purpose = "Change the images of manifests, and nothing else.",
        .run = run_rewrite,
    },
    {
        .name = "list",
        .bit = COMMAND_LIST,
        .synopsis = "[RULES] [OPTION]... PATH...",
        .purpose = "List the images of manifests, or what to copy where.",
        .run = run_list,
    },
    {
        .name = "resolve",
        .bit = COMMAND_RESOLVE,
        .synopsis = "RULES [OPTION]... REFERENCE...|-",
        .purpose = "Print what image references become.",
        .run = run_resolve,
    },
    {
        .name = "overlay",
        .bit = COMMAND_OVERLAY,
        .synopsis = "RULES --app SLUG --out-dir DIR [OPTION]... PATH...",
        .purpose = "Write what would change as a tree of kustomizations.",
        .run = run_overlay,
    },
    {
        .name = "probe",
        .bit = COMMAND_PROBE,
        .synopsis = "[RULES] [OPTION]... REFERENCE...|PATH...",
        .purpose = "Ask registries which images can be pulled.",
    },
    {
        .name = "fn",
        .bit = COMMAND_FN,
        .synopsis = "[RULES] [--validate] [OPTION]...",
        .purpose = "Be a function of kustomize or kpt: a ResourceList in, one "
                   "out.",
        .run = run_fn,
    },
    {
        .name = "presets",
        .bit = COMMAND_PRESETS,
        .synopsis = "[NAME]",
        .purpose = "Explain the layouts of registry products.",
        .run = run_presets,
    },
    {
        .name = "help",
        .bit = COMMAND_HELP,
        .synopsis = "[COMMAND]",
        .purpose = "Explain a command.",
        .run = run_help,
    },
    {0},
};

const struct command *
find_command(const char *name)
{
    struct imgrw_suggestion suggestion = {.word = as_str(name)};

    for (const struct command *command = commands; command->name; command++) {
        if (strcmp(command->name, name) == 0)
            return command;
        imgrw_suggest(&suggestion, command->name);
    }
    complain("%s is no command%s; see `imgrewrite help`", name,
             meant(&suggestion, ""));
    return NULL;
}

static void
print_overview(FILE *out)
{
    fputs("imgrewrite changes the container images of Kubernetes manifests, "
          "and nothing else.\n\nUsage:\n",
          out);
    for (const struct command *command = commands; command->name; command++)
        fprintf(out, "  imgrewrite %-8s %s\n", command->name,
                command->synopsis);
    fputs("\nRULES:\n"
          "  --prefix FROM=TO   images under registry or path FROM now live "
          "under TO\n"
          "  --image NAME=NEW[:TAG][@DIGEST], NAME:TAG, NAME@DIGEST\n"
          "                     override one image\n"
          "  --preset NAME[:KEY=VALUE,...]\n"
          "                     a registry product's layout; see `imgrewrite "
          "presets`\n"
          "  --rules FILE       a rules file, a kustomization, mirror sets, a "
          "lock ...\n"
          "  --exclude PATTERN  images to leave alone\n"
          "\nPATH is a file, a directory or - for standard input.\n"
          "`imgrewrite help COMMAND` lists the options of a command; "
          "imgrewrite(1) has it all.\n",
          out);
}

static void
print_command(const struct command *command)
{
    printf("Usage: imgrewrite %s %s\n\n%s\n\n", command->name,
           command->synopsis, command->purpose);
    print_options(stdout, command);
    if (command->bit == COMMAND_REWRITE)
        puts("\nWithout -i, -O, --diff or --check, the text of a single file "
             "is printed.");
    if (command->bit == COMMAND_FN)
        puts("\nThe list comes on standard input; its functionConfig has "
             "rules, too.");
    if (command->bit == COMMAND_LIST)
        puts("\nWith rules, -o mapping, skopeo-copy, crane-copy or regsync "
             "says what to copy where.");
}

int
run_help(struct settings *settings)
{
    char *probe_help[] = {NULL, (char *)"--help", NULL};
    const struct command *command;

    if (settings->version) {
        printf("imgrewrite %s\n", imgrw_version());
        return EXIT_DONE;
    }
    if (settings->argument_count == 0) {
        print_overview(settings->quiet ? stderr : stdout);
        return EXIT_DONE;
    }
    command = find_command(settings->arguments[0]);
    if (!command)
        return EXIT_TROUBLE;
    if (command->bit == COMMAND_PROBE)
        return run_probe_program(probe_help);
    print_command(command);
    return EXIT_DONE;
}
