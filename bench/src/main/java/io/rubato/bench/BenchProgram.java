package io.rubato.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
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
        root.addSubcommand("mf", new CommandLine(new MfCommand()));
        root.addSubcommand("consistency", new CommandLine(new ConsistencyCommand()));
        root.addSubcommand("jmh", JmhCommand.commandLine());
        root.setParameterExceptionHandler(BenchProgram::onWrongUsage);
        root.setExecutionExceptionHandler(BenchProgram::onException);
        return root;
    }

    private static int onWrongUsage(final ParameterException e, final String[] arguments) {
        final CommandLine command = e.getCommandLine();
        command.getErr().println("rubato: " + oneLine(e.getMessage()) + " (see '"
                + command.getCommandSpec().qualifiedName() + " --help')");
        return CommandLine.ExitCode.USAGE;
    }

    private static int onException(final Exception e, final CommandLine command, final ParseResult parsed) {
        if (e instanceof FailureException) {
            command.getErr().println("rubato: " + oneLine(e.getMessage()));
        } else {
            command.getErr().println("rubato: this is a defect of the program: " + e);
            e.printStackTrace(command.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String oneLine(final String message) {
        return message.replaceAll("\\s*\\R\\s*", " ");
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
