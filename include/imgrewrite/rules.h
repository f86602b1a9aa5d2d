/*
 * Rules: what an image reference becomes.
 *
 * For each image, in this order: excluded images are left alone; overrides and
 * exact references apply in the order they were added, each to the result of
 * the one before, as in a kustomization's `images:`; then at most one prefix
 * rule, the longest that matches; where none does, the first preset that is for
 * the image, and at last the prefix `*`. Names are compared as full names:
 * `nginx` and `docker.io/library/nginx` are one image.
 *
 * Prefix rules and presets leave alone what lies where they put images, so that
 * a second run changes nothing.
 */
#pragma once

#include <imgrewrite/find.h>
#include <imgrewrite/reference.h>

#ifdef __cplusplus
extern "C" {
#endif

/* At most this many rules may take part in one image's result. */
#define IMGRW_RULES_PER_IMAGE 8

/* A set of rules. Add to it from one thread; then any number may apply it. */
struct imgrw_rules;

/* One entry of a kustomization's `images:`. What is empty is not given. `name`
 * is literal, never a pattern; with a tag or a digest in it, only that one
 * matches. */
struct imgrw_override {
    size_t size;          /* sizeof(struct imgrw_override) */
    imgrw_str name;       /* the image to match */
    imgrw_str new_name;   /* keeps tag and digest */
    imgrw_str new_tag;    /* drops the digest unless `digest` is given too; "*"
                             beside a digest is the tag that is there */
    imgrw_str tag_suffix; /* only without both others; drops the digest */
    imgrw_str digest;     /* drops the tag unless `new_tag` is given too */
};

/* Which pulls a rule is for: by a tag, which may be the implied `latest`, or by
 * a digest. */
enum imgrw_pull {
    IMGRW_PULL_ANY = 0,
    IMGRW_PULL_BY_DIGEST,
    IMGRW_PULL_BY_TAG,
};

/* One entry of `registries:` of a rules file. Zero is the default of what comes
 * after the location. */
struct imgrw_registry {
    size_t size;          /* sizeof(struct imgrw_registry) */
    const char *prefix;   /* as `from` of imgrw_rules_add_prefix, or "*" */
    const char *location; /* as `to` there */
    enum imgrw_pull pull;
    /* Of the prefix "*" only, and at most one of them: */
    int drop_library; /* official images of Docker Hub have no `library/` */
    int as_written;   /* the location stands before the whole name, as it is
                         written, and not in the place of its registry */
};

/* Whether an image can be pulled anonymously. */
enum imgrw_access {
    IMGRW_ACCESS_UNKNOWN = 0,
    IMGRW_ACCESS_PUBLIC,  /* it can */
    IMGRW_ACCESS_PRIVATE, /* it cannot */
};

/* How the new name of an image is divided where a registry and a repository
 * stand under keys of their own. */
enum imgrw_write {
    IMGRW_WRITE_BOTH = 0, /* the host is the registry, the path the
                             repository */
    IMGRW_WRITE_REGISTRY, /* the repository stays as it is, or as much of its
                             end as the new name has; all that comes before is
                             the registry */
};

/* What became of one image. */
enum imgrw_result {
    IMGRW_UNMATCHED = 0, /* no rule matches it or puts images where it lies */
    IMGRW_EXCLUDED,      /* an exclude matches it */
    IMGRW_UNCHANGED,     /* rules match, and the result is what was there; or
                            none does, and it lies where one puts images */
    IMGRW_REWRITTEN,
    IMGRW_UNDECIDED, /* the rule that took part depends on the tag or the
                        digest, which is filled in later: nothing changes */
};

/* The result of a set for one image. */
struct imgrw_outcome {
    enum imgrw_result result;
    int access_unknown; /* 1: a preset is for private images only, and nothing
                           is known of this one: the preset left it alone */
    imgrw_str text;     /* the new reference */
    size_t rules[IMGRW_RULES_PER_IMAGE]; /* which took part, in order */
    size_t rule_count;
    uintptr_t reserved[4]; /* 0 */
};

/* A key of a preset. */
struct imgrw_preset_key {
    const char *name;
    const char *value; /* its default; NULL: it has to be given */
    const char *meaning;
};

/* The layout of a registry product. Static; new fields come at the end. */
struct imgrw_preset {
    const char *name;
    const char *purpose;
    const struct imgrw_preset_key *keys; /* the last one has no name */
    const char *example; /* values for imgrw_rules_add_preset: "host=h,..." */
};

/* An empty set, which leaves every image alone. Release it with
 * imgrw_rules_free. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_new(struct imgrw_rules **rules, struct imgrw_error *error);

/* Releases the set, which may be NULL; plans and reports that were made with it
 * must not be used any more. */
IMGRW_EXPORT void imgrw_rules_free(struct imgrw_rules *rules);

/* The functions that add a rule copy what they are given. A rule that is
 * refused leaves the set as it was. All of them may return IMGRW_ERR_MEMORY,
 * after which the set can only be released. */

/* Images under `from` are now under `to`; tag and digest are kept byte for
 * byte. `from` is a registry or a path in one (`quay.io`, `quay.io/acme`,
 * `*.gcr.io`, `nginx`); it ends at a "/", ":" or "@" of the image, as `prefix`
 * of containers-registries.conf(5) does. `to` is a registry, with or without a
 * path. A reference that already lies under `to` is left alone.
 *
 * A `from` of `*` is every registry, for the images that no other prefix and no
 * preset takes: `to` comes in the place of the registry. What lies where any
 * rule of the set puts images, or leaves them alone, it leaves alone.
 *
 * IMGRW_ERR_RULE: malformed, or `from` was given before. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_add_prefix(struct imgrw_rules *rules, const char *from,
                       const char *to, struct imgrw_error *error);

/* The same for some pulls only, as mirrors of OpenShift have it: two rules with
 * the same `from` may be for different pulls. IMGRW_ERR_ARGUMENT: `pull` is not
 * one of the enum. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_add_mirror(struct imgrw_rules *rules, const char *from,
                       const char *to, enum imgrw_pull pull,
                       struct imgrw_error *error);

/* The same with all that an entry of a rules file can say. IMGRW_ERR_RULE: also
 * where it says of another prefix what is for "*". IMGRW_ERR_ARGUMENT: `pull`
 * is not one of the enum. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_add_registry(struct imgrw_rules *rules,
                         const struct imgrw_registry *registry,
                         struct imgrw_error *error);

/* Appends an override. Results are those of kustomize 5.8.1, but names are
 * literal and normalised, results are checked, and `tag_suffix` is applied
 * once. IMGRW_ERR_RULE: malformed, or it sets nothing. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_add_override(struct imgrw_rules *rules,
                         const struct imgrw_override *override,
                         struct imgrw_error *error);

/* Appends an override written as for `kustomize edit set image`: NAME=NEW,
 * NAME=NEW:TAG, NAME=NEW@DIGEST, NAME=NEW:TAG@DIGEST, NAME:TAG, NAME@DIGEST or
 * NAME:TAG@DIGEST, where a NEW, TAG or DIGEST of `*` is not given, but for one
 * thing: a TAG of `*` beside a DIGEST keeps the tag that is there.
 * IMGRW_ERR_RULE: malformed. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_add_image(struct imgrw_rules *rules, const char *text,
                      struct imgrw_error *error);

/* Makes `image`, exactly this one with its tag and digest or without, become
 * `to` as a whole. Exact references and overrides apply in the order in which
 * they were added. IMGRW_ERR_RULE: malformed, or another entry of the same map
 * makes something else of the image. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_add_exact(struct imgrw_rules *rules, imgrw_str image, imgrw_str to,
                      struct imgrw_error *error);

/* Begins a map: the exact references that are added from here on are entries of
 * it, and at most one of them applies to an image. Without a call, all are
 * entries of one map. */
IMGRW_EXPORT void imgrw_rules_begin_map(struct imgrw_rules *rules);

/* Leaves images under `pattern` alone: the grammar of `from` above, which "/"
 * and "**" may follow. IMGRW_ERR_RULE: malformed. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_add_exclude(struct imgrw_rules *rules, const char *pattern,
                        struct imgrw_error *error);

/* Appends a preset: NAME or NAME:KEY=VALUE,..., such as
 * "harbor:host=h.example.com,project=hub". See imgrw_preset.
 * IMGRW_ERR_RULE: there is no such preset or key, a key is missing or empty, or
 * the values give no valid location. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_add_preset(struct imgrw_rules *rules, const char *preset,
                       struct imgrw_error *error);

/* The preset number `index`, from 0 on in the order of names; NULL when the
 * index is out of range. Static. */
IMGRW_EXPORT const struct imgrw_preset *imgrw_preset(size_t index);

/* Says whether `image` can be pulled anonymously, for presets with
 * `only=private`. An image without tag and digest means all of its name whose
 * access is not set. IMGRW_ERR_RULE: malformed, or it was said to be the
 * other. IMGRW_ERR_ARGUMENT: `access` is not in the enum. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_set_access(struct imgrw_rules *rules, imgrw_str image,
                       enum imgrw_access access, struct imgrw_error *error);

/* Says that all images under `pattern`, in the grammar of excludes, are private
 * unless imgrw_rules_set_access says of one that it is public.
 * IMGRW_ERR_RULE: malformed. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_add_private(struct imgrw_rules *rules, const char *pattern,
                        struct imgrw_error *error);

/* Sets what is assumed of images whose access is not set; at first it is
 * IMGRW_ACCESS_UNKNOWN. IMGRW_ERR_ARGUMENT: `access` is not in the enum. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_set_default_access(struct imgrw_rules *rules,
                               enum imgrw_access access,
                               struct imgrw_error *error);

/* Sets how plans divide new names; at first it is IMGRW_WRITE_BOTH.
 * IMGRW_ERR_ARGUMENT: `write` is not in the enum. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_set_write(struct imgrw_rules *rules, enum imgrw_write write,
                      struct imgrw_error *error);

/* Whether applying the set to its own results could change them. Prefix rules
 * and presets that would are refused: IMGRW_ERR_RULE. Overrides that would are
 * a matter of taste: `warn`, which may be NULL, is called for each, and where
 * it is said which images are private and no rule asks for that. Call this when
 * the set is complete: imgrw_plan_new does, without `warn`, but
 * imgrw_rules_apply does not, which is safe all the same. A set that passed is
 * not checked again until a rule is added. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_check(const struct imgrw_rules *rules, imgrw_warn_fn *warn,
                  void *user, struct imgrw_error *error);

/* What `image` becomes. `outcome->text` borrows from `buffer`, or from `image`
 * where nothing changes.
 *
 * Its tag, its digest or both may be filled in later, by what is between these:
 * ${TAG}, $(TAG), $[TAG], $TAG, {{ .tag }}, {% tag %}, {TAG}, [[ .tag ]],
 * ((tag)), <TAG>, %TAG%, %%TAG%%, %{TAG}, %(TAG)s, @TAG@, @@TAG@@, #{TAG}#,
 * also as a part of them. Such an end is kept byte for byte.
 *
 * IMGRW_ERR_REFERENCE: `image` is not a reference. IMGRW_ERR_RULE: the result
 * would not be one, or too many rules match; the message names the rule. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_rules_apply(const struct imgrw_rules *rules, imgrw_str image,
                  struct imgrw_reference_buffer *buffer,
                  struct imgrw_outcome *outcome, struct imgrw_error *error);

/* Says in `buffer`, of `size` bytes, which rules made of `image` what `outcome`
 * says, and why: a sentence, cut where it does not fit, with a NUL after it. */
IMGRW_EXPORT void imgrw_rules_explain(const struct imgrw_rules *rules,
                                      imgrw_str image,
                                      const struct imgrw_outcome *outcome,
                                      char *buffer, size_t size);

/* How many rules there are; they are numbered from 0 in the order added. */
IMGRW_EXPORT size_t imgrw_rules_count(const struct imgrw_rules *rules);

/* A rule in words, such as "prefix docker.io"; borrowed from `rules`. An index
 * out of range gives "". */
IMGRW_EXPORT const char *imgrw_rules_name(const struct imgrw_rules *rules,
                                          size_t index);

/* Where the rule is in the rules file that it was read from; its path is
 * borrowed from `rules`. Line 0 where it was not read, or there is no such
 * rule. */
IMGRW_EXPORT struct imgrw_location
imgrw_rules_location(const struct imgrw_rules *rules, size_t index);

/* Which classes of places the rules files ask for, as IMGRW_FIND bits; 0 where
 * they ask for none. Parsing a manifest takes them as an option. */
IMGRW_EXPORT unsigned imgrw_rules_find(const struct imgrw_rules *rules);

/* Which fields the rules files ask for, and their number in `count`; borrowed
 * from `rules`. Parsing a manifest takes them as an option. */
IMGRW_EXPORT const struct imgrw_fieldspec *
imgrw_rules_fields(const struct imgrw_rules *rules, size_t *count);

/* Where the field numbered `index` from 0 is in the rules file that it was read
 * from, as imgrw_rules_location says it of a rule. */
IMGRW_EXPORT struct imgrw_location
imgrw_rules_field_location(const struct imgrw_rules *rules, size_t index);

#ifdef __cplusplus
}
#endif
