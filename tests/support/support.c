/*
 * What tests share; see support.h.
 */
#include "support.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FAILURES_SHOWN 40 /* of one table */

static void *
allocate(size_t size)
{
    void *memory = malloc(size);

    if (!memory)
        fail_msg("out of memory");
    return memory;
}

/* ---- tables ---------------------------------------------------------- */

void
support_row(struct support_tally *tally, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(tally->row, sizeof(tally->row), format, arguments);
    va_end(arguments);
    tally->rows++;
    tally->row_failed = false;
}

bool
support_check(struct support_tally *tally, bool holds, const char *format, ...)
{
    va_list arguments;

    if (holds)
        return true;
    tally->failed += !tally->row_failed;
    tally->row_failed = true;
    if (tally->failed > FAILURES_SHOWN)
        return false;
    print_error("  row \"%s\": ", tally->row);
    va_start(arguments, format);
    vprint_error(format, arguments);
    va_end(arguments);
    print_error("\n");
    return false;
}

bool
support_check_str(struct support_tally *tally, const char *what, imgrw_str got,
                  imgrw_str expected)
{
    return support_check(tally, support_equal(got, expected),
                         "%s: expected \"%.*s\", got \"%.*s\"", what,
                         (int)expected.size, expected.size ? expected.data : "",
                         (int)got.size, got.size ? got.data : "");
}

void
support_finish(const struct support_tally *tally)
{
    if (tally->failed > 0)
        fail_msg("%zu of %zu rows failed", tally->failed, tally->rows);
    if (tally->rows == 0)
        fail_msg("the table has no rows");
}

imgrw_str
support_str(const char *text)
{
    return (imgrw_str){text, text ? strlen(text) : 0};
}

bool
support_equal(imgrw_str one, imgrw_str other)
{
    return one.size == other.size &&
           (one.size == 0 || memcmp(one.data, other.data, one.size) == 0);
}

/* ---- where things are ------------------------------------------------ */

void
support_skip(const char *why)
{
    fprintf(stderr, "skipped: %s\n", why);
    exit(SUPPORT_SKIPPED);
}

const char *
support_data(void)
{
    const char *folder = getenv("IMGREWRITE_TEST_DATA");

    return folder && folder[0] != '\0' ? folder : NULL;
}

const char *
support_data_or_skip(void)
{
    const char *folder = support_data();

    if (!folder)
        support_skip("IMGREWRITE_TEST_DATA is not set");
    return folder;
}

const char *
support_fixtures(void)
{
    return SUPPORT_FIXTURES;
}

char *
support_path(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = allocate(size);

    snprintf(path, size, "%s/%s", folder, name);
    return path;
}

/* ---- files ----------------------------------------------------------- */

imgrw_str
support_read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t size = 0, capacity = 1 << 16, got;
    char *data = allocate(capacity);

    if (!file)
        fail_msg("%s: %s", path, strerror(errno));
    while ((got = fread(data + size, 1, capacity - size - 1, file)) > 0) {
        size += got;
        if (size + 1 < capacity)
            continue;
        capacity *= 2;
        data = realloc(data, capacity);
        if (!data)
            fail_msg("%s: out of memory", path);
    }
    if (ferror(file))
        fail_msg("%s: cannot be read", path);
    fclose(file);
    data[size] = '\0';
    return (imgrw_str){data, size};
}

void
support_write_file(const char *path, imgrw_str data)
{
    FILE *file = fopen(path, "wb");

    if (!file)
        fail_msg("%s: %s", path, strerror(errno));
    if (data.size > 0 && fwrite(data.data, 1, data.size, file) != data.size)
        fail_msg("%s: cannot be written", path);
    if (fclose(file) != 0)
        fail_msg("%s: %s", path, strerror(errno));
}

char *
support_temp_new(void)
{
    const char *parent = getenv("TMPDIR");
    char *path = support_path(parent && parent[0] != '\0' ? parent : "/tmp",
                              "imgrewrite-XXXXXX");

    if (!mkdtemp(path))
        fail_msg("%s: %s", path, strerror(errno));
    return path;
}

static int
remove_one(const char *path, const struct stat *status, int type,
           struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    return remove(path);
}

void
support_temp_remove(char *path)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
        fail_msg("%s: %s", path, strerror(errno));
    free(path);
}

/* ---- tab-separated columns ------------------------------------------- */

/* Cuts `text`, a line without its line feed, at the tabs. */
static void
split_line(char *text, size_t number, struct support_line *line)
{
    static char nothing[1];
    char *tab = text;

    line->number = number;
    line->count = 0;
    while (tab && line->count < SUPPORT_COLUMNS) {
        line->columns[line->count++] = text;
        tab = strchr(text, '\t');
        if (tab) {
            *tab = '\0';
            text = tab + 1;
        }
    }
    if (tab)
        fail_msg("line %zu has more than %d columns", number, SUPPORT_COLUMNS);
    for (size_t i = line->count; i < SUPPORT_COLUMNS; i++)
        line->columns[i] = nothing;
}

struct support_table
support_table_read(const char *folder, const char *name)
{
    char *path = support_path(folder, name), *next, *end;
    imgrw_str file = support_read_file(path);
    struct support_table table = {.text = (char *)file.data};
    size_t number = 0, most = 1;

    free(path);
    for (size_t i = 0; i < file.size; i++)
        most += table.text[i] == '\n';
    table.lines = allocate(most * sizeof(*table.lines));
    for (char *line = table.text; line; line = next) {
        end = strchr(line, '\n');
        next = end ? end + 1 : NULL;
        if (end)
            *end = '\0';
        number++;
        if (line[0] != '#' && line[0] != '\0')
            split_line(line, number, &table.lines[table.count++]);
    }
    return table;
}

