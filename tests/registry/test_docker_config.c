/*
 * Files of logins. The numbers are of configurations that skopeo 1.9.3 was
 * given as --authfile for 127.0.0.1:5130/ns/app/img; what the registry then got
 * is expected. L26 to L28 are in test_credential_helper.c.
 */
#include "registry/docker_config.h"
#include "registry/bytes.h"
#include "support.h"

#include <stdio.h>
#include <string.h>

#define HOST "127.0.0.1:5130"

/* What is found: "user:password", and an identity token behind it; ":" for
 * nothing; "helper NAME for SERVER"; or "error: " and words of the message. */
static const struct skopeo_row {
    const char *name, *text;
    const char *skopeo, *ours; /* NULL: the same */
} skopeo_rows[] = {
    {"L01 host",
     "{\"auths\":{\"" HOST "\":{\"auth\":\"aDpw\"}}}",
     "h:p", NULL},
    {"L02 https",
     "{\"auths\":{\"https://" HOST "\":{\"auth\":\"dTpw\"}}}",
     "u:p", NULL},
    {"L03 https with the old API",
     "{\"auths\":{\"https://" HOST "/v1/\":{\"auth\":\"djE6cA==\"}}}",
     "v1:p", NULL},
    {"L04 http with a path",
     "{\"auths\":{\"http://" HOST "/v2/\":{\"auth\":\"djI6cA==\"}}}",
     "v2:p", NULL},
    {"L05 slash",
     "{\"auths\":{\"" HOST "/\":{\"auth\":\"eDpw\"}}}",
     ":", NULL},
    {"L06 repository, namespace, host",
     "{\"auths\":{\"" HOST "\":{\"auth\":\"aDpw\"},\"" HOST
     "/ns\":{\"auth\":\"bnM6cA==\"},\"" HOST
     "/ns/app/img\":{\"auth\":\"cmVwbzpw\"}}}",
     "repo:p", NULL},
    {"L07 namespace, host",
     "{\"auths\":{\"" HOST "\":{\"auth\":\"aDpw\"},\"" HOST
     "/ns\":{\"auth\":\"bnM6cA==\"}}}",
     "ns:p", NULL},
    {"L08 inner namespace",
     "{\"auths\":{\"" HOST "/ns/app\":{\"auth\":\"bnNhcHA6cA==\"},\"" HOST
     "/ns\":{\"auth\":\"bnM6cA==\"}}}",
     "nsapp:p", NULL},
    {"L09 sibling",
     "{\"auths\":{\"" HOST "/ns2\":{\"auth\":\"eDpw\"}}}",
     ":", NULL},
    {"L10 tag",
     "{\"auths\":{\"" HOST "/ns/app/img:t\":{\"auth\":\"eDpw\"}}}",
     ":", NULL},
    {"L11 no port",
     "{\"auths\":{\"127.0.0.1\":{\"auth\":\"eDpw\"}}}",
     ":", NULL},
    {"L12 upper case",
     "{\"auths\":{\"LOCALHOST:5130\":{\"auth\":\"eDpw\"}}}",
     ":", NULL},
    {"L13 exact and https",
     "{\"auths\":{\"" HOST "\":{\"auth\":\"ZXhhY3Q6cA==\"},\"https://" HOST
     "\":{\"auth\":\"eDpw\"}}}",
     "exact:p", NULL},
    {"L14 colons in the password",
     "{\"auths\":{\"" HOST "\":{\"auth\":\"dTpwOnE6cg==\"}}}",
     "u:p:q:r", NULL},
    {"L15 NULs after the password",
     "{\"auths\":{\"" HOST "\":{\"auth\":\"dTpwAAA=\"}}}",
     "u:p", NULL},
    {"L16 no colon",
     "{\"auths\":{\"" HOST "\":{\"auth\":\"dXA=\"}}}",
     ":", "error: no \":\""},
    {"L17 not base64",
     "{\"auths\":{\"" HOST "\":{\"auth\":\"***\"}}}",
     "error: base64", NULL},
    {"L18 no padding",
     "{\"auths\":{\"" HOST "\":{\"auth\":\"dTpwdw\"}}}",
     "error: base64", NULL},
    {"L19 line break in base64",
     "{\"auths\":{\"" HOST "\":{\"auth\":\"dTp\\nw\"}}}",
     "u:p", NULL},
    {"L20 empty auth",
     "{\"auths\":{\"" HOST "\":{\"auth\":\"\"}}}",
     ":", NULL},
    {"L21 empty user",
     "{\"auths\":{\"" HOST "\":{\"auth\":\"OnA=\"}}}",
     ":p", NULL},
    {"L22 username and password",
     "{\"auths\":{\"" HOST "\":{\"username\":\"u\",\"password\":\"p\"}}}",
     ":", "u:p"},
    {"L23 identity token",
     "{\"auths\":{\"" HOST
     "\":{\"auth\":\"MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwM"
     "DAwOg==\",\"identitytoken\":\"t\"}}}",
     "00000000-0000-0000-0000-000000000000: t", NULL},
    {"L24 helper",
     "{\"credHelpers\":{\"" HOST "\":\"good\"}}",
     "helper good for " HOST, NULL},
    {"L25 helper beats auths",
     "{\"auths\":{\"" HOST "\":{\"auth\":\"aDpw\"}},\"credHelpers\":{\""
     HOST "\":\"good\"}}",
     "helper good for " HOST, NULL},
    {"L29 helper of a URL",
     "{\"credHelpers\":{\"https://" HOST "\":\"good\"}}",
     ":", NULL},
    {"L30 store",
     "{\"credsStore\":\"good\"}",
     ":", NULL},
    {"L31 store and auths",
     "{\"auths\":{\"" HOST
     "\":{\"auth\":\"aDpw\"}},\"credsStore\":\"good\"}",
     "h:p", NULL},
    {"L32 wildcard",
     "{\"auths\":{\"*\":{\"auth\":\"eDpw\"},\"*:5130\":{\"auth\":"
     "\"eDpw\"}}}",
     ":", NULL},
    {"L33 unknown members",
     "{\"x\":[1],\"auths\":{\"" HOST "\":{\"auth\":\"aDpw\",\"x\":{}}}}",
     "h:p", NULL},
    {"L34 empty file",
     "",
     "error: empty", NULL},
    {"L35 not JSON",
     "hello",
     "error: no credentials are here", NULL},
    {"L36 auths is no object",
     "{\"auths\":[]}",
     "error: auths has to be an object", NULL},
    {"L37 case",
     "{\"AUTHS\":{\"" HOST "\":{\"auth\":\"Y2FzZTpw\"}}}",
     "case:p", "error: expected a config.json with auths"},
    {"L38 key twice",
     "{\"auths\":{\"" HOST "\":{\"auth\":\"b25lOnA=\"},\"" HOST
     "\":{\"auth\":\"dHdvOnA=\"}}}",
     "two:p", NULL},
    {"L39 something behind it",
     "{\"auths\":{\"" HOST "\":{\"auth\":\"aDpw\"}}}x",
     "error: not JSON", NULL},
    {"L40 byte order mark",
     "\xEF\xBB\xBF{\"auths\":{\"" HOST "\":{\"auth\":\"aDpw\"}}}",
     "error: not JSON", NULL},
};

