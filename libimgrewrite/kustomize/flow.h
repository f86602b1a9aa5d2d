/*
 * Flows: images on their way through builds, as kustomize takes them from the
 * files of bases through patches and `images:`, layer by layer.
 */
#pragma once

#include "kustomize/answers.h"
#include "kustomize/builds.h"
#include "kustomize/origin.h"

/* An image in a build. */
struct irw_flow {
    size_t origin;                 /* by its number */
    imgrw_str before;              /* what it is, as the files are */
    imgrw_str after;               /* the same, as they will be */
    const struct irw_entry *first; /* that applied to it; NULL: none did */
    const struct irw_entry *last;
    size_t enter; /* its build has made it with the entry before this one, which
                     is the first that applies; 0: it has not */
    const struct irw_copy *copy; /* that has made an image of data; NULL: none
                                    has */
    bool is_fresh; /* it came into this build itself, not into a base */
};

typedef IRW_LIST(struct irw_flow) irw_flow_list;

/* What is done on the way. */
struct irw_flow_visitor {
    /* Has the entries of a build, which may be a component that another one
     * uses, work on the images. */
    enum imgrw_status (*apply)(struct irw_build *build, irw_flow_list *flows,
                               void *user, struct imgrw_error *error);
    /* A build has ended, with these images; it is no component. May be NULL. */
    enum imgrw_status (*end)(struct irw_build *build, irw_flow_list *flows,
                             void *user, struct imgrw_error *error);
    void *user;
};

/* The images of a run. Zero-initialised is empty. */
struct irw_flows {
    struct irw_arena arena; /* for what entries make */
    struct irw_builds *builds;
    struct irw_answers *answers; /* the caller's */
    unsigned find; /* classes that the run is about, as IMGRW_FIND bits */
    bool copies_data; /* something does */
    IRW_LIST(struct imgrw_manifest *) manifests; /* that were read for that */
    bool guesses; /* images of what is elsewhere count: those that entries of
                     its builds name */
    IRW_LIST(struct irw_image_origin) origins;
    size_t *first_origin[IRW_ORIGIN_USES]; /* by enum irw_origin_use: of each
                                file, + 1; 0: not read yet */
    size_t *origin_count[IRW_ORIGIN_USES];
    size_t *first_of_build; /* of each build: its own, + 1; 0: the same */
    size_t *count_of_build;
    irw_flow_list *made; /* of each build, while they run */
    const struct irw_build *root; /* the one that runs, and not a component of
                                     it; NULL: none does */
};

/* The passes of kustomize that reach an image; none reaches what is data. */
unsigned irw_flow_passes(const struct irw_flows *flows,
                         const struct irw_flow *flow);

/* Whether entries of the build may be for what is elsewhere. */
bool irw_flows_guess(const struct irw_flows *flows,
                     const struct irw_build *build);

/* What an entry with a new name makes of any image without a tag, in the arena
 * of the flows. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_flows_make(struct irw_flows *flows,
                                 const struct irw_kustomize_entry *entry,
                                 imgrw_str *made, struct imgrw_error *error);

/* Prepares to run through the builds, which are borrowed. IMGRW_ERR_MEMORY. */
enum imgrw_status irw_flows_open(struct irw_flows *flows,
                                 struct irw_builds *builds,
                                 struct imgrw_error *error);

/* Runs through all builds, each after those that it is built from.
 * IMGRW_ERR_LIMIT: there are too many images in them, taken together;
 * IMGRW_ERR_MEMORY; and what the visitor returns. */
enum imgrw_status irw_flows_run(struct irw_flows *flows,
                                const struct irw_flow_visitor *visitor,
                                struct imgrw_error *error);

void irw_flows_clear(struct irw_flows *flows);
