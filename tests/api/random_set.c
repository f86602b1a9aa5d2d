/*
 * Sets of random rules; see random_set.h.
 */
#include "random_set.h"
#include "rules_text.h"

#include <stdio.h>
#include <string.h>

bool
line_is(const char *line, const char *kind)
{
    return strncmp(line, kind, strlen(kind)) == 0;
}

bool
add_line(struct set *set, const char *line)
{
    size_t before = imgrw_rules_count(set->rules);

    if (rules_text_add(set->rules, line, NULL) != IMGRW_OK)
        return false;
    if (imgrw_rules_count(set->rules) > before)
        strcpy(set->lines[set->count++], line);
    return true;
}

void
begin_set(struct set *set, uint64_t seed)
{
    memset(set, 0, sizeof(*set));
    set->seed = set->generator.state = seed;
    assert_int_equal(imgrw_rules_new(&set->rules, NULL), IMGRW_OK);
}

void
make_set(struct set *set, uint64_t seed)
{
    char line[GENERATE_LINE];
    size_t wanted;

    begin_set(set, seed);
    wanted = 1 + generate_number(&set->generator, RULES);
    set->may_change_tags = seed % 2;
    while (set->count < wanted) {
        size_t kinds = set->may_change_tags ? GENERATE_KINDS
                                            : GENERATE_OVERRIDE;

        generate_rule(&set->generator, generate_number(&set->generator, kinds),
                      line);
        add_line(set, line);
    }
    set->accepted = imgrw_rules_check(set->rules, NULL, NULL, NULL) ==
                    IMGRW_OK;
}

void
end_set(struct set *set, struct support_tally *tally, size_t failed_before)
{
    if (tally->failed > failed_before) {
        print_error("  the rules of seed %llu:\n",
                    (unsigned long long)set->seed);
        for (size_t i = 0; i < set->count; i++)
            print_error("    %s\n", set->lines[i]);
    }
    imgrw_rules_free(set->rules);
}

/* A registry or path that some rule of the set speaks of, for an image to lie
 * under: what stands behind a blank or, in presets, behind a "=". */
static const char *
choose_below(struct set *set, char *buffer)
{
    const char *line =
        set->lines[generate_number(&set->generator, set->count)];
    const char *marks = line_is(line, "preset") ? "=" : " =";
    const char *at = line + strcspn(line, " ") + 1;

    for (const char *next = at; (next = strpbrk(next, marks));) {
        next++;
        if (generate_chance(&set->generator, 50))
            at = next;
    }
    snprintf(buffer, GENERATE_LINE, "%.*s", (int)strcspn(at, " ,"), at);
    return buffer;
}

void
make_image(struct set *set, char *image)
{
    char below[GENERATE_LINE];

    generate_reference(&set->generator, choose_below(set, below), image);
}

void
apply_set(const struct set *set, const char *image, struct applied *applied)
{
    memset(applied, 0, sizeof(*applied));
    strcpy(applied->image, image);
    applied->outcome.rule_count = UNTOUCHED;
    applied->status =
        imgrw_rules_apply(set->rules, support_str(applied->image),
                          &applied->buffer, &applied->outcome, &applied->error);
}

void
begin_row(struct support_tally *tally, const struct set *set,
          const char *image)
{
    support_row(tally, "seed %llu: %.400s", (unsigned long long)set->seed,
                image);
}

bool
same_outcome(const struct imgrw_outcome *one, const struct imgrw_outcome *other)
{
    return one->result == other->result &&
           one->access_unknown == other->access_unknown &&
           one->rule_count == other->rule_count &&
           memcmp(one->rules, other->rules,
                  one->rule_count * sizeof(one->rules[0])) == 0 &&
           support_equal(one->text, other->text);
}
