/*
 * A run over a tree of kustomizations.
 */
#pragma once

#include <imgrewrite/base.h>

/* Plans a tree of which `text` is the top: it may use `base`, a folder,
 * `pod.yaml`, which changes, `data.yaml`, in which nothing is found,
 * `patch.yaml`, `generator.yaml`, `transformer.yaml` and `lines.env`. */
enum imgrw_status use_trees(const char *text);

/* Rows of the table of uses. */
#define TREES_USES \
    {"trees: layers and elsewhere", use_trees, \
     "resources: [base, 'https://a.io/x.yaml']\nimages:\n" \
     "- {name: nginx, newTag: '2'}\n- {name: y, newName: x}\n" \
     "replacements: [{source: {kind: Pod}, targets: [{fieldPaths: [a]}]}]\n", \
     IMGRW_OK}, \
    {"trees: data", use_trees, \
     "resources: [base]\nconfigMapGenerator:\n" \
     "- {name: a, files: [data.yaml, b=pod.yaml], literals: [IMG=nginx:1]}\n" \
     "- {name: b, envs: [lines.env], files: [lines.env]}\n", IMGRW_OK}, \
    {"trees: copies of data", use_trees, \
     "resources: [base]\nconfigMapGenerator:\n" \
     "- {name: a, literals: [IMG=docker.io/a/b:1], envs: [lines.env]}\n" \
     "replacements:\n- source: {kind: ConfigMap, fieldPath: data.IMG}\n" \
     "  targets: [{fieldPaths: [spec.containers.0.image]}]\n", IMGRW_OK}, \
    {"trees: a patch of a target, and a generator", use_trees, \
     "resources: [base]\ngenerators: [generator.yaml]\npatches:\n" \
     "- {path: patch.yaml, target: {kind: HelmRelease}}\n", IMGRW_OK}, \
    {"trees: patches that select", use_trees, \
     "resources: [release.yaml, pod.yaml]\ncomponents: [base]\npatches:\n" \
     "- {path: patch.yaml, target: {kind: 'H.*'}}\n" \
     "- target: {name: a}\n  patch: '[{op: add, path: /spec/a, value: 1}]'\n" \
     "- target: {group: 'h.*'}\n" \
     "  patch: '[{op: add, path: /spec/values/a, value: {tag: b}}]'\n" \
     "images: [{name: nginx, newTag: '2'}]\n", IMGRW_OK}, \
    {"trees: parts", use_trees, \
     "resources: [release.yaml]\ntransformers: [transformer.yaml]\n", \
     IMGRW_ERR_EDIT}, \
    {"trees: values that are merged", use_trees, \
     "resources: [release.yaml]\npatches:\n- path: list.yaml\n" \
     "  target: {name: a}\n", IMGRW_OK}, \
    {"trees: another kind", use_trees, \
     "resources: [pod.yaml]\npatches:\n- target: {kind: Pod}\n" \
     "  patch: '[{op: add, path: /kind, value: Secret}]'\n", \
     IMGRW_ERR_EDIT}, \
    {"trees: data that stays", use_trees, \
     "secretGenerator:\n- {name: a, files: [pod.yaml]}\n", IMGRW_OK}, \
    {"trees: refused", use_trees, \
     "resources: [pod.yaml]\nsecretGenerator:\n" \
     "- {name: a, files: [pod.yaml]}\n", IMGRW_ERR_EDIT}
