/*
 * libimgrewrite: find the container image references of Kubernetes manifests
 * and change them, and nothing else.
 *
 *     text --imgrw_manifest_parse--> manifest --imgrw_plan_new--> plan
 *                                                   ^
 *                     imgrw_rules_new, _add_* --> rules
 *
 * Five rules hold everywhere:
 *
 * 1. What can fail returns `enum imgrw_status`, writes its result only on
 *    success and its error only on failure. `error` may always be NULL. NULL
 *    for another pointer is IMGRW_ERR_ARGUMENT, unless the comment allows it; a
 *    function without a status then does nothing, or returns 0, NULL or "".
 * 2. What `_new` or `_parse` makes, `_free` releases, and `_free` takes NULL.
 *    Everything else is borrowed, and the comment says from whom.
 * 3. Parameters come in this order: object, input, options, callback and
 *    `user`, result, error.
 * 4. There is no global state and no init call. An object may be read by many
 *    threads or changed by one; `const` says which.
 * 5. A text of a document, an image reference, and a part of either is an
 *    `imgrw_str`, which may be a slice of something larger: IMGRW_STR("nginx"),
 *    or imgrw_str_from(argv[1]). What the program itself calls by a name (a
 *    path, a pattern of images, the name of a preset or a secret) is a
 *    `const char *`, and so is what the library says in words. An
 *    `imgrw_str` of no bytes and a NULL mean "not given"; where an empty
 *    `const char *` does, the comment says it.
 *
 * Structs that the caller fills begin with `size_t size`, so that programs and
 * library versions can be mixed: {.size = sizeof(options)}. What an older
 * caller does not know is zero, and zero always means "default". A result that
 * may lie in another struct, such as imgrw_error, has spare room instead.
 *
 * Offsets and sizes are bytes; lines and columns are for people.
 */
#pragma once

#include <imgrewrite/version.h>
#include <imgrewrite/base.h>
#include <imgrewrite/find.h>
#include <imgrewrite/reference.h>
#include <imgrewrite/rules.h>
#include <imgrewrite/rules_file.h>
#include <imgrewrite/manifest.h>
#include <imgrewrite/plan.h>
#include <imgrewrite/rewrite.h>
#include <imgrewrite/report.h>
#include <imgrewrite/overlay.h>
#include <imgrewrite/credentials.h>
#include <imgrewrite/files.h>
#include <imgrewrite/function.h>
