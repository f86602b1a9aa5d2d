/*
 * References whose parts stand apart: what they are together, and what each
 * part becomes.
 */
#include "manifest/reference_parts.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define D1 \
    "sha256:0123456789abcdef0123456789abcdef" \
    "0123456789abcdef0123456789abcdef"
#define D2 \
    "sha256:fedcba9876543210fedcba9876543210" \
    "fedcba9876543210fedcba9876543210"
#define HEX1 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HEX2 "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

/* The parts by the roles' own names, without those that have no key. A `fixed`
 * one stands where nothing is changed, a `simple` one can say no digest, and a
 * `whole` registry takes all that comes before the repository. */
static const struct row {
    const char *name;
    const char *parts;  /* a flow mapping: what stands under the keys */
    const char *joined; /* what that is as a reference; NULL: nothing */
    const char *text;   /* what it must become; NULL: not tried */
    const char *wishes; /* the parts that change; NULL: it cannot be said */
} rows[] = {
    {"repository and tag", "repository: nginx, tag: '1.25'", "nginx:1.25",
     "m.example.com/hub/library/nginx:1.25",
     "repository=m.example.com/hub/library/nginx"},
    {"registry apart", "registry: quay.io, repository: acme/web, tag: v1",
     "quay.io/acme/web:v1", "m.example.com/quay/acme/web:v1",
     "registry=m.example.com repository=quay/acme/web"},
    {"registry becomes docker.io", "registry: quay.io, repository: acme/web",
     "quay.io/acme/web", "acme/web", "registry=docker.io"},
    {"empty registry is filled", "registry: '', repository: acme/web, tag: v1",
     "acme/web:v1", "m.example.com/acme/web:v1", "registry=m.example.com"},
    {"registry with a port",
     "registry: 'r.example.com:5000', repository: a/b, tag: v1",
     "r.example.com:5000/a/b:v1", "quay.io/a/b:v1", "registry=quay.io"},
    {"only the tag", "repository: acme/web, tag: v1", "acme/web:v1",
     "acme/web:v2", "tag=v2"},
    {"the same again", "repository: acme/web, tag: v1", "acme/web:v1",
     "acme/web:v1", ""},
    {"repository and name", "repository: quay.io/acme, name: web, tag: v1",
     "quay.io/acme/web:v1", "m.example.com/q/acme/web:v1",
     "repository=m.example.com/q/acme"},
    {"name with a path", "repository: quay.io, name: acme/web, tag: v1",
     "quay.io/acme/web:v1", "m.example.com/q/acme/web:v1",
     "repository=m.example.com/q"},
    {"name alone", "name: web, tag: v1", "web:v1", "m.example.com/web:v1",
     "name=m.example.com/web"},
    {"a name of more components than there are",
     "repository: quay.io, name: a/b/c", "quay.io/a/b/c", "x/y", NULL},
    {"a new last component", "repository: quay.io/acme, name: web",
     "quay.io/acme/web", "quay.io/acme/site", "name=site"},
    {"tag in the repository", "repository: 'acme/web:v1'", "acme/web:v1",
     "m.example.com/acme/web:v1", "repository=m.example.com/acme/web:v1"},
    {"no key for the tag", "repository: acme/web", "acme/web", "acme/web:v2",
     NULL},
    {"no key for the digest", "repository: acme/web, tag: v1", "acme/web:v1",
     "acme/web@" D1, "tag=" D1},
    {"digest under the tag", "repository: acme/web, tag: '" D1 "'",
     "acme/web@" D1, "m.example.com/web@" D1, "repository=m.example.com/web"},
    {"tag and digest under the tag", "repository: acme/web, tag: v1@" D1,
     "acme/web:v1@" D1, "acme/web:v2@" D2, "tag=v2@" D2},
    {"digest of its own", "repository: acme/web, digest: '" D1 "'",
     "acme/web@" D1, "acme/web@" D2, "digest=" D2},
    {"digest without its algorithm", "repository: acme/web, digest: '" HEX1 "'",
     "acme/web@" D1, "acme/web@" D2, "digest=" HEX2},
    {"digest dropped", "repository: acme/web, tag: v1, digest: '" D1 "'",
     "acme/web:v1@" D1, "acme/web:v2", "tag=v2 digest="},
    {"tag dropped", "repository: acme/web, tag: v1, digest: ''", "acme/web:v1",
     "acme/web@" D1, "tag= digest=" D1},
    {"docker.io written", "registry: docker.io, repository: library/nginx",
     "docker.io/library/nginx", "m.example.com/library/nginx",
     "registry=m.example.com"},
    {"registry with its slash",
     "registry: quay.io/, repository: acme/web, tag: v1", "quay.io/acme/web:v1",
     "m.example.com/q/acme/web:v2",
     "registry=m.example.com/ repository=q/acme/web tag=v2"},
    {"repository with the slash before it",
     "registry: quay.io, repository: /acme/web", "quay.io/acme/web",
     "m.example.com/acme/web", "registry=m.example.com"},
    {"repository with the slash after it",
     "repository: quay.io/acme/, name: web", "quay.io/acme/web",
     "m.example.com/q/acme/site", "repository=m.example.com/q/acme/ name=site"},
    {"name with the slash before it", "repository: quay.io, name: /acme/web",
     "quay.io/acme/web", "m.example.com/q/acme/site",
     "repository=m.example.com/q name=/acme/site"},
    {"two slashes", "registry: quay.io/, repository: /web", "quay.io//web",
     NULL, NULL},
    {"below a registry with its slash",
     "fixed registry: gcr.io/acme/, repository: web, tag: v1",
     "gcr.io/acme/web:v1", "gcr.io/acme/site:v1", "repository=site"},
    {"it leaves the registry with its slash",
     "fixed registry: gcr.io/acme/, repository: web, tag: v1",
     "gcr.io/acme/web:v1", "m.example.com/web:v1",
     "repository=m.example.com/web:v1"},
    {"tag in the repository, and an empty one",
     "repository: 'acme/web:v1', tag: ''", "acme/web:v1",
     "m.example.com/acme/web:v1", "repository=m.example.com/acme/web:v1"},
    {"digest in the repository, and empty keys",
     "repository: 'acme/web:v1@" D1 "', tag: '', digest: ''",
     "acme/web:v1@" D1, "m.example.com/web:v1@" D1,
     "repository=m.example.com/web:v1@" D1},
    {"tag filled in", "registry: quay.io, repository: acme/web, tag: '${T:=1}'",
     "quay.io/acme/web:${T:=1}", "m.example.com/q/acme/web:${T:=1}",
     "registry=m.example.com repository=q/acme/web"},
    {"simple tag filled in", "repository: acme/web, simple tag: '{{ a:b }}'",
     "acme/web:{{ a:b }}", "m.example.com/web:{{ a:b }}",
     "repository=m.example.com/web"},
    {"tag filled in, in the repository",
     "repository: 'acme/web:{{ a/b }}', tag: ''", "acme/web:{{ a/b }}",
     "m.example.com/web:{{ a/b }}", "repository=m.example.com/web:{{ a/b }}"},
    {"tag filled in, in the name", "repository: acme, name: 'web:${T}'",
     "acme/web:${T}", "m.example.com/q/web:${T}",
     "repository=m.example.com/q"},
    {"tag and digest filled in, under the tag",
     "repository: acme/web, tag: '$(T)@$(D)'", "acme/web:$(T)@$(D)",
     "m.example.com/web:$(T)@$(D)", "repository=m.example.com/web"},
    {"digest filled in", "repository: acme/web, digest: '${D}'",
     "acme/web@${D}", "m.example.com/web@${D}",
     "repository=m.example.com/web"},
    {"digest filled in, behind its algorithm",
     "repository: acme/web, tag: v1, digest: 'sha256:${D}'",
     "acme/web:v1@sha256:${D}", "m.example.com/web:v1@sha256:${D}",
     "repository=m.example.com/web"},
    {"only a registry", "registry: quay.io", NULL, NULL, NULL},
    {"only a tag", "tag: v1", NULL, NULL, NULL},
    {"empty repository", "repository: '', tag: v1", NULL, NULL, NULL},
    {"the colon of a port", "repository: 'r.example.com:5000/web'",
     "r.example.com:5000/web", "r.example.com:5000/web:v2", NULL},
    {"a port, and a tag", "repository: 'r.example.com:5000/web:v1'",
     "r.example.com:5000/web:v1", "r.example.com:5000/web:v2",
     "repository=r.example.com:5000/web:v2"},
    {"fixed tag stays", "repository: acme/web, fixed tag: v1", "acme/web:v1",
     "m.example.com/acme/web:v1", "repository=m.example.com/acme/web"},
    {"fixed tag would change", "repository: acme/web, fixed tag: v1",
     "acme/web:v1", "acme/web:v2", NULL},
    {"fixed tag would go", "repository: acme/web, fixed tag: v1", "acme/web:v1",
     "acme/web", NULL},
    {"another digest beside the name", "repository: acme/web, pin: '" D1 "'",
     "acme/web", "m.example.com/web", "repository=m.example.com/web"},
    {"another digest beside the tag",
     "repository: acme/web, tag: v1, pin: '" D1 "'", "acme/web:v1",
     "m.example.com/web:v2", NULL},
    {"another digest beside the digest",
     "repository: acme/web, digest: '" D1 "', pin: '" D1 "'", "acme/web@" D1,
     "acme/web@" D2, NULL},
    {"simple tag", "repository: acme/web, simple tag: v1", "acme/web:v1",
     "acme/web:v2", "simple tag=v2"},
    {"simple tag with a digest", "repository: acme/web, simple tag: v1",
     "acme/web:v1", "acme/web:v2@" D1, "simple tag=v2@" D1},
    {"digest for a simple tag", "repository: acme/web, simple tag: v1",
     "acme/web:v1", "acme/web@" D1, NULL},
    {"below a registry",
     "fixed registry: gcr.io/acme, repository: web, tag: v1",
     "gcr.io/acme/web:v1", "gcr.io/acme/site:v2", "repository=site tag=v2"},
    {"it leaves the registry",
     "fixed registry: gcr.io/acme, repository: web, tag: v1",
     "gcr.io/acme/web:v1", "m.example.com/acme/web:v1",
     "repository=m.example.com/acme/web:v1"},
    {"a registry of the same beginning",
     "fixed registry: gcr.io/acme, repository: web, tag: v1",
     "gcr.io/acme/web:v1", "gcr.io/acmes/web:v1",
     "repository=gcr.io/acmes/web:v1"},
    {"it leaves the registry without a tag",
     "fixed registry: gcr.io/acme, repository: web, tag: v1",
     "gcr.io/acme/web:v1", "m.example.com/acme/web", NULL},
    {"the registry alone is no image",
     "fixed registry: gcr.io/acme, repository: web, tag: v1",
     "gcr.io/acme/web:v1", "gcr.io/acme:v1", "repository=gcr.io/acme:v1"},
    {"what is no reference is asked for", "repository: acme/web", "acme/web",
     "Acme Web", NULL},
    /* as Replicated's documents have it, and what follows from that */
    {"into the registry",
     "whole registry: docker.io, repository: bitnami/redis",
     "docker.io/bitnami/redis",
     "proxy.replicated.com/proxy/app/docker.io/bitnami/redis",
     "whole registry=proxy.replicated.com/proxy/app/docker.io"},
    {"into an empty registry", "whole registry: '', repository: nginx, tag: v1",
     "nginx:v1", "m.example.com/hub/library/nginx:v2",
     "whole registry=m.example.com/hub/library tag=v2"},
    {"into a registry with its slash",
     "whole registry: quay.io/, repository: acme/web", "quay.io/acme/web",
     "m.example.com/q/acme/web", "whole registry=m.example.com/q/"},
    {"out of the registry's path",
     "whole registry: m.example.com/q, repository: acme/web",
     "m.example.com/q/acme/web", "quay.io/acme/web", "whole registry=quay.io"},
    {"what the names have in common",
     "whole registry: quay.io, repository: acme/web", "quay.io/acme/web",
     "m.example.com/ns/web", "whole registry=m.example.com/ns repository=web"},
    {"the end of a component is not in common",
     "whole registry: quay.io, repository: acme/web", "quay.io/acme/web",
     "m.example.com/ns/acme-web",
     "whole registry=m.example.com repository=ns/acme-web"},
    {"a tag beside the name in common",
     "whole registry: quay.io, repository: 'acme/web:v1'",
     "quay.io/acme/web:v1", "m.example.com/q/acme/web:v1",
     "whole registry=m.example.com/q"},
    {"group and name", "whole registry: quay.io, repository: acme, name: web",
     "quay.io/acme/web", "m.example.com/q/acme/web",
     "whole registry=m.example.com/q"},
    {"of group and name the name alone",
     "whole registry: quay.io, repository: acme, name: web", "quay.io/acme/web",
     "m.example.com/q/r/web", "whole registry=m.example.com repository=q/r"},
    {"into Docker Hub", "whole registry: quay.io, repository: web",
     "quay.io/web", "acme/web", "whole registry=docker.io/acme"},
    {"no registry to write into", "repository: quay.io/acme/web",
     "quay.io/acme/web", "m.example.com/q/acme/web",
     "repository=m.example.com/q/acme/web"},
};

