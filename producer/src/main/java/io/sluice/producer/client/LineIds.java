package io.sluice.producer.client;

import java.util.AbstractSet;
import java.util.BitSet;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The ids of a file's tasks: one that is made of the file's prefix and the number of a line costs a bit, any other as much
 * as in the set that holds it. Not safe for threads.
 */
public final class LineIds extends AbstractSet<String> {
    private static final int LONGEST_NUMBER = 10;

    private final String prefix;
    private final BitSet lines;
    private final Set<String> others;
    private int size;

    /**
     * Takes both over.
     *
     * @param prefix what stands before the number
     * @param lines the numbers of the lines whose tasks have such an id
     * @param others all other ids
     */
    public LineIds(String prefix, BitSet lines, Set<String> others) {
        this.prefix = prefix;
        this.lines = lines;
        this.others = others;
        this.size = lines.cardinality() + others.size();
    }

    @Override
    public boolean add(String id) {
        int line = line(id);
        boolean added = line < 0 ? others.add(id) : !lines.get(line);
        if (added && line >= 0) {
            lines.set(line);
        }
        size += added ? 1 : 0;
        return added;
    }

    @Override
    public boolean contains(Object id) {
        int line = line(id);
        return line < 0 ? others.contains(id) : lines.get(line);
    }

    @Override
    public boolean remove(Object id) {
        boolean removed = contains(id);
        if (removed) {
            int line = line(id);
            if (line < 0) {
                others.remove(id);
            } else {
                lines.clear(line);
            }
            size--;
        }
        return removed;
    }

    /** The number in an id that is made as those of lines are; -1 for any other, one with a leading zero too. */
    private int line(Object id) {
        String text = String.valueOf(id);
        int digits = text.length() - prefix.length();
        if (digits < 1 || digits > LONGEST_NUMBER || !text.startsWith(prefix) || text.charAt(prefix.length()) == '0') {
            return -1;
        }
        long number = 0;
        for (int i = prefix.length(); i < text.length(); i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            number = 10 * number + (digit - '0');
        }
        return number > Integer.MAX_VALUE - 1 ? -1 : (int) number;
    }

    @Override
    public Iterator<String> iterator() {
        Iterator<String> all = Stream.concat(
                        lines.stream().mapToObj(line -> prefix + line), Set.copyOf(others).stream())
                .iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public String next() {
                return all.next();
            }
        };
    }

    @Override
    public int size() {
        return size;
    }
}
