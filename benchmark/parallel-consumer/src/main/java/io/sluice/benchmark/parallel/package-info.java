/** Confluent Parallel Consumer as a consumer to measure Sluice beside, on a class path of its own: it needs an older Kafka client. */
@NullMarked
package io.sluice.benchmark.parallel;

import org.jspecify.annotations.NullMarked;
