/*
 * A program that runs when the library is built: it checks the .def files and
 * turns them into the table of kinds, as C, or into the page that lists them.
 *
 *     compile-catalog table FILE
 *     compile-catalog page FILE
 */
#include "catalog/compile/page.h"
#include "catalog/compile/table.h"

#include <stdlib.h>
#include <string.h>

static struct definitions definitions;

int
main(int argc, char **argv)
{
    bool table = argc == 3 && strcmp(argv[1], "table") == 0;
    bool page = argc == 3 && strcmp(argv[1], "page") == 0;
    FILE *out = table || page ? fopen(argv[2], "w") : NULL;
    int failed;

    if (!out)
        definitions_fail("compile-catalog table|page FILE", "usage");
    definitions_read(&definitions);
    if (table)
        table_print(&definitions, out);
    else
        page_print(&definitions, out);
    irw_arena_clear(&definitions.arena);
    failed = ferror(out);
    return fclose(out) != 0 || failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
