#include "registry/token_cache.h"
#include "registry/clock.h"
#include "registry/decide.h"
#include "registry/login.h"

#include <stdlib.h>
#include <string.h>

enum entry_state { FETCHING, WAITING_TO_RETRY, READY, FAILED };

struct token_entry {
    struct token_entry *next;
    struct irw_token_cache *cache;
    struct irw_bytes key;
    enum entry_state state;
    struct irw_web_origin realm;
    struct irw_errand errand;
    struct irw_inquiry inquiry;
    struct irw_bytes url, authorization, form; /* of the request */
    enum irw_reach bound;
    const struct irw_certificates *certificates;
    bool is_identified;
    long long due; /* when it is made again */
    struct irw_bytes token;
    long long expires; /* when the token does */
    enum irw_verdict failure;
    unsigned http_status;
    struct irw_token_waiter *waiters;
};

struct irw_token_cache {
    struct irw_transport *transport;
    struct token_entry *entries;
    bool failed;
};

struct irw_token_cache *
irw_token_cache_new(struct irw_transport *transport)
{
    struct irw_token_cache *cache = calloc(1, sizeof(*cache));

    if (cache)
        cache->transport = transport;
    return cache;
}

static void
clear_request(struct token_entry *entry)
{
    irw_exchange_clear(&entry->errand.exchange);
    irw_bytes_wipe(&entry->url);
    irw_bytes_wipe(&entry->authorization);
    irw_bytes_wipe(&entry->form);
}

static void
free_entry(struct token_entry *entry)
{
    clear_request(entry);
    irw_bytes_clear(&entry->key);
    irw_bytes_wipe(&entry->token);
    free(entry);
}

void
irw_token_cache_free(struct irw_token_cache *cache)
{
    if (!cache)
        return;
    while (cache->entries) {
        struct token_entry *next = cache->entries->next;

        free_entry(cache->entries);
        cache->entries = next;
    }
    free(cache);
}

bool
irw_token_cache_has_failed(const struct irw_token_cache *cache)
{
    return cache->failed;
}

/* Adds a part of a key, which no other part can be mistaken for: none of them
 * has a line break. */
static void
add_part(struct irw_bytes *key, imgrw_str part)
{
    irw_bytes_add(key, part);
    irw_bytes_add_text(key, "\n");
}

/* What the token depends on: two that differ in any of it are two tokens. */
static void
make_key(const struct irw_token_request *request, struct irw_bytes *key)
{
    const struct irw_login *login = request->login;

    add_part(key, request->wish.repository);
    add_part(key, request->wish.realm);
    add_part(key, request->wish.service);
    add_part(key, imgrw_str_from(request->challenger->text));
    add_part(key, imgrw_str_from(login ? login->source : NULL));
    add_part(key, imgrw_str_from(login ? login->user : NULL));
    add_part(key, imgrw_str_from(request->certificates->folder));
}

/* Tells all who wait for an entry what became of it. */
static void
tell_waiters(struct token_entry *entry)
{
    struct irw_token_waiter *waiter = entry->waiters;
    bool is_ready = entry->state == READY;

    entry->waiters = NULL;
    while (waiter) {
        struct irw_token_waiter *next = waiter->next;

        waiter->http_status = entry->http_status;
        waiter->take(waiter, is_ready ? entry->token.data : NULL,
                     entry->failure, waiter->user);
        waiter = next;
    }
}

static void
submit(struct token_entry *entry)
{
    struct irw_exchange *exchange = &entry->errand.exchange;

    irw_exchange_clear(exchange);
    exchange->method = entry->form.data ? IRW_METHOD_POST : IRW_METHOD_GET;
    exchange->url = entry->url.data;
    exchange->origin = &entry->realm;
    exchange->authorization = entry->authorization.data;
    exchange->form = entry->form.data;
    exchange->body_max = IRW_TOKEN_BODY_MAX;
    exchange->certificates = entry->certificates;
    exchange->is_identified = entry->is_identified;
    exchange->is_bound = true;
    exchange->bound = entry->bound;
    entry->state = FETCHING;
    irw_transport_submit(entry->cache->transport, &entry->errand);
}

static void
fail_entry(struct token_entry *entry, enum irw_verdict verdict)
{
    entry->state = FAILED;
    entry->failure = verdict;
}

