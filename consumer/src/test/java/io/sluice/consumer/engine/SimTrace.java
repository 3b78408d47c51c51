package io.sluice.consumer.engine;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What happened, line by line with its time; or nothing at all, when nobody will read it. */
final class SimTrace {
    private final SimWorld world;
    private final boolean on;
    private final StringBuilder lines = new StringBuilder();

    SimTrace(SimWorld world, boolean on) {
        this.world = world;
        this.on = on;
    }

    void say(String format, @Nullable Object... arguments) {
        if (on) {
            lines.append(String.format(Locale.ROOT, "%10.3f  ", world.nanos() / 1e9))
                    .append(String.format(Locale.ROOT, format, arguments))
                    .append('\n');
        }
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
