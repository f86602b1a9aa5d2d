/*
 * Any bytes as a file of logins, of each format: what a file has for an image
 * can be sent, and what it says is wrong has a place in it.
 */
#include "registry/docker_config.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

/* Images that the corpus has logins for. */
static const struct irw_login_place places[] = {
    {IMGRW_STR_INIT("reg.io"), IMGRW_STR_INIT("ns/app/img")},
    {IMGRW_STR_INIT("docker.io"), IMGRW_STR_INIT("library/nginx")},
    {IMGRW_STR_INIT("[2001:db8::1]:5000"), IMGRW_STR_INIT("a")},
    {IMGRW_STR_INIT("4999999999999.dkr.ecr.us-east-2.amazonaws.com"),
     IMGRW_STR_INIT("a/b")},
};

#define PLACES (sizeof(places) / sizeof(places[0]))

static void
hear(const struct imgrw_location *at, const char *message, void *user)
{
    const imgrw_str *text = user;

    fuzz_claim(at->offset <= text->size && message[0] != '\0',
               "a warning at byte %zu: %s", at->offset, message);
}

/* Claims that a login can be sent: irw_login_new accepts it again. */
static void
claim_login(const struct irw_login *login)
{
    const struct irw_login_parts parts = {
        .user = fuzz_str(login->user),
        .password = fuzz_str(login->password),
        .identity_token =
            fuzz_str(login->identity_token ? login->identity_token : ""),
        .source = fuzz_str(login->source),
    };
    const char *fault = irw_login_fault(&parts);

    fuzz_claim(!fault, "a login with a fault: %s", fault ? fault : "");
    fuzz_claim(strcmp(login->source, "a.json") == 0, "its source is %s",
               login->source);
    fuzz_claim(parts.user.size + parts.password.size +
                       parts.identity_token.size > 0 ||
                   login->password[0] == '\0',
               "a login of nothing");
}

/* Claims that a program can be asked. */
static void
claim_helper(const struct irw_login_answer *answer,
             const struct irw_login_place *place)
{
    const char *name = answer->helper;

    fuzz_claim(!answer->login, "a login, and a helper");
    fuzz_claim(name[0] != '\0' && name[0] != '-' && name[0] != '.' &&
                   !strpbrk(name, "/ \t\r\n"),
               "a helper of the name %s", name);
    fuzz_claim(fuzz_equal(answer->server, place->host) ||
                   fuzz_equal(answer->server,
                              fuzz_str("https://index.docker.io/v1/")),
               "it is asked for something else");
}

static void
look_up(const struct irw_login_file *file, imgrw_str text)
{
    for (size_t i = 0; i < PLACES; i++) {
        struct irw_login_answer answer;
        struct imgrw_error error;
        enum imgrw_status status =
            irw_login_file_find(file, &places[i], &answer, &error);

        if (status != IMGRW_OK)
            fuzz_claim_error(&error, status, text);
        else if (answer.login)
            claim_login(answer.login);
        else if (answer.helper)
            claim_helper(&answer, &places[i]);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    imgrw_str text = {(const char *)data, size};

    for (int format = IRW_CONFIG_ANY; format <= IRW_CONFIG_DOCKERCFG;
         format++) {
        const struct irw_config_source source = {
            "a.json", (enum irw_config_format)format, hear, &text};
        struct irw_login_file *file;
        struct imgrw_error error;
        enum imgrw_status status =
            irw_docker_config_read(text, &source, &file, &error);

        if (status != IMGRW_OK) {
            fuzz_claim_error(&error, status, text);
            continue;
        }
        look_up(file, text);
        irw_login_file_free(file);
    }
    return 0;
}
