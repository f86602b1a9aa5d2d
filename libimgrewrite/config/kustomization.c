/*
 * kustomize's own files: kustomizations, of which `images:` is taken, and the
 * files that these name under `configurations:`, of which the field specs of
 * images are.
 */
#include "config/kustomization.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/str.h"
#include "catalog/field_path.h"

#include <stdio.h>
#include <stdlib.h>

/* Reads an entry of `images:`; kustomize takes keys in any case, and entries
 * that do nothing. */
static enum imgrw_status
read_override(struct irw_reader *reader, uint32_t node, bool kustomize)
{
    enum { NAME, NEW_NAME, NEW_TAG, SUFFIX, DIGEST };
    struct irw_member items[] = {
        IRW_REQUIRED("name"), IRW_STRING("newName"), IRW_STRING("newTag"),
        IRW_STRING("tagSuffix"), IRW_STRING("digest"),
    };
    struct irw_members members = IRW_MEMBERS("an entry of images", items);
    struct imgrw_override override = {.size = sizeof(override)};
    enum imgrw_status status;

    members.any_case = kustomize;
    status = irw_reader_members(reader, node, &members);
    if (status != IMGRW_OK)
        return status;
    override.name = irw_str(items[NAME].string);
    override.new_name = irw_str(items[NEW_NAME].string);
    override.new_tag = irw_str(items[NEW_TAG].string);
    override.tag_suffix = irw_str(items[SUFFIX].string);
    override.digest = irw_str(items[DIGEST].string);
    if (kustomize && override.new_name.size + override.new_tag.size +
                             override.tag_suffix.size + override.digest.size ==
                         0) {
        irw_reader_warn(reader, node,
                        "this entry of images sets nothing");
        return IMGRW_OK;
    }
    return irw_reader_place(reader, node,
                            imgrw_rules_add_override(reader->rules, &override,
                                                     reader->error));
}

enum imgrw_status
irw_config_override(struct irw_reader *reader, uint32_t node)
{
    return read_override(reader, node, false);
}

static enum imgrw_status
read_image(struct irw_reader *reader, uint32_t node)
{
    return read_override(reader, node, true);
}

enum imgrw_status
irw_config_fieldspec(struct irw_reader *reader, uint32_t node)
{
    enum { GROUP, VERSION, KIND, PATH, CREATE };
    struct irw_member items[] = {
        IRW_STRING("group"), IRW_STRING("version"), IRW_STRING("kind"),
        IRW_REQUIRED("path"), IRW_ANY("create"),
    };
    struct irw_path_steps steps;
    struct imgrw_error why;
    enum imgrw_status status =
        irw_reader_members(reader, node, &IRW_MEMBERS("a field spec", items));

    if (status != IMGRW_OK)
        return status;
    status = irw_path_parse(irw_str(items[PATH].string), reader->arena, &steps,
                            &why);
    if (status == IMGRW_ERR_MEMORY)
        return irw_fail_memory(reader->error);
    if (status != IMGRW_OK)
        return irw_reader_fail(reader, items[PATH].value, "%s", why.message);
    if (steps.count == 1 && strchr(items[PATH].string, '.'))
        irw_reader_warn(reader, items[PATH].value,
                        "%s is one key; keys have a \"/\" between them",
                        items[PATH].string);
    return IRW_APPEND(&reader->rules->search.fields,
                      (struct imgrw_fieldspec){
                          items[GROUP].string, items[VERSION].string,
                          items[KIND].string, items[PATH].string})
               ? IMGRW_OK
               : irw_fail_memory(reader->error);
}

/* The root of a file of `configurations:`; whatever else it configures is not
 * about images. */
static enum imgrw_status
read_fields(struct irw_reader *reader, uint32_t root)
{
    if (reader->tree.nodes[root].type != IRW_NODE_MAPPING)
        return irw_reader_fail(reader, root,
                               "expected kustomize's configurations, a "
                               "mapping");
    return irw_reader_member_list(reader, root, "images",
                                  irw_config_fieldspec);
}

/* Reads the text of the file at `path`, which a kustomization names. */
static enum imgrw_status
read_fields_text(const struct irw_reader *outer, imgrw_str text,
                 const char *path)
{
    struct irw_reader reader = *outer;
    enum imgrw_status status = irw_source_open(text, path, IRW_RULES_BYTES,
                                               &reader.source, reader.error);

    if (status != IMGRW_OK)
        return status;
    reader.cursor = (struct irw_line_cursor){0};
    reader.tree = (struct irw_tree){0};
    return irw_reader_documents(&reader, reader.source.start, text.size,
                                read_fields);
}

/* The path that the node names, from the folder of the file that it is in. */
static char *
join_path(const struct irw_reader *reader, const char *name)
{
    const char *from = reader->source.path;
    const char *slash = from ? strrchr(from, '/') : NULL;
    size_t folder = slash && name[0] != '/' ? (size_t)(slash - from) + 1 : 0;
    size_t size = folder + strlen(name) + 1;
    char *path = irw_arena_alloc(reader->arena, size);

    if (path)
        snprintf(path, size, "%.*s%s", (int)folder, folder > 0 ? from : "",
                 name);
    return path;
}

/* Reads a file that the node names under `configurations:`. */
static enum imgrw_status
read_fields_file(struct irw_reader *reader, uint32_t node)
{
    struct irw_file_text file;
    struct imgrw_error why;
    const char *name = NULL;
    char *path;
    enum imgrw_status status =
        irw_reader_string(reader, node, "configurations", &name);

    if (status != IMGRW_OK)
        return status;
    if (!name || !reader->on_disk) {
        irw_reader_warn(reader, node, "%s is not read", name ? name : "null");
        return IMGRW_OK;
    }
    path = join_path(reader, name);
    if (!path)
        return irw_fail_memory(reader->error);
    status = irw_read_file(path, IRW_RULES_BYTES, &file, &why);
    if (status != IMGRW_OK)
        return irw_fail(reader->error, status, irw_reader_locate(reader, node),
                        "%s: %s", path, why.message);
    status = read_fields_text(reader, (imgrw_str){file.data, file.size}, path);
    free(file.data);
    return status;
}

enum imgrw_status
irw_config_kustomization(struct irw_reader *reader, uint32_t root)
{
    /* keys by which other images come in, or change */
    static const char *const ignored[] = {
        "bases", "components", "imageTags", "replacements", "transformers",
    };
    enum imgrw_status status;

    for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++) {
        uint32_t value = irw_reader_find(reader, root, ignored[i]);

        if (value != IRW_NO_NODE)
            irw_reader_warn(reader, value,
                            "%s is not taken from a kustomization", ignored[i]);
    }
    if (irw_reader_find(reader, root, "images") == IRW_NO_NODE &&
        irw_reader_find(reader, root, "configurations") == IRW_NO_NODE)
        irw_reader_warn(reader, root,
                        "a kustomization without images holds no rules");
    status = irw_reader_member_list(reader, root, "images", read_image);
    return status == IMGRW_OK
               ? irw_reader_member_list(reader, root, "configurations",
                                        read_fields_file)
               : status;
}
