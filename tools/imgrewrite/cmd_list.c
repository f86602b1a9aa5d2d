/*
 * imgrewrite list: which images manifests have.
 */
#include "troubles.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS = 5 };

/* A line of the list, as strings that are malloc'ed. */
struct row {
    char *cells[COLUMNS];
};

struct list {
    const struct settings *settings;
    struct troubles troubles;
    struct imgrw_list_report *report; /* for JSON */
    struct row *rows;            /* for text, and for unique references */
    size_t count, capacity;
    size_t images, holders, odd, filled_in; /* counted on the way */
    size_t offs[IMGRW_CLASS_COUNT];
    bool failed;
    int result; /* the status where all goes well */
};

static void
fail(struct list *list, const struct imgrw_error *error)
{
    list->failed |= !went_well(error->status, error);
}

/* Makes room for a row of empty cells; NULL when memory is out. */
static struct row *
add_row(struct list *list)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity > 0 ? list->capacity * 2 : 64;
        void *rows = realloc(list->rows, capacity * sizeof(*list->rows));

        if (!rows)
            return NULL;
        list->rows = rows;
        list->capacity = capacity;
    }
    list->rows[list->count] = (struct row){{NULL}};
    return &list->rows[list->count++];
}

/* "Deployment/web", or what is known of it. */
static int
format_resource(char **cell, const struct imgrw_image *image)
{
    return asprintf(cell, "%.*s/%.*s", PRINT(image->kind), PRINT(image->name));
}

static bool
keep_image(struct list *list, const struct imgrw_image *image)
{
    struct row *row = add_row(list);

    return row && asprintf(&row->cells[0], "%.*s", PRINT(image->text)) >= 0 &&
           (list->settings->unique ||
            (asprintf(&row->cells[1], "%s:%u:%u", image->at.path,
                      (unsigned)image->at.line,
                      (unsigned)image->at.column) >= 0 &&
             format_resource(&row->cells[2], image) >= 0 &&
             asprintf(&row->cells[3], "%.*s", PRINT(image->field)) >= 0 &&
             asprintf(&row->cells[4], "%s",
                      imgrw_class_name(image->image_class)) >= 0));
}

static void
print_field(imgrw_str text, char end)
{
    print_plain(stdout, text);
    putchar(end);
}

static void
print_tsv(const struct imgrw_image *image)
{
    if (has_failed(stdout))
        return;
    print_field(image->text, '\t');
    print_field(as_str(image->at.path), '\t');
    printf("%u\t%u\t", (unsigned)image->at.line, (unsigned)image->at.column);
    print_field(image->kind, '\t');
    print_field(image->name, '\t');
    print_field(image->field, '\t');
    print_field(as_str(imgrw_class_name(image->image_class)), '\n');
}

/* Prints the line of an image, or keeps what it says for the columns. */
static void
print_or_keep(struct list *list, const struct imgrw_image *image)
{
    static const struct imgrw_error memory = {
        .status = IMGRW_ERR_MEMORY,
        .message = "out of memory",
    };

    if (list->settings->format == FORMAT_TSV && !list->settings->unique)
        print_tsv(image);
    else if (!list->report && !list->failed && !keep_image(list, image))
        fail(list, &memory);
}

static void
list_image(struct list *list, const struct imgrw_image *image)
{
    if (image->is_override_name)
        return; /* it is another image's name, not one to pull */
    list->images++;
    list->filled_in += image->reason == IMGRW_REASON_FILLED_IN;
    if (!imgrw_reason_names_image(image->reason))
        list->odd++;
    else
        print_or_keep(list, image);
}

static void
list_possible(struct list *list, const struct imgrw_manifest *manifest)
{
    const struct imgrw_image *image;
    struct imgrw_error error;

    for (size_t i = 0; (image = imgrw_manifest_possible(manifest, i)); i++)
        print_or_keep(list, image);
    if (list->report && !list->failed &&
        imgrw_list_report_add_possible(list->report, manifest, &error) !=
            IMGRW_OK)
        fail(list, &error);
}

