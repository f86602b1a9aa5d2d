/*
 * Names that Kubernetes takes, by RFC 1123, and words that select them.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

#define IRW_DNS_NAME_MAX 253  /* bytes of a subdomain */
#define IRW_DNS_LABEL_MAX 63 /* and of a label */

/* Whether `name` is a subdomain: labels with dots between them, as of most
 * objects. */
bool irw_is_dns_name(imgrw_str name);

/* Whether `name` is one label, as of a namespace: letters in lower case, digits
 * and, inside, hyphens. */
bool irw_is_dns_label(imgrw_str name);

/* Whether a word of a selector is more than a name: kustomize takes all of them
 * for regular expressions. */
bool irw_is_selector_pattern(imgrw_str word);
