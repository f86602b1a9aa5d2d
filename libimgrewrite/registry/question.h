/*
 * A question: an image whose reference was added, and the answer.
 */
#pragma once

#include "registry/ecr_login.h"
#include "registry/job.h"
#include "registry/login.h"

struct irw_question {
    size_t index;
    char *text;              /* the reference */
    char *registry;          /* as the reference has it */
    char *host;              /* that is asked, in lower case */
    char *repository, *path; /* of the URL of the manifest */
    char *digest;            /* of the reference; empty: none */
    struct irw_question *same; /* the first one about the same manifest, whose
                                  the rest is: */
    struct irw_job job;
    bool was_anonymous; /* there was a second pass about it, after: */
    struct irw_finding anonymous;
    const struct irw_login *login; /* of that pass; NULL: there is none */
    struct irw_ecr_login *ecr; /* the login is an access key, or made of this */
    bool login_failed;  /* there may be one, and the reason says why not */
    int64_t expires_at; /* of the login, in seconds since 1970; 0: not known */
    char *reason; /* in place of that of the verdict; NULL: none */
    struct imgrw_answer answer;
    struct imgrw_login given; /* with which it can be pulled */
};

/* Makes a question of a reference. Release it with irw_question_clear in any
 * case. Failures are those of imgrw_registry_add. */
enum imgrw_status irw_question_init(struct irw_question *question,
                                    imgrw_str reference,
                                    struct imgrw_error *error);
void irw_question_clear(struct irw_question *question);

/* Orders pointers to questions, for qsort: by host, manifest, and index. */
int irw_question_compare(const void *one, const void *other);

/* Whether both are about the same manifest. */
bool irw_question_is_same(const struct irw_question *one,
                          const struct irw_question *other);

/* Sets the reason from a text; false when memory is out. */
bool irw_question_set_reason(struct irw_question *question, const char *reason);

/* Adds to the reason until when a login is good that ECR made, and what is
 * wrong with the name of a registry of Amazon's; false when memory is out. */
bool irw_question_explain(struct irw_question *question);

/* Fills the answer in from what was found out. */
void irw_question_answer(struct irw_question *question);
