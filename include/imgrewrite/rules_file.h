/*
 * Rules from files, of this tool and of others.
 */
#pragma once

#include <imgrewrite/rules.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Adds the rules of a text, which may be of any of these formats; its content
 * says which one it is:
 *
 * - a rules file of this tool, see imgrewrite-rules(5);
 * - a kustomization; the files that it names are not read;
 * - OpenShift's mirror sets;
 * - a relocation map, kbld's configuration or lock, or imgpkg's lock;
 * - the Images.lock of helm dt, or what `skopeo sync --digestfile` writes;
 * - a KOTS Installation, or JSON lines of what is known of images.
 *
 * `path`, which may be NULL, is the path that locations have; it is copied.
 * `warn`, which may be NULL, hears of what cannot be taken.
 *
 * IMGRW_ERR_RULE, IMGRW_ERR_SYNTAX, IMGRW_ERR_ENCODING, IMGRW_ERR_LIMIT, with
 * line and column; IMGRW_ERR_ARGUMENT: `rules` is NULL; IMGRW_ERR_MEMORY. After
 * a failure the set may hold some of the rules. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_read(struct imgrw_rules *rules, imgrw_str text, const char *path,
                 imgrw_warn_fn *warn, void *user, struct imgrw_error *error);

/* The same for the file at `path`, or standard input for "-", and the files
 * that a kustomization names under `configurations:`. IMGRW_ERR_IO: a file
 * cannot be read; IMGRW_ERR_ARGUMENT: `rules` or `path` is NULL. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_read_file(struct imgrw_rules *rules, const char *path,
                      imgrw_warn_fn *warn, void *user,
                      struct imgrw_error *error);

#ifdef __cplusplus
}
#endif
