#include "kustomize/wishes.h"
#include "base/error.h"
#include "base/json_write.h"
#include "base/list.h"
#include "base/str.h"
#include "base/text.h"

/* An image in `images:`, and the entry that it is of. */
struct entry_place {
    const struct imgrw_manifest *manifest;
    bool is_asked;
    const struct irw_site *site;
    const struct irw_entry *entry;
    const struct irw_entry_change *change;
};

/* Where the scalar of a part of the site starts. */
static size_t
start_of(const struct entry_place *place, const struct irw_part *part)
{
    const struct imgrw_manifest *manifest = place->manifest;
    size_t index = (size_t)(place->site - manifest->findings.sites), piece;

    IRW_LOWER_BOUND(piece, manifest->piece_count,
                    manifest->pieces[piece].first_site +
                            manifest->pieces[piece].site_count <=
                        index);
    return manifest->pieces[piece].tree.nodes[part->node].start;
}

/* Sets which key of its entry the part is; false where it is of none. */
static bool
find_key(const struct entry_place *place, const struct irw_part *part, int *key)
{
    size_t start = start_of(place, part);

    for (*key = 0; *key < IRW_ENTRY_KEYS; ++*key)
        if (place->entry->starts[*key] == start)
            return true;
    return false;
}

/* Sets the entry that the site is of. Entries come in the order of the text. */
static bool
find_entry(struct entry_place *place, const struct irw_build *build,
           const struct irw_build_changes *changes)
{
    const struct irw_entry *entries = build->before.entries.items;
    size_t count = build->before.entries.count, index;
    size_t start = start_of(place, &place->site->parts[0]);
    int key;

    IRW_LOWER_BOUND(index, count, entries[index].at.offset <= start);
    if (index == 0)
        return false;
    place->entry = &entries[index - 1];
    place->change = &changes->entries[index - 1];
    return find_key(place, &place->site->parts[0], &key);
}

static imgrw_str
text_of(const struct irw_kustomize_entry *entry, int key)
{
    const imgrw_str texts[IRW_ENTRY_KEYS] = {
        [IRW_ENTRY_NAME] = entry->name,
        [IRW_ENTRY_NEW_NAME] = entry->new_name,
        [IRW_ENTRY_NEW_TAG] = entry->new_tag,
        [IRW_ENTRY_TAG_SUFFIX] = entry->tag_suffix,
        [IRW_ENTRY_DIGEST] = entry->digest,
    };

    return texts[key];
}

/* Moves the text into the arena; false when memory was or is out. */
static bool
keep_text(struct irw_text *text, struct irw_arena *arena, imgrw_str *kept)
{
    bool done;

    *kept = (imgrw_str){text->data, text->size};
    done = !text->failed && irw_arena_keep(arena, kept);
    irw_text_clear(text);
    return done;
}

/* What the site then says, put together as it is shown. */
static bool
make_text(const struct entry_place *place, struct irw_arena *arena,
          imgrw_str *made)
{
    const struct irw_kustomize_entry *to = &place->change->to;
    struct irw_text text = {0};

    if (place->site->image.is_override_name) {
        *made = to->name;
        return true;
    }
    irw_text_add(&text, to->new_name.size > 0 ? to->new_name : to->name);
    if (to->new_tag.size > 0)
        irw_text_printf(&text, ":%.*s", (int)to->new_tag.size,
                        to->new_tag.data);
    if (to->digest.size > 0)
        irw_text_printf(&text, "@%.*s", (int)to->digest.size, to->digest.data);
    return keep_text(&text, arena, made);
}

/* Adds what a new name makes necessary that the entry does not have: it is
 * added with the image that is last of the entry. */
static void
add_new_name(const struct entry_place *place, struct irw_wish *wish)
{
    if (place->entry->text.new_name.size > 0 ||
        place->change->to.new_name.size == 0)
        return;
    wish->new_name = place->change->to.new_name;
    wish->after = place->entry->starts[IRW_ENTRY_NAME];
}

static void
add_pair(struct irw_text *text, const char *key, imgrw_str value)
{
    if (value.size == 0)
        return;
    irw_text_printf(text, ", %s: ", key);
    irw_json_string(text, value);
}

