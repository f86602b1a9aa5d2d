#include "base/sizes.h"
#include "base/error.h"

#include <imgrewrite/version.h>

#include <string.h>

enum imgrw_status
irw_sized_copy(void *to, size_t size, const void *from, const char *name,
               struct imgrw_error *error)
{
    size_t given = 0;

    memset(to, 0, size);
    if (!from)
        return IMGRW_OK;
    memcpy(&given, from, sizeof(given));
    if (given < sizeof(given))
        return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                        "%s.size is not set", name);
    for (size_t i = size; i < given; i++)
        if (((const char *)from)[i] != 0)
            return irw_fail(error, IMGRW_ERR_ARGUMENT, IRW_NO_LOCATION,
                            "%s uses a field that libimgrewrite %s lacks", name,
                            imgrw_version());
    memcpy(to, from, given < size ? given : size);
    return IMGRW_OK;
}
