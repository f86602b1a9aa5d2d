/*
 * Reads the files whose names stand on standard input and parses each.
 */
#include "bare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads a whole file into `*text`, which grows as needed. */
static size_t
read_file(const char *path, char **text, size_t *capacity)
{
    FILE *file = fopen(path, "rb");
    size_t size = 0, got;

    if (!file)
        return 0;
    do {
        if (size == *capacity) {
            *capacity = *capacity > 0 ? *capacity * 2 : 1 << 20;
            *text = realloc(*text, *capacity);
            if (!*text)
                abort();
        }
        got = fread(*text + size, 1, *capacity - size, file);
        size += got;
    } while (got > 0);
    fclose(file);
    return size;
}

int
main(void)
{
    char path[4096], *text = NULL;
    size_t capacity = 0, events = 0, bytes = 0;

    while (fgets(path, sizeof(path), stdin)) {
        size_t size;

        path[strcspn(path, "\n")] = '\0';
        size = read_file(path, &text, &capacity);
        events += bare_parse(text, size);
        bytes += size;
    }
    free(text);
    printf("%zu events, %zu bytes\n", events, bytes);
    return 0;
}
