#include "registry/logins.h"
#include "base/str.h"
#include "registry/bytes.h"
#include "registry/credential_helper.h"
#include "registry/docker_config.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES 6 /* at most, a text among them */

/* A file that may have logins. */
struct irw_logins_file {
    char *path;
    struct irw_login_file *file; /* NULL: it is not there, or makes no sense */
    struct imgrw_error error;    /* the status says whether it does */
};

/* What a program was asked, and what it said. */
struct irw_logins_asked {
    char *helper, *server;
    struct irw_login *login; /* NULL: there is none, or the error says why */
    struct imgrw_error error;
    struct irw_logins_asked *next;
};

struct irw_logins {
    struct irw_logins_options options;
    struct irw_logins_file files[FILES];
    size_t count;
    struct irw_logins_asked *asked;
};

/* Reads an open file to its end. */
static enum imgrw_status
read_all(int file, struct irw_bytes *text, struct imgrw_error *error)
{
    char block[4096];
    ssize_t size;

    do {
        size = read(file, block, sizeof(block));
        if (size > 0)
            irw_bytes_add(text, (imgrw_str){block, (size_t)size});
        if (text->size > IRW_LOGINS_FILE_BYTES)
            break;
    } while (size > 0 || (size < 0 && errno == EINTR));
    explicit_bzero(block, sizeof(block));
    if (text->failed)
        return irw_fail_memory(error);
    if (size < 0)
        return irw_fail(error, IMGRW_ERR_IO, IRW_NO_LOCATION,
                        "cannot be read: %s",
                        strerror(errno));
    if (text->size > IRW_LOGINS_FILE_BYTES)
        return irw_fail(error, IMGRW_ERR_LIMIT, IRW_NO_LOCATION,
                        "larger than the limit of %zu bytes",
                        IRW_LOGINS_FILE_BYTES);
    return IMGRW_OK;
}

/* Reads the file of a path. `is_open` is set if others can read it as well, and
 * `is_absent` if it is not there. */
static enum imgrw_status
read_path(const char *path, struct irw_bytes *text, bool *is_open,
          bool *is_absent, struct imgrw_error *error)
{
    bool is_standard = strcmp(path, "-") == 0;
    int file = is_standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    enum imgrw_status status;

    *is_open = false;
    *is_absent = file < 0 && (errno == ENOENT || errno == ENOTDIR);
    if (file < 0)
        return irw_fail(error, IMGRW_ERR_IO, IRW_NO_LOCATION,
                        "cannot be read: %s",
                        strerror(errno));
    if (fstat(file, &info) == 0 && S_ISREG(info.st_mode))
        *is_open = (info.st_mode & (S_IRGRP | S_IROTH)) != 0;
    status = read_all(file, text, error);
    if (!is_standard)
        close(file);
    return status;
}

/* Warns if others can read what is to be a secret. */
static void
warn_if_open(const struct irw_logins *logins,
             const struct irw_logins_file *file, bool is_open)
{
    const struct imgrw_location at = {.path = file->path};

    if (is_open && logins->options.warn &&
        irw_login_file_has_logins(file->file))
        logins->options.warn(&at,
                             "other users of this machine can read these "
                             "logins; have chmod 600 end that",
                             logins->options.user);
}

/* Reads a file whose path is known, and keeps what is wrong with it; that it is
 * not there is so only if it is alone. */
static void
read_file(struct irw_logins *logins, enum irw_config_format format,
          struct irw_logins_file *file)
{
    const struct irw_config_source source = {
        file->path, format, logins->options.warn, logins->options.user};
    struct irw_bytes text = {0};
    bool is_open, is_absent;
    enum imgrw_status status =
        read_path(file->path, &text, &is_open, &is_absent, &file->error);

    if (status == IMGRW_OK)
        status = irw_docker_config_read((imgrw_str){text.data, text.size},
                                        &source, &file->file, &file->error);
    irw_bytes_wipe(&text);
    if (status == IMGRW_OK) {
        file->error.status = IMGRW_OK;
        warn_if_open(logins, file, is_open);
    } else if (!file->error.at.path) {
        file->error.at.path = file->path;
    }
    if (is_absent && format != IRW_CONFIG_ANY)
        file->error.status = IMGRW_OK;
}

