/*
 * Why a piece that is passed over holds nothing. Each step rests on those
 * before it; what is in doubt is parsed.
 *
 * 1. It is JSON (8), or its first line that says something is
 *    `apiVersion: WORD` or `kind: WORD` at the left margin, with both of them
 *    side by side or the former alone. So the piece is one document, the root
 *    of which is a block mapping with that key, and no file of Helm values.
 *    Where both are there, the line after them continues neither, and no later
 *    line at the margin says either, they are what the walk will read: the
 *    resource is known.
 * 2. It is spelled plainly (yaml/spelling.h), so that each key of a mapping, in
 *    the document or in those inside of its scalars, is seen before a colon.
 * 3. The walk finds images at places of the catalog. Which these are depends on
 *    a `kind`, which may be that of the root or of any mapping in it, and on
 *    the group in an `apiVersion`. All the words under these two keys are
 *    gathered, and no pair of them is a row of the catalog, but for rows that
 *    only have texts, as a ConfigMap has (6). What remains are the places of
 *    any resource:
 *    - pods, which need a list under `containers` or one of its kin;
 *    - annotations, by their names;
 *    - JSON patches, which need an `op` and a `path`.
 *    None of these keys is there. A key without a colon is null, which is none
 *    of the three (shapes/image.c, json_patch.c).
 * 4. The fields that a user names are places of their own: with them, all is
 *    parsed.
 * 5. Where the resource is not known, the document may lack a kind and be one
 *    of the files that tools read. It has none of the names of such files, no
 *    `sync`, and none of the keys in (6), which a compose file and the
 *    description of a chart need.
 * 6. A text in a resource is an image or a document with some only where a key
 *    mentions an image or a repository, or is `op` or `hub`, or where a URL
 *    begins with oci:// or docker:// (irw_may_hold_images), or where all of the
 *    text is an image by (7).
 * 7. A possible image is a reference with a slash before a tag or a digest.
 *    Before the colon or the at sign, a name or a placeholder ends, and after
 *    it the tag begins; between the slash and it there is no blank, unless in a
 *    placeholder. No such bytes are there, or the resource is known to be one
 *    that only mentions images.
 * 8. A text that is JSON may be all of this, or Helm values. These have images
 *    and registries only under keys that mention an image and under some
 *    others, in lists of arguments, and in variables whose names mention an
 *    image. What is in strings counts by (6) alone. It is valid, so that no
 *    error is missed.
 *
 * Warnings are about images, and about the line of the marker, which is looked
 * at all the same. What is broken in a piece, or nested too deep, goes unseen.
 */
#include "manifest/skim.h"

#include "catalog/pods.h"
#include "manifest/classify.h"
#include "manifest/file_kind.h"
#include "manifest/mentions.h"
#include "manifest/shapes/names.h"
#include "manifest/shapes/values.h"
#include "yaml/event.h"
#include "yaml/scalar.h"
#include "yaml/spelling.h"

#define WORDS_MAX 16 /* more different ones are not gathered */
#define LONGEST_NAME 512 /* of a part of a path; any longer one is in doubt */
#define DEEPEST_TEXT 4 /* keys on the way to a text in a row of the catalog */

/* Different words. */
struct words {
    imgrw_str at[WORDS_MAX];
    size_t count;
};

struct skim {
    imgrw_str text;
    imgrw_str api_version, kind; /* of the root */
    bool is_known;   /* both are what the walk will read */
    bool is_json;    /* it looks like that, and may be anything */
    size_t head_end; /* of the lines that say them */
    bool has_op, has_path; /* keys of an operation of a JSON patch */
    bool has_texts; /* a row of the catalog has texts, and nothing else */
    const struct irw_place *annotations;
    uint64_t sizes; /* of their names, a bit each */
    struct words kinds, groups;
};

static size_t
pass(imgrw_str text, size_t at, const char *bytes)
{
    while (at < text.size && text.data[at] != '\0' &&
           strchr(bytes, text.data[at]))
        at++;
    return at;
}

/* Where the first line that says something begins; SIZE_MAX where the marker's
 * own line may do so. */
