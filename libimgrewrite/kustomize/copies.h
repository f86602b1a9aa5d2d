/*
 * Copies: what `replacements:` and `vars:` of a kustomization take from one
 * field to others, as far as either may have to do with an image.
 */
#pragma once

#include "base/list.h"
#include "kustomize/text.h"

/* What a field may hold. */
enum irw_copied_field {
    IRW_COPIED_OTHER, /* no image, as its path shows */
    IRW_COPIED_ANY,   /* nobody knows */
    IRW_COPIED_TEXT,  /* a variable or an argument of a container */
    IRW_COPIED_IMAGE, /* an image of a container, or more around it */
};

/* One end of a copy. */
struct irw_copy_end {
    enum irw_copied_field field;
    bool exact;           /* the image itself, and all of it */
    imgrw_str kind, name; /* of the resource; empty: of any */
    imgrw_str not_kind, not_name; /* of resources that are passed over; both
                                     empty: none is known */
    imgrw_str path;
    imgrw_str delimiter; /* a part of the value between two; empty: all */
    long index;          /* of the part, from 0 */
};

struct irw_copy {
    struct irw_copy_end from, to;
    imgrw_str value; /* that is there itself; data NULL: it is taken `from` */
    imgrw_str variable; /* its name, which goes wherever a text has it; empty:
                           it is none */
    struct imgrw_location at; /* of the replacement, variable or patch */
};

typedef IRW_LIST(struct irw_copy) irw_copy_list;

/* A text whose copies are read. */
struct irw_copy_reading {
    struct irw_kustomize_text *text;
    irw_copy_list *copies;        /* malloc'ed */
    struct imgrw_location unread; /* the first that is in another file; line 0:
                                     none */
};

/* Sets what the field of an end may hold, by its path. */
void irw_copy_end_judge(struct irw_copy_end *end);

/* Whether the copy takes a whole value of a ConfigMap to where it may be an
 * image. */
bool irw_copy_is_of_data(const struct irw_copy *copy);

/* Whether the copy may write into a ConfigMap. */
bool irw_copy_may_write_data(const struct irw_copy *copy);

/* Whether a value that is copied may be a list of images, or one with a name or
 * a flag before it. */
bool irw_copy_is_several(imgrw_str text);

/* Whether a patch may have operations that copy or move values. */
bool irw_may_copy(imgrw_str patch);

/* The name of the variable of a container that a path leads to; empty where it
 * leads to something else. */
imgrw_str irw_copy_variable(imgrw_str path);

/* Takes the next step off a path such as `data.image\.x` or `a.[name=b].c`, of
 * which backslashes and brackets stay. */
imgrw_str irw_copy_step(imgrw_str *path);

/* Whether a step, which may have backslashes, says this key. */
bool irw_copy_step_is_key(imgrw_str step, imgrw_str key);

/* Whether the kind of a target, which may be empty, may be that of ConfigMaps.
 */
bool irw_may_be_config_map(imgrw_str kind);

/* Reads the copies at `node`: a mapping that has lists of them, a list of
 * replacements, or a replacement. False when memory is out. */
bool irw_copies_read(struct irw_copy_reading *reading, uint32_t node);
