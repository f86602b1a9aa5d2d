/*
 * imgrewrite overlay: what would change, as kustomizations around manifests
 * that stay as they are.
 */
#include "troubles.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MIDSTREAM "overlays/midstream/"

/* The tree that is being made. */
struct tree {
    const struct settings *settings;
    struct imgrw_run *run;
    struct troubles troubles;
    struct imgrw_overlay *overlay;
    char *secret_name; /* malloc'ed; NULL: pods get no secret */
    struct imgrw_credentials *credentials; /* of the secret; may be NULL */
    imgrw_str secret;  /* its text; empty: it is in the cluster */
    char *midstream; /* the old text of its kustomization; NULL: none */
    size_t images, edits, unknown;
    size_t offs[IMGRW_CLASS_COUNT]; /* images of each class that is off */
    bool failed;
    bool begun; /* some files were written */
};

static bool
note(struct tree *tree, enum imgrw_status status,
     const struct imgrw_error *error)
{
    tree->failed |= !went_well(status, error);
    return status == IMGRW_OK;
}

/* Says what keeps images from being as the rules have them. */
static void
tell_images(struct tree *tree, const struct imgrw_plan *plan)
{
    const struct imgrw_manifest *manifest = imgrw_plan_manifest(plan);
    const struct imgrw_image *image;

    for (int i = 0; i < IMGRW_CLASS_COUNT; i++)
        tree->offs[i] += imgrw_plan_unselected_count(plan,
                                                     (enum imgrw_class)i);
    for (size_t i = 0; (image = imgrw_manifest_image(manifest, i)); i++) {
        const struct imgrw_decision *decision = imgrw_plan_decision(plan, i);

        tree->images++;
        tree->edits += decision->edit != SIZE_MAX;
        tell_obstacle(&tree->troubles, image, decision->obstacle);
        if (!decision->outcome.access_unknown ||
            decision->outcome.rule_count > 0)
            continue;
        tree->unknown++;
        print_message(&image->at, "error",
                      as_str("nothing is known of this image; name it in "
                             "--known-images or --private, or say --unknown"));
    }
}

static void
take_file(struct tree *tree, const struct imgrw_file *file)
{
    struct imgrw_error error;

    tell_troubles(&tree->troubles, file);
    if (file->status == IMGRW_FILE_ERROR) {
        tree->failed = true;
        return;
    }
    if (file->plan)
        tell_images(tree, file->plan);
    if (file->plan && !tree->failed)
        note(tree, imgrw_overlay_add(tree->overlay, file->name, file->plan,
                                     file->mode, &error), &error);
}

/* The path of a file of the tree, malloc'ed; NULL when memory is out. */
static char *
path_of(const struct tree *tree, const char *name)
{
    char *path = NULL;

    if (asprintf(&path, "%s/%s", tree->settings->run.out_dir, name) >= 0)
        return path;
    complain("out of memory");
    return NULL;
}

/* Reads a text up to its end; false, with `errno` or 0 for a NUL in it. */
static bool
read_text(FILE *file, char **text)
{
    size_t capacity = 0;
    ssize_t size;

    errno = 0;
    size = getdelim(text, &capacity, '\0', file);
    if (size >= 0)
        return (*text)[size - 1] != '\0';
    free(*text);
    *text = ferror(file) ? NULL : strdup("");
    return *text != NULL;
}

/* Reads the kustomization of the midstream, if there is one. */
static bool
read_midstream(struct tree *tree)
{
    char *path = path_of(tree, MIDSTREAM "kustomization.yaml");
    FILE *file = path ? fopen(path, "re") : NULL;
    bool good = path && (file ? read_text(file, &tree->midstream)
                              : errno == ENOENT);

    if (path && !good)
        complain("%s cannot be read: %s", path,
                 errno ? strerror(errno) : "it holds a NUL");
    if (file)
        fclose(file);
    free(path);
    return good;
}

/* Tells of credentials of an earlier run, which only the user may delete. */
static bool
tell_of_secret(const struct tree *tree)
{
    char *path = path_of(tree, MIDSTREAM "secret.yaml");
    struct imgrw_location at = {.path = path};

    if (!path)
        return false;
    if (tree->secret.size == 0 && access(path, F_OK) == 0)
        print_message(&at, "warning",
                      as_str("is of an earlier run and holds credentials that "
                             "nothing uses any more; delete it"));
    free(path);
    return true;
}

/* The name of the pull secret, and its text where there are credentials. */
static bool
take_secret(struct tree *tree, struct settings *settings)
{
    if (!settings->registry_auth && !settings->pull_secret)
        return true;
    if (asprintf(&tree->secret_name, "%s%s",
                 settings->pull_secret ? settings->pull_secret : settings->app,
                 settings->pull_secret ? "" : "-registry") < 0) {
        tree->secret_name = NULL;
        complain("out of memory");
        return false;
    }
    return !settings->registry_auth ||
           make_secret(settings, tree->secret_name, &tree->credentials,
                       &tree->secret);
}

