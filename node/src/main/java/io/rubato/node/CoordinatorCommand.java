package io.rubato.node;

import io.rubato.Outcome;
import io.rubato.coordinator.CoordinatorAgent;
import io.rubato.coordinator.CoordinatorContext;
import io.rubato.coordinator.JobReport;
import io.rubato.transport.aeron.AeronTransport;
import io.rubato.transport.aeron.Driver;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rubato coordinator}: admits the others, shows the job's progress, writes its result. */
@Command(name = "coordinator", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs the coordinator of a job: it admits shards and worker processes, shows progress, and "
                + "declares the end. Prints the address at which the others find it.")
final class CoordinatorCommand implements Callable<Integer> {
    /** A process that is silent for longer is dead; less would be too little on a busy machine with few cores. */
    static final long LIVENESS_MS = 10_000;
    static final long LIVENESS_NS = TimeUnit.MILLISECONDS.toNanos(LIVENESS_MS);
    /** How far above the noise floor a test error still is the planted model's. */
    private static final double TOLERANCE = 0.03;

    @Option(names = "--job", paramLabel = "FILE", required = true,
            description = "What to do: lines of key=value, the keys being train's options without the dashes "
                    + "(data=/path, workers=4) and learner=mf; a learner's own options as option.rank=32.")
    private Path job;

    @Mixin
    private RoleOptions role;

    @Option(names = "--address-file", paramLabel = "FILE",
            description = "Write the address to this file instead of standard error.")
    private Path addressFile;

    @Option(names = "--embedded-driver", description = "Host the media driver in this process.")
    private boolean embeddedDriver;

    @Option(names = "--json", paramLabel = "FILE",
            description = "Write the result as one JSON object; - for standard output.")
    private String json;

    /** Of the driver's process, as a launcher says; 0 if unknown or this one. */
    private long driverPid;

    /** When the launcher was started, or else this process; on the clock of {@link System#nanoTime}. */
    private long commandedNs = System.nanoTime();

    /** Read from the command line. */
    CoordinatorCommand() {
    }

    CoordinatorCommand(final Launched given) {
        job = given.path("--job");
        role = new RoleOptions(given);
        addressFile = given.path("--address-file");
        json = given.has("--json") ? given.text("--json") : null;
        embeddedDriver = !given.has("--driver-pid");
        driverPid = embeddedDriver ? 0 : given.number("--driver-pid");
        commandedNs -= TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - given.number("--commanded"));
    }

    @Override
    public Integer call() {
        role.tieToLauncher();
        final JobConfig config = read();
        if (config == null && !role.isLaunched()) {
            throw new UsageException("--job " + job + ": no such file");
        }
        final byte[] secret = role.secret();
        final JsonTarget target = new JsonTarget(json);
        target.check();
        if (!embeddedDriver) {
            run(config, secret, target);
        } else {
            try (Driver _ = DriverCommand.launch(role.driver(), role.idle())) {
                run(config, secret, target);
            }
        }
        return 0;
    }

    private void run(final JobConfig known, final byte[] secret, final JsonTarget target) {
        final AeronTransport transport = role.openTransport();
        final JobConfig config = known == null ? await(transport) : known;
        final Progress progress;
        final Outcome outcome;
        try (PrintStream display = new PrintStream(new DetachedOutput(System.err), true, System.err.charset())) {
            progress = new Progress(display, Terminal.isStandardErrorOne(), config.clocksToRun(),
                    SystemNanoClock.INSTANCE);
            outcome = coordinate(transport, config, secret, progress);
        }
        if (progress.report() == null) {
            throw new FailureException(progress.failure() == null ? outcome.reason() : progress.failure());
        }
        conclude(config, progress, progress.firstClockSeconds(commandedNs), target);
    }

    /** A launcher writes the file when it has checked the input, and meanwhile starts the processes. */
    private JobConfig await(final AeronTransport transport) {
        JobConfig config;
        while ((config = read()) == null) {
            RoleOptions.waitBeside(List.of(transport));
        }
        return config;
    }

    /** Null if there is no such file. */
    private JobConfig read() {
        try {
            return JobConfig.parse(Files.readString(job));
        } catch (final NoSuchFileException e) {
            return null;
        } catch (final IOException e) {
            throw new UsageException("--job " + job + ": " + e.getMessage());
        }
    }

    private Outcome coordinate(final AeronTransport transport, final JobConfig config, final byte[] secret,
            final Progress progress) {
        if (addressFile == null) {
            System.err.println("coordinator at " + transport.localAddress());
        } else {
            CoordinatorAddress.write(addressFile, transport.localAddress());
        }
        final CoordinatorAgent agent = new CoordinatorAgent(new CoordinatorContext(transport, SystemNanoClock.INSTANCE,
                randomJob(), secret,
                config.shards(), config.workers(), config.threads(), config.format(), LIVENESS_NS, progress));
        return new AgentLoop(agent, agent::outcome, System.err, Idle.BACKOFF.ofCalmAgent()).run();
    }

    private static long randomJob() {
        final SecureRandom random = new SecureRandom();
        long job = 0;
        while (job == 0) {
            job = random.nextLong();
        }
        return job;
    }

    private void conclude(final JobConfig config, final Progress progress, final double firstClockSeconds,
            final JsonTarget target) {
        final JobReport report = progress.report();
        final PrintStream text = target.isStandardOutput() ? System.err : System.out;
        Summary.of(config, report, firstClockSeconds).forEach(text::println);
        target.write(ReportJson.format(config, report, firstClockSeconds, ProcessHandle.current().pid(),
                embeddedDriver ? ProcessHandle.current().pid() : driverPid), System.out);
        if (!Double.isNaN(config.noiseFloor())) {
            text.println();
            text.println(judge(report.result().test(), config.noiseFloor()));
        }
    }

    /** Holds a test error against the noise that no model can predict. */
    static String judge(final double test, final double noiseFloor) {
        final double above = 100 * (test / noiseFloor - 1);
        final String sentence = Text.of(
                "The test RMSE of %.4f is %.1f %% above %.4f, the planted noise that no model can beat on average",
                test, above, noiseFloor);
        if (!(test <= noiseFloor * (1 + TOLERANCE))) {
            throw new FailureException(sentence + Text.of("; at most %.0f %% was expected.", 100 * TOLERANCE));
        }
        return sentence + ": the planted model was found.";
    }
}
