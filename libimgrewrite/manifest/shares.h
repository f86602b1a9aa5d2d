/*
 * A large text is read in shares, by a thread each. What they find is put
 * together, in their order, into what one thread would have found.
 */
#pragma once

#include "manifest/manifest.h"

/* Reads the text of the manifest, which has no findings yet, with up to `jobs`
 * threads; 0 is as good as 1. Fails as irw_pieces_read does: the first failure
 * in the text is that of all. */
enum imgrw_status irw_shares_read(struct imgrw_manifest *manifest,
                                  unsigned jobs, struct imgrw_error *error);
