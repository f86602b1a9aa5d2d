#include "registry/credential_helper.h"
#include "base/str.h"
#include "registry/bytes.h"
#include "base/error.h"
#include "registry/json.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PREFIX "docker-credential-"

/* What is said where there is no login. */
#define NOT_FOUND "credentials not found in native keychain"

/* The user name that stands before an identity token. */
#define TOKEN_USER "<token>"

/* Cuts blanks and line breaks off both ends. */
static imgrw_str
trim(imgrw_str text)
{
    while (text.size > 0 && memchr(" \t\r\n", text.data[0], 4)) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && memchr(" \t\r\n", text.data[text.size - 1], 4))
        text.size--;
    return text;
}

/* Fails because the program has failed, with the line that it may have answered
 * instead of a login. */
static enum imgrw_status
fail_told(const char *name, imgrw_str line, struct imgrw_error *error)
{
    const char *end =
        line.size > 0 ? memchr(line.data, '\n', line.size) : NULL;

    if (end)
        line.size = (size_t)(end - line.data);
    if (line.size == 0 || line.data[0] == '{')
        return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                        PREFIX "%s failed",
                        name);
    return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                    PREFIX "%s failed: %.*s", name,
                    line.size > 200 ? 200 : (int)line.size, line.data);
}

/* Makes the login of an answer. */
static enum imgrw_status
make_login(const char *name, const json_t *root, struct irw_login **login,
           struct imgrw_error *error)
{
    struct irw_login_parts parts = {
        .user = irw_json_get_text(root, "Username"),
        .password = irw_json_get_text(root, "Secret"),
    };
    struct irw_bytes source = {0};
    const char *fault;

    if (!parts.user.data || !parts.password.data)
        return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                        PREFIX "%s has not answered with Username "
                               "and Secret",
                        name);
    if (irw_equal(parts.user, IMGRW_STR(TOKEN_USER))) {
        parts.identity_token = parts.password;
        parts.user = parts.password = (imgrw_str){0};
    }
    *login = NULL;
    if (parts.user.size + parts.password.size + parts.identity_token.size == 0)
        return IMGRW_OK;
    fault = irw_login_fault(&parts);
    if (fault)
        return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                        PREFIX "%s: %s", name,
                        fault);
    irw_bytes_add_text(&source, PREFIX);
    irw_bytes_add_text(&source, name);
    parts.source = (imgrw_str){source.data, source.size};
    if (!source.failed)
        *login = irw_login_new(&parts);
    irw_bytes_clear(&source);
    return *login ? IMGRW_OK : irw_fail_memory(error);
}

enum imgrw_status
irw_credential_helper_read(const char *name, imgrw_str answer, bool succeeded,
                           struct irw_login **login, struct imgrw_error *error)
{
    imgrw_str line = trim(answer);
    enum imgrw_status status;
    json_t *root;

    if (!succeeded && irw_equal(line, IMGRW_STR(NOT_FOUND))) {
        *login = NULL;
        return IMGRW_OK;
    }
    if (!succeeded)
        return fail_told(name, line, error);
    status = irw_json_read(answer, 0, NULL, &root, NULL);
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(error);
    if (status != IMGRW_OK)
        return irw_fail(error, IMGRW_ERR_INPUT, IRW_NO_LOCATION,
                        PREFIX "%s has not answered with JSON", name);
    status = make_login(name, root, login, error);
    irw_json_free(root);
    return status;
}

/* A program that runs. */
struct irw_helper_child {
    const char *name;
    pid_t pid;
    int output;       /* the end of a pipe that its answer comes from */
    int64_t deadline; /* of the monotonic clock, in milliseconds */
};

