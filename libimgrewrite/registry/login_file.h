/*
 * What a file of logins says, and how an image is looked up in it.
 *
 * An entry that makes no sense fails only those who look it up, as with Podman.
 */
#pragma once

#include "registry/login.h"
#include "registry/login_key.h"

#include <stdbool.h>

/* What is kept for a key. */
struct irw_login_entry {
    char *key;
    struct irw_login *login; /* NULL: there is none, or: */
    const char *fault;       /* why there is none; NULL: nothing is wrong */
    const char *member;      /* which has the fault */
};

/* Who is asked for a registry. */
struct irw_login_helper {
    char *key, *name;
};

struct irw_login_file {
    char *path, *text; /* of the file, for the places of errors */
    size_t size;       /* of the text */
    struct irw_login_entry *entries;
    struct irw_login_helper *helpers;
    size_t entry_count, helper_count;
    char *store;     /* NULL: none */
    bool is_docker;  /* the store counts, and names are Docker's */
    bool hosts_only; /* there is no "auths" around the entries */
    bool is_own;     /* the core library has read it, and JSON it may be not */
};

/* Overwrites and releases a file; NULL is allowed. */
void irw_login_file_free(struct irw_login_file *file);

/* Whether there is any login in the file itself. */
bool irw_login_file_has_logins(const struct irw_login_file *file);

/* Some names, and the NULL behind them. */
#define IRW_NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The place of the value that the names lead to. */
struct imgrw_location irw_login_file_place(const struct irw_login_file *file,
                                           const char *const names[]);

/* Fails with IMGRW_ERR_INPUT because of the value that the names lead to, in a
 * sentence about the key, or about the value where that is NULL. */
enum imgrw_status irw_login_file_fail(const struct irw_login_file *file,
                                      const char *const names[],
                                      const char *key, const char *sentence,
                                      struct imgrw_error *error);

/* What a file has for an image; all is borrowed, and NULL or empty where there
 * is nothing. */
struct irw_login_answer {
    const struct irw_login *login;
    const char *helper; /* docker-credential-HELPER has the login, if any, */
    imgrw_str server;   /* under this name, which may be the place's host */
};

/* Looks an image up. IMGRW_ERR_INPUT: what is for it makes no sense; the error
 * has the place. */
enum imgrw_status irw_login_file_find(const struct irw_login_file *file,
                                      const struct irw_login_place *place,
                                      struct irw_login_answer *answer,
                                      struct imgrw_error *error);
