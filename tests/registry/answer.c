#include "answer.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    enum irw_ending ending;
} endings[] = {
    {"NO_HOST", IRW_ENDING_NO_HOST},
    {"NO_CONNECTION", IRW_ENDING_NO_CONNECTION},
    {"NO_CONNECTION_IN_TIME", IRW_ENDING_NO_CONNECTION_IN_TIME},
    {"LOST", IRW_ENDING_LOST},
    {"EMPTY", IRW_ENDING_EMPTY},
    {"PROXY", IRW_ENDING_PROXY},
    {"TIMEOUT", IRW_ENDING_TIMEOUT},
    {"CERTIFICATE", IRW_ENDING_CERTIFICATE},
    {"OWN_CERTIFICATE", IRW_ENDING_OWN_CERTIFICATE},
    {"HANDSHAKE", IRW_ENDING_HANDSHAKE},
    {"TOO_LARGE", IRW_ENDING_TOO_LARGE},
    {"NO_HTTP", IRW_ENDING_NO_HTTP},
    {"INTERNAL", IRW_ENDING_INTERNAL},
    {"MEMORY", IRW_ENDING_MEMORY},
};

static void
add_lines(const char *text, struct irw_response *response)
{
    const char *end;

    while (*text != '\0' && *text != '\n') {
        end = strchr(text, '\n');
        assert_non_null(end);
        irw_response_add_line(response,
                              (imgrw_str){text, (size_t)(end + 1 - text)});
        text = end + 1;
    }
    if (*text == '\n')
        irw_bytes_add_text(&response->body, text + 1);
}

void
make_response(const char *text, struct irw_response *response)
{
    *response = (struct irw_response){0};
    for (size_t i = 0; i < SUPPORT_COUNT(endings); i++)
        if (strcmp(text, endings[i].name) == 0)
            response->ending = endings[i].ending;
    if (response->ending != IRW_ENDING_RESPONSE)
        return;
    assert_memory_equal(text, "HTTP/1.1 ", 9);
    response->status = (unsigned)strtoul(text + 9, NULL, 10);
    add_lines(text, response);
    irw_response_finish(response);
}
