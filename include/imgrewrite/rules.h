/*
 * Rules: what an image reference becomes.
 *
 * For each image, in this order: excluded images are left alone; overrides
 * apply in the order they were added, each seeing the previous one's result, as
 * in a kustomization's `images:`; then at most one prefix rule, the longest
 * that matches. Names are compared as full names: `nginx` and
 * `docker.io/library/nginx` are one image.
 */
#pragma once

#include <imgrewrite/reference.h>

#ifdef __cplusplus
extern "C" {
#endif

/* At most this many rules may take part in one image's result. */
#define IMGRW_RULES_PER_IMAGE 8

/* A set of rules. Add to it from one thread; then any number may apply it. */
struct imgrw_rules;

/* One entry of a kustomization's `images:`. NULL and "" both mean "not given".
 * `name` is literal, never a pattern; with a tag or a digest in it, only that
 * one matches. */
struct imgrw_override {
    size_t size;            /* sizeof(struct imgrw_override) */
    const char *name;       /* the image to match */
    const char *new_name;   /* keeps tag and digest */
    const char *new_tag;    /* drops the digest unless `digest` is given too */
    const char *tag_suffix; /* only without both others; drops the digest */
    const char *digest;     /* drops the tag unless `new_tag` is given too */
};

/* What became of one image. */
enum imgrw_result {
    IMGRW_UNMATCHED = 0, /* no rule speaks of it */
    IMGRW_EXCLUDED,      /* an exclude does */
    IMGRW_UNCHANGED,     /* rules matched and the result is what was there */
    IMGRW_REWRITTEN,
};

struct imgrw_outcome {
    enum imgrw_result result;
    imgrw_str text; /* the new reference; borrows from the caller's buffer */
    size_t rules[IMGRW_RULES_PER_IMAGE]; /* which took part, in order */
    size_t rule_count;
};

/* An empty set, which leaves every image alone. Release it with
 * imgrw_rules_free. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_new(struct imgrw_rules **rules, struct imgrw_error *error);

IMGRW_EXPORT void imgrw_rules_free(struct imgrw_rules *rules);

/* Images under `from` now live under `to`; tag and digest are kept byte for
 * byte. `from` is a registry or a path in one (`quay.io`, `quay.io/acme`,
 * `*.gcr.io`, `nginx`); it ends at a "/", ":" or "@" of the image. `to` is a
 * registry, with or without a path. A reference that already lies under `to`
 * is left alone. Both strings are copied.
 *
 * IMGRW_ERR_RULE: malformed, or `from` was given before. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_add_prefix(struct imgrw_rules *rules, const char *from,
                       const char *to, struct imgrw_error *error);

/* Appends an override; its strings are copied. Results follow kustomize 5.8.1,
 * but names are literal and normalised, results are checked, and tagSuffix is
 * applied once. IMGRW_ERR_RULE: malformed, or it sets nothing. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_add_override(struct imgrw_rules *rules,
                         const struct imgrw_override *override,
                         struct imgrw_error *error);

/* Appends an override written as for `kustomize edit set image`: NAME=NEW,
 * NAME=NEW:TAG, NAME=NEW@DIGEST, NAME=NEW:TAG@DIGEST, NAME:TAG, NAME@DIGEST or
 * NAME:TAG@DIGEST, where `*` stands for a NEW, TAG or DIGEST that is not given.
 * IMGRW_ERR_RULE: malformed. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_add_image(struct imgrw_rules *rules, const char *text,
                      struct imgrw_error *error);

/* Images under `pattern` are left alone: the grammar of `from` above, where
 * "/" and "**" may follow. IMGRW_ERR_RULE: malformed. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_add_exclude(struct imgrw_rules *rules, const char *pattern,
                        struct imgrw_error *error);

/* Whether applying the set to its own results could change them. Prefix rules
 * that would are refused: IMGRW_ERR_RULE. Overrides that would are a matter of
 * taste: `warn`, which may be NULL, is called with a sentence for each. Call it
 * when the set is complete; applying a set that was refused is safe. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_check(const struct imgrw_rules *rules,
                  void (*warn)(const char *message, void *user), void *user,
                  struct imgrw_error *error);

/* How many rules there are; they are numbered from 0 in the order added. */
IMGRW_EXPORT size_t imgrw_rules_count(const struct imgrw_rules *rules);

/* A rule in words, such as "prefix docker.io"; borrowed from `rules`. An index
 * out of range gives "". */
IMGRW_EXPORT const char *imgrw_rules_name(const struct imgrw_rules *rules,
                                          size_t index);

/* What `image` becomes. `buffer` is the caller's and of IMGRW_REFERENCE_MAX
 * bytes; `outcome->text` borrows from it, or from `image` where nothing
 * changes.
 *
 * IMGRW_ERR_REFERENCE: `image` is not a reference. IMGRW_ERR_RULE: the result
 * would not be one; the message names the rule. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_apply(const struct imgrw_rules *rules, imgrw_str image,
                  char *buffer, struct imgrw_outcome *outcome,
                  struct imgrw_error *error);

#ifdef __cplusplus
}
#endif
