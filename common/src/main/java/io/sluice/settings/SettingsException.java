package io.sluice.settings;

import java.util.List;
import java.util.stream.Collectors;

/** Settings that cannot work. The message lists every fault, one a line, and is meant to be printed without a trace. */
public final class SettingsException extends RuntimeException {
    private final transient List<Fault> faults;

    public SettingsException(List<Fault> faults) {
        super(faults.stream().map(Fault::message).collect(Collectors.joining("\n")));
        this.faults = List.copyOf(faults);
    }

    public List<Fault> faults() {
        return faults;
    }
}