static bool
open_tree(struct tree *tree)
{
    const struct settings *settings = tree->settings;
    struct imgrw_overlay_options options = {
        .size = sizeof(options),
        .downstream = settings->downstream,
        .pull_secret = tree->secret_name,
        .secret = tree->secret,
        .service_accounts = settings->service_account,
    };
    struct imgrw_error error;

    if (!read_midstream(tree) || !tell_of_secret(tree))
        return false;
    if (tree->midstream)
        options.midstream = as_str(tree->midstream);
    return note(tree, imgrw_overlay_new(&options, &tree->overlay, &error),
                &error);
}

/* Writes the files of the tree. */
static bool
write_tree(struct tree *tree)
{
    const struct settings *settings = tree->settings;
    const struct imgrw_write_options options = {
        .size = sizeof(options),
        .progress = settings->run.progress,
    };
    const struct imgrw_output **outputs, *output;
    size_t count = 0;
    struct imgrw_error error;
    enum imgrw_status status;
    bool written;

    while (imgrw_overlay_output(tree->overlay, count))
        count++;
    outputs = calloc(count + 1, sizeof(*outputs));
    if (!outputs) {
        complain("out of memory");
        return false;
    }
    for (size_t i = 0; (output = imgrw_overlay_output(tree->overlay, i)); i++)
        outputs[i] = output;
    status = imgrw_files_write(settings->run.out_dir, outputs, count, &options,
                               &error);
    clear_bar();
    written = note(tree, status, &error);
    /* Only an error that is of no file comes so late. */
    tree->begun = !written && !error.at.path &&
                  error.status != IMGRW_ERR_STOPPED;
    free(outputs);
    return written;
}

static bool
run_tree(struct tree *tree, struct settings *settings)
{
    const struct imgrw_file *file;
    struct imgrw_error error;
    enum imgrw_status status =
        plan_run(settings, settings->rules, &tree->run, &error);

    if (status != IMGRW_OK && !error.at.path)
        return note(tree, status, &error);
    count_troubles(&tree->troubles, settings, tree->run);
    for (size_t i = 0; (file = imgrw_run_file(tree->run, i)); i++)
        take_file(tree, file);
    tell_crowds(&tree->troubles);
    tell_unused_rules(&tree->troubles);
    tell_unused_fields(&tree->troubles);
    print_hint(settings, tree->offs);
    print_possible(settings, tree->run);
    print_misses(settings, imgrw_overlay_pull_secrets_skipped(tree->overlay));
    if (tree->failed || status != IMGRW_OK || tree->unknown > 0)
        return false;
    return note(tree, imgrw_overlay_finish(tree->overlay, print_warning,
                                           settings, &error), &error) &&
           write_tree(tree);
}

static bool
check_settings(const struct settings *settings)
{
    if (settings->rule_count == 0)
        complain("overlay needs %s", no_rule(settings));
    else if (settings->argument_count == 0)
        complain("overlay needs a PATH");
    else if (!settings->run.out_dir || *settings->run.out_dir == '\0')
        complain("overlay needs --out-dir, the folder for the tree");
    else if (!settings->app)
        complain("overlay needs --app, the application's slug");
    else if (settings->password_stdin && !settings->registry_auth)
        complain("--password-stdin needs --registry-auth");
    else if (settings->name_space && !settings->registry_auth)
        complain("--namespace is that of the secret, and needs "
                 "--registry-auth");
    else if (settings->service_account && !settings->registry_auth &&
             !settings->pull_secret)
        complain("--service-account needs a pull secret: --registry-auth or "
                 "--pull-secret");
    else
        return true;
    return false;
}

/* The last line on standard error. */
static void
print_summary(const struct tree *tree, bool done)
{
    const struct imgrw_run_summary *summary = imgrw_run_summary(tree->run);

    if (tree->settings->quiet)
        return;
    fprintf(stderr, "imgrewrite: %s%zu of %zu images change in %s",
            done          ? ""
            : tree->begun ? "the tree is not whole; "
                          : "nothing is written; ",
            tree->edits, tree->images, tree->settings->run.out_dir);
    if (summary && summary->possible > 0)
        fprintf(stderr, ", %zu possible", summary->possible);
    fputc('\n', stderr);
}

int
run_overlay(struct settings *settings)
{
    struct tree tree = {.settings = settings};
    struct imgrw_error error;
    int result = EXIT_TROUBLE;
    bool done = false;

    settings->parse.strict = true; /* all of it becomes a part of the tree */
    if (!check_settings(settings))
        return EXIT_TROUBLE;
    watch_runs(settings);
    catch_signals();
    if (note(&tree, imgrw_rules_check(settings->rules, print_warning, settings,
                                      &error), &error) &&
        take_secret(&tree, settings) && open_tree(&tree))
        done = run_tree(&tree, settings);
    print_summary(&tree, done);
    if (done)
        result = judge_possible(settings, tree.run);
    imgrw_overlay_free(tree.overlay);
    imgrw_run_free(tree.run);
    free(tree.midstream);
    free(tree.secret_name);
    imgrw_credentials_free(tree.credentials);
    return result;
}
