/*
 * Random references and rules; see generate.h.
 */
#include "generate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ONE_OF(generator, list) \
    (list)[generate_number(generator, SUPPORT_COUNT(list))]

static const char *const hosts[] = {
    "docker.io", "docker.io", "index.docker.io", "quay.io", "quay.io",
    "registry.k8s.io", "ghcr.io", "public.ecr.aws", "registry.gitlab.com",
    "gcr.io", "eu.gcr.io", "a.eu.gcr.io", "mirror.gcr.io", "localhost",
    "localhost:5000", "registry:5000", "r.example.com", "r.example.com",
    "R.Example.COM", "r.example.com:443", "r.example.com:8443", "[::1]",
    "[::1]:5000", "[2001:db8::1]:443", "[2001:DB8::1]", "10.0.0.1:5000",
    "proxy.replicated.com", "registry.replicated.com", "MyReg", "QUAY.IO",
    "Docker.IO", "docker.io:443", "foo_bar.com",
    "123456789012.dkr.ecr.us-east-2.amazonaws.com",
};

static const char *const components[] = {
    "nginx", "nginx", "redis", "acme", "acme", "api", "library", "hub", "proxy",
    "my-app", "docker.io", "quay.io", "a__b", "a--b", "a.b", "x", "docker-hub",
    "quay", "docker", "0", "dependency_proxy", "containers",
};

/* One step of splitmix64. */
static uint64_t
next(struct generator *generator)
{
    uint64_t mixed = generator->state += 0x9E3779B97F4A7C15u;

    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
    return mixed ^ mixed >> 31;
}

size_t
generate_number(struct generator *generator, size_t limit)
{
    return (size_t)(next(generator) % limit);
}

bool
generate_chance(struct generator *generator, size_t percent)
{
    return generate_number(generator, 100) < percent;
}

/* ---- references ------------------------------------------------------ */

/* Appends to the text in `text`, cut at `size`. */
__attribute__((format(printf, 3, 4))) static void
append(char *text, size_t size, const char *format, ...)
{
    size_t length = strlen(text);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text + length, size - length, format, arguments);
    va_end(arguments);
}

/* Appends `count` characters of the set. */
static void
append_random(struct generator *generator, char *text, size_t size,
              const char *set, size_t count)
{
    while (count-- > 0)
        append(text, size, "%c", set[generate_number(generator, strlen(set))]);
}

/* A host that is longer than people have them. */
static void
append_long_host(struct generator *generator, char *text, size_t size)
{
    size_t labels = 4 + generate_number(generator, 11);

    while (labels-- > 0) {
        append_random(generator, text, size, "ab0", 50);
        append(text, size, ".");
    }
    append(text, size, "io");
}

static void
append_host(struct generator *generator, char *text, size_t size)
{
    if (generate_chance(generator, 2))
        append_long_host(generator, text, size);
    else
        append(text, size, "%s", ONE_OF(generator, hosts));
}

static void
append_path(struct generator *generator, char *text, size_t size)
{
    size_t count = 1 + generate_number(generator, 3);

    for (size_t i = 0; i < count; i++)
        append(text, size, "%s%s", i > 0 ? "/" : "",
               ONE_OF(generator, components));
    if (!generate_chance(generator, 4))
        return;
    append(text, size, "/");
    append_random(generator, text, size, "abc", 200 +
                  generate_number(generator, 56));
}

static void
append_tag(struct generator *generator, char *text, size_t size)
{
    static const char *const tags[] = {"1", "2", "1.25", "latest", "V1_x-Y.z",
                                       "5000"};

    if (generate_chance(generator, 95)) {
        append(text, size, "%s", ONE_OF(generator, tags));
        return;
    }
    append(text, size, "L");
    append_random(generator, text, size, "ONG_tag.-", 120 +
                  generate_number(generator, 8));
}

static void
append_digest(struct generator *generator, char *text, size_t size)
{
    static const struct {
        const char *algorithm;
        size_t digits;
    } digests[] = {{"sha256", 64}, {"sha256", 64}, {"sha384", 96},
                   {"sha512", 128}};
    size_t which = generate_number(generator, SUPPORT_COUNT(digests));
    struct generator few = {generate_number(generator, 3)};

    append(text, size, "%s:", digests[which].algorithm);
    append_random(&few, text, size, "0123456789abcdef", digests[which].digits);
}

/* Appends a tag, a digest, both or neither. */
static void
append_tail(struct generator *generator, char *text, size_t size)
{
    if (generate_chance(generator, 60)) {
        append(text, size, ":");
        append_tag(generator, text, size);
    }
    if (generate_chance(generator, 30)) {
        append(text, size, "@");
        append_digest(generator, text, size);
    }
}

static bool
is_reference(const char *text)
{
    struct imgrw_reference parsed;

    return imgrw_reference_parse(support_str(text), &parsed, NULL) == IMGRW_OK;
}

