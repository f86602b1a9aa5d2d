#include "manifest/pieces.h"
#include "base/error.h"
#include "base/list.h"
#include "base/str.h"
#include "manifest/find.h"
#include "manifest/skim.h"
#include "manifest/warnings.h"

#include <stdlib.h>

/* A run of pieces is read ahead of its end by little, so that what was looked
 * at to find it is still near when it is parsed. None goes beyond its stretch,
 * so that where it ends does not depend on what was read before. */
#define STRETCH ((size_t)1 << 18)

/* How far a text has been read. */
struct stream {
    struct irw_tree_reader *reader;
    struct irw_tree tree; /* of the piece */
};

/* Warns of what libyaml reads and kubectl rejects. */
static enum imgrw_status
warn_of_markers(struct imgrw_manifest *manifest, size_t start,
                struct imgrw_error *error)
{
    imgrw_str rest =
        irw_slice(irw_source_readable(&manifest->source), start,
                  manifest->source.text.size);
    size_t at = 3;
    const char *what = NULL;

    if (manifest->source.directives) {
        what = "kubectl rejects files with directives";
    } else if (irw_starts_with(rest, IRW_STR("---"))) {
        while (at < rest.size && strchr(" \t", rest.data[at]))
            at++;
        if (at < rest.size && !strchr("\r\n#", rest.data[at]))
            what = "kubectl rejects text after \"---\" on its line";
    }
    return !what || irw_warn(&manifest->findings, start, "%s", what)
               ? IMGRW_OK
               : irw_fail_memory(error);
}

/* Fails where YAML reads a mapping that is an action of a template:
 * `image: {{ .image }}`. IMGRW_ERR_SYNTAX. */
static enum imgrw_status
check_actions(const struct imgrw_manifest *manifest,
              const struct irw_tree *tree, struct imgrw_error *error)
{
    size_t at = manifest->search.finds_actions ? irw_tree_find_action(tree)
                                               : SIZE_MAX;

    return at == SIZE_MAX
               ? IMGRW_OK
               : irw_fail(error, IMGRW_ERR_SYNTAX,
                          (struct imgrw_location){.offset = at},
                          "an action of a template is read as a mapping");
}

/* Keeps the tree of a piece that has images. */
static enum imgrw_status
keep_piece(struct imgrw_manifest *manifest, const struct irw_piece *piece,
           struct imgrw_error *error)
{
    struct irw_piece *kept;

    if (!irw_grow(&manifest->pieces, &manifest->piece_capacity,
                  manifest->piece_count + 1, sizeof(*manifest->pieces)))
        return irw_fail_memory(error);
    kept = &manifest->pieces[manifest->piece_count++];
    *kept = *piece;
    return irw_tree_keep(&piece->tree, &manifest->arena, &kept->tree, error);
}

/* Finds the images in the piece that `tree` holds, and keeps what is needed. */
static enum imgrw_status
take_piece(struct imgrw_manifest *manifest, struct irw_piece *piece,
           struct irw_tree *tree, struct imgrw_error *error)
{
    struct irw_findings *findings = &manifest->findings;
    enum imgrw_status status = IMGRW_OK;

    piece->first_site = findings->site_count;
    for (size_t i = 0; status == IMGRW_OK && i < tree->document_count; i++)
        status = irw_find_images(tree, i, manifest->document_count++,
                                 &manifest->search, findings, error);
    if (status == IMGRW_OK && tree->document_count > 0 &&
        !manifest->search.as_data)
        status = warn_of_markers(manifest, piece->start, error);
    piece->site_count = findings->site_count - piece->first_site;
    piece->tree = *tree;
    if (status == IMGRW_OK && piece->site_count > 0)
        return keep_piece(manifest, piece, error);
    return status;
}

/* Pieces that are parsed one after the other, and the one behind them that is
 * not. */
struct piece_run {
    size_t start, first_end, end; /* the first piece ends at `first_end` */
    size_t unread_end; /* `end` where there is no such piece */
};

/* The run that begins at `start`, in a stretch. */
static struct piece_run
find_run(const struct imgrw_manifest *manifest, size_t stretch, size_t start)
{
    const struct irw_source *source = &manifest->source;
    struct piece_run run = {start, 0, start, start};

    while (run.end < source->text.size && run.end - stretch < STRETCH) {
        run.unread_end = irw_source_piece_end(source, run.end);
        if (!irw_can_hold_image(&manifest->search, source, run.end,
                                run.unread_end))
            break;
        run.end = run.unread_end;
        if (run.first_end == 0)
            run.first_end = run.end;
    }
    return run;
}

