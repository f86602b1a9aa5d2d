/*
 * The tree of kustomizations, from the manifests to its files.
 */
#include "overlay/overlay.h"
#include "base/error.h"
#include "base/file.h"
#include "base/sizes.h"
#include "base/str.h"
#include "kubernetes/names.h"
#include "overlay/accounts.h"
#include "overlay/changes.h"
#include "overlay/merge.h"
#include "overlay/patches.h"
#include "overlay/yaml_text.h"
#include "plan/plan.h"

#include <stdio.h>
#include <stdlib.h>

/* A name of a folder, and of nothing else. */
static bool
is_folder_name(const char *name)
{
    return *name != '\0' && *name != '.' && !strchr(name, '/');
}

enum imgrw_status
imgrw_overlay_new(const struct imgrw_overlay_options *options,
                  struct imgrw_overlay **overlay, struct imgrw_error *error)
{
    struct imgrw_overlay *made;
    enum imgrw_status status;

    if (!overlay)
        return irw_fail_null(error, "overlay");
    made = calloc(1, sizeof(*made));
    if (!made)
        return irw_fail_memory(error);
    status = irw_sized_copy(&made->options, sizeof(made->options), options,
                            "overlay options", error);
    if (!made->options.downstream)
        made->options.downstream = "this-cluster";
    if (status == IMGRW_OK && made->options.pull_secret &&
        !irw_is_dns_name(irw_str(made->options.pull_secret)))
        status = irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                          "\"%.100s\" is no name of a secret",
                          made->options.pull_secret);
    if (status == IMGRW_OK && (!irw_has_bytes(made->options.secret) ||
                               !irw_has_bytes(made->options.midstream)))
        status = irw_fail_null(error, "a text of the options");
    if (status == IMGRW_OK && !is_folder_name(made->options.downstream))
        status = irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                          "\"%s\" is no name for a downstream",
                          made->options.downstream);
    if (status == IMGRW_OK)
        *overlay = made;
    else
        imgrw_overlay_free(made);
    return status;
}

void
imgrw_overlay_free(struct imgrw_overlay *overlay)
{
    if (!overlay)
        return;
    irw_targets_clear(&overlay->targets);
    irw_map_clear(&overlay->names);
    free(overlay->values.items);
    free(overlay->pods.items);
    free(overlay->accounts.items);
    irw_images_clear(&overlay->images);
    free(overlay->resources.items);
    free(overlay->passed_over.items);
    free(overlay->outputs.items);
    irw_arena_clear(&overlay->arena);
    free(overlay);
}

/* Adds a file to the tree; `text` lives in the arena or outside. */
static enum imgrw_status
add_output(struct imgrw_overlay *overlay, const char *path, imgrw_str text,
           unsigned mode, int keep, struct imgrw_error *error)
{
    const struct imgrw_output output = {
        .size = sizeof(output),
        .path = path,
        .text = text,
        .mode = mode,
        .keep = keep,
    };

    return IRW_APPEND(&overlay->outputs, output) ? IMGRW_OK
                                                 : irw_fail_memory(error);
}

/* "FOLDER/NAME" in the arena; NULL when memory is out. */
static char *
join(struct imgrw_overlay *overlay, const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = irw_arena_alloc(&overlay->arena, size);

    if (path)
        snprintf(path, size, "%s/%s", folder, name);
    return path;
}

/* Whether kustomize would take the file for the base's own. */
static bool
is_kustomization(const char *name)
{
    return strcmp(name, "kustomization.yaml") == 0 ||
           strcmp(name, "kustomization.yml") == 0 ||
           strcmp(name, "Kustomization") == 0;
}

/* Refuses a name that the base cannot have for a manifest. */
static enum imgrw_status
check_name(struct imgrw_overlay *overlay, imgrw_str name,
           struct imgrw_error *error)
{
    struct imgrw_location at = {.path = name.data};

    if (!irw_is_path_below(name.data))
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "\"%.100s\" is no path below the base", name.data);
    if (is_kustomization(name.data))
        return irw_fail(error, IMGRW_ERR_EDIT, at,
                        "the base gets a kustomization of its own; build this "
                        "one first, with `kustomize build`, or name the files "
                        "it is about");
    if (irw_equal(name, IRW_STR("-")))
        return irw_fail(error, IMGRW_ERR_EDIT, at,
                        "what is read from standard input has no name that "
                        "kustomize could know it by");
    if (irw_map_get(&overlay->names, name) != 0)
        return irw_fail(error, IMGRW_ERR_EDIT, at,
                        "two manifests have this name below the folders that "
                        "were given, and the kustomization can list but one");
    return irw_map_set(&overlay->names, name, 1) ? IMGRW_OK
                                                 : irw_fail_memory(error);
}

