package io.rubato.node;

import java.util.List;
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
        return commandLine().execute(arguments);
    }

    static CommandLine commandLine() {
        final CommandLine train = new CommandLine(new TrainCommand());
        train.addSubcommand("mf", new CommandLine(new TrainMfCommand()));
        train.addSubcommand("lda", new CommandLine(new TrainLdaCommand()));
        train.addSubcommand("audit", new CommandLine(new TrainAuditCommand()));
        FUTURE_LEARNERS.forEach(name -> train.addSubcommand(name, notYet("train " + name)));
        final CommandLine root = new CommandLine(new RootCommand());
        root.addSubcommand("demo", new CommandLine(new DemoCommand()));
        root.addSubcommand("train", train);
        root.addSubcommand("coordinator", new CommandLine(new CoordinatorCommand()));
        root.addSubcommand("shard", new CommandLine(new ShardCommand()));
        root.addSubcommand("worker", new CommandLine(new WorkerCommand()));
        root.addSubcommand("driver", new CommandLine(new DriverCommand()));
        root.addSubcommand("simulate", new CommandLine(new SimulateCommand()));
        root.addSubcommand("bench", bench());
        FUTURE_COMMANDS.forEach(name -> root.addSubcommand(name, notYet(name)));
        return ErrorLines.on(root);
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