static int64_t
clock_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* How many milliseconds are left, for poll. */
static int
time_left(const struct irw_helper_child *child)
{
    int64_t left = child->deadline - clock_now();

    return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

/* Makes a pipe of which neither end is one of the standard streams, whose
 * numbers may be free; false where there is none. */
static bool
make_pipe(int ends[static 2])
{
    int made[2];

    if (pipe2(made, O_CLOEXEC) != 0)
        return false;
    for (int i = 0; i < 2; i++)
        ends[i] = fcntl(made[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(made[0]);
    close(made[1]);
    if (ends[0] >= 0 && ends[1] >= 0)
        return true;
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0)
            close(ends[i]);
    return false;
}

/* Makes a pipe that holds a text, which fits into it, and returns the end to
 * read from, or -1. As both ends are ours while it is written, no signal says
 * that nobody reads it. */
static int
make_input(imgrw_str text)
{
    int ends[2];
    ssize_t written;

    if (text.size > PIPE_BUF || !make_pipe(ends))
        return -1;
    written = write(ends[1], text.data, text.size);
    close(ends[1]);
    if (written == (ssize_t)text.size)
        return ends[0];
    close(ends[0]);
    return -1;
}

/* Starts the program with these ends as its streams; returns an error number.
 * It shall die of a closed pipe, and of other signals, as usual. */
static int
spawn(const char *program, int input, int output, pid_t *pid)
{
    char name[NAME_MAX + 1], get[] = "get";
    char *const arguments[] = {name, get, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, closed_pipe;
    int failure;

    strcpy(name, program);
    sigemptyset(&none);
    sigemptyset(&closed_pipe);
    sigaddset(&closed_pipe, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &closed_pipe);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    failure = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    if (failure == 0)
        failure =
            posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (failure == 0)
        failure = posix_spawnp(pid, name, &actions, &attributes, arguments,
                               environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failure;
}

/* Says why the program could not be started. */
static enum imgrw_status
fail_start(const char *name, int failure, struct imgrw_error *error)
{
    if (failure == ENOMEM)
        return irw_fail_memory(error);
    if (failure == ENOENT)
        return irw_fail(error, IMGRW_ERR_IO, IRW_NO_LOCATION,
                        PREFIX "%s is not installed, and a file of "
                               "logins names it",
                        name);
    return irw_fail(error, IMGRW_ERR_IO, IRW_NO_LOCATION,
                    PREFIX "%s cannot be started: %s", name,
                    strerror(failure));
}

/* Starts the program of a name. */
static enum imgrw_status
start(const char *name, imgrw_str server, struct irw_helper_child *child,
      struct imgrw_error *error)
{
    char program[NAME_MAX + 1] = PREFIX;
    int input, output[2], failure;

    if (strlen(name) > NAME_MAX - strlen(PREFIX))
        return fail_start(name, ENAMETOOLONG, error);
    strcat(program, name);
    input = make_input(server);
    if (input < 0)
        return fail_start(name, errno, error);
    if (!make_pipe(output)) {
        failure = errno;
        close(input);
        return fail_start(name, failure, error);
    }
    failure = spawn(program, input, output[1], &child->pid);
    close(input);
    close(output[1]);
    child->output = output[0];
    if (failure == 0)
        return IMGRW_OK;
    close(output[0]);
    return fail_start(name, failure, error);
}

/* Reads a block of what the program writes; false at its end. */
static bool
read_block(const struct irw_helper_child *child, struct irw_bytes *answer)
{
    char block[4096];
    ssize_t size = read(child->output, block, sizeof(block));

    if (size > 0)
        irw_bytes_add(answer, (imgrw_str){block, (size_t)size});
    explicit_bzero(block, sizeof(block));
    return size > 0 || (size < 0 && (errno == EINTR || errno == EAGAIN));
}

/* Reads what the program writes, until it closes its output. */
static enum imgrw_status
read_all(const struct irw_helper_child *child, struct irw_bytes *answer,
         struct imgrw_error *error)
{
    do {
        struct pollfd output = {.fd = child->output, .events = POLLIN};

        if (poll(&output, 1, time_left(child)) == 0)
            return irw_fail(error, IMGRW_ERR_IO, IRW_NO_LOCATION,
                            PREFIX "%s takes too long", child->name);
        if (answer->size > IRW_HELPER_BYTES)
            return irw_fail(error, IMGRW_ERR_LIMIT, IRW_NO_LOCATION,
                            PREFIX "%s answers more than %zu KiB",
                            child->name, IRW_HELPER_BYTES >> 10);
    } while (read_block(child, answer));
    return answer->failed ? irw_fail_memory(error) : IMGRW_OK;
}

/* Waits until the program has ended, and says whether it succeeded. Who lets
 * nobody wait for programs (SIGCHLD is ignored) gets that it did. */
static enum imgrw_status
wait_for(const struct irw_helper_child *child, bool *succeeded,
         struct imgrw_error *error)
{
    int state = 0;
    pid_t ended;

    while ((ended = waitpid(child->pid, &state, WNOHANG)) == 0 ||
           (ended < 0 && errno == EINTR)) {
        if (time_left(child) == 0)
            return irw_fail(error, IMGRW_ERR_IO, IRW_NO_LOCATION,
                            PREFIX "%s does not end", child->name);
        poll(NULL, 0, 2);
    }
    *succeeded = ended < 0 || (WIFEXITED(state) && WEXITSTATUS(state) == 0);
    return IMGRW_OK;
}

static void
kill_child(const struct irw_helper_child *child)
{
    kill(child->pid, SIGKILL);
    while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

enum imgrw_status
irw_credential_helper_get(const char *name, imgrw_str server, int milliseconds,
                          struct irw_login **login, struct imgrw_error *error)
{
    struct irw_helper_child child = {
        .name = name, .deadline = clock_now() + milliseconds};
    struct irw_bytes answer = {0};
    bool succeeded = false;
    enum imgrw_status status = start(name, server, &child, error);

    if (status != IMGRW_OK)
        return status;
    fcntl(child.output, F_SETFL, O_NONBLOCK);
    status = read_all(&child, &answer, error);
    close(child.output);
    if (status == IMGRW_OK)
        status = wait_for(&child, &succeeded, error);
    if (status == IMGRW_OK)
        status = irw_credential_helper_read(
            name, (imgrw_str){answer.data, answer.size}, succeeded, login,
            error);
    else
        kill_child(&child);
    irw_bytes_wipe(&answer);
    return status;
}
