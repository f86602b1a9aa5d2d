#include "registry/token.h"
#include "base/str.h"
#include "registry/auth.h"
#include "registry/json.h"

#include <string.h>

/* What a token is good for where its server does not say, or less. */
#define SECONDS_MIN 60
#define SECONDS_MAX (24 * 3600)

static void
add_field(struct irw_bytes *text, const char *name, imgrw_str value)
{
    irw_bytes_add_text(text, name);
    irw_bytes_add_percent(text, value);
}

static void
add_scope(struct irw_bytes *text, const char *name, imgrw_str repository)
{
    irw_bytes_add_text(text, name);
    irw_bytes_add_percent(text, IMGRW_STR("repository:"));
    irw_bytes_add_percent(text, repository);
    irw_bytes_add_percent(text, IMGRW_STR(":pull"));
}

void
irw_token_url(const struct irw_token_wish *wish, struct irw_bytes *url)
{
    bool has_query = memchr(wish->realm.data, '?', wish->realm.size);

    irw_bytes_add(url, wish->realm);
    irw_bytes_add_text(url, has_query ? "&" : "?");
    if (wish->account.size > 0) {
        add_field(url, "account=", wish->account);
        irw_bytes_add_text(url, "&");
    }
    if (wish->service.size > 0) {
        add_field(url, "service=", wish->service);
        irw_bytes_add_text(url, "&");
    }
    add_scope(url, "scope=", wish->repository);
}

void
irw_token_form(const struct irw_token_wish *wish, struct irw_bytes *form)
{
    irw_bytes_add_text(form, "grant_type=refresh_token&client_id=imgrewrite");
    if (wish->service.size > 0)
        add_field(form, "&service=", wish->service);
    add_scope(form, "&scope=", wish->repository);
    add_field(form, "&refresh_token=", wish->identity);
}

void
irw_basic_value(imgrw_str user, imgrw_str password, struct irw_bytes *value)
{
    irw_bytes_add_text(value, "Basic ");
    irw_auth_write(value, user, password);
}

/* Whether a header can hold the token: visible ASCII, and something. */
static bool
can_be_sent(const json_t *token)
{
    const imgrw_str text = {json_string_value(token),
                            json_string_length(token)};

    return text.size > 0 && irw_is_visible_ascii(text);
}

static unsigned
read_seconds(const json_t *expires)
{
    json_int_t seconds = json_integer_value(expires);

    if (seconds < SECONDS_MIN)
        return SECONDS_MIN;
    return seconds > SECONDS_MAX ? SECONDS_MAX : (unsigned)seconds;
}

enum irw_verdict
irw_token_read(imgrw_str body, struct irw_bytes *token, unsigned *seconds)
{
    json_t *answer = NULL;
    const json_t *found;
    bool is_good;

    if (irw_json_read(body, JSON_REJECT_DUPLICATES, NULL, &answer, NULL) !=
        IMGRW_OK)
        return IRW_VERDICT_BAD_TOKEN;
    found = json_object_get(answer, "token");
    /* OAuth 2.0 calls it otherwise */
    if (json_string_length(found) == 0)
        found = json_object_get(answer, "access_token");
    is_good = can_be_sent(found);
    if (is_good) {
        irw_bytes_add(token, (imgrw_str){json_string_value(found),
                                         json_string_length(found)});
        *seconds = read_seconds(json_object_get(answer, "expires_in"));
    }
    irw_json_free(answer);
    return is_good ? IRW_VERDICT_NONE : IRW_VERDICT_BAD_TOKEN;
}
