/** The embedded broker, tried through Kafka's own clients. */
@NullMarked
package io.sluice.standalone.broker;

import org.jspecify.annotations.NullMarked;
