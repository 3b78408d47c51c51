package io.sluice.standalone.bench;

import java.nio.file.Path;

/**
 * Where everything of one run is measured.
 *
 * @param bootstrap the broker
 * @param partitions of the topics
 * @param patience with each consumer
 * @param folder for files that nobody needs afterwards
 */
public record Setup(String bootstrap, int partitions, Patience patience, Path folder) {}
