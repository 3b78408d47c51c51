/**
 * Consumers and a broker as real processes that are killed, frozen and restarted while a {@link
 * io.sluice.standalone.chaos.Witness} in the test's own process counts every run of every task. What is claimed is checked
 * by its counts, by what the topics hold and by what the group has committed, never by asking a consumer.
 */
@NullMarked
package io.sluice.standalone.chaos;

import org.jspecify.annotations.NullMarked;
