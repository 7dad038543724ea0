package io.rubato.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rubato bench budgets}. */
@Command(name = "budgets", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Measures each budget of speed as a ratio, both sides in turn, and says whether it is met. Exit "
                + "code 1 if one is missed.")
final class BudgetsCommand extends Bench {
    @Option(names = "--only", paramLabel = "NAME", split = ",",
            description = "Some of cached-read, allocation, one-sided, apply, push, read-ipc, read-udp, mf, lda.")
    private List<String> only;

    @Option(names = "--quick", description = "Fewer and shorter repetitions: about a minute instead of five.")
    private boolean quick;

    @Option(names = "--libmf", paramLabel = "PROGRAM",
            description = "LIBMF's mf-train, to be measured in the same run; otherwise its reference figure serves.")
    private Path libmf;

    private Budgets budgets;

    @Override
    void check() {
        if (libmf != null && !Files.isExecutable(libmf)) {
            throw new IllegalArgumentException("--libmf " + libmf + " is no program");
        }
        budgets = new Budgets(quick ? Budgets.Effort.quick() : Budgets.Effort.full(), libmf);
        if (only == null) {
            only = budgets.names();
        }
        for (final String name : only) {
            if (!budgets.names().contains(name)) {
                throw new IllegalArgumentException(
                        "--only must be some of " + String.join(", ", budgets.names()) + ", got '" + name + "'");
            }
        }
    }

    @Override
    int measure(final Report report) throws IOException, InterruptedException {
        final List<Budget> measured = new ArrayList<>();
        final List<Double> coreDistances = new ArrayList<>();
        for (final String name : only) {
            System.err.println("measuring " + name);
            coreDistances.add(CoreDistance.measure());
            measured.addAll(budgets.measure(name));
        }
        final int exitCode = judge(report, measured);
        final Samples distances = new Samples(coreDistances);
        report.say(CoreDistance.tell(distances));
        report.put("coreDistanceNs", distances.json());
        return exitCode;
    }

    /** Prints and reports; returns the exit code. */
    static int judge(final Report report, final List<Budget> measured) {
        final TextTable table = Budget.table();
        measured.forEach(budget -> budget.addTo(table));
        report.say(table);
        final long missed = measured.stream().filter(Budget::isMeasured).filter(budget -> !budget.isMet()).count();
        final long open = measured.stream().filter(budget -> !budget.isMeasured()).count();
        report.say(
                "%d met, %d missed, %d not measured; ratio: the median of repetitions that took turns, least and most "
                        + "of them beside it",
                measured.size() - missed - open, missed, open);
        report.put("budgets", measured.stream().map(Budget::json).toList());
        report.put("missed", missed);
        return missed == 0 ? 0 : 1;
    }
}
