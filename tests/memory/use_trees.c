#include "use_trees.h"
#include "allocator.h"
#include "hub_rules.h"

#include <imgrewrite/files.h>

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define PATH_SIZE 64

#define POD \
    "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n" \
    "  - {name: a, image: nginx}\n"

static const struct {
    const char *path, *text;
} files[] = {
    {"base/kustomization.yaml", "resources: [pod.yaml]\n"
                                "images: [{name: nginx, newTag: '1'}]\n"},
    {"base/pod.yaml", POD},
    {"data.yaml", "apiVersion: v1\nimage: nginx:1\n"},
    {"generator.yaml", "apiVersion: builtin\nkind: ConfigMapGenerator\n"
                       "name: a\nfiles: [data.yaml]\n"
                       "literals: ['a.yaml=image: nginx:1']\n"},
    {"lines.env", "IMAGE=nginx:1\n"},
    {"list.yaml", "apiVersion: v1\nkind: List\nitems:\n"
                  "- apiVersion: helm.toolkit.fluxcd.io/v2\n"
                  "  kind: HelmRelease\n  spec:\n"
                  "    c: &c {a: b, d: null}\n"
                  "    e: {$patch: replace, f: [*c]}\n"},
    {"patch.yaml", "- {op: copy, from: /a~1b/name, path: /c/name}\n"
                   "- {op: add, path: /spec/values/image, value: 'a/b:1'}\n"},
    {"pod.yaml", POD},
    {"release.yaml",
     "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n"
     "  values:\n    image: 'nginx:1'\n    b: {image: {registry: docker.io, "
     "repository: a/b, tag: '1'}}\n  postRenderers:\n"
     "  - kustomize: {images: [{name: nginx, newTag: '2'}]}\n"
     "  - kustomize: {images: [{name: nginx, newTag: '3'}]}\n"},
    {"transformer.yaml",
     "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: t}\n"
     "target: {kind: HelmRelease}\npatch: |-\n"
     "  - {op: add, path: /spec/values/b/image/registry, value: quay.io}\n"
     "  - {op: add, path: /spec/values/b/image/tag, value: '2'}\n"},
};

#define FILES (sizeof(files) / sizeof(files[0]))

static void
write_file(const char *folder, const char *name, const char *text)
{
    char path[2 * PATH_SIZE];
    int file;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    close(file);
}

static void
make_tree(char folder[PATH_SIZE], const char *text)
{
    char base[2 * PATH_SIZE];

    strcpy(folder, "/tmp/imgrewrite-memory-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(base, sizeof(base), "%s/base", folder);
    assert_int_equal(mkdir(base, 0700), 0);
    for (size_t i = 0; i < FILES; i++)
        write_file(folder, files[i].path, files[i].text);
    write_file(folder, "kustomization.yaml", text);
}

static void
remove_tree(const char *folder)
{
    char path[2 * PATH_SIZE];

    for (size_t i = 0; i < FILES; i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, files[i].path);
        assert_int_equal(unlink(path), 0);
    }
    snprintf(path, sizeof(path), "%s/kustomization.yaml", folder);
    assert_int_equal(unlink(path), 0);
    snprintf(path, sizeof(path), "%s/base", folder);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static enum imgrw_status
plan_tree(const char *folder, const struct imgrw_rules *rules)
{
    const struct imgrw_parse_options parse = {
        .size = sizeof(parse),
        .find = IMGRW_FIND_DEFAULT | IMGRW_FIND(IMGRW_CLASS_CONFIGMAP),
    };
    const struct imgrw_run_options options = {
        .size = sizeof(options),
        .jobs = 1, /* the allocator counts for one thread */
        .parse = &parse,
    };
    struct imgrw_run *run = NULL;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_run_new(rules, &options, &run, &error);

    if (status == IMGRW_OK)
        status = imgrw_run_add(run, folder, &error);
    if (status == IMGRW_OK)
        status = imgrw_run_plan(run, &error);
    imgrw_run_free(run);
    return status;
}

enum imgrw_status
use_trees(const char *text)
{
    char folder[PATH_SIZE];
    struct imgrw_rules *rules;
    enum imgrw_status status = hub_rules_new(&rules);

    if (status != IMGRW_OK)
        return status;
    allocator_excuse(1);
    make_tree(folder, text);
    allocator_excuse(-1);
    status = plan_tree(folder, rules);
    allocator_excuse(1);
    remove_tree(folder);
    allocator_excuse(-1);
    imgrw_rules_free(rules);
    return status;
}
