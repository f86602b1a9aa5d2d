/*
 * Pull secrets: which pod specs get one, and in which list of theirs.
 */
#pragma once

#include "plan/document_edits.h"

/* Adds to `edits` what names the secret `name` in every pod spec of the text in
 * which an image is rewritten; `decisions` are those of the images.
 * IMGRW_ERR_EDIT: a list cannot be changed exactly, or something else uses it;
 * IMGRW_ERR_MEMORY. */
enum imgrw_status irw_pull_secrets_add(const struct imgrw_decision *decisions,
                                       imgrw_str name,
                                       struct irw_document_edits *edits,
                                       struct imgrw_error *error);

/* How many images are rewritten in pod specs of documents in scalars, which are
 * left alone, or are set by patches. */
size_t irw_pull_secrets_skipped(const struct imgrw_manifest *manifest,
                                const struct imgrw_decision *decisions);
