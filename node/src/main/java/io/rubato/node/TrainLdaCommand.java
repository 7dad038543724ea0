package io.rubato.node;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rubato train lda}. */
@Command(name = "lda", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Finds topics by latent Dirichlet allocation in bags of words in the UCI docword format: lines "
                + "with the numbers of documents, words and entries, then document word count; plain or gzipped. "
                + "--clocks and --work-per-clock are 200 and 1 by default.")
final class TrainLdaCommand implements Callable<Integer> {
    @Option(names = "--data", paramLabel = "FILE", required = true, description = "Documents to train on.")
    private Path data;

    @Option(names = "--test", paramLabel = "FILE",
            description = "Documents to test on, over the same words (default: none).")
    private Path test;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = TrainMfCommand.DEFAULT_OUT,
            description = "Where the model goes (default ${DEFAULT-VALUE}).")
    private Path out;

    @Mixin
    private LdaCommandOptions lda;

    @Mixin
    private JobOptions job;

    @Mixin
    private LaunchOptions launch;

    @Override
    public Integer call() {
        final Map<String, String> values = job.values();
        lda.putInto(values);
        values.put("learner", "lda");
        return Launcher.train(launch, values, data, test, out);
    }
}
