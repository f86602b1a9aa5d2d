#include "bare.h"

#include <libfyaml.h>

size_t
bare_parse(const char *text, size_t size)
{
    struct fy_diag_cfg diag_cfg;
    struct fy_parse_cfg cfg = {.search_path = "", .flags = FYPCF_QUIET};
    struct fy_parser *parser;
    struct fy_event *event;
    size_t events = 0;

    fy_diag_cfg_default(&diag_cfg);
    diag_cfg.fp = NULL;
    cfg.diag = fy_diag_create(&diag_cfg);
    fy_diag_set_collect_errors(cfg.diag, true);
    parser = fy_parser_create(&cfg);
    if (parser && fy_parser_set_string(parser, text, size) == 0) {
        while ((event = fy_parser_parse(parser))) {
            events++;
            fy_parser_event_free(parser, event);
        }
    }
    if (parser)
        fy_parser_destroy(parser);
    fy_diag_destroy(cfg.diag);
    return events;
}
