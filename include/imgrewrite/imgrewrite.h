/*
 * libimgrewrite: find the container image references of Kubernetes manifests
 * and change them, and nothing else.
 *
 *     text --imgrw_manifest_parse--> manifest --imgrw_plan_new--> plan
 *                                                   ^
 *                     imgrw_rules_new, _add_* --> rules
 *
 * Four rules hold everywhere:
 *
 * 1. What can fail returns `enum imgrw_status`, writes its result only on
 *    success and its error only on failure. `error` may always be NULL.
 * 2. What `_new` or `_parse` makes, `_free` releases, and `_free` takes NULL.
 *    Everything else is borrowed, and the comment says from whom.
 * 3. Parameters come in this order: object, input, options, callback and
 *    `user`, result, error.
 * 4. There is no global state and no init call. An object may be read by many
 *    threads or changed by one; `const` says which.
 *
 * Structs that the caller fills begin with `size_t size`, so that programs and
 * library versions can be mixed: {.size = sizeof(options)}. What an older
 * caller does not know is zero, and zero and NULL always mean "default".
 *
 * Offsets and sizes are bytes; lines and columns are for people.
 */
#pragma once

#include <imgrewrite/base.h>
#include <imgrewrite/reference.h>
#include <imgrewrite/rules.h>
#include <imgrewrite/rules_file.h>
#include <imgrewrite/manifest.h>
#include <imgrewrite/plan.h>
#include <imgrewrite/report.h>
#include <imgrewrite/overlay.h>
#include <imgrewrite/credentials.h>
#include <imgrewrite/files.h>