static const char *const role_names[IRW_ROLE_COUNT] = {
    [IRW_ROLE_REGISTRY] = "registry", [IRW_ROLE_REPOSITORY] = "repository",
    [IRW_ROLE_NAME] = "name",         [IRW_ROLE_TAG] = "tag",
    [IRW_ROLE_DIGEST] = "digest",     [IRW_ROLE_PIN] = "pin",
};

/* One row at work. */
struct trial {
    struct irw_arena arena;
    struct irw_tree tree;
    struct irw_parts parts;
    struct irw_part list[IRW_ROLE_COUNT];
    struct irw_site site;
    bool into_registry;
};

static enum irw_role
role_of(imgrw_str key)
{
    for (int role = 0; role < IRW_ROLE_COUNT; role++)
        if (role_names[role] && irw_equal(key, irw_str(role_names[role])))
            return (enum irw_role)role;
    fail_msg("no role has the name %.*s", (int)key.size, key.data);
    return IRW_ROLE_WHOLE;
}

/* Takes a word and the blank after it off the key; returns whether it was
 * there. */
static bool
take_word(imgrw_str *key, const char *word)
{
    size_t size = strlen(word);

    if (!irw_starts_with(*key, irw_str(word)))
        return false;
    *key = irw_slice(*key, size + 1, key->size);
    return true;
}

