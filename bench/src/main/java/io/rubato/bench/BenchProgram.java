package io.rubato.bench;

import io.rubato.node.ErrorLines;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Puts the command line together, and turns what goes wrong into a line and an exit code. */
final class BenchProgram {
    private BenchProgram() {
    }

    /** Returns the exit code. */
    static int run(final String... arguments) {
        return commandLine().execute(arguments);
    }

    static CommandLine commandLine() {
        final CommandLine root = new CommandLine(new RootCommand());
        root.addSubcommand("budgets", new CommandLine(new BudgetsCommand()));
        root.addSubcommand("rows", new CommandLine(new RowsCommand()));
        root.addSubcommand("random", new CommandLine(new RandomCommand()));
        root.addSubcommand("scale", new CommandLine(new ScaleCommand()));
        root.addSubcommand("waiting", new CommandLine(new WaitingCommand()));
        root.addSubcommand("mf", new CommandLine(new MfCommand()));
        root.addSubcommand("lda", new CommandLine(new LdaCommand()));
        root.addSubcommand("consistency", new CommandLine(new ConsistencyCommand()));
        root.addSubcommand("jmh", JmhCommand.commandLine());
        return ErrorLines.on(root);
    }

    /** {@code rubato bench} needs the name of a measurement. */
    @Command(name = "rubato bench", mixinStandardHelpOptions = true,
            description = "Measures this machine, and Rubato on it.",
            footer = {"", "'rubato bench NAME --help' lists a measurement's options. Exit codes: 0 success, 1 failure "
                    + "while running or a missed budget, 2 wrong usage, 130 interrupted."})
    static final class RootCommand implements Runnable {
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(),
                    "expected a measurement: " + String.join(", ", spec.subcommands().keySet()));
        }
    }
}