static const struct irw_login_place place = {
    IMGRW_STR_INIT(HOST), IMGRW_STR_INIT("ns/app/img")};

/* Writes what a file has for a place. */
static void
describe(const struct irw_login_file *file, const struct irw_login_place *at,
         struct irw_bytes *got, struct imgrw_error *error)
{
    struct irw_login_answer answer;

    if (irw_login_file_find(file, at, &answer, error) != IMGRW_OK) {
        irw_bytes_add_text(got, "error: ");
        irw_bytes_add_text(got, error->message);
        return;
    }
    if (answer.helper) {
        irw_bytes_add_text(got, "helper ");
        irw_bytes_add_text(got, answer.helper);
        irw_bytes_add_text(got, " for ");
        irw_bytes_add(got, answer.server);
        return;
    }
    irw_bytes_add_text(got, answer.login ? answer.login->user : "");
    irw_bytes_add_text(got, ":");
    irw_bytes_add_text(got, answer.login ? answer.login->password : "");
    if (answer.login && answer.login->identity_token) {
        irw_bytes_add_text(got, " ");
        irw_bytes_add_text(got, answer.login->identity_token);
    }
}

/* Reads a text, and writes what it has for a place. */
static void
look_up(imgrw_str text, const struct irw_config_source *source,
        const struct irw_login_place *at, struct irw_bytes *got,
        struct imgrw_error *error)
{
    struct irw_login_file *file;