static bool
is_set(const char *variable)
{
    return variable && variable[0] != '\0';
}

/* Adds the file whose path these two parts make, if the first one is known. */
static enum imgrw_status
add(struct irw_logins *logins, const char *folder, const char *name,
    enum irw_config_format format, struct imgrw_error *error)
{
    struct irw_logins_file *file = &logins->files[logins->count];
    struct irw_bytes path = {0};

    if (!is_set(folder))
        return IMGRW_OK;
    irw_bytes_add_text(&path, folder);
    irw_bytes_add_text(&path, name);
    if (path.failed) {
        irw_bytes_clear(&path);
        return irw_fail_memory(error);
    }
    file->path = path.data;
    logins->count++;
    read_file(logins, format, file);
    return file->error.status == IMGRW_ERR_MEMORY
               ? irw_fail_memory(error)
               : IMGRW_OK;
}

/* Adds the text that a variable of the environment has in place of a file. */
static enum imgrw_status
add_text(struct irw_logins *logins, struct imgrw_error *error)
{
    const char *text = logins->options.docker_auth_config;
    struct irw_logins_file *file = &logins->files[logins->count];
    struct irw_config_source source = {
        .format = IRW_CONFIG_DOCKER,
        .warn = logins->options.warn,
        .user = logins->options.user,
    };
    enum imgrw_status status;

    if (!is_set(text))
        return IMGRW_OK;
    file->path = irw_bytes_copy(IMGRW_STR("DOCKER_AUTH_CONFIG"));
    if (!file->path)
        return irw_fail_memory(error);
    logins->count++;
    source.path = file->path;
    status = irw_docker_config_read(imgrw_str_from(text), &source, &file->file,
                                    &file->error);
    if (status == IMGRW_OK)
        file->error.status = IMGRW_OK;
    else if (!file->error.at.path)
        file->error.at.path = file->path;
    return status == IMGRW_ERR_MEMORY ? irw_fail_memory(error) : IMGRW_OK;
}

/* Adds the files that Podman and Docker look into, in their order. */
static enum imgrw_status
add_all(struct irw_logins *logins, struct imgrw_error *error)
{
    const struct irw_logins_options *options = &logins->options;
    char run[64];
    enum imgrw_status status = add_text(logins, error);

    snprintf(run, sizeof(run), "/run/containers/%u", options->user_id);
    if (status == IMGRW_OK && is_set(options->xdg_runtime_dir))
        status = add(logins, options->xdg_runtime_dir, "/containers/auth.json",
                     IRW_CONFIG_CONTAINERS, error);
    else if (status == IMGRW_OK)
        status = add(logins, run, "/auth.json", IRW_CONFIG_CONTAINERS, error);
    if (status == IMGRW_OK && is_set(options->xdg_config_home))
        status = add(logins, options->xdg_config_home, "/containers/auth.json",
                     IRW_CONFIG_CONTAINERS, error);
    else if (status == IMGRW_OK)
        status = add(logins, options->home, "/.config/containers/auth.json",
                     IRW_CONFIG_CONTAINERS, error);
    if (status == IMGRW_OK && is_set(options->docker_config))
        status = add(logins, options->docker_config, "/config.json",
                     IRW_CONFIG_DOCKER, error);
    else if (status == IMGRW_OK)
        status = add(logins, options->home, "/.docker/config.json",
                     IRW_CONFIG_DOCKER, error);
    if (status == IMGRW_OK)
        status = add(logins, options->home, "/.dockercfg",
                     IRW_CONFIG_DOCKERCFG, error);
    return status;
}

/* Adds the one file that the user has named. */
static enum imgrw_status
add_alone(struct irw_logins *logins, struct imgrw_error *error)
{
    const char *path = logins->options.file;
    enum imgrw_status status = add(logins, path, "", IRW_CONFIG_ANY, error);

    if (status != IMGRW_OK)
        return status;
    if (logins->count == 0)
        return irw_fail(error, IMGRW_ERR_IO, IRW_NO_LOCATION,
                        "the name of a file of logins is empty");
    status = logins->files[0].error.status;
    if (status != IMGRW_OK && error) {
        *error = logins->files[0].error;
        error->at.path = path;
    }
    return status;
}