/* Adds a manifest whose name, which is kept, has been checked. */
static enum imgrw_status
add_manifest(struct imgrw_overlay *overlay, imgrw_str name,
             const struct imgrw_plan *plan, unsigned mode,
             struct imgrw_error *error)
{
    imgrw_str source = imgrw_plan_source(plan);
    const char *text = irw_arena_copy(&overlay->arena, source);
    const char *path = join(overlay, "base", name.data);
    bool is_resource;
    enum imgrw_status status;

    if (!text || !path)
        return irw_fail_memory(error);
    if (imgrw_manifest_is_template(imgrw_plan_manifest(plan)))
        return irw_fail(error, IMGRW_ERR_EDIT,
                        (struct imgrw_location){.path = name.data},
                        "kustomize reads no templates: render this one first, "
                        "or leave it out");
    status = irw_overlay_take(overlay, name.data, plan, &is_resource, error);
    if (status == IMGRW_OK)
        status = add_output(overlay, path, (imgrw_str){text, source.size},
                            mode ? mode : 0644, 0, error);
    if (status != IMGRW_OK)
        return status;
    overlay->out_of_reach += irw_plan_out_of_reach(plan);
    return (is_resource ? IRW_APPEND(&overlay->resources, name)
                        : IRW_APPEND(&overlay->passed_over, name))
               ? IMGRW_OK
               : irw_fail_memory(error);
}

enum imgrw_status
imgrw_overlay_add(struct imgrw_overlay *overlay, const char *name,
                  const struct imgrw_plan *plan, unsigned mode,
                  struct imgrw_error *error)
{
    imgrw_str kept = irw_str(name);
    enum imgrw_status status;

    if (!overlay || !name || !plan)
        return irw_fail_null(error, !overlay ? "overlay"
                                    : !name  ? "name"
                                             : "plan");
    if (overlay->finished)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "the overlay is finished already");
    kept.data = irw_arena_copy(&overlay->arena, kept);
    if (!kept.data)
        return irw_fail_memory(error);
    status = check_name(overlay, kept, error);
    if (status == IMGRW_OK)
        status = add_manifest(overlay, kept, plan, mode, error);
    overlay->finished = status != IMGRW_OK;
    return status;
}

static void
write_images(const struct imgrw_overlay *overlay, struct irw_text *text)
{
    irw_text_add(text, IRW_STR("images:\n"));
    for (size_t i = 0; i < overlay->images.entries.count; i++) {
        const struct irw_kustomize_entry *entry =
            &overlay->images.entries.items[i].text;
        const struct {
            const char *head;
            imgrw_str value;
        } members[] = {
            {"- name: ", entry->name},
            {"  newName: ", entry->new_name},
            {"  newTag: ", entry->new_tag},
            {"  digest: ", entry->digest},
        };

        if (overlay->images.entries.items[i].dropped)
            continue;
        for (size_t k = 0; k < sizeof(members) / sizeof(members[0]); k++)
            if (members[k].value.size > 0)
                irw_yaml_line(text, members[k].head, members[k].value);
    }
}

/* Keeps a text that was written, as a file of the tree. */
static enum imgrw_status
keep_text(struct imgrw_overlay *overlay, const char *path,
          struct irw_text *text, int keep, struct imgrw_error *error)
{
    imgrw_str copy = {0};
    enum imgrw_status status;

    if (!text->failed)
        copy = (imgrw_str){
            irw_arena_copy(&overlay->arena,
                           (imgrw_str){text->data, text->size}),
            text->size};
    irw_text_clear(text);
    status = path && copy.data
                 ? add_output(overlay, path, copy, 0644, keep, error)
                 : irw_fail_memory(error);
    return status;
}

#define HEAD \
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"

static enum imgrw_status
write_base(struct imgrw_overlay *overlay, struct imgrw_error *error)
{
    struct irw_text text = {0};

    irw_text_add(&text, IRW_STR(HEAD "resources:\n"));
    for (size_t i = 0; i < overlay->resources.count; i++)
        irw_yaml_line(&text, "- ", overlay->resources.items[i]);
    return keep_text(overlay, "base/kustomization.yaml", &text, 0, error);
}

static enum imgrw_status
write_downstream(struct imgrw_overlay *overlay, struct imgrw_error *error)
{
    struct irw_text text = {0};
    char *folder =
        join(overlay, "overlays/downstreams", overlay->options.downstream);
    char *path = folder ? join(overlay, folder, "kustomization.yaml") : NULL;

    irw_text_add(&text, IRW_STR(
        "# Yours: imgrewrite overlay writes this file once.\n"
        HEAD "resources:\n- ../../midstream\n"));
    return keep_text(overlay, path, &text, 1, error);
}