    if (irw_docker_config_read(text, source, &file, error) == IMGRW_OK) {
        describe(file, at, got, error);
        /* the path of the place is the file's, which goes */
        error->at.path = source->path;
        irw_login_file_free(file);
    } else {
        irw_bytes_add_text(got, "error: ");
        irw_bytes_add_text(got, error->message);
    }
}

static void
check(struct support_tally *tally, const struct irw_bytes *got,
      const char *expected)
{
    static const char error[] = "error: ";
    bool is_error = strncmp(expected, error, strlen(error)) == 0;

    if (is_error)
        support_check(tally,
                      strncmp(got->data, error, strlen(error)) == 0 &&
                          strstr(got->data, expected + strlen(error)),
                      "expected \"%s\", got \"%s\"", expected, got->data);
    else
        support_check_str(tally, "found", (imgrw_str){got->data, got->size},
                          support_str(expected));
}

static void
test_skopeo(void **state)
{
    const struct irw_config_source source = {"/tmp/auth.json", IRW_CONFIG_ANY,
                                             NULL, NULL};
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(skopeo_rows); i++) {
        const struct skopeo_row *row = &skopeo_rows[i];
        struct irw_bytes got = {0};
        struct imgrw_error error;

        support_row(&tally, "%s", row->name);
        look_up(support_str(row->text), &source, &place, &got, &error);
        check(&tally, &got, row->ours ? row->ours : row->skopeo);
        irw_bytes_wipe(&got);
    }
    support_finish(&tally);
}

