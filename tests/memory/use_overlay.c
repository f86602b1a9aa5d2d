#include "use_overlay.h"

#include <stdlib.h>
#include <string.h>

/* A manifest, and what the rules make of it. */
struct planned {
    struct imgrw_manifest *manifest;
    struct imgrw_plan *plan;
};

static enum imgrw_status
make_plan(const struct imgrw_rules *rules, imgrw_str text,
          struct planned *planned)
{
    const struct imgrw_parse_options options = {
        .size = sizeof(options),
        .find = IMGRW_FIND_ALL,
    };
    struct imgrw_error error;
    enum imgrw_status status = imgrw_manifest_parse(
        text, "a.yaml", &options, &planned->manifest, &error);

    return status == IMGRW_OK ? imgrw_plan_new(planned->manifest, rules, NULL,
                                               &planned->plan, &error)
                              : status;
}

static void
drop_plan(struct planned *planned)
{
    imgrw_plan_free(planned->plan);
    imgrw_manifest_free(planned->manifest);
}

static enum imgrw_status
make_rules(struct imgrw_rules **rules)
{
    struct imgrw_error error;
    enum imgrw_status status = imgrw_rules_new(rules, &error);

    if (status == IMGRW_OK)
        status = imgrw_rules_add_preset(*rules, "full-host:base=m.io", &error);
    if (status == IMGRW_OK)
        status = imgrw_rules_add_exact(*rules, IMGRW_STR("nginx:1"),
                                       IMGRW_STR("nginx:2"), &error);
    return status;
}

static void
ignore(const struct imgrw_location *at, const char *message, void *user)
{
    (void)at;
    (void)message;
    (void)user;
}

/* A file of the midstream; NULL: it is not made. */
static const struct imgrw_output *
find_output(const struct imgrw_overlay *overlay, const char *path)
{
    const struct imgrw_output *output;

    for (size_t i = 0; (output = imgrw_overlay_output(overlay, i)); i++)
        if (strcmp(output->path, path) == 0)
            return output;
    return NULL;
}

/* Beside the manifest of the scenario: no resource, and one that gains new
 * names. */
static const char no_resource[] = "a: 1\n";
static const char flux[] =
    "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
    "metadata: {name: f}\nspec: {images: [{name: q.io/a}, {name: q.io/b}]}\n";

#define MANIFESTS 3

static enum imgrw_status
make_tree(const struct imgrw_overlay_options *options,
          const struct planned planned[MANIFESTS], char **midstream)
{
    static const char *const names[MANIFESTS] = {"a.yaml", "values.yaml",
                                                 "flux.yaml"};
    struct imgrw_overlay *overlay = NULL;
    const struct imgrw_output *output;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_overlay_new(options, &overlay, &error);

    for (int i = 0; i < MANIFESTS && status == IMGRW_OK; i++)
        status = imgrw_overlay_add(overlay, names[i], planned[i].plan, 0,
                                   &error);
    if (status == IMGRW_OK)
        status = imgrw_overlay_finish(overlay, ignore, NULL, &error);
    if (status == IMGRW_OK) {
        output = find_output(overlay, "overlays/midstream/kustomization.yaml");
        *midstream = strndup(output->text.data, output->text.size);
        status = *midstream ? IMGRW_OK : IMGRW_ERR_MEMORY;
    }
    /* The first pod has the default account, which is in no manifest. */
    if (status == IMGRW_OK && options->service_accounts &&
        !find_output(overlay, "overlays/midstream/service-accounts.yaml"))
        status = IMGRW_ERR_PROOF;
    imgrw_overlay_free(overlay);
    return status;
}

enum imgrw_status
use_overlay(const char *text)
{
    struct imgrw_overlay_options options = {
        .size = sizeof(options),
        .pull_secret = "my-app-registry",
        .secret = {"a: b\n", 5},
    };
    struct imgrw_rules *rules = NULL;
    const char *const texts[MANIFESTS] = {text, no_resource, flux};
    struct planned planned[MANIFESTS] = {{NULL, NULL}};
    char *first = NULL, *second = NULL;
    enum imgrw_status status = make_rules(&rules);

    for (int i = 0; i < MANIFESTS && status == IMGRW_OK; i++)
        status = make_plan(rules, (imgrw_str){texts[i], strlen(texts[i])},
                           &planned[i]);
    if (status == IMGRW_OK)
        status = make_tree(&options, planned, &first);
    if (status == IMGRW_OK) {
        options.midstream = (imgrw_str){first, strlen(first)};
        options.service_accounts = 1;
        status = make_tree(&options, planned, &second);
    }
    free(first);
    free(second);
    for (int i = 0; i < MANIFESTS; i++)
        drop_plan(&planned[i]);
    imgrw_rules_free(rules);
    return status;
}
