package io.sluice.cli;

/** What somebody typed, or a file that they named, is wrong. Its message is what they are told; the exit code is 2. */
public final class UsageFault extends RuntimeException {
    public UsageFault(String message) {
        super(message);
    }

    /** @throws UsageFault if the option's value is not from the least to the most, both included */
    public static void unlessWithin(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new UsageFault(option + " is " + value + ", but must be from " + least + " to " + most);
        }
    }
}