void
support_table_free(struct support_table *table)
{
    free(table->lines);
    free(table->text);
    *table = (struct support_table){0};
}

/* ---- JSON ------------------------------------------------------------ */

/* The four hexadecimal digits at `text`; UINT32_MAX if they are not there. */
static uint32_t
read_unit(const char *text)
{
    uint32_t unit = 0;

    for (int i = 0; i < 4; i++) {
        static const char digits[] = "00112233445566778899aAbBcCdDeEfF";
        const char *digit = text[i] ? strchr(digits, text[i]) : NULL;

        if (!digit)
            return UINT32_MAX;
        unit = unit * 16 + (uint32_t)(digit - digits) / 2;
    }
    return unit;
}

static char *
put_utf8(char *to, uint32_t c)
{
    if (c < 0x80) {
        *to++ = (char)c;
        return to;
    }
    if (c < 0x800) {
        *to++ = (char)(0xC0 | c >> 6);
    } else if (c < 0x10000) {
        *to++ = (char)(0xE0 | c >> 12);
        *to++ = (char)(0x80 | (c >> 6 & 0x3F));
    } else {
        *to++ = (char)(0xF0 | c >> 18);
        *to++ = (char)(0x80 | (c >> 12 & 0x3F));
        *to++ = (char)(0x80 | (c >> 6 & 0x3F));
    }
    *to++ = (char)(0x80 | (c & 0x3F));
    return to;
}

/* Decodes what follows `\u`, a second half of a pair included. */
static bool
decode_unicode(const char **from, char **to)
{
    uint32_t c = read_unit(*from), low;

    if (c == UINT32_MAX)
        return false;
    *from += 4;
    if (c >= 0xD800 && c < 0xE000) {
        if (c >= 0xDC00 || (*from)[0] != '\\' || (*from)[1] != 'u')
            return false;
        low = read_unit(*from + 2);
        if (low < 0xDC00 || low >= 0xE000)
            return false;
        *from += 6;
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    *to = put_utf8(*to, c);
    return true;
}

/* Decodes what follows a backslash. */
static bool
decode_escape(const char **from, char **to)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char c = *(*from)++;
    const char *name = c ? strchr(names, c) : NULL;

    if (c == 'u')
        return decode_unicode(from, to);
    if (!name)
        return false;
    *(*to)++ = values[name - names];
    return true;
}

bool
support_json_string(char **cursor, imgrw_str *value)
{
    const char *from = *cursor;
    char *start = *cursor + 1, *to = start;

    if (*from++ != '"')
        return false;
    while (*from != '"') {
        if ((unsigned char)*from < 0x20)
            return false;
        if (*from != '\\')
            *to++ = *from++;
        else if (from++, !decode_escape(&from, &to))
            return false;
    }
    *cursor += from + 1 - *cursor;
    *to = '\0';
    *value = (imgrw_str){start, (size_t)(to - start)};
    return true;
}

imgrw_str
support_json_column(char *column)
{
    char *cursor = column;
    imgrw_str value = {0};

    if (!support_json_string(&cursor, &value) || *cursor != '\0')
        fail_msg("no JSON string: %s", column);
    return value;
}

/* Passes `word` if it comes next. */
static bool
skip_word(char **cursor, const char *word)
{
    size_t size = strlen(word);

    if (strncmp(*cursor, word, size) != 0)
        return false;
    *cursor += size;
    return true;
}

static bool
read_member(char **cursor, struct support_object *object)
{
    imgrw_str name, value = {0};

    if (object->count == SUPPORT_MEMBERS ||
        !support_json_string(cursor, &name) || !skip_word(cursor, ":"))
        return false;
    if (!skip_word(cursor, "null") && !support_json_string(cursor, &value))
        return false;
    object->members[object->count].name = name.data;
    object->members[object->count].value = value.data;
    object->count++;
    return true;
}

static bool
read_object(char **cursor, struct support_object *object)
{
    *object = (struct support_object){0};
    if (skip_word(cursor, "null")) {
        object->is_null = true;
        return true;
    }
    if (!skip_word(cursor, "{"))
        return false;
    if (skip_word(cursor, "}"))
        return true;
    do {
        if (!read_member(cursor, object))
            return false;
    } while (skip_word(cursor, ","));
    return skip_word(cursor, "}");
}

size_t
support_json_list(char *text, struct support_object *objects, size_t max)
{
    char *cursor = text;
    size_t count = 0;

    if (!skip_word(&cursor, "["))
        return SIZE_MAX;
    if (skip_word(&cursor, "]"))
        return *cursor == '\0' ? 0 : SIZE_MAX;
    do {
        if (count == max || !read_object(&cursor, &objects[count++]))
            return SIZE_MAX;
    } while (skip_word(&cursor, ","));
    return skip_word(&cursor, "]") && *cursor == '\0' ? count : SIZE_MAX;
}

const char *
support_json_get(const struct support_object *object, const char *name)
{
    for (size_t i = 0; i < object->count; i++)
        if (strcmp(object->members[i].name, name) == 0)
            return object->members[i].value;
    return NULL;
}
