/**
 * What stands between the producer's HTTP port and those who knock: who may send (tokens), over what (TLS), on which
 * address, how many connections, how slowly, and what a request's head must be. One class a question;
 * {@link io.sluice.producer.guard.Guard} puts them in front of a server. It knows no route and writes no answer: it is
 * handed a {@link io.sluice.producer.guard.Refusal}.
 */
@NullMarked
package io.sluice.producer.guard;

import org.jspecify.annotations.NullMarked;
