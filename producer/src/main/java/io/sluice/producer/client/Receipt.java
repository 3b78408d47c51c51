package io.sluice.producer.client;

/**
 * The broker has the task: every in-sync replica has acknowledged it.
 *
 * @param id the task's, by which its result is found
 * @param topic where it was written
 */
public record Receipt(String id, String topic) {}
