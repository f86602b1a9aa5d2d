/*
 * The keys of credentials: which of them are for an image, by the rules of
 * Podman's library (containers/image), which are Docker's and more.
 *
 * A key is a registry, or a namespace or repository in it, spelled exactly; or
 * a URL, of which only the registry counts. Nothing is a wildcard, a tag is
 * part of no key, and case and port have to be the same.
 */
#pragma once

#include <imgrewrite/base.h>

#include <stdbool.h>

/* An image's place: a registry with its port, such as "docker.io" or
 * "reg.io:5000", and the repository in it, "library/nginx". */
struct irw_login_place {
    imgrw_str host, repository;
};

/* How well a key fits: 0 not at all, and the key with the most is to be taken.
 * Equal numbers are of keys that are spelled in several ways. `hosts_only` is
 * for .dockercfg, whose keys are for whole registries. */
size_t irw_login_key_fit(imgrw_str key, bool hosts_only,
                         const struct irw_login_place *place);

/* Whether a key of `credHelpers` is for a registry. */
bool irw_login_key_is_host(imgrw_str key, imgrw_str host);

/* What Docker asks helpers and stores for: the registry, except that Docker Hub
 * is https://index.docker.io/v1/ to them. */
imgrw_str irw_login_key_of_docker(imgrw_str host);
