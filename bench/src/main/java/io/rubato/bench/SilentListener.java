package io.rubato.bench;

import io.rubato.coordinator.ClockProgress;
import io.rubato.coordinator.JobListener;
import io.rubato.coordinator.JobReport;
import io.rubato.coordinator.Member;

/** A measurement looks at its workers, not at the job's progress; a failed job shows as an exception there. */
final class SilentListener implements JobListener {
    @Override
    public void onMember(final Member member) {
    }

    @Override
    public void onClock(final ClockProgress progress) {
    }

    @Override
    public void onWaiting(final String waiting) {
    }

    @Override
    public void onFinished(final JobReport report) {
    }

    @Override
    public void onFailed(final String reason) {
    }
}
