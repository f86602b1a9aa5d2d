/*
 * Every allocation fails in turn, once alone and once with all behind it: each
 * call then says so or succeeds without, and nothing is lost or released twice.
 */
#include "callbacks.h"
#include "scenario.h"
#include "use_credentials.h"
#include "use_files.h"
#include "use_overlay.h"
#include "use_stream.h"
#include "use_trees.h"

#include <imgrewrite/imgrewrite.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A rule of each kind. */
static enum imgrw_status
add_rules(struct imgrw_rules *rules)
{
    static const struct imgrw_override override = {
        .size = sizeof(override),
        .name = IMGRW_STR_INIT("redis"),
        .new_name = IMGRW_STR_INIT("quay.io/library/redis"),
        .tag_suffix = IMGRW_STR_INIT("-hardened"),
    };
    struct imgrw_error error;
    enum imgrw_status status;

    status = imgrw_rules_add_prefix(rules, "docker.io", "mirror.example/hub",
                                    &error);
    if (status == IMGRW_OK)
        status = imgrw_rules_add_prefix(rules, "quay.io",
                                        "[2001:db8::1]:5000/quay", &error);
    if (status == IMGRW_OK)
        status = imgrw_rules_add_override(rules, &override, &error);
    if (status == IMGRW_OK)
        status = imgrw_rules_add_image(rules, "busybox=5:1.36", &error);
    if (status == IMGRW_OK)
        status = imgrw_rules_add_exclude(rules, "quay.io/keep/**", &error);
    if (status == IMGRW_OK)
        status = imgrw_rules_check(rules, NULL, NULL, &error);
    return status;
}

static enum imgrw_status
use_rules(const char *text)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome;
    struct imgrw_rules *rules;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_rules_new(&rules, &error);

    if (status != IMGRW_OK)
        return status;
    status = add_rules(rules);
    if (status == IMGRW_OK)
        status = imgrw_rules_apply(rules, imgrw_str_from(text), &buffer,
                                   &outcome, &error);
    imgrw_rules_free(rules);
    return status;
}

/* A rule that is refused. */
static enum imgrw_status
use_wrong_rule(const char *text)
{
    struct imgrw_rules *rules;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_rules_new(&rules, &error);

    if (status != IMGRW_OK)
        return status;
    status = imgrw_rules_add_image(rules, text, &error);
    imgrw_rules_free(rules);
    return status;
}

/* A set of what a rules file says, applied and explained. */
static enum imgrw_status
use_read(const char *text)
{
    static const char *const images[] = {
        "nginx:1", "eu.gcr.io/a/b:1", "quay.io/acme/api:1", "redis:7",
    };
    struct imgrw_reference_buffer buffer;
    char why[512];
    struct imgrw_outcome outcome;
    struct imgrw_rules *rules;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_rules_new(&rules, &error);

    if (status != IMGRW_OK)
        return status;
    status = imgrw_rules_read(rules, imgrw_str_from(text), "a.yaml", hear,
                              NULL, &error);
    if (status == IMGRW_OK)
        status = imgrw_rules_check(rules, hear, NULL, &error);
    for (size_t i = 0; i < 4 && status == IMGRW_OK; i++) {
        status = imgrw_rules_apply(rules, imgrw_str_from(images[i]), &buffer,
                                   &outcome, &error);
        if (status == IMGRW_OK)
            imgrw_rules_explain(rules, imgrw_str_from(images[i]), &outcome, why,
                                sizeof(why));
    }
    imgrw_rules_free(rules);
    return status;
}

/* A file that names another one. */
static enum imgrw_status
use_read_file(const char *path)
{
    struct imgrw_rules *rules;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_rules_new(&rules, &error);

    if (status != IMGRW_OK)
        return status;
    status = imgrw_rules_read_file(rules, path, hear, NULL, &error);
    imgrw_rules_free(rules);
    return status;
}

