package io.rubato.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which of a scenario's faults must end the job, from when on, and who must be named. */
final class FatalFaults {
    private final List<Lost> lost = new ArrayList<>();
    private final long timeoutNs;
    /** End of the coordinator's last pause. */
    private long coordinatorBackNs;

    /** Someone whom the others no longer hear; noticed the liveness timeout after a moment. */
    private record Lost(long fromNs, long noticeFromNs, Set<String> names) {
    }

    FatalFaults(final Scenario scenario) {
        timeoutNs = scenario.timing().livenessTimeoutNs();
        for (final Fault fault : scenario.faults()) {
            switch (fault) {
                case Fault.Death(final NodeId node, final long atNs) ->
                    lost.add(new Lost(atNs, atNs, Set.of(node.toString())));
                case final Fault.Pause pause -> addPause(pause);
                case final Fault.Partition partition -> addPartition(partition);
                default -> {
                    // Slow is not lost.
                }
            }
        }
    }

    private void addPause(final Fault.Pause pause) {
        final long untilNs = pause.fromNs() + pause.lengthNs();
        final boolean isCoordinator = pause.node().equals(NodeId.COORDINATOR);
        if (isCoordinator) {
            coordinatorBackNs = Math.max(coordinatorBackNs, untilNs);
        }
        if (pause.lengthNs() <= timeoutNs) {
            return;
        }
        if (isCoordinator) {
            // The others leave; when it comes back it may find any of them gone.
            lost.add(new Lost(pause.fromNs(), untilNs,
                    Set.of(NodeId.COORDINATOR.toString(), "has been silent", "left before")));
        } else {
            lost.add(new Lost(pause.fromNs(), pause.fromNs(), Set.of(pause.node().toString())));
        }
    }

    private void addPartition(final Fault.Partition partition) {
        final boolean left = partition.left().contains(NodeId.COORDINATOR);
        if (partition.untilNs() - partition.fromNs() > timeoutNs
                && (left || partition.right().contains(NodeId.COORDINATOR))) {
            final Set<String> names = new TreeSet<>();
            (left ? partition.right() : partition.left()).forEach(node -> names.add(node.toString()));
            names.add(NodeId.COORDINATOR.toString());
            lost.add(new Lost(partition.fromNs(), partition.fromNs(), names));
        }
    }

    boolean isEmpty() {
        return lost.isEmpty();
    }

    /** Whether a reason names somebody who was lost before a time. */
    boolean explain(final String reason, final long ns) {
        return lost.stream().filter(l -> l.fromNs() <= ns)
                .anyMatch(l -> l.names().stream().anyMatch(name -> reason.matches("(?s).*\\b" + name + "\\b.*")));
    }

    /**
     * When the first fatal fault must have been noticed. A coordinator that was paused meanwhile finds what was sent
     * before, and takes it for news.
     */
    long deadlineNs(final long slackNs) {
        final long firstNs = lost.stream().mapToLong(Lost::noticeFromNs).min().orElse(Long.MAX_VALUE / 2);
        return Math.max(firstNs, coordinatorBackNs) + timeoutNs + slackNs;
    }
}
