package io.sluice.consumer.engine;

/**
 * A change to one source file of the engine.
 *
 * @param type the name of the class
 * @param find what is to be replaced; it is there exactly once
 */
record CorePatch(String type, String find, String replacement) {
    /** @throws IllegalStateException if the text is not there, or more than once: the engine has moved on */
    String apply(String source) {
        int first = source.indexOf(find);
        if (first < 0 || source.indexOf(find, first + 1) >= 0) {
            throw new IllegalStateException(
                    type + " has " + (first < 0 ? "nowhere" : "more than once") + " what is to be broken: " + find);
        }
        return source.replace(find, replacement);
    }
}
