#include "kustomize/value_patch.h"
#include "base/str.h"
#include "kubernetes/json_patch.h"

/* Where a pointer leads to: a child of `parent`, which may not be there. */
struct pointed {
    struct irw_value *parent;
    imgrw_str key;            /* in a mapping */
    struct irw_value *before; /* the child before it, in a sequence */
    struct irw_value *child;  /* NULL: there is none */
    enum irw_patching found;
};

/* Reads a position in a list; false where it is none. */
static bool
read_index(imgrw_str token, size_t *index)
{
    *index = 0;
    if (token.size == 0 || token.size > 9)
        return false;
    for (size_t i = 0; i < token.size; i++) {
        if (token.data[i] < '0' || token.data[i] > '9')
            return false;
        *index = *index * 10 + (size_t)(token.data[i] - '0');
    }
    return true;
}

/* Looks for an item, or for the end behind the last one. */
static void
find_item(struct irw_value_work *work, struct pointed *at)
{
    bool last = irw_equal(at->key, IRW_STR("-"));
    size_t index;

    if (last) {
        at->before = at->parent->last;
        return;
    }
    if (!read_index(at->key, &index)) {
        /* a sign is read, and some releases count from the end */
        at->found = at->key.size > 0 && strchr("+-", at->key.data[0])
                        ? IRW_PATCHING_UNKNOWN
                        : IRW_PATCHING_FAILED;
        return;
    }
    at->child = at->parent->first;
    for (size_t i = 0; i < index; i++) {
        if (!at->child || !irw_value_take(work, 1)) {
            at->found = IRW_PATCHING_FAILED;
            return;
        }
        at->before = at->child;
        at->child = at->child->next;
    }
}

/* Takes a step down from `parent`. */
static void
step(struct irw_value_work *work, imgrw_str token, struct pointed *at)
{
    at->key = irw_pointer_key(token, work->arena);
    at->before = at->child = NULL;
    work->failed |= !at->key.data;
    if (work->failed || at->parent->type == IRW_VALUE_SCALAR)
        at->found = IRW_PATCHING_FAILED;
    else if (at->parent->type == IRW_VALUE_SEQUENCE)
        find_item(work, at);
    else
        at->child = irw_value_find(work, at->parent, at->key);
}

/* Follows a pointer from the root; one to the root itself is not known. */
static struct pointed
follow(struct irw_value_work *work, struct irw_value *root, imgrw_str pointer)
{
    struct pointed at = {.parent = root};
    imgrw_str token;
    bool first = true;

    while (at.found == IRW_PATCHING_DONE &&
           irw_pointer_next(&pointer, &token)) {
        if (!first)
            at.parent = at.child;
        first = false;
        if (!at.parent)
            at.found = IRW_PATCHING_FAILED;
        else
            step(work, token, &at);
    }
    if (first)
        at.found = IRW_PATCHING_UNKNOWN;
    return at;
}

/* Puts a value where a pointer leads to. */
static void
put(struct irw_value_work *work, struct pointed *at,
    const struct irw_value *value)
{
    struct irw_value *made = irw_value_copy(work, value, false);

    if (!made)
        return;
    made->key = at->key;
    if (at->parent->type == IRW_VALUE_MAPPING && at->child)
        irw_value_become(at->child, made);
    else
        irw_value_insert(at->parent,
                         at->parent->type == IRW_VALUE_MAPPING
                             ? at->parent->last
                             : at->before,
                         made);
}

/* Whether two values are the same, however they are spelled. */
static bool
is_same(struct irw_value_work *work, const struct irw_value *one,
        const struct irw_value *other)
{
    const struct irw_value *child = one->first;
    size_t count = 0;

    if (one->type != other->type || !irw_value_take(work, 1))
        return false;
    if (one->type == IRW_VALUE_SCALAR)
        return irw_equal(one->text, other->text);
    for (const struct irw_value *each = other->first; each; each = each->next) {
        const struct irw_value *found =
            one->type == IRW_VALUE_MAPPING
                ? irw_value_find(work, one, each->key)
                : child;

        if (!found || !is_same(work, found, each))
            return false;
        child = child ? child->next : NULL;
        count++;
    }
    for (child = one->first; child; child = child->next)
        count--;
    return count == 0;
}

