#include "registry/sigv4.h"

#include <stdio.h>
#include <string.h>

#define ALGORITHM "AWS4-HMAC-SHA256"
#define DAY 86400 /* seconds */
#define DAY_SIZE 8 /* of a date, "20150830" */

/* Splits days since 1970 into year, month and day. It counts years from March,
 * so that a leap day is the last of its year. gmtime_r would do, but looks at
 * the environment. */
static void
split_days(int64_t days, int64_t *year, int *month, int *day)
{
    int64_t since = days + 719468; /* the first of March of the year 0 */
    int64_t era = since / 146097;  /* 400 years */
    int64_t rest = since % 146097;
    int64_t years = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
    int64_t of_year = rest - (365 * years + years / 4 - years / 100);
    int64_t from_march = (5 * of_year + 2) / 153;

    *day = (int)(of_year - (153 * from_march + 2) / 5 + 1);
    *month = (int)(from_march < 10 ? from_march + 3 : from_march - 9);
    *year = era * 400 + years + (*month <= 2);
}

void
irw_sigv4_date(int64_t now, char date[static IRW_SIGV4_DATE_SIZE])
{
    int64_t year, rest = now % DAY;
    int month, day;
    char text[64];

    split_days(now / DAY, &year, &month, &day);
    snprintf(text, sizeof(text), "%04d%02d%02dT%02d%02d%02dZ", (int)year, month,
             day, (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
    memcpy(date, text, IRW_SIGV4_DATE_SIZE - 1);
    date[IRW_SIGV4_DATE_SIZE - 1] = '\0';
}

/* Makes of a key the one for a part of what it is for. */
static void
narrow(uint8_t key[static IRW_SHA256_SIZE], imgrw_str part)
{
    const imgrw_str old = {(const char *)key, IRW_SHA256_SIZE};

    irw_hmac_sha256(old, part.data, part.size, key);
}

bool
irw_sigv4_key(const struct irw_sigv4_signer *signer,
              uint8_t key[static IRW_SHA256_SIZE])
{
    struct irw_bytes secret = {0};
    char date[IRW_SIGV4_DATE_SIZE];
    bool done;

    irw_sigv4_date(signer->now, date);
    irw_bytes_add_text(&secret, "AWS4");
    irw_bytes_add(&secret, signer->secret_key);
    done = !secret.failed;
    if (done) {
        irw_hmac_sha256((imgrw_str){secret.data, secret.size}, date, DAY_SIZE,
                        key);
        narrow(key, signer->region);
        narrow(key, signer->service);
        narrow(key, IMGRW_STR("aws4_request"));
    }
    irw_bytes_wipe(&secret);
    return done;
}

/* Adds the digest of bytes in hexadecimal digits. */
static void
add_digest(struct irw_bytes *text, imgrw_str data)
{
    uint8_t digest[IRW_SHA256_SIZE];
    char digits[2 * IRW_SHA256_SIZE + 1];

    irw_sha256(data.data, data.size, digest);
    irw_sha256_hex(digest, digits);
    irw_bytes_add_text(text, digits);
}

/* Adds the names of the headers. */
static void
add_names(struct irw_bytes *text, const struct irw_sigv4_request *request)
{
    for (size_t i = 0; i < request->header_count; i++) {
        irw_bytes_add_text(text, i > 0 ? ";" : "");
        irw_bytes_add_text(text, request->headers[i].name);
    }
}

/* Adds some texts, of which the last is NULL. */
static void
add_texts(struct irw_bytes *text, const char *const parts[])
{
    for (size_t i = 0; parts[i]; i++)
        irw_bytes_add_text(text, parts[i]);
}

/* Adds the canonical form of the request, whose digest is signed. */
static void
add_canonical(struct irw_bytes *text, const struct irw_sigv4_request *request)
{
    add_texts(text, (const char *const[]){request->method, "\n", request->path,
                                          "\n", request->query, "\n", NULL});
    for (size_t i = 0; i < request->header_count; i++) {
        irw_bytes_add_text(text, request->headers[i].name);
        irw_bytes_add_text(text, ":");
        irw_bytes_add(text, request->headers[i].value);
        irw_bytes_add_text(text, "\n");
    }
    irw_bytes_add_text(text, "\n");
    add_names(text, request);
    irw_bytes_add_text(text, "\n");
    add_digest(text, request->body);
}

/* Adds what the key is for. */
static void
add_scope(struct irw_bytes *text, const struct irw_sigv4_signer *signer)
{
    char date[IRW_SIGV4_DATE_SIZE];

    irw_sigv4_date(signer->now, date);
    irw_bytes_add(text, (imgrw_str){date, DAY_SIZE});
    irw_bytes_add_text(text, "/");
    irw_bytes_add(text, signer->region);
    irw_bytes_add_text(text, "/");
    irw_bytes_add(text, signer->service);
    irw_bytes_add_text(text, "/aws4_request");
}

/* Adds the text that is signed. */
static void
add_signed(struct irw_bytes *text, const struct irw_sigv4_signer *signer,
           const struct irw_sigv4_request *request)
{
    struct irw_bytes canonical = {0};
    char date[IRW_SIGV4_DATE_SIZE];

    irw_sigv4_date(signer->now, date);
    add_texts(text, (const char *const[]){ALGORITHM, "\n", date, "\n", NULL});
    add_scope(text, signer);
    irw_bytes_add_text(text, "\n");
    add_canonical(&canonical, request);
    add_digest(text, (imgrw_str){canonical.data, canonical.size});
    text->failed |= canonical.failed;
    irw_bytes_wipe(&canonical);
}

/* Adds the signature. */
static void
add_signature(struct irw_bytes *value, const struct irw_sigv4_signer *signer,
              const struct irw_sigv4_request *request)
{
    struct irw_bytes text = {0};
    uint8_t key[IRW_SHA256_SIZE];
    char digits[2 * IRW_SHA256_SIZE + 1];

    add_signed(&text, signer, request);
    if (!text.failed && irw_sigv4_key(signer, key)) {
        narrow(key, (imgrw_str){text.data, text.size});
        irw_sha256_hex(key, digits);
        irw_bytes_add_text(value, digits);
        explicit_bzero(key, sizeof(key));
    } else {
        value->failed = true;
    }
    irw_bytes_clear(&text);
}

void
irw_sigv4_sign(const struct irw_sigv4_signer *signer,
               const struct irw_sigv4_request *request, struct irw_bytes *value)
{
    irw_bytes_add_text(value, ALGORITHM " Credential=");
    irw_bytes_add(value, signer->access_key);
    irw_bytes_add_text(value, "/");
    add_scope(value, signer);
    irw_bytes_add_text(value, ", SignedHeaders=");
    add_names(value, request);
    irw_bytes_add_text(value, ", Signature=");
    add_signature(value, signer, request);
}
