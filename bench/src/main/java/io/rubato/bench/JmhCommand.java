package io.rubato.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rubato bench jmh}: hands its arguments to JMH, which ends the JVM itself after wrong usage of its own. */
@Command(name = "jmh",
        description = "Micro-benchmarks. Arguments go to JMH: -l lists the benchmarks, -h helps, "
                + "and 'RowKernel.add -p columns=128 -prof gc' runs some.")
final class JmhCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ARGUMENT", arity = "0..*", description = "See -h.")
    private List<String> arguments = List.of();

    /** The command, with everything behind its name left to JMH. */
    static CommandLine commandLine() {
        return new CommandLine(new JmhCommand()).setUnmatchedOptionsArePositionalParams(true)
                .setStopAtPositional(true);
    }

    @Override
    public Integer call() throws IOException {
        if (arguments.contains("--help")) {
            arguments = List.of("-h");
        }
        org.openjdk.jmh.Main.main(arguments.toArray(String[]::new));
        return 0;
    }
}