enum imgrw_status
irw_logins_new(const struct irw_logins_options *options,
               struct irw_logins **logins, struct imgrw_error *error)
{
    struct irw_logins *made = calloc(1, sizeof(*made));
    enum imgrw_status status;

    if (!made)
        return irw_fail_memory(error);
    made->options = *options;
    if (made->options.milliseconds == 0)
        made->options.milliseconds = IRW_HELPER_MILLISECONDS;
    status = options->file ? add_alone(made, error) : add_all(made, error);
    if (status == IMGRW_OK)
        *logins = made;
    else
        irw_logins_free(made);
    return status;
}

static void
free_asked(struct irw_logins_asked *asked)
{
    free(asked->helper);
    free(asked->server);
    irw_login_free(asked->login);
    free(asked);
}

void
irw_logins_free(struct irw_logins *logins)
{
    if (!logins)
        return;
    for (size_t i = 0; i < logins->count; i++) {
        free(logins->files[i].path);
        irw_login_file_free(logins->files[i].file);
    }
    while (logins->asked) {
        struct irw_logins_asked *asked = logins->asked;

        logins->asked = asked->next;
        free_asked(asked);
    }
    free(logins);
}

/* What was asked before; NULL if it was not. */
static struct irw_logins_asked *
find_asked(const struct irw_logins *logins,
           const struct irw_login_answer *answer)
{
    struct irw_logins_asked *asked = logins->asked;

    while (asked &&
           (strcmp(asked->helper, answer->helper) != 0 ||
            !irw_equal(imgrw_str_from(asked->server), answer->server)))
        asked = asked->next;
    return asked;
}

/* Asks a program, and keeps what it says. */
static struct irw_logins_asked *
ask(struct irw_logins *logins, const struct irw_login_answer *answer,
    const char *path)
{
    struct irw_logins_asked *asked = calloc(1, sizeof(*asked));

    if (!asked)
        return NULL;
    asked->helper = irw_bytes_copy(imgrw_str_from(answer->helper));
    asked->server = irw_bytes_copy(answer->server);
    if (!asked->helper || !asked->server ||
        irw_credential_helper_get(answer->helper, answer->server,
                                  logins->options.milliseconds, &asked->login,
                                  &asked->error) == IMGRW_ERR_MEMORY) {
        free_asked(asked);
        return NULL;
    }
    asked->error.at.path = path;
    asked->next = logins->asked;
    logins->asked = asked;
    return asked;
}

/* Gets what the program of an answer says of the login. */
static enum imgrw_status
get_asked(struct irw_logins *logins, const struct irw_login_answer *answer,
          const char *path, const struct irw_login **login,
          struct imgrw_error *error)
{
    struct irw_logins_asked *asked = find_asked(logins, answer);

    if (!asked)
        asked = ask(logins, answer, path);
    if (!asked)
        return irw_fail_memory(error);
    if (asked->error.status != IMGRW_OK && error)
        *error = asked->error;
    *login = asked->login;
    return asked->error.status;
}

enum imgrw_status
irw_logins_find(struct irw_logins *logins, imgrw_str host, imgrw_str repository,
                const struct irw_login **login, struct imgrw_error *error)
{
    const struct irw_login_place place = {host, repository};
    enum imgrw_status status = IMGRW_OK;

    *login = NULL;
    for (size_t i = 0; i < logins->count && !*login && status == IMGRW_OK;
         i++) {
        const struct irw_logins_file *file = &logins->files[i];
        struct irw_login_answer answer;

        if (file->error.status != IMGRW_OK && error)
            *error = file->error;
        status = file->error.status;
        if (!file->file)
            continue;
        status = irw_login_file_find(file->file, &place, &answer, error);
        if (status != IMGRW_OK)
            break;
        *login = answer.login;
        if (answer.helper)
            status = get_asked(logins, &answer, file->path, login, error);
    }
    return status;
}
