/**
 * Tasks in the same JVM: {@link io.sluice.producer.client.Tasks} writes them and tells when the broker has them.
 * {@link io.sluice.producer.client.ResultWatch} follows the results, and {@link io.sluice.producer.client.Join} counts
 * them until every task that one cares for has its own.
 */
@NullMarked
package io.sluice.producer.client;

import org.jspecify.annotations.NullMarked;
