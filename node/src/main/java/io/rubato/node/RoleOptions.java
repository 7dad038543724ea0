package io.rubato.node;

import io.rubato.Outcome;
import io.rubato.protocol.MemberSession;
import io.rubato.transport.aeron.AeronContext;
import io.rubato.transport.aeron.AeronTransport;
import io.rubato.transport.aeron.DriverLostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.concurrent.IdleStrategy;
import picocli.CommandLine.Option;

/** The options of every process that sends and receives, and what they all do before they start. */
final class RoleOptions {
    static final String ANY_LOOPBACK_PORT = "udp:127.0.0.1:0";
    private static final Pattern IPC = Pattern.compile("ipc:([1-9]\\d{0,8})");
    private static final Pattern UDP = Pattern.compile("udp:(.+):(\\d{1,5})");
    private static final int MIN_SECRET_BYTES = 16;
    /** Longer than a driver needs to start on a busy machine. */
    private static final long DRIVER_TIMEOUT_MS = 10_000;
    /** Where a launcher starts many processes at once, its driver being one of them. */
    private static final int LAUNCHED_TRIES = 6;
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(2);

    @Option(names = "--secret", paramLabel = "FILE", required = true,
            description = "File with the job's secret, at least 32 hexadecimal digits; the same for all processes.")
    private Path secret;

    @Option(names = "--media-driver", paramLabel = "DIR", required = true,
            description = "Directory of this machine's media driver (see 'rubato driver').")
    private Path driver;

    @Option(names = "--listen", paramLabel = "ADDRESS", defaultValue = ANY_LOOPBACK_PORT,
            description = "Where to receive: udp:HOST:PORT, port 0 for any, or ipc:NUMBER, a number that no other "
                    + "process with the same media driver has (default ${DEFAULT-VALUE}).")
    private String listen;

    @Option(names = "--mtu", paramLabel = "BYTES", defaultValue = "0",
            description = "Longest frame, a multiple of 32 from 1024 to 65504; the same for all processes (default: 32768 over "
                    + "ipc, 16384 over udp on loopback, 1408 on a network).")
    private int mtu;

    @Option(names = Idle.OPTION, paramLabel = "HOW", defaultValue = Idle.DEFAULT, converter = Idle.Parser.class,
            description = Idle.DESCRIPTION)
    private Idle idle;

    /**
     * The run directory of the launcher that holds the other end of standard input; null if a person started this
     * process.
     */
    private Path launched;

    /** Read from the command line. */
    RoleOptions() {
    }

    RoleOptions(final Launched given) {
        secret = given.path("--secret");
        driver = given.path("--media-driver");
        listen = given.text("--listen");
        mtu = given.count("--mtu");
        idle = given.idle();
        launched = given.runDirectory();
    }

    Idle idle() {
        return idle;
    }

    /** How a worker of this process waits. */
    IdleStrategy workerIdle() {
        return idle.ofWorker(isOnNetwork());
    }

    /** How an agent of this process waits on which every row depends. */
    IdleStrategy agentIdle() {
        return idle.ofAgent(isOnNetwork());
    }

    private boolean isOnNetwork() {
        return UDP.matcher(listen).matches();
    }

    Path driver() {
        return driver;
    }

    /**
     * The exit code for an outcome. A launcher's user hears the reason of a failure from the coordinator, if it is
     * there; others must be told.
     */
    int exitCode(final Outcome outcome) {
        if (!outcome.success() && (launched == null || outcome.reason().startsWith(MemberSession.SILENT))) {
            throw new FailureException(outcome.reason());
        }
        return outcome.success() ? 0 : 1;
    }

    /** Whether a launcher has started this process. */
    boolean isLaunched() {
        return launched != null;
    }

    /** Ties a launched process to its launcher. */
    void tieToLauncher() {
        Lifeline.tie(launched);
    }

    /** The bytes that all processes of the job share. */
    byte[] secret() {
        try {
            final byte[] bytes = HexFormat.of().parseHex(Files.readString(secret).strip());
            if (bytes.length < MIN_SECRET_BYTES) {
                throw new UsageException(
                        "--secret " + secret + ": expected at least " + 2 * MIN_SECRET_BYTES + " hexadecimal digits");
            }
            return bytes;
        } catch (final NoSuchFileException e) {
            throw new UsageException("--secret " + secret + ": no such file");
        } catch (final IOException e) {
            throw new UsageException("--secret " + secret + ": " + e.getMessage());
        } catch (final IllegalArgumentException e) {
            throw new UsageException("--secret " + secret + ": expected hexadecimal digits");
        }
    }

    /** Of a member within its role. */
    static void requireIndex(final int index) {
        if (index < 0) {
            throw new UsageException("--index must be at least 0, got " + index);
        }
    }

    /** Opens this process's endpoint; waits for the driver. */
    AeronTransport openTransport() {
        return openTransport(0);
    }

    /** Opens one of several endpoints of this process, numbered on from where it is to listen; waits for the driver. */
    AeronTransport openTransport(final int place) {
        for (int tries = isLaunched() ? LAUNCHED_TRIES : 1;; tries--) {
            try {
                return AeronTransport.open(endpoint(place));
            } catch (final IllegalArgumentException e) {
                throw new UsageException("--listen " + listen + ": " + e.getMessage());
            } catch (final IllegalStateException | DriverLostException e) {
                if (tries == 1) {
                    throw new FailureException("cannot listen at " + listen + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private AeronContext endpoint(final int place) {
        final AeronContext context = new AeronContext().directory(driver).driverTimeoutMs(DRIVER_TIMEOUT_MS).mtu(mtu);
        final Matcher ipc = IPC.matcher(listen);
        final Matcher udp = UDP.matcher(listen);
        if (ipc.matches()) {
            context.ipc(Integer.parseInt(ipc.group(1)) + place);
        } else if (udp.matches()) {
            final int port = Integer.parseInt(udp.group(2));
            context.udp(udp.group(1), port == 0 ? 0 : port + place);
        } else {
            throw new UsageException("--listen must be udp:HOST:PORT or ipc:NUMBER, got '" + listen + "'");
        }
        return context;
    }

    /** Waits a moment for something else than a message: a file. The endpoints of this process stay open meanwhile. */
    static void waitBeside(final List<AeronTransport> endpoints) {
        try {
            endpoints.forEach(AeronTransport::doWork);
        } catch (final IllegalStateException | DriverLostException e) {
            endpoints.forEach(AeronTransport::close);
            throw new FailureException(e.getMessage(), e);
        }
        LockSupport.parkNanos(POLL_NS);
    }
}
