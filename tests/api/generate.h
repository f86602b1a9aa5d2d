/*
 * References and rules made up at random, the same ones for the same seed.
 *
 * They come from small stocks, so that rules meet references and each other,
 * and hold what is easily forgotten: ports, IPv6 addresses, upper case, the
 * aliases of Docker Hub, digests of every kind, names as long as can be.
 */
#pragma once

#include "support.h"

#include <imgrewrite/rules.h>

#define GENERATE_LINE 4096 /* bytes of a rule */

struct generator {
    uint64_t state; /* the seed, at first */
};

/* A number below `limit`. */
size_t generate_number(struct generator *generator, size_t limit);

/* True in `percent` of a hundred cases. */
bool generate_chance(struct generator *generator, size_t percent);

/* Writes a reference, which is valid, into `text` of IMGRW_REFERENCE_MAX bytes.
 * `below`, if it is not NULL, is a registry or a path that it may lie under. */
void generate_reference(struct generator *generator, const char *below,
                        char *text);

enum generate_kind {
    GENERATE_PREFIX,
    GENERATE_MIRROR,
    GENERATE_PRESET,
    GENERATE_EXCLUDE,
    GENERATE_KNOWN,
    GENERATE_ANY, /* the prefix `*` */
    GENERATE_OVERRIDE, /* from here on, tags and digests may change */
    GENERATE_EXACT,
    GENERATE_KINDS,
};

/* Writes a rule as rules_text_add takes it, into `line` of GENERATE_LINE bytes.
 * Most are valid. */
void generate_rule(struct generator *generator, enum generate_kind kind,
                   char *line);

/* Spoils a text in some place, in a way that it may survive; it becomes no
 * longer. */
void generate_damage(struct generator *generator, char *text);
