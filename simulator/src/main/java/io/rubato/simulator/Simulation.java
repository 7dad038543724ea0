package io.rubato.simulator;

import io.rubato.Consistency;
import io.rubato.Learner;
import io.rubato.Outcome;
import io.rubato.TableSpec;
import io.rubato.coordinator.ClockProgress;
import io.rubato.coordinator.JobListener;
import io.rubato.coordinator.JobReport;
import io.rubato.coordinator.Member;
import io.rubato.protocol.sbe.ClockRequestDecoder;
import io.rubato.simulator.check.AuditLearner;
import io.rubato.simulator.check.Check;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs a {@link Scenario}: a whole job on the calling thread, in virtual time. Runs on several threads do not meet.
 *
 * <pre>{@code
 * SimulationResult result = Simulation.run(Scenario.random(seed));
 * assertEquals("", result.describeViolations());
 * }</pre>
 *
 * <p>Needs {@code --add-exports java.base/jdk.internal.vm=ALL-UNNAMED}.
 */
public final class Simulation {
    /** Longer than whatever an agent repeats when it has had no answer, many times over. */
    private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(40);
    private static final long NOT_YET = Long.MAX_VALUE;

    private final Scenario scenario;
    private final SimulatedTime time = new SimulatedTime();
    private final Trace trace;
    private final Violations violations;
    private final Progress progress;
    private final Auditor auditor;
    /** Null if nothing is pushed. */
    private final PushChecker pushChecker;
    private final SimulatedNetwork network;
    private final Cluster cluster;
    private final Agenda agenda;
    private final List<Fault.Death> deaths = new ArrayList<>();
    private final Listener listener = new Listener();
    private int turning = -1;
    /** From when on faults count. */
    private long originNs = NOT_YET;

    private Simulation(final Scenario scenario, final Consumer<String> lines, final Arena rowMemory) {
        final SplittableRandom random = new SplittableRandom(scenario.seed());
        this.scenario = scenario;
        this.trace = new Trace(time, lines);
        this.violations = new Violations(time, trace);
        this.progress = new Progress(time);
        this.auditor = new Auditor(scenario, time, trace, violations, progress, random.split());
        this.pushChecker =
                PushChecker.concerns(scenario) ? new PushChecker(scenario, auditor.clocks(), violations) : null;
        this.network = new SimulatedNetwork(scenario.network(), random.nextLong(), scenario.schedule().randomOrder(),
                time, listener);
        this.cluster = new Cluster(scenario, time, network, violations, random.split(), rowMemory);
        this.agenda = new Agenda(1 + scenario.shards() + scenario.clients(),
                scenario.schedule().randomOrder() ? random.split() : null);
    }

    /**
     * Runs a scenario.
     *
     * @param scenario what to run
     * @return what came of it
     */
    public static SimulationResult run(final Scenario scenario) {
        return run(scenario, null);
    }

    /**
     * Runs a scenario and tells what happens.
     *
     * @param scenario what to run
     * @param lines    hears every event, one line each; null for none
     * @return what came of it
     */
    public static SimulationResult run(final Scenario scenario, final Consumer<String> lines) {
        return run(scenario, lines,
                simulation -> new AuditLearner(scenario.workload(), simulation.auditor, simulation.violations));
    }

    /** With another learner than the audited one. */
    static SimulationResult run(final Scenario scenario, final Consumer<String> lines,
            final Function<Simulation, Learner> learner) {
        try (Arena rowMemory = Arena.ofConfined()) {
            final Simulation simulation = new Simulation(scenario, lines, rowMemory);
            try (SimulatedNetwork _ = simulation.network) {
                return simulation.run(learner.apply(simulation));
            }
        }
    }

    Scenario scenario() {
        return scenario;
    }

    Auditor auditor() {
        return auditor;
    }

    private SimulationResult run(final Learner learner) {
        cluster.start(listener, learner, auditor);
        for (int i = 0; i < cluster.nodes().size(); i++) {
            agenda.schedule(i, cluster.nodes().get(i).nextTurnNs());
        }
        while (agenda.firstTime() != Long.MAX_VALUE && !isStuck()) {
            if (!deaths.isEmpty() && deaths.getFirst().atNs() <= agenda.firstTime()) {
                die(deaths.removeFirst());
            } else {
                turn(agenda.first());
            }
        }
        final Aftermath aftermath = new Aftermath(scenario, violations);
        final Outcome outcome = cluster.outcome();
        aftermath.checkOutcome(outcome, listener.endedNs - originNs);
        if (outcome != null && outcome.success()) {
            aftermath.checkReport(listener.report);
            aftermath.checkRows(cluster::element, auditor.added()::sum);
        }
        return result(outcome);
    }

    private void turn(final int number) {
        final Node node = cluster.nodes().get(number);
        time.moveTo(Math.max(time.now(), agenda.firstTime()));
        trace.event(1, number, 0);
        turning = number;
        node.turn();
        turning = -1;
        agenda.schedule(number, node.nextTurnNs());
        if (node.isOver()) {
            progress.made();
        }
    }

    private void die(final Fault.Death death) {
        time.moveTo(Math.max(time.now(), death.atNs()));
        trace.event(2, cluster.number(death.node()), 0);
        if (trace.isListening()) {
            trace.line(death.node() + " DIES");
        }
        cluster.node(death.node()).die();
        agenda.schedule(cluster.number(death.node()), Long.MAX_VALUE);
        progress.made();
        if (death.node().equals(NodeId.COORDINATOR)) {
            listener.endedNs = time.now();
        }
    }

