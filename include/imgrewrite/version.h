/*
 * The version of the headers, for the preprocessor, and that of the library
 * that is running.
 */
#pragma once

#include <imgrewrite/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define IMGRW_VERSION_MAJOR 0
#define IMGRW_VERSION_MINOR 1
#define IMGRW_VERSION_PATCH 0

/* One number that grows with every release; each part is below 100. */
#define IMGRW_VERSION_NUMBER \
    (IMGRW_VERSION_MAJOR * 10000 + IMGRW_VERSION_MINOR * 100 + \
     IMGRW_VERSION_PATCH)

/* The version of the library that is running, such as "0.1.0". */
IMGRW_EXPORT const char *imgrw_version(void);

/* The same as a number, as in IMGRW_VERSION_NUMBER. */
IMGRW_EXPORT uint32_t imgrw_version_number(void);

#ifdef __cplusplus
}
#endif