static imgrw_str
text_of(struct irw_value_work *work, const struct irw_value *operation,
        const char *key)
{
    const struct irw_value *found =
        irw_value_find(work, operation, irw_str(key));

    return found ? found->text : (imgrw_str){0};
}

/* Copies or moves a value. */
static enum irw_patching
copy_or_move(struct irw_value_work *work, struct irw_value *root,
             const struct irw_value *operation, bool move)
{
    struct pointed from =
        follow(work, root, text_of(work, operation, "from"));
    struct pointed to;
    struct irw_value *kept;

    if (from.found != IRW_PATCHING_DONE || !from.child)
        return from.found == IRW_PATCHING_UNKNOWN ? from.found
                                                  : IRW_PATCHING_FAILED;
    kept = irw_value_copy(work, from.child, false);
    if (move)
        irw_value_remove(from.parent, from.child);
    to = follow(work, root, text_of(work, operation, "path"));
    if (kept && to.found == IRW_PATCHING_DONE)
        put(work, &to, kept);
    return to.found;
}

/* Tests a value. Numbers and the like are spelled in many ways. */
static enum irw_patching
test(struct irw_value_work *work, const struct irw_value *there,
     const struct irw_value *value)
{
    if (!there)
        return value->is_null ? IRW_PATCHING_DONE : IRW_PATCHING_FAILED;
    if (is_same(work, there, value))
        return IRW_PATCHING_DONE;
    return there->type == IRW_VALUE_SCALAR && there->is_plain &&
                   value->type == IRW_VALUE_SCALAR && value->is_plain
               ? IRW_PATCHING_UNKNOWN
               : IRW_PATCHING_FAILED;
}

/* Applies an operation that says its value, or needs none. */
static enum irw_patching
apply_here(struct irw_value_work *work, struct irw_value *root,
           const struct irw_value *operation, imgrw_str op)
{
    struct pointed at = follow(work, root, text_of(work, operation, "path"));
    const struct irw_value *value =
        irw_value_find(work, operation, IRW_STR("value"));

    if (at.found != IRW_PATCHING_DONE)
        return irw_equal(op, IRW_STR("test")) ? IRW_PATCHING_UNKNOWN : at.found;
    if (irw_equal(op, IRW_STR("remove"))) {
        if (!at.child)
            return IRW_PATCHING_FAILED;
        irw_value_remove(at.parent, at.child);
        return IRW_PATCHING_DONE;
    }
    if (!value)
        return IRW_PATCHING_UNKNOWN;
    if (irw_equal(op, IRW_STR("add"))) {
        put(work, &at, value);
        return IRW_PATCHING_DONE;
    }
    if (irw_equal(op, IRW_STR("test")))
        return test(work, at.child, value);
    if (!at.child)
        return IRW_PATCHING_FAILED;
    if (!irw_equal(op, IRW_STR("replace")))
        return IRW_PATCHING_UNKNOWN;
    value = irw_value_copy(work, value, false);
    if (value)
        irw_value_become(at.child, value);
    return IRW_PATCHING_DONE;
}

/* Applies an operation. Metadata may have got more on the way than its file
 * says: labels, annotations, another name. What is not found there has no
 * images. */
static enum irw_patching
apply_operation(struct irw_value_work *work, struct irw_value *root,
                const struct irw_value *operation)
{
    const imgrw_str metadata = IRW_STR("/metadata");
    imgrw_str op = text_of(work, operation, "op");
    bool move = irw_equal(op, IRW_STR("move"));
    enum irw_patching done;

    if (move || irw_equal(op, IRW_STR("copy"))) {
        done = copy_or_move(work, root, operation, move);
        return done == IRW_PATCHING_FAILED &&
                       irw_starts_with(text_of(work, operation, "from"),
                                       metadata)
                   ? IRW_PATCHING_UNKNOWN
                   : done;
    }
    done = apply_here(work, root, operation, op);
    return irw_starts_with(text_of(work, operation, "path"), metadata)
               ? IRW_PATCHING_DONE
               : done;
}

