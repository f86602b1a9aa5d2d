#include "bare.h"

#include <stdbool.h>
#include <yaml.h>

size_t
bare_parse(const char *text, size_t size)
{
    yaml_parser_t parser;
    yaml_event_t event;
    size_t events = 0;
    bool done = false;

    if (!yaml_parser_initialize(&parser))
        return 0;
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
    while (!done && yaml_parser_parse(&parser, &event)) {
        events++;
        done = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return events;
}
