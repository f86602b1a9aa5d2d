#include "manifest/shares.h"
#include "base/error.h"
#include "base/threads.h"
#include "manifest/pieces.h"
#include "manifest/warnings.h"

#include <stdlib.h>

/* What one thread reads, and finds. Offsets and lines are those of the whole
 * text, but numbers begin anew. */
struct share {
    struct imgrw_manifest manifest;
    struct irw_byte_range range;
    enum imgrw_status status;
    struct imgrw_error error;
};

/* The numbers of what comes first in a share. */
struct numbers {
    size_t document, site, embedded, resource;
};

/* Adds to a number that may say that there is none. */
static void
move_number(size_t *number, size_t by)
{
    if (*number != SIZE_MAX)
        *number += by;
}

static void
move_number_32(uint32_t *number, size_t by)
{
    if (*number != UINT32_MAX)
        *number += (uint32_t)by;
}

static bool
join_sites(struct irw_findings *into, const struct irw_findings *from,
           const struct numbers *by)
{
    if (!irw_grow(&into->sites, &into->site_capacity,
                  into->site_count + from->site_count, sizeof(*into->sites)))
        return false;
    for (size_t i = 0; i < from->site_count; i++) {
        struct irw_site *site = &into->sites[into->site_count++];

        *site = from->sites[i];
        site->order += by->site;
        site->image.document += by->document;
        move_number(&site->image.resource, by->resource);
        move_number_32(&site->document, by->embedded);
        move_number_32(&site->anchor, by->site);
    }
    return true;
}

static bool
join_embedded(struct irw_findings *into, const struct irw_findings *from,
              const struct numbers *by)
{
    if (!irw_grow(&into->embedded, &into->embedded_capacity,
                  into->embedded_count + from->embedded_count,
                  sizeof(*into->embedded)))
        return false;
    for (size_t i = 0; i < from->embedded_count; i++) {
        struct irw_embedded *embedded = &into->embedded[into->embedded_count++];

        *embedded = from->embedded[i];
        move_number_32(&embedded->outer, by->embedded);
        move_number(&embedded->resource, by->resource);
    }
    return true;
}

static bool
join_lists(struct irw_findings *into, const struct irw_findings *from,
           const struct numbers *by)
{
    bool joined = true;

    for (size_t i = 0; i < from->resources.count && joined; i++) {
        struct imgrw_resource resource = from->resources.items[i];

        move_number(&resource.outer, by->resource);
        joined = IRW_APPEND(&into->resources, resource);
    }
    for (size_t i = 0; i < from->possible.count && joined; i++) {
        struct imgrw_image image = from->possible.items[i];

        image.document += by->document;
        joined = IRW_APPEND(&into->possible, image);
    }
    for (size_t i = 0; i < from->unselected.count && joined; i++)
        joined = IRW_APPEND(&into->unselected, from->unselected.items[i]);
    return joined && irw_warnings_join(into, from);
}

static bool
join_pieces(struct imgrw_manifest *into, const struct imgrw_manifest *from,
            const struct numbers *by)
{
    if (!irw_grow(&into->pieces, &into->piece_capacity,
                  into->piece_count + from->piece_count,
                  sizeof(*into->pieces)))
        return false;
    for (size_t i = 0; i < from->piece_count; i++) {
        struct irw_piece *piece = &into->pieces[into->piece_count++];

        *piece = from->pieces[i];
        piece->first_site += by->site;
    }
    return true;
}

/* Adds what a share has found, and takes over the memory of it. */
static bool
join(struct imgrw_manifest *into, struct imgrw_manifest *from)
{
    struct irw_findings *findings = &into->findings;
    const struct numbers by = {
        .document = into->document_count,
        .site = findings->site_count,
        .embedded = findings->embedded_count,
        .resource = findings->resources.count,
    };

    if (!join_pieces(into, from, &by) ||
        !join_sites(findings, &from->findings, &by) ||
        !join_embedded(findings, &from->findings, &by) ||
        !join_lists(findings, &from->findings, &by))
        return false;
    for (size_t i = 0; i < into->field_count; i++)
        findings->fields_met[i] |= from->findings.fields_met[i];
    into->document_count += from->document_count;
    into->unread += from->unread;
    irw_arena_join(&into->arena, &from->arena);
    irw_arena_join(&findings->lasting, &from->findings.lasting);
    return true;
}

/* Divides the text into at most `most` shares of about the same size, each of
 * which ends where a stretch does; returns how many. */
static size_t
divide(const struct irw_source *source, size_t most, struct share *shares)
{
    size_t size = source->text.size, fair = (size - source->start) / most;
    size_t count = 0, start = source->start;

    while (start < size) {
        size_t end =
            count + 1 == most ? size : irw_stretch_end(source, start);

        while (end < size && end - source->start < fair * (count + 1))
            end = irw_stretch_end(source, end);
        shares[count++].range = (struct irw_byte_range){start, end};
        start = end;
    }
    return count;
}

/* Makes a share ready to be read. */
static bool
open_share(struct share *share, const struct imgrw_manifest *whole)
{
    struct imgrw_manifest *manifest = &share->manifest;

    manifest->source = whole->source;
    manifest->search = whole->search;
    manifest->findings.source = &whole->source;
    manifest->findings.arena = &manifest->arena;
    manifest->findings.fields_met =
        irw_arena_calloc(&manifest->arena, whole->field_count, sizeof(bool));
    return manifest->findings.fields_met != NULL;
}

static void
read_share(size_t number, void *user)
{
    struct share *share = (struct share *)user + number;

    share->status =
        irw_pieces_read(&share->manifest, share->range, &share->error);
}

/* Reads the shares, and joins them. */
static enum imgrw_status
read_shares(struct imgrw_manifest *manifest, struct share *shares, size_t count,
            struct imgrw_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!open_share(&shares[i], manifest))
            return irw_fail_memory(error);
    irw_in_threads(count, read_share, shares);
    for (size_t i = 0; i < count; i++) {
        if (shares[i].status != IMGRW_OK) {
            if (error)
                *error = shares[i].error;
            return shares[i].status;
        }
        if (!join(manifest, &shares[i].manifest))
            return irw_fail_memory(error);
    }
    return IMGRW_OK;
}

enum imgrw_status
irw_shares_read(struct imgrw_manifest *manifest, unsigned jobs,
                struct imgrw_error *error)
{
    const struct irw_source *source = &manifest->source;
    struct irw_byte_range whole = {source->start, source->text.size};
    size_t most = irw_thread_count(whole.end - whole.start, jobs), count;
    struct share *shares;
    enum imgrw_status status;

    if (most == 1)
        return irw_pieces_read(manifest, whole, error);
    shares = calloc(most, sizeof(*shares));
    if (!shares)
        return irw_fail_memory(error);
    count = divide(source, most, shares);
    status = read_shares(manifest, shares, count, error);
    for (size_t i = 0; i < count; i++)
        irw_pieces_clear(&shares[i].manifest);
    free(shares);
    return status;
}
