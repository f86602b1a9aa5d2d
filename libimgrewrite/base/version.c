/*
 * The version, which is said in imgrewrite/version.h and in meson.build; a test
 * holds the two together.
 */
#include <imgrewrite/version.h>

#define QUOTE(number) #number
#define DOTTED(major, minor, patch) \
    QUOTE(major) "." QUOTE(minor) "." QUOTE(patch)

const char *
imgrw_version(void)
{
    return DOTTED(IMGRW_VERSION_MAJOR, IMGRW_VERSION_MINOR,
                  IMGRW_VERSION_PATCH);
}

uint32_t
imgrw_version_number(void)
{
    return IMGRW_VERSION_NUMBER;
}
