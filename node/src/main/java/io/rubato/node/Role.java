package io.rubato.node;

import java.util.Locale;

/** What a process of a job does; the name in lower case is the command that runs it. */
enum Role {
    /** Hosts the media driver that carries messages between the others. */
    DRIVER("driver", false),
    /** Admits the others, knows the job's progress, displays it. */
    COORDINATOR("coordinator", false),
    /** Owns rows. */
    SHARD("shard", true),
    /** Trains, with one or several threads. */
    WORKER("worker process", true);

    private final String label;
    private final boolean numbered;

    Role(final String label, final boolean numbered) {
        this.label = label;
        this.numbered = numbered;
    }

    /** The role that a command runs, or null. */
    static Role of(final String command) {
        for (final Role role : values()) {
            if (role.command().equals(command)) {
                return role;
            }
        }
        return null;
    }

    String command() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How messages call a process, for example {@code shard 1}. */
    String label(final int index) {
        return numbered ? label + " " + index : label;
    }
}