    /** Everyone has joined: from now on things go wrong. */
    private void beginFaults() {
        originNs = time.now();
        final List<Fault.Partition> partitions = new ArrayList<>();
        for (final Fault fault : scenario.faults()) {
            switch (fault) {
                case Fault.Death(final NodeId node, final long atNs) ->
                    deaths.add(new Fault.Death(node, originNs + atNs));
                case final Fault.Pause pause -> {
                    cluster.node(pause.node()).pauses(pause);
                    progress.excusedUntil(originNs + pause.fromNs() + pause.lengthNs());
                }
                case Fault.Partition(final var left, final var right, final long fromNs, final long untilNs) -> {
                    partitions.add(new Fault.Partition(left, right, originNs + fromNs, originNs + untilNs));
                    progress.excusedUntil(originNs + untilNs);
                }
                default -> {
                    // Of workers: the auditor's.
                }
            }
        }
        deaths.sort(Comparator.comparingLong(Fault.Death::atNs));
        network.partitions(partitions);
        for (int i = 0; i < cluster.nodes().size(); i++) {
            agenda.schedule(i, cluster.nodes().get(i).nextTurnNs());
        }
    }

    /** Nothing has got anywhere for longer than any timeout, although nobody computes. */
    private boolean isStuck() {
        if (agenda.firstTime() - progress.lastNs() <= QUIET_NS + 2 * scenario.timing().livenessTimeoutNs()) {
            return false;
        }
        for (final Node node : cluster.nodes()) {
            for (final SimulatedWorker worker : node.workers()) {
                if (!node.isDead() && worker.wakeNs() != Long.MAX_VALUE) {
                    return false;
                }
            }
        }
        final int slowest = auditor.clocks().slowest();
        violations.report(Check.DEADLOCK,
                "nothing moves: " + String.join(", ", auditor.blocked())
                        + (slowest < 0 ? "" : "; slowest is worker " + slowest + " at clock "
                                + auditor.clocks().of(slowest))
                        + "; not ended: " + cluster.nodes().stream().filter(n -> !n.isOver()).map(Node::id).toList()
                        + "; the coordinator says: " + listener.waiting);
        return true;
    }

    /**
     * Clocks of others that gates consult, or really sent enquiries where workers ask each other; per worker and clock.
     */
    private double barrierMessages() {
        long enquiries = 0;
        double central = 0;
        for (final TableSpec table : scenario.workload().tables()) {
            final Consistency consistency = table.consistency();
            if (consistency.sampling() == Consistency.Sampling.PEERS) {
                enquiries = network.counts().of(ClockRequestDecoder.TEMPLATE_ID);
            } else if (consistency.isClocked()) {
                final int others = scenario.workers() - 1;
                central += consistency.isSampled() ? Math.min(consistency.sample(), others) : others;
            }
        }
        return central + (double) enquiries / Math.max(1, auditor.clocks().sum());
    }

    private SimulationResult result(final Outcome outcome) {
        long blocked = 0;
        long computed = 0;
        for (int i = 0; i < scenario.workers(); i++) {
            blocked += auditor.worker(i).blockedNs();
            computed += auditor.worker(i).computedNs();
        }
        return new SimulationResult(scenario, outcome, auditor.trainingSeconds(), auditor.clocks().all(),
                barrierMessages(), blocked / Math.max(1.0, blocked + computed), network.counts().byKind(),
                auditor.stalenessHistogram(), listener.report, violations.first(), violations.counts(), trace.digest(),
                trace.events());
    }

    /** Of the network and of the job. */
    private final class Listener implements SimulatedNetwork.Listener, JobListener {
        private int members;
        private String waiting = "";
        private JobReport report;
        private long endedNs;

        @Override
        public void onSent(final NodeId from, final NodeId to, final int template, final Message message) {
            final int receiver = cluster.number(to);
            final long arrivalNs = message.arrivalNs;
            trace.event(template, (long) cluster.number(from) << 32 | receiver, arrivalNs * 31 + message.length);
            if (trace.isListening()) {
                trace.line(from + " -> " + to + ": " + MessageKind.name(template) + ", " + message.length
                        + " bytes, arrives " + arrivalNs / 1e6 + " ms");
            }
            if (pushChecker != null && to.role() == NodeId.Role.SHARD && from.role() == NodeId.Role.CLIENT) {
                pushChecker.onSent(from.index(), to.index(), template, message.bytes);
            }
            if (receiver != turning && arrivalNs < agenda.time(receiver)) {
                agenda.schedule(receiver, cluster.nodes().get(receiver).nextTurnNs());
            }
        }

        @Override
        public void onLost(final NodeId from, final NodeId to, final int template, final Message message) {
            trace.event(template, (long) cluster.number(from) << 32 | cluster.number(to), -message.length);
            if (trace.isListening()) {
                trace.line(from + " -> " + to + ": " + MessageKind.name(template) + ", " + message.length
                        + " bytes, is LOST");
            }
        }

        @Override
        public void onArrived(final NodeId from, final NodeId to, final int template, final Message message) {
            if (pushChecker != null && from.role() == NodeId.Role.SHARD && to.role() == NodeId.Role.CLIENT) {
                pushChecker.onArrived(from.index(), to.index(), template, message.bytes);
            }
        }

        @Override
        public void onMember(final Member member) {
            progress.made();
            if (++members == scenario.shards() + scenario.clients()) {
                beginFaults();
            }
        }

        @Override
        public void onClock(final ClockProgress clock) {
            progress.made();
        }

        @Override
        public void onWaiting(final String sentence) {
            waiting = sentence;
        }

        @Override
        public void onFinished(final JobReport jobReport) {
            progress.made();
            report = jobReport;
            endedNs = time.now();
        }

        @Override
        public void onFailed(final String reason) {
            progress.made();
            endedNs = time.now();
        }
    }
}