/* Reads the mapping as the shapes do. */
static void
start_trial(struct trial *trial, const char *parts, char *text, size_t size)
{
    *trial = (struct trial){.site.parts = trial->list};
    snprintf(text, size, "{%s}", parts);
    assert_int_equal(irw_tree_read(&irw_libyaml, irw_extract_all(irw_str(text)),
                                   8, &trial->arena, &trial->tree, NULL),
                     IMGRW_OK);
    for (uint32_t key = 1; key < trial->tree.count; key += 2) {
        imgrw_str name = irw_tree_value(&trial->tree, key);
        bool fixed = take_word(&name, "fixed");
        bool simple = take_word(&name, "simple");
        bool whole = take_word(&name, "whole");
        enum irw_role role = role_of(name);
        imgrw_str value = irw_tree_value(&trial->tree, key + 1);

        trial->list[trial->site.part_count++] = (struct irw_part){
            .node = key + 1,
            .to = (uint32_t)value.size,
            .role = role,
            .fixed = fixed,
            .simple = simple,
        };
        trial->into_registry |= whole;
    }
    trial->parts =
        irw_parts_read(&trial->tree, trial->list, trial->site.part_count);
}

static void
end_trial(struct trial *trial)
{
    irw_tree_clear(&trial->tree);
    irw_arena_clear(&trial->arena);
}