void
generate_reference(struct generator *generator, const char *below, char *text)
{
    char whole[GENERATE_LINE];

    do {
        whole[0] = '\0';
        if (below && generate_chance(generator, 50))
            append(whole, sizeof(whole), "%s/", below);
        else if (generate_chance(generator, 60)) {
            append_host(generator, whole, sizeof(whole));
            append(whole, sizeof(whole), "/");
        }
        append_path(generator, whole, sizeof(whole));
        append_tail(generator, whole, sizeof(whole));
    } while (strlen(whole) >= IMGRW_REFERENCE_MAX || !is_reference(whole));
    strcpy(text, whole);
}

/* Appends a reference without tag and digest. */
static void
append_name(struct generator *generator, char *text, size_t size)
{
    char image[IMGRW_REFERENCE_MAX];
    struct imgrw_reference parsed;

    generate_reference(generator, NULL, image);
    if (imgrw_reference_parse(support_str(image), &parsed, NULL) == IMGRW_OK)
        append(text, size, "%.*s",
               (int)(parsed.repository.data + parsed.repository.size - image),
               image);
}

/* ---- rules ----------------------------------------------------------- */

/* Appends what a prefix rule or an exclude matches. */
static void
append_pattern(struct generator *generator, char *text, size_t size)
{
    static const char *const many[] = {"*.gcr.io", "*.io", "*.example.com",
                                       "*.eu.gcr.io", "*.replicated.com", "*"};

    if (generate_chance(generator, 50)) {
        append(text, size, "%s", generate_chance(generator, 25)
                                     ? ONE_OF(generator, many)
                                     : ONE_OF(generator, hosts));
        if (generate_chance(generator, 60))
            return;
        append(text, size, "/%s", ONE_OF(generator, components));
        return;
    }
    append_name(generator, text, size);
    if (generate_chance(generator, 20))
        append_tail(generator, text, size);
}

/* Appends a registry, with or without a path, or a path on Docker Hub. */
static void
append_location(struct generator *generator, char *text, size_t size)
{
    if (generate_chance(generator, 90))
        append_host(generator, text, size);
    else
        append(text, size, "%s", ONE_OF(generator, components));
    if (generate_chance(generator, 60))
        append(text, size, "/%s", ONE_OF(generator, components));
}

static void
append_prefix(struct generator *generator, char *line)
{
    append_pattern(generator, line, GENERATE_LINE);
    append(line, GENERATE_LINE, " ");
    append_location(generator, line, GENERATE_LINE);
}

static void
append_any(struct generator *generator, char *line)
{
    static const char *const names[] = {"keep", "drop", "written"};

    append_location(generator, line, GENERATE_LINE);
    append(line, GENERATE_LINE, " %s", ONE_OF(generator, names));
}

static void
append_exclude(struct generator *generator, char *line)
{
    append_pattern(generator, line, GENERATE_LINE);
    if (generate_chance(generator, 30))
        append(line, GENERATE_LINE, "/**");
}

/* Appends an override that sets one thing at least. */
static void
append_override(struct generator *generator, char *line)
{
    static const char *const suffixes[] = {"_s", "-fips", ".1"};
    size_t what = 1 + generate_number(generator, 15);

    append(line, GENERATE_LINE, "name=");
    append_name(generator, line, GENERATE_LINE);
    if (generate_chance(generator, 15))
        append_tail(generator, line, GENERATE_LINE);
    if (what & 1) {
        append(line, GENERATE_LINE, " newName=");
        append_name(generator, line, GENERATE_LINE);
    }
    if (what & 2) {
        append(line, GENERATE_LINE, " newTag=");
        append_tag(generator, line, GENERATE_LINE);
    }
    if (what & 4) {
        append(line, GENERATE_LINE, " digest=");
        append_digest(generator, line, GENERATE_LINE);
    }
    if (what & 8)
        append(line, GENERATE_LINE, " tagSuffix=%s",
               ONE_OF(generator, suffixes));
}

static void
append_two_images(struct generator *generator, char *line)
{
    append_name(generator, line, GENERATE_LINE);
    append_tail(generator, line, GENERATE_LINE);
    append(line, GENERATE_LINE, " ");
    append_name(generator, line, GENERATE_LINE);
    append_tail(generator, line, GENERATE_LINE);
}

static void
append_known(struct generator *generator, char *line)
{
    append_name(generator, line, GENERATE_LINE);
    if (generate_chance(generator, 20))
        append_tail(generator, line, GENERATE_LINE);
    append(line, GENERATE_LINE, " %s",
           generate_chance(generator, 80) ? "private" : "public");
}

/* ---- presets --------------------------------------------------------- */

/* What the values of a key look like. */
enum value { HOST, LOCATION, UPSTREAM, LABEL, PATH, REGION, STYLE, PORT, ONLY };

