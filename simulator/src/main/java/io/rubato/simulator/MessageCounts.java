package io.rubato.simulator;

import java.util.SortedMap;
import java.util.TreeMap;

/** Messages per kind. */
final class MessageCounts {
    private static final int TEMPLATES = 1 << 16;

    private long[][] byTemplate = new long[0][];
    private long total;

    void sent(final int template, final int length) {
        final long[] row = row(template);
        row[0]++;
        row[1] += length;
        total++;
    }

    void lost(final int template) {
        row(template)[2]++;
    }

    void copied(final int template) {
        row(template)[3]++;
    }

    private long[] row(final int template) {
        final int index = template % TEMPLATES;
        if (index >= byTemplate.length) {
            byTemplate = java.util.Arrays.copyOf(byTemplate, index + 1);
        }
        if (byTemplate[index] == null) {
            byTemplate[index] = new long[4];
        }
        return byTemplate[index];
    }

    /** All messages sent, lost ones too. */
    long total() {
        return total;
    }

    /** Sent messages of one template, lost ones too. */
    long of(final int template) {
        return template < byTemplate.length && byTemplate[template] != null ? byTemplate[template][0] : 0;
    }

    /** By name of the kind. */
    SortedMap<String, SimulationResult.Traffic> byKind() {
        final TreeMap<String, SimulationResult.Traffic> kinds = new TreeMap<>();
        for (int i = 0; i < byTemplate.length; i++) {
            final long[] row = byTemplate[i];
            if (row != null) {
                kinds.put(MessageKind.name(i), new SimulationResult.Traffic(row[0], row[1], row[2], row[3]));
            }
        }
        return kinds;
    }
}
