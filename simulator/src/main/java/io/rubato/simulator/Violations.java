package io.rubato.simulator;

import io.rubato.simulator.check.Check;
import io.rubato.simulator.check.Violation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Collects what checks object to, with the time; remembers the first ones and counts all. */
final class Violations implements Consumer<Violation> {
    private static final int REMEMBERED = 20;

    private final SimulatedTime time;
    private final Trace trace;
    private final List<Violation> first = new ArrayList<>();
    private final Map<Check, Long> counts = new EnumMap<>(Check.class);

    Violations(final SimulatedTime time, final Trace trace) {
        this.time = time;
        this.trace = trace;
    }

    @Override
    public void accept(final Violation violation) {
        counts.merge(violation.check(), 1L, Long::sum);
        if (first.size() < REMEMBERED) {
            first.add(new Violation(violation.check(),
                    String.format(Locale.ROOT, "%s (at %.6f s)", violation.message(), time.now() / 1e9)));
        }
        if (trace.isListening()) {
            trace.line("VIOLATION " + violation);
        }
    }

    void report(final Check check, final String message) {
        accept(new Violation(check, message));
    }

    List<Violation> first() {
        return List.copyOf(first);
    }

    Map<Check, Long> counts() {
        return Map.copyOf(counts);
    }
}
