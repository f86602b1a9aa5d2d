/*
 * Manifests: a YAML or JSON text and the images in it.
 */
#pragma once

#include <imgrewrite/find.h>
#include <imgrewrite/reference.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A parsed text. Nothing changes it after imgrw_manifest_parse, so any number
 * of threads may read it. */
struct imgrw_manifest;

/* Why the text at an image's place is not an image reference. */
enum imgrw_reason {
    IMGRW_REASON_NONE = 0,    /* it is one */
    IMGRW_REASON_EMPTY,       /* null, or no text at all */
    IMGRW_REASON_NOT_STRING,  /* a number, a boolean, a date */
    IMGRW_REASON_PLACEHOLDER, /* {{ }}, $(X), ${X}, *: its name, or all of it,
                                 is filled in later */
    IMGRW_REASON_MALFORMED,   /* a string that no registry would take */
    IMGRW_REASON_BASE,        /* a registry or path: the names are elsewhere */
    IMGRW_REASON_INEXACT,     /* one, but its bytes cannot be told apart from
                                 those of the text that holds it */
    IMGRW_REASON_FILLED_IN,   /* one but for its tag or digest, which is filled
                                 in later: rules for its name apply to it */
};

/* A resource in which there are images, or in a value of which they were looked
 * for: a document of the text, an item of a list, or the same in a scalar, such
 * as a ConfigMap's value. What has no kind, such as a file of Helm values, has
 * empty strings here, as absent ones are. Everything borrows from the manifest.
 * Fields may be appended to this struct: read it through the pointer only. */
struct imgrw_resource {
    size_t outer; /* the resource in one of whose scalars this one is written,
                     by its number; SIZE_MAX: it is in the text itself */
    struct imgrw_location at; /* where it begins or, where that cannot be told
                                 exactly, the outermost scalar that has it */
    imgrw_str api_version, kind, name, namespace_;
};

/* One image. Everything here borrows from the manifest; absent strings are
 * empty. An image reached through several aliases counts once, where its text
 * is written. Fields may be appended to this struct: read it through the
 * pointer only. */
struct imgrw_image {
    imgrw_str text; /* as the cluster reads it, without quotes; put together
                       where registry, repository and tag are apart */
    struct imgrw_location at; /* of the scalar or alias as written; of a map of
                                 parts, of the repository; of a document in a
                                 scalar, in there */
    size_t length;            /* of the same, in bytes */
    enum imgrw_class image_class;
    enum imgrw_reason reason;
    struct imgrw_reference reference; /* as written, when `reason` is NONE or
                                         FILLED_IN: then with placeholders */
    /* Of the resource in the text itself that has the image. For an image in a
     * document in a scalar, `resource` says more: that is the inner one. */
    imgrw_str api_version, kind, name, namespace_;
    size_t document; /* number of the YAML document in the text, from 0 */
    imgrw_str field; /* keys and list positions: "spec/containers/0/image" */
    /* Where the anchor is that this alias takes its text from, when that
     * is an image too and so the one to edit; else `line` is 0. */
    struct imgrw_location anchor;
    int ignored; /* `# imgrewrite:ignore` ends its line: no rule touches it */
    int is_override_name; /* it is not pulled, but names what another entry
                             replaces: `name` of a kustomization's image */
    size_t resource;      /* that has the image, as imgrw_manifest_resource
                             numbers it; SIZE_MAX for a possible one */
    imgrw_str fieldspec; /* of a possible image: GROUP/KIND:PATH, or :PATH in
                            a document without a kind, the field that has it
                            found; empty where none does */
};

/* Something that works, but deserves a look. Borrows from the manifest. Fields
 * may be appended to this struct: read it through the pointer only. */
struct imgrw_warning {
    struct imgrw_location at;
    imgrw_str message;
};

/* How a text is parsed that has actions of a template: {{ }} of Helm and other
 * Go templates, repl{{ }} of KOTS, {% %} of Jinja. It is read through a mask, a
 * text of the same length in which each action is blanks, a word or a comment;
 * images beside actions are found, and no action is ever changed. Nothing is
 * rendered: what several branches hold is all there. */
enum imgrw_templates {
    IMGRW_TEMPLATES_AUTO = 0, /* where it is no YAML as it stands, or has a
                                 mapping where an action begins */
    IMGRW_TEMPLATES_OFF,      /* as it stands, whatever it is */
    IMGRW_TEMPLATES_ALWAYS,   /* through a mask, if it has actions */
};

