package io.rubato.bench;

import com.sun.management.ThreadMXBean;
import io.rubato.Outcome;
import io.rubato.node.AgentLoop;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;

/** An agent on a thread of its own, run as the program runs it. */
final class AgentThread {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Thread thread;

    private AgentThread(final Thread thread) {
        this.thread = thread;
    }

    static AgentThread start(final Agent agent, final Supplier<Outcome> outcome, final IdleStrategy idle) {
        return new AgentThread(Thread.ofPlatform().daemon().name(agent.roleName())
                .start(new AgentLoop(agent, outcome, System.err, idle)::run));
    }

    /** Ends the loop and closes the agent. */
    void stop() {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Bytes that the thread has allocated in its life. */
    long allocatedBytes() {
        return allocatedBytes(thread);
    }

    static long allocatedBytes(final Thread thread) {
        return THREADS.getThreadAllocatedBytes(thread.threadId());
    }
}
