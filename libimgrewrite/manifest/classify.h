/*
 * Classifying a text: whether it is an image, or may be one.
 */
#pragma once

#include "yaml/scalar.h"

#include <imgrewrite/manifest.h>

/* Why the text is no reference, or IMGRW_REASON_NONE. With that, and with
 * IMGRW_REASON_FILLED_IN, `*reference` is set. */
enum imgrw_reason
irw_classify_text(imgrw_str text, struct imgrw_reference *reference);

/* Whether the text names an image, if one whose tag or digest is filled in
 * later; then `*reference` is set. */
bool irw_is_reference(imgrw_str text, struct imgrw_reference *reference);

/* The same, also where the name is filled in later, or all of it: then a part
 * of `*reference` that has a placeholder says "x" there, and lives in
 * `buffer`. */
bool irw_may_be_reference(imgrw_str text, struct imgrw_reference_buffer *buffer,
                          struct imgrw_reference *reference);

/* The reason for the value of a scalar, which its style may make a number. */
enum imgrw_reason irw_classify_scalar(const struct irw_tree *tree,
                                      uint32_t scalar,
                                      struct imgrw_reference *reference);

/* Whether the text is a reference that cannot well be anything else: it has a
 * registry or a path, and a tag or a digest. Any of them may be filled in
 * later. */
bool irw_is_certain_reference(imgrw_str text);

/* The same, less strict, for a text under a key that mentions images: it has a
 * registry, a tag or a digest, or all of it is filled in later. */
bool irw_is_likely_reference(imgrw_str text);

/* How long the scheme before a reference is, oci:// or docker://; 0: there is
 * none. After oci:// there is always a host, if one without a dot, which would
 * read as a part of a name: such a text has no scheme here. */
size_t irw_scheme_size(imgrw_str text);

/* Whether a key is one for arguments or a command: `args`, `extraArgs`,
 * `command`. */
bool irw_is_command_key(imgrw_str key);

/* Whether a key is one for an image: `image`, `sidecarImage`, `job_image`, but
 * not `vmImage`. */
bool irw_is_image_key(imgrw_str key);

/* Whether the word before `Image` at the end of a key says that the image is
 * one of a machine. */
bool irw_is_machine_key(imgrw_str key);

/* Whether a key is one for several: `images`, `sidecarImages`. */
bool irw_is_images_key(imgrw_str key);

/* Whether a text is the name of a picture or of another file, to which an
 * `image` in values may refer. */
bool irw_is_file(imgrw_str text);

/* Whether a name has the word in it, in any case, or its short form: IMG. */
bool irw_mentions_image(imgrw_str name);

/* Whether a name has the word at its end, in any case. */
bool irw_ends_with_image(imgrw_str name);

/* Whether a variable with this name and value is an image. Under a name that
 * does not mention one, the value has to name its registry. */
bool irw_is_image_variable(imgrw_str name, imgrw_str value);

/* Whether a key is one by which irw_may_hold_images tells: its last letters and
 * digits count. */
bool irw_is_telling_word(imgrw_str word);

/* Whether a text has a key that mentions an image or a repository, the key of
 * an operation of a JSON patch, or the scheme of a registry's URL: a look at
 * the bytes that spares parsing what can hold no image. */
bool irw_may_hold_images(imgrw_str text);
