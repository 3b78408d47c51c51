package io.sluice.producer.http;

/** A body that has not come in the time that it has. */
final class BodyTooSlow extends Exception {
    BodyTooSlow() {
        super("no whole line came within producer.idle-timeout, so the connection is closed");
    }
}
