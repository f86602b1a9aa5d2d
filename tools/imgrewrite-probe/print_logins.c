#include "print_logins.h"
#include "print_answers.h"
#include "print_targets.h"
#include "targets.h"
#include "troubles.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool
check_login_options(const struct probe *probe)
{
    if (probe->output != OUTPUT_REGISTRY_AUTH)
        return true;
    if (!probe->auth && !probe->auth_file)
        complain("-o registry-auth needs logins: --auth-file or --auth");
    else if (fcntl(STDOUT_FILENO, F_GETFD) < 0) /* or a connection is there */
        complain("standard output cannot be written: %s", strerror(errno));
    else if (isatty(STDOUT_FILENO))
        complain("-o registry-auth prints passwords, and standard output is a "
                 "terminal; pipe them to `imgrewrite overlay --registry-auth "
                 "-`, or into a file that only you can read");
    else
        return true;
    return false;
}

/* What is wrong with an image. */
struct fault {
    const char *kind;   /* of message; NULL: nothing is */
    const char *reason; /* a sentence */
};

/* What an image is taken for of which nothing is known. What new places are
 * taken for says whether to go on, and not who may pull. */
static enum probe_unknown
unknown_access(const struct probe *probe)
{
    if (!has_rules(probe))
        return probe->unknown;
    return probe->target_unknown == TARGET_UNKNOWN ? UNKNOWN_ERROR
                                                   : UNKNOWN_PRIVATE;
}

/* Finds what keeps the login of an image from being printed. Where nobody has
 * one for it, it is the user's to know whether the cluster does. */
static struct fault
find_fault(const struct probe *probe, const struct imgrw_answer *answer,
           const struct imgrw_login *login)
{
    if (login && login->identity_token)
        return (struct fault){
            "error", "the login is an identity token, which a kubelet cannot "
                     "use; log in with a user name and a password"};
    if (login || answer->outcome == IMGRW_REGISTRY_PUBLIC)
        return (struct fault){.kind = NULL};
    if (answer->login_failed || answer->login)
        return (struct fault){"error", answer->reason};
    if (imgrw_registry_outcome_is_fact(answer->outcome) ||
        unknown_access(probe) == UNKNOWN_PRIVATE)
        return (struct fault){"warning", answer->reason};
    if (unknown_access(probe) == UNKNOWN_PUBLIC)
        return (struct fault){.kind = NULL};
    return (struct fault){"error", answer->reason};
}

/* What was found out about all images. */
struct findings {
    size_t errors, warnings;
    size_t logins; /* images that have one */
};

static void
tell_fault(const struct probe *probe, const struct imgrw_answer *answer,
           const struct fault *fault, struct findings *findings)
{
    bool is_error = strcmp(fault->kind, "error") == 0;
    bool is_uncopied = has_rules(probe) && is_error &&
                       answer->outcome == IMGRW_REGISTRY_ABSENT;
    size_t *count = is_error ? &findings->errors : &findings->warnings;

    ++*count;
    if ((!is_error && probe->settings.quiet) ||
        (*count > MANY && !probe->settings.verbose))
        return;
    print_head(fault->kind);
    print_plain(stderr, answer->reference);
    fprintf(stderr, ": %s%s\n", fault->reason,
            is_uncopied ? "; copy it there first: -o skopeo-copy says how"
            : is_error  ? ""
                        : "; no login for it is printed");
}

static void
tell_more(const struct probe *probe, const char *kind, size_t count)
{
    if (count <= MANY || probe->settings.verbose ||
        (probe->settings.quiet && strcmp(kind, "warning") == 0))
        return;
    print_head(kind);
    fprintf(stderr, "and so for %zu more; -v says which\n", count - MANY);
}

/* Says which images have no login that can be printed, and why. */
static struct findings
tell_faults(const struct probe *probe)
{
    const struct imgrw_answer *answer;
    struct findings findings = {0};

    for (size_t i = 0; (answer = imgrw_registry_answer(probe->client, i));
         i++) {
        const struct imgrw_login *login =
            imgrw_registry_login(probe->client, i);
        struct fault fault = find_fault(probe, answer, login);

        findings.logins += login != NULL;
        if (fault.kind)
            tell_fault(probe, answer, &fault, &findings);
    }
    tell_more(probe, "error", findings.errors);
    tell_more(probe, "warning", findings.warnings);
    return findings;
}

/* An image, and the login with which it can be pulled. */
struct pulled {
    const struct imgrw_login *login;
    imgrw_str image;
};

/* When a login expires; very late where that is not known. */
static int64_t
end_of(const struct pulled *pulled)
{
    return pulled->login->expires_at > 0 ? pulled->login->expires_at
                                         : INT64_MAX;
}

/* Orders them by registry, what expires soon first, and by image; for qsort. */
static int
by_registry(const void *a, const void *b)
{
    const struct pulled *one = a, *other = b;
    size_t size = one->image.size < other->image.size ? one->image.size
                                                      : other->image.size;
    int order = strcmp(one->login->registry, other->login->registry);

    if (order == 0)
        order = (end_of(one) > end_of(other)) - (end_of(one) < end_of(other));
    if (order == 0)
        order = memcmp(one->image.data, other->image.data, size);
    return order ? order
                 : (one->image.size > other->image.size) -
                       (one->image.size < other->image.size);
}

