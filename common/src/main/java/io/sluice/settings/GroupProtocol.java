package io.sluice.settings;

/** How the members of a consumer group share its partitions. */
public enum GroupProtocol {
    /** The broker assigns; partitions that stay with their owner are not disturbed. */
    CONSUMER,
    /** The members assign; every change revokes everything. For brokers older than Kafka 4.0. */
    CLASSIC
}
