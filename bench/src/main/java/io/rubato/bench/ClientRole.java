package io.rubato.bench;

import io.rubato.Table;
import io.rubato.client.ClientAgent;
import io.rubato.client.ClientContext;
import io.rubato.client.ClientMemory;
import io.rubato.port.RowView;
import io.rubato.store.SlabReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.agrona.concurrent.SystemNanoClock;

/** A client, and its worker on the main thread. Its caches have the sizes of the program's. */
final class ClientRole implements ChildMain.Role {
    private static final long WORKER_CACHE_BYTES = 64L << 20;
    private static final long DELTA_LOG_BYTES = 64L << 20;
    private static final long PROCESS_CACHE_BYTES = 256L << 20;

    private final Member member;
    private final ClientAgent client;
    private final AgentThread agent;
    private final Map<String, ClientWork> works = new HashMap<>();
    private ClientWork work;

    ClientRole(final Member member) {
        this.member = member;
        client = new ClientAgent(new ClientContext(member.open(), member.coordinator(), SystemNanoClock.INSTANCE,
                member.secret(), member.index(), ProcessHandle.current().pid(), 1,
                new ClientMemory(WORKER_CACHE_BYTES, DELTA_LOG_BYTES, PROCESS_CACHE_BYTES), this::view,
                () -> member.idle().ofWorker(member.wire().udp()), true, Member.LIVENESS_NS));
        agent = AgentThread.start(client, client::outcome, member.idle().ofCalmAgent());
    }

    @Override
    public Map<String, Double> on(final String... words) {
        return switch (words[0]) {
            case "attach" -> attach();
            case "table" -> table(words[1], number(words, 2), number(words, 3), number(words, 4), number(words, 5));
            case "on" -> on(works.get(words[1]));
            case "touch" -> work.touch();
            case "push" -> counted(() -> work.push(number(words, 1), number(words, 2)));
            case "pull" -> counted(() -> work.pull(number(words, 1), number(words, 2)));
            case "follow" -> work.follow(number(words, 1), number(words, 2));
            case "read" -> work.read(number(words, 1));
            case "clocks" -> work.clocks(number(words, 1));
            case "gates" -> work.gates(number(words, 1));
            case "early" -> work.early(number(words, 1));
            case "late" -> work.late(number(words, 1), number(words, 2));
            case "verify" -> work.verify();
            case "one-sided" -> OneSidedRead.measure(Path.of(words[1]), member.directory(), number(words, 2));
            default -> throw new IllegalArgumentException("a client knows no " + words[0]);
        };
    }

    private static int number(final String[] words, final int index) {
        return Integer.parseInt(words[index]);
    }

    private RowView view(final long job, final Table table, final int shard, final int rows, final int clients,
            final int index) {
        return table.spec().name().equals(ClientWork.ONE_SIDED)
                ? SlabReader.of(Member.store(member.directory()), job, table, shard, rows, clients, index)
                : null;
    }

    private Map<String, Double> attach() {
        client.awaitConfig();
        client.worker(0);
        return Map.of();
    }

    private Map<String, Double> table(final String name, final int shards, final int rows, final int columns,
            final int staleness) {
        works.put(name, new ClientWork(client.worker(0), shards, ClientWork.spec(name, rows, columns, staleness)));
        return on(works.get(name));
    }

    /** All that follows is done to its table. */
    private Map<String, Double> on(final ClientWork chosen) {
        work = chosen;
        return Map.of();
    }

    /** Adds what agent and worker allocated meanwhile. */
    private Map<String, Double> counted(final Supplier<Map<String, Double>> action) {
        final long before = agent.allocatedBytes() + AgentThread.allocatedBytes(Thread.currentThread());
        final Map<String, Double> result = new LinkedHashMap<>(action.get());
        result.put("allocated", (double) agent.allocatedBytes()
                + AgentThread.allocatedBytes(Thread.currentThread()) - before);
        return result;
    }
}
