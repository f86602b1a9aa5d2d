#include "config/lines.h"
#include "base/str.h"

static imgrw_str
trim(imgrw_str line)
{
    while (line.size > 0 && strchr(" \t\r\n", line.data[line.size - 1]))
        line.size--;
    while (line.size > 0 && irw_is_white(line.data[0]))
        line = irw_slice(line, 1, line.size);
    return line;
}

bool
irw_next_line(imgrw_str text, size_t *from, imgrw_str *line)
{
    while (*from < text.size) {
        size_t end = irw_line_end(text, *from);

        *line = trim(irw_slice(text, *from, end));
        *from = end;
        if (line->size > 0)
            return true;
    }
    return false;
}

bool
irw_is_lines(imgrw_str text, size_t start)
{
    imgrw_str line;
    size_t from = start;
    int objects = 0;

    while (objects < 2 && irw_next_line(text, &from, &line)) {
        if (line.data[0] != '{' || line.data[line.size - 1] != '}')
            return false;
        objects++;
    }
    return objects == 2;
}
