#include "catalog/compile/page.h"

#include <stdlib.h>
#include <string.h>

static const char *
class_of(const struct line *line)
{
    if (line->content == PATCH)
        return "any";
    /* in pods, images have classes of their own */
    if (contents[line->content].place && line->image_class == IMGRW_CLASS_CRD)
        return "pod";
    return imgrw_class_name(line->image_class);
}

/* A definitions_path_fn. */
static void
print_path(const char *path, const struct line *line, void *user)
{
    if (*path)
        fprintf(user, "| `%s` | ", path);
    else
        fputs("| all of it | ", user);
    fputs(contents[line->content].text, user);
    if (line->companions)
        fprintf(user, ", with `%s`", line->companions);
    if (line->target)
        fprintf(user, " of `%s`", line->target);
    fprintf(user, " | %s |\n", class_of(line));
}

static int
by_group(const void *one, const void *other)
{
    const struct line *a = ((const struct entry *)one)->line;
    const struct line *b = ((const struct entry *)other)->line;
    int order = strcmp(a->group, b->group);

    return order != 0 ? order : strcasecmp(a->kind, b->kind);
}

void
page_print(struct definitions *definitions, FILE *out)
{
    const struct entry *entries = definitions->entries;

    qsort(definitions->entries, definitions->entry_count, sizeof(*entries),
          by_group);
    fprintf(out,
            "# The kinds that the catalog knows\n\n"
            "Made from the .def files in catalog/ when the library is built; "
            "%zu kinds. In\nother kinds, and in these as well, pod specs are "
            "found wherever they are.\n\n"
            "Some images are completed from other keys, as in \"with "
            "`@sha :tag`\": `:` is a\ntag, `@` a digest, `/` a registry, `+` a "
            "name that follows; \"../\" leads to the map\naround the image's "
            "own, which is only read. The first tag or digest that is set\n"
            "counts; none does after a `!` whose key is set and not false.\n\n"
            "A patch is a JSON patch, or a part of a resource that is merged "
            "into it. Its images\nhave the classes of the places that it puts "
            "them at.\n",
            definitions->entry_count);
    for (size_t i = 0; i < definitions->entry_count; i++) {
        const struct block *block = entries[i].block;
        const struct line *kind = entries[i].line;

        fprintf(out, "\n## %s%s%s\n\n| path | what | class |\n|---|---|---|\n",
                kind->kind, *kind->group ? ", " : "", kind->group);
        for (const struct line *path = block->paths; path < block->end; path++)
            definitions_each_path(definitions, path, print_path, out);
    }
}