static void
list_file(struct list *list, const struct imgrw_file *file)
{
    struct imgrw_error error;
    size_t count = file->manifest ? imgrw_manifest_count(file->manifest) : 0;

    tell_troubles(&list->troubles, file);
    if (!file->manifest)
        return;
    list->holders += count > 0;
    for (int i = 0; i < IMGRW_CLASS_COUNT; i++)
        list->offs[i] += imgrw_manifest_unselected_count(file->manifest,
                                                         (enum imgrw_class)i);
    for (size_t i = 0; i < count; i++)
        list_image(list, imgrw_manifest_image(file->manifest, i));
    if (list->report && !list->failed &&
        imgrw_list_report_add(list->report, file->manifest, &error) != IMGRW_OK)
        fail(list, &error);
    if (list->settings->possible)
        list_possible(list, file->manifest);
}

/* How many columns a text takes: one a character. */
static size_t
count_columns(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

/* The text after its first `columns` characters. */
static const char *
skip_columns(const char *text, size_t columns)
{
    while (*text != '\0' &&
           (columns > 0 || ((unsigned char)*text & 0xC0) == 0x80)) {
        columns -= ((unsigned char)*text & 0xC0) != 0x80;
        text++;
    }
    return text;
}

/* Prints a cell, in `width` columns or, where it is the last one of its row, in
 * as many at most. What is longer loses some of its middle. */
static void
print_cell(const char *cell, size_t width, bool last)
{
    size_t columns = count_columns(cell), head;
    const char *tail;

    if (columns > width) {
        head = (width - 1) / 3;
        tail = skip_columns(cell, columns - (width - 1 - head));
        print_plain(
            stdout,
            (imgrw_str){cell, (size_t)(skip_columns(cell, head) - cell)});
        fputs("\u2026", stdout);
        print_plain(stdout, as_str(tail));
    } else {
        print_plain(stdout, as_str(cell));
    }
    for (size_t i = columns < width ? columns : width; i < width + 2 && !last;
         i++)
        putchar(' ');
    if (last)
        putchar('\n');
}

/* Makes the columns narrower until a row has `most` columns at most: what tells
 * least goes first, and the reference last. */
static void
fit_widths(size_t widths[COLUMNS], size_t most)
{
    static const struct {
        int column;
        size_t least;
    } steps[] = {
        {3, 12},
        {2, 12},
        {1, 18},
        {0, 20},
        {3, 2 },
        {2, 2 },
        {1, 2 },
        {4, 2 },
        {0, 2 }
    };
    size_t sum = 2 * (COLUMNS - 1);

    for (int i = 0; i < COLUMNS; i++)
        sum += widths[i];
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        size_t *width = &widths[steps[i].column];
        size_t spare = *width > steps[i].least ? *width - steps[i].least : 0;
        size_t cut = sum > most ? sum - most : 0;

        cut = cut < spare ? cut : spare;
        *width -= cut;
        sum -= cut;
    }
}

/* Prints the rows in columns. A terminal gets no row that is wider than it is;
 * what is read by programs is never cut. */
static void
print_rows(const struct list *list)
{
    size_t widths[COLUMNS] = {0};
    struct winsize window;

    for (size_t i = 0; i < list->count; i++)
        for (int k = 0; k < COLUMNS; k++) {
            size_t columns = count_columns(list->rows[i].cells[k]);

            widths[k] = columns > widths[k] ? columns : widths[k];
        }
    if (isatty(STDOUT_FILENO) &&
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0)
        fit_widths(widths, window.ws_col);
    for (size_t i = 0; i < list->count && !has_failed(stdout); i++)
        for (int k = 0; k < COLUMNS; k++)
            print_cell(list->rows[i].cells[k], widths[k], k == COLUMNS - 1);
}

static int
by_reference(const void *one, const void *other)
{
    return strcmp(((const struct row *)one)->cells[0],
                  ((const struct row *)other)->cells[0]);
}

/* A reference that is not the one before it, as a line or as JSON. */
static void
print_reference(struct list *list, const char *reference, bool first)
{
    struct imgrw_error error;

    if (list->settings->format != FORMAT_JSON) {
        puts(reference);
        return;
    }
    fputs(first ? "\n " : ",\n ", stdout);
    if (imgrw_json_write_string(as_str(reference), write_to_file, stdout,
                                &error) != IMGRW_OK)
        fail(list, &error);
}

