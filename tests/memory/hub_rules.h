/*
 * The rules that most uses need: images of Docker Hub move to a mirror.
 */
#pragma once

#include <imgrewrite/rules.h>

/* Makes the rules, which the caller frees unless this fails. */
enum imgrw_status hub_rules_new(struct imgrw_rules **rules);
