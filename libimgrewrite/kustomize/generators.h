/*
 * Generators: what `configMapGenerator:` and `secretGenerator:` of a
 * kustomization put into data, as it is.
 */
#pragma once

#include "base/list.h"
#include "kustomize/text.h"

/* What data is taken from. */
enum irw_data_form {
    IRW_DATA_FILE,    /* a file, which becomes one value */
    IRW_DATA_LINES,   /* the lines of a file, KEY=VALUE */
    IRW_DATA_LITERAL, /* the entry itself, KEY=VALUE */
};

struct irw_data_source {
    enum irw_data_form form;
    bool is_secret; /* of a Secret, and not of a ConfigMap */
    imgrw_str name; /* of the generator */
    imgrw_str key;  /* FILE, LITERAL: of the value */
    imgrw_str text; /* the path of the file, or the value itself */
    struct imgrw_location at; /* of the entry */
};

typedef IRW_LIST(struct irw_data_source) irw_data_list;

/* A text whose generators are read. */
struct irw_generator_reading {
    struct irw_kustomize_text *text;
    irw_data_list *data; /* malloc'ed */
};

/* Reads the generators in the mapping at `root`; false when memory is out. */
bool irw_generators_read(struct irw_generator_reading *reading, uint32_t root);

/* Reads one, at `node`, as which kustomize has it in a file of its own. The
 * same. */
bool irw_generator_read(struct irw_generator_reading *reading, uint32_t node,
                        bool is_secret);