/* A preset as an option gives it. */
static enum imgrw_status
use_preset(const char *text)
{
    struct imgrw_reference_buffer buffer;
    struct imgrw_outcome outcome;
    struct imgrw_rules *rules;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_rules_new(&rules, &error);

    if (status != IMGRW_OK)
        return status;
    status = imgrw_rules_add_preset(rules, text, &error);
    if (status == IMGRW_OK)
        status = imgrw_rules_set_access(rules, IMGRW_STR("nginx"),
                                        IMGRW_ACCESS_PRIVATE, &error);
    if (status == IMGRW_OK)
        status = imgrw_rules_apply(rules, IMGRW_STR("nginx:1"), &buffer,
                                   &outcome, &error);
    imgrw_rules_free(rules);
    return status;
}

/* Every class of places, and one more. */
static const struct imgrw_fieldspec fields[] = {
    {NULL, NULL, "Widget", "spec/*/im\\/age[]"},
};
static const struct imgrw_parse_options everywhere = {
    .size = sizeof(everywhere),
    .find = IMGRW_FIND_ALL,
    .fields = fields,
    .field_count = 1,
};

static enum imgrw_status
use_manifest(const char *text)
{
    struct imgrw_manifest *manifest;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_manifest_parse(
        imgrw_str_from(text), "a.yaml", &everywhere, &manifest, &error);

    if (status == IMGRW_OK)
        imgrw_manifest_free(manifest);
    return status;
}

/* What a use of a plan does with it. */
typedef enum imgrw_status plan_fn(const struct imgrw_plan *plan,
                                  const struct imgrw_rules *rules);

static enum imgrw_status
with_plan(const char *text, const struct imgrw_rules *rules, plan_fn *use,
          const char *secret)
{
    const struct imgrw_plan_options options = {
        .size = sizeof(options),
        .proof = IMGRW_PROOF_FULL,
        .pull_secret = secret,
    };
    struct imgrw_manifest *manifest;
    struct imgrw_plan *plan;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_manifest_parse(
        imgrw_str_from(text), "a.yaml", &everywhere, &manifest, &error);

    if (status != IMGRW_OK)
        return status;
    status = imgrw_plan_new(manifest, rules, &options, &plan, &error);
    if (status == IMGRW_OK) {
        status = use(plan, rules);
        imgrw_plan_free(plan);
    }
    imgrw_manifest_free(manifest);
    return status;
}

static enum imgrw_status
with_rules_and_plan(const char *text, plan_fn *use, const char *secret)
{
    struct imgrw_rules *rules;
    struct imgrw_error error;
    enum imgrw_status status = imgrw_rules_new(&rules, &error);

    if (status != IMGRW_OK)
        return status;
    status = add_rules(rules);
    if (status == IMGRW_OK)
        status = with_plan(text, rules, use, secret);
    imgrw_rules_free(rules);
    return status;
}

static enum imgrw_status
leave_plan(const struct imgrw_plan *plan, const struct imgrw_rules *rules)
{
    (void)plan;
    (void)rules;
    return IMGRW_OK;
}

static enum imgrw_status
use_plan(const char *text)
{
    return with_rules_and_plan(text, leave_plan, NULL);
}

static enum imgrw_status
write_diff(const struct imgrw_plan *plan, const struct imgrw_rules *rules)
{
    struct imgrw_error error;

    (void)rules;
    return imgrw_diff_write(plan, "a.yaml", discard, NULL, &error);
}

static enum imgrw_status
use_diff(const char *text)
{
    return with_rules_and_plan(text, write_diff, NULL);
}

static enum imgrw_status
write_list(const struct imgrw_manifest *manifest)
{
    struct imgrw_list_report *report;
    enum imgrw_status status =
        imgrw_list_report_new(discard, NULL, &report, NULL);

    if (status != IMGRW_OK)
        return status;
    status = imgrw_list_report_add(report, manifest, NULL);
    if (status == IMGRW_OK)
        status = imgrw_list_report_add_possible(report, manifest, NULL);
    if (status == IMGRW_OK)
        status = imgrw_list_report_finish(report, NULL);
    imgrw_list_report_free(report);
    return status;
}