static enum irw_patching
apply_operations(struct irw_value_work *work, struct irw_value *root,
                 const struct irw_value *patch)
{
    enum irw_patching done = IRW_PATCHING_DONE;

    for (const struct irw_value *operation = patch->first;
         operation && done == IRW_PATCHING_DONE; operation = operation->next)
        done = apply_operation(work, root, operation);
    return done;
}

/* What a mapping of a patch says is to be done with it (`$patch`): empty where
 * it is to be merged. */
static imgrw_str
directive_of(struct irw_value_work *work, const struct irw_value *patch)
{
    const struct irw_value *found =
        irw_value_find(work, patch, IRW_STR("$patch"));

    return found && !irw_equal(found->text, IRW_STR("merge"))
               ? found->text
               : (imgrw_str){0};
}

static enum irw_patching merge(struct irw_value_work *work,
                               struct irw_value *into,
                               const struct irw_value *patch);

/* Puts what a patch has under a key in the place of what is there, or where
 * nothing is. */
static void
replace(struct irw_value_work *work, struct irw_value *into,
        struct irw_value *there, const struct irw_value *with)
{
    struct irw_value *made = irw_value_copy(work, with, true);
    const struct irw_value *directive =
        made ? irw_value_find(work, made, IRW_STR("$patch")) : NULL;

    if (directive)
        irw_value_remove(made, directive);
    if (made && there)
        irw_value_become(there, made);
    else if (made)
        irw_value_insert(into, into->last, made);
}

/* Merges what a patch has under one key. */
static enum irw_patching
merge_child(struct irw_value_work *work, struct irw_value *into,
            const struct irw_value *child)
{
    struct irw_value *there = irw_value_find(work, into, child->key);
    imgrw_str directive = directive_of(work, child);

    if (child->is_null || irw_equal(directive, IRW_STR("delete"))) {
        if (there)
            irw_value_remove(into, there);
        return IRW_PATCHING_DONE;
    }
    if (directive.size > 0 && !irw_equal(directive, IRW_STR("replace")))
        return IRW_PATCHING_UNKNOWN;
    if (directive.size == 0 && there && there->type == IRW_VALUE_MAPPING &&
        child->type == IRW_VALUE_MAPPING)
        return merge(work, there, child);
    replace(work, into, there, child);
    return IRW_PATCHING_DONE;
}

/* Merges a mapping into another one. What else a patch may say with `$` is not
 * done here. */
static enum irw_patching
merge(struct irw_value_work *work, struct irw_value *into,
      const struct irw_value *patch)
{
    enum irw_patching done = IRW_PATCHING_DONE;

    for (const struct irw_value *child = patch->first;
         child && done == IRW_PATCHING_DONE; child = child->next) {
        if (irw_equal(child->key, IRW_STR("$patch")))
            continue;
        done = child->key.size > 0 && child->key.data[0] == '$'
                   ? IRW_PATCHING_UNKNOWN
                   : merge_child(work, into, child);
    }
    return done;
}

/* Merges a patch of a whole resource. */
static enum irw_patching
merge_all(struct irw_value_work *work, struct irw_value *resource,
          const struct irw_value *patch)
{
    imgrw_str directive = directive_of(work, patch);

    if (irw_equal(directive, IRW_STR("delete")))
        return IRW_PATCHING_GONE;
    return directive.size > 0 ? IRW_PATCHING_UNKNOWN
                              : merge(work, resource, patch);
}

enum irw_patching
irw_value_patch(struct irw_value_work *work, struct irw_value *resource,
                const struct irw_value *patch)
{
    enum irw_patching done = IRW_PATCHING_UNKNOWN;

    if (patch->type == IRW_VALUE_SEQUENCE)
        done = apply_operations(work, resource, patch);
    else if (patch->type == IRW_VALUE_MAPPING)
        done = merge_all(work, resource, patch);
    return work->spent ? IRW_PATCHING_UNKNOWN : done;
}
