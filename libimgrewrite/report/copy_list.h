/*
 * What to copy where, as it is gathered.
 */
#pragma once

#include "base/arena.h"
#include "base/list.h"
#include "base/map.h"

#include <imgrewrite/report.h>

/* An image that has to be at another place. Its texts live in the list. */
struct irw_image_copy {
    struct imgrw_copy item;
    struct imgrw_reference target; /* that of the item */
    bool by_digest; /* the target is made under its digest, not its tag */
    bool redundant; /* and another copy does just that */
    bool left_out;  /* of what is written */
};

struct imgrw_copy_list {
    struct irw_arena arena;
    IRW_LIST(struct irw_image_copy *) copies;
    struct irw_map targets; /* copies, by the whole target */
    struct irw_map tags;    /* the first copy to each NAME:TAG */
    struct irw_map digests; /* the one that makes each NAME@DIGEST */
    size_t redundant;       /* how many of `copies` are */
};
