package io.rubato.bench;

import io.rubato.shard.ShardAgent;
import io.rubato.shard.ShardContext;
import io.rubato.store.SlabStoreFactory;
import java.util.Map;
import org.agrona.concurrent.SystemNanoClock;

/** A shard with its rows in the cluster's directory. */
final class ShardRole implements ChildMain.Role {
    private final AgentThread agent;

    ShardRole(final Member member) {
        final ShardAgent shard = new ShardAgent(new ShardContext(member.open(), member.coordinator(),
                SystemNanoClock.INSTANCE, member.secret(), member.index(), ProcessHandle.current().pid(),
                new SlabStoreFactory(Member.store(member.directory())), Member.LIVENESS_NS));
        agent = AgentThread.start(shard, shard::outcome, member.idle().ofAgent(member.wire().udp()));
    }

    @Override
    public Map<String, Double> on(final String... words) {
        if (!words[0].equals("allocated")) {
            throw new IllegalArgumentException("a shard knows no " + words[0]);
        }
        return Map.of("bytes", (double) agent.allocatedBytes());
    }
}
