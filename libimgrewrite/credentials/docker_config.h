/*
 * Docker's config.json.
 */
#pragma once

#include "config/reader.h"
#include "credentials/set.h"

/* The keys at its top. */
extern const struct irw_key_set irw_docker_keys;

/* Adds the entries of a config.json, from its root. */
enum imgrw_status irw_docker_config_read(struct irw_reader *reader,
                                         uint32_t root,
                                         struct imgrw_credentials *credentials);
