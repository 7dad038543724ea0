package io.rubato.bench;

import io.rubato.learn.words.DocwordReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Trainings of topics on one corpus. */
final class LdaRuns implements AutoCloseable {
    /**
     * The program evaluates at its end only: its curve is that of trainings of one, two, three and all quarters of the
     * passes. The likelihood rises ever more slowly, so that a straight line between fewer points has it rise too late.
     */
    private static final int PARTS = 4;
    /**
     * MALLET's JVM compiles as usual: what config/jvm.options changes is chosen for this program. The last one counts.
     */
    private static final List<String> AS_IT_COMES =
            List.of("-XX:CompileCommand=CompileThresholdScaling,*::*,1.0");

    private final TemporaryDirectory directory = TemporaryDirectory.create();
    private final LdaCorpus corpus;
    private final int tokens;

    /** The corpus may be null: then it is found or generated. */
    LdaRuns(final LdaCorpus given) throws IOException {
        corpus = given == null ? LdaCorpus.findOrGenerate(directory.path()) : given;
        tokens = DocwordReader.read(corpus.data()).tokens();
    }

    LdaCorpus corpus() {
        return corpus;
    }

    int tokens() {
        return tokens;
    }

    LdaComparison compare(final LdaSettings settings) throws IOException, InterruptedException {
        final LdaRun trained = train(settings);
        return new LdaComparison(settings, tokens, trained, mallet(settings));
    }

    private LdaRun train(final LdaSettings settings) throws IOException, InterruptedException {
        final int[] passes = points(settings.passes());
        final double[] seconds = new double[passes.length];
        final double[] values = new double[passes.length];
        double rate = 0;
        for (int i = 0; i < passes.length; i++) {
            final TrainResult result = train(settings.withPasses(passes[i]), directory.path());
            seconds[i] = result.number("trainSeconds");
            values[i] = -result.number("test");
            rate = result.number("itemsPerSecond");
        }
        return new LdaRun(rate, new ObjectiveCurve(seconds, values));
    }

    /** Passes after which the program is evaluated, rising; the last are all. */
    static int[] points(final int passes) {
        return IntStream.rangeClosed(1, PARTS).map(part -> passes * part / PARTS).filter(each -> each > 0).distinct()
                .toArray();
    }

    private TrainResult train(final LdaSettings settings, final Path into) throws IOException, InterruptedException {
        return TrainResult.read(new TrainProgram("lda", into, corpus.data()).run(List.of("--test",
                corpus.test().toString(), "--topics", Integer.toString(settings.topics()), "--alpha",
                Float.toString(settings.alpha()), "--beta", Float.toString(settings.beta()), "--workers", "1",
                "--threads", Integer.toString(settings.threads()), "--clocks", Integer.toString(settings.passes()),
                "--work-per-clock", "1", "--staleness", "1")));
    }

    private LdaRun mallet(final LdaSettings settings) {
        try (Child child = Child.start("mallet", AS_IT_COMES, List.of("mallet"))) {
            return LdaRun.of(child.ask(MalletRole.command(corpus, settings)));
        }
    }

    @Override
    public void close() {
        directory.close();
    }
}
