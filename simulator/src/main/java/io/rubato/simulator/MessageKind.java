package io.rubato.simulator;

import io.rubato.protocol.sbe.AdmittedDecoder;
import io.rubato.protocol.sbe.ClientSummaryDecoder;
import io.rubato.protocol.sbe.ClockAdvanceDecoder;
import io.rubato.protocol.sbe.ClockAnswerDecoder;
import io.rubato.protocol.sbe.ClockReportDecoder;
import io.rubato.protocol.sbe.ClockRequestDecoder;
import io.rubato.protocol.sbe.ConclusionDecoder;
import io.rubato.protocol.sbe.CoordinatorHeartbeatDecoder;
import io.rubato.protocol.sbe.CreateTableDecoder;
import io.rubato.protocol.sbe.DeltaBatchDecoder;
import io.rubato.protocol.sbe.DeltaRunDecoder;
import io.rubato.protocol.sbe.FailureDecoder;
import io.rubato.protocol.sbe.FinishDecoder;
import io.rubato.protocol.sbe.HeartbeatDecoder;
import io.rubato.protocol.sbe.JoinDecoder;
import io.rubato.protocol.sbe.LeaveDecoder;
import io.rubato.protocol.sbe.OpenTableDecoder;
import io.rubato.protocol.sbe.PushMarkDecoder;
import io.rubato.protocol.sbe.PushStatusDecoder;
import io.rubato.protocol.sbe.PushedRowsDecoder;
import io.rubato.protocol.sbe.ReadRequestDecoder;
import io.rubato.protocol.sbe.RefusedDecoder;
import io.rubato.protocol.sbe.RowImagesDecoder;
import io.rubato.protocol.sbe.ShardStatusDecoder;
import io.rubato.protocol.sbe.ShardSummaryDecoder;
import io.rubato.protocol.sbe.StartDecoder;
import io.rubato.protocol.sbe.StopDecoder;
import io.rubato.protocol.sbe.TableOpenedDecoder;
import io.rubato.protocol.sbe.TableReadyDecoder;
import io.rubato.protocol.sbe.TableRefusedDecoder;
import io.rubato.protocol.sbe.WorkerSummaryDecoder;
import java.util.Map;

/** Names of the wire protocol's messages by template id. */
final class MessageKind {
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(JoinDecoder.TEMPLATE_ID, "Join"),
            Map.entry(HeartbeatDecoder.TEMPLATE_ID, "Heartbeat"),
            Map.entry(ClockReportDecoder.TEMPLATE_ID, "ClockReport"),
            Map.entry(CreateTableDecoder.TEMPLATE_ID, "CreateTable"),
            Map.entry(TableOpenedDecoder.TEMPLATE_ID, "TableOpened"),
            Map.entry(WorkerSummaryDecoder.TEMPLATE_ID, "WorkerSummary"),
            Map.entry(ClientSummaryDecoder.TEMPLATE_ID, "ClientSummary"),
            Map.entry(ShardSummaryDecoder.TEMPLATE_ID, "ShardSummary"),
            Map.entry(ConclusionDecoder.TEMPLATE_ID, "Conclusion"),
            Map.entry(FailureDecoder.TEMPLATE_ID, "Failure"),
            Map.entry(LeaveDecoder.TEMPLATE_ID, "Leave"),
            Map.entry(AdmittedDecoder.TEMPLATE_ID, "Admitted"),
            Map.entry(RefusedDecoder.TEMPLATE_ID, "Refused"),
            Map.entry(StartDecoder.TEMPLATE_ID, "Start"),
            Map.entry(OpenTableDecoder.TEMPLATE_ID, "OpenTable"),
            Map.entry(TableReadyDecoder.TEMPLATE_ID, "TableReady"),
            Map.entry(TableRefusedDecoder.TEMPLATE_ID, "TableRefused"),
            Map.entry(CoordinatorHeartbeatDecoder.TEMPLATE_ID, "CoordinatorHeartbeat"),
            Map.entry(FinishDecoder.TEMPLATE_ID, "Finish"),
            Map.entry(StopDecoder.TEMPLATE_ID, "Stop"),
            Map.entry(DeltaBatchDecoder.TEMPLATE_ID, "DeltaBatch"),
            Map.entry(DeltaRunDecoder.TEMPLATE_ID, "DeltaRun"),
            Map.entry(ClockAdvanceDecoder.TEMPLATE_ID, "ClockAdvance"),
            Map.entry(ReadRequestDecoder.TEMPLATE_ID, "ReadRequest"),
            Map.entry(RowImagesDecoder.TEMPLATE_ID, "RowImages"),
            Map.entry(ShardStatusDecoder.TEMPLATE_ID, "ShardStatus"),
            Map.entry(PushedRowsDecoder.TEMPLATE_ID, "PushedRows"),
            Map.entry(PushMarkDecoder.TEMPLATE_ID, "PushMark"),
            Map.entry(PushStatusDecoder.TEMPLATE_ID, "PushStatus"),
            Map.entry(ClockRequestDecoder.TEMPLATE_ID, "ClockRequest"),
            Map.entry(ClockAnswerDecoder.TEMPLATE_ID, "ClockAnswer"));

    private MessageKind() {
    }

    static String name(final int template) {
        final String name = NAMES.get(template);
        return name == null ? "template " + template : name;
    }
}
