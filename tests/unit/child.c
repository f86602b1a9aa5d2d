/*
 * Running what may crash or hang; see child.h.
 */
#include "child.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

bool
child_run(int (*body)(void *user), void *user, unsigned seconds, char *how,
          size_t size)
{
    struct rlimit limit = {seconds, RLIM_INFINITY};
    int status = 0;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        if (setrlimit(RLIMIT_CPU, &limit) != 0)
            _exit(1);
        exit(body(user));
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        snprintf(how, size, "no child");
    else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        snprintf(how, size, "not done after %u s of processor time", seconds);
    else if (WIFSIGNALED(status))
        snprintf(how, size, "%s", strsignal(WTERMSIG(status)));
    else
        snprintf(how, size, "exit status %d", WEXITSTATUS(status));
    return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
