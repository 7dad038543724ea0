package io.rubato.bench;

import io.rubato.node.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rubato bench scale}. */
@Command(name = "scale", mixinStandardHelpOptions = true, sortOptions = false,
        description = "What rows, clocks, gates and memory cost as a job grows along one axis at a time, over shared "
                + "memory, in processes of its own. The other axes stay at 100,000 rows, 1 shard, 1 worker, "
                + "staleness 0; that of staleness has 2 workers. Along readers, 1 worker changes rows that all "
                + "of them have read and that the shard pushes to them (ESSP).")
final class ScaleCommand extends Bench {
    private static final int BASE_ROWS = 100_000;
    private static final String AXES = "rows,shards,workers,staleness,readers";

    @Option(names = "--axis", paramLabel = "NAME", split = ",", defaultValue = AXES,
            description = "Some of " + AXES + " (default: all).")
    private List<String> axes;

    @Option(names = "--rows", paramLabel = "N", split = ",", defaultValue = "10000,100000,1000000,10000000",
            description = "Rows per table (default ${DEFAULT-VALUE}).")
    private List<Integer> rows;

    @Option(names = "--shards", paramLabel = "N", split = ",", defaultValue = "1,2,4",
            description = "Shard processes (default ${DEFAULT-VALUE}).")
    private List<Integer> shards;

    @Option(names = "--workers", paramLabel = "N", split = ",", defaultValue = "1,2,4,8",
            description = "Client processes with a worker each (default ${DEFAULT-VALUE}).")
    private List<Integer> workers;

    @Option(names = "--staleness", paramLabel = "S", split = ",", defaultValue = "0,1,4,16",
            description = "s of the table (default ${DEFAULT-VALUE}).")
    private List<Integer> staleness;

    @Option(names = "--readers", paramLabel = "N", split = ",", defaultValue = "1,2,4,8",
            description = "Client processes with a worker each, to which rows are pushed (default ${DEFAULT-VALUE}).")
    private List<Integer> readers;

    @Option(names = "--columns", paramLabel = "N", defaultValue = "128",
            description = "Floats in a row, fewer where a table would be too large (default ${DEFAULT-VALUE}).")
    private int columns;

    @Option(names = "--table-mib", paramLabel = "N", defaultValue = "4096",
            description = "Largest table (default ${DEFAULT-VALUE}).")
    private int tableMib;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "20000",
            description = "Rows that a worker pushes or pulls in a clock (default ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--clocks", paramLabel = "N", defaultValue = "20",
            description = "Clocks of a push or pull; a hundred times as many without data (default ${DEFAULT-VALUE}).")
    private int clocks;

    @Override
    void check() {
        for (final String axis : axes) {
            if (!List.of(AXES.split(",")).contains(axis)) {
                throw new IllegalArgumentException(
                        "--axis must be some of " + AXES + ", got '" + axis + "'");
            }
        }
        rows.forEach(value -> inRange("--rows", value, 1, 1 << 28));
        shards.forEach(value -> inRange("--shards", value, 1, 64));
        workers.forEach(value -> inRange("--workers", value, 1, 64));
        staleness.forEach(value -> inRange("--staleness", value, 0, 1 << 20));
        readers.forEach(value -> inRange("--readers", value, 1, 64));
        inRange("--columns", columns, 1, 1 << 12);
        inRange("--table-mib", tableMib, 1, 1 << 20);
        inRange("--batch", batch, 1, Rows.VISITS);
        inRange("--clocks", clocks, 1, 1 << 20);
    }

    @Override
    int measure(final Report report) throws IOException {
        final ScalePoint base = new ScalePoint(BASE_ROWS, columns, 1, 1, 0).withRows(BASE_ROWS, (long) tableMib << 20);
        for (final String axis : axes) {
            switch (axis) {
                case "rows" -> measure(report, axis, rows, size -> base.withRows(size, (long) tableMib << 20));
                case "shards" -> measure(report, axis, shards, base::withShards);
                case "workers" -> measure(report, axis, workers, base::withWorkers);
                case "staleness" -> measure(report, axis, staleness, base.withWorkers(2)::withStaleness);
                default -> measure(report, axis, readers, base::withWorkers);
            }
        }
        return 0;
    }

    private Map<String, Double> costs(final String axis, final ScalePoint point) throws IOException {
        final ScaleFigures.Effort effort = new ScaleFigures.Effort(
                Math.min(batch, Math.min(point.rows(), Rows.VISITS)), clocks);
        return axis.equals("readers") ? PushFigures.measure(point, effort).costs()
                : ScaleFigures.measure(point, effort).costs();
    }

    private void measure(final Report report, final String axis, final List<Integer> sizes,
            final IntFunction<ScalePoint> points) throws IOException {
        final Map<String, List<Double>> costs = new LinkedHashMap<>();
        final List<Double> measured = new ArrayList<>();
        final List<Map<String, Object>> json = new ArrayList<>();
        TextTable table = null;
        for (final int size : sizes) {
            final ScalePoint point = points.apply(size);
            requireMemory(point);
            System.err.println("measuring " + axis + " " + size);
            final Map<String, Double> measuredCosts = costs(axis, point);
            measured.add((double) size);
            final List<String> cells = new ArrayList<>(List.of(String.format(Locale.ROOT, "%,d", size),
                    Integer.toString(point.columns())));
            measuredCosts.forEach((name, cost) -> {
                costs.computeIfAbsent(name, _ -> new ArrayList<>()).add(cost);
                cells.add(String.format(Locale.ROOT, cost < 100 ? "%.1f" : "%,.0f", cost));
            });
            if (table == null) {
                final List<String> heads = new ArrayList<>(List.of(axis, "columns"));
                heads.addAll(costs.keySet());
                table = new TextTable(heads.toArray(String[]::new));
            }
            table.row(cells.toArray(String[]::new));
            final Map<String, Object> one = point.json();
            one.putAll(measuredCosts);
            json.add(one);
        }
        final List<String> growth = new ArrayList<>(List.of("grows", ""));
        costs.values().forEach(values -> growth.add(Growth.word(Growth.exponent(measured, values))));
        table.row(growth.toArray(String[]::new));
        report.say(table);
        report.say("");
        report.put(axis, json);
    }

    /** Better than to drive the machine into its last page. */
    private static void requireMemory(final ScalePoint point) throws IOException {
        final long available = Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).findFirst().orElseThrow();
        if (point.neededBytes() > available) {
            throw new FailureException(String.format(Locale.ROOT,
                    "%,d rows of %d floats with %d workers need about %,d MiB, but only %,d MiB are free", point.rows(),
                    point.columns(), point.workers(), point.neededBytes() >> 20, available >> 20));
        }
    }
}