static const struct {
    const char *key;
    enum value value;
} keys[] = {
    {"account", LABEL},      {"app", LABEL},       {"base", LOCATION},
    {"from", LOCATION},      {"group", PATH},      {"host", HOST},
    {"key", LABEL},          {"location", REGION}, {"namespace", PATH},
    {"only", ONLY},          {"organization", LABEL}, {"port", PORT},
    {"project", LABEL},      {"region", REGION},   {"registry", HOST},
    {"repository", LABEL},   {"style", STYLE},     {"target", PATH},
    {"upstream", UPSTREAM},
};

static enum value
value_of(const char *preset, const char *key)
{
    if (strcmp(preset, "acr") == 0 && strcmp(key, "registry") == 0)
        return LABEL;
    for (size_t i = 0; i < SUPPORT_COUNT(keys); i++)
        if (strcmp(keys[i].key, key) == 0)
            return keys[i].value;
    fail_msg("a new key: %s", key);
    return LABEL;
}

static void
append_value(struct generator *generator, enum value value, char *line)
{
    static const char *const labels[] = {"hub", "acme", "my-app", "x1", "0"};
    static const char *const regions[] = {"us-east-2", "europe-west1"};
    static const char *const styles[] = {"path", "subdomain", "joined"};
    static const char *const ports[] = {"-", "_", "--", "."};

    if (value == LOCATION)
        append_location(generator, line, GENERATE_LINE);
    else if (value == HOST || value == UPSTREAM)
        append(line, GENERATE_LINE, "%s", ONE_OF(generator, hosts));
    else
        append(line, GENERATE_LINE, "%s",
               value == REGION  ? ONE_OF(generator, regions)
               : value == STYLE ? ONE_OF(generator, styles)
               : value == PORT  ? ONE_OF(generator, ports)
               : value == ONLY  ? "private"
                                : ONE_OF(generator, labels));
    if ((value == PATH && generate_chance(generator, 30)) ||
        (value == UPSTREAM && generate_chance(generator, 10)))
        append(line, GENERATE_LINE, "/%s", ONE_OF(generator, labels));
}

/* Appends a preset with the keys that must be given and some of the others. */
static void
append_preset(struct generator *generator, char *line)
{
    const struct imgrw_preset *preset;
    size_t count = 0;
    const char *mark = ":";

    while (imgrw_preset(count))
        count++;
    preset = imgrw_preset(generate_number(generator, count));
    append(line, GENERATE_LINE, "%s", preset->name);
    for (const struct imgrw_preset_key *key = preset->keys; key->name; key++) {
        bool rare = strcmp(key->name, "only") == 0;

        if (key->value && !generate_chance(generator, rare ? 15 : 50))
            continue;
        append(line, GENERATE_LINE, "%s%s=", mark, key->name);
        append_value(generator, value_of(preset->name, key->name), line);
        mark = ",";
    }
}

void
generate_rule(struct generator *generator, enum generate_kind kind, char *line)
{
    static const char *const words[] = {
        [GENERATE_PREFIX] = "prefix",   [GENERATE_MIRROR] = "mirror",
        [GENERATE_PRESET] = "preset",   [GENERATE_EXCLUDE] = "exclude",
        [GENERATE_KNOWN] = "known",     [GENERATE_ANY] = "any",
        [GENERATE_OVERRIDE] = "override", [GENERATE_EXACT] = "exact",
    };
    static void (*const functions[])(struct generator *, char *) = {
        [GENERATE_PREFIX] = append_prefix,
        [GENERATE_MIRROR] = append_prefix,
        [GENERATE_PRESET] = append_preset,
        [GENERATE_EXCLUDE] = append_exclude,
        [GENERATE_KNOWN] = append_known,
        [GENERATE_ANY] = append_any,
        [GENERATE_OVERRIDE] = append_override,
        [GENERATE_EXACT] = append_two_images,
    };

    line[0] = '\0';
    append(line, GENERATE_LINE, "%s ", words[kind]);
    functions[kind](generator, line);
    if (kind == GENERATE_MIRROR)
        append(line, GENERATE_LINE, " %s",
               generate_chance(generator, 50) ? "digest" : "tag");
}

void
generate_damage(struct generator *generator, char *text)
{
    static const char odd[] = "/:@=,*.-_A[]%\x7F\x01\xC3";
    size_t length = strlen(text);
    char *at = text + generate_number(generator, length);

    switch (generate_number(generator, 4)) {
    case 0:
        *at = odd[generate_number(generator, sizeof(odd) - 1)];
        break;
    case 1:
        *at = '\0';
        break;
    case 2:
        memmove(at, at + 1, strlen(at));
        break;
    default:
        memset(at, at[0], generate_number(generator, 1 + strlen(at)));
        break;
    }
}
