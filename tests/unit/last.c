#include "last.h"
#include "support.h"

struct last
last_read(const char *text)
{
    struct last last = {0};
    imgrw_str str = support_str(text);

    assert_int_equal(irw_tree_read(&irw_libyaml, irw_extract_all(str), 10,
                                   &last.arena, &last.tree, NULL),
                     IMGRW_OK);
    last.node = (uint32_t)last.tree.count - 1;
    return last;
}

void
last_clear(struct last *last)
{
    irw_tree_clear(&last->tree);
    irw_arena_clear(&last->arena);
}