static enum imgrw_status
write_report(const struct imgrw_plan *plan, const struct imgrw_rules *rules)
{
    struct imgrw_report *report;
    enum imgrw_status status =
        imgrw_report_new(rules, discard, NULL, &report, NULL);

    if (status != IMGRW_OK)
        return status;
    status = imgrw_report_add(report, "a.yaml", IMGRW_FILE_REWRITTEN, plan,
                              NULL, NULL);
    if (status == IMGRW_OK)
        status = imgrw_report_finish(report, NULL);
    imgrw_report_free(report);
    return status == IMGRW_OK ? write_list(imgrw_plan_manifest(plan)) : status;
}

static enum imgrw_status
use_report(const char *text)
{
    return with_rules_and_plan(text, write_report, NULL);
}

/* With a pull secret, and all that tells of it. */
static enum imgrw_status
write_both(const struct imgrw_plan *plan, const struct imgrw_rules *rules)
{
    enum imgrw_status status = write_diff(plan, rules);

    return status == IMGRW_OK ? write_report(plan, rules) : status;
}

static enum imgrw_status
use_secret(const char *text)
{
    return with_rules_and_plan(text, write_both, "regcred");
}

#define POD "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n"

static const char styles[] =
    POD "  initContainers:\n"
        "  - image: \"redis:7\" # a comment\n"
        "  - image: 'quay.io/prometheus/node-exporter:v1'\n"
        "  - image: |-\n"
        "      busybox\n"
        "  - {image: !!str nginx, name: \"a\\x62\"}\n"
        "  containers:\n"
        "  - image: \"ngi\\x6ex:1\"\n"
        "  - image: {{ wrong }}\n  - image: redis:$(T)\n  - image: a:$(T)\n"
        "  - image: gr\xC3\xB6\xC3\x9F" "er\n"
        "  - image: quay.io/keep/me\n";

static const char aliases[] =
    "base: &base\n  image: &image nginx:1\n  name: &name b\n"
    "kind: Pod\nmetadata: {name: *name }\nspec:\n"
    "  initContainers:\n"
    "  - &first {image: redis:7, name: *name }\n"
    "  - *first\n"
    "  - <<: {image: quay.io/a, name: x}\n"
    "  containers:\n"
    "  - <<: [*first ]\n    image: busybox\n"
    "  - image: *image\n";

static const char documents[] =
    POD "  containers: [{image: nginx, name: a}]\n"
        "---\nkind: List\nitems:\n- kind: CronJob\n  spec:\n"
        "    jobTemplate: {spec: {template: {spec: {containers: [\n"
        "    {image: redis:7}, {image: redis:7}]}}}}\n"
        "--- # nothing\n"
        "---\n{\"kind\": \"Pod\", \"spec\": {\"containers\": [{\"image\":"
        "\"quay.io/b\"}]}}\n...\n";

static const char warned[] =
    "%YAML 1.1\n---\nkind: Pod\nspec:\n  containers:\n  - image: nginx\n"
    "    image: redis:7\n";

/* Images that are parts of scalars, of several scalars, or in documents inside
 * of scalars, one of them with anchors. */
