/*
 * Certificates that users keep for single registries, in folders as Docker and
 * Podman have them: FOLDER/HOST:PORT/ has authorities that are trusted there in
 * addition (*.crt), and a certificate that is shown to the registry, with its
 * key (NAME.cert, NAME.key).
 */
#pragma once

#include "registry/bytes.h"

/* A file of certificates is no larger. */
#define IRW_CERTIFICATES_BYTES ((size_t)4 << 20)

/* Where to look. */
struct irw_certificate_places {
    const char *const *folders; /* NULL at the end; NULL: none */
    const char *trusted; /* a file in PEM that is trusted in any case; NULL:
                            there is none */
};

/* Those of a registry. Zero-initialised is none. */
struct irw_certificates {
    char *folder; /* where they are; NULL: nowhere */
    struct irw_bytes trusted; /* PEM, of all that is trusted; empty: the folder
                                 adds nothing */
    char *client, *key; /* paths of what is shown; NULL: nothing is */
    char *trouble; /* why they cannot be used; NULL: they can */
};

/* Reads the first folder that there is for a registry, HOST or HOST:PORT. What
 * cannot be used is in `trouble`. False when memory is out. Release it with
 * irw_certificates_clear in any case. */
bool irw_certificates_read(struct irw_certificates *certificates,
                           const struct irw_certificate_places *places,
                           const char *registry);
void irw_certificates_clear(struct irw_certificates *certificates);