/* Reads the token that an answer should hold. */
static void
read_token(struct token_entry *entry)
{
    const struct irw_bytes *body = &entry->errand.exchange.response.body;
    unsigned seconds = 0;
    enum irw_verdict verdict;

    irw_bytes_wipe(&entry->token);
    verdict = irw_token_read((imgrw_str){body->data, body->size},
                             &entry->token, &seconds);
    entry->cache->failed |= entry->token.failed;
    entry->expires = irw_clock_now() + seconds * 1000LL;
    entry->state = READY;
    if (verdict != IRW_VERDICT_NONE)
        fail_entry(entry, verdict);
}

static void
take_answer(struct irw_errand *errand, void *user)
{
    struct token_entry *entry = user;
    const struct irw_response *response = &errand->exchange.response;
    struct irw_probe_step step = irw_decide_token(&entry->inquiry, response);

    if (response->ending == IRW_ENDING_MEMORY) {
        entry->cache->failed = true;
        return;
    }
    entry->http_status = response->status;
    if (step.action == IRW_ACTION_RETRY) {
        (*step.retries)++;
        entry->state = WAITING_TO_RETRY;
        entry->due = irw_clock_now() + step.wait;
        return;
    }
    if (step.action == IRW_ACTION_TOKEN)
        read_token(entry);
    else
        fail_entry(entry, step.verdict);
    clear_request(entry);
    tell_waiters(entry);
}

/* Writes the request for a token. A login goes into a header, or the token that
 * stands for it into a form. */
static bool
write_request(struct token_entry *entry,
              const struct irw_token_request *request)
{
    const struct irw_login *login = request->login;
    struct irw_token_wish wish = request->wish;

    entry->errand = (struct irw_errand){
        .gate = irw_transport_gate(entry->cache->transport, request->realm),
        .done = take_answer,
        .user = entry,
    };
    entry->realm = *request->realm;
    entry->bound = request->bound;
    entry->certificates = request->certificates;
    entry->is_identified = request->is_identified;
    entry->inquiry = (struct irw_inquiry){
        .request = IRW_REQUEST_TOKEN,
        .with_login = login,
    };
    if (login && login->identity_token) {
        wish.identity = imgrw_str_from(login->identity_token);
        irw_bytes_add(&entry->url, wish.realm);
        irw_token_form(&wish, &entry->form);
    } else {
        wish.account = imgrw_str_from(login ? login->user : NULL);
        irw_token_url(&wish, &entry->url);
    }
    if (login && !login->identity_token)
        irw_basic_value(imgrw_str_from(login->user),
                        imgrw_str_from(login->password),
                        &entry->authorization);
    return entry->errand.gate && !entry->url.failed && !entry->form.failed &&
           !entry->authorization.failed;
}

/* Finds the entry of a key, or makes one, which has FAILED without a failure.
 * NULL when memory is out. The key is taken over. */
static struct token_entry *
find_entry(struct irw_token_cache *cache, struct irw_bytes *key)
{
    struct token_entry *entry = cache->entries;

    while (entry && strcmp(entry->key.data, key->data) != 0)
        entry = entry->next;
    if (!entry) {
        entry = calloc(1, sizeof(*entry));
        if (!entry)
            return NULL;
        entry->cache = cache;
        entry->state = FAILED;
        entry->failure = IRW_VERDICT_NONE;
        entry->key = *key;
        *key = (struct irw_bytes){0};
        entry->next = cache->entries;
        cache->entries = entry;
    }
    return entry;
}

/* Whether an entry has no answer that could be given, and is not waiting. */
static bool
is_due(const struct token_entry *entry)
{
    return (entry->state == FAILED && entry->failure == IRW_VERDICT_NONE) ||
           (entry->state == READY && entry->expires <= irw_clock_now());
}

bool
irw_token_cache_get(struct irw_token_cache *cache,
                    const struct irw_token_request *request,
                    struct irw_token_waiter *waiter)
{
    struct irw_bytes key = {0};
    struct token_entry *entry = NULL;

    make_key(request, &key);
    if (!key.failed)
        entry = find_entry(cache, &key);
    irw_bytes_clear(&key);
    if (!entry)
        return false;
    if (is_due(entry)) {
        if (!write_request(entry, request))
            return false;
        submit(entry);
    }
    waiter->next = entry->waiters;
    entry->waiters = waiter;
    if (entry->state == READY || entry->state == FAILED)
        tell_waiters(entry);
    return true;
}

void
irw_token_cache_wake(struct irw_token_cache *cache, long long now)
{
    for (struct token_entry *entry = cache->entries; entry; entry = entry->next)
        if (entry->state == WAITING_TO_RETRY && entry->due <= now)
            submit(entry);
}
