/*
 * Rewriting one text in one call.
 */
#include "plan/rewrite.h"
#include "base/error.h"
#include "base/sizes.h"
#include "manifest/manifest.h"
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

enum imgrw_status
irw_rewrite_parse_options(const struct imgrw_parse_options *given,
                          const struct imgrw_rules *rules,
                          struct imgrw_parse_options *options,
                          struct imgrw_error *error)
{
    size_t count = 0, more = 0;
    const struct imgrw_fieldspec *asked =
        rules ? imgrw_rules_fields(rules, &more) : NULL;
    struct imgrw_fieldspec *fields = NULL;
    struct imgrw_parse_options merged;
    enum imgrw_status status =
        irw_sized_copy(&merged, sizeof(merged), given, "parse options", error);

    if (status != IMGRW_OK)
        return status;
    /* `given` may be of an older or newer caller: from here on it is ours */
    merged.size = sizeof(merged);
    merged.find |= rules ? imgrw_rules_find(rules) : 0;
    status = irw_parse_options(&merged, options, error);
    if (status != IMGRW_OK)
        return status;
    count = merged.field_count;
    if (count + more > 0) {
        fields = calloc(count + more, sizeof(*fields));
        if (!fields)
            return irw_fail_memory(error);
    }
    if (count > 0)
        memcpy(fields, merged.fields, count * sizeof(*fields));
    if (more > 0)
        memcpy(fields + count, asked, more * sizeof(*fields));
    options->fields = fields;
    options->field_count = count + more;
    return IMGRW_OK;
}

enum imgrw_status
imgrw_rewrite(imgrw_str text, const struct imgrw_rules *rules,
              const struct imgrw_rewrite_options *given,
              struct imgrw_plan **plan, struct imgrw_error *error)
{
    struct imgrw_rewrite_options options;
    struct imgrw_parse_options parse = {0};
    struct imgrw_manifest *manifest = NULL;
    enum imgrw_status status;

    if (!plan)
        return irw_fail_null(error, "plan");
    status = irw_sized_copy(&options, sizeof(options), given,
                            "rewrite options", error);
    if (status == IMGRW_OK)
        status = irw_rewrite_parse_options(options.parse, rules, &parse, error);
    if (status == IMGRW_OK)
        status = imgrw_manifest_parse(text, options.path, &parse, &manifest,
                                      error);
    free((struct imgrw_fieldspec *)parse.fields);
    if (status != IMGRW_OK)
        return status;
    status = imgrw_plan_new(manifest, rules, options.plan, plan, error);
    if (status == IMGRW_OK)
        irw_plan_own_manifest(*plan, manifest);
    else
        imgrw_manifest_free(manifest);
    return status;
}