/* What the text is, and where an image is. */
static const struct row {
    const char *name;
    enum irw_config_format format;
    const char *path, *text, *host, *repository, *found;
} rows[] = {
    {"store of a config.json", IRW_CONFIG_DOCKER, "config.json",
     "{\"credsStore\":\"desktop\"}", "reg.io", "a",
     "helper desktop for reg.io"},
    {"store of a config.json that is named", IRW_CONFIG_ANY, "/x/config.json",
     "{\"credsStore\":\"desktop\"}", "reg.io", "a",
     "helper desktop for reg.io"},
    {"store of an auth.json", IRW_CONFIG_CONTAINERS, "auth.json",
     "{\"credsStore\":\"desktop\"}", "reg.io", "a", ":"},
    {"empty entry, as Docker leaves it beside a store", IRW_CONFIG_DOCKER,
     "config.json", "{\"auths\":{\"reg.io\":{}},\"credsStore\":\"desktop\"}",
     "reg.io", "a", "helper desktop for reg.io"},
    {"entry before the store", IRW_CONFIG_DOCKER, "config.json",
     "{\"auths\":{\"reg.io\":{\"auth\":\"dTpw\"}},\"credsStore\":\"desktop\"}",
     "reg.io", "a", "u:p"},
    {"helper before the store", IRW_CONFIG_DOCKER, "config.json",
     "{\"credHelpers\":{\"reg.io\":\"gcr\"},\"credsStore\":\"desktop\"}",
     "reg.io", "a", "helper gcr for reg.io"},
    {"no helper and no store", IRW_CONFIG_DOCKER, "config.json",
     "{\"credHelpers\":{\"reg.io\":\"\"},\"credsStore\":\"\"}", "reg.io", "a",
     ":"},
    {"Docker asks for Docker Hub", IRW_CONFIG_DOCKER, "config.json",
     "{\"credsStore\":\"desktop\"}", "docker.io", "library/nginx",
     "helper desktop for https://index.docker.io/v1/"},
    {"Podman asks for Docker Hub", IRW_CONFIG_CONTAINERS, "auth.json",
     "{\"credHelpers\":{\"docker.io\":\"pass\"}}", "docker.io",
     "library/nginx", "helper pass for docker.io"},
    {"docker login", IRW_CONFIG_DOCKER, "config.json",
     "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"dTpw\"}}}",
     "docker.io", "library/nginx", "u:p"},
    {"helper with a path", IRW_CONFIG_DOCKER, "config.json",
     "{\"credHelpers\":{\"reg.io\":\"../x\"}}", "reg.io", "a",
     "error: \"reg.io\": a helper is named with letters"},
    {"helper like an option", IRW_CONFIG_DOCKER, "config.json",
     "{\"credHelpers\":{\"reg.io\":\"-x\"}}", "reg.io", "a",
     "error: \"reg.io\": a helper is named with letters"},
    {"helper with a blank", IRW_CONFIG_DOCKER, "config.json",
     "{\"credHelpers\":{\"reg.io\":\"x y\"}}", "reg.io", "a",
     "error: \"reg.io\": a helper is named with letters"},
    {"helper of another registry with a path", IRW_CONFIG_DOCKER,
     "config.json",
     "{\"credHelpers\":{\"reg.io\":\"../x\",\"b.io\":\"ecr-login\"}}", "b.io",
     "a", "helper ecr-login for b.io"},
    {"store with a path", IRW_CONFIG_DOCKER, "config.json",
     "{\"credsStore\":\"/bin/sh\"}", "reg.io", "a",
     "error: \"credsStore\": a helper is named with letters"},
    {"another entry is not base64", IRW_CONFIG_DOCKER, "config.json",
     "{\"auths\":{\"b.io\":{\"auth\":\"?\"},\"reg.io\":{\"auth\":\"dTpw\"}}}",
     "reg.io", "a", "u:p"},
    {"the better key has nothing", IRW_CONFIG_DOCKER, "config.json",
     "{\"auths\":{\"reg.io/a\":{},\"reg.io\":{\"auth\":\"dTpw\"}}}", "reg.io",
     "a", ":"},
    {"null instead of an entry", IRW_CONFIG_DOCKER, "config.json",
     "{\"auths\":{\"reg.io\":null},\"credHelpers\":null,\"credsStore\":null}",
     "reg.io", "a", ":"},
    {"null instead of auths", IRW_CONFIG_DOCKER, "config.json",
     "{\"auths\":null}", "reg.io", "a", ":"},
    {"only other settings", IRW_CONFIG_DOCKER, "config.json",
     "{\"detachKeys\":\"ctrl-x\"}", "reg.io", "a", ":"},
    {"auth before the names", IRW_CONFIG_DOCKER, "config.json",
     "{\"auths\":{\"reg.io\":{\"auth\":\"dTpw\",\"username\":\"v\","
     "\"password\":\"q\"}}}",
     "reg.io", "a", "u:p"},
    {"only a user name", IRW_CONFIG_DOCKER, "config.json",
     "{\"auths\":{\"reg.io\":{\"username\":\"v\"}}}", "reg.io", "a",
     "error: \"reg.io\": there is a user name and no password"},
    {"only a password", IRW_CONFIG_DOCKER, "config.json",
     "{\"auths\":{\"reg.io\":{\"password\":\"hunter2\"}}}", "reg.io", "a",
     "error: \"reg.io\": there is a password and no user name"},
    {"line break in the password", IRW_CONFIG_DOCKER, "config.json",
     "{\"auths\":{\"reg.io\":{\"username\":\"u\",\"password\":\"p\\n\"}}}",
     "reg.io", "a", "error: \"reg.io\": a password cannot hold a control"},
    {"identity token alone", IRW_CONFIG_DOCKER, "config.json",
     "{\"auths\":{\"reg.io\":{\"identitytoken\":\"t\"}}}", "reg.io", "a",
     ": t"},
    {"identity token with a blank", IRW_CONFIG_DOCKER, "config.json",
     "{\"auths\":{\"reg.io\":{\"identitytoken\":\"hunter 2\"}}}", "reg.io",
     "a", "error: \"reg.io\": an identity token cannot hold blanks"},
    {"token for requests", IRW_CONFIG_DOCKER, "config.json",
     "{\"auths\":{\"reg.io\":{\"registrytoken\":\"hunter2\"}}}", "reg.io",
     "a", "error: \"reg.io\": a registrytoken is not used here"},
    {"old file", IRW_CONFIG_DOCKERCFG, ".dockercfg",
     "{\"https://reg.io/v1/\":{\"auth\":\"dTpw\",\"email\":\"\"}}", "reg.io",
     "a", "u:p"},
    {"old file that is named", IRW_CONFIG_ANY, "x",
     "{\"https://reg.io/v1/\":{\"auth\":\"dTpw\"},\"b.io\":{}}", "reg.io",
     "a", "u:p"},
    {"old file has no namespaces", IRW_CONFIG_DOCKERCFG, ".dockercfg",
     "{\"reg.io/a\":{\"auth\":\"dTpw\"}}", "reg.io", "b", "u:p"},
    {"old file with auths", IRW_CONFIG_DOCKERCFG, ".dockercfg",
     "{\"auths\":{\"reg.io\":{\"auth\":\"dTpw\"}}}", "reg.io", "a", ":"},
    {"our own, JSON", IRW_CONFIG_ANY, "x",
     "{\"endpoint\":\"reg.io\",\"username\":\"u\",\"password\":\"p:q\"}",
     "reg.io", "a", "u:p:q"},
    {"our own, YAML", IRW_CONFIG_ANY, "x",
     "endpoint: https://reg.io/v2/\nusername: u\npassword: p\n", "reg.io", "a",
     "u:p"},
    {"our own, a list", IRW_CONFIG_ANY, "x",
     "- endpoint: b.io\n  username: v\n  password: q\n"
     "- endpoint: docker.io\n  username: u\n  password: p\n",
     "docker.io", "library/nginx", "u:p"},
    {"our own, an access key", IRW_CONFIG_ANY, "x",
     "endpoint: 499999999999.dkr.ecr.us-east-2.amazonaws.com\n"
     "username: AKIAIOSFODNN7EXAMPLE\npassword: wJalr/XUt\n",
     "499999999999.dkr.ecr.us-east-2.amazonaws.com", "a",
     "AKIAIOSFODNN7EXAMPLE:wJalr/XUt"},
    {"our own without a password", IRW_CONFIG_ANY, "x",
     "endpoint: reg.io\nusername: u\n", "reg.io", "a",
     "error: \"reg.io\": the entry has no password"},
    {"our own with a line break", IRW_CONFIG_ANY, "x",
     "endpoint: reg.io\nusername: u\npassword: |\n  hunter2\n", "reg.io", "a",
     "error: \"reg.io\": a password cannot hold a control"},
    {"our own with an unknown key", IRW_CONFIG_ANY, "x",
     "{\"endpoint\":\"reg.io\",\"username\":\"u\",\"pasword\":\"hunter2\"}",
     "reg.io", "a", "error: an entry has no such key"},
    {"settings of something else", IRW_CONFIG_ANY, "x", "{\"a\":1}", "reg.io",
     "a", "error: expected a config.json with auths"},
    {"empty object", IRW_CONFIG_ANY, "x", "{}", "reg.io", "a",
     "error: expected a config.json with auths"},
};

