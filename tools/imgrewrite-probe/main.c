/*
 * imgrewrite-probe: ask registries which images can be pulled. `imgrewrite
 * probe` starts it.
 *
 * The work is libimgrewrite-registry's; this reads the command line and
 * reports.
 */
#include "certificates.h"
#include "images.h"
#include "options.h"
#include "print_answers.h"
#include "print_logins.h"
#include "print_targets.h"
#include "targets.h"

#include <stdlib.h>
#include <unistd.h>

/* Shows how far asking has come, and ends it when a signal wants that. */
static int
follow(const struct imgrw_registry_progress *progress, void *user)
{
    (void)user;
    show_bar(progress->done, progress->total, "images asked for");
    return was_stopped();
}

static void
complete_settings(struct probe *probe)
{
    struct settings *settings = &probe->settings;
    const char *ca_file = getenv("SSL_CERT_FILE");

    settings->command = COMMAND_LIST;
    settings->parse.size = sizeof(settings->parse);
    settings->plan.size = sizeof(settings->plan);
    settings->run.size = sizeof(settings->run);
    settings->run.parse = &settings->parse;
    settings->run.plan = &settings->plan;
    settings->format =
        prints_copies(probe)
            ? (enum format)(FORMAT_MAPPING + probe->output - OUTPUT_MAPPING)
            : FORMAT_TEXT;
    probe->options.size = sizeof(probe->options);
    probe->options.insecure_registries = probe->insecure;
    probe->options.connect_to = probe->connect_to;
    probe->options.progress = follow;
    /* libcurl does not look at what other programs of TLS do */
    if (!probe->options.ca_file && ca_file && *ca_file != '\0')
        probe->options.ca_file = ca_file;
}

/* Says where logins are, if they are wanted. REGISTRY_AUTH_FILE names one file
 * alone, as it does for Podman. */
static bool
use_logins(struct probe *probe)
{
    const char *alone = getenv("REGISTRY_AUTH_FILE");
    struct imgrw_login_places places = {
        .size = sizeof(places),
        .file = probe->auth_file,
        .xdg_runtime_dir = getenv("XDG_RUNTIME_DIR"),
        .user_id = (unsigned)getuid(),
        .xdg_config_home = getenv("XDG_CONFIG_HOME"),
        .docker_auth_config = getenv("DOCKER_AUTH_CONFIG"),
        .docker_config = getenv("DOCKER_CONFIG"),
        .home = getenv("HOME"),
        .warn = print_warning,
        .user = &probe->settings,
    };
    struct imgrw_error error;

    if (!probe->auth && !probe->auth_file)
        return true;
    if (!places.file && alone && *alone != '\0')
        places.file = alone;
    return went_well(imgrw_registry_use_logins(probe->client, &places, &error),
                     &error);
}

/* Prints the answers, or what they say is to be done. Returns the status. */
static int
report(const struct probe *probe)
{
    if (!(prints_copies(probe) ? print_targets(probe) : print_answers(probe)))
        return EXIT_TROUBLE;
    return has_rules(probe) ? judge_targets(probe) : judge_answers(probe);
}

/* Asks for what was added, and prints the answers. */
static int
ask(struct probe *probe)
{
    struct imgrw_error error;
    enum imgrw_status status = imgrw_registry_run(probe->client, &error);

    clear_bar();
    if (status == IMGRW_ERR_STOPPED)
        return EXIT_TROUBLE; /* by a signal, which says it */
    if (!went_well(status, &error))
        return EXIT_TROUBLE;
    if (probe->output == OUTPUT_REGISTRY_AUTH)
        return print_logins(probe);
    return report(probe);
}

static int
run_probe(struct probe *probe)
{
    struct imgrw_error error;
    bool good;

    if (probe->settings.argument_count == 0 && !probe->list) {
        complain("probe needs a REFERENCE, a PATH, or --list FILE");
        return EXIT_TROUBLE;
    }
    if (!begin_targets(probe) || !check_login_options(probe) ||
        !use_certificates(probe))
        return EXIT_TROUBLE;
    if (!went_well(imgrw_registry_new(&probe->options, &probe->client, &error),
                   &error))
        return EXIT_TROUBLE;
    if (!use_logins(probe))
        return EXIT_TROUBLE;
    catch_signals();
    watch_runs(&probe->settings);
    good = add_images(probe);
    if (was_stopped())
        return EXIT_TROUBLE;
    if (!good && prints_copies(probe))
        complain("nothing is asked for and nothing listed: half a list would "
                 "be carried out as if it were whole");
    if (!good && (prints_copies(probe) ||
                  imgrw_registry_count(probe->client) == 0))
        return EXIT_TROUBLE;
    if (!good && probe->output == OUTPUT_REGISTRY_AUTH) {
        complain("no login is printed: the list would not be whole");
        return EXIT_TROUBLE;
    }
    return good ? ask(probe) : (ask(probe), EXIT_TROUBLE);
}

int
main(int argc, char **argv)
{
    struct probe probe = {.client = NULL};
    struct imgrw_error error;
    int result = EXIT_TROUBLE;

    if (went_well(imgrw_rules_new(&probe.settings.rules, &error), &error) &&
        read_probe_options(argc, argv, &probe)) {
        complete_settings(&probe);
        if (probe.settings.version) {
            printf("imgrewrite %s\n", imgrw_version());
            result = EXIT_DONE;
        } else if (probe.settings.help) {
            print_probe_help(stdout);
            result = EXIT_DONE;
        } else {
            result = run_probe(&probe);
        }
    }
    imgrw_registry_free(probe.client);
    end_copies(&probe.copies);
    imgrw_rules_free(probe.settings.rules);
    free(probe.given.items);
    free(probe.asked);
    free(probe.own_certificates);
    free(probe.insecure);
    free(probe.connect_to);
    free(probe.settings.fields);
    raise_signal();
    return finish_output(stdout, "standard output") ? result : EXIT_TROUBLE;
}
