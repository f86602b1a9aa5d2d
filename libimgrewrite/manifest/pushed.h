/*
 * Images that are pushed, and not pulled: a push to a mirror fails, so no rule
 * may move them.
 */
#pragma once

#include "manifest/walk.h"

/* Whether a variable, a flag or a parameter of this name says where an image is
 * pushed: by its name, or because the name says nothing of what the image is
 * for, and the resource that is walked pushes one. */
bool irw_is_pushed(struct irw_image_walk *walk, imgrw_str name);

/* Whether a name says nothing of what an image is for, as `image` does. */
bool irw_is_any_image(imgrw_str name);

/* Whether a name says by itself that an image is pushed there. */
bool irw_is_target(imgrw_str name);

/* Whether a text has words of tools that push an image. The word alone says
 * nothing: metrics are pushed as well. */
bool irw_has_push(imgrw_str text);

/* The same for the text of the resource that is walked, looked at once. */
bool irw_resource_pushes(struct irw_image_walk *walk);

/* Whether a line of the resource that is walked pushes what the variable or
 * parameter of this name holds: `docker push $NAME`. */
bool irw_is_pushed_by_line(struct irw_image_walk *walk, imgrw_str name);

/* Forgets which text was looked at. */
void irw_pushing_reset(struct irw_pushing *pushing);
