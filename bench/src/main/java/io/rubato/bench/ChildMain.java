package io.rubato.bench;

import io.rubato.node.Idle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;

/** The other side of a {@link Child}: a process that does what its standard input says, and ends with it. */
public final class ChildMain {
    static final String ERROR = "error ";

    private ChildMain() {
    }

    /** What a process does. */
    interface Role {
        /** Does one thing; the numbers are the answer. On the process's main thread. */
        Map<String, Double> on(String... words) throws Exception;
    }

    /**
     * Takes a role and plays it until standard input ends.
     *
     * @param args the role and what it needs
     * @throws Exception if the role cannot be taken
     */
    public static void main(final String[] args) throws Exception {
        final BlockingQueue<String> commands = new LinkedBlockingQueue<>();
        Thread.ofPlatform().daemon().name("commands").start(() -> read(commands));
        // Answers only: whatever else is printed is not for the one who asks.
        final PrintStream answers = System.out;
        System.setOut(System.err);
        final Role role = roleOf(args);
        while (true) {
            answers.println(answer(role, commands.take()));
        }
    }

    private static Role roleOf(final String... args) {
        return switch (args[0]) {
            case "driver" -> new DriverRole(Path.of(args[1]), Idle.of(args[2]));
            case "shard" -> new ShardRole(Member.parse(args));
            case "client" -> new ClientRole(Member.parse(args));
            case "aeron" -> new AeronRole(Path.of(args[1]));
            case "bare" -> new BareRole();
            case "mallet" -> new MalletRole();
            case "turns" -> new TurnsRole();
            default -> throw new IllegalArgumentException("no role " + args[0]);
        };
    }

    private static void read(final BlockingQueue<String> commands) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
            }
        } catch (final IOException e) {
            // As good as its end.
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(0);
    }

    private static String answer(final Role role, final String command) {
        try {
            return role.on(command.split(" ")).entrySet().stream()
                    .map(entry -> String.format(Locale.ROOT, "%s=%s", entry.getKey(), entry.getValue()))
                    .collect(Collectors.joining(" "));
        } catch (final Exception e) {
            return ERROR + e.toString().replaceAll("\\R", " ");
        }
    }
}
