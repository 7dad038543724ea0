package io.rubato.bench;

import io.rubato.node.FailureException;
import io.rubato.node.Idle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rubato bench waiting}. */
@Command(name = "waiting", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Ways of waiting and placing processes, in turns: how soon a worker goes on after the clock that it "
                + "waits for, and what waiting takes from those who work. A driver, a shard and two clients with a "
                + "worker each, over shared memory, under bsp.",
        footer = {"", "wake: from the late worker's clock to the end of the read that waits for it. cores: used "
                + "meanwhile by all; the late worker computes all the time. gate: a clock and a read of both workers. "
                + "push: rows of both, applied."})
final class WaitingCommand extends Bench {
    private static final List<String> WAKES = List.of("wake p50", "wake p99", "wake max");

    @Option(names = "--idle", paramLabel = "HOW", split = ",", defaultValue = "backoff,yield,spin",
            converter = Idle.Parser.class,
            description = "What threads do that have nothing to do (default ${DEFAULT-VALUE}).")
    private List<Idle> idles;

    @Option(names = "--placement", paramLabel = "WHERE", split = ",", defaultValue = "free,clients,apart",
            converter = Placement.Parser.class,
            description = "free: every process may use all cores; clients: each client has one core; apart: shard and "
                    + "driver have the last core, clients the others (default ${DEFAULT-VALUE}). Needs taskset, "
                    + "unless free.")
    private List<Placement> placements;

    @Option(names = "--warm-up", paramLabel = "N", defaultValue = "10000",
            description = "Clocks before a measurement, as long as its own: while compilers work, wake-ups take longer (default "
                    + "${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--clocks", paramLabel = "N", defaultValue = "2000",
            description = "Clocks of a measurement (default ${DEFAULT-VALUE}).")
    private int clocks;

    @Option(names = "--micros", paramLabel = "N", defaultValue = "1000",
            description = "What the late worker computes in a clock (default ${DEFAULT-VALUE}).")
    private int micros;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "10000",
            description = "Rows that a worker pushes in a clock (default ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--repeats", paramLabel = "N", defaultValue = "3",
            description = "Repetitions of each, in turns (default ${DEFAULT-VALUE}).")
    private int repeats;

    @Override
    void check() {
        inRange("--warm-up", warmUp, 2, 1 << 16);
        inRange("--clocks", clocks, 2, 1 << 16);
        inRange("--micros", micros, 0, 1_000_000);
        inRange("--batch", batch, 1, Rows.VISITS);
        inRange("--repeats", repeats, 1, 1000);
    }

    @Override
    int measure(final Report report) throws IOException, InterruptedException {
        requireTaskset();
        final WaitingFigures.Effort effort = new WaitingFigures.Effort(warmUp, clocks, micros, batch);
        final Map<String, List<Map<String, Double>>> taken = new LinkedHashMap<>();
        for (int i = 0; i < repeats; i++) {
            for (final Idle idle : idles) {
                for (final Placement placement : placements) {
                    final String name = idle + ", " + placement;
                    System.err.println("measuring " + name);
                    taken.computeIfAbsent(name, _ -> new ArrayList<>())
                            .add(WaitingFigures.measure(idle, placement, effort));
                }
            }
        }
        final TextTable table = new TextTable("idle, placement", "wake us p50", "p99", "max", "cores", "gate us",
                "push M rows/s");
        taken.forEach((name, figures) -> {
            final List<String> cells = new ArrayList<>(List.of(name));
            WAKES.forEach(wake -> cells.add(cell("%,.0f", figures, wake)));
            cells.add(cell("%.1f", figures, "cores"));
            cells.add(cell("%.1f", figures, "gate"));
            cells.add(cell("%.3f", figures, "push"));
            table.row(cells.toArray(String[]::new));
        });
        report.say("%d cores; %d clocks of %d us; median of %d", Runtime.getRuntime().availableProcessors(), clocks,
                micros, repeats);
        report.say(table);
        report.put("clocks", clocks);
        report.put("micros", micros);
        report.put("waiting", json(taken));
        return 0;
    }

    private static String cell(final String format, final List<Map<String, Double>> figures, final String name) {
        return String.format(Locale.ROOT, format, samples(figures, name).median());
    }

    private static Samples samples(final List<Map<String, Double>> figures, final String name) {
        return new Samples(figures.stream().map(each -> each.get(name)).toList());
    }

    private static Map<String, Object> json(final Map<String, List<Map<String, Double>>> taken) {
        final Map<String, Object> json = new LinkedHashMap<>();
        taken.forEach((name, figures) -> {
            final Map<String, Object> one = new LinkedHashMap<>();
            figures.getFirst().keySet().forEach(figure -> one.put(figure, samples(figures, figure).json()));
            json.put(name, one);
        });
        return json;
    }

    private void requireTaskset() throws InterruptedException {
        if (placements.equals(List.of(Placement.FREE))) {
            return;
        }
        try {
            final Process process = new ProcessBuilder("taskset", "-p", Long.toString(ProcessHandle.current().pid()))
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new FailureException("taskset does not work here; --placement free does without");
            }
        } catch (final IOException e) {
            throw new FailureException("taskset (util-linux) is not on PATH; --placement free does without", e);
        }
    }
}
