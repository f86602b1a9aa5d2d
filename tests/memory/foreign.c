/*
 * Calls of other libraries inside of which memory is never short, for they do
 * not bear it. Of libfyaml 0.7.12, fy_parse_input_append, called by
 * fy_parser_set_string, writes through NULL when fy_input_create fails, and
 * fy_parser_create leaks the document state whose tags it could not add.
 * glibc's regcomp leaks what it has read of a group. Nothing that the library
 * does can help that.
 *
 * So each call counts as one allocation of its own, which fails before the call
 * begins, and those made in there neither count nor fail. fy_diag_create, which
 * bears it, is left alone. The linker puts the functions here in the place of
 * the real ones (--wrap).
 */
#include "allocator.h"

#include <libfyaml.h>

#include <regex.h>

struct fy_parser *__real_fy_parser_create(const struct fy_parse_cfg *cfg);
int __real_fy_parser_set_string(struct fy_parser *parser, const char *text,
                                size_t size);
struct fy_event *__real_fy_parser_parse(struct fy_parser *parser);
int __real_regcomp(regex_t *made, const char *text, int flags);

struct fy_parser *__wrap_fy_parser_create(const struct fy_parse_cfg *cfg);
int __wrap_fy_parser_set_string(struct fy_parser *parser, const char *text,
                                size_t size);
struct fy_event *__wrap_fy_parser_parse(struct fy_parser *parser);
int __wrap_regcomp(regex_t *made, const char *text, int flags);

struct fy_parser *
__wrap_fy_parser_create(const struct fy_parse_cfg *cfg)
{
    struct fy_parser *parser;

    if (allocator_fails())
        return NULL;
    allocator_excuse(1);
    parser = __real_fy_parser_create(cfg);
    allocator_excuse(-1);
    return parser;
}

int
__wrap_fy_parser_set_string(struct fy_parser *parser, const char *text,
                            size_t size)
{
    int result;

    if (allocator_fails())
        return -1;
    allocator_excuse(1);
    result = __real_fy_parser_set_string(parser, text, size);
    allocator_excuse(-1);
    return result;
}

struct fy_event *
__wrap_fy_parser_parse(struct fy_parser *parser)
{
    struct fy_event *event;

    if (allocator_fails())
        return NULL;
    allocator_excuse(1);
    event = __real_fy_parser_parse(parser);
    allocator_excuse(-1);
    return event;
}

int
__wrap_regcomp(regex_t *made, const char *text, int flags)
{
    int result;

    if (allocator_fails())
        return REG_ESPACE;
    allocator_excuse(1);
    result = __real_regcomp(made, text, flags);
    allocator_excuse(-1);
    return result;
}