static void
test_rows(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(rows); i++) {
        const struct row *row = &rows[i];
        const struct irw_config_source source = {row->path, row->format, NULL,
                                                 NULL};
        const struct irw_login_place at = {support_str(row->host),
                                           support_str(row->repository)};
        struct irw_bytes got = {0};
        struct imgrw_error error;

        support_row(&tally, "%s", row->name);
        look_up(support_str(row->text), &source, &at, &got, &error);
        check(&tally, &got, row->found);
        support_check(&tally, !strstr(got.data, "hunter"), "%s", got.data);
        irw_bytes_wipe(&got);
    }
    support_finish(&tally);
}

/* Errors, and where they are; of files for reg.io/a. */
static const struct place_row {
    const char *name;
    enum irw_config_format format;
    const char *text;
    uint32_t line, column;
    const char *message;
} place_rows[] = {
    {"not JSON", IRW_CONFIG_DOCKER, "{\n \"auths\": {]}", 2, 12, "not JSON: "},
    {"a list", IRW_CONFIG_DOCKER, "\n []", 2, 2, "an object with auths"},
    {"auths", IRW_CONFIG_DOCKER, "{\"auths\": 7}", 1, 11,
     "auths has to be an object"},
    {"entry", IRW_CONFIG_DOCKER, "{\"auths\":\n{\"b.io\": []}}", 2, 10,
     "\"b.io\": this is no object"},
    {"auth is a number", IRW_CONFIG_DOCKER,
     "{\"auths\":{\n  \"b.io\": {\"auth\": 7}}}", 2, 20,
     "\"b.io\": what an entry says has to be a string"},
    {"auth of an old file is a number", IRW_CONFIG_DOCKERCFG,
     "{\"b.io\": {\"auth\": 7}}", 1, 19,
     "\"b.io\": what an entry says has to be a string"},
    {"old file is a list", IRW_CONFIG_DOCKERCFG, "[]", 1, 1,
     "a .dockercfg is an object"},
    {"auth is not base64", IRW_CONFIG_DOCKER,
     "{\"auths\":{\n  \"reg.io\": {\"auth\": \"?\"}}}", 2, 22,
     "\"reg.io\": auth is not base64 of user:password"},
    {"auth of an old file is not base64", IRW_CONFIG_DOCKERCFG,
     "{\"reg.io\": {\"auth\": \"?\"}}", 1, 21,
     "\"reg.io\": auth is not base64 of user:password"},
    {"helpers", IRW_CONFIG_DOCKER, "{\"credHelpers\": []}", 1, 17,
     "credHelpers has to be an object"},
    {"helper is a number", IRW_CONFIG_DOCKER,
     "{\"credHelpers\": {\"b.io\": 7}}", 1, 26,
     "\"b.io\": the name of a helper has to be a string"},
    {"helper has no name", IRW_CONFIG_DOCKER,
     "{\"credHelpers\": {\"reg.io\": \"/\"}}", 1, 28,
     "\"reg.io\": a helper is named with"},
    {"store is a number", IRW_CONFIG_DOCKER, "{\"credsStore\": 7}", 1, 16,
     "credsStore has to be a string"},
    {"our own", IRW_CONFIG_ANY, "endpoint: reg.io\nusername: [u]\n", 2, 11,
     "username"},
    {"our own without a password", IRW_CONFIG_ANY,
     "endpoint: reg.io\nusername: u\n", 0, 0, "no password"},
};

