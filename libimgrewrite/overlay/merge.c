/*
 * The midstream's kustomization is written anew by each run, but only between
 * the lines that say so: what users add outside of them stays as it is, byte
 * for byte. Each section ends inside of its list, and not after it, so that
 * users can go on with the list on the next line.
 */
#include "overlay/merge.h"
#include "base/error.h"
#include "base/str.h"

#include <stdio.h>

/* The sections, in the order of a new file. */
static const char *const names[IRW_SECTION_COUNT] = {
    [IRW_SECTION_RESOURCES] = "resources",
    [IRW_SECTION_IMAGES] = "images",
    [IRW_SECTION_PATCHES] = "patches",
};

/* The line that begins or ends a section. */
static imgrw_str
write_mark(const char *which, const char *name, char mark[64])
{
    int size = snprintf(mark, 64, "# %s imgrewrite %s\n", which, name);

    return (imgrw_str){mark, (size_t)size};
}

/* Where a whole line of the text is, or SIZE_MAX; lines may end with CR LF. */
static size_t
find_line(imgrw_str text, imgrw_str line, size_t from)
{
    size_t end;

    for (size_t at = from; at < text.size; at = end) {
        imgrw_str here;

        end = irw_line_end(text, at);
        here = irw_slice(text, at, end);
        if (irw_ends_with(here, IRW_STR("\n")))
            here.size--;
        if (irw_ends_with(here, IRW_STR("\r")))
            here.size--;
        if (irw_equal(here, irw_slice(line, 0, line.size - 1)))
            return at;
    }
    return SIZE_MAX;
}

static void
add_section(struct irw_text *text, int section, imgrw_str content)
{
    char mark[64];

    irw_text_add(text, write_mark("begin", names[section], mark));
    irw_text_add(text, content);
    irw_text_add(text, write_mark("end", names[section], mark));
}

static void
write_new(const imgrw_str *sections, struct irw_text *text)
{
    irw_text_add(text, IRW_STR(
        "# Written by imgrewrite overlay. A later run replaces what stands\n"
        "# between a line \"begin imgrewrite\" and its \"end\", and no more:\n"
        "# add what is yours behind an \"end\", where the list goes on.\n"
        "apiVersion: kustomize.config.k8s.io/v1beta1\n"
        "kind: Kustomization\n"));
    for (int i = 0; i < IRW_SECTION_COUNT; i++)
        add_section(text, i, sections[i]);
}

enum imgrw_status
irw_overlay_merge(imgrw_str old, const imgrw_str *sections,
                  struct irw_text *text, struct imgrw_error *error)
{
    size_t at = 0;
    char mark[64];

    if (!old.data)
        write_new(sections, text);
    for (int i = 0; i < IRW_SECTION_COUNT && old.data; i++) {
        size_t begin = find_line(old, write_mark("begin", names[i], mark), at);
        size_t end = begin == SIZE_MAX
                         ? SIZE_MAX
                         : find_line(old, write_mark("end", names[i], mark),
                                     begin);

        if (end == SIZE_MAX)
            return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                            "the kustomization.yaml of the midstream is there "
                            "and has no lines \"# begin imgrewrite %s\" and "
                            "\"# end imgrewrite %s\", in this order; move it "
                            "away, or put them where its %s belong",
                            names[i], names[i], names[i]);
        irw_text_add(text, irw_slice(old, at, begin));
        add_section(text, i, sections[i]);
        at = irw_line_end(old, end);
    }
    if (old.data)
        irw_text_add(text, irw_slice(old, at, old.size));
    return text->failed ? irw_fail_memory(error) : IMGRW_OK;
}