/* The wishes as the rows have them. */
static void
describe(const struct trial *trial, const struct irw_value_edit *wishes,
         size_t count, char *text, size_t size)
{
    size_t at = 0;

    text[0] = '\0';
    for (size_t i = 0; i < count && at < size; i++) {
        imgrw_str key = irw_tree_value(&trial->tree, wishes[i].node - 1);

        at += (size_t)snprintf(text + at, size - at, "%s%.*s=%.*s",
                               i > 0 ? " " : "", (int)key.size, key.data,
                               (int)wishes[i].with.size,
                               wishes[i].with.size ? wishes[i].with.data : "");
    }
}

static void
check_split(struct support_tally *tally, const struct row *row,
            struct trial *trial)
{
    struct irw_split split = {
        .tree = &trial->tree,
        .site = &trial->site,
        .arena = &trial->arena,
        .into_registry = trial->into_registry,
        .count = 99,
    };
    struct imgrw_error error = {.message = "success"};
    char text[512];
    enum imgrw_status status =
        irw_split(&split, support_str(row->text), &error);

    if (!row->wishes) {
        support_check(tally, status == IMGRW_ERR_EDIT, "status %d",
                      (int)status);
        support_check(tally, strstr(error.message, row->text), "message: %s",
                      error.message);
        return;
    }
    if (!support_check(tally, status == IMGRW_OK, "%s", error.message))
        return;
    describe(trial, split.wishes, split.count, text, sizeof(text));
    support_check_str(tally, "wishes", support_str(text),
                      support_str(row->wishes));
}

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        const struct row *row = &rows[i];
        char text[512], buffer[IRW_JOINED_MAX];
        struct trial trial;
        imgrw_str joined;

        support_row(&tally, "%s", row->name);
        start_trial(&trial, row->parts, text, sizeof(text));
        joined = irw_join(&trial.parts, buffer);
        support_check_str(&tally, "joined", joined,
                          support_str(row->joined ? row->joined : ""));
        if (row->text)
            check_split(&tally, row, &trial);
        end_trial(&trial);
    }
    support_finish(&tally);
}

/* What is longer than any reference is none. */
static void
test_too_long(void **state)
{
    char path[IRW_JOINED_MAX], buffer[IRW_JOINED_MAX];
    struct irw_parts parts = {0};

    (void)state;
    memset(path, 'a', sizeof(path));
    parts.at[IRW_ROLE_TAG] = irw_str("v1");
    parts.at[IRW_ROLE_REPOSITORY] = (imgrw_str){path, IRW_JOINED_MAX - 4};
    assert_int_equal(irw_join(&parts, buffer).size, IRW_JOINED_MAX - 1);
    parts.at[IRW_ROLE_REPOSITORY].size++;
    assert_int_equal(irw_join(&parts, buffer).size, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_too_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