/* How to parse. Zero means default. */
struct imgrw_parse_options {
    size_t size;        /* sizeof(struct imgrw_parse_options) */
    size_t max_bytes;   /* longest text; 0: 64 MiB; never over 1 GiB */
    uint32_t max_depth; /* deepest nesting; 0: 256; never over 1000 */
    unsigned find;      /* classes, as IMGRW_FIND bits; 0: IMGRW_FIND_DEFAULT */
    const struct imgrw_fieldspec *fields; /* more places, of class CRD */
    size_t field_count;
    int strict; /* parse all of the text: otherwise a resource in which nothing
                   can be found is passed over, even if it is no YAML */
    unsigned jobs; /* threads that parse a large text, a share each; 0: 1. A run
                      has its own (struct imgrw_run_options). Whatever the
                      number, the result is the same. */
    enum imgrw_templates templates;
};

/* Parses `text` and finds its images. `text` is borrowed and must outlive the
 * manifest. `path`, which may be NULL, is what locations say; borrowed too.
 * `options` may be NULL. Release the result with imgrw_manifest_free.
 *
 * IMGRW_ERR_ENCODING, IMGRW_ERR_SYNTAX, IMGRW_ERR_LIMIT, IMGRW_ERR_MEMORY, with
 * line and column; IMGRW_ERR_ARGUMENT. */
IMGRW_EXPORT IMGRW_CHECKED enum imgrw_status
imgrw_manifest_parse(imgrw_str text, const char *path,
                     const struct imgrw_parse_options *options,
                     struct imgrw_manifest **manifest,
                     struct imgrw_error *error);

/* Releases the manifest, which may be NULL, and everything borrowed from it.
 * Free its plans first. */
IMGRW_EXPORT void imgrw_manifest_free(struct imgrw_manifest *manifest);

/* How many images there are; they are numbered from 0 as they come in the
 * text. */
IMGRW_EXPORT size_t imgrw_manifest_count(const struct imgrw_manifest *manifest);

/* The image number `index`, or NULL where there is none; borrowed. */
IMGRW_EXPORT const struct imgrw_image *
imgrw_manifest_image(const struct imgrw_manifest *manifest, size_t index);

/* How many resources there are, and the one numbered `index` from 0, or NULL
 * where there is none; borrowed. One in a scalar comes after the one that has
 * the scalar. */
IMGRW_EXPORT size_t
imgrw_manifest_resource_count(const struct imgrw_manifest *manifest);
IMGRW_EXPORT const struct imgrw_resource *
imgrw_manifest_resource(const struct imgrw_manifest *manifest, size_t index);

/* How many warnings there are, and the one numbered `index` from 0 (NULL where
 * there is none; borrowed). */
IMGRW_EXPORT size_t
imgrw_manifest_warning_count(const struct imgrw_manifest *manifest);
IMGRW_EXPORT const struct imgrw_warning *
imgrw_manifest_warning(const struct imgrw_manifest *manifest, size_t index);

/* How many images there are of a class that was not asked for; 0 for one that
 * was. Only those that are references count. */
IMGRW_EXPORT size_t imgrw_manifest_unselected_count(
    const struct imgrw_manifest *manifest, enum imgrw_class image_class);

/* How many possible images there are, and the one numbered `index` from 0, in
 * the order of the text (NULL where there is none; borrowed). A possible image
 * is a reference with a host or a path, and with a tag or a digest, that stands
 * where no image is known: all of a value, of a flag or of a variable, or a
 * word in a line of a script or a template. It has the host of a known
 * registry, or its key mentions an image. No rule touches it, unless a field of
 * the parse options names its place. Its class is IMGRW_CLASS_COUNT. */
IMGRW_EXPORT size_t
imgrw_manifest_possible_count(const struct imgrw_manifest *manifest);
IMGRW_EXPORT const struct imgrw_image *
imgrw_manifest_possible(const struct imgrw_manifest *manifest, size_t index);

/* Whether the text was read through a mask, as enum imgrw_templates says: 1 or
 * 0. */
IMGRW_EXPORT int
imgrw_manifest_is_template(const struct imgrw_manifest *manifest);

/* How many bytes of the text were passed over, because nothing can be found
 * there; 0 where the parse options are strict. */
IMGRW_EXPORT size_t
imgrw_manifest_unread(const struct imgrw_manifest *manifest);

/* Whether the text has a node, of whatever content, at the field of that number
 * among those of the parse options, 1 or 0; 0 where there is no such field. */
IMGRW_EXPORT int
imgrw_manifest_field_met(const struct imgrw_manifest *manifest, size_t field);

/* A phrase for a reason, such as "a placeholder"; never NULL. */
IMGRW_EXPORT const char *imgrw_reason_text(enum imgrw_reason reason);

/* Whether a text with this reason names an image all the same, 1 or 0: NONE and
 * FILLED_IN. */
IMGRW_EXPORT int imgrw_reason_names_image(enum imgrw_reason reason);

#ifdef __cplusplus
}
#endif
