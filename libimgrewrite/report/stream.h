/*
 * What both reports share: JSON that goes to the caller's function a file at a
 * time, and the members that describe an image.
 */
#pragma once

#include "base/text.h"

#include <imgrewrite/manifest.h>

struct irw_stream {
    imgrw_write_fn *write;
    void *user;
    struct irw_text text; /* not yet written */
    size_t entries;       /* objects in the open array */
    bool ended;           /* all is written, or something never was */
};

/* Opens a zero-initialised stream with `opening`, which it writes. Errors are
 * those of irw_stream_flush. */
enum imgrw_status irw_stream_open(struct irw_stream *stream,
                                  imgrw_write_fn *write, void *user,
                                  imgrw_str opening, struct imgrw_error *error);

/* Begins the next object of the open array with its path. */
void irw_stream_entry(struct irw_stream *stream, const char *path);

/* Adds what is known of an image without any rule. */
void irw_stream_image(struct irw_stream *stream,
                      const struct imgrw_image *image);

/* Writes what has been gathered. IMGRW_ERR_ARGUMENT: the stream has ended.
 * IMGRW_ERR_STOPPED and IMGRW_ERR_MEMORY, which end it. */
enum imgrw_status irw_stream_flush(struct irw_stream *stream,
                                   struct imgrw_error *error);

/* The same for the last time. */
enum imgrw_status irw_stream_end(struct irw_stream *stream,
                                 struct imgrw_error *error);