static size_t
first_line(imgrw_str text)
{
    size_t at = 0, first;

    if (irw_starts_with(text, IRW_STR("---"))) {
        first = pass(text, 3, " \t\r");
        at = irw_line_end(text, first);
        if (first < text.size && !strchr("\n#", text.data[first]))
            return SIZE_MAX;
    }
    for (;;) {
        first = pass(text, at, " \t\r\n");
        if (first == text.size || text.data[first] != '#')
            break;
        at = irw_line_end(text, first);
    }
    while (first > at && text.data[first - 1] != '\n')
        first--;
    return first;
}

/* Takes the line `KEY: WORD` at `*at`, with or without a comment; false where
 * the line is another one. */
static bool
take_line(imgrw_str text, size_t *at, const char *key, imgrw_str *word)
{
    size_t start = *at + strlen(key), end;

    if (!irw_starts_with(irw_slice(text, *at, text.size), irw_str(key)) ||
        pass(text, start, ":") != start + 1 ||
        pass(text, start + 1, " ") == start + 1)
        return false;
    start = end = pass(text, start + 1, " ");
    while (end < text.size && (irw_is_alnum(text.data[end]) ||
                               strchr("./-", text.data[end])))
        end++;
    *word = irw_slice(text, start, end);
    start = pass(text, end, " ");
    *at = irw_line_end(text, end);
    return word->size > 0 && irw_is_alnum(word->data[0]) &&
           irw_plain_kind(*word) == IRW_PLAIN_STRING &&
           (start == text.size || strchr("\r\n", text.data[start]) ||
            (text.data[start] == '#' && start > end));
}

/* Reads what the root says of itself; false where that is not at its start. */
static bool
read_head(struct skim *skim)
{
    imgrw_str text = skim->text;
    size_t at = first_line(text), next;
    bool first;

    if (at == SIZE_MAX)
        return false;
    next = pass(text, at, " \t");
    skim->is_json = next < text.size && strchr("{[", text.data[next]);
    if (skim->is_json)
        return true;
    next = at;
    first = take_line(text, &next, "apiVersion", &skim->api_version);
    if (!first) {
        next = at;
        if (!take_line(text, &next, "kind", &skim->kind))
            return false;
    }
    at = skim->head_end = next;
    if (first ? !take_line(text, &at, "kind", &skim->kind)
              : !take_line(text, &at, "apiVersion", &skim->api_version))
        return first;
    skim->head_end = at;
    next = pass(text, at, " \t\r\n");
    skim->is_known = next == text.size || text.data[next - 1] == '\n';
    return true;
}

static bool
add_word(struct words *words, imgrw_str word)
{
    for (size_t i = 0; i < words->count; i++)
        if (irw_equal(words->at[i], word))
            return true;
    if (words->count == WORDS_MAX)
        return false;
    words->at[words->count++] = word;
    return true;
}

/* Whether the word is a key at the margin, and so of the root. */
static bool
is_at_margin(imgrw_str text, imgrw_str word)
{
    size_t at = (size_t)(word.data - text.data);
    const char *feed = memrchr(text.data, '\n', at);
    size_t line = feed ? (size_t)(feed - text.data) + 1 : 0;

    return line == at || text.data[line] == '!' ||
           (line + 1 == at && strchr("\"'", text.data[line]));
}

/* Takes the word under a `kind` or an `apiVersion`; false where it is another
 * one of the root, or cannot be told. */
static bool
gather(struct skim *skim, imgrw_str key, size_t colon, struct words *words)
{
    imgrw_str word;

    if (skim->is_known && colon >= skim->head_end &&
        is_at_margin(skim->text, key))
        return false;
    if (irw_is_spelled_as_map(skim->text, colon))
        return true;
    word = irw_spelled_word(skim->text, colon);
    return word.size > 0 &&
           add_word(words, words == &skim->groups ? irw_resource_group(word)
                                                  : word);
}

static uint64_t
size_bit(imgrw_str word)
{
    return (uint64_t)1 << (word.size < 63 ? word.size : 63);
}