static void
print_unique(struct list *list)
{
    bool json = list->settings->format == FORMAT_JSON;

    if (list->count > 0)
        qsort(list->rows, list->count, sizeof(*list->rows), by_reference);
    if (json)
        putchar('[');
    for (size_t i = 0; i < list->count && !has_failed(stdout); i++)
        if (i == 0 || by_reference(&list->rows[i - 1], &list->rows[i]) != 0)
            print_reference(list, list->rows[i].cells[0], i == 0);
    if (json)
        puts("]");
}

static void
print_list(struct list *list)
{
    struct imgrw_error error;

    if (list->report && !list->failed &&
        imgrw_list_report_finish(list->report, &error) != IMGRW_OK)
        fail(list, &error);
    if (list->failed)
        return;
    if (list->settings->unique)
        print_unique(list);
    else
        print_rows(list);
}

static void
free_list(struct list *list)
{
    for (size_t i = 0; i < list->count; i++)
        for (int k = 0; k < COLUMNS; k++)
            free(list->rows[i].cells[k]);
    free(list->rows);
    imgrw_list_report_free(list->report);
}

static void
print_summary(const struct list *list, const struct imgrw_run_summary *summary)
{
    size_t images = list->images - list->odd;

    fflush(stdout);
    if (list->settings->quiet)
        return;
    fprintf(stderr, "imgrewrite: %zu image%s in %zu of %zu file%s", images,
            images == 1 ? "" : "s", list->holders, summary->files,
            summary->files == 1 ? "" : "s");
    if (list->filled_in > 0)
        fprintf(stderr, ", %zu of them filled in later", list->filled_in);
    if (list->odd > 0)
        fprintf(stderr, ", %zu place%s without a reference", list->odd,
                list->odd == 1 ? "" : "s");
    if (summary->possible > 0)
        fprintf(stderr, ", %zu possible", summary->possible);
    if (summary->errors > 0)
        fprintf(stderr, ", %zu failed", summary->errors);
    fputc('\n', stderr);
}

/* Lists the images of all files. */
static bool
list_files(struct list *list)
{
    const struct settings *settings = list->settings;
    struct imgrw_run *run = NULL;
    const struct imgrw_file *file;
    struct imgrw_error error;
    enum imgrw_status status = plan_run(settings, NULL, &run, &error);
    bool told = status == IMGRW_OK || error.at.path;

    if (told)
        count_troubles(&list->troubles, settings, run);
    else
        print_error(&error);
    for (size_t i = 0; told && (file = imgrw_run_file(run, i)); i++)
        list_file(list, file);
    print_list(list);
    if (told) {
        tell_crowds(&list->troubles);
        tell_unused_fields(&list->troubles);
        print_hint(settings, list->offs);
        print_possible(settings, run);
        print_unread(settings, run);
        list->result = judge_possible(settings, run);
        print_summary(list, imgrw_run_summary(run));
    }
    imgrw_run_free(run);
    return status == IMGRW_OK && !list->failed;
}

int
run_list(struct settings *settings)
{
    struct list list = {.settings = settings};
    struct imgrw_error error;
    bool done = false;

    if (settings->argument_count == 0) {
        complain("list needs a PATH, or - for standard input");
        return EXIT_TROUBLE;
    }
    if (settings->format >= FORMAT_MAPPING)
        return run_copies(settings);
    if (settings->rule_count > 0 || settings->rules_files) {
        complain("list heeds rules only to say what to copy where: with "
                 "-o mapping, skopeo-copy, crane-copy or regsync");
        return EXIT_TROUBLE;
    }
    watch_runs(settings);
    if (settings->format == FORMAT_JSON && !settings->unique &&
        imgrw_list_report_new(write_to_file, stdout, &list.report, &error) !=
            IMGRW_OK)
        fail(&list, &error);
    else
        done = list_files(&list);
    free_list(&list);
    return done ? list.result : EXIT_TROUBLE;
}