/* Whether both are of one registry. */
static bool
is_near(const struct pulled *one, const struct pulled *other)
{
    return strcmp(one->login->registry, other->login->registry) == 0;
}

/* Whether both have one login. */
static bool
is_same(const struct pulled *one, const struct pulled *other)
{
    return strcmp(one->login->username, other->login->username) == 0 &&
           strcmp(one->login->password, other->login->password) == 0;
}

/* Adds the login of an image, unless the image before it has the same. */
static bool
add_login(struct imgrw_credentials *credentials, const struct pulled *pulled,
          const struct pulled *before)
{
    const struct imgrw_login *login = pulled->login;
    const struct imgrw_credential credential = {
        .size = sizeof(credential),
        .endpoint = login->registry,
        .username = login->username,
        .password = login->password,
        .expires_at = login->expires_at,
    };
    struct imgrw_error error;

    if (before && !is_near(pulled, before))
        before = NULL;
    if (before && is_same(pulled, before))
        return true;
    if (before)
        complain("%.*s and %.*s are pulled with different logins, and a pull "
                 "secret has one for each registry; ask for them in two runs, "
                 "for two secrets",
                 PRINT(before->image), PRINT(pulled->image));
    else if (imgrw_credentials_add(credentials, &credential, NULL, NULL,
                                   &error) == IMGRW_OK)
        return true;
    else
        complain("the login for %s is none for a pull secret: %s",
                 login->registry, error.message);
    return false;
}

/* Adds the logins of so many images. */
static bool
add_logins(const struct probe *probe, size_t count,
           struct imgrw_credentials *credentials)
{
    struct pulled *list = calloc(count + 1, sizeof(*list));
    const struct imgrw_answer *answer;
    size_t used = 0;
    bool good = list != NULL;

    if (!good)
        complain("out of memory");
    for (size_t i = 0;
         good && (answer = imgrw_registry_answer(probe->client, i)); i++) {
        const struct imgrw_login *login =
            imgrw_registry_login(probe->client, i);

        if (login)
            list[used++] = (struct pulled){login, answer->reference};
    }
    if (used > 0)
        qsort(list, used, sizeof(*list), by_registry);
    for (size_t i = 0; i < used && good; i++)
        good = add_login(credentials, &list[i], i > 0 ? &list[i - 1] : NULL);
    free(list);
    return good;
}

/* Warns where passwords go into a file that others can read. */
static void
warn_of_mode(const struct probe *probe)
{
    struct stat info;

    if (probe->settings.quiet || fstat(STDOUT_FILENO, &info) != 0 ||
        !S_ISREG(info.st_mode) || (info.st_mode & 077) == 0)
        return;
    print_head("warning");
    fputs("other users of this machine can read the file that these logins "
          "are written to; have chmod 600 end that\n", stderr);
}

/* Writes past the buffer of stdio, in which a copy would stay. */
static bool
write_text(imgrw_str text)
{
    ssize_t size = 0;

    while (text.size > 0 && (size >= 0 || errno == EINTR)) {
        size = write(STDOUT_FILENO, text.data, text.size);
        if (size <= 0)
            continue;
        text.data += size;
        text.size -= (size_t)size;
    }
    if (text.size > 0)
        complain("standard output cannot be written: %s", strerror(errno));
    return text.size == 0;
}

/* Writes the logins of so many images. */
static bool
write_logins(const struct probe *probe, size_t count)
{
    struct imgrw_credentials *credentials = NULL;
    struct imgrw_error error;
    imgrw_str text;
    bool good =
        went_well(imgrw_credentials_new(&credentials, &error), &error) &&
        add_logins(probe, count, credentials) &&
        went_well(imgrw_credentials_text(credentials, &text, &error), &error);

    if (good) {
        warn_of_mode(probe);
        good = write_text(text);
    }
    imgrw_credentials_free(credentials);
    return good;
}

/* Whether there may be images that need a login, and none is known for any. */
static bool
may_lack_logins(const struct probe *probe, const struct findings *findings)
{
    size_t not_asked_for = probe->left_out + count_missing(&probe->copies);

    return findings->logins == 0 &&
           (findings->warnings > 0 ||
            (not_asked_for > 0 && unknown_access(probe) != UNKNOWN_PUBLIC));
}

int
print_logins(const struct probe *probe)
{
    struct findings findings = tell_faults(probe);
    int status = has_rules(probe) ? judge_targets(probe) : judge_answers(probe);

    if (status != EXIT_DONE || findings.errors > 0) {
        complain("no login is printed: the list would not be whole");
        return EXIT_TROUBLE;
    }
    if (may_lack_logins(probe, &findings)) {
        complain("there is no login to print");
        return EXIT_TROUBLE;
    }
    if (findings.logins == 0 && !probe->settings.quiet)
        fputs("imgrewrite: no image needs a login; the list is empty\n",
              stderr);
    return write_logins(probe, findings.logins) ? EXIT_DONE : EXIT_TROUBLE;
}
