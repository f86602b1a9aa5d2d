/*
 * imgrewrite probe: starts the program that asks registries. It is another one,
 * because it needs libcurl, with which starting takes four times as long. It
 * may not be installed.
 */
#include "command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM "imgrewrite-probe"

int
run_probe_program(char **argv)
{
    const char *folder = getenv("IMGREWRITE_LIBEXEC");
    char *path;

    if (!folder || *folder == '\0')
        folder = LIBEXEC_DIR;
    if (asprintf(&path, "%s/" PROGRAM, folder) < 0) {
        complain("out of memory");
        return EXIT_TROUBLE;
    }
    argv[0] = path;
    execv(path, argv);
    if (errno == ENOENT)
        complain("probe is not installed: there is no %s; it comes with "
                 "libimgrewrite-registry, which is built where libcurl and "
                 "jansson are", path);
    else
        complain("%s cannot be started: %s", path, strerror(errno));
    free(path);
    return EXIT_TROUBLE;
}
