/*
 * Manifests and plans made of fixtures; see fixture.h.
 */
#include "fixture.h"
#include "rules_text.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RULES_OF_FILE 32

char *
fixture_folder(const char *name)
{
    char *folder = support_path(support_fixtures(), name);
    char *path = support_path(folder, "");

    free(folder);
    return path;
}

/* FOLDER NAME SUFFIX as one string. */
static char *
join(const char *folder, const char *name, const char *suffix)
{
    size_t size = strlen(folder) + strlen(name) + strlen(suffix) + 1;
    char *path = malloc(size);

    assert_non_null(path);
    snprintf(path, size, "%s%s%s", folder, name, suffix);
    return path;
}

imgrw_str
fixture_read(const char *folder, const char *name, const char *suffix)
{
    char *path = join(folder, name, suffix);
    imgrw_str bytes = support_read_file(path);

    free(path);
    return bytes;
}

/* The lines of FOLDER NAME.rules or, where that is not there, of FOLDER
 * default.rules; they end with NULL and borrow from the result. */
static char *
read_lines(const char *folder, const char *name,
           char *lines[RULES_OF_FILE + 1])
{
    char *path = join(folder, name, ".rules"), *place = NULL;
    const char *own = access(path, R_OK) == 0 ? name : "default";
    imgrw_str bytes = fixture_read(folder, own, ".rules");
    size_t count = 0;

    for (char *line = strtok_r((char *)bytes.data, "\n", &place); line;
         line = strtok_r(NULL, "\n", &place)) {
        assert_true(count < RULES_OF_FILE);
        lines[count++] = line;
    }
    lines[count] = NULL;
    free(path);
    return (char *)bytes.data;
}

/* What stands after `word` in a line that begins with it, else NULL. */
static char *
after(char *line, const char *word)
{
    size_t size = strlen(word);

    return strncmp(line, word, size) == 0 ? line + size : NULL;
}

struct imgrw_rules *
fixture_rules(struct support_tally *tally, const char *folder, const char *name)
{
    char *lines[RULES_OF_FILE + 1];
    const char *rule_lines[RULES_OF_FILE + 1] = {0};
    char *text = read_lines(folder, name, lines);
    struct imgrw_rules *rules;
    size_t count = 0;

    for (size_t i = 0; lines[i]; i++)
        if (!after(lines[i], "find ") && !after(lines[i], "field "))
            rule_lines[count++] = lines[i];
    rules = rules_text_new(tally, rule_lines);
    free(text);
    return rules;
}

/* The set that a word stands for. */
static unsigned
find_word(const char *word)
{
    if (strcmp(word, "all") == 0)
        return IMGRW_FIND_ALL;
    if (strcmp(word, "default") == 0)
        return IMGRW_FIND_DEFAULT;
    for (int i = 0; i < IMGRW_CLASS_COUNT; i++)
        if (strcmp(word, imgrw_class_name((enum imgrw_class)i)) == 0)
            return IMGRW_FIND(i);
    fail_msg("no class: %s", word);
    return 0;
}

/* Cuts `text` at the first `end`; the rest begins at `*rest`. NULL where a part
 * is any. */
static const char *
cut(char *text, char end, char **rest)
{
    char *found = strchr(text, end);

    assert_non_null(found);
    *found = '\0';
    *rest = found + 1;
    return *text == '\0' || strcmp(text, "*") == 0 ? NULL : text;
}

static void
add_field(struct fixture_find *find, char *text)
{
    struct imgrw_fieldspec *field = &find->fields[find->options.field_count];

    assert_true(find->options.field_count < FIXTURE_FIELDS);
    if (*text != ':') {
        field->group = cut(text, '/', &text);
        field->kind = cut(text, ':', &text);
        field->path = text;
    } else {
        field->path = text + 1;
    }
    find->options.field_count++;
}

void
fixture_find_read(struct fixture_find *find, const char *folder,
                  const char *name)
{
    char *lines[RULES_OF_FILE + 1], *place = NULL, *rest;

    *find = (struct fixture_find){
        .options = {.size = sizeof(find->options), .fields = find->fields},
        .text = read_lines(folder, name, lines),
    };
    for (size_t i = 0; lines[i]; i++) {
        if ((rest = after(lines[i], "field ")))
            add_field(find, rest);
        if (!(rest = after(lines[i], "find ")))
            continue;
        for (char *word = strtok_r(rest, ",", &place); word;
             word = strtok_r(NULL, ",", &place))
            find->options.find |= find_word(word);
    }
    if (find->options.find == 0)
        find->options.find = IMGRW_FIND_ALL;
}

