/*
 * kustomize's own files. From a kustomization this takes `images:`; from the
 * files that it names under `configurations:`, the field specs of images.
 */
#include "config/kustomization.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/str.h"
#include "catalog/field_path.h"

#include <stdio.h>
#include <stdlib.h>

/* Reads an entry of `images:`. kustomize accepts its keys in upper and lower
 * case, and an entry that changes nothing; our own rules files do not. */
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
    if (kustomize && items[NEW_TAG].string &&
        strcmp(items[NEW_TAG].string, "*") == 0)
        return irw_reader_fail(reader, items[NEW_TAG].value,
                               "newTag \"*\" keeps the tag in a rules file of "
                               "imgrewrite; kustomize would write it");
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
    struct irw_search_settings *search = &reader->rules->search;
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
    return IRW_APPEND(&search->locations, irw_reader_locate(reader, node)) &&
                   IRW_APPEND(&search->fields,
                              (struct imgrw_fieldspec){
                                  items[GROUP].string, items[VERSION].string,
                                  items[KIND].string, items[PATH].string})
               ? IMGRW_OK
               : irw_fail_memory(reader->error);
}

/* Reads a file of `configurations:` from its root. Only its images matter
 * here. */
static enum imgrw_status
read_fields(struct irw_reader *reader, uint32_t root)
{
    if (reader->tree.nodes[root].type != IRW_NODE_MAPPING)
        return irw_reader_fail(reader, root,
                               "expected kustomize's configurations, a "
                               "mapping");
    return irw_reader_member_list(reader, root, "images", irw_config_fieldspec);
}

/* The path of a file that the text names; a relative one starts at the folder
 * of the text. */
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
    struct irw_reader inner = *reader;
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
    /* the rules go where the outer text's go; places are in this text */
    inner.cursor = (struct irw_line_cursor){0};
    inner.tree = (struct irw_tree){0};
    status = irw_source_open((imgrw_str){file.data, file.size}, path,
                             IRW_RULES_BYTES, &inner.source, inner.error);
    if (status == IMGRW_OK)
        status = irw_reader_documents(&inner, inner.source.start, file.size,
                                      read_fields);
    free(file.data);
    return status;
}

enum imgrw_status
irw_config_kustomization(struct irw_reader *reader, uint32_t root)
{
    /* each of these may bring images in or change them */
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
