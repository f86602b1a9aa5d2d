/*
 * A pass over images, with or without logins: which are asked for when, and
 * when that ends.
 */
#pragma once

#include "registry/job.h"

/* Is told of each job that is done, and with NULL from time to time. False ends
 * the pass. */
typedef bool irw_pass_done_fn(const struct irw_job *job, void *user);

struct irw_pass {
    struct irw_transport_options transport;
    const struct irw_insecure *insecure;
    bool resolve;
    long long deadline;     /* by irw_clock_now; 0: none */
    struct irw_host *hosts; /* a list */
    /* the login for an image; see struct irw_asker */
    const struct irw_login *(*login)(const struct irw_job *job, void *user);
    irw_pass_done_fn *done;
    void *user; /* for both */
};

/* Puts a job at the end of the queue of its host. */
void irw_pass_enqueue(struct irw_job *job);

/* Makes the pass over the jobs in the queues of the hosts, which are empty
 * then. Every job has a finding. IMGRW_ERR_MEMORY; IMGRW_ERR_STOPPED. */
enum imgrw_status irw_pass_run(const struct irw_pass *pass);