/* Notes which annotations may have images. */
static void
note_annotations(struct skim *skim)
{
    skim->annotations = irw_place_step(
        irw_place_step(&irw_any_resource, IRW_STR("metadata")),
        IRW_STR("annotations"));
    for (size_t i = 0; i < skim->annotations->step_count; i++)
        skim->sizes |= size_bit(skim->annotations->steps[i].key);
}

/* Whether an annotation of this name may have images. */
static bool
is_annotation(const struct skim *skim, imgrw_str word)
{
    return (skim->sizes & size_bit(word) &&
            irw_place_step(skim->annotations, word) !=
                skim->annotations->other) ||
           irw_is_updater_key(word);
}

/* Whether the string after the colon mentions an image. */
static bool
is_image_name(imgrw_str text, size_t colon)
{
    size_t start = pass(text, colon + 1, " \t\r\n"), end;

    if (start == text.size || text.data[start] != '"')
        return false;
    for (end = start + 1; end < text.size && text.data[end] != '"'; end++)
        end += text.data[end] == '\\';
    return end >= text.size ||
           irw_mentions_image(irw_slice(text, start, end));
}

/* The same in values, which JSON may be. */
static bool
may_lead_among_values(const struct skim *skim, imgrw_str word, size_t colon)
{
    return ((irw_is_values_key(word) || irw_is_command_key(word)) &&
            !irw_is_spelled_as_map(skim->text, colon)) ||
           (irw_equal(word, IRW_STR("name")) &&
            is_image_name(skim->text, colon));
}

/* Whether the key of this name may lead to an image. */
static bool
may_lead(struct skim *skim, imgrw_str word, const struct irw_spelled_key *key)
{
    size_t colon = key->colon;

    if (irw_equal(word, IRW_STR("kind")))
        return !gather(skim, word, colon, &skim->kinds);
    if (irw_equal(word, IRW_STR("apiVersion")))
        return !gather(skim, word, colon, &skim->groups);
    skim->has_op |= irw_equal(word, IRW_STR("op"));
    skim->has_path |= irw_equal(word, IRW_STR("path"));
    if (irw_is_container_key(word) ||
        (!skim->is_known && irw_equal(word, IRW_STR("sync"))))
        return !irw_is_spelled_as_map(skim->text, colon);
    return is_annotation(skim, word) ||
           (skim->is_json && may_lead_among_values(skim, word, colon));
}

/* Whether the key says that a text may be a document with images, or that its
 * value is one. */
static bool
tells(struct skim *skim, imgrw_str word, const struct irw_spelled_key *key)
{
    if (skim->is_json && key->is_string)
        return irw_mentions_image(word);
    return irw_is_telling_word(word) || irw_mentions_image(word) ||
           irw_ends_with(word, IRW_STR("oci")) ||
           irw_ends_with(word, IRW_STR("docker"));
}

typedef bool key_fn(struct skim *skim, imgrw_str word,
                    const struct irw_spelled_key *key);

/* Whether the function says so of some key, or one is not clear. */
static bool
any_key(struct skim *skim, key_fn *says)
{
    struct irw_spelled_keys keys = {.text = skim->text};
    struct irw_spelled_key key;

    while (irw_spelled_keys_next(&keys, &key)) {
        imgrw_str word = key.word;

        if (key.is_unclear)
            return true;
        if (word.size == 0)
            continue;
        if (says(skim, word, &key) ||
            (key.is_escaped &&
             (word.data[0] == '/' ||
              says(skim, irw_slice(word, 1, word.size), &key))))
            return true;
    }
    return false;
}

/* Whether a row of the catalog only has texts. */
static bool
has_only_texts(const struct irw_place *place, int depth)
{
    if (!place)
        return true;
    if (depth > DEEPEST_TEXT || place->finds_pods ||
        (place->shape != IRW_SHAPE_NONE && place->shape != IRW_SHAPE_DATA))
        return false;
    for (size_t i = 0; i < place->step_count; i++)
        if (!has_only_texts(place->steps[i].to, depth + 1))
            return false;
    return has_only_texts(place->item, depth + 1) &&
           has_only_texts(place->other, depth + 1);
}

