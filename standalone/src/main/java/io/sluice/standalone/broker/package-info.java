/**
 * A real Apache Kafka broker inside this JVM, for the demo, for {@code sluice up} and for end-to-end tests.
 *
 * <p>One node is broker and controller at once. It listens on this machine only, keeps its data in one folder, and
 * leaves nothing behind when it is closed. Kafka takes the JVM for its own; what that means is dealt with here too.
 */
@NullMarked
package io.sluice.standalone.broker;

import org.jspecify.annotations.NullMarked;
