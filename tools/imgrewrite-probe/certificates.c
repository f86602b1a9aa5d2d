#include "certificates.h"

#include <stdlib.h>

bool
use_certificates(struct probe *probe)
{
    static const char below[] = "/.config/containers/certs.d";
    const char *home = getenv("HOME");
    const char **folders = probe->certificate_folders;

    if (home && *home != '\0') {
        if (asprintf(&probe->own_certificates, "%s%s", home, below) < 0) {
            probe->own_certificates = NULL;
            complain("out of memory");
            return false;
        }
        *folders++ = probe->own_certificates;
    }
    *folders++ = "/etc/containers/certs.d";
    *folders++ = "/etc/docker/certs.d";
    *folders = NULL;
    probe->options.certificate_folders = probe->certificate_folders;
    return true;
}
