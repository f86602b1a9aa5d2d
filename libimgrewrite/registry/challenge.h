/*
 * WWW-Authenticate: the challenges with which a server asks for a login (RFC
 * 7235, RFC 6750). Several may stand in one line, and there may be several
 * lines.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

/* No line that is longer is read; it counts as malformed. */
#define IRW_CHALLENGE_MAX ((size_t)8 << 10)

/* What the lines of an answer ask for. Zero-initialised is "nothing". */
struct irw_challenges {
    bool bearer, basic, other; /* there are such challenges */
    bool bearer_is_broken;     /* one that cannot be read to its end */
    bool malformed;            /* so is anything */
    imgrw_str realm, service;  /* of the first Bearer; empty: not given */
};

/* Adds the challenges of a line, whose bytes are changed, because the values
 * borrow from them and lose their quotes there. */
void irw_challenges_add(struct irw_challenges *challenges, char *line,
                        size_t size);
