package io.rubato.simulator.faults;

import static io.rubato.simulator.check.Check.CACHE_BOUND;
import static io.rubato.simulator.check.Check.CLOCK_GAP;
import static io.rubato.simulator.check.Check.CONSERVATION;
import static io.rubato.simulator.check.Check.DEADLOCK;
import static io.rubato.simulator.check.Check.EXACT_END;
import static io.rubato.simulator.check.Check.FRESHNESS;
import static io.rubato.simulator.check.Check.GUARANTEE;
import static io.rubato.simulator.check.Check.IMAGE_CLOCK;
import static io.rubato.simulator.check.Check.INVENTED;
import static io.rubato.simulator.check.Check.OUTCOME;
import static io.rubato.simulator.check.Check.PUSH_REACHES;
import static io.rubato.simulator.check.Check.PUSH_SUFFICES;
import static io.rubato.simulator.check.Check.READ_MY_WRITES;
import static io.rubato.simulator.check.Check.REPORTED_GAP;
import static io.rubato.simulator.check.Check.SAMPLE;
import static io.rubato.simulator.check.Check.VALUE_BOUND;

import java.util.List;

/** Mistakes that could have been made. */
final class Faults {
    /** Each in an engine of its own. */
    static final List<PlantedFault> ALL = List.of(
            new PlantedFault("gate off by one", "clock/Gate.java",
                    "isOpen(clocks.minimum(), wanted) ?",
                    "isOpen(clocks.minimum(), wanted - 1) ?",
                    REPORTED_GAP, 50),
            new PlantedFault("sampled gate off by one", "clock/Sample.java",
                    "clocks.get(members[next]) >= wanted",
                    "clocks.get(members[next]) >= wanted - 1",
                    CLOCK_GAP, 100),
            new PlantedFault("freshness off by one", "clock/Gate.java",
                    "Math.max(0, clock - consistency.staleness()) : 0",
                    "Math.max(0, clock - consistency.staleness() - 1) : 0",
                    FRESHNESS, 50),
            new PlantedFault("image's clock newer than its values", "client/ProcessCache.java",
                    "hasNewerValues = fresh || clocks.version > load(base, held).version;",
                    "hasNewerValues = fresh;",
                    GUARANTEE, 50),
            new PlantedFault("mark's clock read when it is sent", "shard/PushStream.java",
                    "encodeMark(sequence, ~entry, applied[at(first)], job)",
                    "encodeMark(sequence, clocks.minimum(), applied[at(first)], job)",
                    PUSH_REACHES, 100),
            new PlantedFault("duplicate not rejected", "shard/ShardAgent.java",
                    "if (sequence <= client.applied()) {",
                    "if (sequence < client.applied()) {",
                    INVENTED, 50),
            new PlantedFault("gap not noticed", "shard/ShardAgent.java",
                    "if (sequence > client.applied() + 1) {",
                    "if (sequence > client.applied() + 2) {",
                    GUARANTEE, 50),
            new PlantedFault("pending delta dropped when a row is cached again", "client/WorkerTable.java",
                    "sequence == 0 || sequence > applying",
                    "sequence > applying",
                    READ_MY_WRITES, 50),
            new PlantedFault("image without deltas that are no longer logged", "client/WorkerTable.java",
                    "&& found.applied >= wantedSequence",
                    "",
                    READ_MY_WRITES, 50),
            new PlantedFault("mark before the changes it vouches for", "shard/ShardAgent.java",
                    "            pushChanges();\n            for",
                    "            for",
                    PUSH_REACHES, 50),
            new PlantedFault("change after a push not queued again", "shard/PushStream.java",
                    "            unqueue(sent, count);\n",
                    "",
                    PUSH_REACHES, 50),
            new PlantedFault("push missed while its row was not held", "client/ImageIntake.java",
                    "&& pushes[shard].taken() <= message.pushSequence()",
                    "",
                    IMAGE_CLOCK, 200),
            new PlantedFault("marks ignored", "client/ImageIntake.java",
                    "            progress.pushed(shard, message.minimumClock(), applied);\n",
                    "",
                    DEADLOCK, 50),
            new PlantedFault("clock advanced before the deltas", "shard/ShardAgent.java",
                    "        if (!isNext(client, message.sequence())) {\n            return;\n        }\n"
                            + "        client.applied(message.sequence());\n",
                    "        if (isNext(client, message.sequence())) {\n"
                            + "            client.applied(message.sequence());\n        }\n",
                    IMAGE_CLOCK, 50),
            new PlantedFault("sampling with replacement", "clock/Sampler.java",
                    "            swap(i, swaps[i]);\n            sample.add(others[i] < reader ? others[i] : others[i] + 1);",
                    "            swaps[i] = i;\n"
                            + "            final int drawn = (int) Long.remainderUnsigned(mix(state), others.length);\n"
                            + "            sample.add(drawn < reader ? drawn : drawn + 1);",
                    CLOCK_GAP, 100),
            new PlantedFault("lost wake-up", "shard/ParkedReads.java",
                    "read = following;\n        }\n    }\n\n    private",
                    "read = null;\n        }\n    }\n\n    private",
                    DEADLOCK, 50),
            new PlantedFault("minimum over too few workers", "clock/VectorClock.java",
                    "i < clocks.length; i++",
                    "i < clocks.length - 1; i++",
                    GUARANTEE, 50),
            new PlantedFault("cache bound exceeded", "client/WorkerCache.java",
                    "this.slots = (int) Math.min(slots, spec.rows());",
                    "this.slots = (int) Math.min(slots + 1, spec.rows());",
                    CACHE_BOUND, 50),
            new PlantedFault("delta lost when sent again", "client/ShardLink.java",
                    "while (resendFrom <= lastSequence && encodeAgain(resendFrom)) {",
                    "while (resendFrom <= lastSequence && (sentTable[(int) (resendFrom & window - 1)] != CLOCK_ONLY\n"
                            + "|| encodeAgain(resendFrom))) {",
                    DEADLOCK, 50),
            new PlantedFault("delta sent again under another's number", "client/ShardLink.java",
                    "return encodeDeltas(sequence, sentWorker[i]",
                    "return encodeDeltas(acknowledged + 1, sentWorker[i]",
                    CONSERVATION, 50),
            new PlantedFault("visible before all readers have acknowledged", "shard/VisibilityRound.java",
                    "if (!client.hasSeenRound()) {",
                    "if (client == clients[0] && !client.hasSeenRound()) {",
                    VALUE_BOUND, 50),
            new PlantedFault("staleness chosen beyond its range", "client/StalenessChooser.java",
                    "staleness = Math.min(most, staleness + 1);",
                    "staleness = staleness + 1;",
                    FRESHNESS, 100),
            new PlantedFault("peer's clock acknowledged by one shard only", "client/Peers.java",
                    "least = Math.min(least, shard.acknowledgedClock(worker % workersPerClient));",
                    "least = shard.acknowledgedClock(worker % workersPerClient);",
                    GUARANTEE, 300),
            new PlantedFault("barrier of the clock before left open", "client/Peers.java",
                    "            barrier.isOpen = false;\n",
                    "",
                    CLOCK_GAP, 100),
            new PlantedFault("applied rows not counted", "shard/ShardAgent.java",
                    "deltaRowsApplied += count;",
                    "deltaRowsApplied++;",
                    OUTCOME, 50),
            new PlantedFault("pushed row asked for all the same", "client/ClientTable.java",
                    "&& !isSampled(staleness);",
                    "&& isSampled(staleness);",
                    PUSH_SUFFICES, 100),
            new PlantedFault("silence of a member not noticed", "coordinator/Roster.java",
                    "state.silentNs(nowNs) > timeoutNs",
                    "state.silentNs(nowNs) > 100 * timeoutNs",
                    DEADLOCK, 100),
            new PlantedFault("silence of the coordinator not noticed", "protocol/MemberSession.java",
                    "now - lastHeardNs > livenessTimeoutNs",
                    "now - lastHeardNs > 100 * livenessTimeoutNs",
                    DEADLOCK, 100),
            new PlantedFault("peers' sample too small", "client/Peers.java",
                    "for (int i = 0; i < sample.size(); i++) {",
                    "for (int i = 0; i < sample.size() - 1; i++) {",
                    CLOCK_GAP, 100),
            new PlantedFault("image of a sampled read vouches for a clock too many", "shard/ParkedRead.java",
                    "Math.max(minimumClock, wanted) : minimumClock;",
                    "Math.max(minimumClock, wanted + 1) : minimumClock;",
                    SAMPLE, 100),
            new PlantedFault("worker's log overrun", "client/DeltaLog.java",
                    "return next - tail == capacity;",
                    "return next - tail == capacity + 1;",
                    EXACT_END, 50),
            new PlantedFault("one-sided gate off by one", "client/OneSidedReads.java",
                    "Gate.isOpen(minimumClock, wanted)",
                    "Gate.isOpen(minimumClock, wanted - 1)",
                    FRESHNESS, 100),
            new PlantedFault("one-sided copy served for ever", "client/OneSidedReads.java",
                    "&& isClocked && cache.minimumClock(held) == minimumClock",
                    "&& isClocked",
                    FRESHNESS, 100),
            new PlantedFault("header's clock read after the row", "client/OneSidedReads.java",
                    "image.set(minimumClock, minimumClock, applied, 0, false)",
                    "image.set(view.minimumClock(), minimumClock, applied, 0, false)",
                    IMAGE_CLOCK, 200),
            new PlantedFault("applying mark not looked at", "client/OneSidedReads.java",
                    "addOwn(row, slot, applied, view.applyingSequence(client))",
                    "addOwn(row, slot, applied, applied)",
                    READ_MY_WRITES, 200),
            new PlantedFault("applied sequence read after the row", "client/OneSidedReads.java",
                    "addOwn(row, slot, applied, view.applyingSequence(client))",
                    "addOwn(row, slot, view.appliedSequence(client), view.applyingSequence(client))",
                    READ_MY_WRITES, 200),
            new PlantedFault("what was written in place lost when a newer image comes", "client/WorkerTable.java",
                    "        foldSlot(slot);\n        if (slot != cache.slot(row)) {",
                    "        if (slot != cache.slot(row)) {",
                    CONSERVATION, 50),
            new PlantedFault("what was written in place not a delta when a clock ends", "client/ClientWorker.java",
                    "        table.fold(shard);\n",
                    "",
                    INVENTED, 50),
            new PlantedFault("delta of a row open for writing counted twice", "client/WorkerTable.java",
                    "if (slot < 0 || !cache.isEdited(slot)) {\n            Elements.add(type, logs[shardOf(row)].values(),"
                            + " elementOfLog(row), column, delta);\n        }\n        if (slot >= 0) {\n"
                            + "            Elements.add(type, cache.values(), cache.offset(slot), column, delta);\n"
                            + "        }\n    }\n\n    private long",
                    "Elements.add(type, logs[shardOf(row)].values(), elementOfLog(row), column, delta);\n"
                            + "        if (slot >= 0) {\n"
                            + "            Elements.add(type, cache.values(), cache.offset(slot), column, delta);\n"
                            + "        }\n    }\n\n    private long",
                    READ_MY_WRITES, 50),
            new PlantedFault("value bound without the new delta", "client/ClientWorker.java",
                    "Math.abs(table.unseen(row, column) + delta) > bound",
                    "Math.abs(table.unseen(row, column)) > bound",
                    VALUE_BOUND, 50));

    private Faults() {
    }
}