void
fixture_find_free(struct fixture_find *find)
{
    free(find->text);
    *find = (struct fixture_find){0};
}

void
fixture_check_message(struct support_tally *tally,
                      const struct support_line *row, size_t first,
                      const char *message)
{
    for (size_t i = first; i < row->count; i++)
        support_check(tally, strstr(message, row->columns[i]),
                      "\"%s\" does not hold \"%s\"", message, row->columns[i]);
}

size_t
fixture_number(const struct support_line *row, size_t column)
{
    char *end;
    size_t number = strtoul(row->columns[column], &end, 10);

    if (end == row->columns[column] || *end != '\0')
        fail_msg("line %zu: no number: %s", row->number, row->columns[column]);
    return number;
}

/* nftw() takes no user pointer. */
static const char *counted_suffix;
static size_t counted;
static char **names; /* of those counted, unless it is NULL */
static size_t names_skip;

static int
count_file(const char *path, const struct stat *file, int type, struct FTW *ftw)
{
    size_t size = strlen(path), suffix = strlen(counted_suffix);

    (void)file;
    (void)ftw;
    if (type != FTW_F || size < suffix ||
        strcmp(path + size - suffix, counted_suffix) != 0)
        return 0;
    if (names) {
        names[counted] = strndup(path + names_skip, size - suffix - names_skip);
        assert_non_null(names[counted]);
    }
    counted++;
    return 0;
}

size_t
fixture_count(const char *folder, const char *suffix)
{
    counted_suffix = suffix;
    counted = 0;
    assert_int_equal(nftw(folder, count_file, 8, FTW_PHYS), 0);
    return counted;
}

static int
compare_names(const void *one, const void *other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

char **
fixture_names(const char *folder, const char *suffix)
{
    size_t count = fixture_count(folder, suffix);
    char **result = calloc(count + 1, sizeof(*result));

    assert_non_null(result);
    names = result;
    names_skip = strlen(folder);
    assert_int_equal(fixture_count(folder, suffix), count);
    names = NULL;
    qsort(result, count, sizeof(*result), compare_names);
    return result;
}

void
fixture_names_free(char **list)
{
    for (size_t i = 0; list[i]; i++)
        free(list[i]);
    free(list);
}

struct imgrw_location
fixture_locate(imgrw_str text, size_t offset)
{
    struct imgrw_location at = {.offset = offset, .line = 1, .column = 1};
    bool bom = text.size >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0;

    for (size_t i = bom ? 3 : 0; i < offset && i < text.size; i++) {
        if (text.data[i] == '\n') {
            at.line++;
            at.column = 1;
        } else if (((unsigned char)text.data[i] & 0xC0) != 0x80) {
            at.column++;
        }
    }
    return at;
}

static enum imgrw_status
parse(struct fixture_run *run, imgrw_str text)
{
    run->error = (struct imgrw_error){.message = "success"};
    return imgrw_manifest_parse(text, run->name, &run->find.options,
                                &run->manifest, &run->error);
}

static enum imgrw_status
plan(struct fixture_run *run)
{
    const struct imgrw_plan_options options = {
        .size = sizeof(options),
        .proof = IMGRW_PROOF_FULL,
        .pull_secret = run->secret,
    };

    return imgrw_plan_new(run->manifest, run->rules, &options, &run->plan,
                          &run->error);
}

enum imgrw_status
fixture_run_try(struct fixture_run *run, imgrw_str text)
{
    enum imgrw_status status = parse(run, text);

    return status == IMGRW_OK ? plan(run) : status;
}

static bool
check_status(const struct fixture_run *run, enum imgrw_status status,
             const char *step)
{
    return support_check(run->tally, status == IMGRW_OK, "%s: %u:%u: %s", step,
                         run->error.at.line, run->error.at.column,
                         run->error.message);
}

bool
fixture_run_parse(struct fixture_run *run, imgrw_str text)
{
    return check_status(run, parse(run, text), "parse");
}

bool
fixture_run_plan(struct fixture_run *run)
{
    return check_status(run, plan(run), "plan");
}

void
fixture_run_reset(struct fixture_run *run)
{
    imgrw_plan_free(run->plan);
    imgrw_manifest_free(run->manifest);
    run->plan = NULL;
    run->manifest = NULL;
}

const struct imgrw_image *
fixture_next_reference(const struct imgrw_manifest *manifest, size_t *index)
{
    const struct imgrw_image *image;

    while ((image = imgrw_manifest_image(manifest, (*index)++)))
        if (imgrw_reason_names_image(image->reason))
            return image;
    return NULL;
}
