#include "doorkeeper.h"
#include "support.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* What is answered; to what is no HTTP, as TLS is not, that it is none. */
static const char *
answer(const char *request)
{
    if (strncmp(request, "HEAD ", 5) != 0 && strncmp(request, "GET ", 4) != 0)
        return "HTTP/1.0 400 Bad Request\r\nConnection: close\r\n\r\n";
    if (!strcasestr(request, "\r\nAuthorization: Basic "))
        return "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n"
               "Content-Length: 0\r\n"
               "WWW-Authenticate: Basic realm=\"door\"\r\n\r\n";
    return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n"
           "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n"
           "Docker-Content-Digest: sha256:44136fa355b3678a1146ad16f7e8649e94fb4"
           "fc21fe77e8310c060f61caaff8a\r\n\r\n";
}

/* Answers one request for each connection, until it is ended. */
static _Noreturn void
serve(int listener)
{
    for (;;) {
        char request[4096];
        int file = accept(listener, NULL, NULL);
        ssize_t size = read(file, request, sizeof(request) - 1);

        request[size > 0 ? size : 0] = '\0';
        if (size > 0)
            (void)!write(file, answer(request), strlen(answer(request)));
        close(file);
    }
}

void
doorkeeper_start(struct doorkeeper *doorkeeper)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(listener >= 0);
    assert_int_equal(
        bind(listener, (const struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(listener, 8), 0);
    assert_int_equal(
        getsockname(listener, (struct sockaddr *)&address, &length), 0);
    snprintf(doorkeeper->image, sizeof(doorkeeper->image), "127.0.0.1:%u/x",
             (unsigned)ntohs(address.sin_port));
    doorkeeper->process = fork();
    assert_true(doorkeeper->process >= 0);
    if (doorkeeper->process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        signal(SIGPIPE, SIG_IGN);
        serve(listener);
    }
    close(listener);
}

void
doorkeeper_stop(const struct doorkeeper *doorkeeper)
{
    kill(doorkeeper->process, SIGKILL);
    waitpid(doorkeeper->process, NULL, 0);
}
