package io.rubato.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rubato bench rows}. */
@Command(name = "rows", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Rows from a client process to a shard process and back: batched pushes and pulls, single "
                + "blocking reads; over shared memory and UDP, beside bare Aeron and the bare kernel.")
final class RowsCommand extends Bench {
    private static final int MAX_ROWS = 1 << 24;

    @Option(names = "--transport", paramLabel = "ipc|udp", split = ",", defaultValue = "ipc,udp",
            description = "What to measure (default ${DEFAULT-VALUE}).")
    private List<String> media;

    @Option(names = "--mtu", paramLabel = "BYTES", defaultValue = "0",
            description = "Longest frame, for Rubato and bare Aeron alike: a multiple of 32, at most 65504 (default: "
                    + "the program's, 32768 over IPC and 16384 over UDP).")
    private int mtu;

    @Option(names = "--rows", paramLabel = "N", defaultValue = "100000",
            description = "Rows of the table (default ${DEFAULT-VALUE}).")
    private int rows;

    @Option(names = "--columns", paramLabel = "N", defaultValue = "128",
            description = "Floats in a row (default ${DEFAULT-VALUE}).")
    private int columns;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "50000",
            description = "Rows pushed or pulled in a clock (default ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--clocks", paramLabel = "N", defaultValue = "20",
            description = "Clocks of a push or pull (default ${DEFAULT-VALUE}).")
    private int clocks;

    @Option(names = "--reads", paramLabel = "N", defaultValue = "20000",
            description = "Single reads of a repetition (default ${DEFAULT-VALUE}).")
    private int reads;

    @Option(names = "--repeats", paramLabel = "N", defaultValue = "3",
            description = "Repetitions of everything, after one that warms up (default ${DEFAULT-VALUE}).")
    private int repeats;

    @Override
    void check() {
        for (final String medium : media) {
            if (!medium.equals("ipc") && !medium.equals("udp")) {
                throw new IllegalArgumentException("--transport must be ipc, udp or both, got '" + medium + "'");
            }
        }
        Wire.checkMtu(mtu);
        inRange("--rows", rows, 2, MAX_ROWS);
        inRange("--columns", columns, 1, 1 << 12);
        inRange("--batch", batch, 1, Math.min(rows, Rows.VISITS));
        inRange("--clocks", clocks, 1, 1 << 20);
        inRange("--reads", reads, 1, 1 << 24);
        inRange("--repeats", repeats, 1, 1000);
    }

    @Override
    int measure(final Report report) {
        report.say(
                "A table of %,d rows of %d floats; pushes and pulls of %,d rows in a clock, %d clocks; median of %d.",
                rows, columns, batch, clocks, repeats);
        report.put("rows", rows);
        report.put("columns", columns);
        report.put("batch", batch);
        for (final String medium : media) {
            final boolean udp = medium.equals("udp");
            try (WireBench bench = new WireBench(Wire.of(udp, mtu), rows, columns)) {
                final RowsFigures figures = RowsFigures.measure(bench,
                        new RowsFigures.Effort(repeats, clocks, batch, reads), !udp);
                print(report, figures);
                report.put(medium, figures.json());
            }
        }
        return 0;
    }

    private static void print(final Report report, final RowsFigures figures) {
        final String medium = figures.wire().name();
        report.say("");
        report.say("%s, MTU %d, terms of %d bytes", medium, figures.wire().mtu(), figures.wire().termLength());
        report.say(CoreDistance.tell(figures.of("coreDistanceNs")));
        final TextTable flows = new TextTable("", "M rows/s", "least", "most", "MB/s", "B/row client", "B/row shard");
        flow(flows, figures, "batched push, in messages, applied", "push", figures.bytesPerRow());
        flow(flows, figures, "batched pull, in messages", "pull", figures.bytesPerRow());
        if (!figures.wire().udp()) {
            flow(flows, figures, "push, applied where it was written", "oneSidedPush", figures.bytesPerRow());
            flow(flows, figures, "pull, one-sided", "oneSidedPull", figures.bytesPerRow());
        }
        flow(flows, figures, "push in messages as bf16", "narrowPush", figures.narrowBytesPerRow());
        flow(flows, figures, "pull in messages as bf16", "narrowPull", figures.narrowBytesPerRow());
        bare(flows, figures, "bare Aeron " + medium, figures.of("stream"));
        bare(flows, figures, "bare add", figures.of("add"));
        bare(flows, figures, "both in a pipeline", figures.of("pipeline"));
        report.say(flows);
        final TextTable shares = new TextTable("ratio to", "bare Aeron", "bare add", "pipeline", "the least");
        share(shares, figures, "push, in messages", "push");
        if (!figures.wire().udp()) {
            share(shares, figures, "push, applied where it was written", "oneSidedPush");
        }
        report.say("");
        report.say(shares);
        report.say("pull, in messages: %.2f of bare Aeron",
                figures.of("pull").over(figures.of("stream")).median());
        report.say("");
        final TextTable reads =
                new TextTable("one row, blocking; us", "p50", "p90", "p99", "p99.9", "max");
        reads.row(latencies(figures, "read over " + medium, "read"));
        reads.row(latencies(figures, "Aeron's ping-pong, 64 bytes against a row", "ping"));
        reads.row(ratios(figures));
        if (!figures.wire().udp()) {
            reads.row(latencies(figures, "one-sided, through a worker", "oneSidedRead"));
            reads.row(latencies(figures, "one-sided, the copy alone", "slabRead"));
        }
        report.say(reads);
        if (!figures.wire().udp()) {
            report.say("one-sided read %.0f ns, copy from a private slab %.0f ns: ratio %.2f",
                    figures.of("slabRead.oneSided").median(), figures.of("slabRead.copy").median(),
                    figures.of("slabRead.oneSided").over(figures.of("slabRead.copy")).median());
        }
    }

    private static void flow(final TextTable table, final RowsFigures figures, final String label,
            final String name, final double bytesPerRow) {
        final Samples flow = figures.of(name);
        table.row(label, millions(flow.median()), millions(flow.min()), millions(flow.max()),
                megabytes(flow, bytesPerRow), fixed(figures.of(name + ".clientAllocated").median()),
                fixed(figures.of(name + ".shardAllocated").median()));
    }

    private static void bare(final TextTable table, final RowsFigures figures, final String label,
            final Samples flow) {
        table.row(label, millions(flow.median()), millions(flow.min()), millions(flow.max()),
                megabytes(flow, figures.bytesPerRow()), "", "");
    }

    private static void share(final TextTable table, final RowsFigures figures, final String label,
            final String name) {
        final Samples flow = figures.of(name);
        table.row(label, fixed(flow.over(figures.of("stream")).median()), fixed(flow.over(figures.of("add")).median()),
                fixed(flow.over(figures.of("pipeline")).median()), fixed(flow.over(figures.bare()).median()));
    }

    private static String[] latencies(final RowsFigures figures, final String label, final String name) {
        final List<String> cells = new ArrayList<>(List.of(label));
        Latencies.PERCENTILES.keySet().forEach(percentile -> cells
                .add(String.format(Locale.ROOT, "%.2f", figures.of(name + "." + percentile).median() / 1e3)));
        return cells.toArray(String[]::new);
    }

    private static String[] ratios(final RowsFigures figures) {
        final List<String> cells = new ArrayList<>(List.of("ratio"));
        Latencies.PERCENTILES.keySet().forEach(percentile -> cells
                .add(fixed(figures.of("read." + percentile).over(figures.of("ping." + percentile)).median())));
        return cells.toArray(String[]::new);
    }

    private static String millions(final double perSecond) {
        return String.format(Locale.ROOT, "%.3f", perSecond / 1e6);
    }

    private static String megabytes(final Samples rowsPerSecond, final double bytesPerRow) {
        return String.format(Locale.ROOT, "%.0f", rowsPerSecond.median() * bytesPerRow / 1e6);
    }

    private static String fixed(final double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