/* Whether the catalog has a row for resources of this kind, of some group that
 * was gathered. */
static bool
has_row(struct skim *skim, imgrw_str kind)
{
    for (size_t i = 0; i < skim->groups.count; i++) {
        const struct irw_kind *row = irw_kind_find(skim->groups.at[i], kind);

        if (row && !has_only_texts(row->place, 0))
            return true;
        skim->has_texts |= row != NULL;
    }
    return false;
}

/* The same for all kinds, and for those of the items of lists. */
static bool
has_rows(struct skim *skim)
{
    for (size_t i = 0; i < skim->kinds.count; i++) {
        imgrw_str kind = skim->kinds.at[i];

        if (has_row(skim, kind) ||
            (irw_ends_with(kind, IRW_STR("List")) &&
             has_row(skim, irw_slice(kind, 0, kind.size - strlen("List")))))
            return true;
    }
    return false;
}

/* Whether a placeholder may end with the byte, if not with a letter. */
static bool
ends_placeholder(char c)
{
    return strchr("})]>%#_@", c);
}

/* Whether a tag, or a digest after an at sign, may begin at byte `at`. A digest
 * that is filled in in part may begin with any mark that one may have. */
static bool
begins_version(imgrw_str text, size_t at, char mark)
{
    const char *marks = mark == '@' ? "_${[(#<%@+.-:" : "_${[(#<%@";

    if (at == text.size)
        return false;
    if (text.data[at] == '\\') { /* an escape that may be a bracket */
        at = pass(text, at, "\\");
        return at < text.size && text.data[at] == 'u';
    }
    return irw_is_alnum(text.data[at]) || strchr(marks, text.data[at]);
}

/* Where the letters of a name begin that end before byte `at`. */
static size_t
name_start(imgrw_str text, size_t at)
{
    size_t start = at;

    while (start > 0 && at - start < LONGEST_NAME &&
           (irw_is_alnum(text.data[start - 1]) ||
            strchr("._-$@", text.data[start - 1])))
        start--;
    return start;
}

/* Where the action begins that ends before byte `at`, if it is {{ x }} without
 * any quote or brace inside; else `at`. */
static size_t
action_start(imgrw_str text, size_t at)
{
    size_t start = at - 1;

    if (at < 4 || text.data[start - 1] != '}' || text.data[start - 2] == '}')
        return at;
    for (start--; start > 0 && at - start < LONGEST_NAME &&
                  !strchr("{}\"'`\\\n", text.data[start - 1]);)
        start--;
    return start > 1 && text.data[start - 1] == '{' &&
                   text.data[start - 2] == '{' &&
                   !(start > 2 && text.data[start - 3] == '{')
               ? start - 2
               : at;
}

/* Whether a name with a slash may end before byte `at`: letters and
 * placeholders. */
static bool
ends_name(imgrw_str text, size_t at)
{
    size_t start = name_start(text, at), action;
    char c;

    while (start > 0 && text.data[start - 1] == '}') {
        action = action_start(text, start);
        if (action == start || at - action > LONGEST_NAME)
            return true; /* it may go on before that */
        start = name_start(text, action);
    }
    if (start == 0 || at - start >= LONGEST_NAME)
        return start > 0;
    c = text.data[start - 1];
    if (c == '\\') /* the end of an escape that may be a bracket */
        return start < at && text.data[start] == 'u';
    if (c != '/')
        return ends_placeholder(c);
    if (start < 2 || start == at)
        return false;
    c = text.data[start - 2];
    return irw_is_alnum(c) || c == '\\' || c == '-' || ends_placeholder(c);
}

/* Whether some colon or at sign may stand in a reference with a path. */
static bool
has_reference(imgrw_str text, char mark)
{
    size_t at = 0, next;

    while ((next = irw_find(irw_slice(text, at, text.size), mark)) !=
           SIZE_MAX) {
        at += next + 1;
        if (begins_version(text, at, mark) && ends_name(text, at - 1))
            return true;
    }
    return false;
}