/* Has the reader begin at the piece. It goes on to the end of the run, unless
 * another value of a stream of JSON follows. */
static enum imgrw_status
open_at(struct imgrw_manifest *manifest, const struct irw_piece *piece,
        const struct piece_run *run, struct irw_tree_reader **reader,
        struct imgrw_error *error)
{
    const struct irw_source *source = &manifest->source;
    bool within = irw_source_is_within_stream(source, piece->end);

    irw_tree_close(*reader);
    *reader = NULL;
    return irw_tree_open(
        &irw_libyaml,
        (struct irw_extract){irw_source_readable(source), piece->start,
                             within ? piece->end : run->end},
        manifest->search.max_depth, reader, error);
}

/* Reads the pieces of a run. libyaml sees one stream, because a parser for each
 * would cost as much as a small piece does; only the values of a stream of JSON
 * have one each. */
static enum imgrw_status
read_run(struct imgrw_manifest *manifest, const struct piece_run *run,
         struct stream *stream, struct imgrw_error *error)
{
    const struct irw_source *source = &manifest->source;
    struct irw_piece piece = {.end = run->start};
    enum imgrw_status status = IMGRW_OK;

    while (status == IMGRW_OK && piece.end < run->end) {
        struct irw_arena_mark mark = irw_arena_mark(&manifest->arena);
        bool last, first;

        piece.start = piece.end;
        piece.end = piece.start == run->start
                        ? run->first_end
                        : irw_source_piece_end(source, piece.start);
        last = piece.end == run->end ||
               irw_source_is_within_stream(source, piece.end);
        first = piece.start == run->start ||
                irw_source_is_within_stream(source, piece.start);
        if (manifest->search.as_data && last && piece.end < source->text.size)
            return irw_fail(error, IMGRW_ERR_SYNTAX, IRW_NO_LOCATION,
                            "no value is read as a stream of JSON");
        if (first)
            status = open_at(manifest, &piece, run, &stream->reader, error);
        if (status == IMGRW_OK)
            status = irw_tree_next(stream->reader, last ? SIZE_MAX : piece.end,
                                   &manifest->arena, &stream->tree, error);
        if (status == IMGRW_OK)
            status = check_actions(manifest, &stream->tree, error);
        irw_tree_unmask(&stream->tree, source);
        if (status == IMGRW_OK)
            status = take_piece(manifest, &piece, &stream->tree, error);
        if (piece.site_count == 0)
            irw_arena_rewind(&manifest->arena, mark);
    }
    return status;
}

/* Passes over the piece behind a run, which is one document. */
static enum imgrw_status
leave_unread(struct imgrw_manifest *manifest, const struct piece_run *run,
             struct imgrw_error *error)
{
    if (run->unread_end == run->end)
        return IMGRW_OK;
    manifest->unread += run->unread_end - run->end;
    manifest->document_count++;
    return warn_of_markers(manifest, run->end, error);
}

static enum imgrw_status
read_stream(struct imgrw_manifest *manifest, struct irw_byte_range range,
            struct stream *stream, struct imgrw_error *error)
{
    struct piece_run run = {.unread_end = range.start};
    size_t stretch = range.start;
    enum imgrw_status status = IMGRW_OK;

    while (status == IMGRW_OK && run.unread_end < range.end) {
        if (run.unread_end - stretch >= STRETCH)
            stretch = run.unread_end;
        run = find_run(manifest, stretch, run.unread_end);
        status = read_run(manifest, &run, stream, error);
        if (status == IMGRW_OK)
            status = leave_unread(manifest, &run, error);
    }
    return status;
}

enum imgrw_status
irw_pieces_read(struct imgrw_manifest *manifest, struct irw_byte_range range,
                struct imgrw_error *error)
{
    struct stream stream = {.reader = NULL};
    enum imgrw_status status = read_stream(manifest, range, &stream, error);

    irw_tree_close(stream.reader);
    irw_tree_clear(&stream.tree);
    return status;
}

size_t
irw_stretch_end(const struct irw_source *source, size_t start)
{
    size_t end = start;

    while (end < source->text.size && end - start < STRETCH)
        end = irw_source_piece_end(source, end);
    return end;
}

void
irw_pieces_clear(struct imgrw_manifest *manifest)
{
    irw_arena_clear(&manifest->arena);
    irw_arena_clear(&manifest->findings.lasting);
    free(manifest->findings.sites);
    free(manifest->findings.embedded);
    free(manifest->findings.resources.items);
    free(manifest->findings.unselected.items);
    free(manifest->findings.possible.items);
    free(manifest->findings.warnings.items);
    free(manifest->pieces);
}