static const char shapes[] =
    "kind: ConfigMap\ndata:\n  a: |\n    image: &i redis\n    b: {image: *i}\n"
    "  b: \"kind: ConfigMap\\ndata:\\n  c: '{\\\"image\\\": "
    "\\\"redis:7\\\"}'\\n\"\n"
    "  d: '{hub: docker.io, a: {image: {name: b, tag: v1}}, b: {image: {\n"
    "    repository: a/b, tag: v1}}}'\n  e: [&x y, *x]\n"
    "  f: '{global: {hub: q.io/i, tag: v1, p: {image: x}}, aImage: a/b,\n"
    "    aImageTag: v1}'\n---\nkind: Widget\nspec: {s: docker push $A, v: {name"
    ": B, value: a/b:1}, k: {im/age: [oci://a:7]}, c: \"q.io/a:\\x31\\nb\"}\n"
    "---\nkind: Pod\nspec:\n  containers:\n  - args: [--a-image, q.io/b:1]\n"
    "    env:\n    - name: STRIMZI_X_IMAGES\n      value: |\n"
    "        1=docker.io/a/b:1\n        2=docker.io/a/b:2\n"
    "---\nkind: ClusterRepo\napiVersion: catalog.cattle.io/v1\n"
    "spec: {url: 'oci://docker.io/acme'}\n---\nkind: HelmChart\n"
    "apiVersion: helm.cattle.io/v1\nspec: {set: {image: 'nginx:1'}}\n"
    "---\nkind: Kustomization\napiVersion: kustomize.config.k8s.io/v1\n"
    "images: [{name: nginx, newName: redis, newTag: v1}]\n";

#define TEMPLATE \
    "{{ if a }}\nkind: Pod\nspec: {containers: [{image: 'a:{{ b }}'}]}\n" \
    "---\nkind: ConfigMap\napiVersion: v1\ndata:\n  a: |\n" \
    "   image: nginx\n   {{ if c }}\n   b: c\n"

#define OURS "apiVersion: imgrewrite/v1\nkind: RewriteRules\n"

/* Everything that a rules file may hold. */
static const char everything[] =
    OURS "images:\n"
    "- &one {name: redis, newName: &hub h.io/hub, tagSuffix: -x}\n"
    "- name: busybox\n  newTag: \"1\\u002e2\"\n"
    "  digest: sha256:06b5d462c92fc39303e6363c65e074559f8d6b1363250027ed5053557"
    "e3398c5\n- *one\n"
    "registries:\n- {prefix: \"*.gcr.io\", location: h.io/gcr}\n"
    "- {prefix: quay.io/a, location: h.io/a, pullFromMirror: digest-only}\n"
    "preset:\n- {name: replicated, app: my-app, only: private, from: old.io}\n"
    "- {name: harbor, host: h.io, project: hub}\n"
    "exclude: [h.io/keep/**, *hub ]\n"
    "knownImages:\n- {image: quay.io/acme/api, isPrivate: true}\n"
    "- {image: \"quay.io/acme/api:2\", isPrivate: false}\n"
    "fieldSpecs:\n- {group: e.com, version: v1, kind: W, path: 'a[]/b\\/c'}\n"
    "- path: spec.image\nfind: [all]\n---\n" OURS "images: []\n";

static const char everything_else[] =
    "components: [a]\nimages:\n- {Name: nginx, newtag: \"2\"}\n- {name: a}\n"
    "configurations: [a.yaml]\n"
    "---\n{\"redis:7\": \"h.io/r:7\", \"docker.io/b\": \"h.io/b\"}\n"
    "---\napiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\n"
    "spec:\n  imageDigestMirrors:\n"
    "  - {source: quay.io, mirrors: [m.io/q, n.io]}\n"
    "---\napiVersion: kbld.k14s.io/v1alpha1\nkind: Config\nsources: []\n"
    "overrides:\n- {image: a, newImage: h.io/a}\n"
    "- {imageRepo: c, newImage: \"h.io/c:1@sha256:06b5d462c92fc39303e6363c65e0"
    "74559f8d6b1363250027ed5053557e3398c5\"}\n"
    "---\napiVersion: imgpkg.carvel.dev/v1alpha1\nkind: ImagesLock\n"
    "images:\n- {image: h.io/d, annotations: {kbld.carvel.dev/id: d}}\n"
    "---\napiVersion: kots.io/v1beta1\nkind: Installation\n"
    "spec: {knownImages: [{image: nginx}, {image: e, isPrivate: true}]}\n";

