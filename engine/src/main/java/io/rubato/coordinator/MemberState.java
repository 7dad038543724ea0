package io.rubato.coordinator;

import io.rubato.protocol.Link;

/** What the coordinator knows of one admitted process, and what it owes it. */
final class MemberState {
    private final Member member;
    private final long nonce;
    private final Link link;
    private long lastHeardNs;
    private boolean owesAdmission = true;
    private boolean owesStart;
    private boolean left;

    MemberState(final Member member, final long nonce, final Link link, final long nowNs) {
        this.member = member;
        this.nonce = nonce;
        this.link = link;
        this.lastHeardNs = nowNs;
    }

    Member member() {
        return member;
    }

    /** Tells a repeated request of the same process from another process. */
    long nonce() {
        return nonce;
    }

    Link link() {
        return link;
    }

    void heard(final long nowNs) {
        lastHeardNs = nowNs;
    }

    long silentNs(final long nowNs) {
        return nowNs - lastHeardNs;
    }

    boolean owesAdmission() {
        return owesAdmission;
    }

    void owesAdmission(final boolean owes) {
        owesAdmission = owes;
    }

    boolean owesStart() {
        return owesStart;
    }

    void owesStart(final boolean owes) {
        owesStart = owes;
    }

    boolean hasLeft() {
        return left;
    }

    void leaves() {
        left = true;
    }

    String describe() {
        return member + " (pid " + member.pid() + ")";
    }
}