static void
test_places(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(place_rows); i++) {
        const struct place_row *row = &place_rows[i];
        const struct irw_config_source source = {"a.json", row->format, NULL,
                                                 NULL};
        const struct irw_login_place at = {IMGRW_STR("reg.io"),
                                           IMGRW_STR("a")};
        struct irw_bytes got = {0};
        struct imgrw_error error = {0};

        support_row(&tally, "%s", row->name);
        look_up(support_str(row->text), &source, &at, &got, &error);
        support_check(&tally,
                      error.at.line == row->line &&
                          error.at.column == row->column && error.at.path &&
                          strcmp(error.at.path, "a.json") == 0,
                      "%u:%u", (unsigned)error.at.line,
                      (unsigned)error.at.column);
        support_check(&tally, strstr(error.message, row->message), "%s",
                      error.message);
        irw_bytes_wipe(&got);
    }
    support_finish(&tally);
}

/* What is warned of, and where. */
static const struct warning_row {
    const char *name, *text, *warning;
} warning_rows[] = {
    {"store", "{\"credsStore\": \"x\"}",
     "a.json:1:16: a credsStore is asked only"},
    {"no store", "{\"credsStore\": \"\"}", ""},
    {"case", "{\"auths\":{},\n\"Credhelpers\": {}}",
     "a.json:2:16: this is passed over"},
    {"account with too many digits",
     "{\"auths\":{\"4999999999999.dkr.ecr.us-east-2.amazonaws.com\":\n {}}}",
     "a.json:2:2: an ECR registry begins with an account of 12 digits"},
    {"our own, account with too many digits",
     "endpoint: 4999999999999.dkr.ecr.us-east-2.amazonaws.com\n"
     "username: AKIAIOSFODNN7EXAMPLE\npassword: hunter2\n",
     "a.json:0:0: an ECR registry begins with an account of 12 digits"},
    {"old file, account with too many digits",
     "{\"4999999999999.dkr.ecr.us-east-2.amazonaws.com\":{}}",
     "a.json:1:50: an ECR registry begins with an account of 12 digits"},
    {"account", "{\"auths\":{\"499999999999.dkr.ecr.us-east-2.amazonaws.com\":"
                "{}}}",
     ""},
    {"our own, token that expires",
     "endpoint: 499999999999.dkr.ecr.us-east-2.amazonaws.com\n"
     "username: AWS\npassword: hunter2\n",
     "a.json:2:11: the token of user AWS"},
};

