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

struct imgrw_rules *
fixture_rules(struct support_tally *tally, const char *folder, const char *name)
{
    char *path = join(folder, name, ".rules"), *place = NULL;
    const char *own = access(path, R_OK) == 0 ? name : "default";
    imgrw_str bytes = fixture_read(folder, own, ".rules");
    const char *lines[RULES_OF_FILE + 1] = {0};
    struct imgrw_rules *rules;
    size_t count = 0;

    for (char *line = strtok_r((char *)bytes.data, "\n", &place); line;
         line = strtok_r(NULL, "\n", &place)) {
        assert_true(count < RULES_OF_FILE);
        lines[count++] = line;
    }
    rules = rules_text_new(tally, lines);
    free((char *)bytes.data);
    free(path);
    return rules;
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

static int
count_file(const char *path, const struct stat *file, int type, struct FTW *ftw)
{
    size_t size = strlen(path), suffix = strlen(counted_suffix);

    (void)file;
    (void)ftw;
    counted += type == FTW_F && size >= suffix &&
               strcmp(path + size - suffix, counted_suffix) == 0;
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