/* Puts the second entries of a build together, as a fragment. */
static bool
make_items(const struct irw_build *build,
           const struct irw_build_changes *changes, struct irw_arena *arena,
           imgrw_str *items)
{
    struct irw_text text = {0};

    for (size_t i = 0; i < build->before.entries.count; i++) {
        const struct irw_kustomize_entry *second = &changes->entries[i].second;

        if (!changes->entries[i].has_second)
            continue;
        irw_text_add(&text, text.size > 0 ? IRW_STR(", {name: ")
                                          : IRW_STR("[{name: "));
        irw_json_string(&text, second->name);
        add_pair(&text, "newName", second->new_name);
        add_pair(&text, "newTag", second->new_tag);
        add_pair(&text, "tagSuffix", second->tag_suffix);
        add_pair(&text, "digest", second->digest);
        irw_text_add(&text, IRW_STR("}"));
    }
    if (text.size > 0)
        irw_text_add(&text, IRW_STR("]"));
    return keep_text(&text, arena, items);
}

/* Makes the wish for a site of an entry. */
static bool
make_wish(const struct entry_place *place, struct irw_arena *arena,
          struct irw_wish *wish)
{
    static const char no_image[] =
        "its kustomization has no image of this name in these files";
    static const char follows[] = "it does what it did";
    int key;

    wish->kind = place->is_asked ? IRW_WISH_KEEP : IRW_WISH_IGNORE;
    wish->why = irw_str(place->change->is_met ? follows : no_image);
    if (!irw_entry_changes(place->entry, place->change))
        return true;
    for (size_t i = 0; i < place->site->part_count; i++) {
        if (!find_key(place, &place->site->parts[i], &key) ||
            irw_equal(text_of(&place->entry->text, key),
                      text_of(&place->change->to, key)))
            continue;
        wish->scalars[wish->scalar_count++] = (struct irw_wished_scalar){
            place->entry->starts[key], text_of(&place->change->to, key)};
    }
    add_new_name(place, wish);
    if (wish->scalar_count == 0 && wish->new_name.size == 0)
        return true;
    wish->kind = IRW_WISH_SET;
    return make_text(place, arena, &wish->text);
}

enum imgrw_status
irw_wishes_make(const struct imgrw_manifest *manifest,
                const struct irw_build *build,
                const struct irw_build_changes *changes,
                struct irw_arena *arena, struct irw_wish **wishes,
                struct imgrw_error *error)
{
    size_t count = manifest->findings.site_count;
    imgrw_str items;

    *wishes = irw_arena_calloc(arena, count, sizeof(**wishes));
    if (!*wishes)
        return irw_fail_memory(error);
    if (!build)
        return IMGRW_OK;
    if (!make_items(build, changes, arena, &items))
        return irw_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        struct irw_wish *wish = &(*wishes)[i];
        struct entry_place place = {
            .manifest = manifest,
            .is_asked = changes->is_asked,
            .site = &manifest->findings.sites[i],
        };

        if (place.site->image.image_class == IMGRW_CLASS_KUSTOMIZATION &&
            place.site->document == IRW_ROOT_DOCUMENT &&
            find_entry(&place, build, changes) &&
            !make_wish(&place, arena, wish))
            return irw_fail_memory(error);
        if (wish->kind != IRW_WISH_SET || !place.change->has_second)
            continue;
        wish->items = items;
        wish->after = place.entry->starts[IRW_ENTRY_NAME];
        items = (imgrw_str){0}; /* once is enough */
    }
    return IMGRW_OK;
}

void
irw_wish_alias(const struct imgrw_manifest *manifest,
               const struct irw_image_origin *origin, struct irw_wish *wishes)
{
    static const struct irw_wish stays = {
        .kind = IRW_WISH_KEEP,
        .why = {"entries of kustomizations replace this name", 43},
    };
    const struct irw_findings *findings = &manifest->findings;
    const struct imgrw_image *image = &origin->site->image;
    size_t index, count = findings->site_count;

    /* the manifest may have been read again, with more images in it */
    IRW_LOWER_BOUND(index, count,
                    findings->sites[index].image.at.offset < image->at.offset);
    for (; index < count &&
           findings->sites[index].image.at.offset == image->at.offset;
         index++)
        if (irw_equal(findings->sites[index].image.field, image->field))
            wishes[index] = stays;
}