/* Pods without a list, with one, with a null, in braces, and with anchors. */
static const char pods[] =
    POD "  containers: [{image: nginx, name: a}]\n"
        "---\n" POD "  containers:\n  - image: nginx\n"
        "  imagePullSecrets:\n  - name: old\n"
        "---\n" POD "  imagePullSecrets:\n  containers:\n  - image: nginx\n"
        "---\n{\"kind\": \"Pod\", \"spec\": {\"imagePullSecrets\": [], "
        "\"containers\": [{\"image\":\"quay.io/b\"}]}}\n"
        "---\nkind: List\nitems:\n- kind: Pod\n  spec: &a\n"
        "    containers: &c [{image: nginx}]\n- kind: Pod\n  spec:\n"
        "    containers: *c\n    imagePullSecrets: &l [{name: b}]\n"
        "- kind: Pod\n  spec: {containers: [{image: nginx}], "
        "imagePullSecrets: *l }\n";

/* A kustomization over a base elsewhere and a file: entries with a name, with a
 * pattern and of an alias, one that becomes two, a patch and copies. */
static const char tree[] =
    "== pod.yaml\n" POD "  containers:\n  - {name: a, image: 'redis:7'}\n"
    "  - {name: b, image: controller}\n"
    "  - {name: c, image: 'acme/tools/x:1'}\n"
    "== kustomization.yaml\nresources: [https://example.com/x.yaml, pod.yaml]\n"
    "images:\n- {name: redis, newTag: '6'}\n- {name: busybox, newTag: '1'}\n"
    "- {name: controller, newName: acme/c}\n- {name: acme/tools/.*, "
    "newTag: '2'}\n- {name: 'acme\\.io/(a|b)', newTag: '2'}\n"
    "patches: [{path: patch.yaml}]\nreplacements:\n"
    "- source: {kind: Pod, fieldPath: metadata.name}\n"
    "  targets: [{select: {kind: Pod}, fieldPaths: [metadata.labels.a]}]\n"
    "vars: [{name: V, objref: {kind: Pod, name: web, apiVersion: v1}}]\n"
    "transformers: [transformer.yaml]\n"
    "== transformer.yaml\n{apiVersion: builtin, kind: LabelTransformer}\n"
    "== patch.yaml\n" POD "  containers: [{name: a, image: 'busybox:2'}]\n";

