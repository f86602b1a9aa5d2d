/*
 * Rewriting a text in one call.
 */
#pragma once

#include <imgrewrite/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How to rewrite; zero means default. It is borrowed for the call, but for the
 * path, which must outlive the plan. */
struct imgrw_rewrite_options {
    size_t size;      /* sizeof(struct imgrw_rewrite_options) */
    const char *path; /* what locations say; may be NULL */
    const struct imgrw_parse_options *parse; /* NULL: defaults */
    const struct imgrw_plan_options *plan;   /* NULL: defaults */
};

/* Parses `text`, plans what the rules make of it, and proves the result:
 * imgrw_plan_text has the new text, and the other functions of the plan say
 * what changed. The classes and fields that rules files ask for
 * (imgrw_rules_find, imgrw_rules_fields) are looked at beside those of
 * `options->parse`. `rules` may be NULL, which changes nothing, and so may
 * `options`.
 *
 * `text` and `rules` are borrowed and must outlive the plan. Release the plan
 * with imgrw_plan_free, which releases the manifest as well.
 *
 * Whatever imgrw_manifest_parse and imgrw_plan_new return; IMGRW_ERR_ARGUMENT:
 * `options`, or `plan` is NULL. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rewrite(imgrw_str text, const struct imgrw_rules *rules,
              const struct imgrw_rewrite_options *options,
              struct imgrw_plan **plan, struct imgrw_error *error);

#ifdef __cplusplus
}
#endif
