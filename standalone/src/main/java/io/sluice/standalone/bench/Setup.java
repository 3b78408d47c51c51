package io.sluice.standalone.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * Where and with what everything of one run is measured.
 *
 * @param bootstrap the broker
 * @param partitions of the topics
 * @param heapMegabytes of each consumer's process, from its beginning
 * @param flags further ones of its JVM
 * @param folder for files that nobody needs afterwards
 */
public record Setup(String bootstrap, int partitions, int heapMegabytes, List<String> flags, Path folder) {}
