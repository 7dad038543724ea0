package io.rubato.node;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rubato train audit}. */
@Command(name = "audit", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Learns nothing, but checks the guarantee on real processes: every read is held against what the "
                + "consistency model promises, and the job fails with the first that breaks it.")
final class TrainAuditCommand implements Callable<Integer> {
    @Mixin
    private JobOptions job;

    @Mixin
    private LaunchOptions launch;

    @Override
    public Integer call() {
        final Map<String, String> values = job.values();
        values.put("learner", "audit");
        values.put("data", "");
        final JobConfig config = JobConfig.of(values);
        LearnerType.of(config).check(config);
        return new Launcher(JvmCommand.create(), System.err).run(launch.layout(), run -> config, checked -> {});
    }
}
