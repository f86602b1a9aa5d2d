/*
 * Plans: the edits that a set of rules asks of a manifest, the text they give,
 * and the proof that this text reads as planned.
 */
#pragma once

#include <imgrewrite/manifest.h>
#include <imgrewrite/rules.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A plan never changes after imgrw_plan_new, and one that exists is proved. It
 * borrows from its manifest and its rules. */
struct imgrw_plan;

/* How much of the result is read again before it may be used. libyaml reads
 * what the cluster would read; libfyaml is the second witness, where its known
 * defects are out of the way. */
enum imgrw_proof {
    IMGRW_PROOF_DEFAULT = 0, /* the result, by libyaml and by libfyaml */
    IMGRW_PROOF_FULL,        /* and the original, by libfyaml */
    IMGRW_PROOF_REREAD,      /* the result, by libyaml alone */
    IMGRW_PROOF_NONE,
};

struct imgrw_plan_options {
    size_t size; /* sizeof(struct imgrw_plan_options) */
    enum imgrw_proof proof;
    /* The name of a secret, a DNS-1123 subdomain, that is added to the
     * `imagePullSecrets` of every pod spec in which an image is rewritten,
     * unless it is there; NULL: none. A pod spec is what lists containers, in
     * a resource of any kind; the images that count are those of its containers
     * and volumes, of class POD. One with a merge key, `<<`, or that is merged
     * into another, must have the secret in its list already. Borrowed during
     * the call. */
    const char *pull_secret;
    unsigned jobs; /* threads that prove a large text, a share each; 0: 1. A run
                      has its own (struct imgrw_run_options). Whatever the
                      number, the result is the same. */
};

/* What the plan does with one image. The library hands out these structs, and
 * may add to their ends. */
struct imgrw_decision {
    struct imgrw_outcome outcome; /* UNMATCHED for what is not a reference,
                                     except a registry: what becomes of all
                                     that lies below it */
    size_t edit; /* the first edit that does it, or SIZE_MAX; shared by aliases
                    of one scalar, and by images whose registry stands in one
                    place */
    size_t edit_count; /* several where the parts of a reference are apart;
                          the others come later and are of the same image */
    imgrw_str obstacle; /* why a change that a rule asks for is not made, though
                           `outcome` says it; empty: it is made */
    size_t insertion; /* the first edit that adds a pull secret for the sake of
                         this image, or SIZE_MAX: of its pod spec it is the
                         first to be rewritten */
    size_t insertion_count; /* several where an anchor puts it into several pod
                               specs; the others come later */
    imgrw_str kept; /* why it stays as it is, whatever rules say, and rightly:
                       in a run, where it only names what an entry of a
                       kustomization's `images:` replaces, or where its file is
                       data to kustomize; else empty */
};

/* What an edit is for. */
enum imgrw_edit_kind {
    IMGRW_EDIT_IMAGE = 0,   /* an image becomes what was decided */
    IMGRW_EDIT_PULL_SECRET, /* a pull secret is added */
};

/* Bytes of the old text and what replaces them. The bytes are often fewer than
 * the scalar: quotes, block headers and anchors stay. What adds a pull secret
 * replaces nothing, or a null. */
struct imgrw_edit {
    struct imgrw_location at; /* of the first byte replaced */
    size_t length;            /* bytes replaced */
    imgrw_str replacement;    /* borrowed from the plan */
    size_t image; /* the image, by its number in the manifest; the one for whose
                     sake a pull secret is added */
    enum imgrw_edit_kind kind;
};

/* Plans the edits, makes the new text and proves it. `rules` may be NULL: then
 * no image has a rule, and nothing changes. Rules that imgrw_rules_check
 * refuses are refused here, too. `options` may be NULL as well.
 * Release the result with imgrw_plan_free, before the manifest and the rules.
 *
 * IMGRW_ERR_EDIT: an image cannot be changed, or a pull secret added, without
 * changing something else; the message says what. IMGRW_ERR_RULE: the rules
 * are not safe, or a result is not a reference. IMGRW_ERR_PROOF: the new text
 * does not read as planned; that is a bug of this library or of a YAML library,
 * and the message holds both readings. IMGRW_ERR_ARGUMENT: `options`, or
 * `manifest` or `plan` is NULL. IMGRW_ERR_MEMORY. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_plan_new(const struct imgrw_manifest *manifest,
               const struct imgrw_rules *rules,
               const struct imgrw_plan_options *options,
               struct imgrw_plan **plan, struct imgrw_error *error);

/* Releases the plan, which may be NULL, and everything borrowed from it. */
IMGRW_EXPORT void imgrw_plan_free(struct imgrw_plan *plan);

/* All functions below take NULL for the plan, and then return 0, NULL or an
 * empty text. What they return is borrowed from the plan, but for the texts:
 * the old one, and a new one without any edit, are the caller's own. */

/* How many edits there are, in the order of the text; the one numbered `index`
 * from 0, or NULL. */
IMGRW_EXPORT size_t imgrw_plan_count(const struct imgrw_plan *plan);
IMGRW_EXPORT const struct imgrw_edit *
imgrw_plan_edit(const struct imgrw_plan *plan, size_t index);

/* What becomes of the manifest's image number `image`, or NULL. */
IMGRW_EXPORT const struct imgrw_decision *
imgrw_plan_decision(const struct imgrw_plan *plan, size_t image);

/* The whole new text, and the old one. */
IMGRW_EXPORT imgrw_str imgrw_plan_text(const struct imgrw_plan *plan);
IMGRW_EXPORT imgrw_str imgrw_plan_source(const struct imgrw_plan *plan);

/* Hands the new text to `write`, in one piece; an empty text is not handed on.
 * IMGRW_ERR_STOPPED: `write` did not return 0; IMGRW_ERR_ARGUMENT: `plan` or
 * `write` is NULL. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_plan_write(const struct imgrw_plan *plan, imgrw_write_fn *write,
                 void *user, struct imgrw_error *error);

/* The manifest that was planned for, and the rules that it was planned with;
 * NULL where there were none. */
IMGRW_EXPORT const struct imgrw_manifest *
imgrw_plan_manifest(const struct imgrw_plan *plan);
IMGRW_EXPORT const struct imgrw_rules *
imgrw_plan_rules(const struct imgrw_plan *plan);

/* How many images of a class that was not asked for (struct
 * imgrw_parse_options) the rules would change. */
IMGRW_EXPORT size_t
imgrw_plan_unselected_count(const struct imgrw_plan *plan,
                            enum imgrw_class image_class);

/* How many images are rewritten in pod specs of documents inside of scalars, or
 * in patches that set them alone: their pods get no pull secret; 0 without
 * one. */
IMGRW_EXPORT size_t
imgrw_plan_pull_secrets_skipped(const struct imgrw_plan *plan);

/* How many edited documents libfyaml was kept from, because it cannot be
 * trusted with what they hold, so that libyaml alone proved them. */
IMGRW_EXPORT size_t
imgrw_plan_unwitnessed_count(const struct imgrw_plan *plan);

#ifdef __cplusplus
}
#endif
