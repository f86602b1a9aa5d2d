/*
 * How to ask, as the caller said it, in copies.
 */
#pragma once

#include "registry/pass.h"

#include <imgrewrite/registry.h>

struct irw_settings {
    struct imgrw_registry_options given; /* scalars only; the rest is below */
    struct irw_insecure insecure;
    struct curl_slist *connect_to;
    char *ca_file, *ecr_endpoint; /* NULL: not given */
    char **certificate_folders;   /* NULL at the end; or NULL */
};

/* Copies a struct of the caller, NULL for defaults, that begins with its size:
 * the caller may have been built with another version. `to`, of `size` bytes,
 * is zero before. IMGRW_ERR_ARGUMENT: it has no size, or uses what is not known
 * here. */
enum imgrw_status irw_options_copy(const void *from, void *to, size_t size,
                                   struct imgrw_error *error);

/* Copies the options, NULL for defaults, and checks them. What is copied is to
 * be released in any case. See imgrw_registry_new for the failures. */
enum imgrw_status
irw_settings_copy(const struct imgrw_registry_options *options,
                  struct irw_settings *settings, struct imgrw_error *error);
void irw_settings_clear(struct irw_settings *settings);

/* Where certificates for single registries are. */
struct irw_certificate_places
irw_settings_certificates(const struct irw_settings *settings);

/* How requests are made by these settings. */
struct irw_transport_options
irw_settings_transport(const struct irw_settings *settings);
