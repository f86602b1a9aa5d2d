/*
 * What to look for: classes of places where images are, and more places.
 */
#pragma once

#include <imgrewrite/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Classes of places where images live, as the catalog sorts them. */
enum imgrw_class {
    IMGRW_CLASS_POD = 0,   /* a pod spec: containers and image volumes */
    IMGRW_CLASS_CRD,       /* a known field of a custom resource */
    IMGRW_CLASS_ARGS,      /* an argument of a container: --flag=IMAGE */
    IMGRW_CLASS_ENV,       /* a variable of a container: RELATED_IMAGE_X */
    IMGRW_CLASS_CONFIGMAP, /* a ConfigMap's value, or a document in one */
    IMGRW_CLASS_ANNOTATIONS,
    IMGRW_CLASS_HELM_VALUES,   /* values in a file; CRD: in a resource */
    IMGRW_CLASS_KUSTOMIZATION, /* `images:` of a kustomization */
    IMGRW_CLASS_COMPOSE,       /* a service of a compose file */
    IMGRW_CLASS_CHARTS,        /* a chart, or what else in a registry is no
                                  container image */
};

/* How many classes there are. */
#define IMGRW_CLASS_COUNT 10

/* Sets of classes: a bit each. */
#define IMGRW_FIND(image_class) (1u << (image_class))
#define IMGRW_FIND_ALL ((1u << IMGRW_CLASS_COUNT) - 1)
#define IMGRW_FIND_DEFAULT \
    (IMGRW_FIND(IMGRW_CLASS_POD) | IMGRW_FIND(IMGRW_CLASS_CRD) | \
     IMGRW_FIND(IMGRW_CLASS_ARGS) | IMGRW_FIND(IMGRW_CLASS_ENV))

/* A field that holds images, in kustomize's grammar of `configurations:`. NULL
 * or empty is any group, version or kind; where all three are, documents
 * without a kind have the field as well, and so do the items of a list of no
 * kind. `path` is keys with "/" between them; "\/" is a slash in a key, and
 * `[]` after a key is allowed and changes nothing, because lists are entered in
 * any case. Beyond kustomize, `*` alone is any key, and the field may be a list
 * of references.
 *
 * No field will ever be appended to this struct, because callers make and read
 * arrays of it. */
struct imgrw_fieldspec {
    const char *group, *version, *kind, *path;
};

/* The word for a class, such as "pod" or "helm-values"; for IMGRW_CLASS_COUNT,
 * which possible images have, "possible"; never NULL. */
IMGRW_EXPORT const char *imgrw_class_name(enum imgrw_class image_class);

/* The classes that a word stands for, as IMGRW_FIND bits: the name of one,
 * "default" or "all"; 0 for any other word. */
IMGRW_EXPORT unsigned imgrw_find_bits(imgrw_str word);

#ifdef __cplusplus
}
#endif
