/*
 * Values: what is in ConfigMaps, by their keys, as far as it is one line.
 */
#pragma once

#include "kustomize/builds.h"

struct irw_data_value {
    enum irw_data_form form; /* what it is taken from, unless it is written in a
                                ConfigMap */
    imgrw_str map; /* the name of the ConfigMap */
    imgrw_str key;
    imgrw_str text;
    struct imgrw_location at;
    struct imgrw_location made_at; /* where a generator names what it takes */
    imgrw_str wanted; /* what the rules make of it, once somebody has asked */
    bool moves; /* the run is about it: it becomes what the rules make of it */
};

typedef IRW_LIST(struct irw_data_value) irw_data_value_list;

/* Appends the values that the generators of a build make, in the arena of the
 * builds. Those of literals move if `literals` does. The list is malloc'ed.
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_data_values_read(struct irw_builds *builds,
                                       const struct irw_build *build,
                                       bool literals,
                                       irw_data_value_list *values,
                                       struct imgrw_error *error);

/* Sets the text of the file of a step, which is read where it is not there, in
 * the arena of the builds; empty where it cannot be had. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_data_step_text(struct irw_builds *builds,
                                     const struct irw_data_step *step,
                                     imgrw_str *text,
                                     struct imgrw_error *error);

/* Whether the value is an image where ConfigMaps are searched: all of it but
 * for the blanks around it, which `*image` leaves out. */
bool irw_data_value_image(const struct irw_data_value *value, imgrw_str *image);
