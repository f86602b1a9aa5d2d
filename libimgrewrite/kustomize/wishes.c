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

/* What the site says once the entry says `to`, put together as it is shown. */
static bool
make_text(const struct entry_place *place, const struct irw_kustomize_entry *to,
          struct irw_arena *arena, imgrw_str *made)
{
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
    return irw_text_keep(&text, arena, made);
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

/* Writes the second entry of a place, as a fragment. */
static bool
make_second(const struct entry_place *place, struct irw_arena *arena,
            imgrw_str *items)
{
    const struct irw_kustomize_entry *second = &place->change->second;
    struct irw_text text = {0};

    irw_text_add(&text, IRW_STR("[{name: "));
    irw_json_string(&text, second->name);
    add_pair(&text, "newName", second->new_name);
    add_pair(&text, "newTag", second->new_tag);
    add_pair(&text, "tagSuffix", second->tag_suffix);
    add_pair(&text, "digest", second->digest);
    irw_text_add(&text, IRW_STR("}]"));
    return irw_text_keep(&text, arena, items);
}

/* Wishes that a key of the entry says what it is to say. */
static void
add_scalar(const struct entry_place *place, int key, struct irw_wish *wish)
{
    imgrw_str text = irw_entry_text(&place->change->to,
                                    (enum irw_entry_key)key);

    if (place->entry->starts[key] == SIZE_MAX ||
        irw_equal(irw_entry_text(&place->entry->text, (enum irw_entry_key)key),
                  text))
        return;
    wish->scalars[wish->scalar_count++] =
        (struct irw_wished_scalar){place->entry->starts[key], text};
}

/* Adds the scalars of a site: in a list in a resource it is the only one of its
 * entry, and else the name has one for itself. */
static void
add_scalars(const struct entry_place *place, bool is_list,
            struct irw_wish *wish)
{
    int key;

    for (key = 0; is_list && key < IRW_ENTRY_KEYS; key++)
        add_scalar(place, key, wish);
    for (size_t i = 0; !is_list && i < place->site->part_count; i++)
        if (find_key(place, &place->site->parts[i], &key))
            add_scalar(place, key, wish);
}

/* Makes the wish for a site of an entry. */
static bool
make_wish(const struct entry_place *place, bool is_list,
          struct irw_arena *arena, struct irw_wish *wish)
{
    static const char no_image[] =
        "its kustomization has no image of this name in these files";
    static const char follows[] = "it does what it did";

    /* nothing is wrong with a name that is no image's */
    wish->kind =
        place->is_asked && imgrw_reason_names_image(place->site->image.reason)
            ? IRW_WISH_KEEP
            : IRW_WISH_IGNORE;
    wish->why = irw_str(place->change->is_met ? follows : no_image);
    if (!irw_entry_changes(place->entry, place->change))
        return true;
    add_scalars(place, is_list, wish);
    add_new_name(place, wish);
    if (wish->scalar_count == 0 && wish->new_name.size == 0)
        return true;
    wish->kind = IRW_WISH_SET;
    return make_text(place, &place->change->to, arena, &wish->text);
}

/* Adds the second entry at a site of the first. */
static bool
add_second(const struct entry_place *place, struct irw_arena *arena,
           struct irw_wish *wish)
{
    wish->after = place->entry->starts[IRW_ENTRY_NAME];
    if (!make_second(place, arena, &wish->items))
        return false;
    if (wish->kind == IRW_WISH_SET)
        return true;
    wish->kind = IRW_WISH_SET;
    return make_text(place, &place->change->second, arena, &wish->text);
}

struct irw_wish *
irw_wishes_new(const struct imgrw_manifest *manifest, bool is_asked,
               struct irw_arena *arena)
{
    static const struct irw_wish stays = {
        .kind = IRW_WISH_IGNORE,
        .why = IMGRW_STR_INIT("nobody has asked about entries"),
    };
    size_t count = manifest->findings.site_count;
    struct irw_wish *wishes = irw_arena_calloc(arena, count, sizeof(*wishes));

    for (size_t i = 0; wishes && !is_asked && i < count; i++)
        if (manifest->findings.sites[i].image.image_class ==
            IMGRW_CLASS_KUSTOMIZATION)
            wishes[i] = stays;
    return wishes;
}

enum imgrw_status
irw_wishes_add(const struct imgrw_manifest *manifest,
               const struct irw_build *build,
               const struct irw_build_changes *changes,
               struct irw_arena *arena, struct irw_wish *wishes,
               struct imgrw_error *error)
{
    const struct irw_entry *last = NULL; /* that has got its second */

    for (size_t i = 0; i < manifest->findings.site_count; i++) {
        struct entry_place place = {
            .manifest = manifest,
            .is_asked = changes->is_asked,
            .site = &manifest->findings.sites[i],
        };

        if (place.site->image.image_class != IMGRW_CLASS_KUSTOMIZATION ||
            place.site->document != IRW_ROOT_DOCUMENT ||
            !find_entry(&place, build, changes))
            continue;
        if (!make_wish(&place, build->is_list, arena, &wishes[i]))
            return irw_fail_memory(error);
        if (!place.change->has_second || place.entry == last)
            continue;
        if (!add_second(&place, arena, &wishes[i]))
            return irw_fail_memory(error);
        last = place.entry;
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
