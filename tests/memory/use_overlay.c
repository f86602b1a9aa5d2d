#include "use_overlay.h"

#include <stdlib.h>
#include <string.h>

/* What the rules make of the manifest. */
struct planned {
    struct imgrw_rules *rules;
    struct imgrw_manifest *manifest;
    struct imgrw_plan *plan;
};

static enum imgrw_status
make_plan(imgrw_str text, struct planned *planned)
{
    struct imgrw_error error;
    enum imgrw_status status = imgrw_rules_new(&planned->rules, &error);

    if (status == IMGRW_OK)
        status = imgrw_rules_add_preset(planned->rules, "full-host:base=m.io",
                                        &error);
    if (status == IMGRW_OK)
        status = imgrw_rules_add_exact(planned->rules, IMGRW_STR("nginx:1"),
                                       IMGRW_STR("nginx:2"), &error);
    if (status == IMGRW_OK)
        status = imgrw_manifest_parse(text, "a.yaml", NULL, &planned->manifest,
                                      &error);
    return status == IMGRW_OK
               ? imgrw_plan_new(planned->manifest, planned->rules, NULL,
                                &planned->plan, &error)
               : status;
}

static void
ignore(const struct imgrw_location *at, const char *message, void *user)
{
    (void)at;
    (void)message;
    (void)user;
}

/* The text of the midstream's kustomization, to be freed. */
static char *
copy_midstream(const struct imgrw_overlay *overlay)
{
    const struct imgrw_output *output;

    for (size_t i = 0; (output = imgrw_overlay_output(overlay, i)); i++)
        if (strcmp(output->path, "overlays/midstream/kustomization.yaml") == 0)
            return strndup(output->text.data, output->text.size);
    return NULL;
}

static enum imgrw_status
make_tree(const struct imgrw_overlay_options *options, imgrw_str before,
          imgrw_str after, char **midstream)
{
    struct imgrw_overlay *overlay = NULL;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_overlay_new(options, &overlay, &error);

    if (status == IMGRW_OK)
        status = imgrw_overlay_add(overlay, "a.yaml", before, after, 0,
                                   &error);
    if (status == IMGRW_OK)
        status = imgrw_overlay_add(overlay, "values.yaml",
                                   (imgrw_str){"a: 1\n", 5},
                                   (imgrw_str){"a: 1\n", 5}, 0, &error);
    if (status == IMGRW_OK)
        status = imgrw_overlay_finish(overlay, ignore, NULL, &error);
    if (status == IMGRW_OK) {
        *midstream = copy_midstream(overlay);
        status = *midstream ? IMGRW_OK : IMGRW_ERR_MEMORY;
    }
    imgrw_overlay_free(overlay);
    return status;
}

enum imgrw_status
use_overlay(const char *text)
{
    imgrw_str before = {text, strlen(text)};
    struct imgrw_overlay_options options = {
        .size = sizeof(options),
        .pull_secret = "my-app-registry",
        .secret = {"a: b\n", 5},
    };
    struct planned planned = {NULL, NULL, NULL};
    char *first = NULL, *second = NULL;
    enum imgrw_status status = make_plan(before, &planned);

    if (status == IMGRW_OK)
        status = make_tree(&options, before, imgrw_plan_text(planned.plan),
                           &first);
    if (status == IMGRW_OK) {
        options.midstream = (imgrw_str){first, strlen(first)};
        options.service_accounts = 1;
        status = make_tree(&options, before, imgrw_plan_text(planned.plan),
                           &second);
    }
    free(first);
    free(second);
    imgrw_plan_free(planned.plan);
    imgrw_manifest_free(planned.manifest);
    imgrw_rules_free(planned.rules);
    return status;
}
