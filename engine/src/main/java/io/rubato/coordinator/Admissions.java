package io.rubato.coordinator;

import io.rubato.port.UnreachableException;
import io.rubato.protocol.Authenticator;
import io.rubato.protocol.BadMessageException;
import io.rubato.protocol.ControlEncoder;
import io.rubato.protocol.Inbox;
import io.rubato.protocol.Link;
import io.rubato.protocol.Traffic;
import io.rubato.protocol.sbe.JoinDecoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.RoleCode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;

/** Admits processes that prove to know the secret and ask for a free place; tells others why not. */
final class Admissions {
    private static final long REFUSAL_NS = TimeUnit.SECONDS.toNanos(2);
    private static final int MAX_REFUSALS = 16;
    private static final Logger LOG = System.getLogger(Admissions.class.getName());

    private final CoordinatorContext context;
    private final Roster roster;
    private final ControlEncoder encoder;
    private final Authenticator authenticator;
    private final Traffic traffic;
    private final JoinDecoder join = new JoinDecoder();
    private final byte[] mac = new byte[Authenticator.MAC_LENGTH];
    private final List<Refusal> refusals = new ArrayList<>();
    /** Addresses that have been told. */
    private final Set<String> unreachable = new HashSet<>();

    private record Refusal(long nonce, String reason, Link link, long deadlineNs) {
    }

    Admissions(final CoordinatorContext context, final Roster roster, final ControlEncoder encoder,
            final Traffic traffic) {
        this.context = context;
        this.roster = roster;
        this.encoder = encoder;
        this.traffic = traffic;
        this.authenticator = new Authenticator(context.secret());
    }

    /** Who has joined just now; null if nobody new has. */
    Member onJoin(final MessageHeaderDecoder header, final DirectBuffer message, final long nowNs) {
        join.wrap(message, Inbox.HEADER_LENGTH, header.blockLength(), header.version());
        final RoleCode code = join.role();
        final int index = join.index();
        final long nonce = join.nonce();
        final long pid = join.pid();
        join.getMac(mac, 0, mac.length);
        final String address = join.address();
        if (code != RoleCode.SHARD && code != RoleCode.CLIENT) {
            throw new BadMessageException("role " + code + " cannot join");
        }
        final Member.Role role = code == RoleCode.SHARD ? Member.Role.SHARD : Member.Role.CLIENT;
        if (!Authenticator.equal(authenticator.join(code.value(), index, nonce, address), mac)) {
            // No answer: to open a stream to any address that a stranger names would make the coordinator wait for it.
            throw new BadMessageException(role + " " + index + " at " + address + " has another secret");
        }
        final MemberState present = roster.find(role, index);
        if (present != null && present.nonce() == nonce) {
            present.owesAdmission(true);
            return null;
        }
        final String objection = roster.objection(role, index);
        if (objection != null) {
            refuse(nonce, objection, address, nowNs);
            return null;
        }
        final Member member = new Member(role, index, pid, address);
        roster.add(new MemberState(member, nonce, linkTo(address), nowNs));
        return member;
    }

    private void refuse(final long nonce, final String reason, final String address, final long nowNs) {
        if (refusals.size() < MAX_REFUSALS && refusals.stream().noneMatch(r -> r.nonce() == nonce)) {
            refusals.add(
                    new Refusal(nonce, reason, linkTo(address), nowNs + REFUSAL_NS));
        }
    }

    /** Whoever asks and cannot be answered is none of the job's: it hears nothing, and gives up. */
    private Link linkTo(final String address) {
        try {
            return new Link(context.transport().connect(address), traffic);
        } catch (final UnreachableException e) {
            if (unreachable.size() < MAX_REFUSALS && unreachable.add(address)) {
                LOG.log(Level.WARNING, "cannot admit who asks: {0}", e.getMessage());
            }
            throw new BadMessageException(e.getMessage());
        }
    }

    /** Sends the answers that are owed. */
    int work(final long nowNs) {
        int work = 0;
        for (final MemberState member : roster.present()) {
            if (member.owesAdmission() && admit(member)) {
                member.owesAdmission(false);
                work++;
            }
        }
        for (final Iterator<Refusal> i = refusals.iterator(); i.hasNext();) {
            final Refusal refusal = i.next();
            if (encoder.refused(refusal.nonce(), refusal.reason()).sendTo(refusal.link())
                    || nowNs - refusal.deadlineNs() > 0) {
                refusal.link().close();
                i.remove();
                work++;
            }
        }
        return work;
    }

    private boolean admit(final MemberState state) {
        final Member member = state.member();
        final int role = member.role() == Member.Role.SHARD ? RoleCode.SHARD.value() : RoleCode.CLIENT.value();
        return encoder.admitted(context.job(), context.shards(), context.clients(), context.workersPerClient(),
                authenticator.admit(role, member.index(), state.nonce(), context.job(), context.shards(),
                        context.clients(), context.workersPerClient(), context.config()),
                context.config()).sendTo(state.link());
    }
}