/* The uses of the library, with what comes of them when memory lasts. */
static const struct use {
    const char *name;
    scenario_fn *scenario;
    const char *text;
    enum imgrw_status expected;
} uses[] = {
    {"rules: prefix", use_rules, "nginx:1", IMGRW_OK},
    {"rules: override", use_rules, "redis:7", IMGRW_OK},
    {"rules: exclude", use_rules, "quay.io/keep/me", IMGRW_OK},
    {"rules: no reference", use_rules, "a b", IMGRW_ERR_REFERENCE},
    {"rules: malformed", use_wrong_rule, "nginx=", IMGRW_ERR_RULE},
    {"rules: wrong digest", use_wrong_rule, "a=b@md5:1", IMGRW_ERR_RULE},
    {"rules file: everything", use_read, everything, IMGRW_OK},
    {"rules file: other formats", use_read, everything_else, IMGRW_OK},
    {"rules file: relocation map", use_read,
     "{\"nginx:1\": \"h.io/n:1\", \"a\": \"h.io/a\", \"b\": \"h.io/b\"}",
     IMGRW_OK},
    {"rules file: unknown key", use_read, OURS "image: []\n", IMGRW_ERR_RULE},
    {"rules file: wrong preset", use_read, OURS "preset: {name: quay, a: b}\n",
     IMGRW_ERR_RULE},
    {"rules file: wrong path", use_read, OURS "fieldSpecs: [{path: a//b}]\n",
     IMGRW_ERR_RULE},
    {"rules file: syntax", use_read, OURS "find: [a\n", IMGRW_ERR_SYNTAX},
    {"rules file: on disk", use_read_file,
     RULES_FILES "/configurations.yaml", IMGRW_OK},
    {"rules: lock", use_read_file, RULES_FILES "/chart-lock.yaml", IMGRW_OK},
    {"rules: not there", use_read_file, RULES_FILES "/nope.yaml", IMGRW_ERR_IO},
    {"preset", use_preset, "zarf:host=127.0.0.1:31999", IMGRW_OK},
    {"preset: private", use_preset, "replicated:app=a,from=b.io,only=private",
     IMGRW_OK},
    {"preset: wrong key", use_preset, "harbor:host=h.io,projekt=p",
     IMGRW_ERR_RULE},
    {"preset: wrong location", use_preset, "harbor:host=h.io,project=P",
     IMGRW_ERR_RULE},
    {"manifest: empty", use_manifest, "", IMGRW_OK},
    {"manifest: styles", use_manifest, styles, IMGRW_OK},
    {"manifest: aliases", use_manifest, aliases, IMGRW_OK},
    {"manifest: documents", use_manifest, documents, IMGRW_OK},
    {"manifest: warnings", use_manifest, warned, IMGRW_OK},
    {"manifest: shapes", use_manifest, shapes, IMGRW_OK},
    {"manifest: not UTF-8", use_manifest, "a: \xFF", IMGRW_ERR_ENCODING},
    {"manifest: syntax", use_manifest, POD "  a: [b\n", IMGRW_ERR_SYNTAX},
    {"manifest: template", use_manifest, "a: {{ b }}\nc: {{ d }} e\n",
     IMGRW_OK},
    {"manifest: no mask", use_manifest, "a: {{ b }}\nc: [\n",
     IMGRW_ERR_SYNTAX},
    {"plan: template", use_plan, TEMPLATE, IMGRW_OK},
    {"manifest: unknown anchor", use_manifest, "a: *b\n", IMGRW_ERR_SYNTAX},
    {"plan: styles", use_plan, styles, IMGRW_OK},
    {"plan: aliases", use_plan, aliases, IMGRW_OK},
    {"plan: documents", use_plan, documents, IMGRW_OK},
    {"plan: gate", use_plan, warned, IMGRW_OK},
    {"plan: shapes", use_plan, shapes, IMGRW_OK},
    {"plan: no edit", use_plan, POD "  containers: []\n", IMGRW_OK},
    {"plan: refused", use_plan,
     POD "  containers: [{image: !!binary bmdpbng}]\n", IMGRW_ERR_EDIT},
    {"plan: shared", use_plan,
     POD "  containers: [{image: &i nginx, name: *i }]\n", IMGRW_ERR_EDIT},
    {"pull secret", use_secret, pods, IMGRW_OK},
    {"pull secret: in texts", use_secret, shapes, IMGRW_OK},
    {"pull secret: refused", use_secret,
     POD "  imagePullSecrets: a\n  containers: [{image: nginx}]\n",
     IMGRW_ERR_EDIT},
    {"pull secret: shared", use_secret,
     POD "  imagePullSecrets: &a []\n  b: *a\n"
         "  containers: [{image: nginx}]\n",
     IMGRW_ERR_EDIT},
    {"diff", use_diff, documents, IMGRW_OK},
    {"report", use_report, documents, IMGRW_OK},
    {"report: shapes", use_report, shapes, IMGRW_OK},
    {"files", use_files, POD "  containers: [{image: nginx}]\n", IMGRW_OK},
    {"overlay: pods and accounts", use_overlay,
     "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n"
     "  - {image: 'nginx:1', args: ['--x-image=quay.io/a/b:1']}\n"
     "  - {image: 'nginx:3'}\n  ephemeralContainers: [{image: 'redis:1'}]\n"
     "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\n"
     "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b}\n"
     "spec: {template: {spec: {serviceAccountName: robot, "
     "containers: [{image: quay.io/b}]}}}\n", IMGRW_OK},
    {"overlay: no name", use_overlay,
     "kind: Pod\nspec: {containers: [{image: nginx}]}\n", IMGRW_ERR_EDIT},
    {"credentials: config.json", use_credentials,
     "{\"auths\":{\"a.io\":{\"auth\":\"dTpw\"},\"b.io\":{\"username\":\"u\","
     "\"password\":\"\\u0041\"}},\"credsStore\":\"pass\"}",
     IMGRW_OK},
    {"credentials: YAML", use_credentials,
     "- {endpoint: a.io, username: u, password: &p \"\\x41\"}\n"
     "- {endpoint: b.io, username: AWS, password: *p }\n",
     IMGRW_OK},
    {"credentials: that expire", use_credentials,
     "- {endpoint: a.io, username: AWS, password: p, "
     "expiresAt: 2026-01-02T03:04:05Z}\n", IMGRW_OK},
    {"credentials: the second is refused", use_credentials,
     "[{\"endpoint\":\"a.io\",\"username\":\"u\",\"password\":\"p\"},{}]",
     IMGRW_ERR_INPUT},
    {"credentials: no base64", use_credentials,
     "{\"auths\":{\"a.io\":{\"auth\":\"dTp\"}}}", IMGRW_ERR_INPUT},
    {"credentials: unknown alias", use_credentials, "a: *b\n",
     IMGRW_ERR_SYNTAX},
    TREES_USES,
    {"tree: all that follows", use_tree, tree, IMGRW_OK},
    {"tree: refused", use_tree,
     "== pod.yaml\n" POD "  containers:\n  - {name: a, image: 'nginx:1'}\n"
     "  - {name: b, image: 'docker.io/nginx:1'}\n"
     "== kustomization.yaml\nresources: [pod.yaml]\n"
     "images: [{name: nginx, newTag: '2'}]\n",
     IMGRW_ERR_EDIT},
    {"tree: a value that is copied", use_tree,
     "== pod.yaml\n" POD "  containers:\n  - {name: a, image: 'nginx:1'}\n"
     "--- {kind: ConfigMap, data: {a: q.7}}\n"
     "== kustomization.yaml\nresources: [pod.yaml]\nreplacements:\n"
     "- source: {kind: ConfigMap, fieldPath: data.a, "
     "options: {delimiter: '.', index: 1}}\n"
     "  targets: [{select: {kind: Pod}, fieldPaths: [spec.containers.0.image], "
     "options: {delimiter: ':', index: 1}}]\n",
     IMGRW_OK},
    {"stream", use_stream,
     POD "  containers: [{image: nginx}]\n---\n" POD
         "  containers: [{image: 'nginx:${TAG}'}, {image: redis}]\n",
     IMGRW_OK},
    {"stream: lists of entries", use_stream,
     "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n"
     "  values: {image: 'nginx:1'}\n  postRenderers:\n"
     "  - kustomize: {images: [{name: nginx, newTag: '2'}]}\n",
     IMGRW_OK},
    {"stream: one that fails", use_stream,
     "a: b\n---\n" POD "  containers: [{image: nginx}]\n---\na: *b\n",
     IMGRW_ERR_SYNTAX},
    {"files: one that fails", use_files, "a: *b\n", IMGRW_ERR_SYNTAX},
};

#define USES (sizeof(uses) / sizeof(uses[0]))

static void
test_use(void **state)
{
    const struct use *use = *state;

    scenario_run(use->scenario, use->text, use->expected);
}

int
main(void)
{
    struct CMUnitTest tests[USES];

    for (size_t i = 0; i < USES; i++)
        tests[i] = (struct CMUnitTest){
            .name = uses[i].name,
            .test_func = test_use,
            .initial_state = (void *)(uintptr_t)&uses[i],
        };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