static void
hear(const struct imgrw_location *at, const char *message, void *user)
{
    char *heard = user;

    snprintf(heard, 200, "%s:%u:%u: %s", at->path, (unsigned)at->line,
             (unsigned)at->column, message);
}

static void
test_warnings(void **state)
{
    struct support_tally tally = {0};

    (void)state;
    for (size_t i = 0; i < SUPPORT_COUNT(warning_rows); i++) {
        const struct warning_row *row = &warning_rows[i];
        char heard[200] = "";
        const struct irw_config_source source = {"a.json", IRW_CONFIG_ANY, hear,
                                                 heard};
        struct irw_login_file *file;
        struct imgrw_error error;

        support_row(&tally, "%s", row->name);
        if (!support_check(&tally,
                           irw_docker_config_read(support_str(row->text),
                                                  &source, &file,
                                                  &error) == IMGRW_OK,
                           "%s", error.message))
            continue;
        support_check(&tally,
                      row->warning[0] == '\0' ? heard[0] == '\0'
                                              : !!strstr(heard, row->warning),
                      "\"%s\"", heard);
        irw_login_file_free(file);
    }
    support_finish(&tally);
}

/* A login says where it comes from; a file without any says so. */
static void
test_sources(void **state)
{
    const struct irw_config_source source = {"a.json", IRW_CONFIG_ANY, NULL,
                                             NULL};
    const struct irw_login_place at = {IMGRW_STR("reg.io"), IMGRW_STR("a")};
    struct irw_login_file *file;
    struct irw_login_answer answer;

    (void)state;
    assert_int_equal(
        irw_docker_config_read(
            IMGRW_STR("{\"auths\":{\"reg.io\":{\"auth\":\"dTpw\"}}}"), &source,
            &file, NULL),
        IMGRW_OK);
    assert_true(irw_login_file_has_logins(file));
    assert_int_equal(irw_login_file_find(file, &at, &answer, NULL), IMGRW_OK);
    assert_string_equal(answer.login->source, "a.json");
    irw_login_file_free(file);
    assert_int_equal(
        irw_docker_config_read(IMGRW_STR("{\"auths\":{\"reg.io\":{}}}"),
                               &source, &file, NULL),
        IMGRW_OK);
    assert_false(irw_login_file_has_logins(file));
    irw_login_file_free(file);
    irw_login_file_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_skopeo),   cmocka_unit_test(test_rows),
        cmocka_unit_test(test_places),   cmocka_unit_test(test_warnings),
        cmocka_unit_test(test_sources),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
