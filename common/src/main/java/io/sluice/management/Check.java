package io.sluice.management;

/**
 * One thing that a service's health depends on, at one moment. Immutable.
 *
 * @param name the field's own word for it, as {@code poll-thread} or {@code sink}
 * @param ok whether it is as it should be
 * @param reason in one line, also when all is well: whoever looks wants to know how far it is from not being so. Never
 *     anything secret
 */
public record Check(String name, boolean ok, String reason) {}
