package io.rubato.coordinator;

import io.rubato.protocol.ControlEncoder;
import io.rubato.protocol.sbe.RoleCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Who takes part. A place, once taken, belongs to that process until the job ends. */
final class Roster {
    private final MemberState[] shards;
    private final MemberState[] clients;
    private final List<MemberState> present = new ArrayList<>();

    Roster(final int shards, final int clients) {
        this.shards = new MemberState[shards];
        this.clients = new MemberState[clients];
    }

    /** The process in a place; null if the place is free or does not exist. */
    MemberState find(final Member.Role role, final int index) {
        final MemberState[] places = places(role);
        return index >= 0 && index < places.length ? places[index] : null;
    }

    /** Why a process cannot have a place; null if it can. */
    String objection(final Member.Role role, final int index) {
        final MemberState[] places = places(role);
        final String kind = role == Member.Role.SHARD ? "shard" : "client";
        if (index < 0 || index >= places.length) {
            return "there is no " + kind + " " + index + " in a job with " + places.length;
        }
        return places[index] == null ? null : places[index].describe() + " has joined already";
    }

    void add(final MemberState state) {
        places(state.member().role())[state.member().index()] = state;
        present.add(state);
    }

    private MemberState[] places(final Member.Role role) {
        return role == Member.Role.SHARD ? shards : clients;
    }

    boolean isComplete() {
        return present.size() == shards.length + clients.length;
    }

    boolean hasEveryoneLeft() {
        for (final MemberState state : present) {
            if (!state.hasLeft()) {
                return false;
            }
        }
        return true;
    }

    List<MemberState> present() {
        return present;
    }

    MemberState[] shards() {
        return shards;
    }

    List<Member> members() {
        return present.stream().map(MemberState::member).toList();
    }

    List<ControlEncoder.Peer> peers() {
        return present.stream().map(MemberState::member)
                .map(m -> new ControlEncoder.Peer(
                        m.role() == Member.Role.SHARD ? RoleCode.SHARD : RoleCode.CLIENT, m.index(), m.address()))
                .toList();
    }

    /** Names a process that has been silent for too long; null if there is none. */
    String dead(final long nowNs, final long timeoutNs) {
        for (final MemberState state : present) {
            if (!state.hasLeft() && state.silentNs(nowNs) > timeoutNs) {
                return state.describe() + " has been silent for "
                        + TimeUnit.NANOSECONDS.toSeconds(state.silentNs(nowNs))
                        + " s";
            }
        }
        return null;
    }
}
