/*
 * Plans that should fail; see seam.h.
 */
#include "seam.h"

#include <stdlib.h>
#include <string.h>

const char seam_text[] =
    "apiVersion: v1\n"
    "kind: Pod\n"
    "metadata: {name: one}\n"
    "spec:\n"
    "  containers:\n"
    "    - name: a\n"
    "      image: nginx:1 # first\n"
    "      command: [sleep, \"5\", &five 5, *five ]\n"
    "    - name: b\n"
    "      image: 'busybox'\n"
    "      text: !!str |-\n"
    "        two\n"
    "        lines\n"
    "---\n"
    "apiVersion: v1\n"
    "kind: Pod\n"
    "metadata: {name: two, labels: }\n"
    "spec: {containers: [{image: alpine:3}]}\n";

const char *seam_secret;

/* A plan, and what it borrows from. */
static struct imgrw_rules *rules;
static struct imgrw_manifest *manifest;

struct imgrw_plan *
seam_plan(const char *text, enum imgrw_proof proof, enum imgrw_status *status,
          struct imgrw_error *error)
{
    const struct imgrw_plan_options options = {
        .size = sizeof(options),
        .proof = proof,
        .pull_secret = seam_secret,
    };
    struct imgrw_plan *plan = NULL;

    assert_int_equal(imgrw_rules_new(&rules, NULL), IMGRW_OK);
    assert_int_equal(
        imgrw_rules_add_prefix(rules, "docker.io", "r.example.com/hub", NULL),
        IMGRW_OK);
    assert_int_equal(imgrw_manifest_parse(support_str(text), "seam.yaml",
                                          NULL, &manifest, NULL),
                     IMGRW_OK);
    *status = imgrw_plan_new(manifest, rules, &options, &plan, error);
    return plan;
}

void
seam_free(struct imgrw_plan *plan)
{
    imgrw_plan_free(plan);
    imgrw_manifest_free(manifest);
    imgrw_rules_free(rules);
}

/* "expected ONE, read OTHER", where a person can see that OTHER is not ONE; or
 * that the text cannot be read, and why. */
static bool
holds_both_readings(const char *message)
{
    static const char expected[] = "expected ", read[] = ", read ";
    static const char unread[] = "cannot read it: ";
    const char *one = strstr(message, expected), *other;
    size_t size, same = 0;

    if (strstr(message, unread))
        return strstr(message, unread)[strlen(unread)] != '\0';
    other = one ? strstr(one, read) : NULL;
    if (!other)
        return false;
    one += strlen(expected);
    size = (size_t)(other - one);
    other += strlen(read);
    while (same < size && other[same] == one[same])
        same++;
    return other[same] != '\0' && (same < size || other[same] != ';');
}

/* What an error of a proof says. */
static bool
check_error(struct support_tally *tally, const struct imgrw_error *error)
{
    return support_check(tally, error->status == IMGRW_ERR_PROOF,
                         "the error says %d", error->status) &&
           support_check(tally, error->at.line > 0 && error->at.column > 0,
                         "no place") &&
           support_check(tally,
                         error->at.path &&
                             strcmp(error->at.path, "seam.yaml") == 0,
                         "no path") &&
           support_check(tally, holds_both_readings(error->message),
                         "not two readings: %s", error->message);
}

bool
seam_check_failure(struct support_tally *tally, const char *text,
                   enum imgrw_proof proof)
{
    struct imgrw_error error = {.message = "success"};
    enum imgrw_status status;
    struct imgrw_plan *plan = seam_plan(text, proof, &status, &error);
    bool holds = support_check(tally, status == IMGRW_ERR_PROOF,
                               "status %d: %s", status, error.message) &&
                 support_check(tally, !plan, "there is a plan") &&
                 check_error(tally, &error);

    seam_free(plan);
    return holds;
}

void
seam_check_failures(struct support_tally *tally, const char *name,
                    const char *text)
{
    static const struct {
        enum imgrw_proof proof;
        const char *name;
    } proofs[] = {
        {IMGRW_PROOF_DEFAULT, "default"},
        {IMGRW_PROOF_FULL, "full"},
        {IMGRW_PROOF_REREAD, "reread"},
    };

    for (size_t i = 0; i < SUPPORT_COUNT(proofs); i++) {
        support_row(tally, "%s, proof %s", name, proofs[i].name);
        seam_check_failure(tally, text, proofs[i].proof);
    }
}
