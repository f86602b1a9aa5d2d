/*
 * Responses for tests, written as they come over the wire.
 */
#pragma once

#include "registry/response.h"

/* The response with these lines of a head, each ended by a "\n"; a status line
 * "HTTP/1.1 200" comes first. Where the text is a word in capitals it is how
 * the request ended instead, such as "TIMEOUT". What follows an empty line is
 * the body. */
void make_response(const char *text, struct irw_response *response);