/* The kustomization of the midstream, which has these files beside it. */
static enum imgrw_status
write_midstream(struct imgrw_overlay *overlay, bool accounts,
                struct imgrw_error *error)
{
    struct irw_text parts[IRW_SECTION_COUNT] = {{0}}, text = {0};
    imgrw_str sections[IRW_SECTION_COUNT];
    enum imgrw_status status;

    irw_text_add(&parts[IRW_SECTION_RESOURCES],
                 IRW_STR("resources:\n- ../../base\n"));
    if (overlay->options.secret.size > 0)
        irw_text_add(&parts[IRW_SECTION_RESOURCES], IRW_STR("- secret.yaml\n"));
    if (accounts)
        irw_text_add(&parts[IRW_SECTION_RESOURCES],
                     IRW_STR("- service-accounts.yaml\n"));
    write_images(overlay, &parts[IRW_SECTION_IMAGES]);
    irw_overlay_write_patches(overlay, &parts[IRW_SECTION_PATCHES]);
    for (int i = 0; i < IRW_SECTION_COUNT; i++) {
        text.failed |= parts[i].failed;
        sections[i] = (imgrw_str){parts[i].data, parts[i].size};
    }
    status = irw_overlay_merge(overlay->options.midstream, sections, &text,
                               error);
    for (int i = 0; i < IRW_SECTION_COUNT; i++)
        irw_text_clear(&parts[i]);
    if (status == IMGRW_OK)
        return keep_text(overlay, "overlays/midstream/kustomization.yaml",
                         &text, 0, error);
    irw_text_clear(&text);
    return status;
}

/* The files of the midstream. */
static enum imgrw_status
write_midstream_files(struct imgrw_overlay *overlay, struct imgrw_error *error)
{
    struct irw_text accounts = {0};
    enum imgrw_status status =
        irw_overlay_give_accounts(overlay, &accounts, error);

    if (status == IMGRW_OK)
        status = write_midstream(overlay, accounts.size > 0, error);
    if (status == IMGRW_OK && accounts.size > 0)
        status = keep_text(overlay, "overlays/midstream/service-accounts.yaml",
                           &accounts, 0, error);
    irw_text_clear(&accounts);
    if (status == IMGRW_OK && overlay->options.secret.size > 0)
        status = add_output(overlay, "overlays/midstream/secret.yaml",
                            overlay->options.secret, 0600, 0, error);
    return status;
}

/* Makes the entries of `images:`, which kustomize has to be able to apply. */
static enum imgrw_status
make_entries(struct imgrw_overlay *overlay, struct imgrw_error *error)
{
    bool any = false;

    if (!irw_images_make_entries(&overlay->images))
        return irw_fail_memory(error);
    for (size_t i = 0; i < overlay->images.entries.count; i++)
        any |= !overlay->images.entries.items[i].dropped;
    return any && overlay->misfit.path
               ? irw_fail(error, IMGRW_ERR_EDIT, overlay->misfit,
                          "kustomize expects a container, a volume or the text "
                          "of an image here, and fails to change any image; "
                          "use `rewrite`")
               : IMGRW_OK;
}

static void
warn_of_others(const struct imgrw_overlay *overlay, imgrw_warn_fn *warn,
               void *user)
{
    for (size_t i = 0; i < overlay->passed_over.count && warn; i++) {
        struct imgrw_location at = {
            .path = overlay->passed_over.items[i].data};

        warn(&at, "is no file of resources; it is copied, and the base does "
                  "not list it", user);
    }
}

enum imgrw_status
imgrw_overlay_finish(struct imgrw_overlay *overlay, imgrw_warn_fn *warn,
                     void *user, struct imgrw_error *error)
{
    enum imgrw_status status;

    if (!overlay)
        return irw_fail_null(error, "overlay");
    if (overlay->finished)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "the overlay is finished already");
    overlay->finished = true;
    warn_of_others(overlay, warn, user);
    status = make_entries(overlay, error);
    if (status == IMGRW_OK)
        status = write_base(overlay, error);
    if (status == IMGRW_OK)
        status = write_midstream_files(overlay, error);
    return status == IMGRW_OK ? write_downstream(overlay, error) : status;
}

const struct imgrw_output *
imgrw_overlay_output(const struct imgrw_overlay *overlay, size_t index)
{
    return overlay && index < overlay->outputs.count
               ? &overlay->outputs.items[index]
               : NULL;
}

size_t
imgrw_overlay_pull_secrets_skipped(const struct imgrw_overlay *overlay)
{
    return overlay && overlay->options.pull_secret ? overlay->out_of_reach : 0;
}
