/*
 * The file of --report: an old report is replaced by a whole new one, and no
 * file of the run by either.
 */
#include "report_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opens a hidden file beside the report, which takes its name at the end. */
static FILE *
open_beside(struct report_file *report)
{
    const char *path = report->path, *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0, file = -1;
    mode_t mask = umask(0);

    umask(mask);
    if (asprintf(&report->temporary, "%.*s.%s.imgrewrite-XXXXXX", folder, path,
                 path + folder) < 0)
        report->temporary = NULL;
    else
        file = mkostemp(report->temporary, O_CLOEXEC);
    if (file < 0) {
        free(report->temporary);
        report->temporary = NULL;
        return NULL;
    }
    fchmod(file, 0666 & ~mask);
    return fdopen(file, "w");
}

bool
open_report_file(struct report_file *report, const char *path)
{
    struct stat info;

    report->path = path;
    if (strcmp(path, "-") == 0)
        report->file = stdout;
    else if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
        report->file = fopen(path, "w");
    else
        report->file = open_beside(report);
    if (!report->file)
        complain("%s cannot be written: %s", path, strerror(errno));
    return report->file != NULL;
}

/* Passes slashes and components that are ".". */
static const char *
skip_nothing(const char *at)
{
    while (*at == '/' || (*at == '.' && (at[1] == '/' || at[1] == '\0')))
        at++;
    return at;
}

/* Whether both paths are the same but for "." and repeated slashes. */
static bool
same_path(const char *one, const char *other)
{
    if ((*one == '/') != (*other == '/'))
        return false;
    one = skip_nothing(one);
    other = skip_nothing(other);
    while (*one != '\0' && *one == *other) {
        if (*one == '/') {
            one = skip_nothing(one);
            other = skip_nothing(other);
        } else {
            one++;
            other++;
        }
    }
    return *skip_nothing(one) == '\0' && *skip_nothing(other) == '\0';
}

/* Whether `file`, written below `folder`, would get the path of the report. */
static bool
is_output(const struct report_file *report, const struct imgrw_file *file,
          const char *folder)
{
    char *path = NULL;
    bool same;

    if (!folder || asprintf(&path, "%s/%s", folder, file->name) < 0)
        return false;
    same = same_path(path, report->path);
    if (same)
        complain("%s would be written twice", path);
    free(path);
    return same;
}

bool
check_report_file(const struct report_file *report, const struct imgrw_run *run,
                  const char *folder)
{
    const struct imgrw_file *file;
    struct stat old, input;
    bool is_old = report->path && stat(report->path, &old) == 0;

    if (!report->file || report->file == stdout)
        return true;
    for (size_t i = 0; (file = imgrw_run_file(run, i)); i++) {
        if (is_old && stat(file->path, &input) == 0 &&
            input.st_dev == old.st_dev && input.st_ino == old.st_ino) {
            complain("%s is an input and would be overwritten", report->path);
            return false;
        }
        if (is_output(report, file, folder))
            return false;
    }
    return true;
}

bool
close_report_file(struct report_file *report, bool wanted)
{
    bool good = true;

    if (report->file && report->file != stdout) {
        good = finish_output(report->file, report->path);
        fclose(report->file);
    }
    if (report->temporary && wanted && good &&
        rename(report->temporary, report->path) != 0) {
        complain("%s cannot be written: %s", report->path, strerror(errno));
        good = false;
    }
    if (report->temporary)
        unlink(report->temporary);
    free(report->temporary);
    return good;
}