/* Whether the action that goes on with `rest` is one of Helm's. */
static bool
is_of_helm(imgrw_str rest)
{
    static const char *const objects[] = {".Values", ".Release", ".Chart",
                                          ".Capabilities", ".Template"};
    static const char *const functions[] = {"include", "template", "define",
                                            "toYaml", "tpl"};
    size_t end = irw_find(rest, '}');
    imgrw_str action = irw_slice(rest, 0, end == SIZE_MAX ? rest.size : end);

    action = irw_slice(action, pass(action, 0, "- "), action.size);
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
        if (irw_starts_with(action, irw_str(functions[i])))
            return true;
    for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++)
        if (irw_contains(action, objects[i]))
            return true;
    return false;
}

/* Whether the text is a template of Helm's, in which nobody knows what will
 * stand. Actions of other templates are texts for other programs. */
static bool
has_actions(imgrw_str text)
{
    size_t at = 0, next;

    while ((next = irw_find(irw_slice(text, at, text.size), '{')) !=
           SIZE_MAX) {
        at += next + 1;
        if (at < text.size && text.data[at] == '{' &&
            is_of_helm(irw_slice(text, at + 1, text.size)))
            return true;
    }
    return false;
}

/* Whether the resource is known, and to have places. */
static bool
has_places(const struct skim *skim)
{
    const struct irw_kind *row =
        skim->is_known
            ? irw_kind_find(irw_resource_group(skim->api_version), skim->kind)
            : NULL;

    return row && !has_only_texts(row->place, 0);
}

/* Whether the keys of the piece say that it may have images. */
static bool
has_images(struct skim *skim)
{
    add_word(&skim->groups, (imgrw_str){0});
    note_annotations(skim);
    return any_key(skim, may_lead) || (skim->has_op && skim->has_path) ||
           has_rows(skim) ||
           ((skim->has_texts || !skim->is_known) && any_key(skim, tells));
}

/* How much deeper it is after the event. */
static int
depth_of(const struct irw_event *event)
{
    bool begins = event->type == IRW_EVENT_MAPPING ||
                  event->type == IRW_EVENT_SEQUENCE;
    bool ends = event->type == IRW_EVENT_MAPPING_END ||
                event->type == IRW_EVENT_SEQUENCE_END;

    return (int)begins - (int)ends;
}

/* Whether the text is JSON of a depth that is allowed, and nothing else. */
static bool
is_json(imgrw_str text, int max_depth)
{
    struct irw_event event = {.type = IRW_EVENT_DOCUMENT};
    enum imgrw_status status;
    int depth = 0;
    void *reader;

    if (irw_starts_with(text, IRW_STR("---")))
        text = irw_slice(text, 3, text.size);
    status = irw_json.open((struct irw_extract){text, 0, text.size}, &reader,
                           NULL);
    if (status != IMGRW_OK)
        return false;
    do {
        status = irw_json.next(reader, &event, NULL);
        depth += depth_of(&event);
    } while (status == IMGRW_OK && depth <= max_depth &&
             event.type != IRW_EVENT_END);
    irw_json.close(reader);
    return status == IMGRW_OK && depth == 0;
}

bool
irw_can_hold_image(const struct irw_search *search,
                   const struct irw_source *source, size_t start, size_t end)
{
    struct skim skim = {.text = irw_slice(source->text, start, end)};

    if (search->strict || search->as_data || source->directives ||
        search->fields->count > 0 || !read_head(&skim) ||
        has_places(&skim) ||
        (!skim.is_known && irw_is_file_of_tool(source->path)))
        return true;
    return has_actions(skim.text) ||
           !(skim.is_json ? irw_is_json_spelled_plainly(skim.text)
                          : irw_is_spelled_plainly(skim.text, source->ascii)) ||
           has_images(&skim) ||
           (!(skim.is_known &&
              irw_only_mentions(skim.api_version, skim.kind)) &&
            (has_reference(skim.text, ':') ||
             has_reference(skim.text, '@'))) ||
           (skim.is_json && !is_json(skim.text, (int)search->max_depth));
}
