#include "reference/print.h"
#include "base/error.h"

#include <string.h>

/* Appends `mark` and `part` to what the buffer holds, unless `part` is empty.
 * One byte is left for the NUL. */
static bool
append(struct imgrw_reference_buffer *buffer, size_t *used, const char *mark,
       imgrw_str part)
{
    size_t left = sizeof(buffer->bytes) - 1 - *used;

    if (part.size == 0)
        return true;
    if (part.size > left || strlen(mark) > left - part.size)
        return false;
    *used += (size_t)(stpcpy(buffer->bytes + *used, mark) -
                      (buffer->bytes + *used));
    memcpy(buffer->bytes + *used, part.data, part.size);
    *used += part.size;
    return true;
}

bool
irw_reference_print(const struct imgrw_reference *reference,
                    struct imgrw_reference_buffer *buffer, imgrw_str *text)
{
    size_t used = 0;

    if (!append(buffer, &used, "", reference->registry) ||
        !append(buffer, &used, used > 0 ? "/" : "", reference->repository) ||
        !append(buffer, &used, ":", reference->tag) ||
        !append(buffer, &used, "@", reference->digest))
        return false;
    buffer->bytes[used] = '\0';
    *text = (imgrw_str){buffer->bytes, used};
    return true;
}

enum imgrw_status
imgrw_reference_format(const struct imgrw_reference *reference,
                       struct imgrw_reference_buffer *buffer, imgrw_str *text,
                       struct imgrw_error *error)
{
    if (!reference || !buffer || !text || reference->repository.size == 0)
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "a reference with a repository, a buffer and a result "
                        "are needed");
    if (!irw_reference_print(reference, buffer, text))
        return irw_fail(error, IMGRW_ERR_LIMIT, IRW_NO_LOCATION,
                        "the reference is longer than %d bytes",
                        IMGRW_REFERENCE_MAX - 1);
    return IMGRW_OK;
}
