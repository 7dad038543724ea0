package io.rubato.node;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Puts the command line together, and turns what goes wrong into a line and an exit code. */
final class Program {
    private static final List<String> FUTURE_COMMANDS = List.of("inspect", "export");
    private static final List<String> FUTURE_LEARNERS = List.of("lasso", "proximal", "logistic");

    private Program() {
    }

    /** Returns the exit code. */
    static int run(final String... arguments) {
        return Launched.is(arguments) ? Launched.run(arguments) : commandLine(arguments).execute(arguments);
    }

    /**
     * The command line that can read these arguments. Of a command that they begin with it knows no others: to look for
     * the options of a command takes tens of milliseconds.
     */
    static CommandLine commandLine(final String... arguments) {
        final CommandLine root = new CommandLine(new RootCommand());
        final Map<String, Supplier<CommandLine>> commands = commands();
        final Supplier<CommandLine> meant = arguments.length == 0 ? null : commands.get(arguments[0]);
        if (meant != null) {
            root.addSubcommand(arguments[0], meant.get());
        } else {
            commands.forEach((name, command) -> root.addSubcommand(name, command.get()));
        }
        return ErrorLines.on(root);
    }

    /** In the order of the help. */
    private static Map<String, Supplier<CommandLine>> commands() {
        final Map<String, Supplier<CommandLine>> commands = new LinkedHashMap<>();
        commands.put("demo", () -> new CommandLine(new DemoCommand()));
        commands.put("train", Program::train);
        commands.put("coordinator", () -> new CommandLine(new CoordinatorCommand()));
        commands.put("shard", () -> new CommandLine(new ShardCommand()));
        commands.put("worker", () -> new CommandLine(new WorkerCommand()));
        commands.put("driver", () -> new CommandLine(new DriverCommand()));
        commands.put("simulate", () -> new CommandLine(new SimulateCommand()));
        commands.put("bench", Program::bench);
        FUTURE_COMMANDS.forEach(name -> commands.put(name, () -> notYet(name)));
        return commands;
    }

    private static CommandLine train() {
        final CommandLine train = new CommandLine(new TrainCommand());
        train.addSubcommand("mf", new CommandLine(new TrainMfCommand()));
        train.addSubcommand("lda", new CommandLine(new TrainLdaCommand()));
        train.addSubcommand("audit", new CommandLine(new TrainAuditCommand()));
        FUTURE_LEARNERS.forEach(name -> train.addSubcommand(name, notYet("train " + name)));
        return train;
    }

    /** Measurements are a program of their own, which {@code scripts/rubato} starts instead of this one. */
    private static CommandLine bench() {
        final CommandSpec spec = CommandSpec.wrapWithoutInspection((Runnable) () -> {
            throw new UsageException("bench is built and started by scripts/rubato: 'scripts/rubato bench --help'");
        });
        spec.usageMessage().description("Measures this machine, and Rubato on it: see 'rubato bench --help'.");
        return new CommandLine(spec).setUnmatchedArgumentsAllowed(true).setUnmatchedOptionsArePositionalParams(true);
    }

    private static CommandLine notYet(final String name) {
        final CommandSpec spec = CommandSpec.wrapWithoutInspection((Runnable) () -> {
            throw new UsageException(name + " is not available yet");
        });
        spec.usageMessage().hidden(true);
        return new CommandLine(spec).setUnmatchedArgumentsAllowed(true).setUnmatchedOptionsArePositionalParams(true);
    }

    /** Version of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            final String version = Program.class.getPackage().getImplementationVersion();
            return new String[] {"rubato " + (version == null ? "(unpackaged build)" : version)};
        }
    }

    /** {@code rubato} alone explains itself. */
    @Command(name = "rubato", mixinStandardHelpOptions = true, versionProvider = Version.class,
            description = "A parameter server that keeps the Stale Synchronous Parallel bound.",
            footer = {"",
                    "Start with 'rubato demo'. Exit codes: 0 success, 1 failure while running, 2 wrong usage or bad "
                            + "input, 130 interrupted."})
    static final class RootCommand implements Runnable {
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(),
                    "expected a command: demo, train, simulate, bench, coordinator, shard, worker or driver");
        }
    }

    /** {@code rubato train} needs a learner. */
    @Command(name = "train", mixinStandardHelpOptions = true,
            description = "Trains a model with several processes on this machine.")
    static final class TrainCommand implements Runnable {
        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "expected a learner: mf, lda, or audit");
        }
    }
}
